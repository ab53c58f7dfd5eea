//! A lead-service that keeps accounts and leads in memory.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex},
};

use contracts::internal::records::{
    FillRecord, FilledRecord, KnownRecord, KnownRecords, MergeLinkedin, MergedLinkedin, ReadRecords,
    SelectRecords, SelectedRecords, SuggestLeads, SuggestedLeads, Written,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;
use wiremock::{
    Mock, MockServer, Request, ResponseTemplate,
    matchers::{method, path},
};

/// The records that it knows.
#[derive(Clone, Default)]
pub struct FakeLeads(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    records: HashMap<Uuid, KnownRecord>,
    fills: HashMap<Uuid, FilledRecord>,
    people: HashMap<String, Value>,
    suggested: HashMap<Uuid, i64>,
    linkedin: HashMap<Uuid, Vec<MergeLinkedin>>,
}

impl FakeLeads {
    /// A record that it knows from now on.
    pub fn put(&self, id: Uuid, record: &Value) {
        let record = record.as_object().unwrap().clone();
        let known = KnownRecord { id, version: 1, account: record.clone(), record, ..KnownRecord::default() };
        self.0.lock().unwrap().records.insert(id, known);
    }

    /// Changes what it knows.
    pub fn change(&self, id: Uuid, change: impl FnOnce(&mut KnownRecord)) {
        change(self.0.lock().unwrap().records.get_mut(&id).unwrap());
    }

    /// A record as it stands.
    pub fn record(&self, id: Uuid) -> Map<String, Value> {
        self.0.lock().unwrap().records.get(&id).unwrap().record.clone()
    }

    /// The people who were suggested.
    pub fn people(&self) -> Vec<Value> {
        self.0.lock().unwrap().people.values().cloned().collect()
    }

    /// Activities that were merged into a lead.
    pub fn linkedin(&self, lead: Uuid) -> Vec<MergeLinkedin> {
        self.0.lock().unwrap().linkedin.get(&lead).cloned().unwrap_or_default()
    }

    /// Answers from now on.
    pub async fn mount(&self, server: &MockServer) {
        self.answer(server, "POST", "/internal/records/select", Self::select).await;
        self.answer(server, "POST", "/internal/records/read", Self::read).await;
        self.answer(server, "PUT", "/internal/records/forget", |_, _| json!({ "emptied": 0 })).await;
        self.answer(server, "POST", "/internal/records/product", |_, _| json!({ "is_there": true })).await;
        self.answer(server, "PUT", "/internal/records/fill", Self::fill).await;
        self.answer(server, "PUT", "/internal/records/suggest", Self::suggest).await;
        self.answer(server, "PUT", "/internal/records/linkedin", Self::merge).await;
    }

    async fn answer(
        &self,
        server: &MockServer,
        verb: &str,
        at: &str,
        answer: impl Fn(&Self, &Request) -> Value + Send + Sync + 'static,
    ) {
        let own = self.clone();
        let respond =
            move |request: &Request| ResponseTemplate::new(200).set_body_json(answer(&own, request));
        Mock::given(method(verb)).and(path(at)).respond_with(respond).mount(server).await;
    }

    fn select(&self, request: &Request) -> Value {
        let call: SelectRecords = request.body_json().unwrap();
        let state = self.0.lock().unwrap();
        let mut ids: Vec<Uuid> = match call.choice.ids {
            Some(ids) => ids.into_iter().filter(|id| state.records.contains_key(id)).collect(),
            None => state.records.keys().copied().collect(),
        };
        ids.sort_unstable_by(|one, other| other.cmp(one));
        ids.dedup();
        ids.truncate(usize::try_from(call.limit.unwrap_or(i64::MAX)).unwrap());
        json!(SelectedRecords { ids, faults: vec![] })
    }

    fn read(&self, request: &Request) -> Value {
        let call: ReadRecords = request.body_json().unwrap();
        let state = self.0.lock().unwrap();
        let known = |id: &Uuid| {
            let known = state.records.get(id)?;
            let owner = known.record.get("created_by").and_then(|owner| owner.as_str()?.parse::<Uuid>().ok());
            let is_seen =
                call.seen_by.as_ref().is_none_or(|people| owner.is_some_and(|owner| people.contains(&owner)));
            is_seen.then(|| known.clone())
        };
        json!(KnownRecords { records: call.ids.iter().filter_map(known).collect() })
    }

    fn fill(&self, request: &Request) -> Value {
        let call: FillRecord = request.body_json().unwrap();
        let mut state = self.0.lock().unwrap();
        if let Some(done) = state.fills.get(&call.job_id) {
            return json!(done);
        }
        let known = state.records.get_mut(&call.id).unwrap();
        let mut written = Vec::new();
        for value in call.found {
            let previous = known.record.insert(value.field.clone(), value.value.clone()).unwrap_or_default();
            written.push(Written { field: value.field, value: value.value, previous });
        }
        known.version += 1;
        let answer = FilledRecord { written, ..FilledRecord::default() };
        state.fills.insert(call.job_id, answer.clone());
        json!(answer)
    }

    fn suggest(&self, request: &Request) -> Value {
        let call: SuggestLeads = request.body_json().unwrap();
        let state = &mut *self.0.lock().unwrap();
        let mut answer = SuggestedLeads::default();
        for person in call.people {
            let total = state.suggested.get(&call.job_id).copied().unwrap_or_default();
            let key = person.get("linkedin_url").or_else(|| person.get("email"));
            let Some(key) = key.and_then(Value::as_str).map(str::to_owned) else {
                answer.unusable += 1;
                continue;
            };
            match state.people.entry(key) {
                Entry::Occupied(_) => answer.known += 1,
                Entry::Vacant(place) if total < call.max => {
                    place.insert(Value::Object(person));
                    *state.suggested.entry(call.job_id).or_default() += 1;
                    answer.created += 1;
                }
                Entry::Vacant(_) => {}
            }
        }
        answer.total = state.suggested.get(&call.job_id).copied().unwrap_or_default();
        json!(answer)
    }

    fn merge(&self, request: &Request) -> Value {
        let call: MergeLinkedin = request.body_json().unwrap();
        let count = i64::try_from(call.activities.len()).unwrap();
        self.0.lock().unwrap().linkedin.entry(call.lead_id).or_default().push(call);
        json!(MergedLinkedin { added: count, total: count })
    }
}
