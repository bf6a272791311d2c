# First draft of a joint statement, in English.
# Arguments: days, first, last, host, co_chairs (codes), chairs (how many), ordinal (0: not counted), group_of, count,
# event, track, topics (joined), topic_count, next_first, next_last.

title = Joint statement – { $event } ({ DATES($first, $last) })

group-of = the { NOUN("group") }

held = On { DATES($first, $last) } { $ordinal ->
    [0] a meeting
   *[other] the { ORDINAL($ordinal) } meeting
} of { $group_of } was held in { NOUN("place") }, in { STATE($host) }{ $chairs ->
    [0] .
    [1] , under the chairmanship of { STATES($co_chairs) }.
   *[other] , under the joint chairmanship of { STATES($co_chairs) }.
}

purpose = Representatives of { $count } { $count ->
    [one] state
   *[other] states
} took part in the meeting. Its purpose was to strengthen cooperation among the participating states, to exchange
    experience and to agree on further joint action within the mandate of the group.

track-capacity-building = { $topic_count ->
    [0] In the track “{ $track }” the participants exchanged experience.
   *[other] In the track “{ $track }” the participants considered the following matters: { $topics }.
} They recognise that practical cooperation, in particular the sharing of proven solutions, the training of specialists
    and mutual assistance after an incident, is a condition of security for all, and they encourage states in a
    position to do so to support those that are still building their capacities.

track-responsible-behaviour = { $topic_count ->
    [0] In the track “{ $track }” the participants exchanged views.
   *[other] In the track “{ $track }” the participants considered the following matters: { $topics }.
} They affirm that international law, and in particular the Charter of the United Nations, applies to the conduct of
    states in their use of information and communication technologies; that voluntary, non-binding norms of
    responsible state behaviour help to prevent conflict and neither replace nor alter obligations under international
    law; and that confidence-building measures reduce the risk of misunderstanding between states.

track-general = { $topic_count ->
    [0] In the track “{ $track }” the participants exchanged views and experience.
   *[other] In the track “{ $track }” the participants considered the following matters: { $topics }.
}

contacts = The participants intend to designate points of contact at the policy and technical levels, to keep their
    particulars up to date and to use them for prompt communication whenever an incident affects more than one state.
    They also intend to exchange, on a voluntary basis, their national strategies and the experience gained in carrying
    them out.

regions = Recognising that threats do not stop at the borders of regions, the participants support cooperation between
    regions and with the competent international and regional organisations. They thank the authorities of
    { STATE($host) } for their hospitality and for the preparation of the meeting.

follow-up = The participants will continue the work they have begun and will review its progress at the next meeting of
    the group. The states that took part in formulating this joint statement are listed below.

follow-up-next = The participants will continue the work they have begun and will review its progress at the next
    meeting of the group, to be held in { NOUN("next_place") } on { DATES($next_first, $next_last) }. The states that
    took part in formulating this joint statement are listed below.

list = States that took part in formulating this joint statement:
