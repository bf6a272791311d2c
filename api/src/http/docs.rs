//! `/docs`: the reference of the API, served from the binary; works without any other host.
//!
//! poem-openapi carries Swagger UI as one page with everything inline. It is taken apart here, so that the page needs
//! neither inline script nor a document of the framework's own making, and parts can be cached.

use std::sync::LazyLock;

use poem::{Endpoint, IntoResponse, Response, Route, get, handler, http::header, web::Data};
use poem_openapi::OpenApiService;

use crate::context::App;

/// Script and styles of Swagger UI.
static PARTS: LazyLock<(String, String)> = LazyLock::new(|| {
    let whole = OpenApiService::new((), "", "").swagger_ui_html();
    let between = |open: &str, close: &str| {
        let begin = whole.find(open).map_or(0, |at| at + open.len());
        let length = whole[begin..].find(close).unwrap_or(0);
        whole[begin..begin + length].to_owned()
    };
    // The bundle itself contains no `</script>`: it would end the framework's own page there, too.
    (between("<script charset=\"UTF-8\">", "</script>"), between("<style charset=\"UTF-8\">", "</style>"))
});

const PAGE: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Plenum API reference</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<script src="/docs/swagger-ui.js" defer></script>
<script src="/docs/start.js" defer></script>
</head>
<body>
<noscript>The interactive reference needs scripts. The document itself is at <a href="/openapi.yaml">/openapi.yaml</a>.</noscript>
<div id="reference"></div>
</body>
</html>
"#;

const START: &str =
    "SwaggerUIBundle({dom_id: '#reference', url: '/openapi.json', deepLinking: true, validatorUrl: null});\n";

/// With demo data, `/docs#key=...` signs in with a demo key. What stands behind `#` is sent to no server; it leaves the
/// address bar and the history at once. Elsewhere there is no such link, or anybody could sign somebody in as themselves.
const START_DEMO: &str = "\
const key = new URLSearchParams(location.hash.slice(1)).get('key');
if (key) history.replaceState(null, '', location.pathname);
const reference = SwaggerUIBundle({
  dom_id: '#reference', url: '/openapi.json', deepLinking: true, validatorUrl: null,
  onComplete: () => { if (key) reference.preauthorizeApiKey('key', key); },
});
";

/// Swagger UI sets styles from script; nothing else is let in.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The page and its parts.
pub fn endpoint() -> impl Endpoint {
    Route::new()
        .at("/", get(page))
        .at("/swagger-ui.js", get(script))
        .at("/swagger-ui.css", get(styles))
        .at("/start.js", get(start))
}

#[handler]
fn page() -> Response {
    part("text/html; charset=utf-8", PAGE)
}

#[handler]
fn script() -> Response {
    part("text/javascript; charset=utf-8", &PARTS.0)
}

#[handler]
fn styles() -> Response {
    part("text/css; charset=utf-8", &PARTS.1)
}

#[handler]
fn start(app: Data<&App>) -> Response {
    let content = if app.config.demo.is_some() { START_DEMO } else { START };
    part("text/javascript; charset=utf-8", content)
}

fn part(content_type: &str, content: &str) -> Response {
    Response::builder()
        .content_type(content_type)
        .header(header::CONTENT_SECURITY_POLICY, POLICY)
        .header(header::CACHE_CONTROL, "public, max-age=3600")
        .body(content.to_owned())
        .into_response()
}
