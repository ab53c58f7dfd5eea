//! Validation of scoring models: rules in known groups, fit and engagement kept apart.

use contracts::problem::FieldError;
use diesel::{AsChangeset, Insertable};
use platform::{Problem, http::list::Tree, zones::Tz};
use serde_json::Value;
use uuid::Uuid;

use super::api::{ScoreKind, ScoringGroup, ScoringRule, WriteScoringModel};
use crate::{routing::portrait::VOCABULARY, schema::scoring_models};

/// Groups of a model that names none.
fn usual_groups() -> Vec<ScoringGroup> {
    let group = |name: &str, kind, half_life_days| ScoringGroup {
        name: name.to_owned(),
        kind,
        max_points: None,
        min_points: None,
        half_life_days,
    };
    vec![group("fit", ScoreKind::Fit, None), group("engagement", ScoreKind::Engagement, Some(30.0))]
}

/// The fields of a model that people write, in the form in which they are stored.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = scoring_models, treat_none_as_null = true)]
pub struct ScoringModelFields {
    name: String,
    /// The product of the leads it scores.
    pub product_id: Option<Uuid>,
    enabled: bool,
    groups: Value,
    rules: Value,
}

impl ScoringModelFields {
    /// Finds rules without a group, groups of the same name, tests of the wrong kind and conditions that cannot be read.
    pub fn parse(write: WriteScoringModel) -> Result<Self, Problem> {
        let groups = if write.groups.is_empty() { usual_groups() } else { write.groups };
        let mut faults = Vec::new();
        check_groups(&groups, &mut faults);
        check_rules(&write.rules, &groups, &mut faults);
        if !faults.is_empty() {
            return Err(Problem::invalid(faults));
        }
        let stored =
            |value: serde_json::Result<Value>| value.map_err(|fault| Problem::internal(fault.to_string()));
        Ok(Self {
            name: write.name.trim().to_owned(),
            product_id: write.product_id,
            enabled: write.enabled,
            groups: stored(serde_json::to_value(groups))?,
            rules: stored(serde_json::to_value(write.rules))?,
        })
    }
}

fn check_groups(groups: &[ScoringGroup], faults: &mut Vec<FieldError>) {
    for (index, group) in groups.iter().enumerate() {
        let mut fault = |field: &str, code: &str, message: &str| {
            faults.push(FieldError::new(format!("groups.{index}.{field}"), code, message));
        };
        if groups.iter().take(index).any(|earlier| earlier.name == group.name) {
            fault("name", "already_exists", "is the name of another group");
        }
        if let (Some(least), Some(most)) = (group.min_points, group.max_points)
            && least > most
        {
            fault("min_points", "out_of_range", "must not be above max_points");
        }
        match (group.kind, group.half_life_days) {
            (ScoreKind::Fit, Some(_)) => {
                fault("half_life_days", "not_allowed", "is for engagement: who somebody is does not fade");
            }
            (ScoreKind::Engagement, Some(days)) if days <= 0.0 => {
                fault("half_life_days", "out_of_range", "must be above zero");
            }
            _ => {}
        }
    }
}

fn check_rules(rules: &[ScoringRule], groups: &[ScoringGroup], faults: &mut Vec<FieldError>) {
    for (index, rule) in rules.iter().enumerate() {
        let place = |field: &str| format!("rules.{index}.{field}");
        let engages = rule.when.engagement.is_some();
        if rule.when.count() != 1 {
            let message =
                "must look at exactly one of: persona, keywords, industry, employees, matches, engagement";
            faults.push(FieldError::new(place("when"), "ambiguous", message));
            continue;
        }
        match groups.iter().find(|group| group.name == rule.group) {
            None => faults.push(FieldError::new(
                place("group"),
                "unknown_reference",
                format!("{} is no group of this model", rule.group),
            )),
            Some(group) if (group.kind == ScoreKind::Engagement) != engages => faults.push(FieldError::new(
                place("group"),
                "not_allowed",
                if engages { "is a group for fit" } else { "is a group for engagement" },
            )),
            Some(_) => {}
        }
        if let Some(Err(found)) = rule
            .when
            .matches
            .as_ref()
            .map(|tree| Tree::parse(tree, VOCABULARY, &place("when.matches"), Tz::UTC))
        {
            faults.extend(found);
        }
        let size = rule.when.employees.as_ref();
        if size.is_some_and(|size| size.min.zip(size.max).is_some_and(|(min, max)| min > max)) {
            faults.push(FieldError::new(
                place("when.employees.min"),
                "out_of_range",
                "must not be above max",
            ));
        }
        let kinds = rule.when.engagement.iter().flatten().enumerate();
        for (at, kind) in kinds.filter(|(_, kind)| !is_kind(kind)) {
            let message = format!("{kind:?} must be lower-case letters, digits and underscores, at most 50");
            faults.push(FieldError::new(place(&format!("when.engagement.{at}")), "not_allowed", message));
        }
    }
}

/// Whether this can be the kind of an engagement.
pub fn is_kind(kind: &str) -> bool {
    (1..=50).contains(&kind.len())
        && kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}
