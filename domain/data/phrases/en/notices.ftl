# Mails to those who manage a delegation, in English. Ways of taking part are words of the API.

notice-unnamed = a meeting

notice-reply-subject = Please answer by { DATES($by, $by) }: { $event }

notice-reply = { $organisation } has been invited to: { $event }.

notice-reply-ask = Please say by { DATES($by, $by) } whether a delegation will come.

notice-nomination-subject = Please name your delegation by { DATES($by, $by) }: { $event }

notice-nomination = The delegation of { $organisation } has not been handed in yet to: { $event }.

notice-nomination-ask = Please name its members and submit it by { DATES($by, $by) }.

notice-places-subject = Free until { DATES($day, $day) }, { $time }: { $event }

notice-places =
    { $places ->
        [one] One place { $participation ->
            [online] online
            [overflow] in the overflow room
           *[in_person] in the room
        } has
       *[other] { $places } places { $participation ->
            [online] online
            [overflow] in the overflow room
           *[in_person] in the room
        } have
    } become free for { $organisation } at: { $event }.

notice-places-ask = Next on your waiting list; held until { DATES($day, $day) }, { $time } (local time of the meeting). Submit the delegate before then to take the place.

notice-why = This mail went to everybody who manages the delegation of { $organisation } in Plenum.

notice-why-office = This mail went to the office to which the invitation of { $organisation } was sent, as nobody manages its delegation in Plenum yet.

release-subject = Programme of { $event }: { $release }

release-intro = The programme of { $event } was released: { $release }. This concerns you:

release-new = New: { $session }

release-moved = Moved: { $session }

release-changed = Changed: { $session }

release-cancelled = Cancelled: { $session }

release-postponed = Without a time for now: { $session }

release-when = { DATES($day, $day) }, { $from }–{ $to } ({ $zone })

release-days = { DATES($day, $day) }, { $from } – { DATES($last, $last) }, { $to } ({ $zone })

release-until-now = Until now: { $when }

release-reason = Reason: { $reason }

release-why = This mail went to you because you, or the delegation you manage in Plenum, have a part in these sessions.
release-why-followed = This mail went to you because you follow these sessions in Plenum. If you want no such mails, say so there in your mail settings.

loss-subject = No longer on your programme: { $event }

loss-intro = You were written to about these sessions of { $event }. That has changed:

loss-given-up = No longer expected of you, or of the delegation you manage: { $session }

loss-off = Does not take place: { $session }

loss-why = This mail went to you because you, or the delegation you manage in Plenum, had a part in these sessions.

poll-asked-subject = When could you meet? { $poll }

poll-asked = { $organisation } is asked when it could meet: { $poll } ({ $event }).

poll-changed-subject = Other times to choose from: { $poll }

poll-changed = What { $organisation } is asked has changed: { $poll } ({ $event }). What you answered to the times that stay is kept.

poll-due-subject = Please answer by { DATES($by, $by) }: { $poll }

poll-due = { $organisation } has not answered yet when it could meet: { $poll } ({ $event }).

poll-decided-subject = A time was chosen: { $poll }

poll-decided = A time was chosen: { $poll } ({ $event }).

poll-cancelled-subject = Called off: { $poll }

poll-cancelled = The question when to meet was called off: { $poll } ({ $event }).

poll-times = Times to choose from:

poll-days = { DATES($day, $last) }, the hours are chosen later

poll-by = Please answer by { DATES($by, $by) }, { $time } ({ $zone }).

poll-why = This mail went to everybody who answers for { $organisation } in Plenum.

invitation-unnamed = a session

invitation-request-subject = Invitation: { $session }

invitation-request = You are expected at: { $session }

invitation-update-subject = Changed: { $session }

invitation-update = What you are expected at has changed: { $session }

invitation-cancel-subject = Cancelled: { $session }

invitation-cancel = You are no longer expected at: { $session }

invitation-answer = Answer with the buttons of your mail program, or on this page:

invitation-why = This mail went to you because you have, or had, a part in this session.

invitation-says-accepted = I will come

invitation-says-tentative = I may come

invitation-says-declined = I will not come

invitation-is-needs_action = Not answered yet.

invitation-is-accepted = You will come.

invitation-is-tentative = You may come.

invitation-is-declined = You will not come.

invitation-is-delegated = You named somebody else; the secretariat decides.

invitation-noted = Your answer is noted.

invitation-comment = A word to the secretariat, if you like

deadline-reply = Last day to answer the invitation: { $event }

deadline-nomination = Last day to name delegates: { $event }

deadline-confirmation = Last day to name delegates late, with a reason: { $event }

deadline-poll = Answers are due: { $poll } ({ $event })
