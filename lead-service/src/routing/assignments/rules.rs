//! An assignment rule ready to decide by: conditions parsed, working hours in their time zone.

use chrono::{DateTime, Utc};
use platform::{Problem, http::list::Tree, zones::Tz};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::availability::Hours;
use crate::routing::{
    assignment_rules::api::{Absence, ActionKind, RuleAction},
    portrait::VOCABULARY,
};

/// A rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Which leads it is for.
    pub conditions: Tree,
    /// How it chooses a member.
    pub kind: ActionKind,
    /// Who may be found.
    pub members: Vec<Member>,
    /// Whether the next rules are tried when no member is available.
    pub fall_through: bool,
    /// Whether it takes what all others leave.
    pub catch_all: bool,
}

/// A member that a rule may choose.
#[derive(Clone, Debug)]
pub struct Member {
    /// The person.
    pub user_id: Uuid,
    /// Turns in a round.
    pub weight: i64,
    /// Most open leads.
    pub capacity: Option<i64>,
    /// When they work; always without.
    pub hours: Option<Hours>,
    /// When they are away.
    pub away: Vec<Absence>,
}

#[derive(Deserialize)]
struct Stored {
    name: String,
    conditions: Value,
    action: RuleAction,
    fall_through: bool,
    catch_all: bool,
}

impl Rule {
    /// Reads a stored rule.
    pub fn read(id: Uuid, content: Value) -> Result<Self, Problem> {
        let broken =
            |why: String| Problem::internal(format!("the stored assignment rule {id} cannot be read: {why}"));
        let stored: Stored = serde_json::from_value(content).map_err(|fault| broken(fault.to_string()))?;
        let conditions = Tree::parse_stored(&stored.conditions, VOCABULARY, Tz::UTC)
            .map_err(|faults| broken(format!("{faults:?}")))?;
        let members = stored.action.members.into_iter().map(|member| {
            let hours = member.working_hours.as_ref().map(Hours::read).transpose();
            Ok(Member {
                user_id: member.user_id,
                weight: i64::from(member.weight.max(1)),
                capacity: member.capacity.map(i64::from),
                hours: hours.map_err(|(_, why)| broken(why))?,
                away: member.out_of_office,
            })
        });
        Ok(Self {
            id,
            name: stored.name,
            conditions,
            kind: stored.action.kind,
            members: members.collect::<Result<_, Problem>>()?,
            fall_through: stored.fall_through,
            catch_all: stored.catch_all,
        })
    }

    /// Whether it asks how many open leads people have.
    pub fn counts_open_leads(&self) -> bool {
        self.kind == ActionKind::LeastLoaded || self.members.iter().any(|member| member.capacity.is_some())
    }
}

impl Member {
    /// Why the person takes no leads at this time with so many open ones; none when they do.
    pub fn unavailable(&self, at: DateTime<Utc>, open: i64) -> Option<String> {
        if let Some(absence) = self.away.iter().find(|absence| (absence.from..absence.until).contains(&at)) {
            return Some(format!("Out of office until {}.", absence.until.format("%Y-%m-%dT%H:%M:%SZ")));
        }
        if self.hours.as_ref().is_some_and(|hours| !hours.cover(at)) {
            return Some("Outside working hours.".to_owned());
        }
        match self.capacity {
            Some(capacity) if open >= capacity => {
                Some(format!("Has {open} open leads and takes at most {capacity}."))
            }
            _ => None,
        }
    }
}
