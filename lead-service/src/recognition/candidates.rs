//! Candidates for a name: the fields that it may mean, by the dictionary.

use super::{
    dictionary::{Candidate, DICTIONARY, Dictionary, EXACT, STRONG, api_name, is_of_another},
    fold, words,
};

/// How sure a question makes of the field that it asks for.
const WITHIN: f32 = 0.7;
/// What leaving words out costs.
const STRIPPED: f32 = 0.05;
/// What a place deep in a document costs.
const NESTED: f32 = 0.02;
/// Most words of a question that is looked at.
const LONGEST: usize = 16;

/// What a name, a path, a label or a question may mean: the surest first.
pub fn candidates(name: &str) -> Vec<Candidate> {
    let segments = segments(name);
    match segments.as_slice() {
        [ancestors @ .., parent, last] => {
            if ancestors.iter().chain([parent]).any(|part| is_of_another(part)) {
                return Vec::new();
            }
            let mut found = Found::default();
            // Names may have dots that are no path's.
            found.extend(DICTIONARY.named(&fold(name)), 0.0);
            found.extend(&candidates_below(Some(parent), last), 0.0);
            found.sorted()
        }
        [] | [_] => candidates_below(None, name),
    }
}

/// What a name may mean in an object of that name; none at the top.
pub fn candidates_below(parent: Option<&str>, name: &str) -> Vec<Candidate> {
    let dictionary = &*DICTIONARY;
    let mut found = Found::default();
    let folded = fold(name);
    match parent {
        None => {
            if let Some(field) = api_name(name.trim()) {
                found.add(Candidate { field, confidence: EXACT });
            }
            found.extend(dictionary.named(&folded), 0.0);
        }
        Some(parent) => {
            let joined = dictionary.named(&format!("{}{folded}", fold(parent)));
            found.extend(joined, NESTED);
            if folded == "name" && !dictionary.parents.contains(&fold(parent)) {
                return found.sorted();
            }
            if joined.is_empty() {
                let is_sure = |candidate: &&Candidate| candidate.confidence >= STRONG;
                let sure: Vec<Candidate> =
                    dictionary.named(&folded).iter().filter(is_sure).copied().collect();
                found.extend(&sure, NESTED);
            }
        }
    }
    if found.is_empty() {
        stripped(dictionary, name, &mut found);
    }
    if found.is_empty() {
        asked(dictionary, &words(name), &mut found);
    }
    found.sorted()
}

/// What remains of a name without the words that say nothing, and without those that say which of several it is.
fn stripped(dictionary: &Dictionary, name: &str, found: &mut Found) {
    let words = words(name);
    let (mut rest, mut cost) = (String::new(), STRIPPED);
    for word in &words {
        if dictionary.people.contains(word) || dictionary.things.contains(word) {
            return;
        }
        if let Some(own) = dictionary.qualifiers.get(word) {
            cost += own;
        } else if word.bytes().all(|byte| byte.is_ascii_digit()) {
            cost += 0.08;
        } else if !dictionary.decorations.contains(word) {
            rest.push_str(word);
        }
    }
    // The name of a form or a property.
    let is_of_thing = rest == "name" && words.iter().any(|word| dictionary.named.contains(word));
    if words.len() <= LONGEST && !is_of_thing {
        found.extend(dictionary.named(&rest), cost);
    }
}

/// What a question asks for.
fn asked(dictionary: &Dictionary, words: &[String], found: &mut Found) {
    if !(2..=LONGEST).contains(&words.len()) || words.iter().any(|word| dictionary.people.contains(word)) {
        return;
    }
    let is_of_thing = words.iter().any(|word| dictionary.things.contains(word));
    for (phrase, field) in &dictionary.phrases {
        // Whether a question asks for one of these, its answers show.
        let is_shown = words.len() > 3 && matches!(*field, "email" | "phone" | "linkedin_url");
        if (is_shown || !is_of_thing) && words.windows(phrase.len()).any(|window| window == phrase.as_slice())
        {
            found.add(Candidate { field, confidence: WITHIN });
        }
    }
}

/// The parts of a path (`form_response.answers[0].email`, `data[merges][FNAME]`, `data__email`); one for what is none.
pub fn segments(name: &str) -> Vec<&str> {
    if name.contains(char::is_whitespace) || !(name.contains(['.', '[']) || name.contains("__")) {
        return vec![name];
    }
    let parts = name.split(['.', '[', ']']).flat_map(|part| part.split("__"));
    parts.filter(|part| !part.is_empty() && !part.bytes().all(|byte| byte.is_ascii_digit())).collect()
}

