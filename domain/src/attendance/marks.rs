//! Marks: who said of whom, and when, whether they were there; and what follows from all that was said.
//!
//! Marks are only ever added. What holds at an instant is what follows from the marks made for that instant or before:
//!
//! 1. Of one person, or of one delegation as a whole, the strongest source that says anything is believed: staff before
//!    scan, scan before platform log, platform log before self. Of two marks of one source the later one holds, of two
//!    for one instant the one that was recorded later. A source whose word is `unknown` says nothing any more, so that
//!    the next one is believed.
//! 2. Of a delegation: what staff says of it as a whole. Where staff says nothing, it is present if one of its people
//!    is, else online if one is. Where none is, what was otherwise said of it as a whole. Where nothing was, it is
//!    excused if one of its people is, else absent if one is.
//! 3. It is represented by whom staff named, else by the one of its people there who has the highest function; at the
//!    level staff named for the session, else at that of whoever represents it.
//!
//! A scan that lets somebody into a session marks them `present`, one that lets them out `absent`.

use jiff::Timestamp;
use std::collections::BTreeMap;
use uuid::Uuid;

use super::{Function, Level, Status};
use crate::identifier::DelegateId;

crate::words! {
    /// Who or what says that somebody was there.
    #[schemars(rename = "AttendanceSource")]
    pub enum Source {
        /// The delegate, or whoever manages the delegation.
        Own = "self",
        /// The log of the platform on which the session was held.
        PlatformLog = "platform_log",
        /// A badge read at the door.
        Scan = "scan",
        /// The secretariat or the chair.
        Staff = "staff",
    }
}

/// One mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Whom it is about; none is the delegation as a whole.
    pub delegate: Option<DelegateId>,
    /// What it says.
    pub status: Status,
    /// Who says so.
    pub source: Source,
    /// The instant it is made for.
    pub at: Timestamp,
    /// In which order marks of one session were recorded.
    pub number: i64,
    /// Whom staff named as sitting for the delegation.
    pub represented_by: Option<DelegateId>,
    /// At what level, where staff says that it is another than that of whoever sits.
    pub level: Option<Level>,
    /// The row it stands in.
    pub id: Uuid,
}

/// What holds of a delegation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Presence {
    /// Whether it was represented.
    pub status: Status,
    /// Who says so; none where nobody does.
    pub source: Option<Source>,
    /// Who sat for it.
    pub represented_by: Option<DelegateId>,
    /// At what level, where staff said so; else it is that of whoever sat for it.
    pub level: Option<Level>,
    /// What staff says of it as a whole.
    pub by_staff: Option<Mark>,
    /// What holds of its people, those of whom something is said.
    pub people: BTreeMap<DelegateId, Mark>,
}

/// Of marks about one person, or one delegation as a whole, the one that holds at `at`.
fn believed<'a>(marks: impl Iterator<Item = &'a Mark>, at: Timestamp) -> Option<Mark> {
    let mut latest: BTreeMap<Source, &Mark> = BTreeMap::new();
    for mark in marks.filter(|mark| mark.at <= at) {
        let known = latest.entry(mark.source).or_insert(mark);
        if (mark.at, mark.number) > (known.at, known.number) {
            *known = mark;
        }
    }
    // Sources are declared from the weakest to the strongest.
    latest.into_values().rev().find(|mark| mark.status != Status::Unknown).copied()
}

/// What holds of a delegation at `at`, by all marks about it and its people; `function` is what each of them does.
pub fn presence(marks: &[Mark], at: Timestamp, function: impl Fn(DelegateId) -> Function) -> Presence {
    let whole = believed(marks.iter().filter(|mark| mark.delegate.is_none()), at);
    let mut named: BTreeMap<DelegateId, Vec<&Mark>> = BTreeMap::new();
    for mark in marks {
        if let Some(delegate) = mark.delegate {
            named.entry(delegate).or_default().push(mark);
        }
    }
    let people: BTreeMap<DelegateId, Mark> =
        named.into_iter().filter_map(|(delegate, marks)| Some((delegate, believed(marks.into_iter(), at)?))).collect();
    let by_staff = whole.filter(|mark| mark.source == Source::Staff);
    let with = |status| people.values().filter(|mark| mark.status == status).max_by_key(|mark| mark.source).copied();
    let deciding = by_staff
        .or_else(|| with(Status::Present))
        .or_else(|| with(Status::Online))
        .or(whole)
        .or_else(|| with(Status::Excused))
        .or_else(|| with(Status::Absent));
    let status = deciding.map(|mark| mark.status).unwrap_or_default();
    let there = people.iter().filter(|(_, mark)| mark.status == status).map(|(delegate, _)| *delegate);
    let highest = there.min_by_key(|delegate| (function(*delegate), *delegate)).filter(|_| status.is_represented());
    Presence {
        status,
        source: deciding.map(|mark| mark.source),
        represented_by: by_staff.and_then(|mark| mark.represented_by).or(highest),
        level: by_staff.and_then(|mark| mark.level),
        by_staff,
        people,
    }
}

#[cfg(test)]
#[path = "marks_tests.rs"]
pub(in crate::attendance) mod tests;
