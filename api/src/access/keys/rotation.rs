//! Replacing a key by one like it while the old one goes on working for a while.

use domain::{
    access::{
        IssuedKey, Key, KeyRotation, KeyState, NewKey, Resource, TOKEN_BYTES, Target, Token, TokenKind, overlap_end,
    },
    identifier::Handle,
};
use serde_json::json;
use uuid::Uuid;

use super::{get, may_hand_out, owner, store};
use crate::{
    context::{App, Ctx},
    db::{Change, Expected, Visible, to_json},
    error::Error,
};

/// Makes the key that replaces another, as narrow and of the same account; the old one ends with the overlap. Its feeds
/// become those of the new one. Only this answer holds the new secret.
pub async fn rotate(ctx: &Ctx, id: Uuid, expected: Expected, input: KeyRotation) -> Result<Visible<IssuedKey>, Error> {
    let permit = ctx.actor.permit(Resource::Keys, Target::default())?;
    ctx.freshly_signed_in()?;
    input.check()?;
    let current = get(ctx, id).await?;
    expected.or_any().check_object(&current)?;
    let key = &current.content;
    may_hand_out(ctx, &key.scopes, key.tlp_ceiling)?;
    if key.state == KeyState::Expired {
        let detail = "This key has expired and cannot be replaced. Make a new one.";
        return Err(Error::conflict("key_expired", detail));
    }
    let token = Token::generate(TokenKind::Key, &ctx.app.entropy.bytes::<TOKEN_BYTES>()?);
    let tx = ctx.write(permit).await?;
    if store::lineage_size(tx.connection(), key.lineage_id, ctx.now).await? > 1 {
        let detail = "This key is being replaced already: two of one lineage work. Revoke one of them first.";
        return Err(Error::conflict("rotation_under_way", detail));
    }
    let like = like(key, input.expires_in_days);
    let owner = owner(&tx, ctx, &like).await?;
    let made = store::key_insert(&tx, &like, owner, &token, Some(key.lineage_id)).await?;
    let ends = overlap_end(ctx.now, input.overlap_hours).min(key.expires_at);
    let version = store::key_end(&tx, &current, ends).await?;
    store::feeds_hand_over(&tx, current.id, made.id).await?;
    let change = |change: Change| Change { organisation: key.organisation_id, ..change };
    let ending = json!({"successor_id": made.id, "expires_at": ends});
    tx.record(change(Change { diff: ending, ..Change::new("key.rotated", current.id, version) }));
    tx.record(change(Change { diff: to_json(&like)?, ..Change::new("key.created", made.id, made.version) }));
    tx.commit().await?;
    Ok(made.map(|key| IssuedKey { key, secret: token.secret() }))
}

/// The lineage of a key: what stays the same when it is replaced. Its own id, if there is no such key.
pub async fn lineage(app: &App, key: Uuid) -> Result<Uuid, Error> {
    Ok(store::lineage_of(app.db.read(), key).await?.unwrap_or(key))
}

fn like(key: &Key, expires_in_days: u16) -> NewKey {
    let handles = |ids: &[Uuid]| ids.iter().copied().map(Handle::Id).collect();
    NewKey {
        name: key.name.clone(),
        role: key.role,
        scopes: key.scopes.clone(),
        event_ids: handles(&key.event_ids),
        group_ids: handles(&key.group_ids),
        organisation_id: key.organisation_id.map(Handle::Id),
        tlp_ceiling: key.tlp_ceiling,
        networks: key.networks.iter().map(ToString::to_string).collect(),
        owner_id: Some(Handle::Id(key.owner_id)),
        expires_in_days,
    }
}
