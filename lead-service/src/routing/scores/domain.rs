//! A score as the sum of its contributions: a pure function of the lead, what it did, the model and the time.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::model::{Model, Rule, Test, hundredths};
use crate::{
    people::{Contribution, Persona},
    routing::scoring_models::api::{ScoreKind, ScoringGroup},
};

/// Name of the group and kind of a score set by hand.
pub const MANUAL: &str = "manual";

/// Something a lead did.
#[derive(Clone, Debug)]
pub struct Deed {
    /// What, such as `email_opened`.
    pub kind: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// What is scored.
#[derive(Clone, Debug)]
pub struct Subject<'a> {
    /// The lead as rules look at it.
    pub row: &'a Value,
    /// The part the person plays.
    pub persona: Option<Persona>,
    /// Words that point to the product.
    pub keywords: &'a [String],
    /// What the lead did.
    pub deeds: &'a [Deed],
    /// The time for which it is scored; what was done later does not count.
    pub at: DateTime<Utc>,
}

/// The sum of contributions.
pub fn total(contributions: &[Contribution]) -> f64 {
    points(contributions.iter().map(|contribution| hundredths(contribution.points)).sum())
}

#[expect(clippy::cast_precision_loss, reason = "hundredths of points are far below 2^53")]
fn points(hundredths: i64) -> f64 {
    hundredths as f64 / 100.0
}

/// A score set by hand, as a contribution.
pub fn manual(score: f64) -> Contribution {
    Contribution {
        rule: MANUAL.to_owned(),
        group: MANUAL.to_owned(),
        kind: MANUAL.to_owned(),
        points: score,
        reason: "Set by hand.".to_owned(),
    }
}

/// Everything that contributes, group by group; a group beyond its bounds is brought back by a contribution of its own.
pub fn contributions(model: &Model, subject: &Subject<'_>) -> Vec<Contribution> {
    let mut all = Vec::new();
    for group in &model.groups {
        let mut sum = 0;
        for rule in model.rules.iter().filter(|rule| rule.group == group.name) {
            if let Some((points, reason)) = judged(rule, group, subject).filter(|(points, _)| *points != 0) {
                sum += points;
                all.push(contribution(&rule.name, group, points, reason));
            }
        }
        let (least, most) = (group.min_points.map(hundredths), group.max_points.map(hundredths));
        if let Some(most) = most.filter(|most| sum > *most) {
            let reason = format!("{} gives at most {} points.", group.name, points(most));
            all.push(contribution("cap", group, most - sum, reason));
        } else if let Some(least) = least.filter(|least| sum < *least) {
            let reason = format!("{} gives at least {} points.", group.name, points(least));
            all.push(contribution("cap", group, least - sum, reason));
        }
    }
    all
}

fn contribution(rule: &str, group: &ScoringGroup, hundredths: i64, reason: String) -> Contribution {
    Contribution {
        rule: rule.to_owned(),
        group: group.name.clone(),
        kind: group.kind.word().to_owned(),
        points: points(hundredths),
        reason,
    }
}

/// The points of a rule and why; none when it does not hold.
fn judged(rule: &Rule, group: &ScoringGroup, subject: &Subject<'_>) -> Option<(i64, String)> {
    let reason = match &rule.test {
        Test::Persona(personas) => {
            let persona = subject.persona.filter(|persona| personas.contains(persona))?;
            format!("The person is a {}.", persona.word().replace('_', " "))
        }
        Test::Keywords(words) => {
            let own: Vec<String>;
            let words = if words.is_empty() {
                own = subject.keywords.iter().map(|word| word.to_lowercase()).collect();
                &own
            } else {
                words
            };
            let text = spoken(subject.row);
            let found: Vec<&str> =
                words.iter().map(String::as_str).filter(|word| stands_in(word, &text)).collect();
            if found.is_empty() {
                return None;
            }
            format!("Mentions {}.", found.join(", "))
        }
        Test::Industry(industries) => {
            let industry = subject.row.get("industry").and_then(Value::as_str)?;
            industries
                .contains(&industry.trim().to_lowercase())
                .then(|| format!("The industry is {industry}."))?
        }
        Test::Employees(min, max) => {
            let count = subject.row.get("employee_count")?;
            let count = count.as_f64().or_else(|| count.as_str()?.trim().parse().ok())?;
            let within = min.is_none_or(|min| count >= f64::from(min))
                && max.is_none_or(|max| count <= f64::from(max));
            within.then(|| format!("The company has {count} employees."))?
        }
        Test::Matches(tree) => tree.holds(subject.row).then(|| "The conditions hold.".to_owned())?,
        Test::Engagement(kinds) => return faded(rule, group, kinds, subject),
    };
    Some((rule.points, reason))
}

/// What was done counts half after each half-life.
fn faded(
    rule: &Rule,
    group: &ScoringGroup,
    kinds: &[String],
    subject: &Subject<'_>,
) -> Option<(i64, String)> {
    if group.kind != ScoreKind::Engagement {
        return None;
    }
    let deeds = subject.deeds.iter().filter(|deed| deed.at <= subject.at && kinds.contains(&deed.kind));
    let (mut count, mut weight, mut last) = (0_u32, 0.0, None);
    for deed in deeds {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds since the deed are far below 2^53")]
        let days = (subject.at - deed.at).num_milliseconds() as f64 / 86_400_000.0;
        weight += group.half_life_days.map_or(1.0, |half_life| 0.5_f64.powf(days / half_life));
        count += 1;
        last = last.max(Some(deed.at));
    }
    let last = last?;
    let times = if count == 1 { "once".to_owned() } else { format!("{count} times") };
    let reason = format!("{}: {times}, last on {}.", kinds.join(" or "), last.format("%Y-%m-%d"));
    Some((hundredths(points(rule.points) * weight), reason))
}

/// What the lead and its company say of themselves, in lower case.
fn spoken(row: &Value) -> String {
    let mut text = String::new();
    for name in ["role_title", "company_name", "notes", "industry"] {
        if let Some(part) = row.get(name).and_then(Value::as_str) {
            text.push_str(&part.to_lowercase());
            text.push('\n');
        }
    }
    let objects = ["raw_payload", "custom_fields"].into_iter().filter_map(|name| row.get(name)?.as_object());
    let sent = objects.flat_map(|object| object.values()).filter_map(Value::as_str);
    let account =
        ["description", "industry"].into_iter().filter_map(|name| row.get("account")?.get(name)?.as_str());
    for part in sent.chain(account) {
        text.push_str(&part.to_lowercase());
        text.push('\n');
    }
    text
}

/// Whether a word stands in a text as a whole; both in lower case.
fn stands_in(word: &str, text: &str) -> bool {
    let edge = |neighbour: Option<char>| neighbour.is_none_or(|c| !c.is_alphanumeric());
    !word.is_empty()
        && text.match_indices(word).any(|(at, _)| {
            edge(text.get(..at).and_then(|before| before.chars().next_back()))
                && edge(text.get(at + word.len()..).and_then(|after| after.chars().next()))
        })
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
