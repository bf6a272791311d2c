//! Every type of problem the server can answer with: what it means and how to mend it. The `type` of a problem is the
//! address `/problems/<code>`, and there the same is told to people.
//!
//! A test holds this table against every code in the source.

use std::fmt::Write;

use poem::{Endpoint, IntoResponse, Response, Route, get, handler, http::StatusCode, web::Path};

use crate::error::Error;

/// A type of problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProblemType {
    /// Its name in addresses, words joined by `-`.
    pub code: &'static str,
    /// The status code it comes with.
    pub status: u16,
    /// What it means.
    pub meaning: &'static str,
    /// How to mend it.
    pub remedy: &'static str,
}

const fn problem(code: &'static str, status: u16, meaning: &'static str, remedy: &'static str) -> ProblemType {
    ProblemType { code, status, meaning, remedy }
}

/// All types: first those that go with a status alone, then those with a code of their own, by status.
#[rustfmt::skip]
pub const TYPES: &[ProblemType] = &[
    problem("bad-request", 400, "The request cannot be read.", "Mend what 'errors' names; each entry says where."),
    problem("unauthorized", 401, "There is no key, or not a valid one.", "Send a key that is neither expired nor revoked as 'Authorization: Bearer <key>', or sign in at /sign-in."),
    problem("forbidden", 403, "The key is valid but may not do this.", "Use a key whose role, scopes and limits include it."),
    problem("not-found", 404, "There is nothing here that you may see.", "Check the address and your key."),
    problem("method-not-allowed", 405, "The address does not take the method.", "Use one of the methods that 'Allow' names."),
    problem("request-timeout", 408, "The request did not arrive in time.", "Send it again, faster."),
    problem("changed-since", 409, "What was to be undone or placed was changed since.", "Read the session and change it by hand, or ask for a new proposal."),
    problem("clash-blocks-edit", 409, "The change would bring about a clash that the event lets nobody plan.", "Choose another time or room; 'detail' says what clashes."),
    problem("clashes-stand", 409, "The programme has clashes with which it is not released.", "Move what clashes, or waive it with a reason: POST /events/{id}/waivers."),
    problem("group-meets", 409, "The group asks for sessions at an event where it says that it will not meet.", "Withdraw those requests first, or cancel their sessions."),
    problem("group-will-not-meet", 409, "The group said that it will not meet at the event.", "Take that up as a draft again: POST /session-requests/{id}/transitions."),
    problem("request-decided", 409, "The request is past being changed by whoever tries.", "Ask the secretariat, or take it up again as a draft."),
    problem("request-in-use", 409, "Somebody waits for the request, or a session was made of it.", "Withdraw it, or cancel the session first."),
    problem("session-was-held", 409, "The session of the request took place.", "Make a new request, as last time."),
    problem("session-made", 409, "A session was made of the request.", "Ask the secretariat to cancel that first."),
    problem("conflict", 409, "The request contradicts what is there.", "Read the object again and decide anew."),
    problem("gone", 410, "The object has been deleted.", "Leave it out; the change feed holds its tombstone."),
    problem("precondition-failed", 412, "Somebody has changed the object since you read it.", "Look at 'current', decide anew and send its ETag as 'If-Match'."),
    problem("payload-too-large", 413, "The body is too large.", "Send at most 1 MiB."),
    problem("uri-too-long", 414, "The address is too long.", "Send long values in a body."),
    problem("unsupported-media-type", 415, "The body is in a format that is not read here.", "Send the body as application/json."),
    problem("unprocessable-entity", 422, "The request can be read but not carried out as it is.", "Mend what 'errors' names; each entry says where."),
    problem("precondition-required", 428, "A write does not say which version it is based on.", "Read the object first and send its ETag as 'If-Match'."),
    problem("too-many-requests", 429, "More requests than this key or address may send.", "Wait as many seconds as 'Retry-After' says."),
    problem("request-header-fields-too-large", 431, "There are too many header fields, or they are too large.", "Send at most 64 fields and 32 KiB of them."),
    problem("internal-server-error", 500, "The server failed.", "It has been logged; name 'request_id' when you ask."),
    problem("service-unavailable", 503, "The server is busy, or its database is away.", "Try again in a moment."),

    problem("ambiguous-path", 400, "Two programs could read the path differently.", "Write it without empty segments, dot segments, ';', backslashes or control characters."),
    problem("body-incomplete", 400, "The body ended early, or its chunks are malformed.", "Send it again."),
    problem("invalid-host", 400, "The request does not name exactly one host.", "Send one Host header."),
    problem("body-too-slow", 408, "The body did not arrive in time.", "Send it faster, or in smaller parts."),
    problem("cross-site-request", 403, "A browser was made to send this by a page of another site.", "Send it from a page of this server."),
    problem("csrf-token-missing", 403, "A browser that is signed in sent this without the token of its page.", "Load the page again; programs send the 'csrf_token' of GET /api/v1/me as 'X-CSRF-Token'."),
    problem("sign-in-again", 403, "This needs a sign-in of the last ten minutes.", "Sign in again at /sign-in, then repeat it."),
    problem("already-drafted", 409, "The statement has clauses already.", "Edit them, or delete them all to have it drafted again."),
    problem("already-invited", 409, "The organisation already has a delegation at the event.", "Change that delegation instead."),
    problem("no-badges", 409, "There is no valid badge to be printed.", "Issue badges first."),
    problem("badge-ended", 409, "The badge was revoked or lost, for good.", "Issue the delegate another one."),
    problem("badge-key-changed", 409, "The badge was made with another key than the server has now.", "Issue another badge, or have the operator restore the key."),
    problem("badge-key-missing", 409, "The server has no key to make badges with.", "The operator makes one and names it as 'badge_key_file'."),
    problem("vault-key-missing", 409, "The server has no key to keep addresses with.", "The operator makes one and names it as 'vault_key_file'."),
    problem("no-option", 409, "A poll is decided by choosing an option.", "POST /polls/{id}/decision with the option."),
    problem("duty-taken", 409, "The person or delegation has that duty in the session already.", "Change the duty there is instead."),
    problem("invitations-not-wanted", 409, "The person wants no invitations by mail.", "Tell them in another way, or ask them to turn invitations on in their mail settings."),
    problem("invitations-off", 409, "The server sends no invitations.", "The operator sets 'invitations' and 'smtp_url'."),
    problem("invitation-over", 409, "The session is over, so nothing is sent or answered to it any more.", "Correct who was there in the attendance of the session."),
    problem("reply-decided", 409, "Somebody has decided on the answer already.", "Answer the invitation itself: POST /invitations/{id}/transitions."),
    problem("reply-without-answer", 409, "The answer says neither yes nor no.", "Dismiss it, or answer the invitation itself."),
    problem("invitation-withdrawn", 409, "The invitation was taken back.", "Give the person a duty in the session again."),
    problem("not-announced", 409, "Nobody was told of the session yet, so no plan is laid over it.", "Change the session itself: PATCH /sessions/{id}."),
    problem("nothing-to-undo", 409, "Nothing was changed in the draft since the last release.", "Plan back to an earlier release: POST /events/{id}/draft/reset."),
    problem("past-deadline", 409, "The poll has closed at its deadline.", "Give it a later deadline; then it is open again."),
    problem("poll-closed", 409, "The poll takes no more answers.", "Tell the secretariat, which can still write down what you answer."),
    problem("poll-decided", 409, "The poll became a session and stays on record.", "Cancel the session instead."),
    problem("poll-ended", 409, "The poll was decided or called off.", "Make another poll."),
    problem("scan-in-progress", 409, "The same scan is being recorded by another request.", "Send it again in a moment."),
    problem("person-known", 409, "Somebody of this name with this address is among your people.", "Name them by 'person_id'."),
    problem("too-many-terms", 409, "The delegation would have been led by more than 20 people in turn.", "Ask the secretariat to say who led when in fewer terms."),
    problem("already-nominated", 409, "The person is already in the delegation.", "Change the delegate there is instead."),
    problem("admitted-to-seal", 409, "The account is admitted to a sealed group, so nobody else decides who it is and what it sees.", "Let somebody who is admitted take it out of the seal first, or disable the account."),
    problem("already-sealed", 409, "The group is sealed.", "Admit accounts to it instead."),
    problem("already-there", 409, "The group is in this state already.", "Ask for another state, or leave it."),
    problem("breaking-asked", 409, "An administrator has asked for the seal to be broken already.", "Approve that request, or withdraw it first."),
    problem("breaking-expired", 409, "Nobody approved the request to break the seal within three days.", "Ask for it again."),
    problem("breaking-not-asked", 409, "Nobody has asked for the seal to be broken.", "Ask for it, and let another administrator approve it."),
    problem("clause-deleted", 409, "The clause has been deleted.", "Add a new one."),
    problem("clause-empty", 409, "The clause has no words in the drafting language.", "Write its text first."),
    problem("code-taken", 409, "Another object of this kind has the code.", "Choose another code, or change the object that has it."),
    problem("corrections-open", 409, "Corrections to the minutes wait for an answer.", "Accept or decline each of them first."),
    problem("delegation-in-use", 409, "The delegation has delegates or recorded attendance.", "Let it be not_attending, or take both away first."),
    problem("documents-remain", 409, "Papers of the delegation are still on record.", "Find the credentials provisional, or delete the documents first."),
    problem("email-taken", 409, "Another account has the e-mail address.", "Use that account, or give another address."),
    problem("event-in-use", 409, "The event has sessions, delegations or statements.", "Cancel it instead of deleting it."),
    problem("external-id-taken", 409, "Another object is known to the partner by this id.", "Take the id from the other object first."),
    problem("facts-missing", 409, "The event does not say what a first draft is written from.", "'detail' says what to fill in there."),
    problem("font-missing", 409, "The server has no font for all characters of the document.", "Ask for another language, or for HTML or DOCX; whoever runs the server adds fonts with `fonts_dir`."),
    problem("group-concluded", 409, "The group is concluded for good.", "Create a new group to take up its work."),
    problem("head-exists", 409, "The delegation has a head.", "Give the present head another function first, or say who leads from when: PUT /delegations/{id}/heads."),
    problem("head-needed", 409, "A delegation that was submitted would be left without a head.", "Let somebody else take over first: PUT /delegations/{id}/heads."),
    problem("head-terms", 409, "The delegate leads the delegation for a part of the time.", "Say first who leads without them: PUT /delegations/{id}/heads."),
    problem("import-committed", 409, "The import has been carried out.", "Send the table again if there is more to import."),
    problem("import-not-ready", 409, "Some rows cannot be carried out.", "Mend the cells that 'remarks' name, and send the table again."),
    problem("too-many-follows", 409, "One person can follow so much and no more.", "Follow something no longer, or follow a group or an event instead of each of its sessions."),
    problem("invited-once", 409, "An invitation goes out once, when the delegation is made.", "Let it accept, or delete it and invite the organisation anew."),
    problem("key-expired", 409, "The key has expired.", "Make a new one."),
    problem("label-taken", 409, "There is a version with this label already.", "Leave the label out to get the next."),
    problem("late-without-reason", 409, "The last day is past.", "Say why it is late; 'detail' names the member."),
    problem("stale-preview", 409, "Something that the import depends on has changed since the preview.", "Send the table again, look at the new preview and commit that."),
    problem("nobody-to-list", 409, "No delegation has come so far that it would be listed.", "Let delegations accept, or be confirmed for a final list, before you publish it."),
    problem("minutes-final", 409, "The minutes are adopted and their text is final.", "Correct the record in the minutes of a later session."),
    problem("no-draft-for-kind", 409, "Only joint statements are drafted from the facts of their event.", "Add the clauses by hand."),
    problem("no-head", 409, "The delegation has no head.", "Name one first."),
    problem("no-operative-clause", 409, "The statement has no operative clause.", "Add one first."),
    problem("no-session", 409, "Minutes are adopted by a session, and none is named.", "Name the session."),
    problem("no-token", 409, "A public feed has no token.", "Make a feed with access 'token'."),
    problem("nominated-once", 409, "A nomination is made once, when the delegate is named.", "Name the person anew instead."),
    problem("nominations-closed", 409, "The last day on which organisations name delegates is past.", "Ask the secretariat."),
    problem("no-decision", 409, "Credentials are accepted or rejected by decision, and none is named.", "Name the session or the committee that decided."),
    problem("no-document", 409, "The delegation has handed in no credentials.", "Add the document first."),
    problem("no-reason", 409, "Credentials are not challenged or rejected without a reason.", "Give the reason."),
    problem("no-window", 409, "Minutes are circulated with a time for corrections.", "Name an instant still to come as corrections_until."),
    problem("not-coming", 409, "Nobody is named to a delegation that does not come.", "Let it accept first."),
    problem("not-for-adoption", 409, "A statement of this kind is not adopted.", "'detail' says what can be done with it."),
    problem(
        "sitting-leads",
        409,
        "The session has further sittings, of which this one leads.",
        "Delete those first, or cancel what does not take place.",
    ),
    problem("not-placed", 409, "The session has no time and room yet.", "Place it first."),
    problem("on-record", 409, "The secretariat knows of the delegate already.", "Let them be withdrawn instead of deleting them."),
    problem("once-an-idea", 409, "An event does not become an idea again.", "Make it tentative, or cancel it."),
    problem("agenda-adopted", 409, "The agenda is adopted, so its numbers do not change any more.", "Leave the number as it is; a new item is given one of its own."),
    problem("agenda-empty", 409, "The agenda has no item that the meeting shares.", "Add one first."),
    problem("agenda-full", 409, "The agenda has as many items as it may have.", "Delete some, or use another session."),
    problem("another-item-open", 409, "In a session one item is open at a time, and another is.", "Suspend or close that one first."),
    problem("has-items", 409, "There are items below this one.", "Move or delete them first."),
    problem("hidden-item", 409, "A hidden item is not dealt with.", "Make it internal or common first."),
    problem("session-not-scheduled", 409, "Items are opened in a session that is scheduled.", "Schedule the session first."),
    problem("item-not-open", 409, "The floor is given while the item is open.", "Open the item first."),
    problem("list-closed", 409, "The speakers' list takes no requests.", "Ask the secretariat or the chair; points of order are taken always."),
    problem("listed-already", 409, "The delegation waits on the list for this already.", "Withdraw that entry first."),
    problem("nothing-to-draw", 409, "No statement waits on the list.", "Take requests before drawing lots."),
    problem("not-present", 409, "Only delegations that are present in the session ask for the floor.", "Let the delegation be recorded as present first."),
    problem("other-queue", 409, "Only entries that wait, and for the same kind of speech, change places.", "Name two such entries."),
    problem("replies-spent", 409, "The delegation has had its rights of reply on the item.", "Ask the secretariat or the chair."),
    problem("somebody-speaks", 409, "Somebody else has the floor.", "End or pause that first; only a point of order interrupts."),
    problem("once-drafted", 409, "A statement begins as a draft and does not become one again.", "Go on from the state it is in."),
    problem("once-proposed", 409, "A group begins as a proposal and does not become one again.", "Make it dormant instead."),
    problem("not-a-request", 409, "Only a prebooking of a room is approved or refused.", "Change or delete the booking instead."),
    problem("room-not-approved", 409, "The room is given by approval only, and none covers the session.", "Ask for it with a prebooking for the whole time of the session, and schedule the session once that is approved."),
    problem("room-taken", 409, "Somebody else has the room at that time.", "'detail' says from when it is free; choose another time or another room."),
    problem("original-not-seen", 409, "Nobody has noted that an original was seen.", "Note it on the document first; without an original nothing is in due form."),
    problem("original-on-record", 409, "The secretariat has seen the original of the paper.", "Add another paper, or ask the secretariat to correct this one."),
    problem("only-proposed", 409, "There is nothing yet that could rest or end.", "Make the group active first, or delete it."),
    problem("only-way-in", 409, "The passkey is the account's only way to sign in.", "Register another one first, or ask an administrator."),
    problem("overlapping-membership", 409, "The organisation belongs to the group at that time already.", "End that membership first."),
    problem("own-part", 409, "A group cannot be part of itself or of one of its own parts.", "Choose another parent."),
    problem("past-is-past", 409, "Who led the delegation until now would be rewritten.", "Ask the secretariat to correct the past."),
    problem("quota-reached", 409, "All places of this kind are taken or offered to somebody.", "Withdraw somebody, ask the secretariat for more places, or put the delegate on the waiting list."),
    problem("record-closed", 409, "The delegation is closed and a record.", "Ask the secretariat to correct it."),
    problem("request-in-progress", 409, "A request with this Idempotency-Key has been taken, but its answer is not there yet.", "Send it again in a moment."),
    problem("last-admitted", 409, "Nobody else is admitted to the sealed group.", "Lift the seal, or admit somebody else first."),
    problem("last-administrator", 409, "This account is the last administrator.", "Make another account an administrator first."),
    problem("rotation-under-way", 409, "The key is being replaced already: two of its lineage work.", "Revoke one of them first, or wait until the old one ends."),
    problem("second-administrator-needed", 409, "A seal is broken by two administrators, of whom neither has the other's account in hand.", "'detail' says what stands against it; let another administrator approve it."),
    problem("substitute-unnamed", 409, "Nobody is substituted by nobody.", "Say who comes instead: POST /delegates/{id}/substitution."),
    problem("text-is-final", 409, "The text of the statement is final.", "Narrow its visibility if it is not to be shown; the text stays."),
    problem("too-many-clauses", 409, "The statement has as many clauses as it can.", "Put several paragraphs into one."),
    problem("too-many-app-passwords", 409, "The account has as many app passwords as it can.", "Delete one that is not used any more."),
    problem("too-many-passkeys", 409, "The account has as many passkeys as it can.", "Delete one that is not used any more."),
    problem("unsettled-clauses", 409, "Clauses are still open.", "Settle those that 'detail' names first."),
    problem("wrong-state", 409, "The step does not start from the state the object is in.", "'detail' says which state it must be in first."),
    problem("window-closed", 409, "It is not the time for corrections.", "Ask the secretariat, or raise it in the session that adopts."),
    problem("window-open", 409, "Delegations may still propose corrections.", "Adopt the minutes after the instant that 'detail' names."),
    problem("wrong-code", 409, "This is not the code on the screen, or its time is over.", "Look again, or ask the secretariat to record you."),
    problem("wrong-finding", 409, "The finding does not follow from the one that holds.", "'detail' says what the credentials must be found first."),
    problem("body-too-large", 413, "The body is too large.", "Send at most 1 MiB."),
    problem("address-too-long", 414, "The address is longer than 8 KiB.", "Send long values in a body."),
    problem("content-encoding-not-supported", 415, "The body is compressed.", "Send it as it is, without Content-Encoding."),
    problem("idempotency-key-reused", 422, "The Idempotency-Key was used for another request.", "Use a new one for a new request."),
    problem("headers-too-large", 431, "There are too many header fields, or they are too large.", "Send at most 64 fields and 32 KiB of them."),
    problem("deadline-exceeded", 503, "The server did not get done in time, and nothing was changed.", "Try again in a few seconds; a POST with the same Idempotency-Key is never carried out twice."),
];

