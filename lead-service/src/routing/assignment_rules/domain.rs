//! Validation of assignment rules: conditions, and a team for the action.

use contracts::problem::FieldError;
use diesel::{AsChangeset, Insertable};
use platform::{Problem, http::list::Tree, zones::Tz};
use serde_json::{Value, json};
use uuid::Uuid;

use super::api::{ActionKind, RuleAction, TeamMember, WriteAssignmentRule};
use crate::{
    routing::{assignments::availability::Hours, portrait::VOCABULARY},
    schema::assignment_rules,
};

/// The fields of a rule that people write, in the form in which they are stored.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = assignment_rules, treat_none_as_null = true)]
pub struct AssignmentRuleFields {
    name: String,
    /// Whether it is in use.
    pub enabled: bool,
    conditions: Value,
    action: Value,
    fall_through: bool,
    catch_all: bool,
}

/// A rule about to be stored.
#[derive(Clone, Debug)]
pub struct ParsedRule {
    /// Its fields but for its place.
    pub fields: AssignmentRuleFields,
    /// Its place, if one is asked for.
    pub position: Option<i32>,
    /// All members it names.
    pub people: Vec<Uuid>,
}

impl ParsedRule {
    /// Finds conditions that cannot be read, teams that do not fit the action, hours and absences that are none.
    pub fn parse(write: WriteAssignmentRule) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        let conditions = write.conditions.unwrap_or_else(|| json!({}));
        match Tree::parse(&conditions, VOCABULARY, "conditions", Tz::UTC) {
            Err(found) => faults.extend(found),
            Ok(_) if write.catch_all && conditions.as_object().is_some_and(|tree| !tree.is_empty()) => {
                let message = "a rule that takes what all others leave has no conditions";
                faults.push(FieldError::new("conditions", "not_allowed", message));
            }
            Ok(_) => {}
        }
        let members = team(write.action.kind, write.action.user_id, write.action.members, &mut faults);
        if !faults.is_empty() {
            return Err(Problem::invalid(faults));
        }
        let people = members.iter().map(|member| member.user_id).collect();
        let action = RuleAction { kind: write.action.kind, user_id: None, members };
        Ok(Self {
            fields: AssignmentRuleFields {
                name: write.name.trim().to_owned(),
                enabled: write.enabled,
                conditions,
                action: serde_json::to_value(action).map_err(|fault| Problem::internal(fault.to_string()))?,
                fall_through: write.fall_through,
                catch_all: write.catch_all,
            },
            position: write.position,
            people,
        })
    }
}

fn team(
    kind: ActionKind,
    user_id: Option<Uuid>,
    mut members: Vec<TeamMember>,
    faults: &mut Vec<FieldError>,
) -> Vec<TeamMember> {
    let mut fault =
        |field: String, code: &str, message: String| faults.push(FieldError::new(field, code, message));
    if let Some(user_id) = user_id {
        if kind != ActionKind::Person || !members.is_empty() {
            let message = "is for a single person; name a team as members";
            fault("action.user_id".to_owned(), "not_allowed", message.to_owned());
        } else {
            members.push(TeamMember {
                user_id,
                weight: 1,
                capacity: None,
                working_hours: None,
                out_of_office: Vec::new(),
            });
        }
    }
    if members.is_empty() {
        fault("action.members".to_owned(), "required", "must name somebody".to_owned());
    } else if kind == ActionKind::Person && members.len() > 1 {
        fault("action.members".to_owned(), "too_many", "must be one person for the kind person".to_owned());
    }
    for (index, member) in members.iter().enumerate() {
        let place = |field: &str| format!("action.members.{index}.{field}");
        if members.iter().take(index).any(|earlier| earlier.user_id == member.user_id) {
            fault(place("user_id"), "already_exists", "is named twice".to_owned());
        }
        if let Some(Err((field, message))) = member.working_hours.as_ref().map(Hours::read) {
            fault(place(&format!("working_hours.{field}")), "not_allowed", message);
        }
        for (at, absence) in member.out_of_office.iter().enumerate() {
            if absence.until <= absence.from {
                fault(
                    place(&format!("out_of_office.{at}.until")),
                    "out_of_range",
                    "must be after from".to_owned(),
                );
            }
        }
    }
    members
}
