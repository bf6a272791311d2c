//! What is said of a poll.

use std::collections::HashSet;

use jiff::{Timestamp, tz::TimeZone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Days, Offer, Outcome, Poll, PollOption, State};
use crate::{
    Check, Text, Violation,
    identifier::{Handle, OrganisationId, PollOptionId},
    schedule::Slot,
    time,
};

/// Organisations a poll asks at most.
const MOST_ASKED: usize = 200;
/// Options it has at most.
const MOST_OPTIONS: usize = 100;

/// What those who run an event say of a poll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PollDetails")]
pub struct Details {
    /// What it is about, and what the session will be called.
    pub title: Text,
    /// What those invited should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Text>,
    /// The group that is to sit, where it is not the event's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_id: Option<Handle>,
    /// What can be chosen. An option is its time: one that stays keeps its id and its answers.
    #[schemars(length(min = 1, max = 100))]
    pub offers: Vec<Offer>,
    /// The organisations that are asked. They see the poll if they see the event; nobody else does but those who run it.
    #[schemars(length(min = 1, max = 200))]
    pub organisation_ids: Vec<Handle>,
    /// Those of them without whom it does not go.
    #[serde(default)]
    #[schemars(length(max = 200))]
    pub required_ids: Vec<Handle>,
    /// How many of the organisations have to be able to come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 200))]
    pub quorum: Option<i32>,
    /// Until when is answered: a time on the clocks of the event, or RFC 3339 with an offset. After it only those who run
    /// the poll write down answers, with a reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 19, max = 40), example = "2026-09-01T18:00:00")]
    pub deadline: Option<String>,
    /// Whether what an organisation answers is kept from the others until the poll closes.
    #[serde(default)]
    pub answers_hidden: bool,
}

/// An organisation that is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Party {
    /// Which.
    pub organisation: OrganisationId,
    /// Whether it does not go without it.
    pub required: bool,
}

impl Details {
    /// The organisations that are asked, each once, by id; what is not resolved to an id yet is left out.
    pub fn parties(&self) -> Vec<Party> {
        let required: HashSet<_> = self.required_ids.iter().filter_map(Handle::id).collect();
        let mut asked: Vec<_> = self.organisation_ids.iter().filter_map(Handle::id).collect();
        asked.sort_unstable();
        let party = |id| Party { organisation: OrganisationId(id), required: required.contains(&id) };
        asked.into_iter().map(party).collect()
    }

    /// Everything that is wrong with it but its times, once its organisations are named by id.
    fn check(&self, check: &mut Check) {
        check.take(self.title.check("/title", 300));
        if let Some(description) = &self.description {
            check.take(description.check("/description", 10_000));
        }
        let asked = self.organisation_ids.len();
        let fits = (1..=MOST_ASKED).contains(&asked);
        check.require(fits, "/organisation_ids", "out_of_range", "Ask 1 to 200 organisations.");
        once(&self.organisation_ids, "/organisation_ids", check);
        once(&self.required_ids, "/required_ids", check);
        for (at, required) in self.required_ids.iter().enumerate() {
            check.require(
                self.organisation_ids.contains(required),
                &format!("/required_ids/{at}"),
                "not_asked",
                "Require only organisations that are asked: name it in 'organisation_ids' too.",
            );
        }
        check.require(
            self.quorum.is_none_or(|quorum| usize::try_from(quorum).is_ok_and(|quorum| (1..=asked).contains(&quorum))),
            "/quorum",
            "out_of_range",
            "Give a quorum from 1 to the number of organisations that are asked.",
        );
        let fits = (1..=MOST_OPTIONS).contains(&self.offers.len());
        check.require(fits, "/offers", "out_of_range", "Offer 1 to 100 options.");
    }

    /// Its times in `zone`, once nothing is wrong with it: the offers, and the last instant to answer. A deadline that
    /// stays as it was may be over.
    fn settle(&mut self, zone: &TimeZone, now: Timestamp, before: Option<&Poll>) -> Result<Times, Vec<Violation>> {
        let mut check = Check::new();
        self.check(&mut check);
        let mut offered: Vec<(Slot, Option<Days>)> = Vec::with_capacity(self.offers.len());
        for (at, offer) in self.offers.iter().enumerate() {
            let pointer = format!("/offers/{at}");
            let Some((slot, days)) = check.take(offer.read(zone, &pointer)) else { continue };
            let same = |other: &(Slot, Option<Days>)| {
                (other.0.starts_at, other.0.ends_at, other.1) == (slot.starts_at, slot.ends_at, days)
            };
            let new = !offered.iter().any(same);
            check.require(new, &pointer, "repeated", "Offer every time once.");
            offered.push((slot, days));
        }
        let closes = self.deadline.as_ref().and_then(|said| check.take(time::parse(said, zone, "/deadline")));
        let closes =
            closes.map(|(local, at)| Slot { starts_local: local, ends_local: local, starts_at: at, ends_at: at });
        let kept = before.and_then(|before| before.closes).map(|closes| closes.starts_at);
        check.require(
            closes.is_none_or(|closes| closes.starts_at > now || Some(closes.starts_at) == kept),
            "/deadline",
            "in_the_past",
            "Give a deadline that is still to come.",
        );
        check.finish()?;
        self.deadline = closes.as_ref().map(|closes| closes.placement().start);
        Ok((offered, closes))
    }
}

