//! A tenant with keys, and what is handed in with them.

use serde_json::{Value, json};
use testkit::{Caller, Reply};

use crate::arrange::{Leads, id_of};

/// A service with a person of one tenant.
pub struct Intake {
    pub app: Leads,
    pub caller: Caller,
}

/// An API key.
pub struct Key {
    pub id: String,
    pub text: String,
}

impl Intake {
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    pub async fn start_with(settings: &[(&str, &str)]) -> Self {
        let app = Leads::start_with(settings).await;
        let caller = app.user(app.tenant().await);
        Self { app, caller }
    }

    pub async fn key(&self, more: Value) -> Key {
        let mut body = json!({"name": "Form"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let made = self.caller.post("/api/v2/api-keys", &body).await.expect(201);
        Key { id: id_of(&made), text: made["key"].as_str().unwrap().to_owned() }
    }

    /// The path of a new address of a key.
    pub async fn address(&self, key: &Key) -> String {
        let made = self.caller.post(&format!("/api/v2/api-keys/{}/address", key.id), &json!({})).await;
        made.expect(201)["path"].as_str().unwrap().to_owned()
    }

    pub async fn map(&self, key: &Key, mapping: Value) -> Reply {
        self.caller.put(&format!("/api/v2/api-keys/{}/form_mapping", key.id), &mapping).await
    }

    /// The caller that holds a key.
    pub fn holder(&self, key: &Key) -> Caller {
        self.app.anonymous().with("x-api-key", &key.text)
    }

    pub async fn send(&self, key: &Key, body: &Value) -> Reply {
        self.holder(key).post("/api/leads/ingest", body).await
    }

    /// The lead that an answer names.
    pub async fn lead(&self, answer: &Value) -> Value {
        self.caller.get(&format!("/api/v2/leads/{}", id_of(answer))).await.expect(200)
    }

    /// Entries of the ledger, the first that came first.
    pub async fn entries(&self, query: &str) -> Vec<Value> {
        let path = format!("/api/v2/ingests?ordering=created_at&{query}");
        self.caller.get(&path).await.expect(200)["results"].as_array().unwrap().clone()
    }

    pub async fn number(&self, of: &str) -> i64 {
        self.app.database.number(&format!("SELECT count(*) AS number FROM {of}")).await
    }
}

/// Status of an answer to a submission, in numbers and words.
pub fn status(reply: &Reply) -> (u16, &str) {
    (reply.status.as_u16(), reply.body["status"].as_str().unwrap_or_default())
}

/// Fields and codes of warnings.
pub fn warned(warnings: &Value) -> Vec<(&str, &str)> {
    let warnings = warnings.as_array().map(Vec::as_slice).unwrap_or_default();
    let texts = warnings.iter().map(|one| (one["field"].as_str(), one["code"].as_str()));
    texts.map(|(field, code)| (field.unwrap_or_default(), code.unwrap_or_default())).collect()
}
