# Procès-verbal d’une séance, en français. Les fonctions et les rangs sont des mots de l’API.

minutes-title = Procès-verbal : { $session }

minutes-draft = Projet, non distribué

minutes-circulated = Distribué ; des corrections peuvent être proposées

minutes-opening = Ouverture

minutes-attendance = Présences

minutes-agenda = Ordre du jour et documents

minutes-discussion = Débats

minutes-decisions = Décisions

minutes-place = Lieu : { $place }

minutes-scheduled = Prévue le { DATES($on, $on) }, { $from }–{ $to }

minutes-opened = Ouverte à { $time }

minutes-closed = Levée à { $time }

minutes-chaired = Présidence : { $chair }

minutes-no-chair = Aucune présidence n’est enregistrée pour ce jour.

minutes-present = Délégations présentes ({ $count }) :

minutes-online = Présentes à distance ({ $count }) :

minutes-excused = Excusées ({ $count }) :

minutes-absent = Absentes ({ $count }) :

minutes-not-recorded = Non enregistrées ({ $count }) :

minutes-delegation = { $organisation } : { $people }

minutes-role = { $function ->
    [head] chef de délégation
    [deputy_head] chef adjoint de délégation
    [representative] représentant
    [alternate] suppléant
    [adviser] conseiller
    [expert] expert
    [interpreter] interprète
    [security] sécurité
   *[other] accompagnement
}

minutes-level = { $level ->
    [head_of_state] chef de l’État
    [head_of_government] chef du gouvernement
    [minister] ministre
    [deputy_minister] vice-ministre
    [ambassador] ambassadeur
    [senior_official] haut fonctionnaire
   *[other] fonctionnaire
}

minutes-no-documents = Aucun document n’a été soumis à la séance.

minutes-adopted = Adopté : { $title }

minutes-no-decisions = La séance n’a adopté aucun texte.
