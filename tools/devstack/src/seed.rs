//! Seeding of the demo, once, through the gateway. Every step may be repeated after a crash half-way.

use std::io::Write;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::demo::{Demo, DemoTenant, SignIn};
use crate::http::{Answer, Http};
use crate::layout::{Layout, write_json};
use crate::mails;
use crate::progress::Progress;
use crate::services::Surroundings;
use crate::waiting::Cancel;

const PLATFORM_ADMIN: &str = "admin@leadstream.local";
const TENANT_ADMIN: &str = "owner@demo.example";
const CLIENT_ID: &str = "demo";
const PRODUCT: &str = "Leadstream Starter";
/// How long one step may be answered with "not yet".
const PATIENCE: Duration = Duration::from_secs(60);

/// The demo of a platform, made if it isn't complete, and written to `demo.json` with today's address.
pub fn demo(
    surroundings: &mut Surroundings,
    layout: &Layout,
    progress: &Progress,
    cancel: &Cancel,
) -> Result<Demo> {
    if !surroundings.state.seeded {
        progress.say("making the demo");
        let http = Http::with_limit(Duration::from_secs(30));
        let base_url = surroundings.base_url();
        Seed { surroundings, layout, cancel, http, base_url }.run().context("the demo can't be made")?;
    }
    let secrets = &surroundings.secrets;
    let demo = Demo {
        base_url: surroundings.base_url(),
        platform_admin: SignIn { email: PLATFORM_ADMIN.into(), password: secrets.platform_admin.clone() },
        tenant: DemoTenant {
            id: surroundings.state.tenant_id.clone().unwrap_or_default(),
            client_id: CLIENT_ID.into(),
        },
        tenant_admin: SignIn { email: TENANT_ADMIN.into(), password: secrets.tenant_admin.clone() },
        api_key: secrets.demo_api_key.clone().unwrap_or_default(),
        mailbox_url: surroundings.mailbox_url(),
    };
    write_json(&layout.demo(), &demo)?;
    Ok(demo)
}

struct Seed<'a> {
    surroundings: &'a mut Surroundings,
    layout: &'a Layout,
    cancel: &'a Cancel,
    http: Http,
    base_url: String,
}

