//! Models behind OpenAI-compatible chat completions: one question, no tools, an answer in JSON.
//!
//! Servers differ in what they keep of the interface: they ignore the schema, wrap the answer in a fence, say `stop` of a
//! cut answer, leave `usage` out. Nothing is repaired here: what was written is handed on with its tokens, and whether it
//! fits is decided by who asked.

use contracts::internal::enrichments::EnrichmentType;
use futures::FutureExt;
use platform::egress::{Egress, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Adapter, Answer, Failure, Hit, Outcome, Prepared, Question, Setup, Tokens,
    dialect::{self, Dialect, Meaning},
    http::raw_of,
    masked,
    vendors::apollo::dialect_of,
};

const NAME: &str = "The model";
/// Characters that make a token, where the model does not say.
const LETTERS_PER_TOKEN: usize = 4;
/// Largest answer that is read.
const MOST_BYTES: usize = 2 << 20;

/// A question to a model.
#[derive(Clone, Debug, Default)]
pub struct Chat {
    /// The fixed instruction.
    pub system: String,
    /// Turns after it: the question, and for a second try the first answer and what was wrong with it.
    pub turns: Vec<(Role, String)>,
    /// The JSON schema of the answer.
    pub schema: Value,
    /// Name of the model, where it is not the provider's own.
    pub model: Option<String>,
    /// 0 unless given.
    pub temperature: Option<f64>,
    /// Most tokens that are written.
    pub max_output_tokens: i32,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// We.
    User,
    /// The model.
    Assistant,
}

/// The text of a model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Written {
    /// The text.
    pub text: String,
    /// Why it refused to answer.
    pub refusal: Option<String>,
    /// Whether it ran out of room.
    pub is_cut: bool,
    /// Name of the model that answered.
    pub model: Option<String>,
}

impl Chat {
    /// Tokens that are read, about.
    pub fn read_estimate(&self) -> i32 {
        let letters = self.system.len()
            + self.turns.iter().map(|(_, text)| text.len()).sum::<usize>()
            + self.schema.to_string().len();
        i32::try_from(letters / LETTERS_PER_TOKEN + 50).unwrap_or(i32::MAX)
    }

    fn messages(&self) -> Vec<Value> {
        let mut messages = vec![json!({ "role": "system", "content": self.system })];
        messages.extend(self.turns.iter().map(|(role, text)| {
            let role = if *role == Role::User { "user" } else { "assistant" };
            json!({ "role": role, "content": text })
        }));
        messages
    }
}

/// Asks models.
pub struct Model {
    egress: Egress,
}

impl Model {
    /// Asks through this client.
    pub fn new(egress: Egress) -> Self {
        Self { egress }
    }
}

impl Adapter for Model {
    fn covers(&self, _: &Setup) -> Vec<EnrichmentType> {
        vec![EnrichmentType::CustomColumn, EnrichmentType::LeadLinkedinResearch]
    }

    fn prepare<'a>(&'a self, setup: &'a Setup, question: &'a Question) -> Result<Prepared<'a>, Failure> {
        let chat =
            question.chat.as_ref().ok_or_else(|| Failure::lasting("no_question", "There is no question."))?;
        let base = setup.base_url.as_deref().unwrap_or_default().trim_end_matches('/');
        let body = body(setup, chat);
        let mut request = Request::post(format!("{base}/chat/completions"), body.to_string())
            .header("content-type", "application/json")
            .deadline(setup.timeout)
            .max_bytes(MOST_BYTES)
            .max_redirects(0);
        if let Some(key) = setup.credential("api_key") {
            request = request.header("authorization", &format!("Bearer {key}"));
        }
        let work = async move { self.ask(setup, chat, request).await };
        Ok(Prepared { key: body.to_string(), work: work.boxed() })
    }
}

fn body(setup: &Setup, chat: &Chat) -> Value {
    let own = setup.config.get("model").and_then(Value::as_str);
    let mut body = json!({
        "model": chat.model.as_deref().or(own).unwrap_or("default"),
        "messages": chat.messages(),
        "temperature": chat.temperature.unwrap_or(0.0),
        "seed": 1,
    });
    let uses_old_name = setup.config.get("uses_max_tokens").and_then(Value::as_bool).unwrap_or(false);
    let limit = if uses_old_name { "max_tokens" } else { "max_completion_tokens" };
    let takes_schema = setup.config.get("response_format").and_then(Value::as_bool).unwrap_or(true);
    if let Some(members) = body.as_object_mut() {
        members.insert(limit.to_owned(), json!(chat.max_output_tokens));
        if takes_schema {
            let schema = json!({ "name": "answer", "strict": true, "schema": chat.schema });
            members.insert(
                "response_format".to_owned(),
                json!({ "type": "json_schema", "json_schema": schema }),
            );
        }
    }
    body
}

