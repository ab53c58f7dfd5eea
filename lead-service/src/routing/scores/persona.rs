//! Persona of a person in a purchase, by job title.

use crate::{people::Persona, products::PersonaRoleTitles};

/// The part that a product's titles give to this one. The longest title that it equals or contains as whole words decides;
/// among equals, buyers go first.
pub fn of_title(title: &str, titles: &PersonaRoleTitles) -> Option<Persona> {
    let title = words(title);
    let groups = [
        (Persona::Buyer, &titles.buyers),
        (Persona::Influencer, &titles.influencers),
        (Persona::EndUser, &titles.end_users),
    ];
    let mut best: Option<(usize, Persona)> = None;
    for (persona, known) in groups {
        for known in known.iter().map(|known| words(known)).filter(|known| !known.is_empty()) {
            let found = title.windows(known.len()).any(|part| part == known);
            if found && best.is_none_or(|(length, _)| known.len() > length) {
                best = Some((known.len(), persona));
            }
        }
    }
    best.map(|(_, persona)| persona)
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_title_decides_and_parts_of_words_do_not_count() {
        let titles = PersonaRoleTitles {
            buyers: vec!["CTO".into(), "Head of Sales".into()],
            influencers: vec!["Sales".into(), "C++ Developer".into()],
            end_users: vec!["Developer".into(), "CTO".into()],
        };
        for (title, expected) in [
            ("cto", Some(Persona::Buyer)),
            ("Deputy CTO & founder", Some(Persona::Buyer)),
            ("Head of Sales EMEA", Some(Persona::Buyer)),
            ("Sales Manager", Some(Persona::Influencer)),
            ("Senior Developer", Some(Persona::EndUser)),
            ("Director", None),
            ("Octopus", None),
            ("", None),
        ] {
            assert_eq!(of_title(title, &titles), expected, "{title}");
        }
    }
}
