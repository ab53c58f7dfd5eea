//! Makes a deal of a lead, and with it a contact and an account: all of it or nothing, and once.

use actix_web::web::{Data, Path};
use chrono::Utc;
use contracts::{
    UserId,
    permissions::{
        AccountsCreate, AccountsRead, ContactsCreate, ContactsRead, DealsCreate, DealsRead, LeadsRead,
        LeadsUpdate,
    },
};
use platform::{
    Problem,
    db::{
        Stored, TenantTx, Visibility,
        outbox::{self, Change},
    },
    http::{Allowed, Answer, Body, IfMatch, Json, May, Needs, Shown, Shows, access::TenantCaller},
};
use uuid::Uuid;

use crate::{
    accounts::{self, api::AccountView, domain::AccountFields},
    contacts::{api::ContactView, domain::ContactFields},
    deals::api::DealView,
    deps::{Deps, SERVICE},
    entities::{Added, Entity, Written},
    leads::{
        api::LeadView,
        domain::LeadStatus,
        steps::{self, ConversionView, ConvertLead, LeadStep},
        store,
    },
    references,
};

/// The effects of a conversion. It copies what the lead says into the deal and the contact, so that the caller must be
/// able to read the lead, even if the answer shows its outline only.
type Converting = (
    (Needs<LeadsRead>, Needs<LeadsUpdate>),
    (May<ContactsCreate>, May<AccountsCreate>),
    (Shows<DealsRead>, Shows<ContactsRead>, Shows<AccountsRead>),
);

/// 409 `already_converted` for the second of two.
pub async fn convert(
    caller: Allowed<DealsCreate, Converting>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<ConvertLead>,
    deps: Data<Deps>,
) -> Result<Answer<Body<ConversionView>>, Problem> {
    let ConvertLead { pipeline_id, deal, create_contact } = body.into_inner();
    references::check_member(&deps, caller.tenant(), "deal.assigned_to", deal.assigned_to).await?;
    let (visibility, by) = (caller.visibility(), caller.user());
    deps.db
        .once(caller.tenant(), async |tx| {
            let lead = LeadView::lock(tx, *id, &visibility).await?;
            if_match.check(lead.version)?;
            if let Some(conversion) = steps::conversion(&lead) {
                let detail = "This lead was converted already.";
                return Err(Problem::conflict("already_converted", detail).with("conversion", conversion));
            }
            let (account_id, account) = account(tx, &lead, &visibility, &caller).await?;
            let contact = match steps::contact_of(&lead).filter(|_| create_contact.unwrap_or(true)) {
                Some(write) => {
                    caller.demand::<ContactsCreate>()?;
                    let mut fields = ContactFields::parse(write)?;
                    fields.account_id = account_id;
                    Some(added::<ContactView>(tx, &fields, by).await?)
                }
                None if create_contact == Some(true) => {
                    let detail = "This lead has neither a name nor an address to make a contact of.";
                    return Err(Problem::unprocessable("contact_impossible", detail));
                }
                None => None,
            };
            let mut fields = DealView::parse(steps::deal_of(&lead, pipeline_id, deal))?;
            DealView::settle(tx, &mut fields, None, &visibility).await?;
            fields.terms.account_id = account_id;
            fields.terms.contact_id = contact.as_ref().map(|contact| contact.id);
            let deal = added::<DealView>(tx, &fields, by).await?;
            let step = LeadStep {
                status: Some(LeadStatus::Converted),
                account_id,
                converted_at: Some(Utc::now()),
                converted_to_deal_id: Some(deal.id),
                ..LeadStep::default()
            };
            let after = store::step(tx, lead.id, &step).await?;
            let changes = Change::updated(LeadView::NAME, lead.id, &lead, &after, LeadView::TRACKED);
            outbox::record(tx, SERVICE, changes).await?;
            let version = after.version;
            let view = ConversionView {
                lead: after,
                deal: Shown::to(&caller, deal),
                contact: contact.map(|contact| Shown::to(&caller, contact)),
                account: account.map(|account| Shown::to(&caller, account)),
            };
            Ok(Body::versioned(view, version))
        })
        .await
}

async fn added<E: Added>(tx: &mut TenantTx<'_>, fields: &E::Fields, by: UserId) -> Result<E, Problem> {
    let entity = E::insert(tx, fields, by).await?;
    outbox::record(tx, SERVICE, vec![Change::created(E::NAME, entity.id(), &entity)]).await?;
    Ok(entity)
}

/// The account of the lead, or the one of the company it names, made if need be. It is shown to those who may see it.
async fn account(
    tx: &mut TenantTx<'_>,
    lead: &LeadView,
    visibility: &Visibility,
    caller: &TenantCaller,
) -> Result<(Option<Uuid>, Option<AccountView>), Problem> {
    if let Some(id) = lead.account_id {
        return match AccountView::find(tx, id, visibility).await {
            Ok(account) => Ok((Some(id), Some(account))),
            Err(diesel::result::Error::NotFound) => Ok((Some(id), None)),
            Err(error) => Err(error.into()),
        };
    }
    let Some(write) = steps::account_of(lead) else { return Ok((None, None)) };
    let account = match accounts::store::named(tx, &write.name, visibility).await? {
        Some(account) => account,
        None => {
            caller.demand::<AccountsCreate>()?;
            let view = accounts::adding::add(tx, &AccountFields::from(write), caller.user()).await?;
            outbox::record(tx, SERVICE, vec![accounts::adding::told(&view)]).await?;
            view.account
        }
    };
    Ok((Some(account.id), Some(account)))
}
