//! Audit entries, written with the changes they are about.
//!
//! What is about a person stands in rows beside the entry, by whom it is about; so does everything that is said of a
//! sealed group and what is in it. See `domain::audit`.

use std::collections::{BTreeMap, HashSet};

use ::entity::{
    audit::{audit_entry, audit_value},
    events::event,
    groups::seal,
};
use domain::{
    access::Principal,
    audit::{ACTOR_NAME, ADDRESS, Diff, ERASED, Kept, SALT_BYTES, Split, aside, normalised, split, stands_aside},
};
use jiff::Timestamp;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Query};
use serde_json::Value;
use uuid::Uuid;

use super::{
    Db, Tx, to_chrono, to_json,
    transaction::{Change, chunks},
};
use crate::{context::Ctx, error::Error};

impl Tx {
    /// Writes an entry for each change, numbered from `first`.
    pub(super) async fn audit_insert(&self, changes: &[Change], first: i64) -> Result<(), Error> {
        let position = self.new_id()?;
        let (mut entries, mut values) = (vec![], vec![]);
        let sealed = self.sealed_among(changes).await?;
        for (change, seq) in changes.iter().zip(first..) {
            let Split { plain, personal } = split(change.object_kind(), normalised(change.diff.clone()));
            let mut beside = self.values_of(change, seq, personal)?;
            let place = change.group.or(change.event).filter(|_| stands_aside(change.kind));
            let plain = match place.filter(|_| place_of(change).any(|id| sealed.contains(&id))) {
                None => plain,
                Some(place) => {
                    beside.extend(self.all_kept(seq, place, aside(plain))?);
                    Diff::new()
                }
            };
            entries.push(self.entry(change, seq, position, (plain, &beside))?);
            values.extend(beside);
        }
        for entries in chunks(entries) {
            audit_entry::Entity::insert_many(entries).exec_without_returning(&self.inner).await?;
        }
        for values in chunks(values.into_iter().map(row).collect()) {
            audit_value::Entity::insert_many(values).exec_without_returning(&self.inner).await?;
        }
        Ok(())
    }

    /// The sealed groups that these changes are about, and their events.
    async fn sealed_among(&self, changes: &[Change]) -> Result<HashSet<Uuid>, Error> {
        let places: HashSet<Uuid> = changes.iter().flat_map(place_of).collect();
        if places.is_empty() {
            return Ok(places);
        }
        let seals = seal::Entity::find().select_only().column(seal::Column::GroupId);
        let sealed: HashSet<Uuid> = seals.into_tuple().all(&self.inner).await?.into_iter().collect();
        if sealed.is_empty() {
            return Ok(sealed);
        }
        let events = event::Entity::find()
            .select_only()
            .column(event::Column::Id)
            .filter(event::Column::GroupId.is_in(sealed.iter().copied()))
            .filter(event::Column::Id.is_in(places));
        let events: Vec<Uuid> = events.into_tuple().all(&self.inner).await?;
        Ok(sealed.into_iter().chain(events).collect())
    }

    /// Deletes the values about everybody whom these changes erase, those written just now included.
    pub(super) async fn values_erase(&self, changes: &[Change]) -> Result<(), Error> {
        let subjects: Vec<_> = changes.iter().filter(|change| change.kind == ERASED).map(|change| change.id).collect();
        if subjects.is_empty() {
            return Ok(());
        }
        let about = audit_value::Column::Subject.is_in(subjects);
        audit_value::Entity::delete_many().filter(about).exec(&self.inner).await?;
        Ok(())
    }

