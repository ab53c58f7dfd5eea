//! Pages behind mailed links: a form that sends the link's token to the API when a person submits it.

use actix_web::http::StatusCode;
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    openapi::Schemas,
    reply::{self, Parts, Reply},
};

const STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = include_str!("page/page.js");

/// 200 with a page. Asking for it changes nothing, whatever its address holds: programs that look at the links of mails
/// spend no token. Style and script are within it, named by their digests, so that nothing else runs and nothing is
/// loaded; no referrer is sent, because the address contains the token.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    title: &'static str,
    content: &'static str,
}

impl Page {
    /// A page with this in its body: one form and one `output`. The form's `data-sends` is the path to which it posts the
    /// token with what is filled in, `data-done` what is said then; `data-shows` is a path that is read with the token;
    /// members of its answer are shown where `data-member` names them. A part with `data-when` is shown, and a `fieldset` sent,
    /// where the member `requires` is one of the words in it.
    pub const fn new(title: &'static str, content: &'static str) -> Self {
        Self { title, content }
    }

    fn html(self) -> String {
        let Self { title, content } = self;
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title} · Leadstream</title>\n\
             <style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n{content}\
             <noscript><p>This page needs JavaScript.</p></noscript>\n<script>{SCRIPT}</script>\n</body>\n</html>\n"
        )
    }
}

fn digest(text: &str) -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)))
}

impl Reply for Page {
    const STATUS: u16 = 200;

    fn schema(_: &mut Schemas) -> Option<Value> {
        None
    }

    fn content(_: &mut Schemas) -> Vec<(&'static str, Value)> {
        vec![("text/html", reply::text())]
    }

    fn into_parts(self) -> Parts {
        let policy = format!(
            "default-src 'none'; style-src {}; script-src {}; connect-src 'self'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'",
            digest(STYLE),
            digest(SCRIPT)
        );
        let headers = vec![
            ("Content-Security-Policy", policy),
            ("Referrer-Policy", "no-referrer".to_owned()),
            ("X-Content-Type-Options", "nosniff".to_owned()),
            ("X-Robots-Tag", "noindex".to_owned()),
            ("Cache-Control", "no-store".to_owned()),
        ];
        let body = self.html().into_bytes();
        Parts { status: StatusCode::OK, headers, content_type: Some("text/html; charset=utf-8"), body }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts() -> (String, String) {
        let parts =
            Page::new("A title", "<form><button>Go</button></form>\n<output></output>\n").into_parts();
        let policy = parts.headers.iter().find(|(name, _)| *name == "Content-Security-Policy").unwrap();
        (String::from_utf8(parts.body).unwrap(), policy.1.clone())
    }

    #[test]
    fn the_policy_lets_in_the_very_style_and_script_of_the_page_and_no_other() {
        let (html, policy) = parts();

        for (tag, directive) in [("style", "style-src"), ("script", "script-src")] {
            let pieces: Vec<&str> = html.split(&format!("<{tag}>")).collect();
            let [_, rest] = pieces.as_slice() else { panic!("one {tag}: {html}") };
            let (within, _) = rest.split_once(&format!("</{tag}>")).unwrap();
            let sources = policy.split("; ").find_map(|part| part.strip_prefix(directive)).unwrap();
            assert_eq!(sources.trim(), digest(within), "{tag}");
        }
        assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe"), "{policy}");
    }

    #[test]
    fn nothing_is_loaded_and_nothing_leads_away() {
        let (html, _) = parts();

        for word in ["://", " src=", " href=", " on", "innerHTML", "localStorage", "cookie"] {
            let from = html.find("<body>").unwrap();
            let text = if word == " on" { html[from..].split("<script>").next().unwrap() } else { &html };
            assert!(!text.contains(word), "{word}: {html}");
        }
    }
}
