//! Resolution of a batch's submissions: a known person, one earlier in the batch, or a new one.

use std::collections::{BTreeSet, HashMap};

use uuid::Uuid;

use super::store::Prepared;
use crate::{
    identity::{Holder, IdentityKey, Kind, KnownBy},
    intake::api_keys::DuplicatePolicy,
};

/// What is to become of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It makes a lead.
    Create,
    /// Its reference is known: it is this lead's.
    Duplicate(Uuid),
    /// It goes onto this lead's timeline.
    Attach(Uuid),
    /// It fills this lead's empty fields.
    Update(Uuid),
    /// It waits for a review: it may belong to this lead.
    Hold(Uuid),
}

/// What is to be written for a batch.
#[derive(Debug, Default)]
pub struct Resolved {
    /// The fate of each submission, in their order.
    pub fates: Vec<Fate>,
    /// Free keys with the leads that get them; sorted, so that all writers take them in one order.
    pub claims: BTreeSet<(IdentityKey, Uuid)>,
    /// Keys that a deleted lead held, with that lead and the one that takes them over.
    pub takeovers: Vec<(IdentityKey, Uuid, Uuid)>,
    /// Of each submission, the addresses that its lead does not get, because nothing shows that its sender is that person.
    pub unconfirmed: Vec<Vec<&'static str>>,
}

/// The key under which a submission's reference is remembered when it was attached.
pub fn reference_key(item: &Prepared) -> Option<IdentityKey> {
    let reference = item.submission.lead_reference_id.as_deref()?;
    Some(IdentityKey::reference(&item.source, reference))
}

/// Resolves submissions in their order, given who holds which keys.
///
/// Through a door that is open to everyone, a sender may claim to be any person with an address that the sender knows. So such a
/// submission gives a known lead no further key: with it, the sender would be taken for that person from then on.
///
/// Keys have ranks. What a submission says by e-mail address or profile decides who sent it; a phone number does where these
/// say nothing. One that two people share is the one's who has it already.
pub fn resolve(prepared: &[&Prepared], held: &HashMap<IdentityKey, Holder>) -> Resolved {
    let mut known: HashMap<IdentityKey, Uuid> = held
        .iter()
        .filter(|(_, holder)| holder.alive)
        .map(|(key, holder)| (key.clone(), holder.lead))
        .collect();
    let mut known_by: HashMap<Uuid, KnownBy> = held
        .iter()
        .filter(|(key, _)| key.kind == Kind::Phone)
        .map(|(_, holder)| (holder.lead, holder.known_by.clone()))
        .collect();
    let mut resolved = Resolved::default();
    for item in prepared {
        let reference = reference_key(item);
        let fate = fate(item, reference.as_ref(), &known, &known_by);
        resolved.fates.push(fate);
        let (lead, remembers_reference) = match fate {
            Fate::Create => (item.id, false),
            Fate::Attach(lead) | Fate::Update(lead) => (lead, true),
            Fate::Duplicate(_) | Fate::Hold(_) => {
                resolved.unconfirmed.push(Vec::new());
                continue;
            }
        };
        if let Some(reference) = reference {
            if remembers_reference {
                resolved.give(&reference, lead, held, &known);
            }
            known.insert(reference, lead);
        }
        if fate != Fate::Create && !item.may_identify() {
            resolved.unconfirmed.push(unconfirmed(item, lead, &known, &known_by));
            continue;
        }
        resolved.unconfirmed.push(Vec::new());
        for key in &item.keys {
            resolved.give(key, lead, held, &known);
            let holder = *known.entry(key.clone()).or_insert(lead);
            if holder == lead && key.kind != Kind::Phone {
                known_by.entry(lead).or_default().keys.push(key.clone());
            }
        }
        if fate == Fate::Create {
            known_by.entry(lead).or_default().email.clone_from(&item.submission.email);
        }
    }
    resolved
}

