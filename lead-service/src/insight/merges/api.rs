//! Duplicates and merges on the wire.

use platform::http::Shown;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::people::LeadView;

/// Which duplicates to look for.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DuplicatesQuery {
    /// Groups alike for this reason only.
    #[serde(default)]
    pub reason: Option<Reason>,
    /// Most groups for each reason.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 200)]
    pub page_size: Option<i64>,
}

/// Why leads seem to be the same person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DuplicateReason)]
pub enum Reason {
    /// One e-mail address.
    Email,
    /// One phone number.
    Phone,
    /// One LinkedIn profile.
    LinkedinUrl,
    /// Names alike at one company.
    NameAndCompany,
}

/// Leads that seem to be the same person.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DuplicateGroup {
    /// Why.
    pub reason: Reason,
    /// How alike they are, from 0 to 1.
    pub similarity: f64,
    /// The leads, the oldest first; the first fifty where there are more.
    pub leads: Vec<LeadView>,
}

/// All groups that were found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DuplicatesView {
    /// The surest first.
    pub results: Vec<DuplicateGroup>,
}

/// Which leads to merge.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeLeads {
    /// The lead that stays.
    pub winner: Uuid,
    /// Those that go into it.
    #[schema(min_items = 1, max_items = 20)]
    pub losers: Vec<Uuid>,
    /// Only shows what would become of it.
    #[serde(default)]
    pub dry_run: bool,
}

/// Where a field of the merged lead comes from.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MergedField {
    /// Name of the field.
    pub field: String,
    /// The lead with this value.
    pub from: Uuid,
    /// `winner` where the winner's value stays, `only_value` where the winner had none, `combined` where all count,
    /// `converted` where it follows from a deal that was made of a loser.
    pub reason: &'static str,
    /// The value.
    #[schema(value_type = Object)]
    pub value: Value,
}

/// What a merge made.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MergeView {
    /// Id to undo it by; none when it was only tried.
    pub merge_id: Option<Uuid>,
    /// The merged lead.
    pub lead: Shown<LeadView>,
    /// Where each of its fields comes from; empty for a caller who may not read leads.
    pub fields: Vec<MergedField>,
}

/// What the undoing of a merge made.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UndoneMergeView {
    /// The merge.
    pub merge_id: Uuid,
    /// The lead that had won.
    pub lead: Shown<LeadView>,
    /// Those that had gone into it and are back.
    pub restored: Vec<Shown<LeadView>>,
}