    fn entry(
        &self,
        change: &Change,
        seq: i64,
        position: Uuid,
        (diff, beside): (Diff, &[Kept]),
    ) -> Result<audit_entry::ActiveModel, Error> {
        let actor = &self.origin.actor;
        let (actor_kind, actor_id) = actor_of(&actor.principal);
        let commitments: BTreeMap<_, _> = beside.iter().map(|kept| (kept.field.as_str(), kept.commitment())).collect();
        Ok(audit_entry::ActiveModel {
            seq: Set(seq),
            id: Set(self.new_id()?),
            position: Set(position),
            at: Set(to_chrono(self.origin.now)),
            actor_kind: Set(actor_kind.to_owned()),
            actor_id: Set(actor_id),
            actor_name: Set(actor_id.is_none().then(|| self.author())),
            on_behalf_of: Set(actor.organisation.map(Into::into)),
            via: Set(self.origin.via.to_owned()),
            instance: Set(self.origin.instance.clone()),
            action: Set(change.kind.to_owned()),
            object_kind: Set(change.object_kind().to_owned()),
            object_id: Set(change.id),
            event_id: Set(change.event),
            group_id: Set(change.group),
            organisation_id: Set(change.organisation),
            visibility: Set(change.disclosure.visibility.circle().to_string()),
            audience_id: Set(change.disclosure.audience.map(|audience| audience.0)),
            event_audience_id: Set(change.disclosure.event_audience.map(|audience| audience.0)),
            tlp: Set(change.disclosure.tlp.to_string()),
            diff: Set(Value::Object(diff)),
            personal: Set(to_json(&commitments)?),
            request_id: Set(self.origin.request_id.clone()),
        })
    }

    /// The rows beside the entry: members about the person the change is about, and what is known of the actor.
    fn values_of(&self, change: &Change, seq: i64, personal: Diff) -> Result<Vec<Kept>, Error> {
        let mut rows = self.all_kept(seq, change.subject.unwrap_or(change.id), personal)?;
        let (_, actor) = actor_of(&self.origin.actor.principal);
        if let Some(actor) = actor {
            rows.push(self.kept(seq, ACTOR_NAME.to_owned(), actor, Value::from(self.author()))?);
        }
        if let Some(address) = &self.origin.address {
            // Of somebody without a name the address is all there is; it is erased by the id of the object.
            let subject = actor.unwrap_or(change.id);
            rows.push(self.kept(seq, ADDRESS.to_owned(), subject, Value::from(address.as_str()))?);
        }
        Ok(rows)
    }

    fn all_kept(&self, seq: i64, subject: Uuid, fields: Diff) -> Result<Vec<Kept>, Error> {
        fields.into_iter().map(|(field, value)| self.kept(seq, field, subject, value)).collect()
    }

    fn kept(&self, seq: i64, field: String, subject: Uuid, value: Value) -> Result<Kept, Error> {
        Ok(Kept::new(seq, field, subject, &self.origin.entropy.bytes::<SALT_BYTES>()?, value))
    }
}

fn row(kept: Kept) -> audit_value::ActiveModel {
    let Kept { seq, field, subject, salt, value } = kept;
    audit_value::Model { entry_seq: seq, field, subject, salt, value }.into()
}

impl Db {
    /// Deletes the network addresses of what happened before `horizon`; gives how many.
    pub async fn addresses_expire(&self, horizon: Timestamp) -> Result<u64, Error> {
        let old = Query::select()
            .column(audit_entry::Column::Seq)
            .from(audit_entry::Entity)
            .and_where(audit_entry::Column::At.lt(to_chrono(horizon)))
            .to_owned();
        let expired = audit_value::Entity::delete_many()
            .filter(audit_value::Column::Field.eq(ADDRESS))
            .filter(audit_value::Column::EntrySeq.in_subquery(old));
        Ok(expired.exec(self.write()).await?.rows_affected)
    }
}

impl Tx {
    /// The account or key of whoever writes, for revisions and versions.
    pub fn author_id(&self) -> Option<Uuid> {
        actor_of(&self.origin.actor.principal).1
    }
}

impl Ctx {
    /// The account or key of the caller, as [`Tx::author_id`] keeps it.
    pub fn author_id(&self) -> Option<Uuid> {
        actor_of(&self.actor.principal).1
    }
}

/// How the log names a principal: its kind and its id.
fn actor_of(principal: &Principal) -> (&'static str, Option<Uuid>) {
    match principal {
        Principal::Anonymous => ("anonymous", None),
        Principal::Key { id, .. } => ("key", Some(*id)),
        Principal::Session { account, .. } | Principal::Subscriber { account } => ("account", Some(*account)),
        Principal::Console => ("console", None),
    }
}

/// The group and the event that a change is about.
fn place_of(change: &Change) -> impl Iterator<Item = Uuid> {
    change.group.into_iter().chain(change.event)
}
