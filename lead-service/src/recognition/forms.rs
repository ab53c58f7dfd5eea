//! Reading of a form's or program's payload as fields of a lead: what the API names, what a mapping names, what its sender is
//! known for, what its names and values say, in this order.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::{
    Door, Guess, candidates,
    dictionary::{self, EXACT},
    evidence::{self, Evidence},
    payload::{self, Leaf, Leaves},
    remembered::remembered,
    scoring::{self, Named},
    senders::{self, Sender},
    values,
};
use crate::recognition::loose;

/// Fields that only a server key's submission has: what people of the tenant decide otherwise.
pub const TRUSTED: [&str; 3] = ["assigned_to", "status", "tags"];
/// Fields of a submission that hold others.
const OBJECTS: [&str; 3] = ["custom_fields", "consent", "utm"];
/// What is longer than this is a text that people wrote.
const TEXT: usize = 300;
/// How sure it is that a sender's lead comes from where its leads usually do.
const USUAL: f32 = 0.5;
/// How sure a guess is at most.
const LIKELY: f32 = 0.98;

/// A payload, read.
#[derive(Debug, Default)]
pub struct Recognised {
    /// Values by the API's names of their fields.
    pub known: Map<String, Value>,
    /// The rest, under the sender's own names.
    pub kept: Map<String, Value>,
    /// The sender's name of a value, or the path to it, to the field that it fed, where these differ.
    pub applied: BTreeMap<String, String>,
    /// The tool that sent it, where it is a known one.
    pub sender: Option<&'static str>,
    /// Whether it has more, or deeper, than is looked at; that is kept all the same.
    pub is_cut: bool,
}

/// Whether a name is one by which the API takes a value in a submission.
fn is_api_name(name: &str, door: Door) -> bool {
    match name {
        name if TRUSTED.contains(&name) => door == Door::Trusted,
        "name" | "first_name" | "last_name" | "email" | "phone" | "company_name" | "role_title"
        | "linkedin_url" | "notes" | "source" | "lead_reference_id" | "product_id" | "account_id"
        | "estimated_value" | "currency" | "consent" | "submitted_at" | "is_test" | "custom_fields"
        | "utm" | "li_fat_id" | "igshid" | "epik" => true,
        name => name.starts_with("utm_") || name.ends_with("clid") || matches!(name, "gbraid" | "wbraid"),
    }
}

/// What a mapping says of a payload.
#[derive(Debug, Default)]
pub struct Asked {
    /// Fields that it has fed, with their values.
    pub fed: Map<String, Value>,
    /// Paths of which it has spoken: nothing is guessed there.
    pub paths: Vec<String>,
}

impl Asked {
    fn has_spoken_of(&self, path: &str) -> bool {
        let is_below = |own: &String| {
            let own = own.strip_prefix("$.").unwrap_or(own);
            path.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        self.paths.iter().any(is_below)
    }
}

/// Reads what was sent and was not named by a mapping.
pub fn read(sent: Map<String, Value>, asked: &Asked, door: Door) -> Recognised {
    if asked.paths.is_empty() && is_plain(&sent, &asked.fed, door) {
        return Recognised { known: sent, ..Recognised::default() };
    }
    let tree = payload::tree(&sent);
    let sender = senders::sender(&tree);
    let titles = sender.and_then(|sender| sender.titles.as_ref()).and_then(|path| payload::at(&tree, path));
    let titles = titles.map(payload::titles).unwrap_or_default();
    let Leaves { leaves, is_cut } = payload::leaves(&tree, &titles);
    let mut reading = Reading { door, sender, asked, best: HashMap::new(), names_thing: false };
    reading.preset(&tree);
    for (place, leaf) in leaves.iter().enumerate() {
        if let Guess { field: Some(field), confidence, .. } = reading.look(leaf) {
            let (path, value) = (leaf.path.clone(), leaf.value.clone());
            reading.feed(field, Feed { confidence, path, place: Some(place), value });
        }
    }
    if sender.is_some_and(|sender| sender.parts) {
        reading.parts(&leaves);
    }
    reading.drop_names_of_things(&leaves);
    Recognised { is_cut, ..reading.finish(sent, &leaves) }
}

/// Whether nothing has to be recognised: all is called by the API's names, or by names that mean nothing.
fn is_plain(sent: &Map<String, Value>, fed: &Map<String, Value>, door: Door) -> bool {
    let is_filled =
        |members: &Map<String, Value>| members.get("email").is_some_and(|email| !loose::is_blank(email));
    let is_scalar = |value: &Value| match value {
        Value::Object(_) | Value::Array(_) => false,
        Value::String(text) => !payload::is_document(text) && !values::is_test(text),
        _ => true,
    };
    (is_filled(sent) || is_filled(fed))
        && sent.iter().all(|(name, value)| {
            if is_api_name(name, door) {
                return is_scalar(value) || OBJECTS.contains(&name.as_str());
            }
            is_scalar(value)
                && !name.contains(['[', '.'])
                && !name.contains("__")
                && !senders::is_mark(name)
                && remembered(None, name).is_empty()
        })
}

/// What feeds a field.
#[derive(Clone, Debug)]
struct Feed {
    confidence: f32,
    path: String,
    /// The leaf; none for a value that the sender's preset names.
    place: Option<usize>,
    value: Value,
}

struct Reading<'a> {
    door: Door,
    sender: Option<&'static Sender>,
    asked: &'a Asked,
    best: HashMap<&'static str, Vec<Feed>>,
    /// Whether the `name` at the top is that of a form or site.
    names_thing: bool,
}

