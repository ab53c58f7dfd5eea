//! Assignment rules as entities, without a data scope.

use contracts::permissions::{AssignmentRulesManage, AssignmentRulesRead};
use uuid::Uuid;

use super::api::AssignmentRuleView;
use crate::entities::Entity;

platform::record!(AssignmentRuleView, AssignmentRulesRead);

impl Entity for AssignmentRuleView {
    const NAME: &'static str = "AssignmentRule";
    const TRACKED: &'static [&'static str] = &["enabled", "position"];
    type Delete = AssignmentRulesManage;
    type Cascade = ();

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i32 {
        self.version
    }
}
