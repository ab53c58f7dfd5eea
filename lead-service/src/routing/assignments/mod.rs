//! Scoring and assignment of new leads, in the transaction that inserts them.
//!
//! A writer of leads calls [`Placing::begin`] and then [`Placing::place`] with all of them at once, before the insert,
//! and writes the result: so the event of a lead's creation contains its assignee. Where a tenant has rules,
//! `begin` locks its playbook until the transaction ends: turns are taken one after the other and counted exactly. Only
//! leads that are going to be written may be placed, or turns are lost.

pub mod availability;
pub mod decide;
pub mod departures;
mod handlers;
mod routes;
pub mod rules;
mod store;
pub mod tracing;

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use chrono::{DateTime, Utc};
use platform::{Problem, db::TenantTx};
use serde_json::Value;
use uuid::Uuid;

pub use routes::routes;

use self::decide::{Decision, Situation, decide};
use crate::{
    people::Persona,
    routing::{
        assignment_rules::SimulatedAssignment,
        playbooks::{self, Playbook, Turns},
        portrait::portrait,
        scores::{self, Scored},
    },
};

platform::text_enum!(
    /// Why rules were asked.
    Cause {
        /// The lead is new.
        Created = "created",
        /// The assignee left the tenant.
        Departure = "departure",
    }
);

/// A lead about to be written.
#[derive(Clone, Copy, Debug)]
pub struct Newcomer<'a> {
    /// Its id.
    pub id: Uuid,
    /// Its fields as JSON.
    pub lead: &'a Value,
}

/// What becomes of it.
#[derive(Clone, Debug)]
pub struct Placed {
    /// Score, breakdown and persona.
    pub scored: Scored,
    /// The assignee: the named one, else the rules' choice.
    pub assigned_to: Option<Uuid>,
}

/// Places newcomers of one transaction.
pub struct Placing {
    playbook: Arc<Playbook>,
    /// The turns, where there are rules; the playbook is locked then.
    turns: Option<Turns>,
}

impl Placing {
    /// Loads the playbook and, if it has rules, locks their turns.
    pub async fn begin(tx: &mut TenantTx<'_>) -> Result<Self, Problem> {
        let known = playbooks::known(tx.tenant());
        let playbook = match known.filter(|known| !known.rules.is_empty()) {
            Some(with_rules) => with_rules,
            None => playbooks::current(tx).await?,
        };
        Self::with(tx, playbook).await
    }

    /// Believes what this process knows where there are no rules: the caller compares [`Placing::revision`] when it writes.
    pub async fn begin_believing(tx: &mut TenantTx<'_>) -> Result<Self, Problem> {
        match playbooks::known(tx.tenant()) {
            Some(known) => Self::with(tx, known).await,
            None => Self::begin(tx).await,
        }
    }

    async fn with(tx: &mut TenantTx<'_>, playbook: Arc<Playbook>) -> Result<Self, Problem> {
        if playbook.rules.is_empty() {
            return Ok(Self { playbook, turns: None });
        }
        let (playbook, turns) = playbooks::locked(tx).await?;
        Ok(Self { playbook, turns: Some(turns) })
    }

    /// The revision of the playbook that is placed by.
    pub fn revision(&self) -> Uuid {
        self.playbook.revision
    }

