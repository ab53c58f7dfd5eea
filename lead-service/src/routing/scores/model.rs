//! A scoring model ready to score by: its conditions parsed, its words in lower case.

use platform::{Problem, http::list::Tree, zones::Tz};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    people::Persona,
    routing::{
        portrait::VOCABULARY,
        scoring_models::api::{ScoringGroup, ScoringRule, ScoringTest},
    },
};

/// A model.
#[derive(Clone, Debug)]
pub struct Model {
    /// The product of the leads it scores.
    pub product_id: Option<Uuid>,
    /// Its groups.
    pub groups: Vec<ScoringGroup>,
    /// Its rules.
    pub rules: Vec<Rule>,
}

/// A rule of a model.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Name.
    pub name: String,
    /// The group it counts in.
    pub group: String,
    /// Points in hundredths.
    pub points: i64,
    /// What it looks at.
    pub test: Test,
}

/// What a rule looks at.
#[derive(Clone, Debug)]
pub enum Test {
    /// One of these parts is played.
    Persona(Vec<Persona>),
    /// One of these words is found; the product's when there are none.
    Keywords(Vec<String>),
    /// One of these industries.
    Industry(Vec<String>),
    /// So many employees.
    Employees(Option<i32>, Option<i32>),
    /// Conditions.
    Matches(Tree),
    /// Each of these deeds counts.
    Engagement(Vec<String>),
}

#[derive(Deserialize)]
struct Stored {
    product_id: Option<Uuid>,
    groups: Vec<ScoringGroup>,
    rules: Vec<ScoringRule>,
}

fn lower(words: Vec<String>) -> Vec<String> {
    words.into_iter().map(|word| word.trim().to_lowercase()).filter(|word| !word.is_empty()).collect()
}

impl Test {
    fn of(written: ScoringTest) -> Result<Self, String> {
        Ok(match written {
            ScoringTest { persona: Some(personas), .. } => Self::Persona(personas),
            ScoringTest { keywords: Some(words), .. } => Self::Keywords(lower(words)),
            ScoringTest { industry: Some(industries), .. } => Self::Industry(lower(industries)),
            ScoringTest { employees: Some(size), .. } => Self::Employees(size.min, size.max),
            ScoringTest { engagement: Some(kinds), .. } => Self::Engagement(kinds),
            ScoringTest { matches: Some(tree), .. } => Self::Matches(
                Tree::parse_stored(&tree, VOCABULARY, Tz::UTC).map_err(|faults| format!("{faults:?}"))?,
            ),
            ScoringTest { .. } => return Err("a rule looks at nothing".to_owned()),
        })
    }
}

/// Points in hundredths: sums are exact.
#[expect(clippy::cast_possible_truncation, reason = "points are bounded by their schema; a cast saturates")]
pub fn hundredths(points: f64) -> i64 {
    (points * 100.0).round() as i64
}

impl Model {
    /// Reads a stored model.
    pub fn read(id: Uuid, content: Value) -> Result<Self, Problem> {
        let broken =
            |why: String| Problem::internal(format!("the stored scoring model {id} cannot be read: {why}"));
        let stored: Stored = serde_json::from_value(content).map_err(|fault| broken(fault.to_string()))?;
        let rules = stored.rules.into_iter().map(|rule| {
            let test = Test::of(rule.when).map_err(broken)?;
            Ok(Rule { name: rule.name, group: rule.group, points: hundredths(rule.points), test })
        });
        Ok(Self {
            product_id: stored.product_id,
            groups: stored.groups,
            rules: rules.collect::<Result<_, Problem>>()?,
        })
    }

    /// Whether it looks at what leads do.
    pub fn looks_at_engagement(&self) -> bool {
        self.rules.iter().any(|rule| matches!(rule.test, Test::Engagement(_)))
    }
}
