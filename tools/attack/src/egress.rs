//! Addresses that must not be reachable through the platform, each with a canary that must stay silent.

use std::io::{BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::rebinding;
use super::stage::{ALLOWED, Stage};
use super::verdict::Suite;
use devstack::people::{signed, text};
use devstack::waiting::{Cancel, pause};
use devstack::wire::{self, Request};

/// How long something forbidden has to happen.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long all tries of a job may take: pauses of 2, 15 and 60 s, a fifth more at most, and the tries themselves.
const ALL_TRIES: Duration = Duration::from_secs(150);

/// A listener at a forbidden address.
pub(super) struct Canary {
    pub(super) port: u16,
    visits: Arc<AtomicUsize>,
}

impl Canary {
    /// Listens at an address, on any port when it is 0.
    pub(super) fn at(address: &str, port: u16) -> Result<Self> {
        let listener =
            TcpListener::bind((address, port)).with_context(|| format!("can't listen on {address}"))?;
        let port = listener.local_addr()?.port();
        let visits = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&visits);
        std::thread::spawn(move || {
            for visitor in listener.incoming() {
                counter.fetch_add(1, Ordering::SeqCst);
                drop(visitor);
            }
        });
        Ok(Self { port, visits })
    }

    /// How many came so far.
    pub(super) fn visits(&self) -> usize {
        self.visits.load(Ordering::SeqCst)
    }
}

/// A reachable website that redirects every request.
struct Turnstile {
    port: u16,
    visits: Arc<AtomicUsize>,
    to: Arc<Mutex<String>>,
}

impl Turnstile {
    fn start() -> Result<Self> {
        let listener =
            TcpListener::bind((ALLOWED, 0)).with_context(|| format!("can't listen on {ALLOWED}"))?;
        let port = listener.local_addr()?.port();
        let (visits, to) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(String::new())));
        let (counter, target) = (Arc::clone(&visits), Arc::clone(&to));
        std::thread::spawn(move || {
            for visitor in listener.incoming().flatten() {
                counter.fetch_add(1, Ordering::SeqCst);
                let target = target.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
                std::thread::spawn(move || send_on(&visitor, &target));
            }
        });
        Ok(Self { port, visits, to })
    }

    fn lead_to(&self, target: &str) {
        *self.to.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = target.to_owned();
    }
}

