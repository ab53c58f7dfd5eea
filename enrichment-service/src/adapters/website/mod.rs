//! The company's own website: what its front page and up to four more say for machines and people.

mod address;
mod charset;
mod findings;
mod json_ld;
mod links;
pub mod manners;
mod organization;
mod page;
pub mod robots;
mod signatures;
mod technologies;
mod text;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use contracts::internal::enrichments::EnrichmentType;
use futures::FutureExt;
use platform::{
    egress::{Egress, EgressError, Request, Response},
    values,
};
use serde_json::{Map, Value};
use url::Url;

use super::{
    Adapter, Answer, Failure, Finding, Findings, Hit, KEPT, Outcome, PageNames, Prepared, Question,
    RawAnswer, Setup,
};
use manners::Manners;
use page::Page;
use robots::Robots;

/// Time limit of reading a page. A page that takes longer is read as far as it went.
const READING: Duration = Duration::from_secs(2);
/// Longest wait for that, a busy machine included.
const PATIENCE: Duration = Duration::from_secs(15);
/// Lifetime of remembered rules, and the number of sites.
const REMEMBERED: Duration = Duration::from_secs(24 * 60 * 60);
const MOST_REMEMBERED: usize = 10_000;
/// Pages that are read beside the front page, at most.
const MORE_PAGES: usize = 4;
/// Words in the addresses of such pages, the most telling first.
const TELLING: &[&str] = &[
    "impressum",
    "imprint",
    "legal-notice",
    "contact",
    "kontakt",
    "about",
    "ueber-uns",
    "uber-uns",
    "company",
    "unternehmen",
    "team",
    "people",
    "leadership",
];

/// Reads websites.
pub struct Website {
    egress: Egress,
    manners: Manners,
    rules: Mutex<HashMap<String, (Instant, Arc<Robots>)>>,
}

impl Website {
    /// Reads websites through this client.
    pub fn new(egress: Egress, manners: Manners) -> Self {
        Self { egress, manners, rules: Mutex::default() }
    }

    async fn read(&self, setup: &Setup, url: Url) -> Answer {
        let began = Instant::now();
        let robots = match self.robots(&url).await {
            Ok(robots) => robots,
            Err(failure) => return Answer::failed(failure),
        };
        if !robots.allows(path_of(&url)) {
            return Answer::failed(Failure::lasting(
                "robots",
                "The website does not want to be read by programs.",
            ));
        }
        let (mut answer, front) = self.page(&url).await;
        let Some(front) = front else { return answer };
        let Outcome::Hit(Hit::Fields(mut findings)) = answer.outcome else { return answer };
        let own =
            setup.config.get("max_pages").and_then(Value::as_u64).and_then(|most| usize::try_from(most).ok());
        let most = own.map_or(MORE_PAGES, |most| most.saturating_sub(1).min(MORE_PAGES));
        for next in telling_links(&front, most) {
            if began.elapsed() > setup.timeout {
                break;
            }
            let allowed = match self.robots(&next).await {
                Ok(robots) => robots.allows(path_of(&next)),
                Err(_) => false,
            };
            if !allowed {
                continue;
            }
            let (more, page) = self.page(&next).await;
            answer.raw.extend(more.raw);
            if page.is_some()
                && let Outcome::Hit(Hit::Fields(more)) = more.outcome
            {
                findings.pages += 1;
                add(&mut findings.fields, more.fields);
            }
        }
        Answer { outcome: Outcome::Hit(Hit::Fields(findings)), ..answer }
    }

    /// One page, in its turn, and where it led.
    async fn page(&self, url: &Url) -> (Answer, Option<FrontPage>) {
        if let Err(failure) = self.manners.wait(url).await {
            return (Answer::failed(failure), None);
        }
        let request = Request::get(url.as_str())
            .header("accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1")
            .header("accept-language", "en,*;q=0.5");
        let response = match self.egress.send(request).await {
            Ok(response) => response,
            Err(error) => return (Answer::failed(error.into()), None),
        };
        if response.final_url.origin() != url.origin() {
            match self.robots(&response.final_url).await {
                Ok(robots) if !robots.allows(path_of(&response.final_url)) => {
                    let message = "The website does not want to be read by programs.";
                    return (Answer::failed(Failure::lasting("robots", message)), None);
                }
                _ => {}
            }
        }
        read_response(response).await
    }

