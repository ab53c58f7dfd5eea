//! The web app: the files of its build, read at start and served from memory below `/app/`.

mod files;
mod policy;

use std::{path::Path, sync::Arc};

use actix_web::{HttpRequest, HttpResponse, http::header, web};

pub use files::Files;

/// Where the app is.
pub const PATH: &str = "/app";

/// Files named after their content.
const IMMUTABLE: &str = "assets/";
const PAGE: &str = "index.html";

/// Reads the app's files, if there is a build; a line in the log says where there is none.
pub fn open(dir: Option<&Path>) -> Option<Arc<Files>> {
    let Some(dir) = dir else {
        tracing::info!("the web app is not built; the API runs without it");
        return None;
    };
    match Files::read(dir) {
        Ok(files) if files.get(PAGE).is_some() => {
            tracing::info!(web.files = files.count(), web.dir = %dir.display(), "the web app is served at /app/");
            Some(Arc::new(files))
        }
        Ok(_) => {
            tracing::warn!(web.dir = %dir.display(), "the web app has no index.html; the API runs without it");
            None
        }
        Err(error) => {
            tracing::warn!(%error, web.dir = %dir.display(), "the web app cannot be read; the API runs without it");
            None
        }
    }
}

/// The app's routes. Without a build there is nothing at them.
pub fn configure(config: &mut web::ServiceConfig) {
    config.route(PATH, web::get().to(page)).route("/app/{file:.*}", web::get().to(file));
}

async fn page(request: HttpRequest, files: web::Data<Option<Arc<Files>>>) -> HttpResponse {
    serve(&request, files.as_deref(), PAGE)
}

async fn file(
    request: HttpRequest,
    files: web::Data<Option<Arc<Files>>>,
    path: web::Path<String>,
) -> HttpResponse {
    serve(&request, files.as_deref(), &path)
}

/// A file, or the page for whatever else: its router reads the address.
fn serve(request: &HttpRequest, files: Option<&Files>, path: &str) -> HttpResponse {
    let not_found = || HttpResponse::NotFound().finish();
    let Some(files) = files else { return not_found() };
    let is_immutable = path.starts_with(IMMUTABLE);
    let file = match files.get(path) {
        Some(file) => file,
        None if is_immutable => return not_found(),
        None => match files.get(PAGE) {
            Some(page) => page,
            None => return not_found(),
        },
    };
    let mut response = HttpResponse::Ok();
    let said = |name: header::HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    let is_known = said(header::IF_NONE_MATCH)
        .is_some_and(|tags| tags.split(',').any(|tag| tag.trim() == file.etag || tag.trim() == "*"));
    if is_known {
        response = HttpResponse::NotModified();
    }
    for (name, value) in policy::HEADERS {
        response.insert_header((name, value));
    }
    response
        .insert_header((
            header::CACHE_CONTROL,
            if is_immutable { "public, max-age=31536000, immutable" } else { "no-cache" },
        ))
        .insert_header((header::ETAG, file.etag.clone()))
        .insert_header((header::VARY, "Accept-Encoding"));
    if is_known {
        return response.finish();
    }
    let (coding, content) = file.coded(said(header::ACCEPT_ENCODING).unwrap_or_default());
    if let Some(name) = coding.name() {
        response.insert_header((header::CONTENT_ENCODING, name));
    }
    response.content_type(file.media_type).body(content)
}

#[cfg(test)]
mod tests {
    use actix_web::{body::MessageBody, http::StatusCode, test::TestRequest};

    use super::{files::File, *};

    fn files() -> Files {
        let file = |media_type, plain: &'static str, gzip: Option<&'static str>| File {
            media_type,
            etag: format!("W/\"{}\"", plain.len()),
            plain: plain.into(),
            gzip: gzip.map(Into::into),
            brotli: None,
        };
        Files::of([
            (PAGE, file("text/html; charset=utf-8", "<page>", Some("zipped"))),
            ("assets/a-1.js", file("text/javascript; charset=utf-8", "script", None)),
            ("theme.js", file("text/javascript; charset=utf-8", "theme", None)),
        ])
    }

    fn ask(path: &str, lines: &[(&'static str, &'static str)]) -> (HttpResponse, String) {
        let mut request = TestRequest::get();
        for line in lines {
            request = request.insert_header(*line);
        }
        let response = serve(&request.to_http_request(), Some(&files()), path);
        let (head, body) = response.into_parts();
        let text = String::from_utf8(body.try_into_bytes().unwrap().to_vec()).unwrap();
        (head.set_body(actix_web::body::BoxBody::new(())), text)
    }

    #[test]
    fn whatever_is_no_file_is_the_page_and_a_missing_asset_is_missing() {
        assert_eq!(ask("t/demo/leads/7", &[]).1, "<page>");
        assert_eq!(ask("theme.js", &[]).1, "theme");
        assert_eq!(ask("assets/a-1.js", &[]).1, "script");
        assert_eq!(ask("assets/a-2.js", &[]).0.status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn assets_are_kept_for_good_and_the_page_is_asked_for_again() {
        let cache =
            |path| ask(path, &[]).0.headers().get("cache-control").unwrap().to_str().unwrap().to_owned();

        assert_eq!(cache("assets/a-1.js"), "public, max-age=31536000, immutable");
        assert_eq!(cache("t/demo"), "no-cache");
        let (known, body) = ask("t/demo", &[("if-none-match", "W/\"6\"")]);
        assert_eq!((known.status(), body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    }

    #[test]
    fn a_browser_that_takes_a_coding_gets_it() {
        let (response, body) = ask("t/demo", &[("accept-encoding", "gzip, deflate, br")]);

        assert_eq!(response.headers().get("content-encoding").unwrap(), "gzip");
        assert_eq!(body, "zipped");
        assert!(
            !ask("t/demo", &[("accept-encoding", "gzip;q=0")]).0.headers().contains_key("content-encoding")
        );
    }

    #[test]
    fn every_file_is_sent_with_the_policy() {
        for path in ["t/demo", "assets/a-1.js", "theme.js"] {
            let (response, _) = ask(path, &[]);
            for (name, value) in policy::HEADERS {
                assert_eq!(response.headers().get(&name).unwrap(), value, "{path}");
            }
        }
    }

    #[test]
    fn without_a_build_there_is_nothing() {
        let request = TestRequest::get().to_http_request();

        assert_eq!(serve(&request, None, "leads").status(), StatusCode::NOT_FOUND);
    }
}
