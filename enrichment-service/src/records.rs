//! Records of lead-service: which, and what is known of them.

use contracts::{
    internal::{
        enrichments::JobSubject,
        records::{Choice, KnownRecord, ReadRecords, SelectRecords},
    },
    permissions::{AccountsRead, AccountsUpdate, LeadsRead, LeadsUpdate},
};
use platform::{Problem, client::CallError, db::Visibility, http::access::TenantCaller};
use uuid::Uuid;

use crate::{deps::Deps, waterfalls::domain::EntityType};

/// 403 unless the caller may read such records.
///
/// # Errors
/// As said.
pub fn demand_read(caller: &TenantCaller, entity: EntityType) -> Result<(), Problem> {
    match entity {
        EntityType::Account => caller.demand::<AccountsRead>(),
        EntityType::Lead => caller.demand::<LeadsRead>(),
    }
}

/// 403 unless the caller may change such records.
///
/// # Errors
/// As said.
pub fn demand_update(caller: &TenantCaller, entity: EntityType) -> Result<(), Problem> {
    match entity {
        EntityType::Account => caller.demand::<AccountsUpdate>(),
        EntityType::Lead => caller.demand::<LeadsUpdate>(),
    }
}

/// Owners of the records that a caller sees; all when none.
pub fn seen_by(caller: &TenantCaller) -> Option<Vec<Uuid>> {
    match caller.visibility() {
        Visibility::All => None,
        Visibility::Of(people) => Some(people),
    }
}

/// The records that the caller sees and chooses, newest first.
///
/// # Errors
/// 400 for a condition that cannot be read; 503 while lead-service is away.
pub async fn select(
    deps: &Deps,
    caller: &TenantCaller,
    entity: EntityType,
    choice: Choice,
    limit: Option<i64>,
) -> Result<Vec<Uuid>, Problem> {
    let call = SelectRecords {
        tenant_id: caller.tenant(),
        entity: entity.subject(),
        choice,
        seen_by: seen_by(caller),
        time_zone: Some(caller.time_zone().name().to_owned()),
        limit,
    };
    let selected = deps.peers.call(&call).await.map_err(Problem::from)?;
    if selected.faults.is_empty() { Ok(selected.ids) } else { Err(Problem::invalid(selected.faults)) }
}

/// Reads one record; none when it is gone or not seen.
///
/// # Errors
/// 503 while lead-service is away.
pub async fn read_one(
    deps: &Deps,
    tenant: contracts::TenantId,
    entity: JobSubject,
    id: Uuid,
    seen_by: Option<Vec<Uuid>>,
    with_activities: bool,
) -> Result<Option<KnownRecord>, CallError> {
    let call = ReadRecords { tenant_id: tenant, entity, ids: vec![id], seen_by, with_activities };
    let mut known = deps.peers.call(&call).await?;
    Ok(known.records.pop())
}