#[derive(Default)]
struct Found(Vec<Candidate>);

impl Found {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn add(&mut self, candidate: Candidate) {
        match self.0.iter_mut().find(|own| own.field == candidate.field) {
            Some(own) => own.confidence = own.confidence.max(candidate.confidence),
            None => self.0.push(candidate),
        }
    }

    fn extend(&mut self, candidates: &[Candidate], cost: f32) {
        for candidate in candidates {
            self.add(Candidate { confidence: candidate.confidence - cost, ..*candidate });
        }
    }

    fn sorted(mut self) -> Vec<Candidate> {
        self.0.sort_by(|one, other| {
            other.confidence.total_cmp(&one.confidence).then_with(|| one.field.cmp(other.field))
        });
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recognition::{Door, dictionary::is_guessed};

    fn best(name: &str) -> Option<&'static str> {
        candidates(name).first().map(|candidate| candidate.field)
    }

    #[test]
    fn names_are_known_in_nine_languages_and_however_they_are_written() {
        for (name, field) in [
            ("E-mail Address", "email"),
            ("Primary Email", "email"),
            ("work_email", "email"),
            ("E-mail 1 - Value", "email"),
            ("Person - Email - Work", "email"),
            ("email_from", "email"),
            ("Your email", "email"),
            ("What's your email?", "email"),
            ("E-post", "email"),
            ("emailAddress", "email"),
            ("Email (required)", "email"),
            ("E-mail Address:", "email"),
            ("property_email", "email"),
            ("Correo electrónico", "email"),
            ("Adresse e-mail", "email"),
            ("Mobile Phone", "phone"),
            ("Phone 1 - Value", "phone"),
            ("Work Phone", "phone"),
            ("First Phone", "phone"),
            ("Corporate Phone", "phone"),
            ("SMS", "phone"),
            ("Téléphone", "phone"),
            ("Account Name", "company_name"),
            ("Organization 1 - Name", "company_name"),
            ("companyName", "company_name"),
            ("partner_name", "company_name"),
            ("Société", "company_name"),
            ("Bedrijfsnaam", "company_name"),
            ("What's your company?", "company_name"),
            ("Person Linkedin Url", "linkedin_url"),
            ("linkedInProfileUrl", "linkedin_url"),
            ("First Name *", "first_name"),
            ("Vorname", "first_name"),
            ("Voornaam", "first_name"),
            ("Förnamn", "first_name"),
            ("Apellidos", "last_name"),
            ("Nazwisko", "last_name"),
            ("Imię i nazwisko", "name"),
            ("your-name", "name"),
            ("Stanowisko", "role_title"),
            ("Mensagem", "notes"),
            ("q3_name", "name"),
            ("Lead Source", "source"),
            ("Lead Status", "status"),
        ] {
            assert_eq!(best(name), Some(field), "{name}");
        }
    }

    #[test]
    fn names_of_other_people_and_things_are_no_fields_of_a_person() {
        for name in [
            "Owner email",
            "Assistant's Phone",
            "Email status",
            "Phone 2 - Type",
            "form_name",
            "Campaign Status",
            "Company size",
            "id",
            "City",
            "scheduled_event.name",
            "page_name",
            "user_agent",
        ] {
            let personal = best(name).filter(|field| is_guessed(field, EXACT, Door::Anonymous));
            assert_eq!(personal, None, "{name}");
        }
    }

    #[test]
    fn the_last_parts_of_a_path_say_what_it_is() {
        for (path, field) in [
            ("payload.data.Email", Some("email")),
            ("data[merges][FNAME]", Some("first_name")),
            ("data__email", Some("email")),
            ("contact.name.first", Some("first_name")),
            ("company.name", Some("company_name")),
            ("data.name", Some("name")),
            ("payload.form.name", None),
            ("answers[0].value", None),
        ] {
            assert_eq!(best(path), field, "{path}");
        }
    }

    #[test]
    fn the_more_telling_name_is_the_surer_one() {
        let confidence = |name: &str| candidates(name)[0].confidence;
        assert!(confidence("Job Title") > confidence("Title"));
        assert!(confidence("Mobile Phone") > confidence("Corporate Phone"));
        assert!(confidence("Work Email") > confidence("Other Email"));
        assert!(confidence("email") > confidence("Email"));
    }
}
