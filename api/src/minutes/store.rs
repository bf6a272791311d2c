//! Queries of minutes. Who may see them is decided where their session is found and by what the use cases ask of the
//! event; corrections are narrowed here to the delegations that are named.

use ::entity::{
    attendance::delegation,
    minutes::{correction, minutes, revision},
    statements::statement,
};
use domain::{
    Language, Text,
    access::Visibility,
    identifier::{DelegationId, OrganisationId, SessionId},
    minutes::{Correction, CorrectionState, Minutes, Part, Proposal, Section, State},
    statements,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    prelude::Json,
};
use uuid::Uuid;

use super::Revision;
use crate::{
    db::{
        self, Page, Paging, Tx, Visible, from_chrono, from_chrono_opt, from_json, page_by_number, page_of, to_chrono,
        to_chrono_opt, to_json,
    },
    error::Error,
};

/// A text that was before a session.
#[derive(Debug, Clone)]
pub struct Titled {
    /// Its title.
    pub title: Text,
    /// Whether the session adopted it.
    pub adopted: bool,
}

/// The minutes of a session.
pub async fn minutes_find(connection: &impl ConnectionTrait, session: Uuid) -> Result<Option<Visible<Minutes>>, Error> {
    let select = minutes::Entity::find().filter(minutes::Column::SessionId.eq(session));
    let row = select.filter(minutes::Column::DeletedAt.is_null()).one(connection).await?;
    match row {
        Some(row) => Ok(Some(with_text(connection, row).await?)),
        None => Ok(None),
    }
}

/// Holds the row until the transaction ends; gives the minutes as they are found.
pub async fn minutes_lock(tx: &Tx, id: Uuid) -> Result<Visible<Minutes>, Error> {
    let row = minutes::Entity::find_by_id(id).lock_exclusive().one(tx.connection()).await?.ok_or(Error::Gone)?;
    with_text(tx.connection(), row).await
}

async fn with_text(connection: &impl ConnectionTrait, row: minutes::Model) -> Result<Visible<Minutes>, Error> {
    let text = revision::Entity::find()
        .filter(revision::Column::MinutesId.eq(row.id))
        .filter(revision::Column::Number.eq(row.revision))
        .one(connection)
        .await?
        .ok_or_else(|| Error::internal("minutes without their latest revision"))?;
    Ok(Visible {
        id: row.id,
        version: row.version,
        created_at: from_chrono(row.created_at),
        changed_at: from_chrono(row.changed_at),
        content: Minutes {
            session_id: SessionId(row.session_id),
            state: db::word(&row.state, State::parse)?,
            language: Language::parse(&row.language).unwrap_or_else(Language::english),
            revision: row.revision,
            sections: from_json(text.content)?,
            circulated_at: from_chrono_opt(row.circulated_at),
            corrections_until: from_chrono_opt(row.corrections_until),
            adopted_in: row.adopted_in.map(SessionId),
        },
    })
}

/// Adds minutes with their first revision.
pub async fn minutes_insert(
    tx: &Tx,
    session: Uuid,
    event: Uuid,
    language: Language,
    sections: Vec<Section>,
) -> Result<Visible<Minutes>, Error> {
    let (id, at) = (tx.new_id()?, to_chrono(tx.now()));
    let row = minutes::ActiveModel {
        id: Set(id),
        version: Set(1),
        created_at: Set(at),
        changed_at: Set(at),
        deleted_at: Set(None),
        session_id: Set(session),
        event_id: Set(event),
        state: Set(State::Draft.to_string()),
        language: Set(language.to_string()),
        revision: Set(1),
        circulated_at: Set(None),
        corrections_until: Set(None),
        adopted_in: Set(None),
    };
    minutes::Entity::insert(row).exec_without_returning(tx.connection()).await.map_err(|error| {
        Error::on_unique(error, || {
            Error::conflict("already_drafted", "This session has minutes already. Edit those instead.")
        })
    })?;
    revision_insert(tx, id, 1, &sections).await?;
    minutes_lock(tx, id).await
}

/// Replaces the row by `next`, if its version is still that of `current`; with a new text, as a revision of its own.
pub async fn minutes_update(
    tx: &Tx,
    current: &Visible<Minutes>,
    next: Minutes,
    new_text: bool,
) -> Result<Visible<Minutes>, Error> {
    let version = current.version + 1;
    let row = minutes::ActiveModel {
        version: Set(version),
        changed_at: Set(to_chrono(tx.now())),
        state: Set(next.state.to_string()),
        revision: Set(next.revision),
        circulated_at: Set(to_chrono_opt(next.circulated_at)),
        corrections_until: Set(to_chrono_opt(next.corrections_until)),
        adopted_in: Set(next.adopted_in.map(Uuid::from)),
        ..Default::default()
    };
    let update = minutes::Entity::update_many().set(row).filter(minutes::Column::Id.eq(current.id));
    let done = update.filter(minutes::Column::Version.eq(current.version)).exec(tx.connection()).await?;
    if done.rows_affected != 1 {
        return Err(Error::Stale(None));
    }
    if new_text {
        revision_insert(tx, current.id, next.revision, &next.sections).await?;
    }
    Ok(Visible { version, changed_at: tx.now(), content: next, ..*current })
}