fn send_on(mut visitor: &TcpStream, target: &str) -> Option<()> {
    visitor.set_read_timeout(Some(Duration::from_secs(2))).ok()?;
    let mut reader = BufReader::new(visitor);
    wire::line(&mut reader).ok()?;
    wire::read_headers(&mut reader).ok()?;
    let answer =
        format!("HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    visitor.write_all(answer.as_bytes()).ok()
}

/// Runs the suite.
pub(super) fn run(stage: &Stage, suite: &Suite) -> Result<()> {
    if stage.own.is_none() {
        suite.skip("another platform may have been told to reach addresses of this machine");
        return Ok(());
    }
    if !cfg!(target_os = "linux") {
        suite.skip("only Linux has every address of 127.0.0.0/8");
        return Ok(());
    }
    let canary = Canary::at("127.0.0.1", 0)?;
    let six = Canary::at("::1", 0).ok();
    let turnstile = Turnstile::start()?;
    let all = forbidden(canary.port, six.as_ref().map(|canary| canary.port));
    for (place, address) in all.iter().enumerate() {
        refused_at_once(stage, suite, address);
        // A website is looked at by a job, which takes its time.
        if stage.one_in == 1 || place % 5 == 0 {
            fetched_never(stage, suite, address, &canary, six.as_ref())?;
        }
    }
    for target in [
        format!("http://127.0.0.1:{}/", canary.port),
        format!("http://localhost:{}/", canary.port),
        "file:///etc/passwd".to_owned(),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        format!("//127.0.0.1:{}/", canary.port),
    ] {
        turnstile.lead_to(&target);
        redirected(stage, suite, &target, &turnstile, &canary)?;
    }
    rebinding::run(stage, suite)?;
    let outcome = over(stage);
    let outcome = match canary.visits() + six.as_ref().map_or(0, Canary::visits) {
        0 => outcome,
        visits => Err(format!("{visits} visits")),
    };
    suite.case("nobody comes at the last of all tries either", String::new, outcome);
    Ok(())
}

/// All the ways to write an address that is ours, or a cloud's.
fn forbidden(port: u16, six: Option<u16>) -> Vec<String> {
    let hosts = [
        "127.0.0.1",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "127.1",
        "127.0.1",
        "0.0.0.0",
        "0",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0x7f.1",
        "127.0.0.3",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[::]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "127.0.0.1.",
        "１２７.0.0.1",
        "user@127.0.0.1",
        "example.org@127.0.0.1",
    ];
    let mut all: Vec<String> = hosts.iter().map(|host| format!("http://{host}:{port}/")).collect();
    all.extend(six.map(|port| format!("http://[::1]:{port}/")));
    all.extend(
        [
            "http://169.254.169.254/latest/meta-data/",
            "http://[fd00:ec2::254]/",
            "http://metadata.google.internal/",
            "http://168.63.129.16/",
            "http://10.0.0.1/",
            "http://192.168.0.1/",
            "http://172.16.0.1/",
            "http://100.64.0.1/",
            "http://[fe80::1]/",
            "http://[fc00::1]/",
            "http://224.0.0.1/",
            "http://255.255.255.255/",
            "file:///etc/passwd",
            "ftp://127.0.0.1/",
            "gopher://127.0.0.1:6379/_PING",
            "javascript:alert(1)",
            "http://",
            "127.0.0.1",
        ]
        .map(str::to_owned),
    );
    all
}

/// As the address of a webhook: refused when it is given, or at least never sent to.
fn refused_at_once(stage: &Stage, suite: &Suite, address: &str) {
    let body = json!({"url": address, "events": ["*"]});
    let request = signed("POST", "/api/v2/webhook-endpoints", &stage.ours.token, Some(&stage.ours.client_id))
        .json(&body);
    let outcome = match request.send(stage.api.address, Duration::from_secs(10)) {
        Ok(answer) if answer.status == 400 || answer.status == 422 => Ok(()),
        // A name is looked up when it is dialled.
        Ok(answer) if answer.status == 201 && is_name(address) => Ok(()),
        Ok(answer) => Err(format!("answered {}", answer.status)),
        Err(failure) => Err(format!("no answer: {failure:?}")),
    };
    suite.case(&format!("a webhook to {address}"), || stage.curl(&request), outcome);
}

fn is_name(address: &str) -> bool {
    let host = address.split("//").nth(1).unwrap_or_default().split(['/', ':']).next().unwrap_or_default();
    host.chars().any(|letter| letter.is_ascii_alphabetic())
        && !host.starts_with("0x")
        && !host.starts_with('[')
}

/// As a company's website: looked at by enrichment-service, which must not come.
fn fetched_never(
    stage: &Stage,
    suite: &Suite,
    address: &str,
    canary: &Canary,
    six: Option<&Canary>,
) -> Result<()> {
    let visits = || canary.visits() + six.map_or(0, Canary::visits);
    let before = visits();
    let Some((request, account)) = company(stage, address)? else {
        suite.case(&format!("a website at {address} is not taken"), String::new, Ok(()));
        return Ok(());
    };
    // Each of its jobs has been tried once when this returns; who comes at another try is counted in the end.
    let outcome = tried(stage, &account);
    let outcome = match (outcome, visits() - before) {
        (_, 1..) => Err(format!("{} visits", visits() - before)),
        (Err(why), 0) => Err(why),
        (Ok(()), 0) => Ok(()),
    };
    suite.case(&format!("a website at {address} is not visited"), || stage.curl(&request), outcome);
    Ok(())
}

/// A website that may be visited and leads on to one that may not.
fn redirected(
    stage: &Stage,
    suite: &Suite,
    target: &str,
    turnstile: &Turnstile,
    canary: &Canary,
) -> Result<()> {
    let before = (turnstile.visits.load(Ordering::SeqCst), canary.visits());
    let website = format!("http://{ALLOWED}:{}/", turnstile.port);
    let (request, account) = company(stage, &website)?.context("an allowed website was not taken")?;
    // A try that did not happen is found out by who was not visited.
    let _ = tried(stage, &account);
    let visited = turnstile.visits.load(Ordering::SeqCst) > before.0;
    let outcome = match (visited, canary.visits() - before.1) {
        (false, _) => Err("the allowed website was not visited, so that this shows nothing".to_owned()),
        (true, 0) => Ok(()),
        (true, visits) => Err(format!("{visits} visits")),
    };
    suite.case(&format!("a website that leads to {target} leads nowhere"), || stage.curl(&request), outcome);
    let endpoint = json!({"url": website, "events": ["Lead.CREATE"]});
    let make = signed("POST", "/api/v2/webhook-endpoints", &stage.ours.token, Some(&stage.ours.client_id))
        .json(&endpoint);
    let made = stage.api.ask(&make, &[201])?.json();
    let seen = turnstile.visits.load(Ordering::SeqCst);
    let form = Request::new("POST", "/api/leads/ingest").header("X-API-Key", &stage.ours.key);
    stage
        .api
        .ask(&form.json(&json!({"email": format!("r{:08x}@example.org", rand::random::<u32>())})), &[201])?;
    let step = Duration::from_millis(100);
    let visited = Cancel::default()
        .until("a delivery", step, PATIENCE, || Ok(turnstile.visits.load(Ordering::SeqCst) > seen));
    pause(Duration::from_millis(500));
    let outcome = match (visited, canary.visits() - before.1) {
        (Err(_), _) => Err("nothing was delivered, so that this shows nothing".to_owned()),
        (Ok(()), 0) => Ok(()),
        (Ok(()), visits) => Err(format!("{visits} visits")),
    };
    suite.case(&format!("a webhook that is sent on to {target} goes nowhere"), || stage.curl(&make), outcome);
    let path = format!("/api/v2/webhook-endpoints/{}", text(&made, "id")?);
    stage.api.ask(&signed("DELETE", &path, &stage.ours.token, Some(&stage.ours.client_id)), &[204]).map(drop)
}

/// A new account with this website: the request and the account's id; none when the address is refused.
pub(super) fn company(stage: &Stage, website: &str) -> Result<Option<(Request, String)>> {
    let ours = &stage.ours;
    let list = signed("GET", "/api/v2/products?page_size=1", &ours.token, Some(&ours.client_id));
    let products = stage.api.ask(&list, &[200])?.json();
    let product =
        products.pointer("/results/0/id").and_then(Value::as_str).context("there is no product")?.to_owned();
    let body = json!({"name": format!("Company {:08x}", rand::random::<u32>()), "product_id": product, "website": website});
    let request = signed("POST", "/api/v2/accounts", &ours.token, Some(&ours.client_id)).json(&body);
    let answer = stage.api.ask(&request, &[201, 400])?;
    if answer.status == 400 { Ok(None) } else { Ok(Some((request, text(&answer.json(), "id")?))) }
}

/// Waits until a company's jobs have each been tried.
pub(super) fn tried(stage: &Stage, account: &str) -> Result<(), String> {
    let own = stage.own.as_ref().ok_or("the platform is not ours")?;
    let sql = own.sql("enrichment").map_err(|error| error.to_string())?;
    let all = format!("select count(*) from jobs where subject_id = '{account}'");
    // One that waits for another attempt is in progress, too, with the reason of the last one's failure.
    let untried = format!("{all} and status in ('pending', 'in_progress') and last_error is null");
    let step = Duration::from_millis(200);
    let all_tried = || Ok(sql.number(&all)? > 0 && sql.number(&untried)? == 0);
    let outcome = Cancel::default().until("looking at a website", step, PATIENCE, all_tried);
    pause(Duration::from_millis(300));
    outcome.map_err(|error| error.to_string())
}

/// Waits until no job is left to be tried again.
fn over(stage: &Stage) -> Result<(), String> {
    let own = stage.own.as_ref().ok_or("the platform is not ours")?;
    let sql = own.sql("enrichment").map_err(|error| error.to_string())?;
    let left = "select count(*) from jobs where status in ('pending', 'in_progress')";
    let none_left = || Ok(sql.number(left)? == 0);
    Cancel::default()
        .until("the last tries", Duration::from_millis(200), ALL_TRIES, none_left)
        .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_addresses() {
        assert!(is_name("http://localhost:80/"));
        assert!(is_name("http://metadata.google.internal/"));
        for address in ["http://127.0.0.1:80/", "http://[::1]/", "http://0x7f000001/", "file:///etc/passwd"] {
            assert!(!is_name(address), "{address}");
        }
    }
}