impl Seed<'_> {
    fn run(mut self) -> Result<()> {
        self.platform_admin()?;
        let token = self.tenant_admin()?;
        self.prove(&token)?;
        self.tenant(&token)?;
        self.api_key(&token)?;
        self.product(&token)?;
        self.surroundings.state.seeded = true;
        self.surroundings.state.save(&self.layout.state())
    }

    /// The one account that no request can make.
    fn platform_admin(&self) -> Result<()> {
        let arguments =
            ["create-admin", "--email", PLATFORM_ADMIN, "--first-name", "Platform", "--last-name", "Admin"];
        let mut command = self.surroundings.command("auth-service", &arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().context("can't run auth-service create-admin")?;
        if let Some(mut stdin) = child.stdin.take() {
            // One that ends without reading says why on stderr.
            let _ = writeln!(stdin, "{}", self.surroundings.secrets.platform_admin);
        }
        let output = child.wait_with_output()?;
        if !output.status.success() {
            bail!("auth-service create-admin: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(())
    }

    /// Registers the tenant with its admin, and signs in.
    fn tenant_admin(&self) -> Result<String> {
        let password = &self.surroundings.secrets.tenant_admin;
        let body = json!({
            "email": TENANT_ADMIN, "password": password, "first_name": "Demo", "last_name": "Owner",
            "tenant": {"client_id": CLIENT_ID, "name": "Demo Company", "website": "https://demo.example"},
        });
        // 409: an earlier attempt came this far.
        self.ask("POST", "/api/v2/auth/register", None, Some(&body), &[201, 409])?;
        let body = json!({"email": TENANT_ADMIN, "password": password});
        let answer = self.ask("POST", "/api/v2/auth/login", None, Some(&body), &[200])?.json();
        text(&answer, "access_token").context("signing in gave no access_token")
    }

    /// Proves the admin's address, with the link that was mailed there.
    fn prove(&self, token: &str) -> Result<()> {
        let mailbox = format!("{}/mails?to={TENANT_ADMIN}", self.surroundings.mailbox_url());
        let (step, cancel) = (Duration::from_millis(50), self.cancel.clone());
        cancel.until("proving the address of the demo's admin", step, PATIENCE, || {
            let me = self.ask("GET", "/api/v2/auth/me", Some(token), None, &[200])?.json();
            if me.get("email_verified") == Some(&json!(true)) {
                return Ok(true);
            }
            let mailed = self.http.send("GET", &mailbox, &[], None)?.json();
            if let Some(link) = mails::token_in(&mailed, mails::VERIFY) {
                let body = json!({"token": link});
                // 410: an earlier attempt used it, or it is too old and another is asked for.
                let proven = self.ask("POST", "/api/v2/auth/email/verify", None, Some(&body), &[200, 410])?;
                if proven.status == 410 {
                    let body = json!({"email": TENANT_ADMIN});
                    self.ask("POST", "/api/v2/auth/email/resend", None, Some(&body), &[202])?;
                }
            }
            Ok(false)
        })
    }

    fn tenant(&mut self, token: &str) -> Result<()> {
        let mut found = None;
        let (step, cancel) = (Duration::from_millis(50), self.cancel.clone());
        cancel.until("making the demo's tenant", step, PATIENCE, || {
            let me = self.ask("GET", "/api/v2/auth/me", Some(token), None, &[200])?.json();
            let memberships = me.get("memberships").and_then(Value::as_array);
            let ours = |entry: &&Value| text(entry, "client_id").as_deref() == Some(CLIENT_ID);
            found = memberships.and_then(|all| all.iter().find(ours)).and_then(|one| text(one, "tenant_id"));
            Ok(found.is_some())
        })?;
        self.surroundings.state.tenant_id = found;
        self.surroundings.state.save(&self.layout.state())
    }

    fn api_key(&mut self, token: &str) -> Result<()> {
        if self.surroundings.secrets.demo_api_key.is_some() {
            return Ok(());
        }
        // A key that was created in an answer lost by a crash can't be read again, and may occupy its name.
        for name in ["Website form", "Website form (2)", "Website form (3)"] {
            let answer =
                self.ask("POST", "/api/v2/api-keys", Some(token), Some(&json!({"name": name})), &[201, 409])?;
            if answer.status == 201 {
                let key = text(&answer.json(), "key").context("the new API key has no key")?;
                self.surroundings.secrets.demo_api_key = Some(key);
                return self.surroundings.secrets.save(&self.layout.secrets());
            }
        }
        bail!("every name for the API key is taken")
    }

    fn product(&self, token: &str) -> Result<()> {
        let known = self.ask("GET", "/api/v2/products", Some(token), None, &[200])?;
        if known.text.contains(PRODUCT) {
            return Ok(());
        }
        let body = json!({
            "name": PRODUCT,
            "description": "Finds, enriches and follows up the companies and people that are worth talking to.",
            "persona_role_titles": {
                "buyers": ["Chief Revenue Officer", "Head of Sales"],
                "influencers": ["Sales Operations Manager"],
                "end_users": ["Sales Development Representative", "Account Executive"],
            },
        });
        self.ask("POST", "/api/v2/products", Some(token), Some(&body), &[201, 409]).map(drop)
    }

    /// One request, repeated while the answer is that something isn't there yet: a new tenant becomes active only
    /// when every service has made room for it, and access spreads within seconds.
    fn ask(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: Option<&Value>,
        wanted: &[u16],
    ) -> Result<Answer> {
        let url = format!("{}{path}", self.base_url);
        let bearer = token.map(|token| format!("Bearer {token}"));
        let mut headers = Vec::new();
        if let Some(bearer) = &bearer {
            headers.push(("authorization", bearer.as_str()));
        }
        if token.is_some() && !path.starts_with("/api/v2/auth/") {
            headers.push(("x-tenant-id", CLIENT_ID));
        }
        let mut last = None;
        let outcome = self.cancel.until(path, Duration::from_millis(50), PATIENCE, || {
            let answer = self.http.send(method, &url, &headers, body)?;
            let not_yet = matches!(answer.status, 403 | 404 | 429 | 502 | 503 | 504);
            let over = wanted.contains(&answer.status) || !not_yet;
            last = Some(answer);
            Ok(over)
        });
        match last {
            Some(answer) if wanted.contains(&answer.status) => Ok(answer),
            Some(answer) => bail!("{method} {path} answered {}: {}", answer.status, answer.text.trim()),
            None => Err(outcome.err().unwrap_or_else(|| anyhow::anyhow!("{method} {path} got no answer"))),
        }
    }
}

fn text(value: &Value, field: &str) -> Option<String> {
    value.get(field)?.as_str().map(str::to_owned)
}