/// The offers of a poll as times, and when it closes.
type Times = (Vec<(Slot, Option<Days>)>, Option<Slot>);

fn once(named: &[Handle], pointer: &str, check: &mut Check) {
    let mut seen = HashSet::new();
    for (at, handle) in named.iter().enumerate() {
        check.require(seen.insert(handle), &format!("{pointer}/{at}"), "repeated", "Name every organisation once.");
    }
}

impl Poll {
    /// A new poll; `new_id` gives the ids of its options.
    pub fn new<E: From<Vec<Violation>>>(
        mut details: Details,
        time_zone: &str,
        now: Timestamp,
        new_id: impl FnMut() -> Result<PollOptionId, E>,
    ) -> Result<Self, E> {
        let zone = time::zone(time_zone, "/deadline").map_err(|fault| vec![fault])?;
        let (offered, closes) = details.settle(&zone, now, None)?;
        let (time_zone, state, outcome) = (time_zone.to_owned(), State::default(), None::<Outcome>);
        let choices = choices(offered, &[], new_id)?;
        details.offers = choices.iter().map(PollOption::offer).collect();
        Ok(Self { details, time_zone, choices, closes, state, cancel_reason: None, outcome })
    }

    /// This poll with other details. Options that stay keep their ids, and with them their answers; a later deadline
    /// does not open again what was closed by hand.
    pub fn edited<E: From<Vec<Violation>>>(
        &self,
        mut details: Details,
        now: Timestamp,
        new_id: impl FnMut() -> Result<PollOptionId, E>,
    ) -> Result<Self, E> {
        let zone = time::zone(&self.time_zone, "/deadline").map_err(|fault| vec![fault])?;
        let (offered, closes) = details.settle(&zone, now, Some(self))?;
        let choices = choices(offered, &self.choices, new_id)?;
        details.offers = choices.iter().map(PollOption::offer).collect();
        Ok(Self { details, choices, closes, ..self.clone() })
    }
}

/// A time, and what it becomes by other rules of its zone or why a person has to say that.
pub type Shift = (Slot, Result<Slot, Violation>);

impl Poll {
    /// Its times, each with what the rules that its zone has now make of it, where that is another time or a person has to
    /// say which; that at which it closes last.
    pub fn shifts(&self) -> Result<Vec<Shift>, Violation> {
        let zone = time::zone(&self.time_zone, "/time_zone")?;
        let times = self.choices.iter().map(|option| (option.slot, option.rederived(&zone).map(|next| next.slot)));
        let closes = self.closes.map(|closes| (closes, closing(closes, &zone)));
        let other = |(was, becomes): &Shift| becomes.as_ref() != Ok(was);
        Ok(times.chain(closes).filter(other).collect())
    }

    /// This poll with the instants that its times on the wall stand for by the rules that its zone has now. What a person
    /// has to say stays as it was.
    pub fn rederived(&self) -> Result<Self, Violation> {
        let zone = time::zone(&self.time_zone, "/time_zone")?;
        let choices: Vec<_> = self.choices.iter().map(|option| option.rederived(&zone).unwrap_or(*option)).collect();
        let closes = self.closes.map(|closes| closing(closes, &zone).unwrap_or(closes));
        let details = Details {
            offers: choices.iter().map(PollOption::offer).collect(),
            deadline: closes.map(|closes| closes.placement().start),
            ..self.details.clone()
        };
        Ok(Self { details, choices, closes, ..self.clone() })
    }
}

/// The instant at which a poll closes, which has no length.
fn closing(closes: Slot, zone: &TimeZone) -> Result<Slot, Violation> {
    let at = match time::local(closes.starts_at, zone) == closes.starts_local {
        true => closes.starts_at,
        false => time::instant(closes.starts_local, zone, "/deadline")?,
    };
    Ok(Slot { starts_at: at, ends_at: at, ..closes })
}

/// The options by start, then by end, then whole days first.
fn choices<E>(
    mut offered: Vec<(Slot, Option<Days>)>,
    known: &[PollOption],
    mut new_id: impl FnMut() -> Result<PollOptionId, E>,
) -> Result<Vec<PollOption>, E> {
    offered.sort_by_key(|(slot, days)| (slot.starts_at, slot.ends_at, days.is_none()));
    let option = |(slot, days): (Slot, Option<Days>)| match known.iter().find(|option| option.is(&slot, days)) {
        Some(option) => Ok(*option),
        None => Ok(PollOption { id: new_id()?, days, slot }),
    };
    offered.into_iter().map(option).collect()
}
