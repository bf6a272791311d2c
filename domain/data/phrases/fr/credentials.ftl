# Projet de rapport de la commission de vérification des pouvoirs, en français.

credentials-banner = Projet

credentials-title = Rapport de la Commission de vérification des pouvoirs

credentials-occasion = { $event } ({ DATES($first, $last) })

credentials-examined = La Commission a examiné les pouvoirs { $count ->
    [one] d’une délégation
   *[other] de { $count } délégations
}, tels qu’ils se présentaient le { DATES($on, $on) }.

credentials-a = A. Pouvoirs en bonne et due forme

credentials-a-text = { $count ->
    [0] Aucune délégation n’a présenté de pouvoirs en bonne et due forme.
    [one] Une délégation a présenté des pouvoirs en bonne et due forme :
   *[other] { $count } délégations ont présenté des pouvoirs en bonne et due forme :
}

credentials-b = B. Pouvoirs provisoires

credentials-b-text = { $count ->
    [0] Aucune délégation ne se prévaut de pouvoirs provisoires.
    [one] Une délégation a présenté des pouvoirs provisoires :
   *[other] { $count } délégations ont présenté des pouvoirs provisoires :
}

credentials-c = C. Absence de pouvoirs

credentials-c-text = { $count ->
    [0] Aucune délégation n’est dépourvue de pouvoirs.
    [one] Une délégation n’a pas présenté de pouvoirs :
   *[other] { $count } délégations n’ont pas présenté de pouvoirs :
}

credentials-challenged = D. Pouvoirs contestés

credentials-challenged-text = { $count ->
    [one] Les pouvoirs d’une délégation sont contestés. Elle conserve tous ses droits jusqu’à la décision :
   *[other] Les pouvoirs de { $count } délégations sont contestés. Elles conservent tous leurs droits jusqu’à la décision :
}

credentials-rejected = E. Pouvoirs rejetés

credentials-rejected-text = { $count ->
    [one] Les pouvoirs d’une délégation ont été rejetés :
   *[other] Les pouvoirs de { $count } délégations ont été rejetés :
}

credentials-accepted = acceptés par décision : { $by }

credentials-reason = motif : { $reason }

credentials-decided = décision : { $by }

credentials-recommendation = { $participation ->
    [votes] La Commission recommande d’accepter les pouvoirs énumérés sous A et d’admettre les délégations énumérées sous B et C à participer avec droit de vote en attendant qu’elles présentent des pouvoirs en bonne et due forme.
    [seated] La Commission recommande d’accepter les pouvoirs énumérés sous A et d’admettre les délégations énumérées sous B et C à siéger sans droit de vote en attendant qu’elles présentent des pouvoirs en bonne et due forme.
   *[other] La Commission recommande d’accepter les pouvoirs énumérés sous A. Les droits des délégations énumérées sous B et C découlent du règlement intérieur.
}
