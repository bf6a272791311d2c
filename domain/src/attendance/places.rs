//! How many people a delegation may bring, in which way, and who waits for a place.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    Check,
    identifier::{DelegateId, Handle},
};

crate::words! {
    /// How somebody takes part.
    #[derive(Default)]
    pub enum Participation {
        /// In the room.
        #[default]
        InPerson = "in_person",
        /// By video or telephone.
        Online = "online",
        /// In a room that shows what happens in the other.
        Overflow = "overflow",
    }
}

/// The most places of one kind.
pub const MOST_PLACES: u32 = 10_000;

/// The most people who can wait for places of one kind.
pub const MOST_WAITING: usize = 100;

/// How many places there are of each kind; without a number, as many as come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// In the room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = MOST_PLACES))]
    pub in_person: Option<u32>,
    /// By video or telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = MOST_PLACES))]
    pub online: Option<u32>,
    /// In the overflow room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = MOST_PLACES))]
    pub overflow: Option<u32>,
}

impl Quota {
    /// The number of places of this kind.
    pub fn of(&self, participation: Participation) -> Option<u32> {
        match participation {
            Participation::InPerson => self.in_person,
            Participation::Online => self.online,
            Participation::Overflow => self.overflow,
        }
    }

    /// This, and where it says nothing, what holds for every delegation.
    pub fn or(self, general: Self) -> Self {
        Self {
            in_person: self.in_person.or(general.in_person),
            online: self.online.or(general.online),
            overflow: self.overflow.or(general.overflow),
        }
    }

    /// Everything that is wrong with it; `place` is where it stands in the body.
    pub fn check(&self, place: &str, check: &mut Check) {
        for participation in Participation::ALL {
            let pointer = format!("{place}/{participation}");
            let fits = self.of(*participation).is_none_or(|places| places <= MOST_PLACES);
            check.require(fits, &pointer, "out_of_range", format!("Give at most {MOST_PLACES} places."));
        }
    }
}

/// Why there is no place. The text of each is meant for people and says how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoPlace {
    /// All places are taken, or held for somebody who was offered one.
    #[error(
        "All {quota} places to take part {} are taken or offered. Withdraw somebody, ask the secretariat for more, or put \
         the delegate on the waiting list: PUT /delegations/{{id}}/waiting-list.", words(.participation)
    )]
    Taken {
        /// Of what kind.
        participation: Participation,
        /// How many there are.
        quota: u32,
    },
}

fn words(participation: &Participation) -> &'static str {
    match participation {
        Participation::InPerson => "in person",
        Participation::Online => "online",
        Participation::Overflow => "in the overflow room",
    }
}

impl NoPlace {
    /// Stable machine-readable code in `snake_case`.
    pub fn code(&self) -> &'static str {
        "quota_reached"
    }
}

/// Somebody on a waiting list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Who.
    pub delegate: DelegateId,
    /// First instant at which the place offered is offered no more.
    pub offered_until: Option<Timestamp>,
}

impl Waiting {
    /// Whether a place is held for them.
    pub fn is_offered(&self, now: Timestamp) -> bool {
        self.offered_until.is_some_and(|until| now < until)
    }

    /// Whether the place was offered in vain.
    pub fn has_lapsed(&self, now: Timestamp) -> bool {
        self.offered_until.is_some_and(|until| until <= now)
    }
}

/// The places of one kind in one delegation: who holds them and who waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Of what kind.
    pub participation: Participation,
    /// How many there are; none where as many come as want.
    pub quota: Option<u32>,
    /// How many delegates hold one.
    pub held: u32,
    /// Who waits, first in line first.
    pub waiting: Vec<Waiting>,
}

impl Places {
    /// Places that nobody holds and nobody was offered.
    pub fn free(&self, now: Timestamp) -> u32 {
        let offered = self.waiting.iter().filter(|waiting| waiting.is_offered(now)).count();
        let offered = u32::try_from(offered).unwrap_or(u32::MAX);
        self.quota.map_or(u32::MAX, |quota| quota.saturating_sub(self.held).saturating_sub(offered))
    }

