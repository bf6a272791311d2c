//! Who leads a delegation, and when: a minister may leave on the second day, and somebody else then is the head.

use jiff::{Timestamp, tz::TimeZone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Check, Violation,
    identifier::{DelegateId, Handle},
    moment::Moment,
};

/// The most hand-overs a delegation can plan.
pub const MOST_TERMS: usize = 20;

/// A term as it is sent and answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "HeadTerm")]
pub struct Term {
    /// The delegate who is the head, by id.
    pub delegate_id: Handle,
    /// First instant of the term; the first term has none, the others rise. A term ends where the next begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Moment>,
}

/// All terms of a delegation, in order of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "HeadTerms")]
pub struct TermsInput {
    /// The first leads from the beginning until the second takes over, and so on.
    #[schemars(length(max = MOST_TERMS))]
    pub terms: Vec<Term>,
}

/// Who leads at which time. Where anybody leads at all, somebody leads at every instant, and nobody beside them: a term
/// has no end of its own, and the first no beginning.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heads {
    first: Option<DelegateId>,
    later: Vec<(Timestamp, DelegateId)>,
}

impl Heads {
    /// One head for all the time.
    pub fn only(head: DelegateId) -> Self {
        Self { first: Some(head), later: vec![] }
    }

    /// From rows in any order; the one without an instant is the first. Rows that cannot be (the writer never makes
    /// them) are put in order rather than refused.
    pub fn of(mut rows: Vec<(Option<Timestamp>, DelegateId)>) -> Self {
        rows.sort_by_key(|(from, _)| *from);
        let mut rows = rows.into_iter();
        let Some((_, first)) = rows.next() else { return Self::default() };
        let later = rows.filter_map(|(from, head)| from.map(|from| (from, head))).collect();
        Self { first: Some(first), later }
    }

    /// Reads what was sent, whose delegates are resolved.
    pub fn read(input: &[Term]) -> Result<Self, Vec<Violation>> {
        let mut check = Check::new();
        check.require(input.len() <= MOST_TERMS, "/terms", "too_many", "Plan at most 20 terms.");
        let mut before: Option<Timestamp> = None;
        for (at, term) in input.iter().enumerate() {
            let pointer = format!("/terms/{at}/valid_from");
            let from = term.valid_from.map(|moment| moment.0);
            let rises = match at {
                0 => from.is_none(),
                _ => from.is_some() && from > before,
            };
            let detail = "Leave it out of the first term, and let every other begin after the one before it.";
            check.require(rises, &pointer, "not_in_order", detail);
            let near = from.is_none_or(|from| (1900..=2200).contains(&from.to_zoned(TimeZone::UTC).year()));
            check.require(near, &pointer, "time_out_of_range", "Give a time between the years 1900 and 2200.");
            before = from.or(before);
        }
        let ids: Vec<_> = input.iter().filter_map(|term| term.delegate_id.id()).map(DelegateId).collect();
        for (at, pair) in ids.windows(2).enumerate() {
            let detail = "Nobody takes over from themselves. Leave this term out.";
            check.require(pair[0] != pair[1], &format!("/terms/{}/delegate_id", at + 1), "repeated", detail);
        }
        check.finish()?;
        let froms = input.iter().map(|term| term.valid_from.map(|moment| moment.0));
        Ok(Self::of(froms.zip(ids).collect()))
    }

    /// The head at this instant.
    pub fn at(&self, instant: Timestamp) -> Option<DelegateId> {
        let begun = self.later.iter().take_while(|(from, _)| *from <= instant);
        begun.last().map(|(_, head)| *head).or(self.first)
    }

    /// Whether anybody leads, at whatever time.
    pub fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// Whether this delegate leads at this instant or is to lead later.
    pub fn goes_on_with(&self, delegate: DelegateId, instant: Timestamp) -> bool {
        let later = self.later.iter().any(|(from, head)| *from > instant && *head == delegate);
        later || self.at(instant) == Some(delegate)
    }

