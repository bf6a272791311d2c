//! The time a handler has.

use std::{sync::Arc, time::Duration};

use poem::{
    Endpoint, Request, Response, Result,
    http::{HeaderValue, StatusCode, header},
};

use super::problem::Problem;

/// Answers 503 when the handler has no answer within `limit`. The handler is dropped where it stands, so its
/// transaction rolls back. Streams are limited only until they begin.
pub(super) async fn limit<E: Endpoint<Output = Response>>(
    next: Arc<E>,
    request: Request,
    limit: Duration,
) -> Result<Response> {
    match tokio::time::timeout(limit, next.call(request)).await {
        Ok(answer) => answer,
        Err(_) => {
            tracing::warn!(limit_s = limit.as_secs_f64(), "a handler exceeded its deadline");
            let detail = "The server did not get done in time. Try again in a few seconds; a POST with the same \
                          Idempotency-Key is never carried out twice.";
            let mut response =
                Problem::coded(StatusCode::SERVICE_UNAVAILABLE, "deadline_exceeded", detail).into_response();
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
            Ok(response)
        }
    }
}

#[cfg(test)]
mod tests {
    use poem::{EndpointExt, endpoint::make, test::TestClient};

    use super::*;

    #[tokio::test]
    async fn a_handler_that_never_answers_becomes_a_503_with_advice() {
        let endless = make(|_| std::future::pending::<Result<Response>>());
        let endpoint = endless.around(|next, request| limit(next, request, Duration::from_millis(20)));
        let response = TestClient::new(endpoint).get("/").send().await;
        response.assert_status(StatusCode::SERVICE_UNAVAILABLE);
        response.assert_header("Retry-After", "5");
        response.assert_content_type("application/problem+json");
    }
}
