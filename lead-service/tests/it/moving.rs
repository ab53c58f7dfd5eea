//! Tenants move between the pool and schemas of their own while they are read and written.

use std::{
    cell::{Cell, RefCell},
    time::{Duration, Instant},
};

use contracts::{
    TenantId,
    internal::tenants::{Isolation, MoveStep},
};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use serde_json::json;
use testkit::{Caller, Reply, moving::STEPS};

use crate::{
    arrange::{Leads, api_key, product},
    schema_tier::{rows, schema_of},
};

async fn app_connection(app: &Leads) -> AsyncPgConnection {
    AsyncPgConnection::establish(&app.database.app_url()).await.unwrap()
}

async fn create_lead(caller: &Caller, name: &str) -> Reply {
    caller.post("/api/v2/leads", &json!({"first_name": name, "email": format!("{name}@acme.example")})).await
}

/// What becomes of a step. As tenant-service does, it is ordered again while the service answers that it goes on.
async fn outcome(app: &Leads, tenant: TenantId, to: Isolation, step: MoveStep, order: i64) -> Reply {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let reply = app.order_step(tenant, to, step, order).await;
        if reply.status != 200 || reply.body["is_done"] != false {
            return reply;
        }
        assert!(Instant::now() < deadline, "{step:?} has no outcome in time");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Waits until a mover has paused the writes of a tenant.
async fn paused(app: &Leads) {
    let paused = "SELECT count(*) AS number FROM tenant_states WHERE writes_paused_until > now()";
    for _ in 0..1_000 {
        if app.database.number(paused).await == 1 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("writes are not paused");
}

/// Writes until stopped; returns the acknowledged writes and the longest time of refused writes.
#[derive(Default)]
struct Ledger {
    stop: Cell<bool>,
    leads: RefCell<Vec<String>>,
    changes: Cell<i64>,
    reads: Cell<usize>,
    refused: Cell<usize>,
    longest_pause: Cell<Duration>,
}

impl Ledger {
    /// Sends a write until it is taken; a refusal says why and when to come again.
    async fn insist(&self, write: impl AsyncFn() -> Reply) -> Reply {
        let began = Instant::now();
        loop {
            let reply = write().await;
            if reply.status.is_success() {
                self.longest_pause.set(self.longest_pause.get().max(began.elapsed()));
                return reply;
            }
            assert_eq!((reply.problem(), reply.header("retry-after")), ((503, "tenant_moving"), Some("2")));
            self.refused.set(self.refused.get() + 1);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn write(&self, caller: &Caller, writer: usize) {
        let mut n = 0;
        while !self.stop.get() {
            n += 1;
            let name = format!("w{writer}n{n}");
            let lead = self.insist(async || create_lead(caller, &name).await).await;
            self.leads.borrow_mut().push(lead.body["id"].as_str().unwrap().to_owned());
        }
    }

    async fn ingest(&self, form: &Caller) {
        let mut n = 0;
        while !self.stop.get() {
            n += 1;
            let body = json!({"name": "Form", "email": format!("form{n}@acme.example")});
            let lead = self.insist(async || form.post("/api/leads/ingest", &body).await).await;
            let id = lead.body["lead_id"].as_str().or(lead.body["id"].as_str());
            self.leads.borrow_mut().push(id.unwrap().to_owned());
        }
    }

    async fn change(&self, caller: &Caller, path: &str) {
        while !self.stop.get() {
            let body = json!({"notes": format!("change {}", self.changes.get())});
            self.insist(async || caller.patch(path, &body).await).await;
            self.changes.set(self.changes.get() + 1);
        }
    }

    /// What was acknowledged is there at every moment.
    async fn read(&self, caller: &Caller) {
        while !self.stop.get() {
            let known = self.leads.borrow().len();
            let Some(lead) = self.leads.borrow().get(known / 2).cloned() else {
                tokio::time::sleep(Duration::from_millis(5)).await;
                continue;
            };
            caller.get(&format!("/api/v2/leads/{lead}")).await.expect(200);
            let seen = caller.get("/api/v2/leads?page_size=1").await.expect(200)["count"].as_u64().unwrap();
            assert!(seen >= known as u64, "{known} leads were acknowledged, {seen} are seen");
            self.reads.set(self.reads.get() + 1);
        }
    }
}

#[actix_web::test]
async fn a_tenant_under_load_moves_there_and_back_and_loses_nothing() {
    let app = Leads::start_with(&[("DATABASE_POOL_SIZE", "12")]).await;
    let (tenant, neighbour) = (app.tenant().await, app.user(app.tenant().await));
    let caller = app.user(tenant);
    let form = app.anonymous().with("X-API-Key", &api_key(&caller, json!({})).await);
    let changed = create_lead(&caller, "changed").await.expect(201)["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v2/leads/{changed}");
    let ledger = Ledger::default();

    let moving = async {
        for (order, to) in [(2, Isolation::Schema), (4, Isolation::Pool), (6, Isolation::Schema)] {
            app.relocate(tenant, to, order).await;
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        ledger.stop.set(true);
    };
    let next_door = async {
        while !ledger.stop.get() {
            product(&neighbour).await;
        }
    };
    futures::join!(
        moving,
        next_door,
        ledger.write(&caller, 1),
        ledger.write(&caller, 2),
        ledger.ingest(&form),
        ledger.change(&caller, &path),
        ledger.read(&caller),
        ledger.read(&caller),
    );

    let acknowledged = ledger.leads.borrow().clone();
    let schema = schema_of(tenant);
    let stored = rows(&app, &schema, "leads", tenant).await;
    assert_eq!(stored, acknowledged.len() as i64 + 1, "acknowledged leads and the one that was changed");
    for lead in &acknowledged {
        let sql = format!("SELECT count(*) AS number FROM \"{schema}\".leads WHERE id = '{lead}'");
        assert_eq!(app.database.number(&sql).await, 1, "{lead}");
    }
    for table in ["leads", "accounts", "products"] {
        assert_eq!(rows(&app, "public", table, tenant).await, 0, "{table}");
    }
    let lead = caller.get(&path).await.expect(200);
    assert_eq!(lead["version"].as_i64(), Some(ledger.changes.get() + 1), "each change was made once");
    assert!(ledger.refused.get() > 0, "some writes came while they were paused");
    assert!(acknowledged.len() > 50 && ledger.reads.get() > 50, "there was load");
    assert!(ledger.longest_pause.get() < Duration::from_secs(5), "{:?}", ledger.longest_pause.get());
}

#[actix_web::test]
async fn back_in_the_pool_nothing_is_left_of_the_schema() {
    let app = Leads::start().await;
    let tenant = app.tenant_in(Isolation::Schema).await;
    product(&app.user(tenant)).await;

    app.relocate(tenant, Isolation::Pool, 2).await;

    assert_eq!(rows(&app, "public", "products", tenant).await, 1);
    let schemas =
        format!("SELECT count(*) AS number FROM pg_namespace WHERE nspname = '{}'", schema_of(tenant));
    assert_eq!(app.database.number(&schemas).await, 0);
}

/// Ends whatever the mover does, as the end of its process would.
async fn kill_mover(app: &Leads) {
    app.database
        .execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE usename = 'lead_owner' AND datname = current_database()",
        )
        .await;
}

#[actix_web::test]
async fn a_mover_that_is_killed_at_any_moment_is_followed_by_one_that_finishes() {
    let app = Leads::start().await;
    let tenant = app.tenant().await;
    let caller = app.user(tenant);
    for n in 0..40 {
        create_lead(&caller, &format!("lead{n}")).await.expect(201);
    }
    let mut order = 0;
    let mut written = 40;
    for (round, to) in [Isolation::Schema, Isolation::Pool].into_iter().cycle().take(6).enumerate() {
        order += 2;
        for (nth, step) in STEPS.into_iter().enumerate() {
            for delay in [2, 7, 15, 30, 60] {
                let delay = Duration::from_millis(delay * (round as u64 + 1));
                let kill = async {
                    tokio::time::sleep(delay).await;
                    kill_mover(&app).await;
                };
                let (reply, ()) = futures::join!(app.order_step(tenant, to, step, order), kill);
                assert!(reply.status != 409 && reply.status != 422, "{step:?} {nth}: {}", reply.text);
                assert_eq!(caller.get("/api/v2/leads?page_size=1").await.expect(200)["count"], written);
                // The pause of a mover that died ends by itself: here, at once.
                app.database
                    .execute("UPDATE tenant_states SET writes_paused_until = now() WHERE writes_paused_until IS NOT NULL")
                    .await;
                create_lead(&caller, &format!("more{written}")).await.expect(201);
                written += 1;
            }
            app.complete_step(tenant, to, step, order).await;
        }
        let (here, there) = match to {
            Isolation::Schema => (schema_of(tenant), "public".to_owned()),
            Isolation::Pool => ("public".to_owned(), schema_of(tenant)),
        };
        assert_eq!(rows(&app, &here, "leads", tenant).await, written);
        if to == Isolation::Schema {
            assert_eq!(rows(&app, &there, "leads", tenant).await, 0);
        }
    }
}

#[actix_web::test]
async fn while_its_mover_is_dead_a_tenant_is_read_and_then_written_again() {
    let app = Leads::start().await;
    let tenant = app.tenant().await;
    let caller = app.user(tenant);
    product(&caller).await;
    app.complete_step(tenant, Isolation::Schema, MoveStep::Copy, 2).await;
    // A transaction that does not end keeps the mover waiting while writes are paused.
    let mut open = app_connection(&app).await;
    open.batch_execute("BEGIN; SELECT 1").await.unwrap();
    let kill = async {
        paused(&app).await;
        kill_mover(&app).await;
    };
    let (switching, ()) = futures::join!(outcome(&app, tenant, Isolation::Schema, MoveStep::Switch, 2), kill);
    assert_eq!(switching.status, 503, "{}", switching.text);

    assert_eq!(create_lead(&caller, "ada").await.problem(), (503, "tenant_moving"));
    assert_eq!(caller.get("/api/v2/products").await.expect(200)["count"], 1);
    app.database.execute("UPDATE tenant_states SET writes_paused_until = now() - interval '1 ms'").await;

    create_lead(&caller, "ada").await.expect(201);
    open.batch_execute("COMMIT").await.unwrap();
    app.relocate(tenant, Isolation::Schema, 2).await;
    assert_eq!(rows(&app, &schema_of(tenant), "leads", tenant).await, 1);
}

#[actix_web::test]
async fn a_mover_whose_pause_was_ended_by_a_writer_does_not_switch() {
    let app = Leads::start().await;
    let tenant = app.tenant().await;
    let caller = app.user(tenant);
    app.complete_step(tenant, Isolation::Schema, MoveStep::Copy, 2).await;
    let mut open = app_connection(&app).await;
    open.batch_execute("BEGIN; SELECT 1").await.unwrap();
    let meanwhile = async {
        paused(&app).await;
        app.database.execute("UPDATE tenant_states SET writes_paused_until = now() - interval '1 ms'").await;
        create_lead(&caller, "ada").await.expect(201);
        open.batch_execute("COMMIT").await.unwrap();
    };

    let (switching, ()) =
        futures::join!(outcome(&app, tenant, Isolation::Schema, MoveStep::Switch, 2), meanwhile);

    assert_eq!(switching.problem(), (503, "unavailable"));
    assert_eq!(rows(&app, "public", "leads", tenant).await, 1);
    assert_eq!(caller.get("/api/v2/leads").await.expect(200)["count"], 1);
}

#[actix_web::test]
async fn a_transaction_that_began_before_the_pause_is_waited_for() {
    let app = Leads::start().await;
    let tenant = app.tenant().await;
    app.complete_step(tenant, Isolation::Schema, MoveStep::Copy, 2).await;
    let mut slow = app_connection(&app).await;
    slow.batch_execute(&format!("BEGIN; SELECT enter_tenant('{tenant}', 0)")).await.unwrap();
    let insert = format!(
        "INSERT INTO products (id, tenant_id, name, description) VALUES (gen_random_uuid(), '{tenant}', 'x', 'x')"
    );
    let write = async {
        paused(&app).await;
        tokio::time::sleep(Duration::from_millis(400)).await;
        slow.batch_execute(&insert).await.unwrap();
        slow.batch_execute("COMMIT").await.unwrap();
    };

    let (switched, ()) = futures::join!(outcome(&app, tenant, Isolation::Schema, MoveStep::Switch, 2), write);

    assert_eq!(switched.expect(200)["is_done"], true);
    assert_eq!(rows(&app, &schema_of(tenant), "products", tenant).await, 1);
    assert_eq!(app.user(tenant).get("/api/v2/products").await.expect(200)["count"], 1);
}

#[actix_web::test]
async fn what_came_since_the_copy_is_there_before_writes_are_paused() {
    let app = Leads::start().await;
    let tenant = app.tenant().await;
    app.complete_step(tenant, Isolation::Schema, MoveStep::Copy, 2).await;
    product(&app.user(tenant)).await;
    let mut open = app_connection(&app).await;
    open.batch_execute("BEGIN; SELECT 1").await.unwrap();
    let look = async {
        paused(&app).await;
        let there = rows(&app, &schema_of(tenant), "products", tenant).await;
        open.batch_execute("COMMIT").await.unwrap();
        there
    };

    let (switched, there) =
        futures::join!(outcome(&app, tenant, Isolation::Schema, MoveStep::Switch, 2), look);

    assert_eq!((switched.expect(200)["is_done"].clone(), there), (json!(true), 1));
}

#[actix_web::test]
async fn when_the_places_differ_nothing_is_switched() {
    let app = Leads::start().await;
    let tenant = app.tenant().await;
    let caller = app.user(tenant);
    product(&caller).await;
    app.complete_step(tenant, Isolation::Schema, MoveStep::Copy, 2).await;
    let schema = schema_of(tenant);
    app.database
        .execute(&format!(
            "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN NEW.description := 'spoilt'; RETURN NEW; END $$; \
             CREATE TRIGGER spoil BEFORE INSERT ON \"{schema}\".products FOR EACH ROW EXECUTE FUNCTION spoil()"
        ))
        .await;
    product(&caller).await;

    let refused = outcome(&app, tenant, Isolation::Schema, MoveStep::Switch, 2).await;

    assert_eq!(refused.problem(), (422, "verification_failed"));
    assert!(refused.text.contains("products"), "{}", refused.text);
    product(&caller).await;
    assert_eq!(rows(&app, "public", "products", tenant).await, 3);
    // As tenant-service does then: back to where it was.
    app.relocate(tenant, Isolation::Pool, 3).await;
    assert_eq!(caller.get("/api/v2/products").await.expect(200)["count"], 3);
    let schemas = format!("SELECT count(*) AS number FROM pg_namespace WHERE nspname = '{schema}'");
    assert_eq!(app.database.number(&schemas).await, 0);
}

#[actix_web::test]
async fn an_order_that_was_overtaken_is_void_and_what_is_served_is_never_cleared() {
    let app = Leads::start().await;
    let tenant = app.tenant().await;
    product(&app.user(tenant)).await;
    app.complete_step(tenant, Isolation::Schema, MoveStep::Copy, 4).await;

    let late = outcome(&app, tenant, Isolation::Schema, MoveStep::Switch, 3).await;
    let rash = outcome(&app, tenant, Isolation::Schema, MoveStep::Clear, 4).await;
    let unknown = outcome(&app, TenantId::new(), Isolation::Schema, MoveStep::Copy, 1).await;

    assert_eq!(late.problem(), (409, "move_superseded"));
    assert_eq!(rash.problem(), (409, "still_served"));
    assert_eq!(unknown.problem(), (404, "not_found"));
    assert_eq!(app.user(tenant).get("/api/v2/products").await.expect(200)["count"], 1);
    let outsider = app.user(tenant).put(&format!("/internal/tenants/{tenant}/move"), &json!({})).await;
    assert!(outsider.status == 401 || outsider.status == 403 || outsider.status == 404, "{}", outsider.text);
}
