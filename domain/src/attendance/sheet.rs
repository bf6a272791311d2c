//! The attendance sheet of a session: one line per delegation.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

use super::{Function, Level, State, marks::Source};
use crate::{
    Check, Code, Text, Violation,
    identifier::{DelegateId, DelegationId, EventId, Handle, OrganisationId, SessionId},
    language::check_line,
};

crate::words! {
    /// Whether a delegation was represented in a session.
    #[derive(Default)]
    #[schemars(rename = "AttendanceStatus")]
    pub enum Status {
        /// In the room.
        Present = "present",
        /// By video or telephone.
        Online = "online",
        /// Away, and said so beforehand.
        Excused = "excused",
        /// Away.
        Absent = "absent",
        /// Not recorded.
        #[default]
        Unknown = "unknown",
    }
}

impl Status {
    /// The statuses of a delegation that took part.
    pub const REPRESENTED: &'static [Self] = &[Self::Present, Self::Online];

    /// Whether somebody sat for the delegation.
    pub fn is_represented(self) -> bool {
        Self::REPRESENTED.contains(&self)
    }
}

/// What is recorded of one delegation in one session. It always states the whole line: what is left out is cleared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AttendanceRecord")]
pub struct Record {
    /// Whether it was represented.
    pub status: Status,
    /// The delegate who sat for the delegation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub represented_by: Option<Handle>,
    /// The rank at which it was represented in this session, where that is another than the rank of who sat for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// A remark for the minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 500))]
    pub note: Option<String>,
}

impl Record {
    /// Everything that is wrong with it; `place` is where it stands in the body.
    pub fn check(&self, place: &str, check: &mut Check) {
        check.require(
            self.represented_by.is_none() || self.status.is_represented(),
            &format!("{place}/represented_by"),
            "does_not_fit_status",
            "Only a delegation that is present or online is represented by somebody.",
        );
        check.require(
            self.level.is_none() || self.status.is_represented(),
            &format!("{place}/level"),
            "does_not_fit_status",
            "Only a delegation that is present or online is represented at some level.",
        );
        if let Some(note) = &self.note {
            check.take(check_line(note, &format!("{place}/note"), 500));
        }
    }
}

/// One line of a sheet that is handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AttendanceLineInput")]
pub struct LineInput {
    /// The delegation, by its id or by the code of its organisation.
    pub delegation_id: Handle,
    /// Whether it was represented.
    pub status: Status,
    /// The delegate who sat for the delegation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub represented_by: Option<Handle>,
    /// The rank at which it was represented in this session, where that is another than the rank of who sat for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// A remark for the minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 500))]
    pub note: Option<String>,
}

impl LineInput {
    /// What the line says of its delegation.
    pub fn record(&self) -> Record {
        let Self { status, represented_by, level, note, .. } = self.clone();
        Record { status, represented_by, level, note }
    }
}

/// One line of a sheet as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "AttendanceLine")]
pub struct Line {
    /// The delegation.
    pub delegation_id: DelegationId,
    /// Its organisation.
    pub organisation_id: OrganisationId,
    /// Code of its organisation.
    pub organisation_code: Code,
    /// Name of its organisation in a list, per language.
    pub organisation_name: Text,
    /// Where the delegation stands.
    pub delegation_state: State,
    /// What is recorded of it.
    #[serde(flatten)]
    pub record: Record,
    /// Who says so; absent where nobody does. Staff is believed before scan, scan before platform log, all before self.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// What is known of its people, those of whom anything is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<PersonLine>,
    /// Rises with every write; 0 while nothing is recorded. Send it as `If-Match` to write this line.
    pub version: i32,
    /// When the line was last written (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<Timestamp>,
}

/// What is known of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "AttendancePerson")]
pub struct PersonLine {
    /// The delegate.
    pub delegate_id: DelegateId,
    /// The name to be shown; `(protected)` where only the function is yours to know.
    pub display_name: String,
    /// What the person does in the delegation.
    pub function: Function,
    /// Whether the person was there.
    pub status: Status,
    /// Who says so.
    pub source: Source,
    /// The instant it was said for (UTC).
    pub at: Timestamp,
}

/// One mark that is handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AttendanceMarkInput")]
pub struct MarkInput {
    /// The delegate, by id.
    pub delegate_id: Handle,
    /// Whether the person is there. An organisation says `present` or `excused` of its own people, and `unknown` to take
    /// that back.
    pub status: Status,
}

