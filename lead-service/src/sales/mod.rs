//! Sales: deals, and the stages of the pipelines that they go through.

mod deals;
mod pipelines;
mod stages;

pub use deals::{
    api::{DealView, WriteDeal},
    domain::{DealPriority, DealStatus},
};
pub use pipelines::{
    api::PipelineView,
    furnishing::{furnish, run as run_furnishing},
    store::default as default_pipeline,
};
pub use stages::{api::StageView, domain::StageKind, store::of_pipeline as stages_of_pipeline};

use platform::http::Routes;

/// The routes of the context, slice by slice.
pub fn routes() -> Routes {
    deals::routes().and(pipelines::routes()).and(stages::routes())
}
