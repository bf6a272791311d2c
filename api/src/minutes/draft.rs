//! What a first draft is filled from.

use domain::{
    Language,
    access::Resource,
    groups::Function,
    identifier::Handle,
    minutes::{
        Request, Section,
        draft::{Facts, draft},
    },
};
use jiff::Timestamp;

use super::{Place, store};
use crate::{
    attendance::roll_call,
    context::Ctx,
    db::{Paging, if_seen},
    error::Error,
    events,
    groups::{Span, roles},
};

/// The parts of a first draft, with the names of when the session started.
pub(super) async fn sections(
    ctx: &Ctx,
    place: &Place,
    request: &Request,
    language: &Language,
) -> Result<Vec<Section>, Error> {
    let (session, details) = (&place.session.content, &place.event.content.details);
    let begin = events::begin_of(details.starts_on, &details.time_zone)?;
    let start = session.start.as_ref().map_or(begin, |start| start.utc);
    let spoken = std::slice::from_ref(language);
    let city = details.city.name.resolve(spoken).map(|(_, name)| name.to_owned());
    let titles = store::titles_before(ctx.read(Resource::Statements)?, place.session.id).await?;
    let title = |text: &domain::Text| text.resolve(spoken).map(|(_, title)| title.to_owned());
    let facts = Facts {
        place: session.location.clone().or(city),
        scheduled: session.start.as_ref().zip(session.end.as_ref()).map(|(start, end)| (start.local, end.local)),
        opened_at: request.opened_at,
        closed_at: request.closed_at,
        chairs: chairs(ctx, place, start).await?,
        delegations: roll_call::attended(ctx, &Handle::Id(place.session.id), language, start).await?,
        documents: titles.iter().filter_map(|known| title(&known.title)).collect(),
        adopted: titles.iter().filter(|known| known.adopted).filter_map(|known| title(&known.title)).collect(),
    };
    Ok(draft(&facts, language))
}

/// The organisations that chaired the group when the session started, by their codes: a chair may be a protected person,
/// and the name of one who is erased would stay in the text for good.
async fn chairs(ctx: &Ctx, place: &Place, start: Timestamp) -> Result<Vec<String>, Error> {
    let group = place.session.content.details.group_id.as_ref();
    let Some(group) = group.or(place.event.content.details.group_id.as_ref()) else { return Ok(vec![]) };
    let paging = Paging::new(Some(Paging::MAX_LIMIT), None)?;
    let Some(page) = if_seen(roles::list(ctx, group, Span::AsOf(start), &paging).await)? else { return Ok(vec![]) };
    let chairing = page.items.into_iter().map(|role| role.content);
    let chairing = chairing.filter(|role| matches!(role.function, Function::Chair | Function::CoChair));
    Ok(chairing.filter_map(|role| Some(role.organisation_code?.to_string())).collect())
}
