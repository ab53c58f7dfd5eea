//! Cells on the wire: the answer of a custom column about one record.

use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
    text_enum,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    money::Amount,
    schema::{account_column_values, lead_column_values},
};

text_enum! {
    /// Where a cell stands.
    CellStatus {
        /// Not begun.
        Pending = "pending",
        /// Being asked.
        Processing = "processing",
        /// Answered.
        Completed = "completed",
        /// The model says that it cannot tell.
        Abstained = "abstained",
        /// The answer did not fit, also at the second try.
        InvalidOutput = "invalid_output",
        /// The model refused to answer. It is not asked again.
        Refused = "refused",
        /// There was no answer.
        Error = "error",
        /// There was nothing left to spend.
        BudgetExhausted = "budget_exhausted",
    }
}

macro_rules! cell {
    ($(#[$doc:meta])* $view:ident, $table:ident, $record:ident, $path:literal, $name:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
        #[diesel(table_name = $table, check_for_backend(diesel::pg::Pg))]
        pub struct $view {
            /// Id.
            pub id: Uuid,
            /// The column.
            pub column_id: Uuid,
            /// The record.
            pub $record: Uuid,
            /// Where it stands.
            pub status: CellStatus,
            /// The answer; of a failed or invalid new one, the last good one.
            #[schema(value_type = Value)]
            pub value: Option<Value>,
            /// The answer of a column of type string or enum.
            pub value_string: Option<String>,
            /// The answer of a column of type json_object.
            #[schema(value_type = Option<Object>)]
            pub value_json: Option<Value>,
            /// The answer of a column of type boolean.
            pub value_boolean: Option<bool>,
            /// The answer of a column of type number.
            pub value_number: Option<f64>,
            /// Confidence of the model, 0 to 1.
            pub confidence_score: Option<f64>,
            /// Quotes that occur in what the model was shown: `source` and `quote`.
            #[schema(value_type = Vec<Object>)]
            pub evidence: Value,
            /// Which version of the question was answered.
            pub prompt_version: i32,
            /// Whether the question is another one now.
            pub stale: bool,
            /// The model.
            pub model: Option<String>,
            /// Tokens that it read.
            pub tokens_in: Option<i32>,
            /// Tokens that it wrote.
            pub tokens_out: Option<i32>,
            /// Its cost.
            pub cost: Amount,
            /// Digest of what the model was shown.
            pub input_hash: Option<String>,
            /// When it was answered.
            pub generated_at: Option<DateTime<Utc>>,
            /// Metadata of the answer: `job_id` and `provider`.
            #[schema(value_type = Object)]
            pub generation_metadata: Value,
            /// Why there is no answer.
            #[schema(value_type = Option<Object>)]
            pub error_details: Option<Value>,
            /// Why the last try brought nothing, where the value is of an earlier one.
            #[schema(value_type = Option<Object>)]
            pub last_error: Option<Value>,
            /// Whether a person wrote it: no model changes it.
            pub pinned: bool,
            /// Grows with each change; the ETag.
            pub version: i32,
            /// When it was first asked for.
            pub created_at: DateTime<Utc>,
            /// When it last changed.
            pub updated_at: DateTime<Utc>,
        }

        impl Listed for $view {
            const LISTING: Listing = Listing {
                path: $path,
                table: stringify!($table),
                columns: &[
                    column("id", Kind::Uuid),
                    column("column_id", Kind::Uuid),
                    column($name, Kind::Uuid),
                    column("status", Kind::Choice(CellStatus::WORDS)),
                    column("value_string", Kind::Text),
                    column("value_boolean", Kind::Bool),
                    column("value_number", Kind::Float),
                    column("confidence_score", Kind::Float),
                    column("stale", Kind::Bool),
                    column("pinned", Kind::Bool),
                    column("generated_at", Kind::Time),
                    column("created_at", Kind::Time),
                    column("updated_at", Kind::Time),
                ],
                search: &[],
                search_text: None,
                json: None,
                owners: &[],
                ordering: "-created_at",
                soft_delete: false,
                cursor: true,
            };
        }

        platform::stored!($view);
    };
}

cell!(
    /// The answer of a column about a lead.
    LeadCellView, lead_column_values, lead_id, "/api/v2/lead_column_values", "lead_id"
);
cell!(
    /// The answer of a column about an account.
    AccountCellView, account_column_values, account_id, "/api/v2/account_column_values", "account_id"
);

platform::record!(LeadCellView, contracts::permissions::EnrichmentRead);
platform::record!(AccountCellView, contracts::permissions::EnrichmentRead);

/// A value that a person writes.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteCell {
    /// The value, of the column's type; null for none.
    #[schema(required, value_type = Value)]
    pub value: Value,
}
