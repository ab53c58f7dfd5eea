//! Resolution of a batch's rows.

use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    hash::{DefaultHasher, Hash, Hasher},
};

use contracts::problem::FieldError;
use platform::Problem;
use uuid::Uuid;

use super::{
    known::{Known, Person},
    prepared::{Prepared, field_of},
};
use crate::{
    identity::{IdentityKey, Kind, KnownBy},
    imports::{
        rows::RowLead,
        settings::{ImportDuplicates, UpdateBy},
    },
};

/// The fate of a row.
#[derive(Clone, Debug)]
pub enum Fate {
    /// It cannot be imported.
    Refuse,
    /// It makes a lead of this id, which gets these keys.
    Create(Uuid, Vec<IdentityKey>),
    /// It is about this known person.
    Known {
        /// The person.
        person: Person,
        /// The field by which it was known.
        by: &'static str,
        /// The effect on it.
        what: What,
        /// Whether it is found by the row's reference already.
        is_held: bool,
    },
    /// It is about a person of an earlier row.
    InFile {
        /// The field by which it was known.
        by: &'static str,
        /// Whether it would change that person's lead.
        updates: bool,
    },
}

/// The effect of a row on a known person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It stands on the lead's timeline.
    Note,
    /// The same, and the reference becomes one of the lead's.
    Attach,
    /// It fills the lead's empty fields.
    Fill,
    /// It changes the lead.
    Update,
}

/// The way in which known people are found, and what is done about them.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// By what rows find the leads that they update.
    pub update_by: Option<UpdateBy>,
    /// The treatment of rows about other known people.
    pub duplicates: ImportDuplicates,
}

impl Policy {
    const fn what(self) -> What {
        match self.duplicates {
            ImportDuplicates::Skip | ImportDuplicates::Create => What::Note,
            ImportDuplicates::Attach => What::Attach,
            ImportDuplicates::UpdateEmpty => What::Fill,
            ImportDuplicates::Update => What::Update,
        }
    }

    /// Whether rows about known people change their leads.
    pub fn changes(self) -> bool {
        self.update_by.is_some() || matches!(self.what(), What::Fill | What::Update)
    }

    fn creates_always(self) -> bool {
        self.update_by.is_none() && self.duplicates == ImportDuplicates::Create
    }
}

/// The people of a file that is only looked at: short hashes of their keys, with that of their e-mail address. A million of
/// them take a few megabytes.
#[derive(Default)]
pub struct InFile(HashMap<u64, u64>);

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

impl InFile {
    /// Whether a row of the file before has this reference.
    fn has(&self, reference: &IdentityKey) -> bool {
        self.0.contains_key(&hash(reference))
    }

    /// By which field a person stood in the file before. Notes the person.
    fn meet(&mut self, lead: &RowLead) -> Option<&'static str> {
        let (email, without) = (hash(&lead.fields.email), hash(&None::<String>));
        let mut by = None;
        for key in lead.keys.iter().chain(&lead.reference) {
            match self.0.entry(hash(key)) {
                Entry::Vacant(free) => drop(free.insert(email)),
                Entry::Occupied(taken) => {
                    let before = *taken.get();
                    let differs = email != without && before != without && before != email;
                    let is_shared = matches!(key.kind, Kind::Phone | Kind::Reference);
                    by = by.or((!(differs && is_shared)).then(|| field_of(key)));
                }
            }
        }
        by
    }
}

/// The fates of rows, in their order. Ends before a row that is to change a lead which the rows before it make or change:
/// those that are written together change each lead once.
pub fn resolve(
    rows: &mut [Prepared],
    known: &mut Known,
    policy: Policy,
    mut file: Option<&mut InFile>,
) -> Vec<Fate> {
    let mut fates = Vec::with_capacity(rows.len());
    let mut changed = HashSet::new();
    for row in rows {
        let Ok(lead) = &mut row.read else {
            fates.push(Fate::Refuse);
            continue;
        };
        let found = find(lead, known, policy);
        if let Some((person, by, what)) = found {
            if person.is_new && what != What::Note {
                break;
            }
            let changes = matches!(what, What::Fill | What::Update) && person.is_seen;
            if changes && !changed.insert(person.lead) {
                break;
            }
            let holder = lead.reference.as_ref().and_then(|reference| known.holder(reference));
            let is_held = holder.is_some_and(|holder| holder.lead == person.lead);
            if what != What::Note {
                // From now on it is found by this one, too.
                known.add(&person, &lead.reference, None);
            }
            if changes {
                known.add(&person, &lead.keys, lead.fields.email.as_deref());
            }
            if let Some(file) = &mut file {
                file.meet(lead);
            }
            fates.push(Fate::Known { person, by, what, is_held });
            continue;
        }
        if lead.is_outline
            && !file.as_ref().is_some_and(|file| lead.reference.as_ref().is_some_and(|key| file.has(key)))
        {
            row.read = Err(unknown_reference(lead));
            fates.push(Fate::Refuse);
            continue;
        }
        let met = file.as_mut().and_then(|file| file.meet(lead));
        if let Some(by) = met.filter(|_| lead.is_outline || !policy.creates_always()) {
            fates.push(Fate::InFile { by, updates: policy.changes() });
            continue;
        }
        fates.push(create(lead, known));
    }
    fates
}

