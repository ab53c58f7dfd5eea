//! The rows of a batch, read and made ready before they are looked up.

use std::collections::HashMap;

use contracts::{
    UserId,
    internal::{tenants::CheckMembers, users::FindUser},
    permissions::LeadsAssign,
};
use platform::Problem;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Stop, rights::Rights, rows::Row};
use crate::{
    deps::Deps,
    identity::{IdentityKey, Kind},
    imports::{
        rows::{self, Recipe, RowLead},
        settings::Assign,
        taken::TakenImport,
    },
    recognition::{self, fold},
};

/// The beginning of the reference of a person without an address.
const IN_FILE: &str = "file:";

/// A row and what it says.
#[derive(Debug)]
pub struct Prepared {
    /// The row.
    pub row: Row,
    /// The person that it is about, or why it cannot be imported.
    pub read: Result<RowLead, Problem>,
}

/// Reads rows.
pub fn prepare(recipe: &Recipe, file_name: &str, rows: Vec<Row>) -> Vec<Prepared> {
    rows.into_iter()
        .map(|row| {
            let read = read(recipe, file_name, &row);
            Prepared { row, read }
        })
        .collect()
}

/// Reads a row. People without an address are known again by their name and company in a file of this name.
fn read(recipe: &Recipe, file_name: &str, row: &Row) -> Result<RowLead, Problem> {
    let mut read = rows::read(recipe, &row.cells);
    let left_out = row.left_out.as_deref().map(|sentence| warning("", "left_out", sentence));
    match &mut read {
        Ok(lead) => {
            lead.warnings.extend(left_out);
            if lead.keys.is_empty() && lead.reference.is_none() {
                lead.keys.extend(in_file(file_name, lead));
            }
        }
        Err(problem) => problem.errors.extend(left_out),
    }
    read
}

impl Prepared {
    /// Reads the row again: what a try to write it has changed is forgotten.
    pub fn read_again(&mut self, recipe: &Recipe, file_name: &str) {
        self.read = read(recipe, file_name, &self.row);
    }
}

/// The key of a person who has no address: the name and the company, in files of one name.
fn in_file(name: &str, lead: &RowLead) -> Option<IdentityKey> {
    if lead.members.contains_key("email") || lead.members.contains_key("phone") {
        return None;
    }
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let copy = stem.rsplit_once(" (").filter(|(_, copy)| copy.trim_end_matches(')').parse::<u32>().is_ok());
    let mut digest = Sha256::new();
    digest.update(copy.map_or(stem, |(stem, _)| stem).to_lowercase());
    for field in ["first_name", "last_name", "company_name"] {
        digest.update([0]);
        digest.update(fold(lead.members.get(field).and_then(Value::as_str).unwrap_or_default()));
    }
    let value = format!("{IN_FILE}{}", hex::encode(digest.finalize()));
    Some(IdentityKey { kind: Kind::Reference, value })
}

/// The field by which a key tells a person.
pub fn field_of(key: &IdentityKey) -> &'static str {
    match key.kind {
        Kind::Reference if key.value.starts_with(IN_FILE) => "name",
        kind => kind.field(),
    }
}

/// Most people that are asked for: beyond, the column names no owners, and each takes calls of other services.
const OWNERS: usize = 1_000;

/// People named as owners, as far as they were asked for.
#[derive(Default)]
pub struct Owners(HashMap<String, Option<Uuid>>);

impl Owners {
    /// Gives each row the owner that it names, or that the import names, where the import's starter may. Asks other
    /// services: not inside a transaction.
    pub async fn assign(
        &mut self,
        deps: &Deps,
        import: &TakenImport,
        rights: &Rights,
        rows: &mut [Prepared],
    ) -> Result<(), Stop> {
        let assigning = import.settings().assigning().unwrap_or_default();
        for lead in rows.iter_mut().filter_map(|row| row.read.as_mut().ok()) {
            let named = lead.owner.take();
            let owner = match (assigning, &named) {
                (Assign::Rules, _) | (Assign::OwnerColumn, None) => None,
                (Assign::Person(person), _) => Some(person),
                (Assign::OwnerColumn, Some(named)) => {
                    let found = self.find(deps, import, named).await?;
                    if found.is_none() {
                        let message = "names no active member; the assignment rules decide";
                        lead.warnings.push(warning("assigned_to", "unknown_person", message));
                    }
                    found
                }
            };
            let is_own = owner == Some(import.acts_for().0);
            match owner {
                Some(owner) if is_own || rights.holds::<LeadsAssign>() => {
                    lead.members.insert("assigned_to".to_owned(), json!(owner));
                    lead.settle()?;
                }
                Some(_) => {
                    let message = "takes the permission leads:assign; the assignment rules decide";
                    lead.warnings.push(warning("assigned_to", "permission_denied", message));
                }
                None => {}
            }
            if let Some(named) =
                named.filter(|_| owner.is_none() || !lead.members.contains_key("assigned_to"))
            {
                lead.raw.entry("assigned_to").or_insert(Value::String(named));
            }
        }
        Ok(())
    }

    async fn find(&mut self, deps: &Deps, import: &TakenImport, named: &str) -> Result<Option<Uuid>, Stop> {
        let name = named.trim().to_lowercase();
        if let Some(known) = self.0.get(&name) {
            return Ok(*known);
        }
        if self.0.len() >= OWNERS {
            return Ok(None);
        }
        let person = match (name.parse::<Uuid>(), recognition::read_emails(&name).value) {
            (Ok(id), _) => Some(UserId(id)),
            (Err(_), Some(email)) => {
                let found = deps.peers.call(&FindUser { email }).await.map_err(Problem::from)?;
                found.map(|user| user.id)
            }
            (Err(_), None) => None,
        };
        let member = match person {
            None => None,
            Some(person) => {
                let call = CheckMembers { tenant_id: import.tenant(), user_ids: vec![person] };
                let checked = deps.peers.call(&call).await.map_err(Problem::from)?;
                checked.strangers.is_empty().then_some(person.0)
            }
        };
        self.0.insert(name, member);
        Ok(member)
    }
}

fn warning(field: &str, code: &str, message: &str) -> contracts::problem::FieldError {
    contracts::problem::FieldError::new(field, code, message)
}
