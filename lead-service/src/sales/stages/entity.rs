//! Stages as entities, visible with their pipelines; a stage with deals cannot be deleted.

use contracts::permissions::{PipelinesManage, PipelinesRead};
use platform::{Problem, db::TenantTx};
use uuid::Uuid;

use super::{api::StageView, store};
use crate::{
    entities::{Entity, Parent},
    sales::pipelines::api::PipelineView,
};

platform::record!(StageView, PipelinesRead);

impl Entity for StageView {
    const NAME: &'static str = "Stage";
    const TRACKED: &'static [&'static str] = &[];
    type Delete = PipelinesManage;
    type Cascade = ();

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i32 {
        self.version
    }

    fn parents(&self) -> Vec<Parent> {
        Parent::of::<PipelineView>("pipeline_id", Some(self.pipeline_id)).into_iter().collect()
    }

    async fn check_deletable(&self, tx: &mut TenantTx<'_>) -> Result<(), Problem> {
        if store::has_deals(tx, self.id).await? {
            let detail = "There are deals in this stage. Move them first.";
            return Err(Problem::conflict("stage_in_use", detail));
        }
        Ok(())
    }
}