impl Model {
    async fn ask(&self, setup: &Setup, chat: &Chat, request: Request) -> Answer {
        let response = match self.egress.send(request).await {
            Ok(response) => response,
            Err(error) => {
                let mut failure = Failure::of_egress(&error, NAME);
                failure.message = masked(&failure.message, &setup.credentials);
                return Answer::failed(failure);
            }
        };
        let status = response.status.as_u16();
        let raw = raw_of(&response, &setup.credentials);
        let dialect = Dialect::usual().with(dialect_of(setup));
        let meaning = dialect.meaning(status, dialect::retry_after(&response));
        let document: Option<Value> = platform::http::body::parse(&response.body).ok();
        let (outcome, tokens) = match (meaning, document) {
            (Meaning::Answered, Some(document)) => read(&document, chat),
            (Meaning::Answered, None) => {
                let failure = Failure::passing("malformed", "The model's server answered no whole JSON.");
                (Outcome::Failed(failure), Some(estimated(chat, "")))
            }
            (meaning, document) => (Outcome::Failed(refusal(meaning, status, document.as_ref())), None),
        };
        Answer { raw: vec![raw], http_status: Some(status), tokens, outcome }
    }
}

fn refusal(meaning: Meaning, status: u16, document: Option<&Value>) -> Failure {
    let code = document.and_then(|document| document.pointer("/error/code")).and_then(Value::as_str);
    let kind = document.and_then(|document| document.pointer("/error/type")).and_then(Value::as_str);
    // Both come with 429, but only one of them passes.
    if [code, kind].contains(&Some("insufficient_quota")) {
        return Failure::lasting("out_of_credit", "The model's account has no quota left.");
    }
    match meaning {
        Meaning::NotFound => {
            Failure::lasting("model_not_found", "The model's server does not know the model.")
        }
        meaning => meaning.failure(NAME, status).unwrap_or_else(|| {
            Failure::lasting("refused", format!("The model's server answered with status {status}."))
        }),
    }
}

fn read(document: &Value, chat: &Chat) -> (Outcome, Option<Tokens>) {
    let choice = document.pointer("/choices/0");
    let message = choice.and_then(|choice| choice.get("message"));
    let text = message.and_then(|message| message.get("content")).and_then(Value::as_str).unwrap_or_default();
    let tokens = usage(document).unwrap_or_else(|| estimated(chat, text));
    let Some(message) = message else {
        let failure = Failure::passing("malformed", "The model's server answered without a message.");
        return (Outcome::Failed(failure), Some(tokens));
    };
    let reason = choice.and_then(|choice| choice.get("finish_reason")).and_then(Value::as_str);
    let refusal = message.get("refusal").and_then(Value::as_str).map(str::to_owned);
    let filtered = (reason == Some("content_filter")).then(|| "The answer was filtered.".to_owned());
    let written = Written {
        text: text.to_owned(),
        refusal: refusal.or(filtered),
        is_cut: reason == Some("length"),
        model: document.get("model").and_then(Value::as_str).map(|name| name.chars().take(200).collect()),
    };
    (Outcome::Hit(Hit::Text(written)), Some(tokens))
}

fn usage(document: &Value) -> Option<Tokens> {
    let number = |name: &str| {
        let number = document.pointer(&format!("/usage/{name}"))?.as_i64()?;
        i32::try_from(number).ok().filter(|number| *number >= 0)
    };
    Some(Tokens { read: number("prompt_tokens")?, written: number("completion_tokens")?, estimated: false })
}

fn estimated(chat: &Chat, text: &str) -> Tokens {
    let written = i32::try_from(text.len() / LETTERS_PER_TOKEN + 1).unwrap_or(i32::MAX);
    Tokens { read: chat.read_estimate(), written, estimated: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chat() -> Chat {
        Chat { system: "x".repeat(400), max_output_tokens: 50, ..Chat::default() }
    }

    #[test]
    fn tokens_that_are_not_told_are_estimated_and_never_none() {
        let silent = json!({ "choices": [{ "message": { "content": "{}" }, "finish_reason": "stop" }] });
        let (_, tokens) = read(&silent, &chat());
        assert!(tokens.is_some_and(|tokens| tokens.estimated && tokens.read >= 100 && tokens.written > 0));
        let told = json!({ "choices": [{ "message": { "content": "{}" } }], "usage": { "prompt_tokens": 7, "completion_tokens": 3 } });
        assert_eq!(read(&told, &chat()).1, Some(Tokens { read: 7, written: 3, estimated: false }));
    }

    #[test]
    fn a_used_up_quota_is_not_a_full_minute() {
        let throttled = json!({ "error": { "code": "rate_limit_exceeded" } });
        let empty = json!({ "error": { "type": "insufficient_quota", "code": "insufficient_quota" } });
        assert_eq!(refusal(Meaning::Throttled(None), 429, Some(&throttled)).code, "rate_limited");
        assert_eq!(refusal(Meaning::Throttled(None), 429, Some(&empty)).code, "out_of_credit");
    }

    #[test]
    fn a_refusal_and_a_cut_answer_are_told_apart() {
        let written = |choice: Value| match read(&json!({ "choices": [choice] }), &chat()).0 {
            Outcome::Hit(Hit::Text(written)) => written,
            other => panic!("{other:?}"),
        };
        assert!(written(json!({ "message": { "content": null, "refusal": "No." } })).refusal.is_some());
        assert!(
            written(json!({ "message": { "content": "" }, "finish_reason": "content_filter" }))
                .refusal
                .is_some()
        );
        assert!(written(json!({ "message": { "content": "{\"a\"" }, "finish_reason": "length" })).is_cut);
    }
}