    /// The rules of a site. One without rules allows everything; one with rules that cannot be fetched allows nothing now.
    async fn robots(&self, url: &Url) -> Result<Arc<Robots>, Failure> {
        let origin = url.origin().ascii_serialization();
        let known = self.rules.lock().unwrap_or_else(PoisonError::into_inner).get(&origin).cloned();
        if let Some((at, robots)) = known
            && at.elapsed() < REMEMBERED
        {
            return Ok(robots);
        }
        let request = Request::get(format!("{origin}/robots.txt")).max_bytes(1 << 20);
        let robots = match self.egress.send(request).await {
            Ok(response) if response.status.is_success() => {
                Robots::parse(&String::from_utf8_lossy(&response.body))
            }
            Ok(response) if response.status.is_server_error() || response.status.as_u16() == 429 => {
                let code = if response.status.is_server_error() { "server_error" } else { "rate_limited" };
                let message =
                    format!("The website's rules for programs cannot be read: {}.", response.status);
                return Err(Failure::passing(code, message));
            }
            Ok(_) | Err(EgressError::TooLarge(_)) => Robots::default(),
            Err(error) => return Err(error.into()),
        };
        let robots = Arc::new(robots);
        let mut rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        if rules.len() >= MOST_REMEMBERED {
            rules.clear();
        }
        rules.insert(origin, (Instant::now(), Arc::clone(&robots)));
        Ok(robots)
    }
}

impl Adapter for Website {
    fn covers(&self, _: &Setup) -> Vec<EnrichmentType> {
        vec![EnrichmentType::CompanyInfo]
    }

    fn prepare<'a>(&'a self, setup: &'a Setup, question: &'a Question) -> Result<Prepared<'a>, Failure> {
        let url = address_in(&question.account)?;
        let key = format!("website {url}");
        Ok(Prepared { key, work: self.read(setup, url).boxed() })
    }
}

fn path_of(url: &Url) -> &str {
    url.as_str()
        .get(url.origin().ascii_serialization().len()..)
        .filter(|path| path.starts_with('/'))
        .unwrap_or("/")
}

/// Adds what further pages say: a field's surest statement stays, and what it is called is said on the front page.
fn add(fields: &mut Vec<Finding>, more: Vec<Finding>) {
    for finding in more.into_iter().filter(|finding| !matches!(&*finding.field, "description" | "logo_url")) {
        match fields.iter_mut().find(|known| known.field == finding.field) {
            Some(known) if known.confidence >= finding.confidence => {}
            Some(known) => *known = finding,
            None => fields.push(finding),
        }
    }
}

/// Where a page led.
struct FrontPage {
    url: Url,
    anchors: Vec<String>,
}

/// Pages of the same site with addresses that promise facts about the company, each once.
fn telling_links(front: &FrontPage, most: usize) -> Vec<Url> {
    let mut found: Vec<(usize, Url)> = Vec::new();
    for anchor in &front.anchors {
        let Ok(mut url) = front.url.join(anchor.trim()) else { continue };
        url.set_fragment(None);
        let path = url.path().to_lowercase();
        let rank = TELLING.iter().position(|word| path.contains(word));
        let is_new = url != front.url && !found.iter().any(|(_, known)| *known == url);
        if let Some(rank) = rank.filter(|_| is_new && url.origin() == front.url.origin()) {
            found.push((rank, url));
        }
    }
    found.sort_by_key(|(rank, url)| (*rank, url.as_str().len()));
    let mut ranks = Vec::new();
    found.retain(|(rank, _)| {
        let is_first = !ranks.contains(rank);
        ranks.push(*rank);
        is_first
    });
    found.into_iter().take(most).map(|(_, url)| url).collect()
}

fn address_in(account: &Map<String, Value>) -> Result<Url, Failure> {
    let website = account.get("website").and_then(Value::as_str).unwrap_or_default().trim();
    if website.is_empty() {
        return Err(Failure::lasting("no_website", "The account has no website."));
    }
    let url = values::web_url(website);
    url.ok_or_else(|| Failure::lasting("bad_address", "The account's website is not a web address."))
}

/// The content of a page, as far as it was understood.
struct Reading {
    fields: Vec<Finding>,
    names: PageNames,
    anchors: Vec<String>,
    beginning: String,
    is_html: bool,
}

async fn read_response(response: Response) -> (Answer, Option<FrontPage>) {
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
    let front = FrontPage { url: response.final_url.clone(), anchors: reading.anchors };
    let (outcome, front) = match refusal {
        Some(failure) => (Outcome::Failed(failure), None),
        None if !reading.is_html => {
            let failure = Failure::lasting("not_html", "The website's answer is not a web page.");
            (Outcome::Failed(failure), None)
        }
        None => {
            let findings = Findings {
                source_url: response.final_url.into(),
                fetched_at,
                fields: reading.fields,
                page: reading.names,
                pages: 1,
            };
            (Outcome::Hit(Hit::Fields(findings)), Some(front))
        }
    };
    (Answer { raw: vec![raw], http_status: Some(response.status.as_u16()), tokens: None, outcome }, front)
}

fn unreadable(sentence: &str) -> (Answer, Option<FrontPage>) {
    (Answer::failed(Failure::lasting("unreadable_page", sentence)), None)
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
        anchors: page.anchors,
    }
}
