//! How much options are liked: counts, and one order of all of them.

use std::cmp::Reverse;

use schemars::JsonSchema;
use serde::Serialize;

use super::{Answer, Answers, Party, PollOption};
use crate::identifier::{OrganisationId, PollOptionId};

crate::words! {
    /// What the required organisations say to an option together, the best first.
    #[schemars(rename = "PollRequired")]
    pub enum Required {
        /// All of them can; also where none is required.
        AllYes = "all_yes",
        /// All of them can, some only if need be.
        AllCan = "all_can",
        /// None of them cannot, but not all have answered.
        Open = "open",
        /// One of them cannot.
        Missing = "missing",
    }
}

/// What the organisations say to an option.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "PollTally")]
pub struct Tally {
    /// Which place it takes among the options, from 1; no two take the same.
    pub rank: i32,
    /// Organisations that can.
    pub yes: i32,
    /// Organisations that can if need be.
    pub if_need_be: i32,
    /// Organisations that cannot.
    pub no: i32,
    /// Organisations that have not answered it.
    pub silent: i32,
    /// What the required organisations say together.
    pub required: Required,
    /// Those of them that cannot, by id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing_ids: Vec<OrganisationId>,
    /// Whether enough can come; left out where no quorum was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quorum_met: Option<bool>,
}

/// What is said to each option, the best first. Only the answers of `parties` count, one set for each.
///
/// In this order: what the required organisations say; whether there is a quorum; how many can, if need be too; how many
/// say a plain yes; how few cannot; the earlier start, the earlier end, and last the id, so that no two are ever equal.
/// The order in which answers came, or are given here, plays no part.
pub fn ranked(
    options: &[PollOption],
    parties: &[Party],
    quorum: Option<i32>,
    answers: &[(OrganisationId, Answers)],
) -> Vec<(PollOptionId, Tally)> {
    let mut tallies: Vec<_> = options.iter().map(|option| (option, tally(option, parties, quorum, answers))).collect();
    tallies.sort_by_key(|(option, tally)| {
        let place = (option.slot.starts_at, option.slot.ends_at, option.id);
        let liked = (Reverse(tally.yes + tally.if_need_be), Reverse(tally.yes), tally.no);
        (tally.required, tally.quorum_met == Some(false), liked, place)
    });
    let ranks = 1..;
    tallies.into_iter().zip(ranks).map(|((option, tally), rank)| (option.id, Tally { rank, ..tally })).collect()
}

fn tally(option: &PollOption, parties: &[Party], quorum: Option<i32>, answers: &[(OrganisationId, Answers)]) -> Tally {
    let said =
        |party: &Party| answers.iter().find(|(organisation, _)| *organisation == party.organisation)?.1.to(option.id);
    let all: Vec<(&Party, Option<Answer>)> = parties.iter().map(|party| (party, said(party))).collect();
    let count = |wanted: Option<Answer>| {
        i32::try_from(all.iter().filter(|(_, said)| *said == wanted).count()).unwrap_or(i32::MAX)
    };
    let (yes, if_need_be) = (count(Some(Answer::Yes)), count(Some(Answer::IfNeedBe)));
    let of_required = || all.iter().filter(|(party, _)| party.required);
    let cannot = of_required().filter(|(_, said)| *said == Some(Answer::No));
    let mut missing_ids: Vec<_> = cannot.map(|(party, _)| party.organisation).collect();
    missing_ids.sort_unstable();
    let required = if !missing_ids.is_empty() {
        Required::Missing
    } else if of_required().any(|(_, said)| said.is_none()) {
        Required::Open
    } else if of_required().any(|(_, said)| *said == Some(Answer::IfNeedBe)) {
        Required::AllCan
    } else {
        Required::AllYes
    };
    Tally {
        rank: 0,
        yes,
        if_need_be,
        no: count(Some(Answer::No)),
        silent: count(None),
        required,
        missing_ids,
        quorum_met: quorum.map(|quorum| yes + if_need_be >= quorum),
    }
}