    /// Gives a place to each of `delegates`, who leave the waiting list, or says why not. Whoever was offered a place
    /// takes that one; nobody else overtakes those who wait.
    pub fn take(&mut self, delegates: &[DelegateId], now: Timestamp) -> Result<(), NoPlace> {
        let offered = |delegate: &&DelegateId| self.offer_of(**delegate).is_some_and(|waiting| waiting.is_offered(now));
        let held_for_them = delegates.iter().filter(offered).count();
        let other = delegates.len() - held_for_them;
        if u32::try_from(other).unwrap_or(u32::MAX) > self.free(now) {
            let quota = self.quota.unwrap_or(u32::MAX);
            return Err(NoPlace::Taken { participation: self.participation, quota });
        }
        self.held = self.held.saturating_add(u32::try_from(delegates.len()).unwrap_or(u32::MAX));
        self.waiting.retain(|waiting| !delegates.contains(&waiting.delegate));
        Ok(())
    }

    /// Takes those whose offer has lapsed off the list and offers what is free to those who are next. Gives who has
    /// lapsed and who was offered a place.
    pub fn offer(&mut self, now: Timestamp, patience: SignedDuration) -> (Vec<DelegateId>, Vec<DelegateId>) {
        let lapsed: Vec<_> =
            self.waiting.iter().filter(|waiting| waiting.has_lapsed(now)).map(|w| w.delegate).collect();
        self.waiting.retain(|waiting| !waiting.has_lapsed(now));
        let free = usize::try_from(self.free(now)).unwrap_or(usize::MAX);
        let next = self.waiting.iter_mut().filter(|waiting| waiting.offered_until.is_none()).take(free);
        let offered = next.map(|waiting| {
            waiting.offered_until = Some(now + patience);
            waiting.delegate
        });
        let offered = offered.collect();
        (lapsed, offered)
    }

    /// Puts the list in this order. Who is new waits; who is not named leaves it; an offer once made stays.
    pub fn rank(&mut self, order: &[DelegateId]) {
        let known = std::mem::take(&mut self.waiting);
        let fresh = |delegate: DelegateId| Waiting { delegate, offered_until: None };
        let place = |delegate: &DelegateId| known.iter().find(|waiting| waiting.delegate == *delegate).copied();
        self.waiting = order.iter().map(|delegate| place(delegate).unwrap_or_else(|| fresh(*delegate))).collect();
    }

    fn offer_of(&self, delegate: DelegateId) -> Option<&Waiting> {
        self.waiting.iter().find(|waiting| waiting.delegate == delegate)
    }
}

/// The order of a waiting list, as it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WaitingListInput {
    /// The kind of places they wait for.
    pub participation: Participation,
    /// Delegates of the delegation who are nominated to take part in this way, first in line first. Who is not named
    /// leaves the list.
    #[schemars(length(max = MOST_WAITING))]
    pub delegate_ids: Vec<Handle>,
}

/// Somebody on a waiting list, as it is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "WaitingDelegate")]
pub struct WaitingAnswer {
    /// Who.
    pub delegate_id: DelegateId,
    /// 1 is next in line.
    pub rank: u32,
    /// While a place is held for them: first instant at which it no longer is. Submit the delegate to take it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offered_until: Option<Timestamp>,
}

/// The places of one kind in one delegation, as they are answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "DelegationPlaces")]
pub struct PlacesAnswer {
    /// Of what kind.
    pub participation: Participation,
    /// How many there are; absent where as many come as want.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quota: Option<u32>,
    /// How many delegates hold one: those who are submitted, under review, approved or on hold.
    pub held: u32,
    /// How many are held for somebody who was offered one.
    pub offered: u32,
    /// Who waits, first in line first.
    pub waiting: Vec<WaitingAnswer>,
}

