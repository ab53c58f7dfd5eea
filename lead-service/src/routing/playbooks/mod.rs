//! Playbook: the scoring models and assignment rules of a tenant, cached with a revision that is checked on use.
//!
//! Triggers give it another revision with every change of models, rules, products and members. A decision
//! compares the revision in its transaction, so that no process ever decides by an old one.

mod store;

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use contracts::TenantId;
use moka::sync::Cache;
use platform::{Problem, db::TenantTx};
use serde_json::Value;
use uuid::Uuid;

pub use store::Turns;

use crate::{
    products::PersonaRoleTitles,
    routing::{assignments::rules::Rule, scores::model::Model},
};

/// A tenant's models, rules and products.
#[derive(Debug, Default)]
pub struct Playbook {
    /// Another one after each change; nil when there never was one.
    pub revision: Uuid,
    /// Scoring models in use.
    pub models: Vec<Model>,
    /// Assignment rules in use, in the order in which they are tried.
    pub rules: Vec<Rule>,
    /// Products by id.
    pub products: HashMap<Uuid, Product>,
    /// People who left the tenant.
    pub former_members: Vec<Uuid>,
}

/// What scoring needs to know of a product.
#[derive(Debug, Default)]
pub struct Product {
    /// Titles of the people it concerns.
    pub titles: PersonaRoleTitles,
    /// Words that point to it.
    pub keywords: Vec<String>,
}

static KNOWN: LazyLock<Cache<TenantId, Arc<Playbook>>> = LazyLock::new(|| Cache::new(10_000));

/// The playbook as this process knows it: maybe an old one, to be confirmed by its revision.
pub fn known(tenant: TenantId) -> Option<Arc<Playbook>> {
    KNOWN.get(&tenant)
}

/// The playbook that holds in this transaction.
pub async fn current(tx: &mut TenantTx<'_>) -> Result<Arc<Playbook>, Problem> {
    let revision = store::revision(tx).await?;
    at_revision(tx, revision).await
}

/// The current playbook and turns, locked until the transaction ends: turns are taken one after the other.
pub async fn locked(tx: &mut TenantTx<'_>) -> Result<(Arc<Playbook>, Turns), Problem> {
    let (revision, turns) = store::lock(tx).await?;
    Ok((at_revision(tx, revision).await?, turns))
}

/// The playbook and turns, without a lock.
pub async fn looked_at(tx: &mut TenantTx<'_>) -> Result<(Arc<Playbook>, Turns), Problem> {
    let (revision, turns) = store::look(tx).await?;
    Ok((at_revision(tx, revision).await?, turns))
}

async fn at_revision(tx: &mut TenantTx<'_>, revision: Uuid) -> Result<Arc<Playbook>, Problem> {
    let tenant = tx.tenant();
    if let Some(known) = known(tenant).filter(|known| known.revision == revision) {
        return Ok(known);
    }
    let playbook = Arc::new(store::load(tx, revision).await?);
    KNOWN.insert(tenant, Arc::clone(&playbook));
    Ok(playbook)
}

impl Playbook {
    /// The model that scores a product's leads: its own, else the tenant's.
    pub fn model(&self, product: Option<Uuid>) -> Option<&Model> {
        let own =
            product.and_then(|product| self.models.iter().find(|model| model.product_id == Some(product)));
        own.or_else(|| self.models.iter().find(|model| model.product_id.is_none()))
    }

    /// Whether decisions ask for the lead's account.
    pub fn looks_at_accounts(&self) -> bool {
        self.judges_leads() || !self.products.is_empty()
    }

    /// Whether there are models or rules, which look at all of a lead.
    pub fn judges_leads(&self) -> bool {
        !self.models.is_empty() || !self.rules.is_empty()
    }
}

/// The accounts of leads, as rules look at them, by id.
pub async fn accounts(tx: &mut TenantTx<'_>, ids: Vec<Uuid>) -> Result<HashMap<Uuid, Value>, Problem> {
    if ids.is_empty() { Ok(HashMap::new()) } else { store::accounts(tx, ids).await }
}
