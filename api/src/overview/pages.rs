//! `/` and `/events/{code}`.

use domain::identifier::Handle;
use minijinja::context;
use poem::{Endpoint, Response, Route, get, handler, web::Path};

use crate::{context::Ctx, web};

/// The pages.
pub fn endpoint() -> impl Endpoint {
    Route::new().at("/", get(index)).at("/events/:code", get(event))
}

#[handler]
async fn index(ctx: Ctx) -> Response {
    web::shown(super::overview(&ctx).await.and_then(|overview| {
        let super::Overview { events, statements, demo } = overview;
        web::page(&ctx, "overview/index.html", context! { events, statements, demo })
    }))
}

#[handler]
async fn event(ctx: Ctx, Path(code): Path<String>) -> Response {
    let programme = super::programme(&ctx, &Handle::from(code)).await;
    web::shown(programme.and_then(|(event, days)| web::page(&ctx, "overview/event.html", context! { event, days })))
}
