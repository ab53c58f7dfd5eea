//! Assignment rules on the wire.

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

use crate::schema::assignment_rules;

text_enum!(
    /// How a rule chooses a member.
    ActionKind {
        /// Always this person.
        Person = "person",
        /// One after the other, as often as their weights say.
        RoundRobin = "round_robin",
        /// The member with the fewest open leads.
        LeastLoaded = "least_loaded",
    }
);

text_enum!(
    /// A day of the week.
    Day {
        /// Monday.
        Mon = "mon",
        /// Tuesday.
        Tue = "tue",
        /// Wednesday.
        Wed = "wed",
        /// Thursday.
        Thu = "thu",
        /// Friday.
        Fri = "fri",
        /// Saturday.
        Sat = "sat",
        /// Sunday.
        Sun = "sun",
    }
);

/// A stretch of working time on some days.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// The days.
    #[schema(min_items = 1, max_items = 7)]
    pub days: Vec<Day>,
    /// Its beginning, `09:00`.
    #[schema(min_length = 5, max_length = 5)]
    pub from: String,
    /// Its end, `17:00`; at latest `24:00`.
    #[schema(min_length = 5, max_length = 5)]
    pub until: String,
}

/// Working hours.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkingHours {
    /// Time zone, such as `Europe/Berlin`.
    #[schema(min_length = 1, max_length = 64)]
    pub time_zone: String,
    /// The hours.
    #[schema(min_items = 1, max_items = 50)]
    pub shifts: Vec<Shift>,
}

/// A time without assignments.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    /// Its first moment.
    pub from: DateTime<Utc>,
    /// The moment it is over.
    pub until: DateTime<Utc>,
}

fn one() -> i32 {
    1
}

/// A member who may be assigned leads.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamMember {
    /// The person, a member of the tenant.
    pub user_id: Uuid,
    /// How many turns they have in a round; 1 unless given.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 1_000)]
    pub weight: i32,
    /// Most open leads they may have, of all rules together.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub capacity: Option<i32>,
    /// When they work; always, unless given.
    #[serde(default)]
    pub working_hours: Option<WorkingHours>,
    /// When they are out of office.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub out_of_office: Vec<Absence>,
}

/// The action of a rule.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleAction {
    /// How a member is chosen.
    pub kind: ActionKind,
    /// The person, for `person`; short for a team of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<Uuid>,
    /// The team; exactly one for `person`.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub members: Vec<TeamMember>,
}

fn yes() -> bool {
    true
}

/// An assignment rule as it is written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteAssignmentRule {
    /// Name, unique in the tenant.
    #[schema(min_length = 1, max_length = 255)]
    pub name: String,
    /// Its place: rules are tried from the lowest. After all others unless given.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub position: Option<i32>,
    /// Whether it is in use; true unless given.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Which leads it is for: `{"and": […]}`, `{"or": […]}`, `{"not": {…}}` or `{"field", "op", "value"}`. All leads
    /// unless given.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub conditions: Option<Value>,
    /// Its action.
    pub action: RuleAction,
    /// Whether the next rules are tried when no member here is available; otherwise the lead stays unassigned.
    #[serde(default = "yes")]
    pub fall_through: bool,
    /// Whether it takes what all others leave: tried last, for every lead, and even when no member is available.
    #[serde(default)]
    pub catch_all: bool,
}

/// An assignment rule as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = assignment_rules, check_for_backend(diesel::pg::Pg))]
pub struct AssignmentRuleView {
    /// Id.
    pub id: Uuid,
    /// Name, unique in the tenant.
    pub name: String,
    /// Its place: rules are tried from the lowest.
    pub position: i32,
    /// Whether it is in use.
    pub enabled: bool,
    /// Which leads it is for.
    #[schema(value_type = Option<Object>)]
    pub conditions: Value,
    /// Its action.
    #[schema(value_type = RuleAction)]
    pub action: Value,
    /// Whether the next rules are tried when no member here is available.
    pub fall_through: bool,
    /// Whether it takes what all others leave.
    pub catch_all: bool,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// Who added it.
    pub created_by: Option<Uuid>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Listed for AssignmentRuleView {
    const LISTING: Listing = Listing {
        path: "/api/v2/assignment-rules",
        table: "assignment_rules",
        columns: &[
            column("id", Kind::Uuid),
            column("name", Kind::Text),
            column("position", Kind::Int),
            column("enabled", Kind::Bool),
            column("catch_all", Kind::Bool),
            column("created_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["name"],
        search_text: None,
        json: None,
        owners: &[],
        ordering: "position",
        soft_delete: true,
        cursor: false,
    };
}

platform::stored!(AssignmentRuleView);

/// The new order of rules.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReorderRules {
    /// Every rule's id, the first to be tried first.
    #[schema(min_items = 1, max_items = 1_000)]
    pub rule_ids: Vec<Uuid>,
}
