# Minutes of a session, in English. Functions and levels are words of the API.

minutes-title = Minutes: { $session }

minutes-draft = Draft, not circulated

minutes-circulated = Circulated; corrections may be proposed

minutes-opening = Opening

minutes-attendance = Attendance

minutes-agenda = Agenda and documents

minutes-discussion = Discussion

minutes-decisions = Decisions

minutes-place = Place: { $place }

minutes-scheduled = Scheduled: { DATES($on, $on) }, { $from }–{ $to }

minutes-opened = Opened at { $time }

minutes-closed = Closed at { $time }

minutes-chaired = Chair: { $chair }

minutes-no-chair = No chair is on record for this day.

minutes-present = Present ({ $count }):

minutes-online = Online ({ $count }):

minutes-excused = Excused ({ $count }):

minutes-absent = Absent ({ $count }):

minutes-not-recorded = Not recorded ({ $count }):

minutes-delegation = { $organisation }: { $people }

minutes-role = { $function ->
    [head] head of delegation
    [deputy_head] deputy head of delegation
    [representative] representative
    [alternate] alternate
    [adviser] adviser
    [expert] expert
    [interpreter] interpreter
    [security] security
   *[other] accompanying
}

minutes-level = { $level ->
    [head_of_state] head of state
    [head_of_government] head of government
    [minister] minister
    [deputy_minister] deputy minister
    [ambassador] ambassador
    [senior_official] senior official
   *[other] official
}

minutes-no-documents = No document was before the session.

minutes-adopted = Adopted: { $title }

minutes-no-decisions = The session adopted no text.
