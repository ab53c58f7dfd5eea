//! Validation of stages.

use contracts::problem::FieldError;
use diesel::{AsChangeset, Insertable};
use platform::{Problem, text_enum};
use uuid::Uuid;

use super::api::WriteStage;
use crate::schema::deal_stages;

text_enum!(
    /// What it means for a deal to be in a stage.
    StageKind {
        /// It is being worked on.
        Open = "open",
        /// It was won.
        Won = "won",
        /// It was lost.
        Lost = "lost",
    }
);

/// The fields of a stage that people write, in the form in which they are stored.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = deal_stages, treat_none_as_null = true)]
pub struct StageFields {
    /// Name.
    pub name: String,
    /// Place in the pipeline.
    pub order: i32,
    /// Chance of winning, in per cent.
    pub probability: i32,
    /// What it means for deals.
    pub kind: StageKind,
    /// Whether it is in use.
    pub is_active: bool,
}

impl StageFields {
    /// `order` is the place it takes unless it names another. Won means 100 per cent and lost 0, as people's CRMs have
    /// it; a probability that says otherwise is a fault.
    pub fn parse(write: &WriteStage, order: i32) -> Result<Self, Problem> {
        let (kind, probability) = match (write.kind, write.probability) {
            (None, Some(100)) => (StageKind::Won, 100),
            (None, Some(0)) => (StageKind::Lost, 0),
            (None | Some(StageKind::Open), Some(probability)) => (StageKind::Open, probability),
            (Some(StageKind::Won), None | Some(100)) => (StageKind::Won, 100),
            (Some(StageKind::Lost), None | Some(0)) => (StageKind::Lost, 0),
            (None | Some(StageKind::Open), None) => return Err(fault("required", "is required")),
            (Some(StageKind::Won), Some(_)) => {
                return Err(fault("contradiction", "is 100 where deals are won"));
            }
            (Some(StageKind::Lost), Some(_)) => {
                return Err(fault("contradiction", "is 0 where deals are lost"));
            }
        };
        Ok(Self {
            name: write.name.trim().to_owned(),
            order: write.order.unwrap_or(order),
            probability,
            kind,
            is_active: write.is_active.unwrap_or(true),
        })
    }
}

fn fault(code: &str, message: &str) -> Problem {
    Problem::invalid(vec![FieldError::new("probability", code, message)])
}

/// A stage about to be stored.
#[derive(Clone, Copy, Debug)]
pub struct NewStage<'a> {
    /// Its pipeline.
    pub pipeline_id: Uuid,
    /// What people write.
    pub fields: &'a StageFields,
    /// Who adds it; none for those that the tenant starts with.
    pub by: Option<Uuid>,
}

/// The order of `stages`, when that is all of `known` and each once.
pub fn complete(stages: &[Uuid], known: &[Uuid]) -> Result<(), Problem> {
    let mut faults = Vec::new();
    for (index, id) in stages.iter().enumerate() {
        let field = format!("stage_ids.{index}");
        if !known.contains(id) {
            faults.push(FieldError::new(field, "unknown_reference", "names no stage of this pipeline"));
        } else if stages.iter().take(index).any(|earlier| earlier == id) {
            faults.push(FieldError::new(field, "ambiguous", "is given more than once"));
        }
    }
    if faults.is_empty() && stages.len() < known.len() {
        faults.push(FieldError::new("stage_ids", "too_few", "must name every stage of the pipeline"));
    }
    if faults.is_empty() { Ok(()) } else { Err(Problem::invalid(faults)) }
}