/// The addresses of a submission by which its lead is not known.
fn unconfirmed(
    item: &Prepared,
    lead: Uuid,
    known: &HashMap<IdentityKey, Uuid>,
    known_by: &HashMap<Uuid, KnownBy>,
) -> Vec<&'static str> {
    let submission = &item.submission;
    let has = |kind: Kind| item.keys.iter().any(|key| key.kind == kind && known.get(key) == Some(&lead));
    let own_email = known_by.get(&lead).and_then(|known_by| known_by.email.as_deref());
    let is_own_email = own_email.is_some() && own_email == submission.email.as_deref();
    [
        (submission.email.is_some() && !is_own_email, Kind::Email),
        (submission.phone.is_some(), Kind::Phone),
        (submission.linkedin_url.is_some(), Kind::Linkedin),
    ]
    .into_iter()
    .filter(|(is_said, kind)| *is_said && !has(*kind))
    .map(|(_, kind)| kind.field())
    .collect()
}

fn fate(
    item: &Prepared,
    reference: Option<&IdentityKey>,
    known: &HashMap<IdentityKey, Uuid>,
    known_by: &HashMap<Uuid, KnownBy>,
) -> Fate {
    if let Some(lead) = item.onto {
        return if item.policy == DuplicatePolicy::UpdateEmpty {
            Fate::Update(lead)
        } else {
            Fate::Attach(lead)
        };
    }
    if let Some(lead) = reference.and_then(|reference| known.get(reference)) {
        return Fate::Duplicate(*lead);
    }
    let is_other = |lead: &Uuid| {
        let email = item.submission.email.as_deref();
        known_by.get(lead).is_some_and(|holder| holder.contradicts(&item.keys, email))
    };
    // Keys come in the order in which they are trusted.
    let lead = item
        .keys
        .iter()
        .find_map(|key| known.get(key).copied().filter(|lead| key.kind != Kind::Phone || !is_other(lead)));
    let Some(lead) = lead else { return Fate::Create };
    match item.policy {
        DuplicatePolicy::Create => Fate::Create,
        DuplicatePolicy::Attach => Fate::Attach(lead),
        DuplicatePolicy::UpdateEmpty => Fate::Update(lead),
        DuplicatePolicy::Hold => Fate::Hold(lead),
    }
}

