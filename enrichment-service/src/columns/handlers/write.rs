//! Adds, replaces and changes a custom column.

use actix_web::web::{Data, Path};
use contracts::{
    internal::records::{Choice, FindProduct, SelectRecords},
    permissions::{CustomColumnsManage, EnrichmentRead},
    problem::FieldError,
};
use platform::{
    Problem,
    db::{
        Stored, TenantTx, Visibility,
        outbox::{self, Change},
    },
    http::{Allowed, Answer, Body, Created, IfMatch, Json, MergePatch, Shown, Shows, access::TenantCaller},
};
use uuid::Uuid;

use super::Contexts;
use crate::{
    columns::{
        ENTITY,
        api::{CustomColumnView, WriteColumn},
        domain::ColumnFields,
        store,
    },
    deps::Deps,
    providers,
};

/// 403 where the caller may not read what the model would be shown.
pub async fn create(
    caller: Allowed<CustomColumnsManage, (Shows<EnrichmentRead>, Contexts)>,
    body: Json<WriteColumn>,
    deps: Data<Deps>,
) -> Result<Answer<Created<Shown<CustomColumnView>>>, Problem> {
    let write = body.into_inner();
    let provider = write.ai_config.provider_id;
    let fields = ColumnFields::parse(write)?;
    fields.check_readable(&caller)?;
    check_outside(&deps, &caller, &fields).await?;
    deps.db
        .once(caller.tenant(), async |tx| {
            check_provider(tx, provider).await?;
            let column = store::insert(tx, &fields, caller.user().0).await?;
            outbox::record(tx, vec![Change::created(ENTITY, column.id, &column)]).await?;
            Ok(Created::shown(&caller, "/api/v2/custom_columns", column))
        })
        .await
}

/// PUT: what is left out takes its default.
pub async fn replace(
    caller: Allowed<CustomColumnsManage, (Shows<EnrichmentRead>, Contexts)>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<WriteColumn>,
    deps: Data<Deps>,
) -> Result<Body<Shown<CustomColumnView>>, Problem> {
    save(&caller, *id, if_match, &deps, body.into_inner()).await
}

/// PATCH: what is left out stays.
pub async fn update(
    caller: Allowed<CustomColumnsManage, (Shows<EnrichmentRead>, Contexts)>,
    id: Path<Uuid>,
    if_match: IfMatch,
    patch: MergePatch<WriteColumn>,
    deps: Data<Deps>,
) -> Result<Body<Shown<CustomColumnView>>, Problem> {
    let current = CustomColumnView::look_up(&deps.db, caller.tenant(), *id, &Visibility::All).await?;
    let write = patch.apply_replacing(&current, &["run_if"])?;
    // What the patch was applied to must be what is changed.
    if_match.check(current.version)?;
    let at = IfMatchVersion(current.version);
    save_at(&caller, *id, at, &deps, write).await
}

/// The version that a change is made to.
struct IfMatchVersion(i32);

async fn save(
    caller: &TenantCaller,
    id: Uuid,
    if_match: IfMatch,
    deps: &Deps,
    write: WriteColumn,
) -> Result<Body<Shown<CustomColumnView>>, Problem> {
    let current = CustomColumnView::look_up(&deps.db, caller.tenant(), id, &Visibility::All).await?;
    if_match.check(current.version)?;
    save_at(caller, id, IfMatchVersion(current.version), deps, write).await
}

async fn save_at(
    caller: &TenantCaller,
    id: Uuid,
    IfMatchVersion(seen): IfMatchVersion,
    deps: &Deps,
    write: WriteColumn,
) -> Result<Body<Shown<CustomColumnView>>, Problem> {
    let provider = write.ai_config.provider_id;
    let fields = ColumnFields::parse(write)?;
    fields.check_readable(caller)?;
    check_outside(deps, caller, &fields).await?;
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let before = CustomColumnView::lock(tx, id, &Visibility::All).await?;
            if before.version != seen {
                return Err(Problem::stale("version_conflict", "This was changed meanwhile. Try again."));
            }
            if fields.entity_type != before.entity_type {
                return Err(Problem::invalid(vec![FieldError::new(
                    "entity_type",
                    "immutable",
                    "cannot be changed",
                )]));
            }
            check_provider(tx, provider).await?;
            let after = store::update(tx, id, &fields, fields.is_another_prompt(&before)).await?;
            outbox::record(tx, Change::updated(ENTITY, id, &before, &after, &[])).await?;
            Ok(Body::shown(caller, after))
        })
        .await
}

/// 400 for a product that is not there and a condition that cannot be read.
async fn check_outside(deps: &Deps, caller: &TenantCaller, fields: &ColumnFields) -> Result<(), Problem> {
    let call = FindProduct { tenant_id: caller.tenant(), id: fields.product_id };
    let found = deps.peers.call(&call).await.map_err(Problem::from)?;
    if !found.is_there {
        let fault = FieldError::new("product_id", "unknown_reference", "names no product");
        return Err(Problem::invalid(vec![fault]));
    }
    let Some(condition) = fields.run_if.clone() else { return Ok(()) };
    let call = SelectRecords {
        tenant_id: caller.tenant(),
        entity: fields.entity_type.subject(),
        choice: Choice { condition: Some(condition), ..Choice::default() },
        seen_by: Some(Vec::new()),
        time_zone: None,
        limit: Some(1),
    };
    let selected = deps.peers.call(&call).await.map_err(Problem::from)?;
    if selected.faults.is_empty() {
        return Ok(());
    }
    let faults = selected.faults.into_iter().map(|fault| {
        let field = fault.field.replacen("where", "run_if", 1);
        FieldError { field, ..fault }
    });
    Err(Problem::invalid(faults.collect()))
}

async fn check_provider(tx: &mut TenantTx<'_>, provider: Option<Uuid>) -> Result<(), Problem> {
    let Some(id) = provider else { return Ok(()) };
    if providers::store::known(tx, &[id]).await?.is_empty() {
        let fault = FieldError::new("ai_config.provider_id", "unknown_reference", "names no provider");
        return Err(Problem::invalid(vec![fault]));
    }
    Ok(())
}
