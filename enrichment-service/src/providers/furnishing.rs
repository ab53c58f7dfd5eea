//! The start of every tenant: its website as a provider, and a default waterfall for each type.

use std::time::Duration;

use contracts::TenantId;
use diesel::{QueryableByName, sql_types::Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{
        Cacheable, Db, TenantTx,
        outbox::{self, Change},
    },
    worker::Shutdown,
};
use uuid::Uuid;

use super::{ENTITY, store};
use crate::waterfalls;

/// Makes them unless the tenant ever had them.
pub async fn furnish(tx: &mut TenantTx<'_>) -> Result<(), Problem> {
    let Some(website) = store::insert_first(tx).await? else { return Ok(()) };
    outbox::record(tx, vec![Change::created(ENTITY, website.id, &website)]).await?;
    waterfalls::furnishing::furnish(tx, website.id).await?;
    diesel::sql_query("INSERT INTO furnished_tenants (tenant_id) VALUES ($1) ON CONFLICT DO NOTHING")
        .bind::<SqlUuid, _>(tx.tenant().0)
        .cached()
        .execute(&mut **tx)
        .await?;
    Ok(())
}

#[derive(QueryableByName)]
struct Unfurnished {
    #[diesel(sql_type = SqlUuid)]
    tenant_id: Uuid,
}

/// Furnishes the tenants that were made before providers were; tried again until all of them are.
pub async fn run(db: Db, mut shutdown: Shutdown) {
    loop {
        match furnish_all(&db).await {
            Ok(()) => return,
            Err(error) => tracing::warn!(%error, "tenants cannot get their first provider yet"),
        }
        if !shutdown.sleep(Duration::from_secs(5)).await {
            return;
        }
    }
}

async fn furnish_all(db: &Db) -> Result<(), Problem> {
    let unfurnished: Vec<Unfurnished> = db
        .in_system(async |tx| {
            let sql = "SELECT s.tenant_id FROM tenant_states s WHERE NOT EXISTS \
                       (SELECT 1 FROM furnished_tenants f WHERE f.tenant_id = s.tenant_id)";
            diesel::sql_query(sql).cached().load(&mut **tx).await.map_err(Problem::from)
        })
        .await?;
    for tenant in &unfurnished {
        db.in_tenant(TenantId(tenant.tenant_id), async |tx| furnish(tx).await).await?;
    }
    Ok(())
}