impl Resolved {
    fn give(
        &mut self,
        key: &IdentityKey,
        lead: Uuid,
        held: &HashMap<IdentityKey, Holder>,
        known: &HashMap<IdentityKey, Uuid>,
    ) {
        if known.contains_key(key) {
            return;
        }
        match held.get(key) {
            Some(dead) => self.takeovers.push((key.clone(), dead.lead, lead)),
            None => {
                self.claims.insert((key.clone(), lead));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::*;
    use crate::{
        identity::SourceKey,
        intake::ingest::{Entrance, NewSubmission},
    };

    fn item(sent: Value, policy: DuplicatePolicy) -> Prepared {
        item_by(SourceKey::api(), sent, policy)
    }

    fn item_by(source: SourceKey, sent: Value, policy: DuplicatePolicy) -> Prepared {
        let Value::Object(sent) = sent else { panic!("an object") };
        let submission = NewSubmission::parse(sent).unwrap();
        let entrance = Entrance { api_key: Uuid::nil(), policy, source };
        let sent = crate::intake::ingest::sent(&Map::new()).unwrap();
        Prepared::new(submission, sent, entrance, String::new(), String::new())
    }

    fn email(address: &str) -> IdentityKey {
        IdentityKey { kind: Kind::Email, value: address.to_owned() }
    }

    fn alive(lead: Uuid) -> Holder {
        Holder { lead, alive: true, ..Holder::default() }
    }

    #[test]
    fn writings_of_one_person_in_a_batch_are_one_lead() {
        let items = [
            item(json!({"email": "Ada@Example.com"}), DuplicatePolicy::Attach),
            item(json!({"email": "ada@example.com", "phone": "+49 30 901820"}), DuplicatePolicy::Attach),
            item(json!({"phone": "0049 30 901820"}), DuplicatePolicy::Attach),
            item(json!({"email": "bob@example.com"}), DuplicatePolicy::Attach),
        ];

        let resolved = resolve(&items.iter().collect::<Vec<_>>(), &HashMap::new());

        let ada = items[0].id;
        assert_eq!(resolved.fates, [Fate::Create, Fate::Attach(ada), Fate::Attach(ada), Fate::Create]);
        assert_eq!(resolved.claims.len(), 3);
    }

    #[test]
    fn a_phone_number_that_two_people_share_stays_with_the_first_who_has_it() {
        let phone = json!("+49 30 901820");
        let items = [
            item(json!({"email": "ada@example.com", "phone": phone}), DuplicatePolicy::Attach),
            item(json!({"email": "bob@example.com", "phone": phone}), DuplicatePolicy::Hold),
            item(json!({"phone": phone}), DuplicatePolicy::Attach),
            item(json!({"email": "bob@example.com"}), DuplicatePolicy::Attach),
        ];

        let resolved = resolve(&items.iter().collect::<Vec<_>>(), &HashMap::new());

        let (ada, bob) = (items[0].id, items[1].id);
        assert_eq!(resolved.fates, [Fate::Create, Fate::Create, Fate::Attach(ada), Fate::Attach(bob)]);
        assert_eq!(resolved.claims.iter().filter(|(_, lead)| *lead == bob).count(), 1, "only the address");
    }

    #[test]
    fn a_phone_number_tells_the_person_whose_address_was_not_known() {
        let phone = IdentityKey { kind: Kind::Phone, value: "+4930901820".into() };
        let lead = Uuid::now_v7();
        let holder = |known_by| Holder { lead, alive: true, known_by };
        let fate = |known_by| {
            let held = HashMap::from([(phone.clone(), holder(known_by))]);
            let sent = json!({"email": "new@example.com", "phone": "+49 30 901820"});
            let item = item(sent, DuplicatePolicy::Attach);
            (resolve(&[&item], &held).fates[0], item.id)
        };
        assert_eq!(fate(KnownBy::default()).0, Fate::Attach(lead));
        let email = IdentityKey { kind: Kind::Email, value: "old@example.com".into() };
        let (other, _) = fate(KnownBy { keys: vec![email], email: Some("old@example.com".into()) });
        assert_eq!(other, Fate::Create);
    }

    #[test]
    fn a_reference_prevails_and_is_remembered_when_attached() {
        let known = Uuid::now_v7();
        let email = IdentityKey { kind: Kind::Email, value: "a@example.com".into() };
        let held = HashMap::from([(email, Holder { lead: known, alive: true, ..Holder::default() })]);
        let items = [
            item(json!({"email": "a@example.com", "lead_reference_id": "1"}), DuplicatePolicy::Attach),
            item(json!({"email": "b@example.com", "lead_reference_id": "1"}), DuplicatePolicy::Attach),
        ];

        let resolved = resolve(&items.iter().collect::<Vec<_>>(), &held);

        assert_eq!(resolved.fates, [Fate::Attach(known), Fate::Duplicate(known)]);
        let claimed: Vec<Kind> = resolved.claims.iter().map(|(key, _)| key.kind).collect();
        assert_eq!(claimed, [Kind::Reference]);
    }

    #[test]
    fn a_deleted_leads_keys_are_taken_over_and_a_policy_decides_about_the_living() {
        let lead = Uuid::now_v7();
        let email = IdentityKey { kind: Kind::Email, value: "a@example.com".into() };
        let sent = json!({"email": "a@example.com"});
        let fate = |alive, policy| {
            let holder = Holder { lead, alive, ..Holder::default() };
            let held = HashMap::from([(email.clone(), holder)]);
            let item = item(sent.clone(), policy);
            let resolved = resolve(&[&item], &held);
            (resolved.fates[0], resolved.takeovers.len(), resolved.claims.len())
        };
        assert_eq!(fate(false, DuplicatePolicy::Attach), (Fate::Create, 1, 0));
        assert_eq!(fate(true, DuplicatePolicy::Create), (Fate::Create, 0, 0));
        assert_eq!(fate(true, DuplicatePolicy::Hold), (Fate::Hold(lead), 0, 0));
        assert_eq!(fate(true, DuplicatePolicy::UpdateEmpty), (Fate::Update(lead), 0, 0));
    }

    #[test]
    fn a_door_that_is_open_to_everyone_gives_a_known_person_no_further_key() {
        let (ada, browser) = (Uuid::now_v7(), SourceKey::of_key(Uuid::nil()));
        let held = HashMap::from([(email("ada@example.com"), alive(ada))]);
        let sent = json!({
            "email": "ada@example.com", "phone": "+49 30 901820", "linkedin_url": "linkedin.com/in/mallory",
            "lead_reference_id": "1"
        });
        let by_phone = json!({"phone": "+49 30 901820"});
        for policy in [DuplicatePolicy::Attach, DuplicatePolicy::UpdateEmpty] {
            let items = [
                item_by(browser.clone(), sent.clone(), policy),
                item_by(browser.clone(), by_phone.clone(), policy),
            ];
            let resolved = resolve(&items.iter().collect::<Vec<_>>(), &held);
            assert_eq!(resolved.unconfirmed, [vec!["phone", "linkedin_url"], vec![]]);
            assert_eq!(
                resolved.fates[1],
                Fate::Create,
                "the number is another person's for all that is known"
            );
            let claimed: Vec<(Kind, Uuid)> =
                resolved.claims.iter().map(|(key, lead)| (key.kind, *lead)).collect();
            assert_eq!(claimed, [(Kind::Phone, items[1].id), (Kind::Reference, ada)]);
        }

        let trusted = item(sent, DuplicatePolicy::Attach);
        let resolved = resolve(&[&trusted], &held);
        assert_eq!((resolved.claims.len(), &resolved.unconfirmed[0]), (3, &Vec::new()));
    }

    #[test]
    fn a_reference_is_found_by_its_own_source_only() {
        let (lead, browser) = (Uuid::now_v7(), SourceKey::of_key(Uuid::nil()));
        let taken = IdentityKey::reference(&browser, "1");
        let held = HashMap::from([(taken, alive(lead))]);
        let sent = json!({"email": "b@example.com", "lead_reference_id": "1"});
        for (source, is_known) in [
            (browser, true),
            (SourceKey::api(), false),
            (SourceKey::of_address(Uuid::nil()), false),
            (SourceKey::of_key(Uuid::max()), false),
        ] {
            let item = item_by(source.clone(), sent.clone(), DuplicatePolicy::Attach);
            let expected = if is_known { Fate::Duplicate(lead) } else { Fate::Create };
            assert_eq!(resolve(&[&item], &held).fates, [expected], "{source:?}");
        }
    }

    #[test]
    fn a_submission_that_a_person_gives_to_a_lead_goes_there_with_its_keys() {
        let (ada, bob) = (Uuid::now_v7(), Uuid::now_v7());
        let held = HashMap::from([(email("ada@example.com"), alive(ada))]);
        let sent = json!({"email": "ada@example.com", "phone": "+49 30 901820"});
        for (policy, fate) in
            [(DuplicatePolicy::Hold, Fate::Attach(bob)), (DuplicatePolicy::UpdateEmpty, Fate::Update(bob))]
        {
            let item = item_by(SourceKey::of_key(Uuid::nil()), sent.clone(), policy);
            let item = Prepared { onto: Some(bob), ..item };
            let resolved = resolve(&[&item], &held);
            assert_eq!(resolved.fates, [fate]);
            let claimed: Vec<Kind> = resolved.claims.iter().map(|(key, _)| key.kind).collect();
            assert_eq!(claimed, [Kind::Phone], "the address stays with the lead that has it");
            assert!(resolved.unconfirmed[0].is_empty());
        }
    }
}
