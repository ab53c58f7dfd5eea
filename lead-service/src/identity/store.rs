//! Identity keys in the database.

use std::collections::HashMap;

use diesel::{
    QueryResult, QueryableByName,
    sql_types::{Array, Bool, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, TenantTx};
use uuid::Uuid;

use super::{
    SourceKey,
    keys::{IdentityKey, Kind},
};

/// Who holds a key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// The lead.
    pub lead: Uuid,
    /// Whether it is not deleted; the keys of a deleted one are free to be taken over.
    pub alive: bool,
    /// Of the holder of a phone number: by what else it is known.
    pub known_by: KnownBy,
}

/// What ranks above a phone number, of one lead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownBy {
    /// Keys of e-mail addresses and profiles.
    pub keys: Vec<IdentityKey>,
    /// Its e-mail address, which has no key where many people read it.
    pub email: Option<String>,
}

impl KnownBy {
    /// Whether a person with these keys and this e-mail address is another one, although both have one phone number: an
    /// address or a profile of the same kind differs. A person who shares one is found by it, before any phone number.
    pub fn contradicts(&self, keys: &[IdentityKey], email: Option<&str>) -> bool {
        let differs = |kind: Kind| {
            let mut theirs = keys.iter().filter(|key| key.kind == kind).peekable();
            let mut ours = self.keys.iter().filter(|key| key.kind == kind).peekable();
            theirs.peek().is_some() && ours.peek().is_some() && !theirs.any(|key| self.keys.contains(key))
        };
        let email_differs = || match (email, self.email.as_deref()) {
            (None, _) => false,
            (Some(_), None) => self.keys.iter().any(|key| key.kind == Kind::Email),
            (Some(theirs), Some(ours)) => !theirs.eq_ignore_ascii_case(ours),
        };
        let have_keys = keys.iter().any(|key| key.kind == Kind::Email)
            && self.keys.iter().any(|key| key.kind == Kind::Email);
        differs(Kind::Linkedin) || if have_keys { differs(Kind::Email) } else { email_differs() }
    }
}

#[derive(QueryableByName)]
struct Held {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    value: String,
    #[diesel(sql_type = SqlUuid)]
    lead: Uuid,
    #[diesel(sql_type = Bool)]
    alive: bool,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    others: Option<Vec<String>>,
    #[diesel(sql_type = Nullable<Text>)]
    email: Option<String>,
}

/// A key in the form in which the database names those of one lead: its kind and its value.
fn named(text: &str) -> Option<IdentityKey> {
    let (kind, value) = text.split_once(' ')?;
    Some(IdentityKey { kind: Kind::parse(kind)?, value: value.to_owned() })
}

/// Kinds and values of keys as two columns.
pub fn columns<'a>(keys: impl IntoIterator<Item = &'a IdentityKey>) -> (Vec<&'static str>, Vec<&'a str>) {
    keys.into_iter().map(|key| (key.kind.word(), key.value.as_str())).unzip()
}

/// Holders of these keys, and of these references of people and server keys.
pub async fn holders(
    tx: &mut TenantTx<'_>,
    keys: &[&IdentityKey],
    references: &[&str],
) -> QueryResult<HashMap<IdentityKey, Holder>> {
    let api = SourceKey::api();
    let references: Vec<(&SourceKey, &str)> = references.iter().map(|reference| (&api, *reference)).collect();
    holders_of(tx, keys, &references).await
}

