# Lista uczestników.

title = Lista uczestników

provisional = Lista wstępna: obejmuje osoby jeszcze niezatwierdzone.
preview = Podgląd. Lista nie została opublikowana.

edition = { $kind ->
    [final] Wydanie ostateczne
   *[provisional] Wydanie wstępne
} nr { $number }, { DATES($on, $on) }

when = { DATES($first, $last) }

totals = { $delegations ->
    [one] 1 delegacja
    [few] { $delegations } delegacje
   *[other] { $delegations } delegacji
}, { $people ->
    [one] 1 uczestnik
    [few] { $people } uczestników
   *[other] { $people } uczestników
}

withheld = (nazwisko zastrzeżone)
nobody = Nie wskazano uczestników

category-member = Członkowie
category-observer = Obserwatorzy
category-igo = Organizacje międzyrządowe
category-ngo = Organizacje pozarządowe
category-media = Media
category-host = Gospodarz
category-secretariat = Sekretariat
category-guest = Goście

function-head = Przewodniczący delegacji
function-deputy_head = Zastępca przewodniczącego delegacji
function-representative = Przedstawiciel
function-alternate = Zastępca przedstawiciela
function-adviser = Doradca
function-expert = Ekspert
function-interpreter = Tłumacz
function-security = Ochrona
function-accompanying = Osoba towarzysząca
