//! Assignment of a lead: a pure function of the rules, the lead, the time, the turns and the members' open leads.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::rules::{Member, Rule};
use crate::routing::{assignment_rules::api::ActionKind, playbooks::Turns};

/// What a decision depends on beside the rules and the lead; it is brought up to date by each decision.
#[derive(Clone, Debug)]
pub struct Situation {
    /// When.
    pub at: DateTime<Utc>,
    /// People who left the tenant.
    pub former_members: Vec<Uuid>,
    /// Open leads by person, where rules ask for them.
    pub open: HashMap<Uuid, i64>,
    /// Turns of the rules.
    pub turns: Turns,
}

/// A candidate of a rule.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CandidateTrace {
    /// The person.
    pub user_id: Uuid,
    /// Whether they could have been given the lead.
    pub eligible: bool,
    /// Whether they were.
    pub chosen: bool,
    /// Open leads they had, where the rule asks for it.
    pub open_leads: Option<i64>,
    /// Why, in a sentence.
    pub reason: String,
}

/// A rule and what it came to.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RuleTrace {
    /// The rule.
    pub rule_id: Uuid,
    /// Its name.
    pub name: String,
    /// `chosen`, `nobody_available`, `not_matched` or `not_reached`.
    pub outcome: String,
    /// Whether its conditions hold; none when it was not reached.
    pub matched: Option<bool>,
    /// Why, in a sentence.
    pub reason: String,
    /// Its candidates, where it was asked for one.
    pub candidates: Vec<CandidateTrace>,
}

/// Who gets a lead.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The member; none when no rule chose one.
    pub assigned_to: Option<Uuid>,
    /// The rule that decided.
    pub rule_id: Option<Uuid>,
    /// Every rule, in order.
    pub rules: Vec<RuleTrace>,
}

/// Tries the rules in order. The rule that chooses a member takes that member's turn.
pub fn decide(rules: &[Rule], row: &Value, situation: &mut Situation) -> Decision {
    let mut decision = Decision { assigned_to: None, rule_id: None, rules: Vec::with_capacity(rules.len()) };
    let mut over = false;
    for rule in rules {
        let trace = |outcome: &str, matched, reason: &str, candidates| RuleTrace {
            rule_id: rule.id,
            name: rule.name.clone(),
            outcome: outcome.to_owned(),
            matched,
            reason: reason.to_owned(),
            candidates,
        };
        if over {
            decision.rules.push(trace("not_reached", None, "An earlier rule decided.", Vec::new()));
            continue;
        }
        if !rule.conditions.holds(row) {
            decision.rules.push(trace("not_matched", Some(false), "The conditions do not hold.", Vec::new()));
            continue;
        }
        let (chosen, candidates) = find(rule, situation);
        match chosen {
            Some(user_id) => {
                *situation.open.entry(user_id).or_default() += 1;
                (decision.assigned_to, decision.rule_id) = (Some(user_id), Some(rule.id));
                over = true;
                decision.rules.push(trace("chosen", Some(true), "It found a member.", candidates));
            }
            None => {
                over = !rule.fall_through && !rule.catch_all;
                let reason = if over {
                    "No member is available, and the rule does not let others try."
                } else {
                    "No member is available."
                };
                decision.rules.push(trace("nobody_available", Some(true), reason, candidates));
            }
        }
    }
    decision
}

/// The person a rule finds, and what became of each candidate.
fn find(rule: &Rule, situation: &mut Situation) -> (Option<Uuid>, Vec<CandidateTrace>) {
    let open =
        |situation: &Situation, member: &Member| situation.open.get(&member.user_id).copied().unwrap_or(0);
    let mut candidates: Vec<CandidateTrace> = Vec::with_capacity(rule.members.len());
    for member in &rule.members {
        let has = open(situation, member);
        let obstacle = if situation.former_members.contains(&member.user_id) {
            Some("Left the tenant.".to_owned())
        } else {
            member.unavailable(situation.at, has)
        };
        candidates.push(CandidateTrace {
            user_id: member.user_id,
            eligible: obstacle.is_none(),
            chosen: false,
            open_leads: rule.counts_open_leads().then_some(has),
            reason: obstacle.unwrap_or_else(|| "Available.".to_owned()),
        });
    }
    if rule.catch_all && !candidates.iter().any(|candidate| candidate.eligible) {
        for candidate in &mut candidates {
            if !situation.former_members.contains(&candidate.user_id) {
                candidate.eligible = true;
                candidate.reason =
                    format!("{} Taken all the same: this rule leaves no lead to nobody.", candidate.reason);
            }
        }
    }
    let eligible: Vec<&Member> = rule
        .members
        .iter()
        .zip(&candidates)
        .filter_map(|(member, candidate)| candidate.eligible.then_some(member))
        .collect();
    let chosen = match rule.kind {
        ActionKind::Person => eligible.first().map(|member| member.user_id),
        ActionKind::RoundRobin => next_turn(rule, &eligible, &mut situation.turns),
        ActionKind::LeastLoaded => {
            // The first of those with the fewest.
            eligible.iter().min_by_key(|member| open(situation, member)).map(|member| member.user_id)
        }
    };
    for candidate in &mut candidates {
        candidate.chosen = chosen == Some(candidate.user_id);
        if candidate.chosen && candidate.reason == "Available." {
            candidate.reason = match rule.kind {
                ActionKind::Person => "The rule names this person.".to_owned(),
                ActionKind::RoundRobin => "It is their turn.".to_owned(),
                ActionKind::LeastLoaded => "Has the fewest open leads.".to_owned(),
            };
        }
    }
    (chosen, candidates)
}

/// Smooth weighted round robin, as in nginx: every member's credit grows by their weight; the member with the most is next and pays
/// for all. Over a round each is chosen exactly as often as their weight says.
fn next_turn(rule: &Rule, eligible: &[&Member], turns: &mut Turns) -> Option<Uuid> {
    let credits = turns.entry(rule.id).or_default();
    credits.retain(|user_id, _| rule.members.iter().any(|member| member.user_id == *user_id));
    let total: i64 = eligible.iter().map(|member| member.weight).sum();
    let mut best: Option<(i64, Uuid)> = None;
    for member in eligible {
        let credit = credits.entry(member.user_id).or_default();
        *credit += member.weight;
        if best.is_none_or(|(most, _)| *credit > most) {
            best = Some((*credit, member.user_id));
        }
    }
    let (_, chosen) = best?;
    *credits.entry(chosen).or_default() -= total;
    Some(chosen)
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