/// Marks of people, all or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AttendanceMarksInput")]
pub struct MarksInput {
    /// 1 to 100 marks, one per person.
    #[schemars(length(min = 1, max = MOST_LINES))]
    pub marks: Vec<MarkInput>,
}

impl MarksInput {
    /// Everything that is wrong with them; `own` says that an organisation speaks of its own people.
    pub fn check(&self, own: bool) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        let within = (1..=MOST_LINES).contains(&self.marks.len());
        check.require(within, "/marks", "out_of_range", "Send 1 to 100 marks at once.");
        for (at, mark) in self.marks.iter().enumerate().filter(|_| within) {
            let repeated = self.marks[..at].iter().any(|other| other.delegate_id == mark.delegate_id);
            check.require(!repeated, &format!("/marks/{at}/delegate_id"), "repeated", "Send one mark per person.");
            check.require(
                !own || matches!(mark.status, Status::Present | Status::Excused | Status::Unknown),
                &format!("/marks/{at}/status"),
                "for_the_secretariat",
                "Of your own people you say present or excused, or unknown to take it back.",
            );
        }
        check.finish()
    }
}

/// For how long people may mark themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AttendanceCodeRequest")]
pub struct CodeRequest {
    /// Minutes from now, 1 to 240.
    #[serde(default = "a_quarter_of_an_hour")]
    #[schemars(range(min = 1, max = 240))]
    pub minutes: i64,
}

fn a_quarter_of_an_hour() -> i64 {
    15
}

impl CodeRequest {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        let within = (1..=240).contains(&self.minutes);
        check.require(within, "/minutes", "out_of_range", "Keep it open for 1 to 240 minutes.");
        check.finish()
    }
}

/// The code on the screen of a session, by which people mark themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "AttendanceCode")]
pub struct ScreenCode {
    /// Six characters without those that look alike; how it is typed, small or in groups, does not matter.
    pub code: String,
    /// First instant at which it is taken (UTC).
    pub opens_at: Timestamp,
    /// First instant at which it is not taken any more (UTC).
    pub closes_at: Timestamp,
}

impl ScreenCode {
    /// Characters a code is made of; 32, so that five random bits choose one.
    const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    /// The code that six random bytes choose.
    pub fn spelled(random: [u8; 6]) -> String {
        random.iter().map(|byte| char::from(Self::ALPHABET[usize::from(byte % 32)])).collect()
    }

    /// Whether `typed` is this code at this instant.
    pub fn admits(&self, typed: &str, at: Timestamp) -> bool {
        let bare: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
        self.opens_at <= at && at < self.closes_at && bare.eq_ignore_ascii_case(&self.code)
    }
}

/// Somebody marks themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SelfMark {
    /// The code on the screen.
    #[schemars(length(min = 1, max = 20))]
    pub code: String,
    /// `present` or `online`.
    pub status: Status,
}

impl SelfMark {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        let detail = "Say present or online; for anything else ask your delegation or the secretariat.";
        check.require(self.status.is_represented(), "/status", "not_there", detail);
        check.take(check_line(&self.code, "/code", 20));
        check.finish()
    }
}

/// Who was represented in a session: one line per delegation of its event that the caller may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "AttendanceSheet")]
pub struct Sheet {
    /// The session.
    pub session_id: SessionId,
    /// Its event.
    pub event_id: EventId,
    /// The lines added up.
    pub counts: Counts,
    /// In the order of the organisations' codes.
    pub lines: Vec<Line>,
}

/// Lines that can be sent at once.
pub const MOST_LINES: usize = 100;

/// Many lines at once: all are recorded, or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AttendanceLinesInput")]
pub struct LinesInput {
    /// 1 to 100 lines, one per delegation. Delegations without a line keep what is recorded of them.
    #[schemars(length(min = 1, max = MOST_LINES))]
    pub lines: Vec<LineInput>,
}

impl LinesInput {
    /// Everything that is wrong with them.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        check.require(
            (1..=MOST_LINES).contains(&self.lines.len()),
            "/lines",
            "out_of_range",
            "Send 1 to 100 lines at once.",
        );
        for (at, line) in self.lines.iter().take(MOST_LINES).enumerate() {
            line.record().check(&format!("/lines/{at}"), &mut check);
        }
        check.finish()
    }
}

/// Refuses two lines for one delegation, which may hide behind an id and a code; `delegations` are the resolved ids.
pub fn check_repeated<T: Ord>(delegations: &[T]) -> Result<(), Vec<Violation>> {
    let (mut seen, mut check) = (BTreeSet::new(), Check::new());
    for (at, delegation) in delegations.iter().enumerate() {
        let pointer = format!("/lines/{at}/delegation_id");
        check.require(seen.insert(delegation), &pointer, "repeated", "Send one line per delegation.");
    }
    check.finish()
}

