# Lines around any statement.

banner = { $state ->
    [withdrawn] Withdrawn
    [failed] Not adopted
   *[other] Draft
}, version { $version }

adopted = Adopted in { NOUN("place") }, { DATES($on, $on) }

states = Participating states
