//! Calls of enrichment-service: selecting records, reading them, and writing what was found.

use std::collections::HashMap;

use actix_web::web::Data;
use contracts::internal::{
    enrichments::JobSubject,
    records::{
        Choice, FillRecord, FilledRecord, FindProduct, ForgetProvider, ForgottenProvider, FoundProduct,
        KnownRecord, KnownRecords, MergeLinkedin, MergedLinkedin, ReadRecords, SelectRecords,
        SelectedRecords, SuggestLeads, SuggestedLeads,
    },
};
use platform::{
    Problem,
    db::{Stored, TenantTx, Visibility, stored::successors},
    http::{Internal, InternalJson, List, body::InternalReply, list::Search},
    zones::{self, Tz},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    deps::Deps,
    entities::Entity,
    insight::provenance::{
        domain::is_empty,
        enriched::{self, Enriched},
        filling, linkedin, store, suggesting,
    },
    people::{AccountView, LeadView, following_merges},
    products::ProductView,
};

/// Most records that are chosen, and read at once.
const MOST: i64 = 100_000;
const STRETCH: i64 = 200;

fn seen(people: Option<Vec<Uuid>>) -> Visibility {
    people.map_or(Visibility::All, Visibility::Of)
}

/// Newest first; merged leads stand for their winners, once.
pub async fn select(
    _caller: Internal,
    call: InternalJson<SelectRecords>,
    deps: Data<Deps>,
) -> Result<InternalReply<SelectedRecords>, Problem> {
    let InternalJson(call) = call;
    let chosen = match call.entity {
        JobSubject::Account => choose::<AccountView>(&deps, &call).await,
        JobSubject::Lead => choose::<LeadView>(&deps, &call).await,
    };
    match chosen {
        Ok(ids) => Ok(InternalReply(SelectedRecords { ids, faults: Vec::new() })),
        Err(problem) if !problem.errors.is_empty() && problem.status.as_u16() == 400 => {
            Ok(InternalReply(SelectedRecords { ids: Vec::new(), faults: problem.errors }))
        }
        Err(problem) => Err(problem),
    }
}

async fn choose<E: Enriched>(deps: &Deps, call: &SelectRecords) -> Result<Vec<Uuid>, Problem> {
    let Choice { ids, condition, product_id, only_open } = &call.choice;
    let zone = call.time_zone.as_deref().and_then(zones::named).unwrap_or(Tz::UTC);
    let limit = usize::try_from(call.limit.unwrap_or(MOST).min(MOST)).unwrap_or_default();
    let mut parts: Vec<Value> = condition.iter().cloned().collect();
    parts.extend(product_id.map(|id| json!({ "field": "product_id", "op": "eq", "value": id })));
    if *only_open && E::SUBJECT == JobSubject::Lead {
        parts
            .push(json!({ "not": { "field": "status", "op": "in", "value": ["unqualified", "converted"] } }));
    }
    let tree = match parts.len() {
        0 => None,
        1 => parts.pop(),
        _ => Some(json!({ "and": parts })),
    };
    let visibility = seen(call.seen_by.clone());
    let Some(ids) = ids else {
        return all::<E>(deps, call, tree, zone, &visibility, limit).await;
    };
    let ids = winners::<E>(deps, call, ids).await?;
    let mut found = Vec::new();
    for some in ids.chunks(usize::try_from(STRETCH).unwrap_or(200)) {
        let only = json!({ "field": "id", "op": "in", "value": some });
        let tree = match &tree {
            Some(tree) => json!({ "and": [only, tree] }),
            None => only,
        };
        found.extend(all::<E>(deps, call, Some(tree), zone, &visibility, limit).await?);
    }
    found.sort_unstable_by(|one, other| other.cmp(one));
    found.dedup();
    found.truncate(limit);
    Ok(found)
}

