//! Owners that programs name.

use std::collections::{HashMap, hash_map::Entry};

use contracts::{TenantId, internal::users::FindUser};
use platform::Problem;
use serde_json::Value;
use uuid::Uuid;

use super::store::Prepared;
use crate::{deps::Deps, entities, recognition};

/// Finds the owners that submissions name, by id or e-mail address: active members of the tenant. A name of no member
/// is kept and warned of. Asks other services, but only where an owner is named: not inside a transaction.
///
/// # Errors
/// 503 while these are away.
pub async fn settle(deps: &Deps, tenant: TenantId, submissions: &mut [&mut Prepared]) -> Result<(), Problem> {
    let mut people: HashMap<String, Option<Uuid>> = HashMap::new();
    for prepared in submissions.iter() {
        let Some(named) = &prepared.submission.owner else { continue };
        if let Entry::Vacant(unasked) = people.entry(named.clone()) {
            unasked.insert(person(deps, named).await?);
        }
    }
    if people.is_empty() {
        return Ok(());
    }
    let asked: Vec<Uuid> = people.values().copied().flatten().collect();
    let strangers = entities::strangers(deps, tenant, asked).await?;
    for prepared in submissions {
        let Some(named) = prepared.submission.owner.take() else { continue };
        let member = people.get(&named).copied().flatten().filter(|person| !strangers.contains(person));
        prepared.assign(member, named);
    }
    Ok(())
}

async fn person(deps: &Deps, named: &str) -> Result<Option<Uuid>, Problem> {
    if let Ok(id) = named.parse() {
        return Ok(Some(id));
    }
    let Some(email) = recognition::read_emails(named).value else { return Ok(None) };
    let found = deps.peers.call(&FindUser { email }).await?;
    Ok(found.map(|user| user.id.0))
}

/// The name that a sender gave to what fed a field, by the mapping that was applied.
pub fn own_name<'a>(mapping: Option<&'a Value>, field: &'a str) -> &'a str {
    let mut applied = mapping.and_then(Value::as_object).into_iter().flatten();
    applied.find(|(_, fed)| fed.as_str() == Some(field)).map_or(field, |(own, _)| own.as_str())
}
