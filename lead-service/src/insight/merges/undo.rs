//! Takes a merge apart again.

use actix_web::web::{Data, Path};
use chrono::{SubsecRound, Utc};
use contracts::permissions::LeadsMerge;
use platform::{
    Problem,
    db::{
        Stored, TenantTx,
        outbox::{self, Change},
    },
    http::{Allowed, Answer, Body, Shown},
};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    api::UndoneMergeView,
    merge::Merging,
    records::{self, MovedRecord, Way},
    store::{self, Merge},
    told,
};
use crate::{
    deps::Deps,
    entities::{Entity, check_there},
    lead_management,
    people::{self, Conversion, LeadView},
};

/// The losers are back as they went, with what hung on them; of the winner, what the merge changed and no one since. 409
/// when it was undone before, when the winner was merged itself, or when what a loser belongs to is deleted. 404 unless
/// the caller sees the winner and every loser: the answer shows them all.
pub async fn undo(
    caller: Allowed<LeadsMerge, Merging>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<UndoneMergeView>>, Problem> {
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            let merge = store::lock(tx, *id).await?;
            // All of them in one order, as a merge locks them.
            let named: Vec<Uuid> = merge.loser_ids.iter().copied().chain([merge.winner_id]).collect();
            if !store::all_seen(tx, &named, &visibility).await? {
                return Err(Problem::not_found());
            }
            let winner = LeadView::find(tx, merge.winner_id, &visibility).await?;
            if merge.undone_at.is_some() {
                return Err(Problem::conflict("already_undone", "This merge was undone before."));
            }
            if winner.id != merge.winner_id {
                people::check_not_merged(tx, merge.winner_id).await?;
                return Err(Problem::not_found());
            }
            let at = Utc::now().trunc_subsecs(6);
            // The keys go back first, so that the winner does not lose them for good with its fields.
            let mut restored = store::release(tx, &merge).await?;
            for loser in &restored {
                check_there(tx, &loser.parents()).await?;
            }
            let moved = records::move_back(tx, winner.id, &merge.moved_records, at).await?;
            let lead = separated(tx, &winner, &merge, &restored, &moved).await?;
            people::check_assignment(&winner, &lead, &caller)?;
            let converted = converted_again(tx, &mut restored).await?;
            store::set_undone(tx, *id).await?;
            let mut changes = Change::updated(LeadView::NAME, winner.id, &winner, &lead, LeadView::TRACKED);
            let back = |loser: &LeadView| Change::of(Change::restored(LeadView::NAME, loser.id), loser);
            changes.extend(restored.iter().flat_map(back));
            changes.extend(converted);
            changes.extend(records::changes(tx, &moved, Way::From(winner.id)).await?);
            changes.extend(Change::of(vec![told::change(&merge, *id, told::UNDONE)], &lead));
            outbox::record(tx, changes).await?;
            let restored = restored.into_iter().map(|loser| Shown::to(&caller, loser)).collect();
            Ok(Body::new(UndoneMergeView { merge_id: *id, lead: Shown::to(&caller, lead), restored }))
        })
        .await
}

/// The winner without what the merge gave it. A conversion that was a loser's goes back with the deal, even one that ended and
/// began again meanwhile.
async fn separated(
    tx: &mut TenantTx<'_>,
    winner: &LeadView,
    merge: &Merge,
    restored: &[LeadView],
    moved: &[MovedRecord],
) -> Result<LeadView, Problem> {
    let members = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let (before, after): (Map<_, _>, Map<_, _>) = (members(&merge.before), members(&merge.after));
    let fields =
        people::stored_fields(people::unmerged_members(people::written_members(winner)?, &before, &after))?;
    let went = |deal: Uuid| {
        restored.iter().any(|loser| loser.converted_to_deal_id == Some(deal))
            || moved.iter().any(|record| record.kind == "deal" && record.id == deal)
    };
    let open;
    let winner = if winner.converted_to_deal_id.is_some_and(went) {
        open = people::set_conversion(tx, winner.id, Conversion::none(fields.status), None).await?;
        &open
    } else {
        winner
    };
    lead_management::update_lead(tx, winner, &fields).await
}

/// Lets losers that are back be converted where their deal came back while they lay in the winner. Gives the changes.
async fn converted_again(tx: &mut TenantTx<'_>, restored: &mut [LeadView]) -> Result<Vec<Change>, Problem> {
    let ids: Vec<Uuid> = restored.iter().map(|loser| loser.id).collect();
    let converted = people::begin_conversions_again(tx, &ids).await?;
    let changes = people::conversion_changes(&converted);
    for (_, after) in converted {
        if let Some(loser) = restored.iter_mut().find(|loser| loser.id == after.id) {
            *loser = after;
        }
    }
    Ok(changes)
}
