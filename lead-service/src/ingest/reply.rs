//! What a form hears.

use actix_web::http::StatusCode;
use contracts::problem::FieldError;
use platform::http::{
    openapi::Schemas,
    reply::{Parts, Reply},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::Outcome;

/// A submission's outcome.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IngestView {
    /// The lead.
    pub id: Uuid,
    /// `created` or `duplicate`.
    pub status: &'static str,
}

impl From<Outcome> for IngestView {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Created(id) => Self { id, status: "created" },
            Outcome::Duplicate(id) => Self { id, status: "duplicate" },
        }
    }
}

/// The headers by which a browser at this origin may read the answer.
pub fn cors(origin: Option<&str>) -> Vec<(&'static str, String)> {
    let Some(origin) = origin else { return Vec::new() };
    vec![
        ("Access-Control-Allow-Origin", origin.to_owned()),
        ("Access-Control-Expose-Headers", "X-Request-Id".to_owned()),
        ("Vary", "Origin".to_owned()),
    ]
}

/// 201 for a new lead, 200 for one that was known.
#[derive(Debug)]
pub struct Ingested {
    /// What became of it.
    pub view: IngestView,
    /// The browser's origin, where the key allows it.
    pub origin: Option<String>,
}

impl Reply for Ingested {
    const STATUS: u16 = 201;

    fn schema(schemas: &mut Schemas) -> Option<Value> {
        Some(schemas.add::<IngestView>())
    }

    fn into_parts(self) -> Parts {
        Parts {
            status: if self.view.status == "created" { StatusCode::CREATED } else { StatusCode::OK },
            headers: cors(self.origin.as_deref()),
            content_type: Some("application/json"),
            body: serde_json::to_vec(&self.view).unwrap_or_default(),
        }
    }
}

/// One stored item of a batch.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BatchItem {
    /// Its place in the batch, from 0.
    pub index: usize,
    /// The lead.
    pub id: Uuid,
    /// `created` or `duplicate`.
    pub status: &'static str,
}

/// One refused item of a batch.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BatchFault {
    /// Its place in the batch, from 0.
    pub index: usize,
    /// All that is wrong with it.
    pub errors: Vec<FieldError>,
}

/// A batch's outcome: good items are kept, bad ones named.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct BatchView {
    /// What is stored now.
    pub created: Vec<BatchItem>,
    /// What was refused.
    pub errors: Vec<BatchFault>,
}

/// 200.
#[derive(Debug)]
pub struct IngestedBatch {
    /// What became of the items.
    pub view: BatchView,
    /// The browser's origin, where the key allows it.
    pub origin: Option<String>,
}

impl Reply for IngestedBatch {
    const STATUS: u16 = 200;

    fn schema(schemas: &mut Schemas) -> Option<Value> {
        Some(schemas.add::<BatchView>())
    }

    fn into_parts(self) -> Parts {
        Parts {
            status: StatusCode::OK,
            headers: cors(self.origin.as_deref()),
            content_type: Some("application/json"),
            body: serde_json::to_vec(&self.view).unwrap_or_default(),
        }
    }
}