/// Holders of these keys, and of these references, each of its source.
pub async fn holders_of(
    tx: &mut TenantTx<'_>,
    keys: &[&IdentityKey],
    references: &[(&SourceKey, &str)],
) -> QueryResult<HashMap<IdentityKey, Holder>> {
    let (kinds, values) = columns(keys.iter().copied());
    let (sources, references): (Vec<&str>, Vec<&str>) =
        references.iter().map(|(source, reference)| (source.as_str(), *reference)).unzip();
    let held: Vec<Held> = diesel::sql_query(
        "SELECT kind, value, lead, alive, others, email FROM public.holders($1, $2, $3, $4, $5)",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<Array<Text>, _>(kinds)
    .bind::<Array<Text>, _>(values)
    .bind::<Array<Text>, _>(sources)
    .bind::<Array<Text>, _>(references)
    .cached()
    .load(&mut **tx)
    .await?;
    let mut holders = HashMap::with_capacity(held.len());
    for Held { kind, value, lead, alive, others, email } in held {
        let Some(kind) = Kind::parse(&kind) else { continue };
        let keys = others.unwrap_or_default().iter().filter_map(|text| named(text)).collect();
        let known_by = KnownBy { keys, email };
        // The lead that has a reference itself comes last and prevails over one it was attached to.
        holders.insert(IdentityKey { kind, value }, Holder { lead, alive, known_by });
    }
    Ok(holders)
}

/// Gives a lead the keys that no active lead holds. Returns how many of them it holds then.
pub async fn claim(tx: &mut TenantTx<'_>, lead: Uuid, keys: &[IdentityKey]) -> QueryResult<usize> {
    if keys.is_empty() {
        return Ok(0);
    }
    let mut keys: Vec<&IdentityKey> = keys.iter().collect();
    keys.sort_unstable();
    let (kinds, values) = columns(keys.iter().copied());
    diesel::sql_query(
        "INSERT INTO identity_keys (tenant_id, kind, value, lead_id) \
         SELECT $1, k.kind, k.value, $2 FROM unnest($3, $4) AS k(kind, value) ORDER BY k.kind, k.value \
         ON CONFLICT (tenant_id, kind, value) DO NOTHING",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<SqlUuid, _>(lead)
    .bind::<Array<Text>, _>(&kinds)
    .bind::<Array<Text>, _>(&values)
    .cached()
    .execute(&mut **tx)
    .await?;
    // A statement of its own sees what was committed while the first one waited.
    diesel::sql_query(
        "UPDATE identity_keys k SET lead_id = $2 FROM unnest($3, $4) AS asked(kind, value) \
         WHERE k.tenant_id = $1 AND k.kind = asked.kind AND k.value = asked.value AND (k.lead_id = $2 \
         OR NOT EXISTS (SELECT 1 FROM leads l WHERE l.id = k.lead_id AND l.deleted_at IS NULL))",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<SqlUuid, _>(lead)
    .bind::<Array<Text>, _>(kinds)
    .bind::<Array<Text>, _>(values)
    .cached()
    .execute(&mut **tx)
    .await
}

/// Takes keys from a lead that no longer has those addresses.
pub async fn release(tx: &mut TenantTx<'_>, lead: Uuid, keys: &[&IdentityKey]) -> QueryResult<usize> {
    if keys.is_empty() {
        return Ok(0);
    }
    let (kinds, values) = columns(keys.iter().copied());
    diesel::sql_query(
        "DELETE FROM identity_keys k USING unnest($3, $4) AS gone(kind, value) \
         WHERE k.tenant_id = $1 AND k.lead_id = $2 AND k.kind = gone.kind AND k.value = gone.value",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<SqlUuid, _>(lead)
    .bind::<Array<Text>, _>(kinds)
    .bind::<Array<Text>, _>(values)
    .cached()
    .execute(&mut **tx)
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(kind: Kind, value: &str) -> IdentityKey {
        IdentityKey { kind, value: value.to_owned() }
    }

    #[test]
    fn one_phone_number_is_two_peoples_where_their_addresses_or_profiles_differ() {
        let (ada, bob) = (key(Kind::Email, "ada@a.example"), key(Kind::Email, "bob@b.example"));
        let profile = key(Kind::Linkedin, "ada");
        let known = KnownBy { keys: vec![ada.clone()], email: Some("ada@a.example".to_owned()) };

        assert!(known.contradicts(std::slice::from_ref(&bob), Some("bob@b.example")));
        assert!(!known.contradicts(std::slice::from_ref(&ada), Some("ada@a.example")));
        assert!(!known.contradicts(std::slice::from_ref(&profile), None), "another kind says nothing");
        assert!(!known.contradicts(&[], None), "a phone number alone");
        assert!(known.contradicts(&[], Some("info@b.example")), "a mailbox without a key");
        let attached = KnownBy { keys: vec![ada], email: None };
        assert!(attached.contradicts(&[bob], Some("bob@b.example")), "known by key only");
        let office = KnownBy { keys: vec![], email: Some("info@a.example".to_owned()) };
        assert!(!office.contradicts(&[], Some("info@a.example")));
        let profiles = KnownBy { keys: vec![profile], email: None };
        assert!(profiles.contradicts(&[key(Kind::Linkedin, "bob")], None));
        assert!(!KnownBy::default().contradicts(&[key(Kind::Email, "x@x.example")], Some("x@x.example")));
    }
}
