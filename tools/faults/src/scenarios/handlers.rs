//! Event handler that fails on some events only.

use std::time::Duration;

use anyhow::{Result, bail};

use super::super::goals::Goal;
use super::super::ledger::Fate;
use super::super::trial::Trial;
use super::Scenario;
use devstack::people::signed;

/// Deadline for events without a fault while others fail: less than the retries of the failing ones take.
const PATIENCE: Duration = Duration::from_secs(60);
/// Suffix of the names of leads that the handler fails on.
const SPOILED: char = '7';

const SPOIL: &str = "create function spoil() returns trigger language plpgsql as $$ begin \
    if split_part(new.payload #>> '{data,email}', '@', 1) like '%7' then raise exception 'spoiled'; end if; \
    return new; end $$; \
    create trigger spoil before insert on deliveries for each row execute function spoil();";
const MEND: &str = "drop function spoil() cascade;";

/// One lead in ten cannot be handled until the handler is repaired and a retry is requested.
pub(super) const FAILING: Scenario = Scenario::of(
    "handler-fails",
    "integration-service fails on every tenth event, all its tries, until it is mended",
    failing,
);

fn failing(trial: &mut Trial<'_>, _: &Scenario) -> Result<()> {
    trial.calm_of_some_length()?;
    let long = trial.lasting(Duration::from_secs(15), Duration::from_secs(6), 1);
    let sql = trial.stage.sql("integration")?;
    trial.strike(|trial| {
        sql.rows(SPOIL)?;
        let outcome = trial.calm(long).and_then(|()| others_pass(trial));
        sql.rows(MEND)?;
        outcome
    })?;
    // All tries of an event take about a day; here they are made due at once until they are given up.
    let failed = sql.rows(
        "with failed as (update inbox set status = 'FAILED', attempts = 8, next_attempt_at = null \
         where status = 'PENDING' and last_error is not null returning event_id, tenant_id) \
         select event_id, tenant_id from failed",
    )?;
    if failed.is_empty() {
        bail!("nothing failed, so that this shows nothing");
    }
    let api = trial.stage.api()?;
    for row in &failed {
        let [event, tenant] = row.as_slice() else { continue };
        let Some(tenant) = trial.stage.tenants.iter().find(|one| one.id == *tenant) else { continue };
        let path = format!("/api/v2/events/{event}/retry");
        api.ask(&signed("POST", &path, &tenant.token, Some(&tenant.client_id)), &[202])?;
    }
    trial.notes.push(format!("{} events failed for good, were mended and handled again", failed.len()));
    trial.calm_of_some_length()
}

/// Checks that every acknowledged lead without a fault is delivered while the handler fails on others.
fn others_pass(trial: &mut Trial<'_>) -> Result<()> {
    let attempts = trial.log().ledger.all();
    let fine = |(lead, attempt): (&String, &super::super::ledger::Attempt)| {
        (attempt.fate == Fate::Acknowledged && !lead.ends_with(SPOILED)).then(|| lead.clone())
    };
    let fine: Vec<String> = attempts.iter().filter_map(fine).collect();
    let passed = trial.until("the delivery of what is fine", PATIENCE, |trial| {
        let told = trial.stage.receiver.told();
        fine.iter().all(|lead| told.contains_key(lead))
    });
    let reached = if passed.is_ok() { "in time" } else { "not in time" };
    trial.judge(Goal::holds(
        "leads behind those that fail are delivered",
        reached.to_owned(),
        passed.is_ok(),
    ));
    Ok(())
}
