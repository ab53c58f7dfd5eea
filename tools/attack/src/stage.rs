//! Stage of the attacks: a platform with two tenants that must not know of each other, and users of every role.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::resolver::Resolver;
use devstack::demo::SignIn;
use devstack::engines::Engines;
use devstack::layout::{Layout, read_json};
use devstack::people::{Api, Tenant, signed, text};
use devstack::secrets::{self, Secrets};
use devstack::services::database;
use devstack::sql::Sql;
use devstack::waiting::Cancel;
use devstack::wire::Request;
use devstack::{Options, Platform, Progress};

/// What every text of the other tenant holds, so that it is noticed wherever it turns up.
pub(super) const CANARY: &str = "CANARY-OF-THE-OTHER-TENANT";
/// The only address of this machine that the platform may reach: a website of the attacker's, so to speak.
pub(super) const ALLOWED: &str = "127.0.0.2";

/// How many objects of each kind are asked for.
const FOREIGN_IDS: usize = 3;

/// The scene of the attack.
pub(super) struct Stage {
    /// Our own platform, when it is one.
    pub(super) own: Option<Own>,
    /// Its API.
    pub(super) api: Api,
    /// Its address.
    pub(super) base_url: String,
    /// The tenant that is attacked from.
    pub(super) ours: Tenant,
    /// The tenant that is attacked.
    pub(super) theirs: Tenant,
    /// Access tokens of people of our tenant by role, and of the platform's staff.
    pub(super) people: BTreeMap<String, String>,
    /// By collection (`/api/v2/leads`): ids of what the other tenant has.
    pub(super) foreign: BTreeMap<String, Vec<String>>,
    /// One in so many hostile values is tried.
    pub(super) one_in: u64,
}

/// What only a platform that we started ourselves lets us look at.
pub(super) struct Own {
    pub(super) platform: Platform,
    /// Its secrets.
    pub(super) secrets: Secrets,
    /// Answers its processes' questions after names, where that is possible.
    pub(super) resolver: Option<Resolver>,
    binaries: std::path::PathBuf,
}

impl Own {
    /// A database as PostgreSQL's superuser sees it.
    pub(super) fn sql(&self, database: &str) -> Result<Sql> {
        Sql::at(&self.platform.postgres_url(database), &self.binaries)
    }

    /// Where `psql` is.
    pub(super) fn binaries(&self) -> &Path {
        &self.binaries
    }

    /// A database as one of its three roles sees it.
    pub(super) fn sql_as(&self, database: &str, kind: &str) -> Result<Sql> {
        let password = self.secrets.databases.get(database).map_or("", String::as_str);
        let superuser = self.platform.postgres_url(database);
        let (_, address) = superuser.split_once('@').context("an address of PostgreSQL looks different")?;
        Sql::at(&format!("postgres://{database}_{kind}:{password}@{address}"), &self.binaries)
    }
}

impl Stage {
    /// A platform of our own, with people of every role.
    pub(super) fn own(progress: Progress, cancel: &Cancel) -> Result<Self> {
        let dir = Path::new("/var/tmp").join(format!("leadstream-attack-{:016x}", rand::random::<u64>()));
        let layout = Layout::of(&dir)?;
        layout.create()?;
        // Where it cannot be had, the suite that asks for it says so.
        let (resolver, wrapper) = Resolver::start(layout.dir()).ok().unzip();
        let mut options = Options {
            build: false,
            wrapper: wrapper.unwrap_or_default(),
            ephemeral: true,
            progress,
            cancel: cancel.clone(),
            ..Options::at(dir).with_raised_limits()
        };
        options.environment.push(("EGRESS_ALLOW".to_owned(), format!("{ALLOWED}/32")));
        let platform = Platform::start(&options)?;
        let secrets = read_json(&layout.secrets())?.context("the platform has no secrets")?;
        let binaries = Engines::find_or_install(None, &progress)?.postgres;
        let staff = platform.demo().map(|demo| demo.platform_admin.clone());
        let base_url = platform.base_url();
        let mut stage = Self::at(&base_url, Some(Own { platform, secrets, resolver, binaries }))?;
        if let Some(staff) = staff {
            let token = stage.api.sign_in(&staff)?;
            stage.people.insert("internal_admin".to_owned(), token);
        }
        stage.make_people()?;
        Ok(stage)
    }

