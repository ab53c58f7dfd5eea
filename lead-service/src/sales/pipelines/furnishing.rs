//! The pipeline that every tenant starts with (seed: CRM schema, "Default Pipeline Creation").

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

use super::{
    api::{PipelineView, WritePipeline},
    domain::{NewPipeline, PipelineFields},
    store,
};
use crate::{
    entities::Entity,
    sales::stages::{
        self,
        api::StageView,
        domain::{NewStage, StageFields, StageKind},
    },
};

const NAME: &str = "Sales Pipeline";
const STAGES: [(&str, i32, StageKind); 6] = [
    ("Prospecting", 10, StageKind::Open),
    ("Qualification", 25, StageKind::Open),
    ("Proposal", 50, StageKind::Open),
    ("Negotiation", 75, StageKind::Open),
    ("Closed Won", 100, StageKind::Won),
    ("Closed Lost", 0, StageKind::Lost),
];

/// Makes the pipeline unless the tenant has a default one.
pub async fn furnish(tx: &mut TenantTx<'_>) -> Result<(), Problem> {
    if store::default(tx).await?.is_some() {
        return Ok(());
    }
    let write = WritePipeline { name: NAME.to_owned(), description: None, is_default: true, is_active: None };
    let pipeline = store::insert(tx, NewPipeline { fields: &PipelineFields::from(write), by: None }).await?;
    let mut changes = vec![Change::created(PipelineView::NAME, pipeline.id, &pipeline)];
    for (order, (name, probability, kind)) in (1..).zip(STAGES) {
        let fields = StageFields { name: name.to_owned(), order, probability, kind, is_active: true };
        let new = NewStage { pipeline_id: pipeline.id, fields: &fields, by: None };
        let stage = stages::store::insert(tx, new).await?;
        changes.push(Change::created(StageView::NAME, stage.id, &stage));
    }
    outbox::record(tx, changes).await
}

#[derive(QueryableByName)]
struct Unfurnished {
    #[diesel(sql_type = SqlUuid)]
    tenant_id: Uuid,
}

/// Furnishes the tenants that were made before pipelines were; tried again until all of them are.
pub async fn run(db: Db, mut shutdown: Shutdown) {
    loop {
        match furnish_all(&db).await {
            Ok(()) => return,
            Err(error) => tracing::warn!(%error, "tenants cannot get their first pipeline yet"),
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
                       (SELECT 1 FROM pipelines p WHERE p.tenant_id = s.tenant_id)";
            diesel::sql_query(sql).cached().load(&mut **tx).await.map_err(Problem::from)
        })
        .await?;
    for tenant in &unfurnished {
        db.in_tenant(TenantId(tenant.tenant_id), async |tx| furnish(tx).await).await?;
    }
    Ok(())
}
