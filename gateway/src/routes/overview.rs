//! Overview of the published document: introduction, servers and tour.

use platform::http::openapi;
use serde_json::{Value, json};
use url::Url;

/// Path of the tour.
pub const TOUR: &str = "/api/docs/tour";

const INTRODUCTION: &str = include_str!("introduction.md");

/// Title, introduction, version and licence.
pub fn info(public_url: &Url) -> Value {
    json!({
        "title": "Leadstream API",
        "version": env!("CARGO_PKG_VERSION"),
        "description": INTRODUCTION,
        "contact": { "name": "Leadstream", "url": public_url },
        "license": openapi::license(),
    })
}

/// Where requests go: first to the host that the document came from, so that its page can send them under any host name.
pub fn servers(public_url: &Url) -> Value {
    let public = public_url.as_str().trim_end_matches('/');
    json!([
        { "url": "/", "description": "This host" },
        { "url": public, "description": "The public address of this deployment" },
    ])
}

/// Address of the tour: a full one, since a document has no base for other links.
pub fn tour(public_url: &Url) -> Value {
    let public = public_url.as_str().trim_end_matches('/');
    json!({ "description": "A tour: one lead, from a form to a customer", "url": format!("{public}{TOUR}") })
}
