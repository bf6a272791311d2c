//! How far an object may travel: who may see it, and with which label it goes.

use super::AudienceId;
use crate::{Check, Violation, identifier::Handle};

crate::words! {
    /// Who may see an object, from the widest circle to the narrowest. `parties`, `own_delegation` and `named` are no
    /// circles: they mean whom the object names. What is not understood is shown to nobody.
    #[derive(Default)]
    pub enum Visibility {
        /// Everybody, without signing in.
        Public = "public",
        /// Everybody who gives a name: whoever has an account or a key.
        SignedIn = "signed_in",
        /// The organisations it names, such as the sides of a bilateral meeting: whoever acts for one of them.
        Parties = "parties",
        /// The one organisation it names: whoever acts for that.
        OwnDelegation = "own_delegation",
        /// The persons it names, when they have signed in.
        Named = "named",
        /// Organisations that are in the group, observers included, or have a delegation at the event, and whoever is
        /// in a delegation there.
        Participants = "participants",
        /// Organisations that belong to the group, which observers, partners and the invited do not.
        Members = "members",
        /// The chair and the co-chairs of the group.
        Chairs = "chairs",
        /// The secretariat, administrators and auditors.
        #[default]
        Secretariat = "secretariat",
    }
}

impl Visibility {
    /// Whether it means those whom the object names.
    pub fn names_few(self) -> bool {
        matches!(self, Self::Parties | Self::OwnDelegation | Self::Named)
    }

    /// The circle among which those who see the object are looked for: the few are some of those who give a name.
    pub fn circle(self) -> Self {
        if self.names_few() { Self::SignedIn } else { self }
    }

    /// Who may see something inside an object seen by `outer`, where `self` was said of it: never more, because both
    /// have to let somebody in.
    pub fn inside(self, outer: Self) -> Self {
        if self.names_few() { self } else { self.max(outer.circle()) }
    }
}

crate::words! {
    /// A label of the Traffic Light Protocol 2.0 (FIRST, August 2022), the widest first: how far those who see an
    /// object may pass it on, and so which ways out it may take at all.
    pub enum Tlp {
        /// There is no limit.
        Clear = "clear",
        /// Within the community of those who take part.
        Green = "green",
        /// Within their organisations, and to those for whom these work, as far as they need to know.
        Amber = "amber",
        /// Within their organisations only.
        AmberStrict = "amber+strict",
        /// To nobody: for the eyes and ears of those it was given to.
        Red = "red",
    }
}

impl Tlp {
    /// The label of what nobody has labelled, by who may see it.
    pub fn of(visibility: Visibility) -> Self {
        match visibility {
            Visibility::Public => Self::Clear,
            Visibility::SignedIn | Visibility::Participants | Visibility::Members => Self::Green,
            Visibility::Parties | Visibility::OwnDelegation | Visibility::Named => Self::Amber,
            Visibility::Chairs | Visibility::Secretariat => Self::Amber,
        }
    }

    /// This label and all wider ones: what passes under a ceiling.
    pub fn and_wider(self) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |label| *label <= self)
    }
}

/// Who may see an object, and its label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disclosure {
    /// Who may see it.
    pub visibility: Visibility,
    /// How far it may be passed on.
    pub tlp: Tlp,
    /// Whom it names.
    pub audience: Option<AudienceId>,
    /// Whom its event names.
    pub event_audience: Option<AudienceId>,
}

impl Disclosure {
    /// That of what nobody has labelled and what names nobody.
    pub fn of(visibility: Visibility) -> Self {
        Self { visibility, tlp: Tlp::of(visibility), audience: None, event_audience: None }
    }

    /// That of an object with this label, if it has one, which names these.
    pub fn new(visibility: Visibility, tlp: Option<Tlp>, audience: &[Handle]) -> Self {
        let unlabelled = Self::of(visibility);
        Self { tlp: tlp.unwrap_or(unlabelled.tlp), audience: AudienceId::of(audience), ..unlabelled }
    }

    /// With the label that is asked for. One that is not spoken of stays, and one that only followed from who may see
    /// the object goes on following: a label that somebody chose is never lowered by the way.
    pub fn settle(visibility: Visibility, asked: Option<Tlp>, before: Option<Self>) -> Self {
        let kept = before.filter(|before| asked.is_none_or(|asked| asked == before.tlp));
        let tlp = match kept {
            Some(before) if before.tlp == Tlp::of(before.visibility) => Tlp::of(visibility),
            Some(before) => before.tlp,
            None => asked.unwrap_or(Tlp::of(visibility)),
        };
        Self { tlp, ..Self::of(visibility) }
    }

