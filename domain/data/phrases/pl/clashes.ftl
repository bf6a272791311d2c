# Kolizje w programie, po polsku. Nazwy stoją w mianowniku, za dwukropkiem albo w nawiasie.

another-commitment = inne zobowiązanie
unnamed-room = sala
unnamed-person = ktoś
unnamed-delegation = delegacja
unnamed-group = grupa

room_overlap = { $sessions }: sala zajęta podwójnie w tym samym czasie ({ $who }).
room_unavailable = { $sessions }: sala niedostępna ({ $who }).
room_not_approved = { $sessions }: brak zgody gospodarza sali ({ $who }).
room_capacity = { $sessions }: za dużo osób na tę salę ({ $who }).
room_feature = { $sessions }: w sali brakuje wyposażenia ({ $who }).
interp_team = { $sessions }: za mało tłumaczy.
person_overlap_chair = { $sessions }: { $who } musi być tu i tu w tym samym czasie.
person_overlap = { $sessions }: { $who } ma zaproszenie tu i tu w tym samym czasie.
person_unavailable = { $sessions }: { $who } nie może wtedy przyjść.
group_conflict_chair = { $sessions }: w tym samym czasie, a przewodniczy ta sama osoba ({ $who }).
group_conflict_key = { $sessions }: w tym samym czasie, a potrzebne są te same osoby ({ $who }).
group_conflict_topic = { $sessions }: w tym samym czasie, a na ten sam temat ({ $who }).
group_unavailable = { $sessions }: grupa powiedziała, że nie może się wtedy zebrać.
must_attend = { $sessions }: { $who } ma móc być tu i tu, a terminy nachodzą na siebie.
delegation_overstretch = { $sessions }: { $who } ma za mało osób, by być wszędzie naraz.
bilateral_vs_plenary = { $sessions }: obecność na posiedzeniu plenarnym jest potrzebna w czasie spotkania dwustronnego ({ $who }).
time_relation = { $sessions }: nie wtedy, kiedy sobie życzono.
buffer = { $sessions }: za mało czasu pomiędzy ({ $who }).
outside_hours = { $sessions }: poza godzinami pracy.
holiday = { $sessions }: w dzień wolny.
observance = { $sessions }: w czasie, który ma pozostać wolny.
unsociable_remote = { $sessions }: w nocy dla wielu uczestniczących zdalnie.
agenda_overflow = { $sessions }: porządek obrad nie mieści się w czasie.
quorum_risk = { $sessions }: ma zapaść decyzja, a za mało delegacji potwierdziło udział.
doc_deadline = { $sessions }: ma zapaść decyzja, a dokumentu nie było na czas.
cross_event = { $sessions }: { $who } ma w tym czasie coś innego.
unplaced = { $sessions }: bez miejsca w programie.
unconfirmed = { $sessions }: brak potwierdzenia ({ $who }).

by-overlap = Przez { $minutes } min.
by-blocked = { $by ->
        [booking] Zajmuje ją inne wydarzenie.
        [maintenance] Trwa przygotowanie albo naprawa.
       *[blocking] Jest zarezerwowana na coś innego.
    }
by-capacity = Oczekiwane osoby: { $expected }, miejsca: { $capacity }.
by-features = Brakuje: { $missing }.
by-teams = { $language }: potrzebne zespoły { $wanted }, dostępne { $available }.
by-rest = { $language }: potrzebne zespoły { $wanted }, aby każdy odpoczął { $minutes } min, dostępne { $available }.
by-sitting = { $minutes } min; zespół pracuje { $at_most } min.
by-stretched = Posiedzenia: { $count }, osoby: { $able }.
by-plenary = { $matter ->
        [head_listed] Szef delegacji jest na liście mówców.
       *[vote] Zaplanowano tam głosowanie.
    }
by-relation = { $order ->
        [after] Miało być po: { $earlier }.
        [next_day] Miało być nazajutrz po: { $earlier }.
        [free_day] Miał być dzień przerwy po: { $earlier }.
        [other_day] Miało się odbyć innego dnia niż: { $earlier }.
       *[adjacent] Miało być tuż po, w tej samej sali: { $earlier }.
    }
by-wait = Nie wcześniej niż { DATES($until, $until) }.
by-gap = { $minutes } min; potrzeba { $needed }.
by-named = { $name }.
by-night = Delegacje: { $asleep } z { $online }.
by-agenda = Punkty: { $minutes } min, posiedzenie: { $available } min.
by-quorum = Potwierdzone: { $confirmed }, potrzebne: { $needed }.
by-document = Punkt { $item }, termin: { DATES($deadline, $deadline) }.
by-missing = { $missing ->
        [time] Bez terminu.
        [room] Bez sali.
       *[both] Bez terminu i bez sali.
    }
