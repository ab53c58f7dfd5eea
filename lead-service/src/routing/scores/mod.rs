//! Scores: how promising a lead is, explained, at any time.

pub mod domain;
pub mod engagements;
mod handlers;
pub mod model;
mod persona;
pub mod rescoring;
mod routes;
mod store;

use chrono::{DateTime, Utc};
use platform::{
    Problem,
    db::{TenantTx, json::JsonText},
};
use serde_json::Value;
use uuid::Uuid;

pub use routes::{internal_routes, routes};

use self::domain::{Deed, MANUAL, Subject, contributions, manual, total};
use crate::{
    people::{Contribution, LeadFields, LeadView, Persona},
    routing::{
        playbooks::{self, Playbook},
        portrait::portrait,
    },
};

/// A lead's score with what it is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// The part the person plays.
    pub persona: Option<Persona>,
    /// The sum of the contributions; none where nothing scores the lead.
    pub score: Option<f64>,
    /// The contributions.
    pub contributions: Option<Vec<Contribution>>,
}

impl Scored {
    /// The contributions as they are stored.
    pub fn breakdown(&self) -> Option<Value> {
        self.contributions.as_ref().and_then(|all| serde_json::to_value(all).ok())
    }

    /// The row with score and persona, for rules that ask for them.
    pub fn shown_in(&self, mut row: Value) -> Value {
        if let Value::Object(members) = &mut row {
            members.insert("score".to_owned(), self.score.into());
            members.insert("persona".to_owned(), self.persona.map(Persona::word).into());
        }
        row
    }

    /// By the model; without one, a score given by hand.
    fn of(persona: Option<Persona>, modelled: Option<Vec<Contribution>>, by_hand: Option<f64>) -> Self {
        match modelled {
            Some(all) => Self { persona, score: Some(total(&all)), contributions: Some(all) },
            None => Self { persona, score: by_hand, contributions: by_hand.map(|score| vec![manual(score)]) },
        }
    }
}

fn id_in(value: &Value, name: &str) -> Option<Uuid> {
    value.get(name)?.as_str()?.parse().ok()
}

/// The product a lead is for: its own, else its account's.
fn product_of(row: &Value) -> Option<Uuid> {
    id_in(row, "product_id").or_else(|| id_in(row.get("account")?, "product_id"))
}

/// The part that the title gives to the person.
fn persona_of(playbook: &Playbook, row: &Value) -> Option<Persona> {
    let product = playbook.products.get(&product_of(row)?)?;
    persona::of_title(row.get("role_title")?.as_str()?, &product.titles)
}

fn persona_in(row: &Value) -> Option<Persona> {
    row.get("persona")?.as_str().and_then(Persona::parse)
}

/// What the model that is for the lead gives; none when there is no model.
fn modelled(
    playbook: &Playbook,
    row: &Value,
    persona: Option<Persona>,
    deeds: &[Deed],
    at: DateTime<Utc>,
) -> Option<Vec<Contribution>> {
    let product = product_of(row);
    let model = playbook.model(product)?;
    let keywords = product.and_then(|product| playbook.products.get(&product));
    let keywords = keywords.map_or(&[] as &[String], |product| product.keywords.as_slice());
    Some(contributions(model, &Subject { row, persona, keywords, deeds, at }))
}

/// Scores a lead that is new: given as rules look at it, with the score and persona that were written, if any.
pub fn of_newcomer(playbook: &Playbook, row: &Value, at: DateTime<Utc>) -> Scored {
    let persona = persona_in(row).or_else(|| persona_of(playbook, row));
    let by_hand = row.get("score").and_then(Value::as_f64);
    if playbook.model(product_of(row)).is_none() {
        return Scored::of(persona, None, by_hand);
    }
    let seen = Scored { persona, score: None, contributions: None }.shown_in(row.clone());
    Scored::of(persona, modelled(playbook, &seen, persona, &[], at), by_hand)
}

/// Whether a model made the score of this lead.
fn was_modelled(lead: &LeadView) -> bool {
    let breakdown = lead.score_breakdown.as_ref().map(JsonText::value);
    breakdown
        .as_ref()
        .and_then(Value::as_array)
        .is_some_and(|all| all.iter().all(|part| part.get("kind").and_then(Value::as_str) != Some(MANUAL)))
}

