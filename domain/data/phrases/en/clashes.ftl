# Clashes of a programme, in English. A sentence says what is wrong, a second by how much. Names stand as they are; a
# session that the reader may not see is another commitment, and comes last.

another-commitment = another commitment
unnamed-room = the room
unnamed-person = somebody
unnamed-delegation = a delegation
unnamed-group = a group

room_overlap = { $sessions }: { $who } is booked twice at the same time.
room_unavailable = { $sessions }: { $who } cannot be had.
room_not_approved = { $sessions }: the owner has not agreed yet ({ $who }).
room_capacity = { $sessions }: too many people for { $who }.
room_feature = { $sessions }: { $who } lacks something that is needed.
interp_team = { $sessions }: too few interpreters.
person_overlap_chair = { $sessions }: { $who } has to be in both at the same time.
person_overlap = { $sessions }: { $who } is asked to be in both at the same time.
person_unavailable = { $sessions }: { $who } cannot come then.
group_conflict_chair = { $sessions }: at the same time, with the same chair ({ $who }).
group_conflict_key = { $sessions }: at the same time, though the same people matter in both ({ $who }).
group_conflict_topic = { $sessions }: at the same time, on the same matters ({ $who }).
group_unavailable = { $sessions }: the group has said that it cannot meet then.
must_attend = { $sessions }: { $who } must be able to go to both, and they overlap.
delegation_overstretch = { $sessions }: { $who } has too few people for all of them at once.
bilateral_vs_plenary = { $sessions }: { $who } is needed in plenary at the time of the bilateral.
time_relation = { $sessions }: not when it was wished.
buffer = { $sessions }: too little time in between ({ $who }).
outside_hours = { $sessions }: outside working hours.
holiday = { $sessions }: on a day off.
observance = { $sessions }: in a time that is kept free.
unsociable_remote = { $sessions }: at night for many who take part from afar.
agenda_overflow = { $sessions }: more on the agenda than there is time for.
quorum_risk = { $sessions }: something is to be decided, and too few delegations have said that they come.
doc_deadline = { $sessions }: something is to be decided, and a document was not there in time.
cross_event = { $sessions }: { $who } has something elsewhere.
unplaced = { $sessions }: not placed yet.
unconfirmed = { $sessions }: not confirmed yet ({ $who }).

by-overlap = For { $minutes } min.
by-blocked = { $by ->
        [booking] Another event has it.
        [maintenance] It is being set up or repaired.
       *[blocking] It is kept for something else.
    }
by-capacity = { $expected } expected, { $capacity } places.
by-features = Missing: { $missing }.
by-teams = { $language }: { $wanted } teams needed, { $available } there.
by-rest = { $language }: { $wanted } teams needed for each to rest for { $minutes } min, { $available } there.
by-sitting = { $minutes } min; a team works for { $at_most }.
by-stretched = { $count } sessions, { $able } who can go.
by-plenary = { $matter ->
        [head_listed] The head of the delegation is on the list of speakers.
       *[vote] A vote is planned there.
    }
by-relation = { $order ->
        [after] It was to come after: { $earlier }.
        [next_day] It was to sit on the day after: { $earlier }.
        [free_day] A free day was to lie between it and: { $earlier }.
        [other_day] It was to sit on another day than: { $earlier }.
       *[adjacent] It was to follow closely, in the same room: { $earlier }.
    }
by-wait = Not before { DATES($until, $until) }.
by-gap = { $minutes } min; { $needed } are needed.
by-named = { $name }.
by-night = { $asleep } of { $online } delegations.
by-agenda = { $minutes } min of items, { $available } min of sitting.
by-quorum = { $confirmed } confirmed, { $needed } needed.
by-document = Item { $item }, due on { DATES($deadline, $deadline) }.
by-missing = { $missing ->
        [time] It has no time.
        [room] It has no room.
       *[both] It has neither time nor room.
    }
