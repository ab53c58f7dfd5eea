//! The ledger on the wire.

use chrono::{DateTime, Utc};
use contracts::problem::FieldError;
use platform::Problem;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::money::Amount;

/// Which calls, added up by what.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UsageQuery {
    /// From this moment on; the last 30 days unless given.
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub to: Option<DateTime<Utc>>,
    /// Some of provider, day, type, column, separated by commas.
    #[schema(max_length = 100)]
    pub group_by: Option<String>,
}

/// A dimension by which calls are added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The provider.
    Provider,
    /// The day, in the tenant's time zone.
    Day,
    /// Its subject.
    Type,
    /// The custom column.
    Column,
}

impl UsageQuery {
    /// The dimensions.
    ///
    /// # Errors
    /// 400 for another word.
    pub fn groups(&self) -> Result<Vec<Group>, Problem> {
        let mut groups = Vec::new();
        let words = self.group_by.as_deref().unwrap_or_default().split(',').map(str::trim);
        for word in words.filter(|word| !word.is_empty()) {
            let group = match word {
                "provider" => Group::Provider,
                "day" => Group::Day,
                "type" => Group::Type,
                "column" => Group::Column,
                _ => {
                    let message = "must be some of: provider, day, type, column";
                    return Err(Problem::invalid(vec![FieldError::new("group_by", "not_allowed", message)]));
                }
            };
            if !groups.contains(&group) {
                groups.push(group);
            }
        }
        Ok(groups)
    }
}

/// The ledger, added up.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UsageView {
    /// Currency of the costs.
    pub currency: String,
    /// One for each group.
    pub results: Vec<Usage>,
}

/// Calls of one group.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Usage {
    /// The provider: `id`, `name`, `kind`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub provider: Option<Value>,
    /// The day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<String>,
    /// Their type.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The custom column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column_id: Option<Uuid>,
    /// Calls that were made.
    pub calls: i64,
    /// Those that said something.
    pub hits: i64,
    /// Those that said that nothing is known.
    pub misses: i64,
    /// Answers that were given again without a call.
    pub cached: i64,
    /// Calls that gave no answer.
    pub failed: i64,
    /// Calls under way, or that broke off.
    pub unsettled: i64,
    /// Tokens that models read.
    pub tokens_in: i64,
    /// Tokens that models wrote.
    pub tokens_out: i64,
    /// Their cost.
    pub cost: Amount,
}
