# Une liste des participants.

title = Liste des participants

provisional = Liste provisoire : comprend des personnes qui n’ont pas encore été approuvées.
preview = Aperçu. Cette liste n’a pas été publiée.

edition = { $kind ->
    [final] Édition définitive
   *[provisional] Édition provisoire
} no { $number }, { DATES($on, $on) }

when = { DATES($first, $last) }

totals = { $delegations ->
    [one] { $delegations } délégation
   *[other] { $delegations } délégations
}, { $people ->
    [one] { $people } participant
   *[other] { $people } participants
}

withheld = (nom non communiqué)
nobody = Aucun participant désigné

category-member = Membres
category-observer = Observateurs
category-igo = Organisations intergouvernementales
category-ngo = Organisations non gouvernementales
category-media = Médias
category-host = Hôte
category-secretariat = Secrétariat
category-guest = Invités

function-head = Chef de délégation
function-deputy_head = Chef adjoint de délégation
function-representative = Représentant
function-alternate = Suppléant
function-adviser = Conseiller
function-expert = Expert
function-interpreter = Interprète
function-security = Sécurité
function-accompanying = Personne accompagnante