impl Reading<'_> {
    /// Takes what is known to be of a field from this sender.
    fn preset(&mut self, tree: &Map<String, Value>) {
        let Some(sender) = self.sender else { return };
        for (path, field) in &sender.fields {
            let value = payload::at(tree, path).filter(|value| !loose::is_blank(value) && !value.is_object());
            if let (Some(value), Some(field)) = (value, dictionary::api_name(field)) {
                let (path, value) = (path.clone(), value.clone());
                self.feed(field, Feed { confidence: EXACT, path, place: None, value });
            }
        }
        if let Some(source) = &sender.source {
            let value = Value::String(source.clone());
            self.feed("source", Feed { confidence: USUAL, path: String::new(), place: None, value });
        }
    }

    fn feed(&mut self, field: &'static str, feed: Feed) {
        self.best.entry(field).or_default().push(feed);
    }

    /// What a leaf seems to be.
    fn look(&self, leaf: &Leaf) -> Guess {
        let none = |reason: &str| Guess { field: None, confidence: 0.0, reason: reason.to_owned() };
        if self.asked.has_spoken_of(&leaf.path) {
            return none("The mapping names it.");
        }
        if self.sender.is_some_and(|sender| !sender.is_persons(&leaf.path)) {
            return none("This sender says nothing of the person there.");
        }
        let Some(text) = leaf.text() else { return none("It is blank.") };
        let is_top = leaf.parent.is_none() && leaf.path == leaf.name;
        if is_top && is_api_name(&leaf.name, self.door) {
            let reason = "The name is the API's own.".to_owned();
            return Guess { field: dictionary::api_name(&leaf.name), confidence: EXACT, reason };
        }
        let mut parents = candidates::segments(&leaf.path).into_iter().rev().skip(1);
        if dictionary::is_of_another(&leaf.name) || parents.any(dictionary::is_of_another) {
            return none("The name is one of another person.");
        }
        let names = remembered(leaf.parent.as_deref(), &leaf.name);
        // Looking at values costs; most names mean nothing, and most of their values are no addresses.
        if names.is_empty() && !evidence::is_telling(&text) {
            return none("The name is not known.");
        }
        let evidence = if text.len() > TEXT { Evidence::of_long() } else { Evidence::of(&[text.as_str()]) };
        let guess = scoring::guess(Named { candidates: &names, is_of_another: false }, &evidence, self.door);
        // What the API calls so at the top is asked for; below it is only a likely name.
        Guess { confidence: guess.confidence.min(LIKELY), ..guess }
    }

    /// Answers named by numbers: of `1.3` and `1.6`, or `input_1_3` and `input_1_6`, the first is a first name and the second a
    /// last name, unless there are a street (`1.1`) and a postcode (`1.5`) as well.
    fn parts(&mut self, leaves: &[Leaf]) {
        let mut numbered: BTreeMap<u32, BTreeMap<u32, usize>> = BTreeMap::new();
        for (place, leaf) in leaves.iter().enumerate() {
            let name = leaf.path.strip_prefix("input_").unwrap_or(&leaf.path);
            let parts = name.split_once(['.', '_']);
            if let Some((Ok(field), Ok(part))) = parts.map(|(field, part)| (field.parse(), part.parse())) {
                numbered.entry(field).or_default().insert(part, place);
            }
        }
        for parts in numbered.values().filter(|parts| !(parts.contains_key(&1) || parts.contains_key(&5))) {
            for (part, field) in [(3, "first_name"), (6, "last_name")] {
                let Some((place, leaf)) =
                    parts.get(&part).and_then(|place| Some((*place, leaves.get(*place)?)))
                else {
                    continue;
                };
                let (path, value) = (leaf.path.clone(), leaf.value.clone());
                self.feed(field, Feed { confidence: dictionary::STRONG, path, place: Some(place), value });
            }
        }
    }

    /// Where the person's address stands deeper in the document than a bare `name`, that is the name of the form or site.
    fn drop_names_of_things(&mut self, leaves: &[Leaf]) {
        if self.sender.is_some_and(|sender| !sender.is_flat()) {
            return;
        }
        let is_deep = |feed: &Feed| {
            feed.place.and_then(|place| leaves.get(place)).is_some_and(|leaf| leaf.path != leaf.name)
        };
        if self.best("email").is_some_and(is_deep)
            && let Some(names) = self.best.get_mut("name")
        {
            names.retain(|feed| feed.path != "name");
            self.names_thing = true;
        }
    }

    fn best(&self, field: &str) -> Option<&Feed> {
        // Of equally sure ones, the first.
        let feeds = self.best.get(field)?.iter();
        feeds.reduce(|best, feed| if feed.confidence > best.confidence { feed } else { best })
    }

    fn finish(self, sent: Map<String, Value>, leaves: &[Leaf]) -> Recognised {
        let mut read =
            Recognised { sender: self.sender.map(|sender| sender.name.as_str()), ..Recognised::default() };
        let mut sent = sent;
        for field in dictionary::FIELDS {
            if self.asked.fed.get(*field).is_some_and(|value| !loose::is_blank(value)) {
                continue;
            }
            let Some(feed) = self.best(field) else { continue };
            let mut value = feed.value.clone();
            if *field == "lead_reference_id"
                && let Value::String(text) = &value
            {
                value = Value::String(values::reference(text).to_owned());
            }
            if feed.path != *field && !feed.path.is_empty() {
                read.applied.insert(feed.path.clone(), (*field).to_owned());
            }
            // What stands at the top has been used; a document is kept whole.
            sent.remove(&feed.path);
            read.known.insert((*field).to_owned(), value);
        }
        if payload::is_test(leaves) && !read.known.contains_key("is_test") {
            read.known.insert("is_test".to_owned(), Value::Bool(true));
        }
        for (name, value) in sent {
            // A blank field of a person counts as not sent.
            if loose::is_blank(&value)
                && (is_api_name(&name, self.door) || !remembered(None, &name).is_empty())
            {
                continue;
            }
            let is_object = OBJECTS.contains(&name.as_str());
            let is_fit = is_object || !(value.is_object() || value.is_array());
            let is_persons = self.sender.is_none_or(|sender| sender.is_persons(&name));
            let is_persons = is_persons && !(self.names_thing && name == "name");
            let is_asked =
                is_persons && is_api_name(&name, self.door) && is_fit && !read.known.contains_key(&name);
            if is_asked {
                read.known.insert(name, value);
            } else {
                read.kept.insert(name, value);
            }
        }
        read
    }
}

