# Pierwszy projekt wspólnego oświadczenia, po polsku.
# Argumenty: jak w pliku angielskim. Spacje po wyrazach jednoliterowych stają się nierozdzielające przy składzie.

title = Wspólne oświadczenie – { $event } ({ DATES($first, $last) })

group-of = { NOUN("group", case: "gen") }
    .fallback = grupy pod nazwą „{ NOUN("group") }”

held = { $days ->
    [1] W dniu
   *[other] W dniach
} { DATES($first, $last) } { NOUN("place", case: "loc", with: "w") }, { STATE($host, case: "loc", with: "w") }, { $chairs ->
    [0] odbyło się
    [1] pod przewodnictwem { STATES($co_chairs, case: "gen") } odbyło się
   *[other] pod wspólnym przewodnictwem { STATES($co_chairs, case: "gen") } odbyło się
} { $ordinal ->
    [0] posiedzenie
   *[other] { ORDINAL($ordinal) } posiedzenie
} { $group_of }.
    .fallback = { $days ->
    [1] W dniu
   *[other] W dniach
} { DATES($first, $last) } odbyło się { $ordinal ->
    [0] posiedzenie
   *[other] { ORDINAL($ordinal) } posiedzenie
} { $group_of } (miejsce obrad: { NOUN("place") }; państwo przyjmujące: { STATE($host) }{ $chairs ->
    [0] ).
    [1] ; przewodnictwo: { STATES($co_chairs) }).
   *[other] ; współprzewodniczący: { STATES($co_chairs) }).
}

purpose = W posiedzeniu wzięli udział przedstawiciele { $count } { $count ->
    [one] państwa
   *[other] państw
}. Jego celem było zacieśnienie współpracy między państwami uczestniczącymi, wymiana doświadczeń oraz uzgodnienie
    dalszych wspólnych działań w granicach mandatu grupy.

track-capacity-building = { $topic_count ->
    [0] W ramach ścieżki „{ $track }” uczestnicy wymienili doświadczenia.
   *[other] W ramach ścieżki „{ $track }” omówiono następujące zagadnienia: { $topics }.
} Uczestnicy uznają, że współpraca praktyczna, a w szczególności dzielenie się sprawdzonymi rozwiązaniami, szkolenie
    specjalistów i wzajemna pomoc po wystąpieniu incydentu, jest warunkiem bezpieczeństwa wszystkich, i zachęcają
    państwa dysponujące odpowiednimi możliwościami do wspierania tych, które swoje zdolności dopiero budują.

track-responsible-behaviour = { $topic_count ->
    [0] W ramach ścieżki „{ $track }” uczestnicy wymienili poglądy.
   *[other] W ramach ścieżki „{ $track }” omówiono następujące zagadnienia: { $topics }.
} Uczestnicy potwierdzają, że prawo międzynarodowe, a w szczególności Karta Narodów Zjednoczonych, ma zastosowanie do
    działań państw w zakresie korzystania z technologii informacyjno-komunikacyjnych; że dobrowolne i niewiążące normy
    odpowiedzialnego zachowania państw pomagają zapobiegać konfliktom, nie zastępując ani nie zmieniając zobowiązań
    wynikających z prawa międzynarodowego; oraz że środki budowy zaufania zmniejszają ryzyko nieporozumień między
    państwami.

track-general = { $topic_count ->
    [0] W ramach ścieżki „{ $track }” uczestnicy wymienili poglądy i doświadczenia.
   *[other] W ramach ścieżki „{ $track }” omówiono następujące zagadnienia: { $topics }.
}

contacts = Uczestnicy zamierzają wyznaczyć punkty kontaktowe na szczeblu politycznym i technicznym, dbać o aktualność
    ich danych oraz korzystać z nich w celu szybkiego porozumiewania się, ilekroć incydent dotyczy więcej niż jednego
    państwa. Zamierzają także, na zasadzie dobrowolności, wymieniać się krajowymi strategiami oraz doświadczeniami
    zebranymi podczas ich realizacji.

regions = Uznając, że zagrożenia nie zatrzymują się na granicach regionów, uczestnicy opowiadają się za współpracą
    między regionami oraz z właściwymi organizacjami międzynarodowymi i regionalnymi. Dziękują władzom
    { STATE($host, case: "gen") } za gościnność i przygotowanie posiedzenia.
    .fallback = Uznając, że zagrożenia nie zatrzymują się na granicach regionów, uczestnicy opowiadają się za
    współpracą między regionami oraz z właściwymi organizacjami międzynarodowymi i regionalnymi. Dziękują władzom
    państwa przyjmującego za gościnność i przygotowanie posiedzenia.

follow-up = Uczestnicy będą kontynuować podjęte prace i ocenią ich postępy na następnym posiedzeniu grupy. Państwa,
    które uczestniczyły w formułowaniu niniejszego wspólnego oświadczenia, są wymienione poniżej.

follow-up-next = Uczestnicy będą kontynuować podjęte prace i ocenią ich postępy na następnym posiedzeniu grupy, które
    odbędzie się { NOUN("next_place", case: "loc", with: "w") } { $next_days ->
    [1] w dniu
   *[other] w dniach
} { DATES($next_first, $next_last) }. Państwa, które uczestniczyły w formułowaniu niniejszego wspólnego oświadczenia,
    są wymienione poniżej.
    .fallback = Uczestnicy będą kontynuować podjęte prace i ocenią ich postępy na następnym posiedzeniu grupy (miejsce
    i termin: { NOUN("next_place") }, { DATES($next_first, $next_last) }). Państwa, które uczestniczyły w formułowaniu
    niniejszego wspólnego oświadczenia, są wymienione poniżej.

list = Państwa, które uczestniczyły w formułowaniu niniejszego wspólnego oświadczenia:
