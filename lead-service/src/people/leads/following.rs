//! Filters by leads follow merges: the id of a merged lead is that of its winner.

use std::{collections::HashMap, sync::Arc};

use contracts::TenantId;
use platform::{
    Problem,
    db::{Db, stored::successors, value::Bound},
    http::{
        List,
        list::{Condition, Listed, Tree},
    },
};
use uuid::Uuid;

use super::api::LeadView;
use crate::entities::Entity;

/// The list of entities, with filters that name the leads of today. Asks the database only if a filter names leads.
pub async fn following_merges<E: Entity>(
    db: &Db,
    tenant: TenantId,
    list: List<E>,
) -> Result<List<E>, Problem> {
    following_merges_in(db, tenant, list, E::NAMING_LEADS).await
}

/// The same for any list; `columns` are those that name leads.
pub async fn following_merges_in<V: Listed>(
    db: &Db,
    tenant: TenantId,
    mut list: List<V>,
    columns: &[&str],
) -> Result<List<V>, Problem> {
    if columns.is_empty() || (list.conditions.is_empty() && list.tree.is_none()) {
        return Ok(list);
    }
    let criteria = Arc::make_mut(&mut list.0);
    let mut named = Vec::new();
    visit(&mut criteria.conditions, criteria.tree.as_mut(), columns, &mut |id| named.push(*id));
    if named.is_empty() {
        return Ok(list);
    }
    let merged: HashMap<Uuid, Uuid> = db
        .read(tenant, async |tx| successors::<LeadView>(tx, &named).await.map_err(Problem::from))
        .await?
        .into_iter()
        .collect();
    visit(&mut criteria.conditions, criteria.tree.as_mut(), columns, &mut |id| {
        if let Some(winner) = merged.get(id) {
            *id = *winner;
        }
    });
    Ok(list)
}

fn visit(
    conditions: &mut [Condition],
    tree: Option<&mut Tree>,
    columns: &[&str],
    act: &mut dyn FnMut(&mut Uuid),
) {
    for condition in conditions {
        visit_values(condition, columns, act);
    }
    if let Some(tree) = tree {
        visit_tree(tree, columns, act);
    }
}

fn visit_tree(tree: &mut Tree, columns: &[&str], act: &mut dyn FnMut(&mut Uuid)) {
    match tree {
        Tree::All(parts) | Tree::Any(parts) => {
            for part in parts {
                visit_tree(part, columns, act);
            }
        }
        Tree::Not(part) => visit_tree(part, columns, act),
        Tree::Is(condition) => visit_values(condition, columns, act),
        Tree::Linked(_) => {}
    }
}

fn visit_values(condition: &mut Condition, columns: &[&str], act: &mut dyn FnMut(&mut Uuid)) {
    if condition.member.is_some() || !columns.contains(&condition.column) {
        return;
    }
    for value in &mut condition.values {
        if let Bound::Uuid(id) = value {
            act(id);
        }
    }
}
