//! The gateway's own routes: health, the merged OpenAPI document and its pages; metrics on the inner listener.

pub mod app;

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    body::BoxBody,
    dev::ServiceRequest,
    http::{Method, StatusCode, Uri, header},
    web,
};
use platform::{
    Problem,
    http::health::{self, Health},
};
use utoipa_swagger_ui::Config;

use crate::{routes::overview::TOUR, state::Gateway};

const SCHEMA: &str = "/api/schema";
const DOCS: &str = "/api/docs";
/// Scripts, styles and data from us only; the page styles its elements itself.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What a browser shows that comes to the bare address.
const WELCOME: &str = include_str!("builtin/welcome.html");
/// The welcome page loads nothing and styles itself.
const WELCOME_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// The tour as it is in the repository.
const TOUR_TEXT: &str = include_str!("../../docs/tour.md");

/// Where the details of our health are.
const DETAILS: [&str; 2] = ["/health", "/api/v2/health"];

/// A request of the platform's staff. The routes that are for staff alone cannot be served without it.
#[derive(Clone, Copy, Debug)]
pub struct Staff;

/// Whether a path is one of ours, or below one.
pub fn is_builtin_path(path: &str) -> bool {
    ["/health", "/api/v2/health", SCHEMA, DOCS, "/api/redoc", app::PATH]
        .into_iter()
        .any(|own| path.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// Whether a browser comes to the bare address. To programs there is nothing.
pub fn is_visit(request: &HttpRequest) -> bool {
    let accepted = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    matches!(*request.method(), Method::GET | Method::HEAD)
        && request.path() == "/"
        && accepted.is_some_and(|types| types.contains("text/html"))
}

/// Whether one of our paths is for the platform's staff alone.
pub fn is_for_staff(path: &str) -> bool {
    DETAILS.contains(&path)
}

/// Drops the trailing slash, which means nothing, and reads HEAD as GET; the server leaves the body out.
pub fn fold(request: &mut ServiceRequest) {
    if *request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let path = request.path();
    if let Some(bare) = path.strip_suffix('/').filter(|bare| !bare.is_empty()) {
        let target = match request.uri().query() {
            Some(query) => format!("{bare}?{query}"),
            None => bare.to_owned(),
        };
        if let Ok(uri) = target.parse::<Uri>() {
            request.match_info_mut().get_mut().update(&uri);
            request.head_mut().uri = uri;
        }
    }
}

/// An answer of one of our handlers; errors become problems.
///
/// # Errors
/// The problem.
pub fn adopt(mut response: HttpResponse<BoxBody>) -> Result<HttpResponse<BoxBody>, Problem> {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        return Err(problem);
    }
    if response.status() == StatusCode::NOT_FOUND { Err(Problem::not_found()) } else { Ok(response) }
}

/// What must be loaded before requests can be served. Redis may be away: then it is slower, not wrong.
pub fn health(gateway: &Arc<Gateway>) -> Health {
    let check = |test: fn(&Gateway) -> Result<(), String>| {
        let gateway = Arc::clone(gateway);
        move || {
            let outcome = test(&gateway);
            async move { outcome }
        }
    };
    let redis = gateway.redis.clone();
    Health::new()
        .check(
            "routes",
            check(|gateway| match gateway.routes.table().missing() {
                missing if missing.is_empty() => Ok(()),
                missing => Err(format!("not loaded: {missing:?}")),
            }),
        )
        .check("keys", check(|gateway| is_loaded(gateway.verifier.keys.is_loaded())))
        .check("revocations", check(|gateway| is_loaded(gateway.verifier.revocations.is_complete())))
        .report("redis", move || {
            let redis = redis.clone();
            async move { redis.ping().await.map_err(|error| error.to_string()) }
        })
}

fn is_loaded(loaded: bool) -> Result<(), String> {
    if loaded { Ok(()) } else { Err("not loaded".to_owned()) }
}

/// Our routes on the inner listener.
pub fn configure_inner(config: &mut web::ServiceConfig) {
    config
        .configure(|config| health::configure(config, ""))
        .route("/metrics", web::get().to(health::metrics));
}

/// Our routes for callers.
pub fn configure(config: &mut web::ServiceConfig) {
    for path in DETAILS {
        config.route(path, web::get().to(details));
    }
    config
        .configure(|config| health::configure_public(config, ""))
        .configure(|config| health::configure_public(config, "/api/v2"))
        .configure(app::configure)
        .route(SCHEMA, web::get().to(schema))
        .route("/", web::get().to(welcome))
        .route(DOCS, web::get().to(docs_page))
        .route(TOUR, web::get().to(tour))
        .route(&format!("{DOCS}/{{file}}"), web::get().to(docs_file))
        .route("/api/redoc", web::get().to(redoc))
        .default_service(web::to(|| async { HttpResponse::NotFound().finish() }));
}

async fn details(_staff: web::ReqData<Staff>, health: web::Data<Health>) -> HttpResponse {
    health::details(health).await
}

async fn schema(gateway: web::Data<Gateway>) -> HttpResponse {
    let table = gateway.routes.table_kept();
    if table.missing().len() == contracts::Service::OWNERS_OF_DATA.len() {
        return HttpResponse::from_error(Problem::unavailable("no service has said yet what its routes are"));
    }
    let gateway = gateway.into_inner();
    let Ok(schema) = web::block(move || table.schema(&gateway.config.public_url).clone()).await else {
        return HttpResponse::from_error(Problem::unavailable("the process ends"));
    };
    HttpResponse::Ok()
        .content_type("application/json")
        .insert_header(("cache-control", "no-cache"))
        .body(schema)
}

/// Leads to the web app, or says where to begin without it.
async fn welcome(files: web::Data<Option<Arc<app::Files>>>) -> HttpResponse {
    if files.is_some() {
        return HttpResponse::Found()
            .insert_header(("location", format!("{}/", app::PATH)))
            .insert_header(("cache-control", "no-cache"))
            .insert_header(("vary", "accept"))
            .finish();
    }
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header(("content-security-policy", WELCOME_POLICY))
        .insert_header(("cache-control", "public, max-age=3600"))
        .insert_header(("vary", "accept"))
        .body(WELCOME)
}

async fn tour() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header(("cache-control", "public, max-age=3600"))
        .body(TOUR_TEXT)
}

