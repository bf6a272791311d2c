//! The names in the sentences about clashes, as far as the reader may know them.

use std::collections::{HashMap, HashSet};

use domain::{
    Language, Text,
    identifier::{DelegationId, EventId, PersonId},
    schedule::clashes::{Finding, Subject, phrase},
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::{Read, store};
use crate::{context::Ctx, error::Error, events::sittings, organisations, people};

/// What a reader knows of those whom clashes of an event are about. Which sessions there are besides is told to nobody,
/// and who is protected is told by nothing but what they do.
#[derive(Debug)]
pub(super) struct Names {
    seen: HashSet<Uuid>,
    persons: HashMap<PersonId, String>,
    delegations: HashMap<DelegationId, String>,
}

impl Names {
    /// Those of `subjects`, in a fixed number of queries.
    pub(super) async fn of(
        connection: &impl ConnectionTrait,
        ctx: &Ctx,
        event: EventId,
        subjects: HashSet<Subject>,
    ) -> Result<Self, Error> {
        let (mut persons, mut delegations) = (vec![], vec![]);
        for subject in subjects {
            match subject {
                Subject::Person(id) => persons.push(id),
                Subject::Delegation(id) => delegations.push(id),
                _ => {}
            }
        }
        let persons = people::names_of(ctx, persons).await?;
        let of_delegations = store::organisations_of_delegations(connection, delegations).await?;
        let organisations = organisations::names_of(ctx, of_delegations.values().copied(), ctx.now).await?;
        let english = Language::english();
        let called = |(id, organisation)| {
            let (code, names) = organisations.get(&organisation)?;
            let name = names.text(ctx.languages.first().unwrap_or(&english));
            Some((id, name.map_or_else(|| code.to_string(), str::to_owned)))
        };
        Ok(Self {
            seen: sittings::sessions_seen(connection, &ctx.actor, event.0).await?,
            persons: persons.into_iter().map(|(id, names)| (id, names.at(ctx.now).to_owned())).collect(),
            delegations: of_delegations.into_iter().filter_map(called).collect(),
        })
    }

    /// Whether the reader sees every session that `finding` is about.
    pub(super) fn sees_whole(&self, finding: &Finding) -> bool {
        finding.sessions().all(|id| self.seen.contains(&id.0))
    }

    /// What the reader may know of `finding` in the programme `read`, and the sentence about it; nothing of what is hidden
    /// from them as a whole.
    pub(super) fn told(&self, ctx: &Ctx, read: &Read, finding: &Finding) -> Option<(Finding, String)> {
        let mut shown = finding.for_reader(|id| self.seen.contains(&id.0))?;
        let language = ctx.languages.first().cloned().unwrap_or_else(Language::english);
        let message = phrase(&shown, &language, |subject| self.name(ctx, read, subject));
        shown.subjects.retain(|subject| !matches!(subject, Subject::Person(id) if !self.persons.contains_key(id)));
        Some((shown, message))
    }

    fn name(&self, ctx: &Ctx, read: &Read, subject: Subject) -> Option<String> {
        let say = |text: &Text| text.resolve(&ctx.languages).map(|(_, words)| words.to_owned());
        match subject {
            Subject::Session(id) if self.seen.contains(&id.0) => {
                let session = &read.sessions.iter().find(|session| session.id == id.0)?.content;
                Some(format!("{} {}", session.number, say(&session.details.title)?))
            }
            Subject::Room(id) => say(&read.rooms.get(&id.0)?.name),
            Subject::Person(id) => self.persons.get(&id).cloned(),
            Subject::Delegation(id) => self.delegations.get(&id).cloned(),
            _ => None,
        }
    }
}

/// Whom `findings` are about.
pub(super) fn subjects<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> HashSet<Subject> {
    findings.into_iter().flat_map(|finding| finding.subjects.iter().copied()).collect()
}
