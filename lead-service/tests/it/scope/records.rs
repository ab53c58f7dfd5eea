//! One of everything that people of a tenant can have, made through the API.

use std::collections::BTreeMap;

use chrono::{Days, Utc};
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use testkit::{Caller, caller::read};

use crate::arrange::{Leads, id_of};

/// Ids by collection: `/api/v2/leads`, `/api/v2/merges`, ….
pub type Records = BTreeMap<String, Vec<String>>;

/// What one is made of. `$leads` stands for the first lead there is, `$leads.1` for the second, `$mark` for a text
/// that identifies its owner.
pub fn recipe(collection: &str) -> Option<Value> {
    let today = Utc::now();
    Some(match collection.strip_prefix("/api/v2/")? {
        "products" => json!({"name": "$mark", "description": "$mark"}),
        "pipelines" => json!({"name": "$mark"}),
        "customer-tags" => json!({"name": "$mark"}),
        "customer-segments" => json!({"name": "$mark"}),
        "scoring-models" => json!({"name": "$mark"}),
        "api-keys" => json!({"name": "$mark"}),
        "assignment-rules" => {
            json!({"name": "$mark", "catch_all": true, "action": {"kind": "person", "user_id": "$me"}})
        }
        "accounts" => json!({"name": "$mark", "product_id": "$products"}),
        "leads" => json!({
            "first_name": "$mark", "last_name": "Lovelace", "email": "ada@example.com", "company_name": "$mark",
            "account_id": "$accounts", "persona": "buyer", "score": 5.0
        }),
        "contacts" => {
            json!({"last_name": "$mark", "email": "contact@example.com", "account_id": "$accounts"})
        }
        "deals" => json!({
            "title": "$mark", "value": "100.00", "expected_close_date": today.date_naive(), "lead_id": "$leads"
        }),
        "activities" => json!({"activity_type": "call", "subject": "$mark", "lead_id": "$leads"}),
        "tasks" => json!({"title": "$mark", "entity_type": "lead", "entity_id": "$leads", "due_at": today}),
        "customers" => json!({"name": "$mark"}),
        "customer-interactions" => {
            json!({"customer_id": "$customers", "interaction_type": "call", "subject": "$mark"})
        }
        "orders" => json!({
            "customer_id": "$customers",
            "items": [{"product_name": "$mark", "quantity": 1, "unit_price": "10.00"}]
        }),
        "issues" => json!({"title": "$mark", "deal_id": "$deals"}),
        _ => return None,
    })
}

/// A user with their records.
pub struct Person {
    /// The person, who sees all.
    pub caller: Caller,
    /// What stands in the texts of what they have.
    pub mark: &'static str,
    /// Their records and shared ones.
    pub alive: Records,
    /// What they have deleted.
    pub deleted: Records,
}

impl Person {
    /// A user without records.
    pub fn new(caller: Caller, mark: &'static str, everybodys: &Records) -> Self {
        let mut alive = everybodys.clone();
        alive.insert("me".to_owned(), vec![caller.user().to_string()]);
        Self { caller, mark, alive, deleted: Records::new() }
    }

    /// The body with the ids that its placeholders stand for.
    pub fn resolved(&self, body: &Value) -> Value {
        match body {
            Value::String(text) => match text.strip_prefix('$') {
                Some("mark") => json!(format!("{} {}", self.mark, uuid::Uuid::now_v7().simple())),
                Some(name) => {
                    let (name, place) = name.split_once('.').unwrap_or((name, "0"));
                    let ids =
                        self.alive.get(name).or_else(|| self.alive.get(&format!("/api/v2/{name}"))).unwrap();
                    json!(ids[place.parse::<usize>().unwrap()])
                }
                None => body.clone(),
            },
            Value::Array(items) => items.iter().map(|item| self.resolved(item)).collect(),
            Value::Object(members) => {
                members.iter().map(|(name, value)| (name.clone(), self.resolved(value))).collect()
            }
            other => other.clone(),
        }
    }

