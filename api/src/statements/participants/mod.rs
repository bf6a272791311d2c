//! Who stands around a text: the organisations that took part in formulating it, the co-chairs, the host.

pub mod resource;
pub mod store;

use domain::{
    Check,
    access::Resource,
    identifier::{Handle, OrganisationId, StatementId},
    statements::{Participant, Statement, order::List, statement::check_participants},
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Details, Occasion, occasion_of, versions};
use crate::{
    context::Ctx,
    db::{Expected, Visible, reference},
    error::Error,
    organisations,
};

domain::words! {
    /// Where a list of participants comes from.
    #[schemars(rename = "ParticipationBasis")]
    pub enum Basis {
        /// The secretariat named them.
        Named = "named",
        /// Members and hosts recorded as present or online in a session of the event.
        Represented = "represented",
        /// Members and hosts whose delegations have accepted; nobody's attendance is recorded yet.
        Accepted = "accepted",
        /// The adopted text lists them.
        Adopted = "adopted",
    }
}

/// The organisations that took part in formulating a text, in the order in which it lists them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "FormulatingOrganisations")]
pub struct Participants {
    /// The statement.
    pub statement_id: StatementId,
    /// Where the list comes from.
    pub basis: Basis,
    /// They themselves, in order for the language asked for, else for the drafting language.
    pub items: Vec<Participant>,
}

/// Who is to be named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ParticipantsRequest")]
pub struct Request {
    /// Organisations by id or code; an empty list goes back to those the event shows.
    #[schemars(length(max = 500))]
    pub participants: Vec<Handle>,
}

/// Everybody around a text, as of the first day of its event.
#[derive(Debug, Clone)]
pub(crate) struct Around {
    /// The event.
    pub occasion: Occasion,
    /// Where the list of participants comes from.
    pub basis: Basis,
    /// Who took part.
    pub participants: Vec<Participant>,
    /// Who chaired, in the order in which they are named.
    pub co_chairs: Vec<Participant>,
    /// The host country.
    pub host: Option<Participant>,
}

/// Everybody around a text that is not adopted.
pub(crate) async fn around(ctx: &Ctx, statement: &Visible<Statement>) -> Result<Around, Error> {
    let connection = ctx.read(Resource::Statements)?;
    let occasion = occasion_of(ctx, &statement.content.details).await?;
    let (basis, participants) = participant_ids(ctx, &statement.content.details, &occasion).await?;
    let co_chairs = match occasion.group {
        Some(group) => store::co_chair_list(connection, group, occasion.begins()?).await?,
        None => vec![],
    };
    let chairs = co_chairs.iter().map(|(chair, _)| chair);
    let all = participants.iter().chain(chairs).chain(&occasion.host).copied().collect::<Vec<_>>();
    let known = organisations::names_of(ctx, all, occasion.begins()?).await?;
    let named = |id: &OrganisationId| {
        let (code, names) = known.get(id)?.clone();
        Some(Participant { code, names })
    };
    Ok(Around {
        basis,
        participants: participants.iter().filter_map(named).collect(),
        co_chairs: in_order(co_chairs, occasion.host).iter().filter_map(named).collect(),
        host: occasion.host.as_ref().and_then(named),
        occasion,
    })
}

/// The host first, then the longest in the chair; those who came together stay in the order of their codes.
fn in_order(mut chairs: Vec<(OrganisationId, Timestamp)>, host: Option<OrganisationId>) -> Vec<OrganisationId> {
    chairs.sort_by_key(|(chair, since)| (Some(*chair) != host, *since));
    chairs.into_iter().map(|(chair, _)| chair).collect()
}

/// Those the secretariat named; else those who were represented; else those who said that they come.
async fn participant_ids(
    ctx: &Ctx,
    details: &Details,
    occasion: &Occasion,
) -> Result<(Basis, Vec<OrganisationId>), Error> {
    if !details.participants.is_empty() {
        let named = details.participants.iter().filter_map(|handle| reference(Some(handle)));
        return Ok((Basis::Named, named.map(OrganisationId).collect()));
    }
    let connection = ctx.read(Resource::Statements)?;
    let represented = store::represented_list(connection, occasion.event).await?;
    if !represented.is_empty() {
        return Ok((Basis::Represented, represented));
    }
    Ok((Basis::Accepted, store::accepted_list(connection, occasion.event).await?))
}

/// The participants of a statement.
pub async fn get(ctx: &Ctx, statement: &Handle) -> Result<(Participants, i32), Error> {
    let statement = super::get(ctx, statement).await?;
    let content = &statement.content;
    let language = ctx.languages.first().unwrap_or(&content.details.drafting_language);
    let list = |list: List<'_>, basis| Participants {
        statement_id: StatementId(statement.id),
        basis,
        items: content.details.order_policy.arrange(list, language).into_iter().cloned().collect(),
    };
    let participants = if content.state.is_adopted() {
        let frozen = versions::find(ctx, &statement, content.head_version).await?.content;
        list(frozen.list(), Basis::Adopted)
    } else {
        let around = around(ctx, &statement).await?;
        let basis = around.basis;
        list(super::content(content, vec![], &around, None).list(), basis)
    };
    Ok((participants, statement.version))
}

/// Names the participants of a statement, if it still is what the caller read.
pub async fn replace(
    ctx: &Ctx,
    statement: &Handle,
    expected: Expected,
    request: Request,
) -> Result<(Participants, i32), Error> {
    ctx.actor.may_write(Resource::Statements)?;
    let mut check = Check::new();
    check_participants(&request.participants, "/participants", &mut check);
    check.finish()?;
    let named = |details: &Details| Ok(Details { participants: request.participants, ..details.clone() });
    super::edit(ctx, statement, expected, named).await?;
    get(ctx, statement).await
}

/// Whether the caller is on the inside: staff of the event, or acting for an organisation that takes part in it. How a
/// text came about is shown to those only.
pub(super) async fn takes_part(ctx: &Ctx, statement: &Visible<Statement>) -> Result<bool, Error> {
    store::takes_part(ctx.read(Resource::Statements)?, &ctx.actor, &statement.content.details.event_id).await
}
