# Les conflits d'un programme, en français. Les noms restent tels quels.

another-commitment = un autre engagement
unnamed-room = la salle
unnamed-person = quelqu'un
unnamed-delegation = une délégation
unnamed-group = un groupe

room_overlap = { $sessions } : { $who }, salle réservée deux fois au même moment.
room_unavailable = { $sessions } : { $who }, salle non disponible.
room_not_approved = { $sessions } : le propriétaire n'a pas encore donné son accord ({ $who }).
room_capacity = { $sessions } : trop de monde pour { $who }.
room_feature = { $sessions } : { $who }, équipement manquant.
interp_team = { $sessions } : pas assez d'interprètes.
person_overlap_chair = { $sessions } : { $who } doit être aux deux au même moment.
person_overlap = { $sessions } : { $who } est invité aux deux au même moment.
person_unavailable = { $sessions } : { $who } ne peut pas venir à ce moment.
group_conflict_chair = { $sessions } : au même moment, avec la même présidence ({ $who }).
group_conflict_key = { $sessions } : au même moment, alors que les mêmes personnes comptent dans les deux ({ $who }).
group_conflict_topic = { $sessions } : au même moment, sur les mêmes sujets ({ $who }).
group_unavailable = { $sessions } : le groupe a dit ne pas pouvoir se réunir alors.
must_attend = { $sessions } : { $who } doit pouvoir assister aux deux, qui se chevauchent.
delegation_overstretch = { $sessions } : { $who } n'a pas assez de monde pour toutes à la fois.
bilateral_vs_plenary = { $sessions } : { $who }, présence nécessaire en plénière à l'heure de la bilatérale.
time_relation = { $sessions } : pas au moment souhaité.
buffer = { $sessions } : trop peu de temps entre les deux ({ $who }).
outside_hours = { $sessions } : en dehors des heures de travail.
holiday = { $sessions } : un jour férié.
observance = { $sessions } : pendant un temps réservé.
unsociable_remote = { $sessions } : la nuit pour beaucoup de ceux qui participent à distance.
agenda_overflow = { $sessions } : un ordre du jour trop long pour la séance.
quorum_risk = { $sessions } : une décision est prévue, et trop peu de délégations ont confirmé.
doc_deadline = { $sessions } : une décision est prévue, et un document n'était pas là à temps.
cross_event = { $sessions } : { $who } a un engagement ailleurs.
unplaced = { $sessions } : pas encore placée.
unconfirmed = { $sessions } : pas encore de confirmation ({ $who }).

by-overlap = Pendant { $minutes } min.
by-blocked = { $by ->
        [booking] Un autre événement l'occupe.
        [maintenance] Elle est en travaux ou en préparation.
       *[blocking] Elle est retenue pour autre chose.
    }
by-capacity = Attendus : { $expected }, places : { $capacity }.
by-features = Il manque : { $missing }.
by-teams = { $language } : équipes nécessaires { $wanted }, disponibles { $available }.
by-rest = { $language } : équipes nécessaires { $wanted } pour { $minutes } min de repos chacune, disponibles { $available }.
by-sitting = { $minutes } min ; une équipe travaille { $at_most } min.
by-stretched = Séances : { $count }, membres disponibles : { $able }.
by-plenary = { $matter ->
        [head_listed] La cheffe ou le chef de la délégation est sur la liste des orateurs.
       *[vote] Un vote y est prévu.
    }
by-relation = { $order ->
        [after] Elle devait suivre : { $earlier }.
        [next_day] Elle devait se tenir le lendemain de : { $earlier }.
        [free_day] Un jour libre devait la séparer de : { $earlier }.
        [other_day] Elle devait se tenir un autre jour que : { $earlier }.
       *[adjacent] Elle devait suivre de près, dans la même salle : { $earlier }.
    }
by-wait = Pas avant : { DATES($until, $until) }.
by-gap = { $minutes } min ; il en faut { $needed }.
by-named = { $name }.
by-night = { $asleep } délégations sur { $online }.
by-agenda = { $minutes } min de points, { $available } min de séance.
by-quorum = Confirmées : { $confirmed }, nécessaires : { $needed }.
by-document = Point { $item }, date limite : { DATES($deadline, $deadline) }.
by-missing = { $missing ->
        [time] Elle n'a pas d'heure.
        [room] Elle n'a pas de salle.
       *[both] Elle n'a ni heure ni salle.
    }
