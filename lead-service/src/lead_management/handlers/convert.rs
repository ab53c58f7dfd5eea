//! Makes a deal of a lead, and with it a contact and an account where these are not known: all of it or nothing, and once.

use actix_web::web::{Data, Path};
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
    deps::Deps,
    duplicates,
    entities::{self, Added, Entity, Written},
    lead_management::{
        handing_over,
        steps::{self, ConversionView, ConvertLead},
    },
    people::{
        self, AccountFields, AccountView, ContactFields, ContactView, Conversion, LeadView, account_name_key,
    },
    sales::DealView,
};

/// The effects of a conversion. It copies what the lead says into the deal and the contact, so that the caller must be
/// able to read the lead, even if the answer shows its outline only.
type Converting = (
    (Needs<LeadsRead>, Needs<LeadsUpdate>),
    (May<ContactsCreate>, May<AccountsCreate>),
    (Shows<DealsRead>, Shows<ContactsRead>, Shows<AccountsRead>),
);

/// 409 `already_converted` for the second of two, as long as the first one's deal is there.
pub async fn convert(
    caller: Allowed<DealsCreate, Converting>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<ConvertLead>,
    deps: Data<Deps>,
) -> Result<Answer<Body<ConversionView>>, Problem> {
    let ConvertLead { pipeline_id, deal, create_contact } = body.into_inner();
    entities::check_member(&deps, caller.tenant(), "deal.assigned_to", deal.assigned_to).await?;
    let (visibility, by) = (caller.visibility(), caller.user());
    deps.db
        .once(caller.tenant(), async |tx| {
            let lead = LeadView::lock(tx, *id, &visibility).await?;
            if_match.check(lead.version)?;
            if let Some(conversion) = people::conversion_summary(&lead)
                && people::conversion_stands(tx, &lead).await?
            {
                let detail = "This lead was converted already.";
                return Err(Problem::conflict("already_converted", detail).with("conversion", conversion));
            }
            let (account_id, account) = account(tx, &lead, &visibility, &caller).await?;
            let contact = if create_contact.unwrap_or(true) {
                contact(tx, &lead, account_id, &visibility, &caller).await?
            } else {
                None
            };
            if contact.is_none() && create_contact == Some(true) {
                let detail = "This lead has neither a name nor an address to make a contact of.";
                return Err(Problem::unprocessable("contact_impossible", detail));
            }
            let mut fields = DealView::parse(steps::deal_of(&lead, pipeline_id, deal))?;
            DealView::settle(tx, &mut fields, None, &visibility).await?;
            fields.terms.account_id = account_id;
            fields.terms.contact_id = contact.as_ref().map(|contact| contact.id);
            let deal = added::<DealView>(tx, &fields, by).await?;
            let mut changes = handing_over::hand_over(tx, &lead, deal.id).await?;
            let converted = Conversion::into_deal(deal.id, deal.created_at);
            let after = people::set_conversion(tx, lead.id, converted, account_id).await?;
            changes.extend(Change::updated(LeadView::NAME, lead.id, &lead, &after, LeadView::TRACKED));
            outbox::record(tx, changes).await?;
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
    outbox::record(tx, vec![Change::created(E::NAME, entity.id(), &entity)]).await?;
    Ok(entity)
}

/// The contact that the person is already, or becomes; none when there is neither a name nor an address.
async fn contact(
    tx: &mut TenantTx<'_>,
    lead: &LeadView,
    account_id: Option<Uuid>,
    visibility: &Visibility,
    caller: &TenantCaller,
) -> Result<Option<ContactView>, Problem> {
    let Some(write) = steps::contact_of(lead) else { return Ok(None) };
    let mut fields = ContactFields::parse(write)?;
    duplicates::hold_keys(tx, "contact", &fields.keys()).await?;
    if let Some(known) = people::contact_of_person(tx, &fields, lead.id, visibility).await? {
        return Ok(Some(known));
    }
    caller.demand::<ContactsCreate>()?;
    fields.account_id = account_id;
    Ok(Some(added::<ContactView>(tx, &fields, caller.user()).await?))
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
    duplicates::hold(tx, "account", &[&account_name_key(&write.name)]).await?;
    let account = match people::account_named(tx, &write.name, visibility).await? {
        Some(account) => account,
        None => {
            caller.demand::<AccountsCreate>()?;
            let view = people::add_account(tx, &AccountFields::from(write), caller.user()).await?;
            outbox::record(tx, vec![people::account_created(&view)]).await?;
            view.account
        }
    };
    Ok((Some(account.id), Some(account)))
}