/// The faults of a row that has nothing but a reference which no lead has.
fn unknown_reference(lead: &mut RowLead) -> Problem {
    let message = "no lead has this reference; a new one needs an e-mail address, a phone number, a LinkedIn profile \
                   or a name";
    let mut faults = vec![FieldError::new("lead_reference_id", "unknown_reference", message)];
    faults.append(&mut lead.warnings);
    Problem::invalid(faults)
}

fn create(lead: &mut RowLead, known: &mut Known) -> Fate {
    let id = Uuid::now_v7();
    let free: Vec<IdentityKey> =
        lead.keys.iter().filter(|key| known.holder(key).is_none()).cloned().collect();
    let email = lead.fields.email.clone();
    let known_by = KnownBy {
        keys: lead
            .keys
            .iter()
            .filter(|key| matches!(key.kind, Kind::Email | Kind::Linkedin))
            .cloned()
            .collect(),
        email: email.clone(),
    };
    let person = Person { lead: id, is_seen: true, is_new: true, known_by };
    known.add(&person, free.iter().chain(&lead.reference), email.as_deref());
    Fate::Create(id, free)
}

/// The person of a row, the field by which it is known, and what is done about it.
fn find(lead: &mut RowLead, known: &Known, policy: Policy) -> Option<(Person, &'static str, What)> {
    let updated = match policy.update_by {
        None => None,
        Some(UpdateBy::Email) => {
            let key = lead.keys.iter().find(|key| key.kind == Kind::Email).and_then(|key| known.holder(key));
            // A mailbox that many people read is no key, but it is the same address.
            key.or_else(|| lead.fields.email.as_deref().and_then(|email| known.with_email(email)))
                .map(|person| (person, "email"))
        }
        Some(UpdateBy::ExternalId) => {
            let holder = lead.reference.as_ref().and_then(|reference| known.holder(reference));
            holder.map(|person| (person, "lead_reference_id"))
        }
    };
    if let Some((person, by)) = updated.filter(|(person, _)| person.is_seen) {
        return Some((person.clone(), by, What::Update));
    }
    let found = person(lead, known);
    let what = if policy.update_by.is_some() { What::Note } else { policy.what() };
    if policy.creates_always() && !lead.is_outline {
        if let Some(reference) = &lead.reference
            && known.holder(reference).is_some()
        {
            release_reference(lead);
        }
        return None;
    }
    let (person, by) = found?;
    let what = if person.is_seen { what } else { What::Note };
    Some((person, by, what))
}

/// The person of a row: by e-mail address, then by reference, profile and phone number. A reference of a holder with another
/// address belongs to another person, and so does a phone number.
fn person(lead: &mut RowLead, known: &Known) -> Option<(Person, &'static str)> {
    let by_kind = |kind: Kind| lead.keys.iter().find(|key| key.kind == kind);
    let contradicts = |person: &Person| person.known_by.contradicts(&lead.keys, lead.fields.email.as_deref());
    let email = by_kind(Kind::Email).and_then(|key| known.holder(key)).cloned();
    let holder = lead.reference.as_ref().and_then(|reference| known.holder(reference)).cloned();
    let is_of_another = holder.as_ref().is_some_and(|holder| match &email {
        Some(person) => person.lead != holder.lead,
        None => contradicts(holder),
    });
    let linkedin = by_kind(Kind::Linkedin).and_then(|key| known.holder(key)).cloned();
    let in_file = by_kind(Kind::Reference).and_then(|key| known.holder(key)).cloned();
    let phone =
        by_kind(Kind::Phone).and_then(|key| known.holder(key)).filter(|person| !contradicts(person)).cloned();
    if is_of_another {
        release_reference(lead);
    }
    let reference = holder.filter(|_| !is_of_another);
    email
        .map(|person| (person, "email"))
        .or(reference.map(|person| (person, "lead_reference_id")))
        .or(linkedin.map(|person| (person, "linkedin_url")))
        .or(phone.map(|person| (person, "phone")))
        .or(in_file.map(|person| (person, "name")))
}

/// A reference that another person's lead has is kept beside.
fn release_reference(lead: &mut RowLead) {
    lead.reference = None;
    if let Some(value) = lead.members.remove("lead_reference_id") {
        lead.raw.entry("lead_reference_id").or_insert(value);
    }
    let message = "belongs to a lead with another e-mail address; this row is another person";
    lead.warnings.push(FieldError::new("lead_reference_id", "reference_taken", message));
    if let Err(problem) = lead.settle() {
        lead.warnings.extend(problem.errors);
    }
}
