//! Setting handlers. Users write their own settings; the tenant's require a permission, checked once the scope is known.

use actix_web::web::{Data, Path};
use contracts::permissions::{SettingsManage, SettingsRead};
use platform::{
    Problem,
    db::TenantTx,
    http::{
        Allowed, Answer, Body, Created, IfMatch, Json, List, May, MergePatch, NoContent,
        access::TenantCaller, list::Rows,
    },
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    settings::{
        api::{BulkUpdate, BulkUpdated, SettingScope, SettingView, WriteSetting},
        domain::NewSetting,
        events, store,
    },
};

/// The effects of writing a setting: the tenant's take a permission of their own.
type Writing = May<SettingsManage>;

fn check_may_write(caller: &TenantCaller, scope: SettingScope) -> Result<(), Problem> {
    match scope {
        SettingScope::Tenant => caller.demand::<SettingsManage>(),
        SettingScope::User => Ok(()),
    }
}

/// The tenant's and the caller's own.
pub async fn list(
    caller: Allowed<SettingsRead>,
    list: List<SettingView>,
    deps: Data<Deps>,
) -> Result<Rows<SettingView>, Problem> {
    let (total, rows) =
        deps.db.in_tenant(caller.tenant(), async |tx| store::page(tx, &list, caller.user()).await).await?;
    Ok(list.answer(total, rows))
}

/// Reads a setting with its version. Another user's own setting is 404.
pub async fn read(
    caller: Allowed<SettingsRead>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<SettingView>, Problem> {
    let setting = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            store::find(tx, *id, caller.user()).await.map_err(Problem::from)
        })
        .await?;
    let version = setting.version;
    Ok(Body::versioned(setting, version))
}

/// A key that is taken in its scope is 409.
pub async fn create(
    caller: Allowed<SettingsRead, Writing>,
    body: Json<WriteSetting>,
    deps: Data<Deps>,
) -> Result<Answer<Created<SettingView>>, Problem> {
    let new = NewSetting::parse(body.into_inner())?;
    let answer = deps
        .db
        .once(caller.tenant(), async |tx| {
            check_may_write(&caller, new.scope)?;
            let setting = store::insert(tx, &new, caller.user()).await?;
            events::created(tx, &setting).await?;
            let version = setting.version;
            Ok(Created::at(format!("/api/v2/settings/{}", setting.id), setting).version(version))
        })
        .await?;
    tell(&deps, &caller, [new.key.as_str()]).await;
    Ok(answer)
}

/// Invalidates cached access if one of these keys affects it. Call it after the commit.
async fn tell<'k>(deps: &Deps, caller: &TenantCaller, keys: impl IntoIterator<Item = &'k str>) {
    if keys.into_iter().any(NewSetting::goes_with_access) {
        deps.forget_access(caller.tenant(), None).await;
    }
}

/// Writes all of them or, when one may not be written, none.
pub async fn bulk_update(
    caller: Allowed<SettingsRead, Writing>,
    body: Json<BulkUpdate>,
    deps: Data<Deps>,
) -> Result<Answer<Body<BulkUpdated>>, Problem> {
    let new = NewSetting::parse_all(body.into_inner())?;
    let answer = deps
        .db
        .once(caller.tenant(), async |tx| {
            if new.iter().any(|setting| setting.scope == SettingScope::Tenant) {
                check_may_write(&caller, SettingScope::Tenant)?;
            }
            store::serialise(tx).await?;
            let mut settings = Vec::with_capacity(new.len());
            for setting in &new {
                settings.push(write(tx, setting, &caller).await?);
            }
            Ok(Body::new(BulkUpdated { settings }))
        })
        .await?;
    tell(&deps, &caller, new.iter().map(|setting| setting.key.as_str())).await;
    Ok(answer)
}

async fn write(
    tx: &mut TenantTx<'_>,
    setting: &NewSetting,
    caller: &TenantCaller,
) -> Result<SettingView, Problem> {
    match store::lock_keyed(tx, setting, caller.user()).await? {
        Some(before) => {
            let after = store::update(tx, before.id, setting).await?;
            events::updated(tx, &before, &after).await?;
            Ok(after)
        }
        None => {
            let made = store::insert(tx, setting, caller.user()).await?;
            events::created(tx, &made).await?;
            Ok(made)
        }
    }
}

/// PUT: the whole setting, in its scope.
pub async fn replace(
    caller: Allowed<SettingsRead, Writing>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<WriteSetting>,
    deps: Data<Deps>,
) -> Result<Body<SettingView>, Problem> {
    let write = body.into_inner();
    save(&caller, *id, if_match, &deps, |_| Ok(write)).await
}

/// PATCH: what is left out stays.
pub async fn update(
    caller: Allowed<SettingsRead, Writing>,
    id: Path<Uuid>,
    if_match: IfMatch,
    patch: MergePatch<WriteSetting>,
    deps: Data<Deps>,
) -> Result<Body<SettingView>, Problem> {
    save(&caller, *id, if_match, &deps, |current| patch.apply(current)).await
}

async fn save(
    caller: &TenantCaller,
    id: Uuid,
    if_match: IfMatch,
    deps: &Deps,
    write: impl FnOnce(&SettingView) -> Result<WriteSetting, Problem>,
) -> Result<Body<SettingView>, Problem> {
    let (before, after) = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            let before = store::lock(tx, id, caller.user()).await?;
            check_may_write(caller, before.scope)?;
            if_match.check(before.version)?;
            let new = NewSetting::instead_of(&before, write(&before)?)?;
            let after = store::update(tx, id, &new).await?;
            events::updated(tx, &before, &after).await?;
            Ok::<_, Problem>((before, after))
        })
        .await?;
    tell(deps, caller, [before.key.as_str(), after.key.as_str()]).await;
    let version = after.version;
    Ok(Body::versioned(after, version))
}

/// Softly; the key is free again.
pub async fn archive(
    caller: Allowed<SettingsRead, Writing>,
    id: Path<Uuid>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    let before = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            let before = store::lock(tx, *id, caller.user()).await?;
            check_may_write(&caller, before.scope)?;
            if_match.check(before.version)?;
            store::archive(tx, *id).await?;
            events::deleted(tx, &before).await?;
            Ok::<_, Problem>(before)
        })
        .await?;
    tell(&deps, &caller, [before.key.as_str()]).await;
    Ok(NoContent)
}
