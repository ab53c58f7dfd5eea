//! Budgets: what is spent and reserved in a period. A reservation is one statement, so that two calls never share the last
//! of it.

use chrono::{DateTime, Utc};
use diesel::{
    QueryResult,
    sql_types::{Nullable, Numeric, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{Cacheable, TenantTx},
    text_enum,
    zones::{self, Tz},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    ledger::{self, NewCall},
    refusal::Refusal,
};
use crate::money::Amount;

text_enum! {
    /// The owner of the budget.
    Scope {
        /// A provider's, in a month.
        Provider = "provider",
        /// A waterfall's, in a day.
        Waterfall = "waterfall",
        /// A run's.
        Run = "run",
        /// That of work that no signed-in person asked for, in a day.
        Anonymous = "anonymous",
    }
}

/// A budget of a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// Its owner.
    pub scope: Scope,
    /// Which one.
    pub id: Uuid,
    /// Which period.
    pub period: String,
    /// Its limit.
    #[serde(skip)]
    pub limit: Option<Amount>,
}

/// The month of a moment in a zone.
pub fn month(at: DateTime<Utc>, zone: Tz) -> String {
    zones::day_of(at, zone).format("%Y-%m").to_string()
}

/// The day of a moment in a zone.
pub fn day(at: DateTime<Utc>, zone: Tz) -> String {
    zones::day_of(at, zone).to_string()
}

/// Reserves the price of a call in every budget that it counts towards, and writes the call into the ledger.
///
/// The inner error is a budget that does not allow it; nothing is reserved then.
pub async fn reserve(tx: &mut TenantTx<'_>, call: &NewCall<'_>) -> Result<Result<(), Refusal>, Problem> {
    if !ledger::is_wanted(tx, call).await? {
        return Ok(Err(Refusal::Stopped));
    }
    ledger::close_lost(tx, call).await?;
    let own = Budget {
        scope: Scope::Provider,
        id: call.provider.id,
        period: month(Utc::now(), call.purpose.zone),
        limit: call.provider.monthly_budget,
    };
    // Always in this order, so that two calls never wait for each other.
    let mut budgets = vec![own];
    budgets.extend(call.purpose.budgets.iter().cloned());
    budgets.sort_by_key(|budget| (budget.scope.word(), budget.id));
    let refused = tx
        .attempt(async |tx| {
            for budget in budgets.iter().filter(|budget| !call.price.is_zero() || budget.limit.is_some()) {
                if take(tx, budget, call.price).await? == 0 {
                    return Err(no_budget(budget.scope));
                }
            }
            ledger::insert(tx, call, &budgets).await?;
            Ok(())
        })
        .await;
    match refused {
        Ok(()) => Ok(Ok(())),
        Err(problem) => {
            match Scope::WORDS.iter().find(|word| problem.extra.get("scope").is_some_and(|of| of == *word)) {
                Some(word) => Ok(Err(Refusal::NoBudget(Scope::parse(word).unwrap_or(Scope::Provider)))),
                None => Err(problem),
            }
        }
    }
}

fn no_budget(scope: Scope) -> Problem {
    Problem::conflict("budget_exhausted", "The budget is used up.").with("scope", scope.word())
}

async fn take(tx: &mut TenantTx<'_>, budget: &Budget, amount: Amount) -> QueryResult<usize> {
    diesel::sql_query(
        "INSERT INTO enrichment_budgets AS b (tenant_id, scope, scope_id, period, reserved) \
         SELECT $1, $2, $3, $4, $5 WHERE $6::numeric IS NULL OR $5 <= $6::numeric \
         ON CONFLICT (tenant_id, scope, scope_id, period) DO UPDATE SET reserved = b.reserved + excluded.reserved \
         WHERE $6::numeric IS NULL OR b.spent + b.reserved + excluded.reserved <= $6::numeric",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<Text, _>(budget.scope.word())
    .bind::<SqlUuid, _>(budget.id)
    .bind::<Text, _>(&budget.period)
    .bind::<Numeric, _>(amount)
    .bind::<Nullable<Numeric>, _>(budget.limit)
    .cached()
    .execute(&mut **tx)
    .await
}

/// Books what a call has cost in the budgets that it was reserved in.
pub async fn settle(
    tx: &mut TenantTx<'_>,
    budgets: &[Budget],
    reserved: Amount,
    cost: Amount,
) -> QueryResult<()> {
    if reserved.is_zero() && cost.is_zero() {
        return Ok(());
    }
    for budget in budgets {
        diesel::sql_query(
            "INSERT INTO enrichment_budgets AS b (tenant_id, scope, scope_id, period, spent) VALUES ($1, $2, $3, $4, $6) \
             ON CONFLICT (tenant_id, scope, scope_id, period) DO UPDATE \
             SET reserved = greatest(b.reserved - $5, 0), spent = b.spent + $6",
        )
        .bind::<SqlUuid, _>(tx.tenant().0)
        .bind::<Text, _>(budget.scope.word())
        .bind::<SqlUuid, _>(budget.id)
        .bind::<Text, _>(&budget.period)
        .bind::<Numeric, _>(reserved)
        .bind::<Numeric, _>(cost)
        .cached()
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}
