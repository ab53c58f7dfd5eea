//! Form mappings on the wire.

use chrono::{DateTime, Utc};
use contracts::{permissions::ApiKeysRead, problem::FieldError};
use diesel::{Queryable, Selectable};
use platform::http::{Outline, Record};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    intake::ingests::IngestOutcome,
    recognition::{Explained, Guess},
    schema::form_mappings,
};

/// A form mapping as it is written.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteFormMapping {
    /// The form's field to the known field that it feeds, or null for one that feeds none whatever it is called. A field of a
    /// nested document is named by its path, such as `form_response.answers[0].email`. What is not named here is read by its
    /// own name and value; all that is not known stays in `raw_payload`. `assigned_to`, `status` and `tags` can be fed with a server
    /// key only.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub fields: Map<String, Value>,
    /// A field that people do not see: who fills it in is quarantined.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100)]
    pub honeypot_field: Option<String>,
    /// The field that says when the form was shown: RFC 3339, or seconds or milliseconds since 1970.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100)]
    pub started_field: Option<String>,
    /// Who sends the form sooner than that after it was shown is quarantined. Needs `started_field`.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 3_600)]
    pub min_fill_seconds: Option<i32>,
    /// Whether a submission without consent is refused.
    #[serde(default)]
    pub consent_required: bool,
    /// Where a browser that posts the form itself goes when all went well; JSON is answered otherwise.
    #[serde(default)]
    #[schema(format = "uri", max_length = 500)]
    pub redirect_url: Option<String>,
    /// Where it goes when the submission is refused, with `error` and `fields` in the query.
    #[serde(default)]
    #[schema(format = "uri", max_length = 500)]
    pub error_redirect_url: Option<String>,
}

/// A form mapping as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = form_mappings, check_for_backend(diesel::pg::Pg))]
pub struct FormMappingView {
    /// The form's API key.
    pub api_key_id: Uuid,
    /// The form's field to the known field that it feeds, or null for one that feeds none.
    #[schema(value_type = Object)]
    pub fields: Value,
    /// A field that people do not see.
    pub honeypot_field: Option<String>,
    /// The field that says when the form was shown.
    pub started_field: Option<String>,
    /// The least time in which a person fills the form in, in seconds.
    pub min_fill_seconds: Option<i32>,
    /// Whether a submission without consent is refused.
    pub consent_required: bool,
    /// Where a browser goes when all went well.
    pub redirect_url: Option<String>,
    /// Where it goes when the submission is refused.
    pub error_redirect_url: Option<String>,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// Who set it first.
    pub created_by: Option<Uuid>,
    /// When it was set first.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Record for FormMappingView {
    type Read = ApiKeysRead;

    fn outline(&self) -> Outline {
        Outline { id: self.api_key_id, version: Some(self.version) }
    }
}

/// A submission to be tried out.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DryRun {
    /// What the form would send.
    #[schema(value_type = Object)]
    pub sent: Map<String, Value>,
    /// The mapping to try; the key's own unless given.
    pub mapping: Option<WriteFormMapping>,
}

/// A value of a submission, and what it seems to be.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GuessView {
    /// Where it stands, as a mapping names it.
    pub path: String,
    /// Its name, label or question.
    pub name: String,
    /// The value, as text.
    pub value: String,
    /// The known field that it seems to be, if any.
    pub field: Option<&'static str>,
    /// How sure that is, from 0 to 1.
    pub confidence: f32,
    /// Why.
    pub reason: String,
}

impl From<Explained> for GuessView {
    fn from(explained: Explained) -> Self {
        let Explained { path, name, value, guess } = explained;
        let Guess { field, confidence, reason } = guess;
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Self { path, name, value, field, confidence, reason }
    }
}

/// What would become of a submission.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DryRunView {
    /// What the ledger would say.
    pub outcome: IngestOutcome,
    /// Which of the form's fields, or the paths to them, fed which known one.
    #[schema(value_type = Object)]
    pub mapping: Value,
    /// The tool that seems to have sent it.
    pub sender: Option<&'static str>,
    /// What its values seem to be, each at its path, which a mapping may name.
    pub guesses: Vec<GuessView>,
    /// The fields of the lead; none when it is refused.
    #[schema(value_type = Option<Object>)]
    pub lead: Option<Value>,
    /// All that is wrong with it, or why it looks as if no person sent it.
    pub errors: Vec<FieldError>,
}
