//! Answers of models: read strictly, asked for once more where they do not fit, never repaired.

mod reading;

use platform::Problem;

pub use reading::{clean, occurs, parse, quoted};

use crate::{
    adapters::{
        Hit, Question,
        model::{Chat, Role, Written},
    },
    asking::{Purpose, Refusal},
    deps::Deps,
    money::Amount,
    providers::domain::Provider,
};

/// The answer of a model.
#[derive(Debug)]
pub struct Replied<T> {
    /// The answer.
    pub reply: Reply<T>,
    /// The cost of both tries together.
    pub cost: Amount,
    /// Tokens that it read.
    pub tokens_in: i32,
    /// Tokens that it wrote.
    pub tokens_out: i32,
    /// Which model it was.
    pub model: Option<String>,
}

/// An answer that fits, or why there is none.
#[derive(Debug)]
pub enum Reply<T> {
    /// It fits.
    Fits(T),
    /// The model refused. It is not asked again.
    Refused(String),
    /// It does not fit, also at the second try.
    Invalid(String),
}

/// Asks a model for an answer that `check` takes. One that it does not take is asked for once more, with what was wrong.
///
/// # Errors
/// [`Refusal`]: it was not asked, or gave no answer at all.
pub async fn ask<T>(
    deps: &Deps,
    provider: &Provider,
    chat: Chat,
    purpose: &Purpose,
    check: impl Fn(&Written) -> Result<T, String>,
) -> Result<Replied<T>, Refusal> {
    let mut question = Question { kind: None, chat: Some(chat), ..Question::default() };
    let mut replied = Replied {
        reply: Reply::Invalid(String::new()),
        cost: Amount::ZERO,
        tokens_in: 0,
        tokens_out: 0,
        model: None,
    };
    for attempt in 0..2 {
        let asked = match deps.asking.ask(deps, provider, &question, purpose).await {
            Ok(asked) => asked,
            // The first answer is paid: it is told.
            Err(refusal) if attempt > 0 && !matches!(refusal, Refusal::Problem(_)) => return Ok(replied),
            Err(refusal) => return Err(refusal),
        };
        replied.cost = replied.cost + asked.cost;
        if let Some(tokens) = asked.tokens {
            replied.tokens_in = replied.tokens_in.saturating_add(tokens.read);
            replied.tokens_out = replied.tokens_out.saturating_add(tokens.written);
        }
        let Some(Hit::Text(written)) = asked.hit else {
            return Err(Refusal::Problem(Problem::internal("a model answered something else than text")));
        };
        replied.model = written.model.clone().or(replied.model);
        if let Some(reason) = written.refusal {
            replied.reply = Reply::Refused(clean(&reason, 500));
            return Ok(replied);
        }
        match check(&written) {
            Ok(value) => {
                replied.reply = Reply::Fits(value);
                return Ok(replied);
            }
            Err(fault) => {
                if let Some(chat) = &mut question.chat {
                    let first: String = written.text.chars().take(4_000).collect();
                    chat.turns.push((Role::Assistant, first));
                    let again =
                        format!("That does not fit: {fault}. Answer again, with the JSON object alone.");
                    chat.turns.push((Role::User, again));
                }
                replied.reply = Reply::Invalid(fault);
            }
        }
    }
    Ok(replied)
}