/// The score that a lead keeps where no model is for it: what was set by hand, not what a model left.
fn by_hand(before: &LeadView, written: Option<f64>) -> Option<f64> {
    if was_modelled(before) && written == before.score { None } else { written }
}

/// Scores a lead before an update.
pub async fn of_change(
    tx: &mut TenantTx<'_>,
    before: &LeadView,
    after: &LeadFields,
) -> Result<Scored, Problem> {
    let playbook = playbooks::current(tx).await?;
    let shown =
        |value: serde_json::Result<Value>| value.map_err(|fault| Problem::internal(fault.to_string()));
    let old = shown(serde_json::to_value(before))?;
    let mut new = old.clone();
    if let (Value::Object(new), Value::Object(written)) = (&mut new, shown(serde_json::to_value(after))?) {
        new.extend(written);
    }
    let mut accounts: Vec<Uuid> = [before.account_id, after.account_id].into_iter().flatten().collect();
    accounts.dedup();
    let accounts = if playbook.looks_at_accounts() { accounts } else { Vec::new() };
    let accounts = playbooks::accounts(tx, accounts).await?;
    let portrayed =
        |lead: Value, account: Option<Uuid>| portrait(lead, account.and_then(|id| accounts.get(&id)));
    let (old, new) = (portrayed(old, before.account_id), portrayed(new, after.account_id));
    // A persona derived from the title goes on following it; one set by hand stays.
    let followed = before.persona.is_none() || before.persona == persona_of(&playbook, &old);
    let persona =
        if after.persona == before.persona && followed { persona_of(&playbook, &new) } else { after.persona };
    let new = Scored { persona, score: None, contributions: None }.shown_in(new);
    let deeds = deeds_of(tx, &playbook, &new, before.id).await?;
    let all = modelled(&playbook, &new, persona, &deeds, Utc::now());
    Ok(Scored::of(persona, all, by_hand(before, after.score)))
}

async fn deeds_of(
    tx: &mut TenantTx<'_>,
    playbook: &Playbook,
    row: &Value,
    lead: Uuid,
) -> Result<Vec<Deed>, Problem> {
    let asks = playbook.model(product_of(row)).is_some_and(model::Model::looks_at_engagement);
    if !asks {
        return Ok(Vec::new());
    }
    Ok(store::deeds(tx, &[lead]).await?.remove(&lead).unwrap_or_default())
}

/// Scores leads again that a statement has changed in this transaction.
pub async fn of_changed(tx: &mut TenantTx<'_>, ids: &[Uuid]) -> Result<(), Problem> {
    if ids.is_empty() {
        return Ok(());
    }
    let leads = store::lock_these(tx, ids).await?;
    refresh(tx, &leads).await?;
    Ok(())
}

/// Scores leads that are stored, by what holds now, and writes what differs. The caller has locked them. Gives how many
/// changed.
pub async fn refresh(tx: &mut TenantTx<'_>, leads: &[LeadView]) -> Result<usize, Problem> {
    let playbook = playbooks::current(tx).await?;
    let accounts: Vec<Uuid> = leads.iter().filter_map(|lead| lead.account_id).collect();
    let accounts = playbooks::accounts(tx, accounts).await?;
    let engaged = playbook.models.iter().any(model::Model::looks_at_engagement);
    let ids: Vec<Uuid> = if engaged { leads.iter().map(|lead| lead.id).collect() } else { Vec::new() };
    let mut deeds = store::deeds(tx, &ids).await?;
    let now = Utc::now();
    let mut changed = Vec::new();
    for lead in leads {
        let shown = serde_json::to_value(lead).map_err(|fault| Problem::internal(fault.to_string()))?;
        let row = portrait(shown, lead.account_id.and_then(|id| accounts.get(&id)));
        let persona = lead.persona.or_else(|| persona_of(&playbook, &row));
        let row = Scored { persona, score: None, contributions: None }.shown_in(row);
        let done = deeds.remove(&lead.id).unwrap_or_default();
        let scored =
            Scored::of(persona, modelled(&playbook, &row, persona, &done, now), by_hand(lead, lead.score));
        let same = scored.score == lead.score
            && scored.persona == lead.persona
            && scored.breakdown() == lead.score_breakdown.as_ref().map(JsonText::value);
        if !same {
            changed.push((lead, scored));
        }
    }
    store::write(tx, &changed).await?;
    Ok(changed.len())
}