async fn revision_insert(tx: &Tx, id: Uuid, number: i32, sections: &[Section]) -> Result<(), Error> {
    let row = revision::ActiveModel {
        id: Set(tx.new_id()?),
        minutes_id: Set(id),
        number: Set(number),
        content: Set(to_json(&sections)?),
        created_by: Set(tx.author()),
        author_id: Set(tx.author_id()),
        created_at: Set(to_chrono(tx.now())),
    };
    revision::Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// One revision.
pub async fn revision_find(tx: &Tx, minutes: Uuid, number: i32) -> Result<Option<Revision>, Error> {
    let select = revision::Entity::find().filter(revision::Column::MinutesId.eq(minutes));
    let row = select.filter(revision::Column::Number.eq(number)).one(tx.connection()).await?;
    row.map(read_revision).transpose()
}

/// One page of them, oldest first.
pub async fn revision_list(
    connection: &impl ConnectionTrait,
    minutes: Uuid,
    paging: &Paging,
) -> Result<Page<Revision>, Error> {
    let select = revision::Entity::find().filter(revision::Column::MinutesId.eq(minutes));
    let key = |row: &revision::Model| (row.number, row.id);
    page_by_number(connection, select, revision::Column::Number, paging, key).await?.try_map(read_revision)
}

fn read_revision(row: revision::Model) -> Result<Revision, Error> {
    Ok(Revision {
        number: row.number,
        sections: from_json(row.content)?,
        created_by: row.created_by,
        created_at: from_chrono(row.created_at),
    })
}

/// The texts that were before a session and that its delegations know of.
pub async fn titles_before(connection: &impl ConnectionTrait, session: Uuid) -> Result<Vec<Titled>, Error> {
    use statement::Column;
    let known = [Visibility::Public, Visibility::SignedIn, Visibility::Participants].map(Visibility::as_str);
    let rows: Vec<(Json, String)> = statement::Entity::find()
        .select_only()
        .columns([Column::Title, Column::State])
        .filter(Column::SessionId.eq(session))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::State.ne(statements::State::Drafting.as_str()))
        .filter(Column::Visibility.is_in(known))
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|(title, state)| {
            let adopted = db::word(&state, statements::State::parse)?.is_adopted();
            Ok(Titled { title: from_json(title)?, adopted })
        })
        .collect()
}

/// One page of the corrections of minutes, of all delegations or of these.
pub async fn correction_list(
    connection: &impl ConnectionTrait,
    minutes: Uuid,
    own: Option<&[DelegationId]>,
    paging: &Paging,
) -> Result<Page<Visible<Correction>>, Error> {
    use correction::Column;
    let mut select =
        correction::Entity::find().filter(Column::MinutesId.eq(minutes)).filter(Column::DeletedAt.is_null());
    if let Some(own) = own {
        select = select.filter(Column::DelegationId.is_in(own.iter().map(|delegation| delegation.0)));
    }
    let page = page_of(connection, select, (None, Column::Id), paging, |row: &correction::Model| ("", row.id)).await?;
    page.try_map(read_correction)
}

/// One correction; the use case says who may know of it.
pub async fn correction_find(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<Visible<Correction>>, Error> {
    correction::Entity::find_by_id(id).one(connection).await?.map(read_correction).transpose()
}

/// Whether a correction waits for an answer.
pub async fn corrections_wait(tx: &Tx, minutes: Uuid) -> Result<bool, Error> {
    use correction::Column;
    let select = correction::Entity::find().filter(Column::MinutesId.eq(minutes)).filter(Column::DeletedAt.is_null());
    let waiting = select.filter(Column::State.eq(CorrectionState::Proposed.as_str()));
    Ok(waiting.count(tx.connection()).await? > 0)
}

/// Adds a correction.
pub async fn correction_insert(
    tx: &Tx,
    minutes: Uuid,
    event: Uuid,
    content: Correction,
) -> Result<Visible<Correction>, Error> {
    let (id, at) = (tx.new_id()?, to_chrono(tx.now()));
    let row = correction::ActiveModel {
        id: Set(id),
        version: Set(1),
        created_at: Set(at),
        changed_at: Set(at),
        deleted_at: Set(None),
        minutes_id: Set(minutes),
        session_id: Set(content.session_id.0),
        event_id: Set(event),
        delegation_id: Set(content.delegation_id.0),
        part: Set(content.proposal.part.to_string()),
        text: Set(content.proposal.text.clone()),
        state: Set(content.state.to_string()),
        answer: Set(None),
    };
    correction::Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(Visible { id, version: 1, created_at: tx.now(), changed_at: tx.now(), content })
}

/// Writes what became of a correction.
pub async fn correction_update(
    tx: &Tx,
    current: &Visible<Correction>,
    next: Correction,
) -> Result<Visible<Correction>, Error> {
    let version = current.version + 1;
    let row = correction::ActiveModel {
        version: Set(version),
        changed_at: Set(to_chrono(tx.now())),
        state: Set(next.state.to_string()),
        answer: Set(next.answer.clone()),
        ..Default::default()
    };
    let update = correction::Entity::update_many().set(row).filter(correction::Column::Id.eq(current.id));
    let done = update.filter(correction::Column::Version.eq(current.version)).exec(tx.connection()).await?;
    if done.rows_affected != 1 {
        return Err(Error::Stale(None));
    }
    Ok(Visible { version, changed_at: tx.now(), content: next, ..*current })
}

/// Whose delegation it is.
pub async fn organisation_of(tx: &Tx, delegation: DelegationId) -> Result<OrganisationId, Error> {
    let row = delegation::Entity::find_by_id(delegation.0).one(tx.connection()).await?.ok_or(Error::Gone)?;
    Ok(OrganisationId(row.organisation_id))
}

fn read_correction(row: correction::Model) -> Result<Visible<Correction>, Error> {
    Ok(Visible {
        id: row.id,
        version: row.version,
        created_at: from_chrono(row.created_at),
        changed_at: from_chrono(row.changed_at),
        content: Correction {
            proposal: Proposal { part: db::word(&row.part, Part::parse)?, text: row.text },
            session_id: SessionId(row.session_id),
            delegation_id: DelegationId(row.delegation_id),
            state: db::word(&row.state, CorrectionState::parse)?,
            answer: row.answer,
        },
    })
}
