//! The company's own website: what its front page says for machines and people.

mod address;
mod charset;
mod findings;
mod json_ld;
mod links;
mod organization;
mod page;
mod signatures;
mod technologies;
mod text;

use std::time::Duration;

use chrono::{DateTime, Utc};
use contracts::internal::enrichments::EnrichmentType;
use futures::{FutureExt, future::BoxFuture};
use platform::{
    egress::{Egress, Request, Response},
    values,
};
use serde_json::Value;

use super::{Answer, Failure, Finding, PageNames, Provider, RawAnswer};
use page::Page;

/// How much of an answer is kept, in bytes.
const KEPT: usize = 64 * 1024;
/// How long reading a page may take. A page that takes longer is read as far as it went.
const READING: Duration = Duration::from_secs(2);
/// How long to wait for that, a busy machine included.
const PATIENCE: Duration = Duration::from_secs(15);

/// Reads websites.
pub struct Website {
    egress: Egress,
}

impl Website {
    /// Reads websites through this client.
    pub fn new(egress: Egress) -> Self {
        Self { egress }
    }

    async fn read(&self, input: &Value) -> Answer {
        let request = match address_in(input) {
            Ok(url) => Request::get(url),
            Err(failure) => return Answer { raw: None, outcome: Err(failure) },
        };
        let request = request
            .header("accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1")
            .header("accept-language", "en,*;q=0.5");
        match self.egress.send(request).await {
            Ok(response) => read_response(response).await,
            Err(error) => Answer { raw: None, outcome: Err(error.into()) },
        }
    }
}

impl Provider for Website {
    fn name(&self) -> &'static str {
        "website"
    }

    fn covers(&self, kind: EnrichmentType) -> bool {
        kind == EnrichmentType::CompanyInfo
    }

    fn look_up<'a>(&'a self, input: &'a Value) -> BoxFuture<'a, Answer> {
        self.read(input).boxed()
    }
}

fn address_in(input: &Value) -> Result<String, Failure> {
    let website = input.get("website").and_then(Value::as_str).unwrap_or_default().trim();
    if website.is_empty() {
        return Err(Failure::lasting("no_website", "The account has no website."));
    }
    let url = values::web_url(website);
    url.map(String::from)
        .ok_or_else(|| Failure::lasting("bad_address", "The account's website is not a web address."))
}

/// What a page says, as far as it was understood.
struct Reading {
    fields: Vec<Finding>,
    names: PageNames,
    beginning: String,
    is_html: bool,
}

async fn read_response(response: Response) -> Answer {
    let fetched_at = Utc::now();
    let refusal = refusal(&response);
    let answer = response.clone();
    let reading = tokio::task::spawn_blocking(move || understand(&answer));
    let reading = match tokio::time::timeout(PATIENCE, reading).await {
        Ok(Ok(reading)) => reading,
        Ok(Err(error)) => {
            tracing::error!(%error, url = %response.final_url, "a page could not be read");
            return unreadable("The page could not be read.");
        }
        Err(_) => return unreadable("Reading the page took too long."),
    };
    let raw = raw(&response, reading.beginning, fetched_at);
    let outcome = match refusal {
        Some(failure) => Err(failure),
        None if !reading.is_html => {
            Err(Failure::lasting("not_html", "The website's answer is not a web page."))
        }
        None => Ok(super::Findings {
            source_url: response.final_url.into(),
            fetched_at,
            fields: reading.fields,
            page: reading.names,
        }),
    };
    Answer { raw: Some(raw), outcome }
}

fn unreadable(sentence: &str) -> Answer {
    Answer { raw: None, outcome: Err(Failure::lasting("unreadable_page", sentence)) }
}

/// Why an answer is not looked into.
fn refusal(response: &Response) -> Option<Failure> {
    let status = response.status;
    if !status.is_success() {
        let message = format!("The website answered {status}.");
        return Some(match status.as_u16() {
            429 => Failure::passing("rate_limited", message),
            408 => Failure::passing("timeout", message),
            500.. => Failure::passing("server_error", message),
            _ => Failure::lasting("client_error", message),
        });
    }
    let media_type = media_type(response).filter(|media_type| !is_html(media_type))?;
    let message = format!("The website's answer is {}, not a web page.", text::clean(&media_type, 100));
    Some(Failure::lasting("not_html", message))
}

fn media_type(response: &Response) -> Option<String> {
    let stated = response.header("content-type")?;
    Some(stated.split(';').next().unwrap_or_default().trim().to_lowercase())
        .filter(|stated| !stated.is_empty())
}

fn is_html(media_type: &str) -> bool {
    matches!(media_type, "text/html" | "application/xhtml+xml")
}

fn raw(response: &Response, body: String, fetched_at: DateTime<Utc>) -> RawAnswer {
    RawAnswer {
        source_url: response.final_url.to_string(),
        status: response.status.as_u16(),
        content_type: response.header("content-type").map(|stated| text::clean(stated, 255)),
        body,
        body_bytes: response.body.len(),
        fetched_at,
    }
}

/// Reads the answer. Takes processor time, so it is called on a thread that may block.
fn understand(response: &Response) -> Reading {
    let text = charset::decode(&response.body, response.header("content-type"));
    let page = Page::read(&text, READING);
    let organization = organization::find(&page.json_ld, &response.final_url);
    let mut kept = text.get(..text.floor_char_boundary(KEPT)).unwrap_or_default().to_owned();
    kept.retain(|c| c != '\0');
    Reading {
        fields: findings::gather(&page, organization.as_ref(), &response.final_url, response, &text),
        names: PageNames {
            title: Some(text::clean(&page.title, 255)).filter(|title| !title.is_empty()),
            site_name: page.meta("og:site_name").map(|name| text::clean(name, 255)),
            organization: organization.and_then(|organization| organization.text("name", 255)),
        },
        beginning: kept,
        is_html: page.is_html,
    }
}
