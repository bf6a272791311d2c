//! How far an object may travel: who may see it, and with which label it goes.

use crate::{Check, Violation};

crate::words! {
    /// Who may see an object, from the widest circle to the narrowest. What is not understood is shown to nobody.
    #[derive(Default)]
    pub enum Visibility {
        /// Everybody, without signing in.
        Public = "public",
        /// Everybody who gives a name: whoever has an account or a key.
        SignedIn = "signed_in",
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
}

impl Disclosure {
    /// That of what nobody has labelled.
    pub fn of(visibility: Visibility) -> Self {
        Self { visibility, tlp: Tlp::of(visibility) }
    }

    /// With the label that is asked for. One that is not spoken of stays, and one that only followed from who may see
    /// the object goes on following: a label that somebody chose is never lowered by the way.
    pub fn settle(visibility: Visibility, asked: Option<Tlp>, before: Option<Self>) -> Self {
        let kept = before.filter(|before| asked.is_none_or(|asked| asked == before.tlp));
        let tlp = match kept {
            Some(before) if before == Self::of(before.visibility) => Tlp::of(visibility),
            Some(before) => before.tlp,
            None => asked.unwrap_or(Tlp::of(visibility)),
        };
        Self { visibility, tlp }
    }

    /// No wider than `other` in either respect.
    pub fn narrowed_to(self, other: Self) -> Self {
        Self { visibility: self.visibility.max(other.visibility), tlp: self.tlp.max(other.tlp) }
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
        let before = Disclosure { visibility: Participants, tlp: Tlp::Red };
        assert_eq!(Disclosure::settle(Participants, None, Some(before)), before);
        assert_eq!(Disclosure::settle(Secretariat, Some(Tlp::Red), Some(before)).tlp, Tlp::Red);
        assert_eq!(Disclosure::settle(Participants, Some(Tlp::Green), Some(before)).tlp, Tlp::Green);
        assert!(Disclosure::settle(Public, None, Some(before)).checked().is_err());
    }

    #[test]
    fn strict_amber_lies_between_amber_and_red() {
        let passing: Vec<_> = Tlp::AmberStrict.and_wider().map(Tlp::as_str).collect();
        assert_eq!(passing, ["clear", "green", "amber", "amber+strict"]);
    }
}
