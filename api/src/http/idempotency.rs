//! `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a repeated POST has one effect and one answer.

use domain::{Violation, access::Principal};
use poem::{Body, Endpoint, IntoResponse, Request, Response, http::Method, http::StatusCode, http::header};
use sha2::{Digest, Sha256};

use super::{extract::actor_of, problem::Problem, reply::hex};
use crate::{
    access::keys,
    context::App,
    db::{Claim, Earlier, KeptAnswer},
    error::Error,
};

const HEADER: &str = "idempotency-key";

/// Headers that belong to the answer itself.
const KEPT: [header::HeaderName; 4] = [header::CONTENT_TYPE, header::ETAG, header::LOCATION, header::CONTENT_LANGUAGE];

/// Answers a repetition with what was answered before; passes everything else on.
pub async fn once<E: Endpoint>(app: App, endpoint: std::sync::Arc<E>, mut request: Request) -> poem::Result<Response> {
    let Some(claim) = claim(&app, &mut request).await? else {
        return endpoint.call(request).await.map(IntoResponse::into_response);
    };
    match app.db.earlier(&claim, app.clock.now()).await? {
        Earlier::None => {}
        earlier => return repeated(earlier),
    }
    request.extensions_mut().insert(claim.clone());
    let response = match endpoint.call(request).await {
        Ok(response) => response.into_response(),
        // Somebody was faster with the same key: their answer is ours as soon as it is there.
        Err(error) if error.status() == StatusCode::CONFLICT => {
            return match app.db.earlier(&claim, app.clock.now()).await? {
                Earlier::None => Err(error),
                earlier => repeated(earlier),
            };
        }
        Err(error) => return Err(error),
    };
    if response.status().is_success() { keep(&app, &claim, response).await } else { Ok(response) }
}

/// The claim of a POST with a key by somebody with a name; the body is read and put back.
async fn claim(app: &App, request: &mut Request) -> Result<Option<Claim>, Error> {
    if request.method() != Method::POST {
        return Ok(None);
    }
    let Some(key) = request.headers().get(HEADER) else { return Ok(None) };
    let visible = |key: &&str| (1..=200).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
    let key = key.to_str().ok().filter(visible).map(str::to_owned).ok_or_else(|| {
        let detail = "Use 1 to 200 visible ASCII characters, such as a UUID.";
        Error::Malformed(vec![Violation::new("Idempotency-Key", "invalid_key", detail)])
    })?;
    let actor = actor_of(request, app).await?;
    let principal = match &actor.principal {
        // A repetition with the key that replaced the one it began with is a repetition.
        Principal::Key { id, .. } => keys::lineage(app, *id).await?.to_string(),
        Principal::Session { account, .. } => account.to_string(),
        Principal::Anonymous | Principal::Subscriber { .. } | Principal::Console => return Ok(None),
    };
    request.extensions_mut().insert(actor);
    let body = request.take_body().into_bytes().await.map_err(Error::internal)?;
    let mut hash = Sha256::new();
    for part in [request.method().as_str().as_bytes(), request.original_uri().to_string().as_bytes(), &body] {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    request.set_body(Body::from_bytes(body));
    Ok(Some(Claim { principal, key, fingerprint: hex(&hash.finalize()) }))
}

fn repeated(earlier: Earlier) -> poem::Result<Response> {
    let problem = match earlier {
        Earlier::Answered(kept) => {
            let mut builder = Response::builder().header("Idempotency-Replayed", "true");
            for (name, value) in &kept.headers {
                builder = builder.header(name, value);
            }
            return Ok(builder.status(StatusCode::from_u16(kept.status).unwrap_or(StatusCode::OK)).body(kept.body));
        }
        Earlier::Different => Problem::coded(
            StatusCode::UNPROCESSABLE_ENTITY,
            "idempotency_key_reused",
            "This Idempotency-Key was used for another request. Use a new one for a new request.",
        ),
        Earlier::Unanswered | Earlier::None => Problem::coded(
            StatusCode::CONFLICT,
            "request_in_progress",
            "A request with this Idempotency-Key has been taken, but its answer is not there. Send it again in a moment; \
             if this stays so, look whether its effect is there and use a new key.",
        ),
    };
    Err(poem::Error::from_response(problem.into_response()))
}

/// An answer that must not be stored anywhere (it holds a secret) is not kept: its repetition is told that the request
/// was taken.
async fn keep(app: &App, claim: &Claim, mut response: Response) -> poem::Result<Response> {
    if response.headers().get(header::CACHE_CONTROL).is_some_and(|value| value == "no-store") {
        return Ok(response);
    }
    let body = response.take_body().into_bytes().await.map_err(Error::internal)?;
    let headers = KEPT
        .iter()
        .filter_map(|name| Some((name.to_string(), response.headers().get(name)?.to_str().ok()?.to_owned())))
        .collect();
    let answer = KeptAnswer {
        status: response.status().as_u16(),
        headers,
        body: String::from_utf8(body.to_vec()).map_err(Error::internal)?,
    };
    app.db.keep_answer(claim, &answer).await?;
    response.set_body(body);
    Ok(response)
}