    /// A platform of another operator, where only public actions are possible.
    pub(super) fn at(base_url: &str, own: Option<Own>) -> Result<Self> {
        let api = match &own {
            Some(own) => Api::of(&own.platform)?,
            None => Api::at(base_url)?,
        };
        let mark = format!("{:06x}", rand::random::<u32>() & 0xff_ffff);
        let (ours, theirs) = (api.found(&format!("ours-{mark}"))?, api.found(&format!("theirs-{mark}"))?);
        let people = BTreeMap::from([("tenant_admin".to_owned(), ours.token.clone())]);
        let mut stage = Self {
            own,
            api,
            base_url: base_url.trim_end_matches('/').to_owned(),
            ours,
            theirs,
            people,
            foreign: BTreeMap::new(),
            one_in: 1,
        };
        stage.fill(&stage.ours.clone(), "Ours")?;
        stage.fill(&stage.theirs.clone(), CANARY)?;
        stage.foreign = stage.ids_of(&stage.theirs)?;
        // Objects that both see, such as the system roles, are no secret.
        let shared = stage.ids_of(&stage.ours)?;
        for (collection, ids) in &mut stage.foreign {
            ids.retain(|id| shared.get(collection).is_none_or(|shared| !shared.contains(id)));
            ids.truncate(FOREIGN_IDS);
        }
        Ok(stage)
    }

    /// One of everything that can be made without further ado, each with the tenant's mark in its texts.
    fn fill(&self, tenant: &Tenant, mark: &str) -> Result<()> {
        let make = |path: &str, body: &Value| -> Result<Value> {
            let request = signed("POST", path, &tenant.token, Some(&tenant.client_id)).json(body);
            Ok(self.api.ask(&request, &[201])?.json())
        };
        let product = make("/api/v2/products", &json!({"name": mark, "description": mark}))?;
        let product_id = text(&product, "id")?;
        make("/api/v2/accounts", &json!({"name": mark, "product_id": product_id}))?;
        make(
            "/api/v2/leads",
            &json!({"first_name": mark, "email": format!("{}@example.org", mark.to_lowercase())}),
        )?;
        make("/api/v2/roles", &json!({"name": mark, "level": 1, "data_scope": "own"}))?;
        // Without a proven address there are no webhooks.
        if self.own.is_some() {
            let endpoint = format!("http://{ALLOWED}:9/{mark}");
            make(
                "/api/v2/webhook-endpoints",
                &json!({"url": endpoint, "events": ["*"], "description": mark}),
            )?;
        }
        let form = Request::new("POST", "/api/leads/ingest").header("X-API-Key", &tenant.key);
        self.api.ask(
            &form.json(&json!({"name": mark, "email": format!("form.{}@example.org", mark.to_lowercase())})),
            &[201],
        )?;
        Ok(())
    }

    /// Ids of everything that a tenant's admin can list.
    fn ids_of(&self, tenant: &Tenant) -> Result<BTreeMap<String, Vec<String>>> {
        let mut ids = BTreeMap::new();
        for (path, methods) in self.schema()?.get("paths").and_then(Value::as_object).into_iter().flatten() {
            if path.contains('{') || methods.get("get").is_none() {
                continue;
            }
            let request = signed("GET", path, &tenant.token, Some(&tenant.client_id));
            let Ok(answer) = request.send(self.api.address, Duration::from_secs(10)) else { continue };
            let body = answer.json();
            let results = body.get("results").and_then(Value::as_array);
            let found =
                results.into_iter().flatten().filter_map(|one| one.get("id")?.as_str().map(str::to_owned));
            ids.insert(path.clone(), found.collect());
        }
        Ok(ids)
    }

    /// The merged OpenAPI document.
    pub(super) fn schema(&self) -> Result<Value> {
        Ok(self.api.ask(&Request::new("GET", "/api/schema/"), &[200])?.json())
    }

    /// A person for each role that a tenant can give.
    fn make_people(&mut self) -> Result<()> {
        let Some(own) = &self.own else { return Ok(()) };
        let tenant_database = own.sql(database("tenant-service"))?;
        let roles =
            "select name, id from roles where tenant_id is null and not is_platform and deleted_at is null";
        let tenant = self.ours.id.clone();
        for row in tenant_database.rows(roles)? {
            let [name, role] = row.as_slice() else { continue };
            if name == "tenant_admin" {
                continue;
            }
            let who = SignIn {
                email: format!("{name}@{}.example", self.ours.client_id),
                password: secrets::password(),
            };
            let body = json!({"email": who.email, "password": who.password, "first_name": name, "last_name": "Somebody"});
            let made =
                self.api.ask(&Request::new("POST", "/api/v2/auth/register").json(&body), &[201])?.json();
            let person = made.pointer("/user/id").and_then(Value::as_str).context("a person has no id")?;
            self.api.prove(&who.email)?;
            tenant_database.rows(&format!(
                "insert into memberships (id, tenant_id, user_id, role_id) \
                 values (gen_random_uuid(), '{tenant}', '{person}', '{role}')"
            ))?;
            self.people.insert(name.clone(), self.api.sign_in(&who)?);
        }
        Ok(())
    }

    /// A request that can be pasted.
    pub(super) fn curl(&self, request: &Request) -> String {
        request.curl(&self.base_url)
    }
}
