//! Replies to submissions.

use actix_web::http::StatusCode;
use contracts::problem::FieldError;
use platform::http::{
    Answer,
    openapi::Schemas,
    reply::{Parts, Reply},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{Outcome, Taken};
use crate::intake::api_keys::KnownKey;

/// A submission's outcome.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IngestView {
    /// The lead; for `held`, and for keys that browsers use, an id of the submission itself.
    pub id: Uuid,
    /// `created`, `duplicate`, `attached`, `updated` or `held`.
    pub status: &'static str,
    /// What could not be read; it is in the lead's `raw_payload`. Absent where all could.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<FieldError>,
}

impl IngestView {
    /// The reply to a holder of the key. In a browser the key is public, so the reply must not show who is known: it
    /// is always `created`, with a new id.
    pub fn of(taken: Taken, key: &KnownKey) -> Self {
        let (id, status) = match taken.outcome {
            Outcome::Created(id) => (id, "created"),
            _ if !key.allowed_origins.is_empty() => (Uuid::now_v7(), "created"),
            Outcome::Duplicate(id) => (id, "duplicate"),
            Outcome::Attached(id) => (id, "attached"),
            Outcome::Updated(id) => (id, "updated"),
            Outcome::Held(id) => (id, "held"),
        };
        Self { id, status, warnings: taken.warnings }
    }

    /// The reply to a quarantined submission: success with an unused id, so that
    /// bots learn nothing from it.
    pub fn of_quarantined() -> Self {
        Self { id: Uuid::now_v7(), status: "created", warnings: Vec::new() }
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

/// 201 for a new lead, 200 for one that was known, 202 for a submission that waits for a review; 303 for a
/// browser that posted the form itself, where its mapping names a page.
#[derive(Debug)]
pub struct Ingested {
    /// What became of it.
    pub view: IngestView,
    /// The browser's origin, where the key allows it.
    pub origin: Option<String>,
    /// The page where a browser that posted the form itself goes on.
    pub page: Option<String>,
    /// Whether the answer says no more than that it came.
    pub quiet: bool,
}

/// What those are answered who may not know what became of what they sent.
const RECEIVED: &[u8] = br#"{"status":"received"}"#;

fn received(origin: Option<&str>) -> Parts {
    let (headers, body) = (cors(origin), RECEIVED.to_vec());
    Parts { status: StatusCode::OK, headers, content_type: Some("application/json"), body }
}

impl Reply for Ingested {
    const STATUS: u16 = 201;
    const ALSO: &'static [u16] = &[200, 202];

    fn schema(schemas: &mut Schemas) -> Option<Value> {
        Some(schemas.add::<IngestView>())
    }

    fn into_parts(self) -> Parts {
        if let Some(page) = self.page {
            let headers = vec![("Location", page)];
            return Parts { status: StatusCode::SEE_OTHER, headers, content_type: None, body: Vec::new() };
        }
        if self.quiet {
            return received(self.origin.as_deref());
        }
        Parts {
            status: match self.view.status {
                "created" => StatusCode::CREATED,
                "held" => StatusCode::ACCEPTED,
                _ => StatusCode::OK,
            },
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
    /// As in [`IngestView`].
    pub status: &'static str,
    /// As in [`IngestView`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<FieldError>,
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

/// The answer to a submission, or to a list of them.
#[derive(Debug)]
pub enum Received {
    /// One submission.
    One(Ingested),
    /// A list.
    Many(IngestedBatch),
}

impl Received {
    /// The answer to one submission.
    pub fn one(answer: Answer<Ingested>) -> Answer<Self> {
        match answer {
            Answer::Fresh(ingested) => Answer::Fresh(Self::One(ingested)),
            Answer::Kept(parts) => Answer::Kept(parts),
            Answer::Replayed(parts) => Answer::Replayed(parts),
        }
    }

    /// The answer to a list.
    pub fn many(answer: Answer<IngestedBatch>) -> Answer<Self> {
        match answer {
            Answer::Fresh(batch) => Answer::Fresh(Self::Many(batch)),
            Answer::Kept(parts) => Answer::Kept(parts),
            Answer::Replayed(parts) => Answer::Replayed(parts),
        }
    }
}

impl Reply for Received {
    const STATUS: u16 = Ingested::STATUS;
    const ALSO: &'static [u16] = Ingested::ALSO;

    fn schema(schemas: &mut Schemas) -> Option<Value> {
        Ingested::schema(schemas)
    }

    fn into_parts(self) -> Parts {
        match self {
            Self::One(ingested) => ingested.into_parts(),
            Self::Many(batch) => batch.into_parts(),
        }
    }
}

/// 200.
#[derive(Debug)]
pub struct IngestedBatch {
    /// What became of the items.
    pub view: BatchView,
    /// The browser's origin, where the key allows it.
    pub origin: Option<String>,
    /// Whether the answer says no more than that they came, unless some are refused.
    pub quiet: bool,
}

impl Reply for IngestedBatch {
    const STATUS: u16 = 200;

    fn schema(schemas: &mut Schemas) -> Option<Value> {
        Some(schemas.add::<BatchView>())
    }

    fn into_parts(mut self) -> Parts {
        if self.quiet {
            if self.view.errors.is_empty() {
                return received(self.origin.as_deref());
            }
            self.view.created.clear();
        }
        Parts {
            status: StatusCode::OK,
            headers: cors(self.origin.as_deref()),
            content_type: Some("application/json"),
            body: serde_json::to_vec(&self.view).unwrap_or_default(),
        }
    }
}
