# Un badge.

title = Badges
number = Nº { $number }

category-member = Délégation
category-observer = Observateur
category-igo = Organisation intergouvernementale
category-ngo = Organisation non gouvernementale
category-media = Médias
category-host = Hôte
category-secretariat = Secrétariat
category-guest = Invité
