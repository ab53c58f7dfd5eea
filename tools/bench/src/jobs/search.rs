//! Three words, each of which stands in one text field or another of a lead.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::question::Question;
use super::{Goal, Job, Plan};
use crate::stage::Stage;

/// Where is searched.
pub(super) const PATH: &str = "/api/v2/leads/search";
const FIELDS: [&str; 5] = ["first_name", "last_name", "email", "company_name", "role_title"];
/// Fewer than elsewhere: a search that no index helps must end within a request's time.
const CONNECTIONS: usize = 16;

/// Words that many leads have, and words of one lead.
pub(super) fn run(stage: &Stage<'_>, plan: Plan) -> Result<Vec<Job>> {
    let of_one = words_of_one(stage)?;
    let mut jobs = Vec::new();
    for (name, words) in [("search, many are found", words_of_many()), ("search, one is found", of_one)] {
        let body = body(&words);
        let question =
            Question { name: "POST /leads/search through the gateway", path: PATH, body: Some(&body) };
        let mut job = question.compared(stage, plan, name, CONNECTIONS)?;
        job.goals.push(Goal::at_least("ratio", 0.7, job.ratio_to(1)));
        let answer = stage.ask(PATH, Some(&body))?.json();
        let found = answer.get("results").and_then(Value::as_array).map_or(0, Vec::len);
        let more = answer.get("next_cursor").is_some_and(Value::is_string);
        job.notes.push(format!(
            "{} find {found}{}",
            words.join(", "),
            if more { " on the first page of several" } else { "" }
        ));
        jobs.push(job);
    }
    Ok(jobs)
}

/// About one in 180 leads has all of them.
pub(super) fn words_of_many() -> [String; 3] {
    ["grace", "founder", "company-1"].map(str::to_owned)
}

/// About one in 40 leads has all of them, and each stands in one of eight, of five and of one.
pub(super) fn words_of_most() -> [String; 3] {
    ["ada", "engineer", "company"].map(str::to_owned)
}

/// Words that only a certain lead has together.
pub(super) fn words_of_one(stage: &Stage<'_>) -> Result<[String; 3]> {
    let statement = "select first_name || '|' || split_part(email, '@', 1) || '@|' || split_part(role_title, ' ', 1) \
                     from leads where id = :'lead';\n";
    let text = stage.database()?.run(statement, &[("lead", stage.leads.example())])?;
    let words: Vec<String> = text.trim().split('|').map(str::to_lowercase).collect();
    words.try_into().ok().with_context(|| format!("the example's words are {text:?}"))
}

/// The search for leads that have all words.
pub(super) fn body(words: &[String; 3]) -> Value {
    let somewhere = |word: &String| {
        let in_field = |field| json!({"field": field, "op": "icontains", "value": word});
        json!({"or": FIELDS.map(in_field)})
    };
    json!({"where": {"and": words.each_ref().map(somewhere)}, "page_size": 50})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_may_stand_in_any_field() {
        let body = body(&words_of_many());

        let parts = body["where"]["and"].as_array().unwrap();
        assert_eq!(parts.len(), 3);
        assert_eq!(parts[1]["or"].as_array().unwrap().len(), FIELDS.len());
        assert_eq!(parts[1]["or"][2], json!({"field": "email", "op": "icontains", "value": "founder"}));
    }
}