/// A value of a payload with what it seems to be, for a person to look at.
#[derive(Clone, Debug)]
pub struct Explained {
    /// Where it stands.
    pub path: String,
    /// Its name, label or question.
    pub name: String,
    /// Its value.
    pub value: Value,
    /// What it seems to be, and why.
    pub guess: Guess,
}

/// What the values of a payload seem to be, and the tool that seems to have sent it.
pub fn explain(
    sent: &Map<String, Value>,
    asked: &Asked,
    door: Door,
) -> (Option<&'static str>, Vec<Explained>) {
    let tree = payload::tree(sent);
    let sender = senders::sender(&tree);
    let titles = sender.and_then(|sender| sender.titles.as_ref()).and_then(|path| payload::at(&tree, path));
    let titles = titles.map(payload::titles).unwrap_or_default();
    let Leaves { leaves, .. } = payload::leaves(&tree, &titles);
    let reading = Reading { door, sender, asked, best: HashMap::new(), names_thing: false };
    let explained = leaves.into_iter().map(|leaf| {
        let mut guess = reading.look(&leaf);
        if let Some(field) = sender.and_then(|sender| sender.fields.get(&leaf.path)) {
            let reason = "This sender always says it there.".to_owned();
            guess = Guess { field: dictionary::api_name(field), confidence: EXACT, reason };
        }
        let Leaf { path, name, value, .. } = leaf;
        Explained { path, name, value, guess }
    });
    (sender.map(|sender| sender.name.as_str()), explained.collect())
}
