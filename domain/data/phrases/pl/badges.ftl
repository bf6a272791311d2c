# Identyfikator.

title = Identyfikatory
number = Nr { $number }

category-member = Delegacja
category-observer = Obserwator
category-igo = Organizacja międzyrządowa
category-ngo = Organizacja pozarządowa
category-media = Media
category-host = Gospodarz
category-secretariat = Sekretariat
category-guest = Gość