    /// Scores each and finds its assignee, in their order. Asks the database once for all, and only where rules need it.
    pub async fn place(
        &mut self,
        tx: &mut TenantTx<'_>,
        newcomers: &[Newcomer<'_>],
    ) -> Result<Vec<Placed>, Problem> {
        let rows = rows(tx, &self.playbook, newcomers.iter().map(|newcomer| newcomer.lead)).await?;
        let now = Utc::now();
        let mut placed: Vec<Placed> = rows
            .iter()
            .map(|row| Placed {
                scored: scores::of_newcomer(&self.playbook, row, now),
                assigned_to: assignee(row),
            })
            .collect();
        let Some(turns) = self.turns.take() else { return Ok(placed) };
        let unassigned = placed.iter().any(|placed| placed.assigned_to.is_none());
        if !unassigned {
            self.turns = Some(turns);
            return Ok(placed);
        }
        let mut situation = situation(tx, &self.playbook, turns, now).await?;
        let mut decisions: Vec<(Uuid, Decision)> = Vec::new();
        for ((newcomer, row), placed) in newcomers.iter().zip(rows).zip(&mut placed) {
            if placed.assigned_to.is_none() {
                let decision =
                    decide(&self.playbook.rules, &placed.scored.shown_in(row.into_owned()), &mut situation);
                placed.assigned_to = decision.assigned_to;
                decisions.push((newcomer.id, decision));
            } else if let Some(open) = placed.assigned_to.and_then(|person| situation.open.get_mut(&person)) {
                *open += 1;
            }
        }
        let made: Vec<(Uuid, &Decision)> =
            decisions.iter().map(|(lead, decision)| (*lead, decision)).collect();
        store::record(tx, &made, Cause::Created, &situation.turns).await?;
        self.turns = Some(situation.turns);
        Ok(placed)
    }
}

fn assignee(row: &Value) -> Option<Uuid> {
    row.get("assigned_to")?.as_str()?.parse().ok()
}

/// Leads as rules look at them.
async fn rows<'a>(
    tx: &mut TenantTx<'_>,
    playbook: &Playbook,
    leads: impl Iterator<Item = &'a Value> + Clone,
) -> Result<Vec<Cow<'a, Value>>, Problem> {
    let account = |lead: &Value| lead.get("account_id")?.as_str()?.parse::<Uuid>().ok();
    let mut ids: Vec<Uuid> =
        if playbook.looks_at_accounts() { leads.clone().filter_map(account).collect() } else { Vec::new() };
    ids.sort_unstable();
    ids.dedup();
    let accounts: HashMap<Uuid, Value> = playbooks::accounts(tx, ids).await?;
    let row = |lead: &'a Value| {
        let account = account(lead).and_then(|id| accounts.get(&id));
        // As it is, it says which product it is for, and nothing else is asked.
        let says_enough = account.is_none() && !playbook.judges_leads();
        if says_enough { Cow::Borrowed(lead) } else { Cow::Owned(portrait(lead.clone(), account)) }
    };
    Ok(leads.map(row).collect())
}

async fn situation(
    tx: &mut TenantTx<'_>,
    playbook: &Playbook,
    turns: Turns,
    at: DateTime<Utc>,
) -> Result<Situation, Problem> {
    let counted = playbook.rules.iter().filter(|rule| rule.counts_open_leads());
    let mut people: Vec<Uuid> =
        counted.flat_map(|rule| rule.members.iter().map(|member| member.user_id)).collect();
    people.sort_unstable();
    people.dedup();
    let open = if people.is_empty() { HashMap::new() } else { store::open_leads(tx, people.clone()).await? };
    let open = people.into_iter().map(|person| (person, open.get(&person).copied().unwrap_or(0))).collect();
    Ok(Situation { at, former_members: playbook.former_members.clone(), open, turns })
}

/// What would become of a lead. Changes nothing.
pub async fn simulate(
    tx: &mut TenantTx<'_>,
    lead: Value,
    at: DateTime<Utc>,
) -> Result<SimulatedAssignment, Problem> {
    let (playbook, turns) = playbooks::looked_at(tx).await?;
    let row = rows(tx, &playbook, std::iter::once(&lead)).await?.pop().unwrap_or_default().into_owned();
    let scored = scores::of_newcomer(&playbook, &row, at);
    let persona: Option<Persona> = scored.persona;
    let mut situation = situation(tx, &playbook, turns, at).await?;
    let decision = decide(&playbook.rules, &scored.shown_in(row), &mut situation);
    Ok(SimulatedAssignment {
        assigned_to: decision.assigned_to,
        rule_id: decision.rule_id,
        score: scored.score,
        score_breakdown: scored.contributions,
        persona,
        rules: decision.rules,
    })
}
