# A badge.

title = Badges
number = No. { $number }

category-member = Delegation
category-observer = Observer
category-igo = Intergovernmental organisation
category-ngo = Non-governmental organisation
category-media = Media
category-host = Host
category-secretariat = Secretariat
category-guest = Guest
