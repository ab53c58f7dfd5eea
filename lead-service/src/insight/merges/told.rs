//! Timeline entries of a merge and its undo.

use std::collections::HashSet;

use platform::{
    Problem,
    db::{TenantTx, Visibility, outbox::Change},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::store::{self, Merge};
use crate::{entities::Entity, people::LeadView};

/// Field of the event of a merge.
pub const MERGED: &str = "merge";
/// Field of the event of its undoing.
pub const UNDONE: &str = "merge_undone";
/// Member of both that names the losers.
const LOSERS: &str = "leads";

/// The change of the winner that names the losers.
pub fn change(merge: &Merge, id: Uuid, field: &str) -> Change {
    let (before, after) = (json!({}), json!({ field: { "id": id, LOSERS: merge.loser_ids } }));
    let mut changes = Change::updated(LeadView::NAME, merge.winner_id, &before, &after, &[field]);
    changes.swap_remove(0)
}

/// Takes out of these states of leads the losers that the caller does not see. Queries the database only if the caller does
/// not see everything and there is a merge.
pub async fn hide_unseen<'s>(
    tx: &mut TenantTx<'_>,
    states: impl Iterator<Item = &'s mut Value>,
    visibility: &Visibility,
) -> Result<(), Problem> {
    if *visibility == Visibility::All {
        return Ok(());
    }
    let mut told: Vec<&mut Vec<Value>> = states.flat_map(losers).collect();
    let id = |loser: &Value| loser.as_str().and_then(|text| text.parse::<Uuid>().ok());
    let named: Vec<Uuid> = told.iter().flat_map(|losers| losers.iter().filter_map(id)).collect();
    if named.is_empty() {
        return Ok(());
    }
    let seen: HashSet<Uuid> = store::seen_among(tx, &named, visibility).await?.into_iter().collect();
    for losers in &mut told {
        losers.retain(|loser| id(loser).is_some_and(|id| seen.contains(&id)));
    }
    Ok(())
}

/// The lists of losers that a state of a lead has.
fn losers(state: &mut Value) -> Vec<&mut Vec<Value>> {
    let members = state.as_object_mut().into_iter().flatten();
    members
        .filter(|(field, _)| [MERGED, UNDONE].contains(&field.as_str()))
        .filter_map(|(_, told)| told.get_mut(LOSERS)?.as_array_mut())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losers_are_found_where_a_merge_names_them() {
        let merge = Merge {
            winner_id: Uuid::nil(),
            loser_ids: vec![Uuid::max()],
            before: Value::Null,
            after: Value::Null,
            moved_keys: Value::Null,
            moved_records: Value::Null,
            undone_at: None,
        };
        for field in [MERGED, UNDONE] {
            let mut state = change(&merge, Uuid::nil(), field).current_state.unwrap();
            assert_eq!(losers(&mut state), [&vec![json!(Uuid::max())]], "{field}");
        }
        assert!(losers(&mut json!({"custom_fields": {"leads": [1]}, "merge": null})).is_empty());
    }
}
