//! People at an account who fit the product: asked for page by page, suggested as leads.

use contracts::internal::records::{KnownRecord, SuggestLeads};
use platform::Problem;
use serde_json::{Map, Value, json};

use super::{
    EnrichmentJob,
    ending::{Ending, Outcome},
    fill,
    scene::Scene,
};
use crate::{
    adapters::{Failure, Hit, People},
    asking::Refusal,
    deps::Deps,
    money::Amount,
};

/// Leads that a job makes unless it says otherwise, and at most.
const MAX: i64 = 100;
const MOST: i64 = 1_000;
/// Pages asked of one provider.
const MOST_PAGES: u64 = 40;

/// The text that is looked for.
struct Search {
    titles: Vec<(String, &'static str)>,
    keywords: Vec<String>,
}

/// Its result.
#[derive(Default)]
struct Found {
    created: i64,
    total: i64,
    known: i64,
    unusable: i64,
    cost: Amount,
}

/// Looks for people and suggests them.
pub async fn find(deps: &Deps, job: &EnrichmentJob, scene: &Scene) -> Result<Outcome, Problem> {
    if scene.steps.is_empty() {
        let failure = Failure::lasting("no_provider", "No provider finds people.");
        return Ok(Outcome::ending(Ending::Skipped(failure)));
    }
    let known = match fill::read(deps, job, scene).await {
        Ok(known) => known,
        Err(outcome) => return Ok(outcome),
    };
    let search = Search::of(&known, &job.input);
    let max = job.input.get("max").and_then(Value::as_i64).unwrap_or(MAX).clamp(1, MOST);
    let mut found = Found::default();
    let mut failures = Vec::new();
    let mut has_answer = false;
    let mut stopped = None;
    for step in &scene.steps {
        let mut page = 1;
        while page <= MOST_PAGES && found.total < max && stopped.is_none() {
            let question = search.question(&known, job, page)?;
            let asked =
                match deps.asking.ask(deps, &step.provider, &question, &scene.purpose(deps, job)).await {
                    Ok(asked) => asked,
                    Err(Refusal::Problem(problem)) => return Err(problem),
                    Err(Refusal::NoBudget(scope)) => {
                        stopped = Some(Ending::NoBudget(scope));
                        break;
                    }
                    Err(refusal) => {
                        found.cost = found.cost + refusal.cost();
                        failures.push(refusal.failure());
                        break;
                    }
                };
            has_answer = true;
            found.cost = found.cost + asked.cost;
            let Some(Hit::People(People { people, more })) = asked.hit else { break };
            let people =
                people.into_iter().map(|person| search.suggested(person, &step.provider.named())).collect();
            let call = SuggestLeads {
                tenant_id: job.tenant(),
                account_id: known.id,
                job_id: job.id,
                started_by: job.started_by,
                people,
                max,
            };
            match deps.peers.call(&call).await {
                Ok(suggested) => {
                    found.created += suggested.created;
                    found.total = suggested.total;
                    found.known += suggested.known;
                    found.unusable += suggested.unusable;
                }
                Err(error) => {
                    let mut outcome = Outcome::failed(fill::unavailable(&error));
                    outcome.cost = found.cost;
                    return Ok(outcome);
                }
            }
            if !more {
                break;
            }
            page += 1;
        }
    }
    Ok(ended(&found, failures, has_answer, stopped))
}

fn ended(found: &Found, failures: Vec<Failure>, has_answer: bool, stopped: Option<Ending>) -> Outcome {
    let passing = failures.iter().find(|failure| failure.retryable).cloned();
    let lasting = failures.into_iter().next().filter(|_| !has_answer);
    let ending = match (stopped, passing.or(lasting)) {
        (Some(ending), _) => ending,
        (None, Some(failure)) if found.total == 0 => Ending::Failed(failure),
        (None, _) => Ending::Completed,
    };
    let mut outcome = Outcome::ending(ending);
    outcome.cost = found.cost;
    let counts = json!({ "created": found.total, "known": found.known, "unusable": found.unusable });
    outcome.state.insert("leads".to_owned(), counts);
    outcome
}

impl Search {
    /// By the titles of the product's personas, or those that were asked for; without any, by what describes the customer.
    fn of(known: &KnownRecord, input: &Value) -> Self {
        let asked = texts(input.get("titles"));
        let personas = known.product.get("persona_role_titles");
        let of = |name: &str, persona: &'static str| {
            texts(personas.and_then(|personas| personas.get(name)))
                .into_iter()
                .map(move |title| (title, persona))
        };
        let known_titles: Vec<(String, &'static str)> = of("buyers", "buyer")
            .chain(of("influencers", "influencer"))
            .chain(of("end_users", "end_user"))
            .collect();
        let titles = if asked.is_empty() {
            known_titles
        } else {
            let persona = |title: &String| {
                let named = known_titles.iter().find(|(known, _)| known.eq_ignore_ascii_case(title));
                named.map_or("", |(_, persona)| persona)
            };
            asked.into_iter().map(|title| (title.clone(), persona(&title))).collect()
        };
        let mut keywords = texts(known.product.get("keywords"));
        if titles.is_empty()
            && let Some(ideal) = known.product.get("icp_description").and_then(Value::as_str)
        {
            keywords.push(ideal.chars().take(300).collect());
        }
        Self { titles, keywords }
    }

