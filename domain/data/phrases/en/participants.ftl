# A list of participants.

title = List of participants

provisional = Provisional: includes persons who have not been approved yet.
preview = Preview. This list has not been published.

edition = { $kind ->
    [final] Final edition
   *[provisional] Provisional edition
} { $number }, { DATES($on, $on) }

when = { DATES($first, $last) }

totals = { $delegations ->
    [one] 1 delegation
   *[other] { $delegations } delegations
}, { $people ->
    [one] 1 participant
   *[other] { $people } participants
}

withheld = (name withheld)
nobody = No participants named

category-member = Members
category-observer = Observers
category-igo = Intergovernmental organisations
category-ngo = Non-governmental organisations
category-media = Media
category-host = Host
category-secretariat = Secretariat
category-guest = Guests

function-head = Head of delegation
function-deputy_head = Deputy head of delegation
function-representative = Representative
function-alternate = Alternate
function-adviser = Adviser
function-expert = Expert
function-interpreter = Interpreter
function-security = Security
function-accompanying = Accompanying person
