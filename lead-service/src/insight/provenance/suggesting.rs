//! People found by enrichment, as suggested leads: each once, for any order and repetition of pages.

use contracts::{
    Service, UserId,
    events::Actor,
    internal::records::{SuggestLeads, SuggestedLeads},
};
use platform::{
    Problem,
    db::{
        Stored, TenantTx, Visibility,
        outbox::{self, Change},
    },
    http::body,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::store;
use crate::{
    entities::Entity,
    identity, lead_management,
    people::{AccountView, LeadFields, LeadView, WriteLead},
    routing::Placing,
};

/// Fields of a person that are taken over.
const TAKEN: [&str; 7] =
    ["first_name", "last_name", "email", "phone", "linkedin_url", "role_title", "company_name"];

/// Suggests them. Those who are known, also as rejected, deleted or merged, are counted and not added again.
pub async fn suggest(tx: &mut TenantTx<'_>, call: &SuggestLeads) -> Result<SuggestedLeads, Problem> {
    let account = AccountView::lock(tx, call.account_id, &Visibility::All).await?;
    let mut answer =
        SuggestedLeads { total: store::suggested(tx, call.job_id).await?, ..SuggestedLeads::default() };
    for person in &call.people {
        if answer.total >= call.max {
            break;
        }
        let Some(fields) = fields(person, &account) else {
            answer.unusable += 1;
            continue;
        };
        match add(tx, call, &account, person, &fields).await? {
            Some(lead) => {
                let actor = Actor::Service { name: Service::Enrichment };
                outbox::record_as(tx, &actor, vec![Change::created(LeadView::NAME, lead.id, &lead)]).await?;
                answer.created += 1;
                answer.total += 1;
            }
            None => answer.known += 1,
        }
    }
    Ok(answer)
}

/// The person as a lead, with what of them could be written by a person. None without a name or an address.
fn fields(person: &Map<String, Value>, account: &AccountView) -> Option<LeadFields> {
    let mut lead = Map::from_iter([
        ("account_id".to_owned(), json!(account.id)),
        ("product_id".to_owned(), json!(account.product_id)),
        ("company_name".to_owned(), json!(account.name)),
        ("source".to_owned(), json!("enrichment")),
        ("suggestion_status".to_owned(), json!("suggested")),
    ]);
    let mut is_somebody = false;
    for name in TAKEN {
        let Some(value) =
            person.get(name).filter(|value| value.as_str().is_some_and(|text| !text.trim().is_empty()))
        else {
            continue;
        };
        let mut with = lead.clone();
        with.insert(name.to_owned(), value.clone());
        // One bad field does not lose the person.
        if parse(&with).is_some() || is_alone_good(name, value) {
            lead = with;
            is_somebody |= matches!(name, "email" | "linkedin_url" | "first_name" | "last_name" | "phone");
        }
    }
    for name in ["persona", "score"] {
        let Some(value) = person.get(name) else { continue };
        let mut with = lead.clone();
        with.insert(name.to_owned(), value.clone());
        if parse(&with).is_some() {
            lead = with;
        }
    }
    if is_somebody { parse(&lead) } else { None }
}

fn parse(lead: &Map<String, Value>) -> Option<LeadFields> {
    let write: WriteLead = body::decode(Value::Object(lead.clone())).ok()?;
    LeadFields::parse(write).ok()
}

fn is_alone_good(name: &str, value: &Value) -> bool {
    parse(&Map::from_iter([(name.to_owned(), value.clone()), ("company_name".to_owned(), json!("x"))]))
        .is_some()
}

async fn add(
    tx: &mut TenantTx<'_>,
    call: &SuggestLeads,
    account: &AccountView,
    person: &Map<String, Value>,
    fields: &LeadFields,
) -> Result<Option<LeadView>, Problem> {
    let mut placing = Placing::begin(tx).await?;
    let (id, keys) = (Uuid::now_v7(), fields.keys());
    let wanted: Vec<_> = keys.iter().collect();
    // Also deleted and merged leads hold their keys: a person who was turned down does not come back.
    let is_held = !identity::holders(tx, &wanted, &[]).await?.is_empty();
    if is_held
        || !lead_management::alike_leads(tx, fields, None).await?.is_empty()
        || is_rejected(tx, fields).await?
    {
        return Ok(None);
    }
    identity::claim(tx, id, &keys).await?;
    // Between the look and the claim another writer may have added the person.
    if !lead_management::alike_leads(tx, fields, Some(id)).await?.is_empty() {
        identity::release(tx, id, &wanted).await?;
        return Ok(None);
    }
    let by = call.started_by.or(account.created_by).unwrap_or_default();
    let lead = lead_management::insert_lead(tx, &mut placing, id, fields, UserId(by)).await?;
    let mut evaluation = person.get("evaluation").cloned().unwrap_or_else(|| json!({}));
    if let Some(members) = evaluation.as_object_mut() {
        members.insert("job_id".to_owned(), json!(call.job_id));
    }
    store::set_findings(tx, lead.id, &json!({ "evaluation": evaluation })).await?;
    Ok(Some(LeadView::find(tx, lead.id, &Visibility::All).await?))
}

/// Whether a lead of this person was deleted or rejected before: by e-mail address or profile.
async fn is_rejected(tx: &mut TenantTx<'_>, fields: &LeadFields) -> Result<bool, Problem> {
    use diesel::{
        QueryableByName,
        sql_types::{Bool, Nullable, Text},
    };
    use diesel_async::RunQueryDsl;
    use platform::db::Cacheable;
    #[derive(QueryableByName)]
    struct Known {
        #[diesel(sql_type = Bool)]
        known: bool,
    }
    let found: Known = diesel::sql_query(
        "SELECT EXISTS (SELECT 1 FROM leads WHERE email = $1 AND $1 IS NOT NULL) \
         OR EXISTS (SELECT 1 FROM leads WHERE linkedin_url = $2 AND $2 IS NOT NULL) \
         OR EXISTS (SELECT 1 FROM customers WHERE email = $1 AND $1 IS NOT NULL) AS known",
    )
    .bind::<Nullable<Text>, _>(&fields.email)
    .bind::<Nullable<Text>, _>(&fields.linkedin_url)
    .cached()
    .get_result(&mut **tx)
    .await?;
    Ok(found.known)
}