    fn question(
        &self,
        known: &KnownRecord,
        job: &EnrichmentJob,
        page: u64,
    ) -> Result<crate::adapters::Question, Problem> {
        let mut question = fill::question(job.kind()?, known, job);
        let titles: Vec<&String> = self.titles.iter().map(|(title, _)| title).take(100).collect();
        question.job.insert("titles".to_owned(), json!(titles));
        question.job.insert("keywords".to_owned(), json!(self.keywords.join(" ")));
        question.job.insert("page".to_owned(), json!(page));
        Ok(question)
    }

    /// A person as a lead, with how well they fit.
    fn suggested(&self, mut person: Map<String, Value>, provider: &Value) -> Map<String, Value> {
        let role = person.get("role_title").and_then(Value::as_str).unwrap_or_default().to_lowercase();
        let matched: Vec<&(String, &str)> =
            self.titles.iter().filter(|(title, _)| fits(&role, &title.to_lowercase())).collect();
        let keyword =
            self.keywords.iter().find(|word| !word.contains(' ') && role.contains(&word.to_lowercase()));
        let mut reasons: Vec<String> =
            matched.iter().map(|(title, _)| format!("The role matches the title {title:?}.")).collect();
        reasons.extend(keyword.map(|word| format!("The role has the keyword {word:?}.")));
        let is_reachable = person.get("email").is_some();
        let fit: f64 = if matched.is_empty() { if keyword.is_some() { 0.4 } else { 0.2 } } else { 0.8 };
        let fit = if is_reachable { fit + 0.1 } else { fit };
        if is_reachable {
            reasons.push("An e-mail address is known.".to_owned());
        }
        let titles: Vec<&String> = matched.iter().map(|(title, _)| title).collect();
        let evaluation =
            json!({ "fit": fit, "reasons": reasons, "matched_titles": titles, "provider": provider });
        if let Some(persona) = matched.iter().map(|(_, persona)| *persona).find(|persona| !persona.is_empty())
        {
            person.insert("persona".to_owned(), json!(persona));
        }
        person.insert("score".to_owned(), json!((fit * 100.0).round()));
        person.insert("evaluation".to_owned(), evaluation);
        person
    }
}

/// Whether a role is what a title says: every word of the title stands in it.
fn fits(role: &str, title: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (role, title) = (words(role), words(title));
    !title.is_empty() && title.iter().all(|word| role.contains(word))
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let items = value.and_then(Value::as_array).into_iter().flatten();
    items
        .filter_map(Value::as_str)
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_fits_when_every_word_of_the_title_stands_in_it() {
        assert!(fits("senior vp of sales, emea", "vp sales"));
        assert!(!fits("sales assistant", "vp sales"));
        assert!(!fits("cto", ""));
    }

    #[test]
    fn a_person_is_evaluated_by_titles_and_keywords() {
        let search = Search {
            titles: vec![("CTO".to_owned(), "buyer"), ("Developer".to_owned(), "end_user")],
            keywords: vec!["rust".to_owned()],
        };
        let person = |role: &str| Map::from_iter([("role_title".to_owned(), json!(role))]);
        let buyer = search.suggested(person("CTO"), &Value::Null);
        assert_eq!(
            (&buyer["persona"], &buyer["evaluation"]["matched_titles"]),
            (&json!("buyer"), &json!(["CTO"]))
        );
        let other = search.suggested(person("Rust trainer"), &Value::Null);
        assert_eq!((other.get("persona"), &other["evaluation"]["fit"]), (None, &json!(0.4)));
    }
}