    /// Makes one of a collection as its recipe says, but for `more`.
    pub async fn make(&mut self, name: &str, more: Value) -> String {
        let collection = format!("/api/v2/{name}");
        let mut body = recipe(&collection).unwrap();
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let path = if ["leads", "contacts", "customers"].contains(&name) {
            format!("{collection}?allow_duplicate=true")
        } else {
            collection.clone()
        };
        let id = id_of(&self.caller.post(&path, &self.resolved(&body)).await.expect(201));
        self.alive.entry(collection).or_default().push(id.clone());
        id
    }

    /// One that was deleted again.
    async fn make_and_delete(&mut self, name: &str) {
        let collection = format!("/api/v2/{name}");
        let id = self.make(name, json!({})).await;
        self.alive.get_mut(&collection).unwrap().retain(|other| *other != id);
        self.caller.delete(&format!("{collection}/{id}")).await.expect(204);
        self.deleted.entry(collection).or_default().push(id);
    }

    /// Creates one record of every owned kind, and deletes another.
    pub async fn acquire(&mut self, app: &Leads, key: &str) {
        self.make("accounts", json!({})).await;
        for name in ["Lovelace", "Lovelace", "Babbage", "Somerville"] {
            self.make("leads", json!({"last_name": name, "email": format!("{name}@example.com")})).await;
        }
        for name in [
            "contacts",
            "deals",
            "activities",
            "tasks",
            "customers",
            "customer-interactions",
            "orders",
            "issues",
        ] {
            self.make(name, json!({})).await;
        }
        let won = self.make("deals", json!({})).await;
        self.caller.post(&format!("/api/v2/deals/{won}/win"), &json!({})).await.expect(200);
        let yesterday = Utc::now() - Days::new(1);
        self.make("tasks", json!({"due_at": yesterday})).await;
        for name in [
            "orders",
            "customer-interactions",
            "customers",
            "issues",
            "tasks",
            "activities",
            "deals",
            "contacts",
            "leads",
            "accounts",
        ] {
            self.make_and_delete(name).await;
        }
        let merge = json!({"winner": "$leads.2", "losers": ["$leads.3"]});
        let merged = self.caller.post("/api/v2/leads/merge", &self.resolved(&merge)).await.expect(200);
        self.alive.get_mut("/api/v2/leads").unwrap().truncate(3);
        self.alive.insert("/api/v2/merges".to_owned(), vec![merged["merge_id"].as_str().unwrap().to_owned()]);
        self.import().await;
        self.submit(app, key).await;
        self.hand_over(app).await;
    }

    /// The person left, had nothing, and came back.
    async fn hand_over(&mut self, app: &Leads) {
        let (id, tenant, person) = (uuid::Uuid::now_v7(), self.caller.tenant(), self.caller.user());
        let sql = format!(
            "INSERT INTO handovers (id, tenant_id, user_id, cause, left_at, status) \
             VALUES ('{id}', '{tenant}', '{person}', 'inactive', now(), 'done')"
        );
        app.database.execute(&sql).await;
        self.alive.insert("/api/v2/handovers".to_owned(), vec![id.to_string()]);
    }

    async fn import(&mut self) {
        let file =
            Part::bytes(format!("Name,Mail\r\n{},\r\n", self.mark).into_bytes()).file_name("leads.csv");
        let form = Form::new().text("mapping", r#"{"Name": "name", "Mail": "email"}"#).part("file", file);
        let imported = read(self.caller.request(Method::POST, "/api/v2/imports").multipart(form)).await;
        self.alive.insert("/api/v2/imports".to_owned(), vec![id_of(&imported.expect(202))]);
    }

    /// A form's lead that is given to the person, and another submission that is held for it.
    async fn submit(&mut self, app: &Leads, key: &str) {
        let body = json!({"name": self.mark, "email": format!("{}@form.example", self.mark)});
        let form = app.anonymous().with("x-api-key", key);
        let lead = id_of(&form.post("/api/leads/ingest", &body).await.expect(201));
        let to = json!({"user_id": self.caller.user()});
        self.caller.post(&format!("/api/v2/leads/{lead}/assign"), &to).await.expect(200);
        let made = format!("/api/v2/ingests?lead_id={lead}&status=done");
        let made = id_of(&self.caller.get(&made).await.expect(200)["results"][0]);
        let held = id_of(&form.post("/api/leads/ingest", &body).await.expect(202));
        self.alive.insert("/api/v2/ingests".to_owned(), vec![held, made]);
    }
}
