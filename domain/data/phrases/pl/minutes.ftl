# Protokół sesji, po polsku. Funkcje i rangi są wyrazami API.

minutes-title = Protokół: { $session }

minutes-draft = Projekt, nierozesłany

minutes-circulated = Rozesłany; można zgłaszać poprawki

minutes-opening = Otwarcie

minutes-attendance = Obecność

minutes-agenda = Porządek obrad i dokumenty

minutes-discussion = Dyskusja

minutes-decisions = Decyzje

minutes-place = Miejsce: { $place }

minutes-scheduled = Termin: { DATES($on, $on) }, { $from }–{ $to }

minutes-opened = Otwarcie o godz. { $time }

minutes-closed = Zamknięcie o godz. { $time }

minutes-chaired = Przewodniczenie: { $chair }

minutes-no-chair = Na ten dzień nie odnotowano przewodniczącego.

minutes-present = Obecne delegacje ({ $count }):

minutes-online = Obecne zdalnie ({ $count }):

minutes-excused = Nieobecne, usprawiedliwione ({ $count }):

minutes-absent = Nieobecne ({ $count }):

minutes-not-recorded = Nie odnotowano ({ $count }):

minutes-delegation = { $organisation }: { $people }

minutes-role = { $function ->
    [head] szef delegacji
    [deputy_head] zastępca szefa delegacji
    [representative] przedstawiciel
    [alternate] zastępca przedstawiciela
    [adviser] doradca
    [expert] ekspert
    [interpreter] tłumacz
    [security] ochrona
   *[other] osoba towarzysząca
}

minutes-level = { $level ->
    [head_of_state] głowa państwa
    [head_of_government] szef rządu
    [minister] minister
    [deputy_minister] wiceminister
    [ambassador] ambasador
    [senior_official] wyższy urzędnik
   *[other] urzędnik
}

minutes-no-documents = Sesji nie przedłożono dokumentów.

minutes-adopted = Przyjęto: { $title }

minutes-no-decisions = Sesja nie przyjęła żadnego tekstu.
