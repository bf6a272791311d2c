//! What is said of a session, and what answers say of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Kind, Placement, Requirements, Slot, State};
use crate::{
    Check, Code, Language, Text, Violation,
    access::{Disclosure, Tlp, Visibility, audience},
    events::Event,
    external::{self, ExternalId},
    identifier::{Handle, SessionId},
    language::{check_languages, search_key},
    time::WallTime,
};

/// Groups that sit with another at most.
const MOST_GROUPS: usize = 20;

/// What the secretariat says of a session, which is one sitting of it: a meeting of two days is a session with several, of
/// which the first leads. See [`Details::as_sitting_of`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SessionDetails")]
pub struct Details {
    /// The event it belongs to, for good.
    pub event_id: Handle,
    /// The session of which it is a further sitting, for good. What all sittings share is said of that one: everything
    /// but time, room, planned length and ids in partner systems.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sitting_of: Option<SessionId>,
    /// What it is.
    pub kind: Kind,
    /// What it is called.
    pub title: Text,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Text>,
    /// Code of the event's track it is part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub track: Option<Code>,
    /// The group that sits, where it is not the event's or only a part of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_id: Option<Handle>,
    /// Groups that sit with that one, in a joint session. It is in their lists and calendars too; who may see it, the
    /// event and the session itself decide.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 20))]
    pub joint_group_ids: Vec<Handle>,
    /// Where it sits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_id: Option<Handle>,
    /// When it sits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placement: Option<Placement>,
    /// Its languages; none means those of the event.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub languages: Vec<Language>,
    /// What it needs of its room and of those who serve it.
    #[serde(default, skip_serializing_if = "Requirements::is_empty")]
    pub requirements: Requirements,
    /// Who may see it; left out, those who may see the event. Never more than those.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visibility: Option<Visibility>,
    /// Whom `parties`, `own_delegation` and `named` mean: organisations for the first two, persons for the last.
    /// Those of them see it who see the event.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 200))]
    pub audience_ids: Vec<Handle>,
    /// How far those who see it may pass it on. Left out, it follows from who may see it, and is never wider than
    /// that of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tlp: Option<Tlp>,
    /// Its ids in partner systems.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub external_ids: Vec<ExternalId>,
}

/// A session as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Session {
    /// What the secretariat says of it.
    #[serde(flatten)]
    pub details: Details,
    /// What people call it within its event: "session 14". Never given twice.
    pub number: i32,
    /// Where it stands.
    pub state: State,
    /// Whether people were ever told of it. Until then its chairs and the secretariat alone see it.
    pub announced: bool,
    /// Why it was cancelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancel_reason: Option<String>,
    /// Rises whenever time, place or status change, so that calendars know which of two copies is newer (SEQUENCE of
    /// RFC 5545, 3.8.7.4).
    pub sequence: i32,
    /// What calendars know it by, for its whole life (UID of RFC 5545, 3.8.4.7).
    pub uid: String,
    /// When it begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<WallTime>,
    /// The first instant at which it is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<WallTime>,
    /// Room, venue and city on one line, the room by its neutral label where it has one; in the language asked for or
    /// the event's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}

impl Details {
    /// The session's slot in `event`, once nothing is wrong with what is said of it. What it says of track, visibility,
    /// label and placement is put into its final form; `before` is what it said until now.
    pub fn settle(&mut self, event: &Event, before: Option<&Self>) -> Result<Option<Slot>, Vec<Violation>> {
        let mut check = Check::new();
        self.check_words(&mut check);
        if let Some(code) = &mut self.track {
            match event.details.track(code) {
                Some(track) => *code = track.code.clone(),
                None => drop(check.add(Violation::new("/track", "unknown_track", "Name a track of the event."))),
            }
        }
        let widest = event.details.visibility;
        let visibility = *self.visibility.get_or_insert(widest.circle());
        audience::check(visibility, &self.audience_ids, &mut check);
        check.require(
            visibility == visibility.inside(widest),
            "/visibility",
            "wider_than_event",
            format!(
                "The event is seen by '{widest}'. Show the session to no more than those, or open the event first."
            ),
        );
        self.settle_label(event, before.map(Self::disclosure), &mut check);
        let slot = self.placement.as_ref().and_then(|placement| check.take(Slot::read(placement, event)));
        check.finish()?;
        self.placement = slot.as_ref().map(Slot::placement);
        Ok(slot)
    }

    fn settle_label(&mut self, event: &Event, before: Option<Disclosure>, check: &mut Check) {
        let widest = event.details.disclosure().tlp;
        check.require(
            self.tlp.is_none_or(|said| said >= widest),
            "/tlp",
            "wider_than_event",
            format!("The event is labelled '{widest}'. Label the session no wider, or lower the event's label first."),
        );
        let own = Disclosure::settle(self.visibility.unwrap_or_default(), self.tlp, before);
        own.check(check);
        self.tlp = Some(own.tlp.max(widest));
    }

    /// Who may see it once it was announced, and its label.
    pub fn disclosure(&self) -> Disclosure {
        let visibility = self.visibility.unwrap_or_default();
        Disclosure::new(visibility, self.tlp, &self.audience_ids)
    }

    /// The same of a session that was announced or was not: what nobody was told of yet is seen by no more than the
    /// chairs and the secretariat, who plan it.
    pub(super) fn disclosure_as_it_stands(&self, announced: bool) -> Disclosure {
        let said = self.disclosure();
        match announced {
            true => said,
            // The chairs may not be among those few.
            false if said.visibility.names_few() => said.at_least(Visibility::Secretariat),
            false => said.at_least(Visibility::Chairs),
        }
    }

    fn check_words(&self, check: &mut Check) {
        check.take(self.title.check("/title", 300));
        if let Some(description) = &self.description {
            check.take(description.check("/description", 10_000));
        }
        check_languages(&self.languages, check);
        self.check_groups(check);
        self.requirements.check("/requirements", check);
        external::check(&self.external_ids, check);
    }

    fn check_groups(&self, check: &mut Check) {
        let joint = &self.joint_group_ids;
        check.require(joint.len() <= MOST_GROUPS, "/joint_group_ids", "too_many", "Name at most 20 groups.");
        check.require(
            joint.is_empty() || self.group_id.is_some(),
            "/group_id",
            "no_lead_group",
            "Say which group leads the joint session.",
        );
        let all: Vec<&Handle> = self.group_id.iter().chain(joint).collect();
        let repeated = all.iter().enumerate().any(|(at, group)| all[..at].contains(group));
        check.require(
            !repeated,
            "/joint_group_ids",
            "repeated",
            "Name each group once; the one that leads is not repeated.",
        );
    }

    /// The groups that sit: the one that leads, then those that sit with it.
    pub fn groups(&self) -> impl Iterator<Item = &Handle> {
        self.group_id.iter().chain(&self.joint_group_ids)
    }

    /// Titles and descriptions folded for searching.
    pub fn search_key(&self) -> String {
        let texts = [Some(&self.title), self.description.as_ref()];
        let words: Vec<_> = texts.into_iter().flatten().flat_map(|text| text.0.values()).map(String::as_str).collect();
        search_key(&words.join(" "))
    }
}

impl Session {
    /// Who may see it as it stands, and its label.
    pub fn disclosure(&self) -> Disclosure {
        self.details.disclosure_as_it_stands(self.announced)
    }
}
