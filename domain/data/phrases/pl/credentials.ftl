# Projekt sprawozdania komisji pełnomocnictw, po polsku.

credentials-banner = Projekt

credentials-title = Sprawozdanie Komisji Pełnomocnictw

credentials-occasion = { $event } ({ DATES($first, $last) })

credentials-examined = Komisja zbadała pełnomocnictwa { $count ->
    [one] jednej delegacji
   *[other] { $count } delegacji
} według stanu z dnia { DATES($on, $on) }

credentials-a = A. Pełnomocnictwa sporządzone w należytej formie

credentials-a-text = { $count ->
    [0] Żadna delegacja nie złożyła pełnomocnictw w należytej formie.
    [one] Pełnomocnictwa w należytej formie złożyła jedna delegacja:
    [few] Pełnomocnictwa w należytej formie złożyły { $count } delegacje:
   *[other] Pełnomocnictwa w należytej formie złożyło { $count } delegacji:
}

credentials-b = B. Pełnomocnictwa tymczasowe

credentials-b-text = { $count ->
    [0] Żadna delegacja nie korzysta z pełnomocnictw tymczasowych.
    [one] Pełnomocnictwa tymczasowe złożyła jedna delegacja:
    [few] Pełnomocnictwa tymczasowe złożyły { $count } delegacje:
   *[other] Pełnomocnictwa tymczasowe złożyło { $count } delegacji:
}

credentials-c = C. Brak pełnomocnictw

credentials-c-text = { $count ->
    [0] Nie ma delegacji bez pełnomocnictw.
    [one] Pełnomocnictw nie złożyła jedna delegacja:
    [few] Pełnomocnictw nie złożyły { $count } delegacje:
   *[other] Pełnomocnictw nie złożyło { $count } delegacji:
}

credentials-challenged = D. Pełnomocnictwa zakwestionowane

credentials-challenged-text = { $count ->
    [one] Zakwestionowano pełnomocnictwa jednej delegacji. Do czasu rozstrzygnięcia zachowuje ona wszystkie prawa:
   *[other] Zakwestionowano pełnomocnictwa { $count } delegacji. Do czasu rozstrzygnięcia zachowują one wszystkie prawa:
}

credentials-rejected = E. Pełnomocnictwa odrzucone

credentials-rejected-text = { $count ->
    [one] Odrzucono pełnomocnictwa jednej delegacji:
   *[other] Odrzucono pełnomocnictwa { $count } delegacji:
}

credentials-accepted = przyjęte decyzją: { $by }

credentials-reason = powód: { $reason }

credentials-decided = rozstrzygnięcie: { $by }

credentials-recommendation = { $participation ->
    [votes] Komisja zaleca przyjęcie pełnomocnictw wymienionych w części A oraz dopuszczenie delegacji wymienionych w częściach B i C do udziału z prawem głosu do czasu złożenia pełnomocnictw w należytej formie.
    [seated] Komisja zaleca przyjęcie pełnomocnictw wymienionych w części A oraz dopuszczenie delegacji wymienionych w częściach B i C do udziału bez prawa głosu do czasu złożenia pełnomocnictw w należytej formie.
   *[other] Komisja zaleca przyjęcie pełnomocnictw wymienionych w części A. Prawa delegacji wymienionych w częściach B i C wynikają z regulaminu.
}
