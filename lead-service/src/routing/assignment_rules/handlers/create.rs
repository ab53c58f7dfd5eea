//! Adds an assignment rule.

use actix_web::web::Data;
use contracts::permissions::{AssignmentRulesManage, AssignmentRulesRead};
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Answer, Created, Json, Shown, Shows},
};

use super::check_people;
use crate::{
    deps::Deps,
    entities::{Entity, created},
    routing::assignment_rules::{
        api::{AssignmentRuleView, WriteAssignmentRule},
        domain::ParsedRule,
        store,
    },
};

/// All users it names must be members of the tenant.
pub async fn create(
    caller: Allowed<AssignmentRulesManage, Shows<AssignmentRulesRead>>,
    body: Json<WriteAssignmentRule>,
    deps: Data<Deps>,
) -> Result<Answer<Created<Shown<AssignmentRuleView>>>, Problem> {
    let rule = ParsedRule::parse(body.into_inner())?;
    check_people(&deps, caller.tenant(), &rule.people).await?;
    deps.db
        .once(caller.tenant(), async |tx| {
            let view = store::insert(tx, &rule, caller.user()).await?;
            let change = Change::created(AssignmentRuleView::NAME, view.id, &view);
            outbox::record(tx, vec![change]).await?;
            Ok(created(&caller, view))
        })
        .await
}
