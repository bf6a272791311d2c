# Draft report of a committee on credentials, in English.

credentials-banner = Draft

credentials-title = Report of the Credentials Committee

credentials-occasion = { $event } ({ DATES($first, $last) })

credentials-examined = The Committee examined the credentials of { $count ->
    [one] one delegation
   *[other] { $count } delegations
} as they stood on { DATES($on, $on) }.

credentials-a = A. Credentials in due form

credentials-a-text = { $count ->
    [0] No delegation has submitted formal credentials in due form.
    [one] Formal credentials in due form have been submitted by one delegation:
   *[other] Formal credentials in due form have been submitted by { $count } delegations:
}

credentials-b = B. Provisional credentials

credentials-b-text = { $count ->
    [0] No delegation relies on provisional credentials.
    [one] Provisional credentials have been submitted by one delegation:
   *[other] Provisional credentials have been submitted by { $count } delegations:
}

credentials-c = C. No credentials

credentials-c-text = { $count ->
    [0] No delegation is without credentials.
    [one] No credentials have been received from one delegation:
   *[other] No credentials have been received from { $count } delegations:
}

credentials-challenged = D. Credentials under challenge

credentials-challenged-text = { $count ->
    [one] The credentials of one delegation have been challenged. Until a decision is taken it keeps all its rights:
   *[other] The credentials of { $count } delegations have been challenged. Until a decision is taken they keep all their rights:
}

credentials-rejected = E. Rejected credentials

credentials-rejected-text = { $count ->
    [one] The credentials of one delegation have been rejected:
   *[other] The credentials of { $count } delegations have been rejected:
}

credentials-accepted = accepted by decision: { $by }

credentials-reason = reason: { $reason }

credentials-decided = decided by: { $by }

credentials-recommendation = { $participation ->
    [votes] The Committee recommends that the credentials under A be accepted, and that the delegations under B and C take part with the right to vote until they submit credentials in due form.
    [seated] The Committee recommends that the credentials under A be accepted, and that the delegations under B and C be seated without the right to vote until they submit credentials in due form.
   *[other] The Committee recommends that the credentials under A be accepted. The rights of the delegations under B and C follow from the rules of procedure.
}
