# Wiersze towarzyszące każdemu tekstowi.

banner = { $state ->
    [withdrawn] Tekst wycofany
    [failed] Tekst nieprzyjęty
   *[other] Projekt
}, wersja { $version }

adopted = Przyjęto { NOUN("place", case: "loc", with: "w") } { DATES($on, $on) }
    .fallback = Miejsce i data przyjęcia: { NOUN("place") }, { DATES($on, $on) }

states = Państwa uczestniczące
