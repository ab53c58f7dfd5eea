//! One file per verb.

pub mod archive;
pub mod create;
pub mod estimate;
pub mod list;
pub mod read;
pub mod update;

use contracts::problem::FieldError;
use platform::{Problem, db::TenantTx};

use super::api::WriteWaterfall;
use crate::providers;

/// 400 for steps with a provider that is not there.
async fn check_steps(tx: &mut TenantTx<'_>, write: &WriteWaterfall) -> Result<(), Problem> {
    let ids: Vec<_> = write.steps.iter().map(|step| step.provider_id).collect();
    let known = providers::store::known(tx, &ids).await?;
    let unknown = write.steps.iter().enumerate().filter(|(_, step)| !known.contains(&step.provider_id));
    let faults: Vec<FieldError> = unknown
        .map(|(index, _)| {
            let place = format!("steps.{index}.provider_id");
            FieldError::new(place, "unknown_reference", "names no provider")
        })
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(Problem::invalid(faults)) }
}
