//! Choice of a field for each column, beside the other columns.

use super::{
    Column, Door, Guess, candidates,
    dictionary::{self, Candidate, EXACT},
    evidence::Evidence,
    fold,
    forms::TRUSTED,
    values,
};

/// What is less sure than this is no guess.
const LEAST: f32 = 0.5;
/// What values that speak for a name add.
const SUPPORT: f32 = 0.02;

fn no_guess(reason: impl Into<String>) -> Guess {
    Guess { field: None, confidence: 0.0, reason: reason.into() }
}

/// What the name of a column says of it.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    /// The fields that it may be, the surest first.
    pub candidates: &'a [Candidate],
    /// Whether it is of another person than the lead.
    pub is_of_another: bool,
}

/// What a column is by its name and values.
pub fn guess(named: Named<'_>, evidence: &Evidence, door: Door) -> Guess {
    let mut dropped = None;
    for Candidate { field, confidence } in named.candidates.iter().copied() {
        // What is called by the API's own name is asked for; but a file's columns were named for another program.
        let is_asked = confidence >= EXACT && (door == Door::Import || is_known_at(field, door));
        if !(is_asked || dictionary::is_guessed(field, confidence, door)) {
            continue;
        }
        if let Some(reason) =
            evidence.contradicts(field, confidence).filter(|_| !is_asked || door == Door::Import)
        {
            dropped = dropped.or_else(|| Some(format!("The name is one of {field}, but {reason}.")));
            continue;
        }
        let support = evidence.supports(field);
        let confidence = if support { (confidence + SUPPORT).min(EXACT) } else { confidence };
        if confidence >= LEAST {
            let reason = if support { "The name and the values say so." } else { "The name says so." };
            return Guess { field: Some(field), confidence, reason: reason.to_owned() };
        }
    }
    if let Some((field, confidence, why)) = evidence.field().filter(|_| !named.is_of_another) {
        return Guess {
            field: Some(field),
            confidence,
            reason: format!("The name is not known, but {why}."),
        };
    }
    no_guess(dropped.unwrap_or_else(|| "The name is not known.".to_owned()))
}

/// Fields that a form or a program may feed by the API's own name, although they are not guessed there.
fn is_known_at(field: &str, door: Door) -> bool {
    match field {
        "persona" | "score" | "opt_out" | "external_id" => false,
        field => door == Door::Trusted || !TRUSTED.contains(&field),
    }
}

/// A guess for each column, in their order.
pub fn guesses(columns: &[Column<'_>], door: Door) -> Vec<Guess> {
    let guessed = |column: &Column<'_>| {
        let candidates = candidates::candidates(column.name);
        let is_of_another = dictionary::is_of_another(column.name);
        guess(Named { candidates: &candidates, is_of_another }, &Evidence::of(&column.samples), door)
    };
    let mut guesses: Vec<Guess> = columns.iter().map(guessed).collect();
    let is_plain_name = |column: &Column<'_>| fold(column.name) == "name";
    let fed = |guesses: &[Guess], field: &str| guesses.iter().any(|guess| guess.field == Some(field));
    // Where another column says how the person is called, `name` is that of something else, such as a deal.
    let names_person = columns.iter().zip(&guesses).any(|(column, guess)| {
        guess.field == Some("name") && !is_plain_name(column) && fold(column.name).contains("contact")
    });
    let has_amount = fed(&guesses, "estimated_value");
    for (column, guess) in columns.iter().zip(&mut guesses) {
        match guess.field {
            Some("name") if names_person && is_plain_name(column) => {
                *guess = no_guess("Another column says how the person is called.");
            }
            // The currency of a ticket or an order is not that of a deal.
            Some("currency") if !has_amount && door == Door::Import => {
                *guess = no_guess("No column has an amount that it would be the currency of.");
            }
            _ => {}
        }
    }
    guesses
}

/// The column that says in which country a person is: the first that is called so and has countries.
pub fn country(columns: &[Column<'_>]) -> Option<usize> {
    columns.iter().position(|column| {
        let mut cells = column.samples.iter().filter(|cell| !cell.trim().is_empty()).peekable();
        dictionary::is_country(column.name)
            && cells.peek().is_some()
            && cells.any(|cell| values::country(cell).is_some())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(columns: &[(&'static str, &[&'static str])], door: Door) -> Vec<Option<&'static str>> {
        let columns: Vec<Column<'_>> =
            columns.iter().map(|(name, samples)| Column { name, samples: samples.to_vec() }).collect();
        guesses(&columns, door).into_iter().map(|guess| guess.field).collect()
    }

    #[test]
    fn a_column_of_addresses_is_the_e_mail_column_whatever_its_name() {
        let columns: [(&str, &[&str]); 3] =
            [("01ABC", &["a@x.example", "b@x.example"]), ("Owner", &["c@x.example"]), ("02DEF", &["Ada"])];
        assert_eq!(fields(&columns, Door::Server), [Some("email"), None, None]);
    }

    #[test]
    fn a_guess_that_its_values_contradict_is_dropped_and_says_so() {
        let column = Column { name: "Title", samples: vec!["Dr", "Mrs."] };
        let guess = &guesses(&[column], Door::Import)[0];
        assert_eq!(guess.field, None);
        assert!(guess.reason.contains("role_title"), "{}", guess.reason);
    }

    #[test]
    fn the_name_of_a_deal_is_not_that_of_its_contact() {
        let columns: [(&str, &[&str]); 3] =
            [("name", &["12 licences"]), ("contact_name", &["Ada L"]), ("email_from", &["a@x.example"])];
        assert_eq!(fields(&columns, Door::Import), [None, Some("name"), Some("email")]);
    }

    #[test]
    fn a_currency_without_an_amount_is_of_something_else() {
        let columns: [(&str, &[&str]); 2] = [("Currency", &["EUR"]), ("Ticket Price", &["12"])];
        assert_eq!(fields(&columns, Door::Import), [None, None]);
        let columns: [(&str, &[&str]); 2] = [("Currency", &["EUR"]), ("Deal value", &["12"])];
        assert_eq!(fields(&columns, Door::Import), [Some("currency"), Some("estimated_value")]);
    }

    #[test]
    fn doors_where_nothing_is_known_of_the_sender_guess_persons_and_messages_only() {
        let columns: [(&str, &[&str]); 6] = [
            ("Your email", &["a@x.example"]),
            ("Lead Status", &["New"]),
            ("Score", &["7"]),
            ("Newsletter", &["yes"]),
            ("Lead source", &["Event"]),
            ("Owner", &["b@x.example"]),
        ];
        let email = Some("email");
        assert_eq!(fields(&columns, Door::Anonymous), [email, None, None, None, None, None]);
        assert_eq!(fields(&columns, Door::Server), [email, None, None, None, Some("source"), None]);
        let all =
            [email, Some("status"), Some("score"), Some("consent"), Some("source"), Some("assigned_to")];
        assert_eq!(fields(&columns, Door::Import), all);
    }

    #[test]
    fn the_country_column_has_countries() {
        let columns =
            [Column { name: "Country", samples: vec![] }, Column { name: "Land", samples: vec!["Schweden"] }];
        assert_eq!(country(&columns), Some(1));
    }
}
