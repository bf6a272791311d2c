# Listy do osób, które prowadzą sprawy delegacji, po polsku. Nazwy państw i tytuły stoją w mianowniku.

notice-unnamed = spotkanie

notice-reply-subject = Prosimy o odpowiedź do { DATES($by, $by) }: { $event }

notice-reply = Zaproszenie: { $organisation } – { $event }.

notice-reply-ask = Prosimy o informację do { DATES($by, $by) }, czy delegacja przyjedzie.

notice-nomination-subject = Prosimy o zgłoszenie delegacji do { DATES($by, $by) }: { $event }

notice-nomination = Delegacja: { $organisation } – { $event }.

notice-nomination-ask = Nie została jeszcze zgłoszona. Prosimy o wskazanie jej członków i zgłoszenie jej do { DATES($by, $by) }.

notice-places-subject = Wolne do { DATES($day, $day) }, { $time }: { $event }

notice-places =
    { $places ->
        [one] Zwolniło się { $places } miejsce { $participation ->
            [online] zdalne
            [overflow] w sali dodatkowej
           *[in_person] na sali
        }
        [few] Zwolniły się { $places } miejsca { $participation ->
            [online] zdalne
            [overflow] w sali dodatkowej
           *[in_person] na sali
        }
       *[other] Zwolniło się { $places } miejsc { $participation ->
            [online] zdalnych
            [overflow] w sali dodatkowej
           *[in_person] na sali
        }
    }: { $organisation } – { $event }.

notice-places-ask = Dla następnych na liście oczekujących, do { DATES($day, $day) }, { $time } (czas miejscowy spotkania). Aby zająć miejsce, trzeba do tego czasu zgłosić delegata.

notice-why = Ten list otrzymali wszyscy, którzy w Plenum prowadzą sprawy delegacji: { $organisation }.

notice-why-office = Ten list otrzymał urząd, do którego wysłano zaproszenie: { $organisation }. Nikt jeszcze nie prowadzi w Plenum spraw tej delegacji.

release-subject = Program – { $event }: { $release }

release-intro = Ogłoszono program: { $event } – { $release }. Dotyczy Państwa:

release-new = Nowe: { $session }

release-moved = Przeniesione: { $session }

release-changed = Zmienione: { $session }

release-cancelled = Odwołane: { $session }

release-postponed = Na razie bez terminu: { $session }

release-when = { DATES($day, $day) }, { $from }–{ $to } ({ $zone })

release-days = { DATES($day, $day) }, { $from } – { DATES($last, $last) }, { $to } ({ $zone })

release-until-now = Dotychczas: { $when }

release-reason = Powód: { $reason }

release-why = Ten list otrzymali Państwo, ponieważ Państwo albo delegacja, której sprawy prowadzą Państwo w Plenum, uczestniczą w tych sesjach.
release-why-followed = Ten list otrzymali Państwo, ponieważ obserwują Państwo te sesje w Plenum. Jeśli nie chcą Państwo takich listów, proszę zaznaczyć to tam w ustawieniach poczty.

loss-subject = Nie ma już w Państwa programie: { $event }

loss-intro = Pisaliśmy do Państwa o tych sesjach ({ $event }). To się zmieniło:

loss-given-up = Udział Państwa albo delegacji, której sprawy Państwo prowadzą, nie jest już potrzebny: { $session }

loss-off = Nie odbędzie się: { $session }

loss-why = Ten list otrzymali Państwo, ponieważ Państwo albo delegacja, której sprawy prowadzą Państwo w Plenum, mieli uczestniczyć w tych sesjach.

poll-asked-subject = Jaki termin Państwu odpowiada? { $poll }

poll-asked = Pytanie o termin spotkania: { $organisation } – { $poll } ({ $event }).

poll-changed-subject = Inne terminy do wyboru: { $poll }

poll-changed = Zmieniły się terminy do wyboru: { $organisation } – { $poll } ({ $event }). Odpowiedzi dotyczące terminów, które pozostają, są zachowane.

poll-due-subject = Prosimy o odpowiedź do { DATES($by, $by) }: { $poll }

poll-due = Czekamy jeszcze na odpowiedź: { $organisation } – { $poll } ({ $event }).

poll-decided-subject = Wybrano termin: { $poll }

poll-decided = Wybrano termin: { $poll } ({ $event }).

poll-cancelled-subject = Odwołane: { $poll }

poll-cancelled = Pytanie o termin zostało odwołane: { $poll } ({ $event }).

poll-times = Terminy do wyboru:

poll-days = { DATES($day, $last) }, godziny zostaną ustalone później

poll-by = Prosimy o odpowiedź najpóźniej { DATES($by, $by) }, { $time } ({ $zone }).

poll-why = Ten list otrzymały wszystkie osoby, które odpowiadają w Plenum w imieniu: { $organisation }.

invitation-unnamed = sesja

invitation-request-subject = Zaproszenie: { $session }

invitation-request = Zapraszamy Państwa na sesję: { $session }

invitation-update-subject = Zmiana: { $session }

invitation-update = Zmieniła się sesja, na którą zaprosiliśmy Państwa: { $session }

invitation-cancel-subject = Odwołanie: { $session }

invitation-cancel = Udział Państwa nie jest już potrzebny: { $session }

invitation-answer = Prosimy odpowiedzieć przyciskami w programie pocztowym albo na tej stronie:

invitation-why = Ten list otrzymali Państwo, ponieważ uczestniczą Państwo albo mieli uczestniczyć w tej sesji.

invitation-says-accepted = Będę

invitation-says-tentative = Być może będę

invitation-says-declined = Nie będę

invitation-is-needs_action = Jeszcze bez odpowiedzi.

invitation-is-accepted = Udział potwierdzony.

invitation-is-tentative = Udział możliwy.

invitation-is-declined = Udział odrzucony.

invitation-is-delegated = Wskazano inną osobę; decyduje sekretariat.

invitation-noted = Odpowiedź została zapisana.

invitation-comment = Słowo do sekretariatu, jeśli Państwo chcą

deadline-reply = Ostatni dzień na odpowiedź na zaproszenie: { $event }

deadline-nomination = Ostatni dzień zgłaszania delegatów: { $event }

deadline-confirmation = Ostatni dzień spóźnionych zgłoszeń, z uzasadnieniem: { $event }

deadline-poll = Termin odpowiedzi: { $poll } ({ $event })