/// How many delegations of a sheet have which status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "AttendanceCounts")]
pub struct Counts {
    /// In the room.
    pub present: u32,
    /// By video or telephone.
    pub online: u32,
    /// Away, and said so beforehand.
    pub excused: u32,
    /// Away.
    pub absent: u32,
    /// Not recorded.
    pub unknown: u32,
    /// All of them: the lines of the sheet.
    pub delegations: u32,
}

impl Counts {
    /// Counts the lines of a sheet.
    pub fn of(statuses: impl IntoIterator<Item = Status>) -> Self {
        let mut counts = Self::default();
        for status in statuses {
            counts.add(status, 1);
        }
        counts
    }

    /// Counts so many more.
    pub fn add(&mut self, status: Status, delegations: u32) {
        self.delegations += delegations;
        *match status {
            Status::Present => &mut self.present,
            Status::Online => &mut self.online,
            Status::Excused => &mut self.excused,
            Status::Absent => &mut self.absent,
            Status::Unknown => &mut self.unknown,
        } += delegations;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(delegation: &str, status: Status, represented_by: Option<&str>) -> LineInput {
        LineInput {
            delegation_id: delegation.into(),
            status,
            represented_by: represented_by.map(Handle::from),
            level: None,
            note: None,
        }
    }

    #[test]
    fn nobody_represents_a_delegation_that_is_away() {
        let lines = LinesInput {
            lines: vec![
                line("pl", Status::Online, Some("d1")),
                line("cz", Status::Absent, Some("d2")),
                line("kr", Status::Unknown, Some("d3")),
            ],
        };
        let faults = lines.check().unwrap_err();
        let pointers: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(pointers, ["/lines/1/represented_by", "/lines/2/represented_by"]);
    }

    #[test]
    fn a_sheet_has_1_to_100_lines_and_one_per_delegation() {
        assert_eq!(LinesInput { lines: vec![] }.check().unwrap_err()[0].code, "out_of_range");
        let many = |count| LinesInput { lines: vec![line("pl", Status::Present, None); count] };
        assert_eq!(many(100).check(), Ok(()));
        assert_eq!(many(101).check().unwrap_err()[0].code, "out_of_range");
        let faults = check_repeated(&["pl", "cz", "pl"]).unwrap_err();
        assert_eq!((faults.len(), faults[0].pointer.as_str()), (1, "/lines/2/delegation_id"));
    }

    #[test]
    fn a_code_is_taken_however_it_is_typed_and_only_while_it_is_open() {
        let second = |second| Timestamp::from_second(second).unwrap();
        let spelled = ScreenCode::spelled([0, 8, 31, 32, 255, 9]);
        assert_eq!(spelled, "2AZ2ZB");
        let code = ScreenCode { code: spelled, opens_at: second(10), closes_at: second(20) };
        assert!(code.admits("2az-2zb", second(10)) && code.admits(" 2AZ 2ZB", second(19)));
        assert!(!code.admits("2AZ2ZB", second(9)) && !code.admits("2AZ2ZB", second(20)));
        assert!(!code.admits("2AZ2ZC", second(15)) && !code.admits("", second(15)));
    }

    #[test]
    fn an_organisation_says_present_or_excused_of_its_own_people() {
        let mark = |delegate: &str, status| MarkInput { delegate_id: delegate.into(), status };
        let marks = MarksInput { marks: vec![mark("d1", Status::Present), mark("d2", Status::Absent)] };
        assert_eq!(marks.check(false), Ok(()));
        assert_eq!(marks.check(true).unwrap_err()[0].pointer, "/marks/1/status");
        let twice = MarksInput { marks: vec![mark("d1", Status::Present), mark("d1", Status::Excused)] };
        assert_eq!(twice.check(true).unwrap_err()[0].pointer, "/marks/1/delegate_id");
    }

    #[test]
    fn the_counts_add_up_to_the_delegations() {
        use Status::*;
        let counts = Counts::of([Present, Present, Online, Excused, Absent, Unknown, Unknown]);
        let expected = Counts { present: 2, online: 1, excused: 1, absent: 1, unknown: 2, delegations: 7 };
        assert_eq!(counts, expected);
    }

    #[test]
    fn present_and_online_are_represented() {
        let represented: Vec<_> = Status::ALL.iter().filter(|status| status.is_represented()).collect();
        assert_eq!(represented, [&Status::Present, &Status::Online]);
    }
}
