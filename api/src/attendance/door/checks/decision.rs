//! Judging one scan: what was scanned, whose it is, what the rules say, and what a device said on its own.

use std::collections::HashMap;

use domain::{
    Check,
    attendance::door::{CheckTypeDetails, Occasion, Passage, Scan, Scans, SignedEnvelope, Verdict},
    events::Event,
    identifier::{BadgeId, CheckTypeId, DelegateId, EventId, SessionId},
    time,
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use uuid::Uuid;

use super::{
    super::Verifier,
    store::{HeldBadge, Past},
};
use crate::{db::Visible, error::Error};

/// What a scanner has read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Code {
    /// A badge of this event, by the hash of its token.
    Ours(String),
    /// A badge of another event.
    OtherEvent,
    /// Anything else.
    Unknown,
}

impl Code {
    /// The hash by which the badge is found.
    pub(super) fn hash(&self) -> Option<&str> {
        match self {
            Self::Ours(hash) => Some(hash),
            Self::OtherEvent | Self::Unknown => None,
        }
    }
}

/// What is recorded of a scan besides what was sent.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The badge, where one is known by the code.
    pub badge: Option<BadgeId>,
    /// Its holder.
    pub delegate: Option<DelegateId>,
    /// In which order the checks of this delegate at this check type were recorded.
    pub number: i32,
    /// What is to be said.
    pub result: Verdict,
    /// Whether the holder passes, or did.
    pub passed: bool,
    /// Whether it does not go together with what else is recorded.
    pub conflict: bool,
    /// When it happened.
    pub happened_at: Timestamp,
}

/// Everything about an event by which its doors judge.
#[derive(Debug)]
pub(super) struct Desk {
    event: EventId,
    days: (Date, Date),
    zone: TimeZone,
    types: HashMap<CheckTypeId, (CheckTypeDetails, bool)>,
    verifier: Verifier,
}

impl Desk {
    /// For these check types of the event, each with whether it is still there.
    pub(super) fn new(
        event: &Visible<Event>,
        types: Vec<(Uuid, CheckTypeDetails, bool)>,
        verifier: Verifier,
    ) -> Result<Self, Error> {
        let details = &event.content.details;
        Ok(Self {
            event: EventId(event.id),
            days: (details.starts_on, details.ends_on),
            zone: time::zone(&details.time_zone, "/time_zone")?,
            types: types.into_iter().map(|(id, details, open)| (CheckTypeId(id), (details, open))).collect(),
            verifier,
        })
    }

    /// Refuses scans at check types that never were of this event.
    pub(super) fn check_known(&self, input: &Scans) -> Result<(), Error> {
        let mut check = Check::new();
        for (at, scan) in input.scans.iter().enumerate() {
            let known = self.types.contains_key(&scan.check_type_id);
            let detail = "Name a check type of this event by its id.";
            check.require(known, &format!("/scans/{at}/check_type_id"), "unknown_check_type", detail);
        }
        Ok(check.finish()?)
    }

    /// The session that this check type is for.
    pub(super) fn session(&self, check_type: CheckTypeId) -> Option<SessionId> {
        let (details, _) = self.types.get(&check_type)?;
        details.session_id.as_ref()?.id().map(SessionId)
    }

    /// What was read, with the signature checked as a device without a network checks it, so that both say the same.
    pub(super) fn read(&self, text: &str) -> Code {
        match SignedEnvelope::parse(text) {
            Some(signed) if signed.envelope.event != self.event => Code::OtherEvent,
            Some(signed) if self.verifier.holds(&signed) => Code::Ours(signed.envelope.token.hash()),
            _ => Code::Unknown,
        }
    }

    /// What is recorded of a scan that happened `at`; `past` then knows of it.
    pub(super) fn decide(
        &self,
        scan: &Scan,
        code: &Code,
        held: Option<&HeldBadge>,
        past: &mut HashMap<(CheckTypeId, DelegateId), Past>,
        at: Timestamp,
    ) -> Result<Checked, Error> {
        let (check_type, open) = self
            .types
            .get(&scan.check_type_id)
            .ok_or_else(|| Error::internal("a check type that was not looked up"))?;
        let Some(held) = held else {
            let result = if *code == Code::OtherEvent { Verdict::OtherEvent } else { Verdict::Unknown };
            let conflict = scan.told == Some(Verdict::Ok);
            let (badge, delegate) = (None, None);
            return Ok(Checked { badge, delegate, number: 0, result, passed: false, conflict, happened_at: at });
        };
        let occasion = Occasion { check_type, open: *open, days: self.days, zone: &self.zone };
        let past = past.entry((scan.check_type_id, held.delegate)).or_default();
        let verdict = occasion.decide(&held.holder, &past.passages, scan.direction, at);
        let (result, passed, differs) = outcome(scan, verdict);
        let conflict = differs || (passed && occasion.contradicted(&past.passages, scan.direction, at));
        past.number += 1;
        let number = past.number;
        if passed {
            past.passages.push(Passage { at, number, direction: scan.direction });
        }
        let (badge, delegate) = (Some(held.badge), Some(held.delegate));
        Ok(Checked { badge, delegate, number, result, passed, conflict, happened_at: at })
    }
}

/// What is recorded as said, whether the holder passed, and whether that is not what the server would have had. Where a
/// device was offline, the holder has passed or not, whatever the server says now.
fn outcome(scan: &Scan, verdict: Verdict) -> (Verdict, bool, bool) {
    match scan.told {
        None => (verdict, verdict == Verdict::Ok || scan.forced, false),
        Some(Verdict::Ok) => (verdict, true, verdict != Verdict::Ok),
        Some(said) => (said, scan.forced, verdict == Verdict::Ok && !scan.forced),
    }
}
