//! People who are known already, be it as leads, contacts or customers.

use contracts::permissions::Permission;
use diesel::{
    QueryResult,
    sql_types::{Array, Text},
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{Cacheable, TenantTx},
    http::access::TenantCaller,
};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::identity::{IdentityKey, Kind};

/// How to add.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateOptions {
    /// Create it even if the person seems to be known.
    #[serde(default)]
    pub allow_duplicate: bool,
}

/// A record that seems to be about the same person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The record.
    pub id: Uuid,
    /// Its owners.
    pub owners: [Option<Uuid>; 2],
    /// Names of the fields that are alike.
    pub matched: Vec<&'static str>,
}

/// 409 `possible_duplicate` where there are candidates. Every caller learns that the person is known, or two would write to
/// one person; which record it is, only those who may read it by `R` and have it in their data scope.
pub fn refuse<R: Permission>(candidates: &[Candidate], caller: &TenantCaller) -> Result<(), Problem> {
    if candidates.is_empty() {
        return Ok(());
    }
    let visibility = caller.visibility();
    let seen = candidates
        .iter()
        .filter(|candidate| caller.may::<R>() && visibility.covers(&candidate.owners))
        .map(|candidate| json!({ "id": candidate.id, "matched": candidate.matched }));
    Err(possible_duplicate(&seen.collect::<Vec<_>>()))
}

/// 409: the person is known as one of these records.
pub fn possible_duplicate(candidates: &[Value]) -> Problem {
    let detail = "This person seems to be known already. Send allow_duplicate=true to add them all the same.";
    Problem::conflict("possible_duplicate", detail).with("candidates", candidates)
}

/// The value of the key of this kind.
pub fn key(keys: &[IdentityKey], kind: Kind) -> Option<&str> {
    keys.iter().find(|key| key.kind == kind).map(|key| key.value.as_str())
}

/// Names of the fields in which two people are alike: a key that both have, or the same text.
pub fn matched(
    ours: &[IdentityKey],
    theirs: &[IdentityKey],
    texts: &[(Kind, &Option<String>, &Option<String>)],
) -> Vec<&'static str> {
    let is_shared = |kind: Kind| key(ours, kind).is_some_and(|value| key(theirs, kind) == Some(value));
    let is_alike =
        |kind: Kind| texts.iter().any(|(named, one, other)| *named == kind && one.is_some() && one == other);
    let kinds = [Kind::Email, Kind::Phone, Kind::Linkedin];
    kinds.into_iter().filter(|kind| is_shared(*kind) || is_alike(*kind)).map(Kind::field).collect()
}

/// Whether two people with these keys are one: the most trusted kind of key that both have decides.
pub fn is_same_person(one: &[IdentityKey], other: &[IdentityKey]) -> bool {
    let kinds = [Kind::Email, Kind::Linkedin, Kind::Phone];
    let mut both = kinds.into_iter().filter_map(|kind| Some((key(one, kind)?, key(other, kind)?)));
    both.next().is_some_and(|(one, other)| one == other)
}

/// Holds marks until the transaction ends, so that two requests do not both find them unknown.
pub async fn hold(tx: &mut TenantTx<'_>, record: &str, marks: &[&str]) -> QueryResult<()> {
    if marks.is_empty() {
        return Ok(());
    }
    let mut marks: Vec<String> =
        marks.iter().map(|mark| format!("{} {record} {mark}", tx.tenant())).collect();
    // In one order for all, against deadlocks.
    marks.sort_unstable();
    diesel::sql_query(
        "SELECT pg_advisory_xact_lock(hashtextextended(mark, 0)) FROM unnest($1) WITH ORDINALITY AS m(mark, place) \
         ORDER BY place",
    )
    .bind::<Array<Text>, _>(marks)
    .cached()
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Holds the keys of a person about to be added to records of this kind.
pub async fn hold_keys(tx: &mut TenantTx<'_>, record: &str, keys: &[IdentityKey]) -> QueryResult<()> {
    let marks: Vec<String> = keys.iter().map(|key| format!("{} {}", key.kind.word(), key.value)).collect();
    hold(tx, record, &marks.iter().map(String::as_str).collect::<Vec<_>>()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(email: Option<&str>, phone: Option<&str>) -> Vec<IdentityKey> {
        let of = |kind, value: Option<&str>| value.map(|value| IdentityKey { kind, value: value.to_owned() });
        [of(Kind::Email, email), of(Kind::Phone, phone)].into_iter().flatten().collect()
    }

    #[test]
    fn the_most_trusted_key_that_both_have_decides_who_is_who() {
        let ada = keys(Some("ada@x.example"), Some("+4930901820"));

        assert!(is_same_person(&ada, &keys(Some("ada@x.example"), Some("+4930901821"))));
        assert!(!is_same_person(&ada, &keys(Some("bob@x.example"), Some("+4930901820"))));
        assert!(is_same_person(&ada, &keys(None, Some("+4930901820"))));
        assert!(!is_same_person(&ada, &[]));
    }

    #[test]
    fn fields_match_by_key_or_by_text() {
        let (ada, bob) =
            (keys(Some("ada@x.example"), None), keys(Some("ada@x.example"), Some("+4930901820")));
        let text = Some("030 901820".to_owned());

        let found = matched(&ada, &bob, &[(Kind::Phone, &text, &text), (Kind::Linkedin, &None, &None)]);

        assert_eq!(found, ["email", "phone"]);
    }
}
