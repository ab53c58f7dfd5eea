//! Replaces and changes an assignment rule.

use actix_web::web::{Data, Path};
use contracts::permissions::{AssignmentRulesManage, AssignmentRulesRead};
use platform::{
    Problem,
    db::{
        Stored, Visibility,
        outbox::{self, Change},
    },
    http::{Allowed, Body, IfMatch, Json, MergePatch, Shown, Shows, access::TenantCaller},
};
use serde_json::Value;
use uuid::Uuid;

use super::check_people;
use crate::{
    deps::Deps,
    entities::{self, Entity},
    routing::{
        assignment_rules::{
            api::{AssignmentRuleView, WriteAssignmentRule},
            domain::ParsedRule,
            store,
        },
        assignments::departures,
    },
};

/// PUT: what is left out becomes what it is unless given; the rule keeps its place.
pub async fn replace(
    caller: Allowed<AssignmentRulesManage, Shows<AssignmentRulesRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<WriteAssignmentRule>,
    deps: Data<Deps>,
) -> Result<Body<Shown<AssignmentRuleView>>, Problem> {
    let write = body.into_inner();
    save(&caller, *id, if_match, &deps, Touched::People, |_| Ok(write.clone())).await
}

/// PATCH: what is left out stays, and is not checked again: a rule that names a former member can still be switched off.
pub async fn update(
    caller: Allowed<AssignmentRulesManage, Shows<AssignmentRulesRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    patch: MergePatch<WriteAssignmentRule>,
    deps: Data<Deps>,
) -> Result<Body<Shown<AssignmentRuleView>>, Problem> {
    let touched = Touched::by(&patch);
    save(&caller, *id, if_match, &deps, touched, |current| {
        patch.apply_replacing(&open_to(&patch, current), &["conditions"])
    })
    .await
}

/// What of a rule is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Touched {
    /// The people that it names, who are checked.
    People,
    /// Anything else.
    OtherThings,
}

impl Touched {
    fn by(patch: &MergePatch<WriteAssignmentRule>) -> Self {
        let action = patch.get("action");
        let names = |member: &str| action.and_then(|action| action.get(member)).is_some();
        if names("members") || names("user_id") { Self::People } else { Self::OtherThings }
    }
}

/// The rule as the patch finds it. One that names a single person in short replaces the team, which says the same at length.
fn open_to(patch: &MergePatch<WriteAssignmentRule>, current: &AssignmentRuleView) -> AssignmentRuleView {
    let mut rule = current.clone();
    let named = patch.get("action").filter(|action| action.get("members").is_none());
    if named.and_then(|action| action.get("user_id")).is_some_and(Value::is_string)
        && let Some(action) = rule.action.as_object_mut()
    {
        action.remove("members");
    }
    rule
}

/// The people are checked before the transaction that writes, since that asks another service; when the rule changed
/// in between, they may be others, and the answer is 409.
async fn save(
    caller: &TenantCaller,
    id: Uuid,
    if_match: IfMatch,
    deps: &Deps,
    touched: Touched,
    write: impl Fn(&AssignmentRuleView) -> Result<WriteAssignmentRule, Problem>,
) -> Result<Body<Shown<AssignmentRuleView>>, Problem> {
    let tenant = caller.tenant();
    let seen = deps
        .db
        .in_tenant(tenant, async |tx| {
            AssignmentRuleView::find(tx, id, &Visibility::All).await.map_err(Problem::from)
        })
        .await?;
    if_match.check(seen.version)?;
    let rule = ParsedRule::parse(write(&seen)?)?;
    let mut former_members = Vec::new();
    if touched == Touched::People {
        check_people(deps, tenant, &rule.people).await?;
    } else if rule.fields.enabled {
        former_members = entities::strangers(deps, tenant, rule.people.clone()).await?;
    }
    deps.db
        .in_tenant(tenant, async |tx| {
            let before = AssignmentRuleView::lock(tx, id, &Visibility::All).await?;
            if_match.check(before.version)?;
            if before.version != seen.version {
                return Err(Problem::conflict("changed_meanwhile", "The rule was changed at the same time."));
            }
            let after = store::update(tx, &before, &rule).await?;
            // A rule that is in use passes them over.
            departures::note(tx, &former_members).await?;
            let changes =
                Change::updated(AssignmentRuleView::NAME, id, &before, &after, AssignmentRuleView::TRACKED);
            outbox::record(tx, changes).await?;
            Ok(Body::shown(caller, after))
        })
        .await
}