async fn winners<E: Enriched>(deps: &Deps, call: &SelectRecords, ids: &[Uuid]) -> Result<Vec<Uuid>, Problem> {
    let merged: HashMap<Uuid, Uuid> = deps
        .db
        .read(call.tenant_id, async |tx| successors::<E>(tx, ids).await.map_err(Problem::from))
        .await?
        .into_iter()
        .collect();
    let mut ids: Vec<Uuid> = ids.iter().map(|id| merged.get(id).copied().unwrap_or(*id)).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

async fn all<E: Enriched>(
    deps: &Deps,
    call: &SelectRecords,
    tree: Option<Value>,
    zone: Tz,
    visibility: &Visibility,
    limit: usize,
) -> Result<Vec<Uuid>, Problem> {
    let search =
        Search { tree, ordering: Some("-created_at".to_owned()), page_size: Some(STRETCH), cursor: None };
    let list: List<E> = search.list::<E>(zone)?;
    let list = following_merges(&deps.db, call.tenant_id, list).await?;
    let mut ids: Vec<Uuid> = Vec::new();
    let mut last: Option<E> = None;
    while ids.len() < limit {
        let Some(stretch) = list.stretch(STRETCH, last.as_ref()) else { break };
        let (_, mut rows) = E::look_up_page(&deps.db, call.tenant_id, &stretch, visibility).await?;
        let count = i64::try_from(rows.len()).unwrap_or_default();
        // One more row than asked for may say that there are more.
        rows.truncate(usize::try_from(STRETCH).unwrap_or(200));
        ids.extend(rows.iter().map(Entity::id));
        last = rows.pop();
        if count < STRETCH {
            break;
        }
    }
    ids.truncate(limit);
    Ok(ids)
}

/// Those that are there and seen, each with its account, its product and what is pinned.
pub async fn read(
    _caller: Internal,
    call: InternalJson<ReadRecords>,
    deps: Data<Deps>,
) -> Result<InternalReply<KnownRecords>, Problem> {
    let InternalJson(call) = call;
    let records = deps
        .db
        .in_tenant(call.tenant_id, async |tx| {
            let visibility = seen(call.seen_by.clone());
            let mut records = Vec::new();
            for id in call.ids.iter().take(1_000) {
                let known = match call.entity {
                    JobSubject::Account => {
                        known::<AccountView>(tx, *id, &visibility, call.with_activities).await?
                    }
                    JobSubject::Lead => known::<LeadView>(tx, *id, &visibility, call.with_activities).await?,
                };
                records.extend(known);
            }
            Ok::<_, Problem>(records)
        })
        .await?;
    Ok(InternalReply(KnownRecords { records }))
}

async fn known<E: Enriched>(
    tx: &mut TenantTx<'_>,
    id: Uuid,
    visibility: &Visibility,
    with_activities: bool,
) -> Result<Option<KnownRecord>, Problem> {
    let record = match E::find(tx, id, visibility).await {
        Ok(record) => record,
        Err(diesel::result::Error::NotFound) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let members = enriched::members(&record)?;
    let standing = filling::of_record(tx, &record, &members, E::FILLABLE).await?;
    let pinned = standing.iter().filter(|standing| standing.pinned && !is_empty(&standing.value));
    let id_of = |name: &str| members.get(name).and_then(Value::as_str).and_then(|id| id.parse().ok());
    let account = match (E::SUBJECT, id_of("account_id")) {
        (JobSubject::Account, _) => members.clone(),
        (JobSubject::Lead, Some(account)) => one::<AccountView>(tx, account).await?,
        (JobSubject::Lead, None) => serde_json::Map::new(),
    };
    let product: Option<Uuid> = id_of("product_id")
        .or_else(|| account.get("product_id").and_then(Value::as_str).and_then(|id| id.parse().ok()));
    let product = match product {
        Some(product) => one::<ProductView>(tx, product).await?,
        None => serde_json::Map::new(),
    };
    let activities =
        if with_activities { store::activities(tx, E::WORD, record.id()).await? } else { Vec::new() };
    Ok(Some(KnownRecord {
        id: record.id(),
        version: record.version(),
        pinned: pinned.map(|standing| standing.field.clone()).collect(),
        confidences: filling::confidences(&standing, &members),
        record: members,
        account,
        product,
        activities,
    }))
}

async fn one<V: Stored>(tx: &mut TenantTx<'_>, id: Uuid) -> Result<serde_json::Map<String, Value>, Problem> {
    match V::find(tx, id, &Visibility::All).await {
        Ok(found) => match serde_json::to_value(found) {
            Ok(Value::Object(members)) => Ok(members),
            _ => Err(Problem::internal("a record is no object")),
        },
        Err(diesel::result::Error::NotFound) => Ok(serde_json::Map::new()),
        Err(error) => Err(error.into()),
    }
}

/// A deleted one is not there.
pub async fn product(
    _caller: Internal,
    call: InternalJson<FindProduct>,
    deps: Data<Deps>,
) -> Result<InternalReply<FoundProduct>, Problem> {
    let InternalJson(call) = call;
    let found = deps.db.in_tenant(call.tenant_id, async |tx| one::<ProductView>(tx, call.id).await).await?;
    Ok(InternalReply(FoundProduct { is_there: !found.is_empty() }))
}

/// Keeps every value that a person wrote. Asked again with the same job, it changes nothing and answers the same.
pub async fn fill(
    _caller: Internal,
    call: InternalJson<FillRecord>,
    deps: Data<Deps>,
) -> Result<InternalReply<FilledRecord>, Problem> {
    let InternalJson(call) = call;
    let filled = deps
        .db
        .in_tenant(call.tenant_id, async |tx| match call.entity {
            JobSubject::Account => filling::fill::<AccountView>(tx, &call).await,
            JobSubject::Lead => filling::fill::<LeadView>(tx, &call).await,
        })
        .await?;
    Ok(InternalReply(filled))
}

/// A person is suggested once, whatever the order and repetition of pages.
pub async fn suggest(
    _caller: Internal,
    call: InternalJson<SuggestLeads>,
    deps: Data<Deps>,
) -> Result<InternalReply<SuggestedLeads>, Problem> {
    let InternalJson(call) = call;
    let answer = deps.db.in_tenant(call.tenant_id, async |tx| suggesting::suggest(tx, &call).await).await?;
    Ok(InternalReply(answer))
}

/// An activity that is known already is not added again.
pub async fn linkedin(
    _caller: Internal,
    call: InternalJson<MergeLinkedin>,
    deps: Data<Deps>,
) -> Result<InternalReply<MergedLinkedin>, Problem> {
    let InternalJson(call) = call;
    let answer = deps.db.in_tenant(call.tenant_id, async |tx| linkedin::merge(tx, &call).await).await?;
    Ok(InternalReply(answer))
}

/// Values that this provider gave and that still stand are emptied; what others gave stays.
pub async fn forget(
    _caller: Internal,
    call: InternalJson<ForgetProvider>,
    deps: Data<Deps>,
) -> Result<InternalReply<ForgottenProvider>, Problem> {
    let InternalJson(call) = call;
    let emptied = deps
        .db
        .in_tenant(call.tenant_id, async |tx| match call.entity {
            JobSubject::Account => forgotten::<AccountView>(tx, &call).await,
            JobSubject::Lead => forgotten::<LeadView>(tx, &call).await,
        })
        .await?;
    Ok(InternalReply(ForgottenProvider { emptied }))
}

async fn forgotten<E: Enriched>(tx: &mut TenantTx<'_>, call: &ForgetProvider) -> Result<i64, Problem> {
    let before = match E::lock(tx, call.id, &Visibility::All).await {
        Ok(record) => record,
        Err(diesel::result::Error::NotFound) => return Ok(0),
        Err(error) => return Err(error.into()),
    };
    let provider = json!(call.provider_id);
    let is_theirs = |named: Option<&Value>| named.and_then(|named| named.get("id")) == Some(&provider);
    let known = enriched::members(&before)?;
    let mut members = enriched::written(&before)?;
    let mut emptied = 0;
    for (_, mut row) in store::rows(tx, E::WORD, &[before.id()]).await? {
        row.candidates.retain(|candidate| !is_theirs(candidate.get("provider")));
        if row.previous.as_ref().is_some_and(|previous| is_theirs(previous.get("provider"))) {
            row.previous = None;
        }
        if !is_theirs(row.provider.as_ref()) {
            store::keep(tx, E::WORD, before.id(), &row).await?;
            continue;
        }
        let stands = known.get(&row.field) == Some(&row.value) && !row.pinned;
        let empty =
            if row.value.is_array() && E::SUBJECT == JobSubject::Account { json!([]) } else { Value::Null };
        if stands && let Ok((after, _)) = enriched::with_value::<E>(&members, &row.field, &empty) {
            members = after;
            emptied += 1;
        }
        store::drop_field(tx, E::WORD, before.id(), &row.field).await?;
    }
    if emptied > 0 {
        let after = enriched::save(tx, &before, members, &Visibility::All).await?;
        let changes =
            platform::db::outbox::Change::updated(E::NAME, before.id(), &before, &after, E::TRACKED);
        let actor = contracts::events::Actor::Service { name: contracts::Service::Enrichment };
        platform::db::outbox::record_as(tx, &actor, changes).await?;
    }
    Ok(emptied)
}