/// The type with this code.
pub fn of_code(code: &str) -> Option<&'static ProblemType> {
    TYPES.iter().find(|kind| kind.code == code)
}

/// The type that goes with a status alone.
pub fn of_status(status: StatusCode) -> Option<&'static ProblemType> {
    TYPES.iter().find(|kind| kind.status == status.as_u16())
}

/// `/problems`: all types, and a page for each.
pub fn endpoint() -> impl Endpoint {
    Route::new().at("/", get(all)).at("/:code", get(one))
}

#[handler]
fn all() -> Response {
    let rows = TYPES.iter().fold(String::new(), |mut rows, kind| {
        let ProblemType { code, status, meaning, .. } = kind;
        // Writing to a string does not fail.
        let _ = writeln!(rows, "<li><a href=\"/problems/{code}\">{code}</a> ({status}): {meaning}</li>");
        rows
    });
    page("Problems", &format!("<p>Every error is one of these (RFC 9457).</p>\n<ul>\n{rows}</ul>"))
}

#[handler]
fn one(Path(code): Path<String>) -> poem::Result<Response> {
    let ProblemType { code, status, meaning, remedy } = of_code(&code).ok_or(Error::NotFound)?;
    Ok(page(
        code,
        &format!("<p>Status {status}. {meaning}</p>\n<p>{remedy}</p>\n<p><a href=\"/problems/\">All problems</a></p>"),
    ))
}

fn page(title: &str, content: &str) -> Response {
    let head = format!(
        "<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>"
    );
    let whole = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n{head}\n</head>\n<body>\n<h1>{title}</h1>\n{content}\n</body>\n</html>\n"
    );
    Response::builder().content_type("text/html; charset=utf-8").body(whole).into_response()
}
