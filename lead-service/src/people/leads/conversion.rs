//! Conversion of a lead: the deal that was made of it, as long as that is there.

use chrono::{DateTime, Utc};
use contracts::problem::FieldError;
use diesel::{
    AsChangeset, ExpressionMethods, QueryDsl, QueryResult, QueryableByName, SelectableHelper,
    sql_types::{Array, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{Cacheable, Stored, TenantTx, Visibility, outbox::Change},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    api::LeadView,
    domain::{LeadFields, LeadStatus},
};
use crate::{
    entities::{Entity, Step},
    schema::{
        deals,
        leads::{self, dsl},
    },
};

/// A lead's status together with the conversion that it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, AsChangeset)]
#[diesel(table_name = leads, treat_none_as_null = true)]
pub struct Conversion {
    status: LeadStatus,
    converted_at: Option<DateTime<Utc>>,
    converted_to_deal_id: Option<Uuid>,
}

impl Conversion {
    /// Converted into a deal.
    pub const fn into_deal(deal: Uuid, at: DateTime<Utc>) -> Self {
        Self { status: LeadStatus::Converted, converted_at: Some(at), converted_to_deal_id: Some(deal) }
    }

    /// Not converted, or no longer.
    pub const fn none(status: LeadStatus) -> Self {
        Self { status, converted_at: None, converted_to_deal_id: None }
    }

    /// That of a lead; none where it is not converted.
    pub fn of(lead: &LeadView) -> Option<Self> {
        let (deal, at) = (lead.converted_to_deal_id?, lead.converted_at?);
        Some(Self::into_deal(deal, at))
    }
}

/// The status before a conversion, to which a lead goes back with the deal.
pub const fn status_before(lead: &LeadView) -> LeadStatus {
    match lead.status {
        LeadStatus::Converted => LeadStatus::Qualified,
        status => status,
    }
}

/// When a lead was converted and into what, for the refusal to do it twice.
pub fn summary(lead: &LeadView) -> Option<Value> {
    lead.converted_at.map(|at| json!({ "converted_at": at, "deal_id": lead.converted_to_deal_id }))
}

/// A lead is converted by making a deal of it, and stays so as long as that deal is there: it is never written by hand.
///
/// # Errors
/// 422 `conversion_required` where the lead has no deal, 409 `already_converted` where it has one.
pub fn check_status(before: Option<&LeadView>, status: LeadStatus) -> Result<(), Problem> {
    let conversion = before.and_then(summary);
    let had = before.map(|lead| lead.status);
    match (conversion, status) {
        (Some(conversion), status) if status != LeadStatus::Converted => {
            let detail = "This lead was converted. Its status follows from its deal: delete the deal to work on the lead again.";
            let errors = vec![FieldError::new("status", "already_converted", "follows from the lead's deal")];
            let problem = Problem { errors, ..Problem::conflict("already_converted", detail) };
            Err(problem.with("conversion", conversion))
        }
        (None, LeadStatus::Converted) if had != Some(LeadStatus::Converted) => {
            let detail = "A lead is converted by making a deal of it: POST /api/v2/leads/{id}/convert.";
            let message = "is reached by converting the lead";
            let errors = vec![FieldError::new("status", "conversion_required", message)];
            Err(Problem { errors, ..Problem::unprocessable("conversion_required", detail) })
        }
        _ => Ok(()),
    }
}

/// The fields with a status that agrees with the conversion of the lead they are written to. What comes from files may say
/// otherwise.
pub fn agreeing(before: Option<&LeadView>, fields: &LeadFields) -> LeadFields {
    let status = match before {
        Some(lead) if lead.converted_at.is_some() => LeadStatus::Converted,
        Some(lead) if fields.status == LeadStatus::Converted => lead.status,
        None if fields.status == LeadStatus::Converted => LeadStatus::Qualified,
        _ => fields.status,
    };
    let mut fields = fields.clone();
    fields.status = status;
    fields
}

/// Whether the deal that was made of a lead is there.
pub async fn stands(tx: &mut TenantTx<'_>, lead: &LeadView) -> QueryResult<bool> {
    let Some(deal) = lead.converted_to_deal_id.filter(|_| lead.converted_at.is_some()) else {
        return Ok(false);
    };
    let deals = deals::table.filter(deals::id.eq(deal)).filter(deals::deleted_at.is_null());
    diesel::select(diesel::dsl::exists(deals)).get_result(&mut **tx).await
}

/// Writes a lead's conversion, and the account that it is at now, where one is given.
pub async fn set(
    tx: &mut TenantTx<'_>,
    lead: Uuid,
    conversion: Conversion,
    account: Option<Uuid>,
) -> QueryResult<LeadView> {
    diesel::update(dsl::leads.filter(dsl::id.eq(lead)))
        .set((
            conversion,
            account.map(|account| dsl::account_id.eq(account)),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(LeadView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Notes on a deal how the lead stood that it is made of, or that it is no lead's conversion.
pub async fn note_status(
    tx: &mut TenantTx<'_>,
    deal: Uuid,
    status: Option<LeadStatus>,
) -> QueryResult<usize> {
    diesel::update(deals::table.filter(deals::id.eq(deal)))
        .set(deals::converted_from.eq(status))
        .execute(&mut **tx)
        .await
}

/// Notes on the lead's deals but for this one that they are not its conversion. One that is still the conversion of a lead
/// merged into this one stays so, for when that merge is undone.
pub async fn forget(tx: &mut TenantTx<'_>, lead: Uuid, deal: Uuid) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE deals d SET converted_from = NULL WHERE d.lead_id = $1 AND d.id <> $2 \
         AND d.converted_from IS NOT NULL \
         AND NOT EXISTS (SELECT FROM leads l WHERE l.converted_to_deal_id = d.id AND l.id <> $1)",
    )
    .bind::<SqlUuid, _>(lead)
    .bind::<SqlUuid, _>(deal)
    .cached()
    .execute(&mut **tx)
    .await
}

/// Code of the problem that leads of a deal were merged, or taken apart, while they were locked.
const MOVED_ON: &str = "moved_on";
/// Times that they may be.
const ROUNDS: usize = 8;

/// Locks the lead that a deal names and those that became it, before the deal itself is locked: leads come first, as in
/// merges and conversions.
pub async fn lock_leads(tx: &mut TenantTx<'_>, deal: Uuid) -> Result<(), Problem> {
    for _ in 0..ROUNDS {
        // What was locked in vain is let go with the attempt: others are not locked on top of it, out of their order.
        match tx.attempt(async |tx| try_lock_leads(tx, deal).await).await {
            Err(problem) if problem.code == MOVED_ON => {}
            locked => return locked,
        }
    }
    Err(Problem::unavailable("the leads of a deal go on being merged"))
}

async fn try_lock_leads(tx: &mut TenantTx<'_>, deal: Uuid) -> Result<(), Problem> {
    const OF_DEAL: &str = "SELECT id FROM leads WHERE converted_to_deal_id = $1 \
        OR id = (SELECT d.lead_id FROM deals d WHERE d.id = $1)";
    #[derive(PartialEq, QueryableByName)]
    struct Named {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
    }
    let held: Vec<Named> = diesel::sql_query(format!("{OF_DEAL} ORDER BY id FOR UPDATE"))
        .bind::<SqlUuid, _>(deal)
        .cached()
        .load(&mut **tx)
        .await?;
    // A statement of its own sees what was committed while the first one waited.
    let named: Vec<Named> =
        diesel::sql_query(OF_DEAL).bind::<SqlUuid, _>(deal).cached().load(&mut **tx).await?;
    if named.iter().all(|lead| held.contains(lead)) {
        return Ok(());
    }
    Err(Problem { code: MOVED_ON, ..Problem::unavailable("leads of a deal were merged meanwhile") })
}

/// A deal that may have been made of a lead.
#[derive(Clone, Copy, Debug)]
pub struct MadeDeal {
    /// Its id.
    pub id: Uuid,
    /// The lead that it names.
    pub lead_id: Option<Uuid>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// Lets the leads follow a deal that was deleted or comes back. That follows from what a conversion is, and takes no
/// permission of its own.
pub async fn follow_deal(tx: &mut TenantTx<'_>, deal: &MadeDeal, step: Step) -> Result<Vec<Change>, Problem> {
    let converted_from: Option<LeadStatus> =
        deals::table.filter(deals::id.eq(deal.id)).select(deals::converted_from).first(&mut **tx).await?;
    match step {
        Step::Deleted => {
            let (ended, changes) = end(tx, deal.id, converted_from.unwrap_or(LeadStatus::Qualified)).await?;
            // What names another lead by now would make that one converted when it comes back.
            let comes_back = deal.lead_id.is_some_and(|lead| ended.contains(&lead));
            if converted_from.is_some() && !comes_back {
                note_status(tx, deal.id, None).await?;
            }
            Ok(changes)
        }
        Step::Restored if converted_from.is_some() => restore(tx, deal).await,
        Step::Restored => Ok(Vec::new()),
    }
}

/// The leads that became the deal are as before, deleted ones and those that were merged into others, too. Gives all of them,
/// and the changes of those that are there.
async fn end(tx: &mut TenantTx<'_>, deal: Uuid, status: LeadStatus) -> QueryResult<(Vec<Uuid>, Vec<Change>)> {
    let before: Vec<LeadView> = dsl::leads
        .filter(dsl::converted_to_deal_id.eq(deal))
        .order(dsl::id)
        .select(LeadView::as_select())
        .for_update()
        .load(&mut **tx)
        .await?;
    let (mut ended, mut changes) = (Vec::new(), Vec::new());
    for lead in before {
        let after = set(tx, lead.id, Conversion::none(status), None).await?;
        ended.push(lead.id);
        let is_there = match LeadView::find(tx, lead.id, &Visibility::All).await {
            Ok(found) => found.id == lead.id,
            Err(diesel::result::Error::NotFound) => false,
            Err(error) => return Err(error),
        };
        if is_there {
            changes.extend(Change::updated(LeadView::NAME, lead.id, &lead, &after, LeadView::TRACKED));
        }
    }
    Ok((ended, changes))
}

/// The lead is converted again into the deal that comes back. One that became another deal meanwhile stays that, and the deal
/// is its conversion no more; one that is deleted is converted when it comes back itself.
async fn restore(tx: &mut TenantTx<'_>, deal: &MadeDeal) -> Result<Vec<Change>, Problem> {
    let Some(lead) = deal.lead_id else { return Ok(Vec::new()) };
    let before = match LeadView::lock(tx, lead, &Visibility::All).await {
        Ok(lead) => lead,
        Err(diesel::result::Error::NotFound) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    if before.converted_at.is_some() {
        note_status(tx, deal.id, None).await?;
        return Ok(Vec::new());
    }
    note_status(tx, deal.id, Some(status_before(&before))).await?;
    let after = set(tx, before.id, Conversion::into_deal(deal.id, deal.created_at), None).await?;
    Ok(told(&[(before, after)]))
}

/// Leads that come back are converted again, each into the last deal that was made of it and is there, unless that is another
/// lead's conversion. Gives those, as they were and as they are.
pub async fn begin_again(tx: &mut TenantTx<'_>, leads: &[Uuid]) -> QueryResult<Vec<(LeadView, LeadView)>> {
    #[derive(QueryableByName)]
    struct Again {
        #[diesel(sql_type = SqlUuid)]
        lead_id: Uuid,
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
        #[diesel(sql_type = Timestamptz)]
        created_at: DateTime<Utc>,
    }
    if leads.is_empty() {
        return Ok(Vec::new());
    }
    let made: Vec<Again> = diesel::sql_query(
        "SELECT DISTINCT ON (d.lead_id) d.lead_id, d.id, d.created_at FROM deals d JOIN leads l ON l.id = d.lead_id \
         WHERE d.lead_id = ANY($1) AND d.converted_from IS NOT NULL AND d.deleted_at IS NULL AND l.converted_at IS NULL \
         AND NOT EXISTS (SELECT FROM leads o WHERE o.converted_to_deal_id = d.id AND o.id <> d.lead_id) \
         ORDER BY d.lead_id, d.created_at DESC, d.id DESC",
    )
    .bind::<Array<SqlUuid>, _>(leads)
    .cached()
    .load(&mut **tx)
    .await?;
    let mut converted = Vec::new();
    for Again { lead_id, id, created_at } in made {
        let before = dsl::leads.filter(dsl::id.eq(lead_id)).select(LeadView::as_select());
        let before: LeadView = before.first(&mut **tx).await?;
        let after = set(tx, lead_id, Conversion::into_deal(id, created_at), None).await?;
        converted.push((before, after));
    }
    Ok(converted)
}

/// The changes of leads, given as they were and as they are.
pub fn told(changed: &[(LeadView, LeadView)]) -> Vec<Change> {
    let change = |(before, after): &(LeadView, LeadView)| {
        Change::updated(LeadView::NAME, after.id, before, after, LeadView::TRACKED)
    };
    changed.iter().flat_map(change).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_deal_makes_a_lead_converted() {
        let refused = check_status(None, LeadStatus::Converted).unwrap_err();

        assert_eq!((refused.code, refused.errors[0].field.as_str()), ("conversion_required", "status"));
        assert!(check_status(None, LeadStatus::Qualified).is_ok());
    }
}