    /// The same with `successor` in every term of `delegate` that goes on after `instant`; what was before stays.
    pub fn succeeded(&self, delegate: DelegateId, successor: DelegateId, instant: Timestamp) -> Self {
        let renamed = |head: DelegateId| if head == delegate { successor } else { head };
        let Some(first) = self.first else { return self.clone() };
        let mut rows: Vec<(Option<Timestamp>, DelegateId)> = vec![(None, first)];
        rows.extend(self.later.iter().map(|(from, head)| (Some(*from), *head)));
        let now = self.at(instant);
        for (from, head) in &mut rows {
            if from.is_some_and(|from| from > instant) {
                *head = renamed(*head);
            }
        }
        if now == Some(delegate) {
            rows.retain(|(from, _)| *from != Some(instant));
            rows.push((Some(instant), successor));
        }
        Self::of(rows).merged()
    }

    /// Whether both say the same of all the time before `instant`.
    pub fn agrees_before(&self, other: &Self, instant: Timestamp) -> bool {
        let past = |heads: &Self| {
            let later = heads.later.iter().filter(|(from, _)| *from < instant).copied().collect();
            Self { first: heads.first, later }.merged()
        };
        past(self) == past(other)
    }

    /// Terms as they are answered and kept.
    pub fn rows(&self) -> Vec<(Option<Timestamp>, DelegateId)> {
        let first = self.first.map(|head| (None, head));
        first.into_iter().chain(self.later.iter().map(|(from, head)| (Some(*from), *head))).collect()
    }

    /// Terms of one head after another as one.
    fn merged(mut self) -> Self {
        let mut before = self.first;
        self.later.retain(|(_, head)| before.replace(*head) != Some(*head));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn head(number: u128) -> DelegateId {
        DelegateId(Uuid::from_u128(number))
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn term(number: u128, from: Option<i64>) -> Term {
        Term { delegate_id: Handle::Id(head(number).0), valid_from: from.map(|second| Moment(at(second))) }
    }

    #[test]
    fn a_minister_leaves_on_the_second_day() {
        let heads = Heads::read(&[term(1, None), term(2, Some(100))]).unwrap();
        assert_eq!(
            (heads.at(at(-5)), heads.at(at(99)), heads.at(at(100))),
            (Some(head(1)), Some(head(1)), Some(head(2)))
        );
        assert_eq!(Heads::default().at(at(0)), None);
    }

    #[test]
    fn terms_that_leave_a_gap_or_overlap_cannot_be_said() {
        let codes =
            |terms: &[Term]| Heads::read(terms).unwrap_err().into_iter().map(|fault| fault.code).collect::<Vec<_>>();
        assert_eq!(codes(&[term(1, Some(5))]), ["not_in_order"]);
        assert_eq!(codes(&[term(1, None), term(2, None)]), ["not_in_order"]);
        assert_eq!(codes(&[term(1, None), term(2, Some(9)), term(1, Some(9))]), ["not_in_order"]);
        assert_eq!(codes(&[term(1, None), term(1, Some(9))]), ["repeated"]);
    }

    #[test]
    fn a_successor_takes_over_what_is_left_and_nothing_of_the_past() {
        let heads = Heads::read(&[term(1, None), term(2, Some(10)), term(1, Some(20))]).unwrap();
        let after = heads.succeeded(head(1), head(3), at(5));
        assert_eq!([0, 5, 10, 20].map(|second| after.at(at(second))), [1, 3, 2, 3].map(|number| Some(head(number))));
        assert!(heads.agrees_before(&after, at(5)) && !heads.agrees_before(&after, at(6)));
        // Whoever does not lead at the moment takes over only what comes.
        let later = heads.succeeded(head(1), head(3), at(15));
        assert_eq!([0, 15, 20].map(|second| later.at(at(second))), [1, 2, 3].map(|number| Some(head(number))));
    }

    proptest! {
        #[test]
        fn exactly_one_leads_at_every_instant_whatever_happens(
            steps in proptest::collection::vec((1u128..5, 1u128..5, 0i64..50), 0..20),
            asked in 0i64..60,
        ) {
            let mut heads = Heads::only(head(1));
            for (from, to, second) in steps {
                let before = heads.clone();
                heads = heads.succeeded(head(from), head(to), at(second));
                prop_assert!(heads.agrees_before(&before, at(second)), "the past was rewritten");
                prop_assert!(from == to || heads.at(at(second)) != Some(head(from)));
            }
            prop_assert!(heads.at(at(asked)).is_some());
            let rows = heads.rows();
            prop_assert_eq!(Heads::of(rows), heads);
        }
    }
}