async fn redoc() -> HttpResponse {
    HttpResponse::Found().insert_header(("location", format!("{DOCS}/"))).finish()
}

async fn docs_page() -> HttpResponse {
    docs("index.html")
}

async fn docs_file(file: web::Path<String>) -> HttpResponse {
    docs(&file)
}

fn docs(file: &str) -> HttpResponse {
    let config = Config::from(SCHEMA)
        .doc_expansion("none")
        .default_models_expand_depth(0)
        .display_request_duration(true)
        .filter(true)
        .deep_linking(true);
    let found = match utoipa_swagger_ui::serve(file, Arc::new(config)) {
        Ok(Some(found)) => found,
        Ok(None) => return HttpResponse::NotFound().finish(),
        Err(error) => return HttpResponse::from_error(Problem::internal(error.to_string())),
    };
    let mut response = HttpResponse::Ok();
    response
        .content_type(found.content_type)
        .insert_header(("content-security-policy", CONTENT_POLICY))
        .insert_header(("cache-control", "public, max-age=3600"));
    if found.gzpipped {
        response.insert_header(("content-encoding", "gzip"));
    }
    if file == "index.html" && !found.gzpipped {
        // The page is served with and without a trailing slash, so its files are named by their whole path.
        let page = String::from_utf8_lossy(&found.bytes);
        let page = page
            .replace("<title>Swagger UI</title>", "<title>Leadstream API</title>")
            .replace("=\"./", &format!("=\"{DOCS}/"))
            .replace("\"index.css\"", &format!("\"{DOCS}/index.css\""));
        return response.body(page);
    }
    response.body(found.bytes.into_owned())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn ours_are_whole_segments() {
        for path in [
            "/health",
            "/health/ready",
            "/api/v2/health/status",
            "/api/docs",
            "/api/docs/index.css",
            "/app",
            "/app/t/demo",
        ] {
            assert!(is_builtin_path(path), "{path}");
        }
        for path in ["/", "", "/metrics", "/healthy", "/api/v2/leads", "/api/docsx", "/api", "/apps"] {
            assert!(!is_builtin_path(path), "{path}");
        }
    }

    #[test]
    fn details_are_for_staff_and_the_rest_of_health_is_public() {
        assert!(is_for_staff("/health") && is_for_staff("/api/v2/health"));
        for path in ["/health/ready", "/health/status", "/api/v2/health/ready", "/api/docs"] {
            assert!(!is_for_staff(path), "{path}");
        }
    }

    #[test]
    fn a_visit_is_a_browsers_reading_of_the_bare_address() {
        let visits = |request: TestRequest, accepted: &str| {
            is_visit(&request.insert_header((header::ACCEPT, accepted)).to_http_request())
        };

        assert!(visits(TestRequest::get().uri("/"), "text/html,application/xhtml+xml,*/*;q=0.8"));
        assert!(
            !visits(TestRequest::get().uri("/"), "*/*")
                && !visits(TestRequest::get().uri("/"), "application/json")
        );
        assert!(!visits(TestRequest::post().uri("/"), "text/html"));
        assert!(!visits(TestRequest::get().uri("/leads"), "text/html"));
    }

    #[test]
    fn the_page_names_no_other_host() {
        let response = docs("index.html");
        let body = actix_web::body::MessageBody::try_into_bytes(response.into_body()).unwrap();
        let page = String::from_utf8(body.to_vec()).unwrap();
        assert!(page.contains("<title>Leadstream API</title>"), "{page}");
        assert!(page.contains("src=\"/api/docs/swagger-ui-bundle.js\""), "{page}");
        assert!(!page.contains("=\"./") && !page.contains("//"), "{page}");
    }
}
