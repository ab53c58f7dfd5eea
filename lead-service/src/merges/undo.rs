//! Takes a merge apart again.

use actix_web::web::{Data, Path};
use contracts::permissions::LeadsMerge;
use platform::{
    Problem,
    db::{
        Stored,
        outbox::{self, Change},
    },
    http::{Allowed, Answer, Body, Shown},
};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    api::UndoneMergeView,
    domain::{stored, unmerged, written},
    merge::Merging,
    store, told,
};
use crate::{
    deps::{Deps, SERVICE},
    entities::Entity,
    leads::{self, api::LeadView, assigning},
};

/// The losers are back as they went; of the winner, what the merge changed and no one since. 409 when it was undone
/// before, 404 unless the caller sees the winner and every loser: the answer shows them all.
pub async fn undo(
    caller: Allowed<LeadsMerge, Merging>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<UndoneMergeView>>, Problem> {
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            let merge = store::lock(tx, *id).await?;
            let winner = LeadView::lock(tx, merge.winner_id, &visibility).await?;
            if !store::all_seen(tx, &merge.loser_ids, &visibility).await? {
                return Err(Problem::not_found());
            }
            if merge.undone_at.is_some() {
                return Err(Problem::conflict("already_undone", "This merge was undone before."));
            }
            let members = |value: &Value| value.as_object().cloned().unwrap_or_default();
            let (before, after): (Map<_, _>, Map<_, _>) = (members(&merge.before), members(&merge.after));
            let fields = stored(unmerged(written(&winner)?, &before, &after))?;
            // The keys go back first, so that the winner does not lose them for good with its fields.
            let restored = store::release(tx, &merge).await?;
            let lead = leads::store::update(tx, &winner, &fields).await?;
            assigning::check_change(&winner, &lead, &caller)?;
            store::set_undone(tx, *id).await?;
            let mut changes = Change::updated(LeadView::NAME, winner.id, &winner, &lead, LeadView::TRACKED);
            changes.extend(restored.iter().flat_map(|loser| Change::restored(LeadView::NAME, loser.id)));
            changes.push(told::change(&merge, *id, told::UNDONE));
            outbox::record(tx, SERVICE, changes).await?;
            let restored = restored.into_iter().map(|loser| Shown::to(&caller, loser)).collect();
            Ok(Body::new(UndoneMergeView { merge_id: *id, lead: Shown::to(&caller, lead), restored }))
        })
        .await
}
