//! Names that lead where they may when they are looked at, and elsewhere when they are dialled.

use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;

use super::egress::{Canary, company, tried};
use super::resolver::{Resolver, ZONE};
use super::stage::{ALLOWED, Stage};
use super::verdict::Suite;
use devstack::people::{signed, text};
use devstack::waiting::{Cancel, pause};
use devstack::wire::Request;

/// How often each name is resolved.
const ROUNDS: usize = 4;
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs the cases: each name as a company's website and as a webhook's address.
pub(super) fn run(stage: &Stage, suite: &Suite) -> Result<()> {
    let Some(resolver) = stage.own.as_ref().and_then(|own| own.resolver.as_ref()) else {
        suite.skip("a resolver that answers differently the second time needs root, and Linux's unshare");
        return Ok(());
    };
    let forbidden = Canary::at("127.0.0.1", 0)?;
    let allowed = Canary::at(ALLOWED, forbidden.port).context("the same port is not free")?;
    for (which, leads_there) in [("turns", true), ("both", true), ("inside", false), ("metadata", false)] {
        let host = format!("{which}.{ZONE}");
        let address = format!("http://{host}:{}/", forbidden.port);
        let before = (resolver.asked(&host), allowed.visits(), forbidden.visits());
        let mut pasted = String::new();
        for _ in 0..ROUNDS {
            let (request, account) =
                company(stage, &address)?.context("a website with a name was not taken")?;
            pasted = stage.curl(&request);
            // A try that did not happen is found out by who was not visited.
            let _ = tried(stage, &account);
        }
        let judge = |what: &str, pasted: String| {
            let asked = resolver.asked(&host) - before.0;
            let (there, here) = (allowed.visits() - before.1, forbidden.visits() - before.2);
            let outcome = match (asked, there, here) {
                (_, _, 1..) => Err(format!("{here} visits")),
                (0, ..) => Err("the resolver was not asked, so that this shows nothing".to_owned()),
                (_, 0, _) if leads_there => {
                    Err("nobody came where they may, so that this shows nothing".to_owned())
                }
                _ => Ok(()),
            };
            suite.case(
                &format!("{what} at {host}, asked for {asked} times, leads nowhere inside"),
                || pasted,
                outcome,
            );
        };
        judge("a website", pasted);
        let pasted = deliver(stage, resolver, &host, &address)?;
        judge("a webhook", pasted);
    }
    Ok(())
}

/// Has webhooks sent to an address and waits until its name was looked up for them.
fn deliver(stage: &Stage, resolver: &Resolver, host: &str, address: &str) -> Result<String> {
    let ours = &stage.ours;
    let before = resolver.asked(host);
    let endpoint = json!({"url": address, "events": ["Lead.CREATE"]});
    let make =
        signed("POST", "/api/v2/webhook-endpoints", &ours.token, Some(&ours.client_id)).json(&endpoint);
    let made = stage.api.ask(&make, &[201])?.json();
    for _ in 0..ROUNDS {
        let lead = json!({"email": format!("d{:08x}@example.org", rand::random::<u32>())});
        let form = Request::new("POST", "/api/leads/ingest").header("X-API-Key", &ours.key).json(&lead);
        stage.api.ask(&form, &[201])?;
    }
    let step = Duration::from_millis(100);
    // A name that is not looked up at all is found out when the case is judged.
    let _ =
        Cancel::default().until("look-ups", step, PATIENCE, || Ok(resolver.asked(host) >= before + ROUNDS));
    pause(Duration::from_millis(500));
    let path = format!("/api/v2/webhook-endpoints/{}", text(&made, "id")?);
    stage.api.ask(&signed("DELETE", &path, &ours.token, Some(&ours.client_id)), &[204])?;
    Ok(stage.curl(&make))
}
