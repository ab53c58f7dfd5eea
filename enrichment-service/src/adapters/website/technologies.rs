//! Detection of technologies that a page uses.

use platform::egress::Response;
use serde_json::{Map, Value, json};

use super::{
    page::Page,
    signatures::{Clue, SIGNATURES},
    text,
};

/// A technology and the sign that gave it away.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Technology {
    /// Its name.
    pub(super) name: &'static str,
    /// Its purpose.
    pub(super) category: &'static str,
    /// Where it showed.
    pub(super) evidence: String,
}

/// Every technology that shows, in the order of the table.
pub(super) fn find(page: &Page, response: &Response, source: &str) -> Vec<Technology> {
    let cookies: Vec<&str> =
        response.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok()).collect();
    let generator = page.meta("generator").unwrap_or_default();
    let evidence = |clue: &Clue| match clue {
        Clue::Header(name, part) => {
            let value = response.header(name)?;
            value.to_lowercase().contains(part).then(|| format!("header {name}: {value}"))
        }
        Clue::Cookie(beginning) => {
            let cookie = cookies.iter().find(|cookie| cookie.starts_with(beginning))?;
            Some(format!("cookie {}", cookie.split('=').next().unwrap_or_default()))
        }
        Clue::Script(part) => {
            page.scripts.iter().find(|src| src.contains(part)).map(|src| format!("script {src}"))
        }
        Clue::Link(part) => {
            page.links.iter().find(|(_, href)| href.contains(part)).map(|(_, href)| format!("link {href}"))
        }
        Clue::Generator(name) => {
            generator.to_lowercase().starts_with(name).then(|| format!("meta generator {generator}"))
        }
        Clue::Source(part) => source.contains(part).then(|| format!("page source {part}")),
    };
    let shows = |(name, category, clues): &(&'static str, &'static str, &[Clue])| {
        let evidence = clues.iter().find_map(evidence)?;
        Some(Technology { name, category, evidence: text::clean(&evidence, 200) })
    };
    SIGNATURES.iter().filter_map(shows).collect()
}

/// `{name: {category, evidence}}`.
pub(super) fn profile(technologies: &[Technology]) -> Value {
    let entry = |technology: &Technology| {
        let details = json!({ "category": technology.category, "evidence": technology.evidence });
        (technology.name.to_owned(), details)
    };
    Value::Object(technologies.iter().map(entry).collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    use super::*;

    fn names(html: &str, headers: &[(&str, &str)]) -> Vec<&'static str> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        let response = Response {
            status: reqwest::StatusCode::OK,
            final_url: "https://acme.example/".parse().unwrap(),
            headers: map,
            body: html.as_bytes().to_vec().into(),
        };
        find(&Page::read(html, Duration::from_secs(1)), &response, html)
            .iter()
            .map(|found| found.name)
            .collect()
    }

    #[test]
    fn headers_and_cookies_give_technologies_away() {
        let headers = [
            ("server", "nginx/1.25"),
            ("set-cookie", "a=b"),
            ("set-cookie", "_shopify_y=1; Path=/"),
            ("cf-ray", "8a"),
        ];
        assert_eq!(names("<p>", &headers), ["Shopify", "Cloudflare", "nginx"]);
    }

    #[test]
    fn the_page_gives_technologies_away() {
        let html = "<meta name=generator content='WordPress 6.5'><link rel=stylesheet href=/wp-content/bootstrap.min.css>\
                    <script src='https://www.googletagmanager.com/gtag/js?id=G-1'></script><script src=/jquery-3.7.min.js></script>\
                    <script src=https://js.stripe.com/v3/></script><div id=__next></div><script src=/_next/static/a.js></script>";
        let found = names(html, &[]);
        for name in ["WordPress", "Bootstrap", "Google Analytics", "jQuery", "Stripe", "Next.js", "React"] {
            assert!(found.contains(&name), "{name} is not among {found:?}");
        }
        assert!(!found.contains(&"Shopify"));
    }

    #[test]
    fn a_plain_page_shows_nothing() {
        assert!(names("<html><body><p>We react to WordPress and Angular questions.</p>", &[]).is_empty());
    }

    #[test]
    fn every_name_stands_in_the_table_once() {
        let mut names: Vec<&str> = SIGNATURES.iter().map(|(name, ..)| *name).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