impl Places {
    /// As they are answered at `now`.
    pub fn answer(&self, now: Timestamp) -> PlacesAnswer {
        let waiting = (1..).zip(&self.waiting).map(|(rank, waiting)| WaitingAnswer {
            delegate_id: waiting.delegate,
            rank,
            offered_until: waiting.offered_until.filter(|_| waiting.is_offered(now)),
        });
        let waiting: Vec<_> = waiting.collect();
        let offered = waiting.iter().filter(|waiting| waiting.offered_until.is_some()).count();
        let offered = u32::try_from(offered).unwrap_or(u32::MAX);
        PlacesAnswer { participation: self.participation, quota: self.quota, held: self.held, offered, waiting }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    const PATIENCE: SignedDuration = SignedDuration::from_secs(100);

    fn who(number: u128) -> DelegateId {
        DelegateId(Uuid::from_u128(number))
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn places(quota: u32, held: u32, waiting: &[u128]) -> Places {
        let waiting = waiting.iter().map(|number| Waiting { delegate: who(*number), offered_until: None }).collect();
        Places { participation: Participation::InPerson, quota: Some(quota), held, waiting }
    }

    #[test]
    fn a_place_that_was_offered_is_held_until_the_offer_lapses() {
        let mut places = places(2, 1, &[7, 8]);
        assert_eq!(places.offer(at(0), PATIENCE), (vec![], vec![who(7)]));
        assert_eq!(places.take(&[who(9)], at(50)).unwrap_err().code(), "quota_reached");
        assert_eq!(places.take(&[who(8)], at(50)).unwrap_err().code(), "quota_reached");
        let mut taken = places.clone();
        assert_eq!(taken.take(&[who(7)], at(99)), Ok(()));
        assert_eq!((taken.held, taken.free(at(99))), (2, 0));
        assert_eq!(places.offer(at(100), PATIENCE), (vec![who(7)], vec![who(8)]));
    }

    #[test]
    fn without_a_number_there_is_no_end() {
        let mut open = Places { quota: None, ..places(0, 5, &[]) };
        assert_eq!(open.take(&[who(1), who(2)], at(0)), Ok(()));
        let own = Quota { online: Some(3), ..Quota::default() };
        let general = Quota { in_person: Some(4), online: Some(9), overflow: None };
        assert_eq!(own.or(general), Quota { in_person: Some(4), online: Some(3), overflow: None });
    }

    #[test]
    fn a_new_order_keeps_the_offers_made() {
        let mut places = places(1, 0, &[1, 2, 3]);
        places.offer(at(0), PATIENCE);
        places.rank(&[who(3), who(1), who(4)]);
        let order: Vec<_> = places.waiting.iter().map(|waiting| waiting.delegate).collect();
        assert_eq!(order, [who(3), who(1), who(4)]);
        assert!(places.waiting[1].is_offered(at(1)));
    }

    #[derive(Debug, Clone)]
    enum Step {
        Submit(u128),
        Leave,
        Wait(u128),
        Tick(i64),
        Quota(u32),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (0u128..8).prop_map(Step::Submit),
            Just(Step::Leave),
            (0u128..8).prop_map(Step::Wait),
            (1i64..150).prop_map(Step::Tick),
            (0u32..4).prop_map(Step::Quota),
        ]
    }

    proptest! {
        /// A quota that is lowered takes nobody's place away, nor a place that was offered; otherwise there never are more.
        #[test]
        fn a_quota_is_never_exceeded_and_the_order_of_the_list_is_kept(steps in proptest::collection::vec(step(), 0..60)) {
            let (mut places, mut now) = (places(2, 0, &[]), 0);
            let out = |places: &Places, now| {
                places.held + u32::try_from(places.waiting.iter().filter(|w| w.is_offered(at(now))).count()).unwrap()
            };
            for step in steps {
                let before = out(&places, now);
                match step {
                    Step::Submit(number) => drop(places.take(&[who(number)], at(now))),
                    Step::Leave => places.held = places.held.saturating_sub(1),
                    Step::Wait(number) => {
                        let mut order: Vec<_> = places.waiting.iter().map(|waiting| waiting.delegate).collect();
                        if !order.contains(&who(number)) { order.push(who(number)); }
                        places.rank(&order);
                    }
                    Step::Tick(seconds) => now += seconds,
                    Step::Quota(quota) => places.quota = Some(quota),
                }
                let (_, offered) = places.offer(at(now), PATIENCE);
                prop_assert!(out(&places, now) <= before.max(places.quota.unwrap_or(u32::MAX)));
                // Nobody is passed over: whoever was offered a place stood before all who still wait without one.
                if let (Some(last), Some(first)) = (
                    places.waiting.iter().rposition(|w| offered.contains(&w.delegate)),
                    places.waiting.iter().position(|w| w.offered_until.is_none()),
                ) {
                    prop_assert!(last < first);
                }
                // Whoever waits while a place is free was offered it.
                prop_assert!(places.free(at(now)) == 0 || places.waiting.iter().all(|w| w.offered_until.is_some()));
            }
        }
    }
}
