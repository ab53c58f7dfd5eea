//! Known people of a batch.

use std::collections::HashMap;

use diesel::{
    QueryableByName,
    sql_types::{Array, Bool, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, TenantTx, Visibility};
use uuid::Uuid;

use super::{Stop, prepared::Prepared};
use crate::{
    identity::{self, Holder, IdentityKey, Kind, KnownBy, SourceKey},
    imports::settings::UpdateBy,
};

/// The holder of a key.
#[derive(Clone, Debug)]
pub struct Person {
    /// The lead.
    pub lead: Uuid,
    /// Whether the import's starter sees it.
    pub is_seen: bool,
    /// Whether a row that is not written yet makes it.
    pub is_new: bool,
    /// By what it is known beside.
    pub known_by: KnownBy,
}

/// The people that the rows of a batch may be about.
#[derive(Debug, Default)]
pub struct Known {
    by_key: HashMap<IdentityKey, Person>,
    by_email: HashMap<String, Person>,
}

#[derive(QueryableByName)]
struct Face {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Nullable<Text>)]
    email: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    linkedin_url: Option<String>,
    #[diesel(sql_type = Bool)]
    seen: bool,
}

const FACE: &str = "SELECT id, email, linkedin_url, $2 IS NULL OR coalesce(assigned_to = ANY($2), false) \
                    OR coalesce(created_by = ANY($2), false) AS seen FROM leads WHERE deleted_at IS NULL AND ";

impl Face {
    fn person(self) -> Person {
        let keys = identity::keys(self.email.as_deref(), None, self.linkedin_url.as_deref(), "");
        let known_by = KnownBy { keys, email: self.email };
        Person { lead: self.id, is_seen: self.seen, is_new: false, known_by }
    }
}

impl Known {
    /// Looks up who is known, with two statements at most, and one more where leads are found by their address alone. The
    /// rows' references are from this source.
    pub async fn look_up(
        tx: &mut TenantTx<'_>,
        rows: &[Prepared],
        (update_by, source): (Option<UpdateBy>, &SourceKey),
        visibility: &Visibility,
    ) -> Result<Self, Stop> {
        let mut known = Self::default();
        let leads = || rows.iter().filter_map(|row| row.read.as_ref().ok());
        let keys: Vec<&IdentityKey> =
            leads().flat_map(|lead| lead.keys.iter().chain(&lead.reference)).collect();
        let people = match visibility {
            Visibility::All => None,
            Visibility::Of(people) => Some(people),
        };
        if !keys.is_empty() {
            let references: Vec<(&SourceKey, &str)> =
                leads().filter_map(|lead| Some((source, lead.reference_text()?))).collect();
            let held = identity::holders_of(tx, &keys, &references).await?;
            known.take(tx, held, people).await?;
        }
        if update_by == Some(UpdateBy::Email) {
            let emails: Vec<&str> = leads().filter_map(|lead| lead.fields.email.as_deref()).collect();
            let faces: Vec<Face> =
                diesel::sql_query(format!("{FACE} email = ANY($1) ORDER BY created_at DESC, id DESC"))
                    .bind::<Array<Text>, _>(emails)
                    .bind::<Nullable<Array<SqlUuid>>, _>(people)
                    .cached()
                    .load(&mut **tx)
                    .await?;
            // The oldest comes last and prevails.
            let named = faces.into_iter().filter_map(|face| Some((face.email.clone()?, face.person())));
            known.by_email.extend(named);
        }
        Ok(known)
    }

    async fn take(
        &mut self,
        tx: &mut TenantTx<'_>,
        held: HashMap<IdentityKey, Holder>,
        people: Option<&Vec<Uuid>>,
    ) -> Result<(), Stop> {
        let alive: Vec<(IdentityKey, Holder)> = held.into_iter().filter(|(_, holder)| holder.alive).collect();
        if alive.is_empty() {
            return Ok(());
        }
        let mut ids: Vec<Uuid> = alive.iter().map(|(_, holder)| holder.lead).collect();
        ids.sort_unstable();
        ids.dedup();
        let faces: Vec<Face> = diesel::sql_query(format!("{FACE} id = ANY($1)"))
            .bind::<Array<SqlUuid>, _>(ids)
            .bind::<Nullable<Array<SqlUuid>>, _>(people)
            .cached()
            .load(&mut **tx)
            .await?;
        let faces: HashMap<Uuid, Person> = faces.into_iter().map(|face| (face.id, face.person())).collect();
        for (key, holder) in alive {
            let Some(mut person) = faces.get(&holder.lead).cloned() else { continue };
            if key.kind == Kind::Phone {
                person.known_by = holder.known_by;
            }
            self.by_key.insert(key, person);
        }
        Ok(())
    }

    /// The holder of a key.
    pub fn holder(&self, key: &IdentityKey) -> Option<&Person> {
        self.by_key.get(key)
    }

    /// The oldest lead with that address.
    pub fn with_email(&self, email: &str) -> Option<&Person> {
        self.by_email.get(email)
    }

    /// Notes that all people are in the database now.
    pub fn settle(&mut self) {
        for person in self.by_key.values_mut().chain(self.by_email.values_mut()) {
            person.is_new = false;
        }
    }

    /// Notes that a person has these keys from now on, except for keys with a holder.
    pub fn add<'a>(
        &mut self,
        person: &Person,
        keys: impl IntoIterator<Item = &'a IdentityKey>,
        email: Option<&str>,
    ) {
        for key in keys {
            self.by_key.entry(key.clone()).or_insert_with(|| person.clone());
        }
        if let Some(email) = email {
            self.by_email.entry(email.to_owned()).or_insert_with(|| person.clone());
        }
    }
}
