//! Paths in Rust source that begin at the crate's root.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::vec::IntoIter;

/// A name, or a sign that paths are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Name(String),
    Sign(&'static str),
}

/// What paths are taken apart by. `<` tells `use<…>` from an import.
const SIGNS: [&str; 6] = ["::", "{", "}", ",", ";", "<"];

type Tokens = Peekable<IntoIter<Token>>;

/// All paths of a module that lead to its crate, from the crate's root: those of `use`, those in the code, and those in the
/// code that begin with a name from `use`.
pub(super) fn of_crate(text: &str, module: &[String]) -> Vec<Vec<String>> {
    let mut tokens = tokens(text).into_iter().peekable();
    let mut imported: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut written = Vec::new();
    let mut found = Vec::new();
    while let Some(token) = tokens.next() {
        match token {
            Token::Name(name) if name == "use" && tokens.peek() != Some(&Token::Sign("<")) => {
                for (path, alias) in tree(&mut tokens, &[]) {
                    if let Some(path) = from_root(&path, module) {
                        imported.insert(alias, path.clone());
                        found.push(path);
                    }
                }
            }
            Token::Name(name) => written.push(rest(&mut tokens, name)),
            Token::Sign(_) => {}
        }
    }
    for path in written.into_iter().filter(|path| path.len() > 1) {
        if let Some(path) = from_root(&path, module) {
            found.push(path);
        } else if let Some((first, rest)) = path.split_first()
            && let Some(start) = imported.get(first)
        {
            found.push([start, rest].concat());
        }
    }
    found
}

/// A path from the crate's root; none of another crate's or of a name in scope.
fn from_root(path: &[String], module: &[String]) -> Option<Vec<String>> {
    let (first, mut rest) = path.split_first()?;
    let mut start = match first.as_str() {
        "crate" => &[],
        "self" => module,
        "super" => module.split_last()?.1,
        _ => return None,
    };
    while let Some(("super", further)) = rest.split_first().map(|(name, further)| (name.as_str(), further)) {
        (start, rest) = (start.split_last()?.1, further);
    }
    Some([start, rest].concat())
}

/// The path that begins with `name`.
fn rest(tokens: &mut Tokens, name: String) -> Vec<String> {
    let mut path = vec![name];
    while tokens.next_if_eq(&Token::Sign("::")).is_some() {
        match tokens.next_if(|token| matches!(token, Token::Name(_))) {
            Some(Token::Name(name)) => path.push(name),
            _ => break,
        }
    }
    path
}

/// The paths of a `use` up to the sign that ends it, each with the name that it has in the module.
fn tree(tokens: &mut Tokens, start: &[String]) -> Vec<(Vec<String>, String)> {
    let mut found = Vec::new();
    let mut path = start.to_vec();
    let mut alias = None;
    let mut is_whole = false;
    while let Some(token) = tokens.next() {
        match token {
            Token::Name(name) if name == "as" => {
                if let Some(Token::Name(name)) = tokens.next() {
                    alias = Some(name);
                }
            }
            Token::Name(name) => {
                if name != "self" || path.is_empty() {
                    path.push(name);
                }
                is_whole = true;
            }
            Token::Sign("{") => {
                found.extend(tree(tokens, &path));
                is_whole = false;
            }
            Token::Sign(end @ ("," | "}" | ";")) => {
                let path = std::mem::replace(&mut path, start.to_vec());
                if std::mem::take(&mut is_whole) {
                    let alias = alias.take().or_else(|| path.last().cloned());
                    found.push((path, alias.unwrap_or_default()));
                }
                if end != "," {
                    break;
                }
            }
            Token::Sign(_) => {}
        }
    }
    found
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(length) = literal(rest) {
            length
        } else if first.is_alphabetic() || first == '_' {
            let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            tokens.push(Token::Name(rest.get(..length).unwrap_or_default().to_owned()));
            length
        } else if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            tokens.push(Token::Sign(sign));
            sign.len()
        } else {
            first.len_utf8()
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    tokens
}

/// Length of the string or character that a text begins with.
fn literal(text: &str) -> Option<usize> {
    if let Some(raw) = text.strip_prefix('r') {
        let quoted = raw.trim_start_matches('#');
        let hashes = raw.len() - quoted.len();
        let inside = quoted.strip_prefix('"')?;
        let end = format!("\"{}", "#".repeat(hashes));
        let length = inside.find(&end).map_or(inside.len(), |found| found + end.len());
        return Some(1 + hashes + 1 + length);
    }
    if let Some(inside) = text.strip_prefix('"') {
        return Some(1 + closing(inside, '"'));
    }
    let inside = text.strip_prefix('\'')?;
    // Without a closing quote behind it, it is a lifetime.
    let is_character = inside.starts_with('\\') || inside.chars().nth(1) == Some('\'');
    is_character.then(|| 1 + closing(inside, '\''))
}

/// Where a literal ends, behind its quote.
fn closing(inside: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (place, character) in inside.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if character == quote => return place + quote.len_utf8(),
            _ => {}
        }
    }
    inside.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        let module = ["users".to_owned(), "store".to_owned()];
        of_crate(text, &module).into_iter().map(|path| path.join("::")).collect()
    }

    #[test]
    fn trees_of_use_are_taken_apart() {
        let text = "use std::fs;\npub use crate::{a, b::{self, C as D, e::F}};\nuse super::api::G;\n";

        assert_eq!(paths(text), ["a", "b", "b::C", "b::e::F", "users::api::G"]);
    }

    #[test]
    fn paths_in_code_begin_at_the_root_or_with_a_name_from_use() {
        let text = "use crate::a::{self, B};\nfn f() { a::c(); B::new(); crate::d::e(); super::super::g::h::<u8>(); other::i() }";

        assert_eq!(paths(text), ["a", "a::B", "a::c", "a::B::new", "d::e", "g::h"]);
    }

    #[test]
    fn literals_comments_and_lifetimes_hold_no_path() {
        let text = r##"// crate::a
const A: [&str; 3] = ["crate::b \" crate::c", r#"crate::d " crate::e"#, "\\"]; const B: char = '"'; const C: char = '\'';
fn f<'a>(x: &'a str) -> impl Iterator + use<'a> { crate::g::h(x) }"##;

        assert_eq!(paths(text), ["g::h"]);
    }
}
