# Courriers aux gestionnaires d’une délégation, en français.

notice-unnamed = une réunion

notice-reply-subject = Réponse attendue avant la fin du { DATES($by, $by) } : { $event }

notice-reply = Invitation : { $organisation } – { $event }.

notice-reply-ask = Veuillez indiquer, au plus tard le { DATES($by, $by) }, si une délégation viendra.

notice-nomination-subject = Composition de la délégation attendue au plus tard le { DATES($by, $by) } : { $event }

notice-nomination = Délégation : { $organisation } – { $event }.

notice-nomination-ask = Elle n’a pas encore été présentée. Veuillez en nommer les membres et la soumettre au plus tard le { DATES($by, $by) }.

notice-places-subject = Libre jusqu’au { DATES($day, $day) }, { $time } : { $event }

notice-places =
    { $places ->
        [one] Une place { $participation ->
            [online] en ligne
            [overflow] dans la salle de débordement
           *[in_person] en salle
        } s’est libérée
       *[other] { $places } places { $participation ->
            [online] en ligne
            [overflow] dans la salle de débordement
           *[in_person] en salle
        } se sont libérées
    } : { $organisation } – { $event }.

notice-places-ask = Réservé à la suite de votre liste d’attente jusqu’au { DATES($day, $day) }, { $time } (heure du lieu de la réunion). Pour l’obtenir, soumettez le délégué avant cette heure.

notice-why = Ce courrier a été envoyé à tous les gestionnaires dans Plenum de la délégation : { $organisation }.

notice-why-office = Ce courrier a été envoyé au service qui a reçu l’invitation : { $organisation }. Personne ne gère encore sa délégation dans Plenum.

release-subject = Programme de { $event } : { $release }

release-intro = Le programme de { $event } a été publié : { $release }. Voici ce qui vous concerne :

release-new = Nouveau : { $session }

release-moved = Déplacé : { $session }

release-changed = Modifié : { $session }

release-cancelled = Annulé : { $session }

release-postponed = Sans horaire pour l’instant : { $session }

release-when = { DATES($day, $day) }, { $from }–{ $to } ({ $zone })

release-days = { DATES($day, $day) }, { $from } – { DATES($last, $last) }, { $to } ({ $zone })

release-until-now = Jusqu’ici : { $when }

release-reason = Motif : { $reason }

release-why = Ce courrier vous a été envoyé parce que vous, ou la délégation que vous gérez dans Plenum, avez un rôle dans ces séances.
release-why-followed = Ce courrier vous a été envoyé parce que vous suivez ces séances dans Plenum. Si vous ne souhaitez pas de tels courriers, indiquez-le dans vos préférences de courrier.

loss-subject = Ne figure plus à votre programme : { $event }

loss-intro = Nous vous avions écrit au sujet de ces séances de { $event }. Cela a changé :

loss-given-up = N’est plus attendu de vous, ni de la délégation que vous gérez : { $session }

loss-off = N’aura pas lieu : { $session }

loss-why = Ce courrier vous a été envoyé parce que vous, ou la délégation que vous gérez dans Plenum, aviez un rôle dans ces séances.

poll-asked-subject = Quelles dates vous conviendraient ? { $poll }

poll-asked = Recherche d’une date avec { $organisation } : { $poll } ({ $event }).

poll-changed-subject = Nouvelles dates proposées : { $poll }

poll-changed = Les dates proposées à { $organisation } ont changé : { $poll } ({ $event }). Vos réponses aux dates maintenues sont conservées.

poll-due-subject = Réponse attendue avant la fin du { DATES($by, $by) } : { $poll }

poll-due = Réponse encore attendue de { $organisation } : { $poll } ({ $event }).

poll-decided-subject = Date retenue : { $poll }

poll-decided = Une date a été retenue : { $poll } ({ $event }).

poll-cancelled-subject = Annulé : { $poll }

poll-cancelled = La recherche d’une date est abandonnée : { $poll } ({ $event }).

poll-times = Dates proposées :

poll-days = { DATES($day, $last) }, les heures seront fixées plus tard

poll-by = Veuillez répondre avant la fin du délai : { DATES($by, $by) }, { $time } ({ $zone }).

poll-why = Ce courrier a été envoyé à toutes les personnes qui répondent pour { $organisation } dans Plenum.

invitation-unnamed = une séance

invitation-request-subject = Invitation : { $session }

invitation-request = Vous êtes attendu(e) à : { $session }

invitation-update-subject = Changement : { $session }

invitation-update = La séance à laquelle vous êtes attendu(e) a changé : { $session }

invitation-cancel-subject = Annulation : { $session }

invitation-cancel = Vous n’êtes plus attendu(e) à : { $session }

invitation-answer = Répondez avec les boutons de votre messagerie ou sur cette page :

invitation-why = Ce courrier vous a été envoyé parce que vous avez, ou aviez, un rôle dans cette séance.

invitation-says-accepted = Je viendrai

invitation-says-tentative = Je viendrai peut-être

invitation-says-declined = Je ne viendrai pas

invitation-is-needs_action = Pas encore de réponse.

invitation-is-accepted = Votre venue est confirmée.

invitation-is-tentative = Votre venue est possible.

invitation-is-declined = Vous ne viendrez pas.

invitation-is-delegated = Vous avez désigné quelqu’un d’autre ; le secrétariat décide.

invitation-noted = Votre réponse est enregistrée.

invitation-comment = Un mot au secrétariat, si vous le souhaitez

deadline-reply = Dernier jour pour répondre à l’invitation : { $event }

deadline-nomination = Dernier jour pour nommer les délégués : { $event }

deadline-confirmation = Dernier jour pour nommer des délégués en retard, avec un motif : { $event }

deadline-poll = Réponses attendues : { $poll } ({ $event })