    /// What has to hold for both this and the event around it to be seen: the narrower circle and label, and to be
    /// among those whom either names.
    pub fn within(self, event: Self) -> Self {
        Self {
            visibility: self.visibility.circle().max(event.visibility.circle()),
            tlp: self.tlp.max(event.tlp),
            audience: self.audience,
            event_audience: event.audience,
        }
    }

    /// The same for `least` and narrower circles only.
    pub fn at_least(self, least: Visibility) -> Self {
        Self { visibility: self.visibility.circle().max(least), ..self }
    }

    /// Refuses a label that contradicts who may see the object.
    pub fn check(self, check: &mut Check) {
        check.require(
            self.visibility != Visibility::Public || self.tlp == Tlp::Clear,
            "/tlp",
            "public_is_clear",
            format!(
                "Everybody would see what is labelled TLP:{}. Set tlp to 'clear', or show it to fewer.",
                self.shout()
            ),
        );
    }

    /// As [`check`](Self::check), by itself.
    pub fn checked(self) -> Result<Self, Vec<Violation>> {
        let mut check = Check::new();
        self.check(&mut check);
        check.finish().map(|()| self)
    }

    fn shout(self) -> String {
        self.tlp.as_str().to_uppercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Visibility::{Participants, Public, Secretariat};

    #[test]
    fn a_label_nobody_chose_follows_who_may_see_the_object() {
        let before = Disclosure::of(Participants);
        assert_eq!(before.tlp, Tlp::Green);
        for asked in [None, Some(Tlp::Green)] {
            assert_eq!(Disclosure::settle(Public, asked, Some(before)).tlp, Tlp::Clear);
            assert_eq!(Disclosure::settle(Secretariat, asked, Some(before)).tlp, Tlp::Amber);
        }
    }

    #[test]
    fn a_label_somebody_chose_is_only_lowered_by_saying_so() {
        let before = Disclosure::new(Participants, Some(Tlp::Red), &[]);
        assert_eq!(Disclosure::settle(Participants, None, Some(before)), before);
        assert_eq!(Disclosure::settle(Secretariat, Some(Tlp::Red), Some(before)).tlp, Tlp::Red);
        assert_eq!(Disclosure::settle(Participants, Some(Tlp::Green), Some(before)).tlp, Tlp::Green);
        assert!(Disclosure::settle(Public, None, Some(before)).checked().is_err());
    }

    #[test]
    fn what_lies_inside_is_seen_by_no_more() {
        use Visibility::{Members, Named, Parties, SignedIn};
        assert_eq!((Public.inside(Members), Secretariat.inside(Members)), (Members, Secretariat));
        // The few of an event let their own in; the few of a session have to see the event as well.
        assert_eq!((Public.inside(Parties), Named.inside(Members)), (SignedIn, Named));
        let members = |n| [Handle::Id(uuid::Uuid::from_u128(n))];
        let (session, event) = (Disclosure::new(Named, None, &members(1)), Disclosure::new(Members, None, &[]));
        let both = session.within(event);
        assert_eq!((both.visibility, both.tlp), (Members, Tlp::Amber));
        assert_eq!((both.audience, both.event_audience), (session.audience, None));
        assert_eq!(event.within(session).event_audience, session.audience);
    }

    #[test]
    fn what_only_chairs_may_know_names_the_few_all_the_same() {
        use Visibility::{Chairs, Named};
        let named = Disclosure::new(Named, None, &[Handle::Id(uuid::Uuid::from_u128(1))]);
        let kept = named.at_least(Chairs);
        assert_eq!((kept.visibility, kept.tlp, kept.audience), (Chairs, named.tlp, named.audience));
        assert_eq!(Disclosure::of(Secretariat).at_least(Chairs).visibility, Secretariat);
        assert_eq!(Disclosure::of(Public).at_least(Participants).visibility, Participants);
    }

    #[test]
    fn strict_amber_lies_between_amber_and_red() {
        let passing: Vec<_> = Tlp::AmberStrict.and_wider().map(Tlp::as_str).collect();
        assert_eq!(passing, ["clear", "green", "amber", "amber+strict"]);
    }
}
