//! The rules about one source file.

use std::path::Path;

const LONGEST: usize = 400;
const LONGEST_MAIN: usize = 30;
/// Beginning of a first comment that permits a long file.
const EXCUSE: &str = "// tidy: long because ";
/// Names without a meaning.
const EMPTY_NAMES: [&str; 6] = ["util", "utils", "helper", "helpers", "common", "misc"];

// Written in two pieces, so that this file passes its own check.
const LEFTOVER_WORDS: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
const LEFTOVER_MACROS: [&str; 2] = [concat!("to", "do!("), concat!("unimple", "mented!(")];
/// Vague words: name the thing or the role instead.
const VAGUE_WORDS: [&str; 9] =
    ["whoever", "whom", "whose", "somebody", "nobody", "everybody", "anybody", "anew", "hears"];
/// A file's first line is a noun phrase: one that begins like this is a clause.
const CLAUSE_STARTS: [&str; 8] = ["What", "Who", "Whom", "Whose", "How", "Where", "When", "Which"];

const SILENCER: [&str; 2] = [concat!("#[al", "low("), concat!("#![al", "low(")];

/// All faults of a file; `path` is relative to the workspace.
pub(super) fn check(path: &Path, content: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut fault = |line: Option<usize>, text: String| {
        let place = line.map_or(String::new(), |line| format!(":{}", line + 1));
        faults.push(format!("{}{place}: {text}", path.display()));
    };
    let is_rust = path.extension().is_some_and(|ending| ending == "rs");
    let is_script =
        path.extension().is_some_and(|ending| ending == "ts" || ending == "tsx" || ending == "mjs");
    let is_code = is_rust || is_script;
    if is_code {
        if let Some(name) = empty_name(path) {
            fault(None, format!("`{name}` has no meaning"));
        }
        if let Some(text) = length(path, content) {
            fault(None, text);
        }
        if is_rust && !is_generated(path) && !content.starts_with("//!") {
            fault(None, "must start with a `//!` line that describes the file".to_owned());
        }
        if let Some(word) = clause_start(content) {
            fault(Some(0), format!("the first line must be a noun phrase, not a clause with `{word}`"));
        }
    }
    for (number, line) in content.lines().enumerate() {
        let comment = line.find(if is_code { "//" } else { "--" }).and_then(|start| line.get(start..));
        if let Some(word) = comment.and_then(leftover) {
            fault(Some(number), format!("{word} is left over"));
        }
        if is_code && let Some(word) = comment.filter(|_| has_comment(line)).and_then(vague) {
            fault(Some(number), format!("`{word}` is vague: name the thing or the role"));
        }
        if is_rust && LEFTOVER_MACROS.iter().any(|name| line.contains(name)) {
            fault(Some(number), "unfinished code".to_owned());
        }
        if is_rust && SILENCER.iter().any(|start| line.contains(start)) {
            fault(
                Some(number),
                "use #[expect(…, reason = \"…\")], which complains when it isn't needed".to_owned(),
            );
        }
    }
    faults
}

/// A leftover word, standing alone, in a comment.
fn leftover(comment: &str) -> Option<&str> {
    comment.split(|c: char| !c.is_alphanumeric() && c != '_').find(|word| LEFTOVER_WORDS.contains(word))
}

/// Whether a line has a comment; `//` within an address is none.
fn has_comment(line: &str) -> bool {
    line.trim_start().starts_with("//") || line.contains(" // ")
}

/// A vague word in a comment, outside code in backticks.
fn vague(comment: &str) -> Option<&str> {
    let prose = comment.split('`').step_by(2);
    prose
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
        .find(|word| VAGUE_WORDS.iter().any(|vague| word.eq_ignore_ascii_case(vague)))
}

/// The word by which a file's first line is a clause.
fn clause_start(content: &str) -> Option<&str> {
    let first =
        content.lines().next()?.strip_prefix("//")?.trim_start_matches('!').split_whitespace().next()?;
    CLAUSE_STARTS.contains(&first).then_some(first)
}

/// Directory or file name without a meaning.
fn empty_name(path: &Path) -> Option<String> {
    path.with_extension("")
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .find(|part| EMPTY_NAMES.contains(&part.as_str()))
}

fn length(path: &Path, content: &str) -> Option<String> {
    let lines = content.lines().count();
    if path.ends_with("src/main.rs") && lines > LONGEST_MAIN {
        return Some(format!(
            "{lines} lines; a main.rs has at most {LONGEST_MAIN}: the rest belongs in the library"
        ));
    }
    let excused = content.lines().take(5).any(|line| line.len() > EXCUSE.len() && line.starts_with(EXCUSE));
    let too_long = lines > LONGEST && !is_generated(path) && !excused;
    too_long.then(|| format!("{lines} lines; at most {LONGEST}, or `{EXCUSE}…` among the first five"))
}

fn is_generated(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "schema.rs")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(path: &str, content: &str) -> usize {
        check(Path::new(path), content).len()
    }

    #[test]
    fn a_proper_file_passes() {
        assert_eq!(faults("a/src/leads/store.rs", "//! SQL of leads.\n// a status \"none\"\n"), 0);
    }

    #[test]
    fn a_file_must_describe_itself() {
        assert_eq!(faults("a/src/x.rs", "fn main() {}\n"), 1);
        assert_eq!(faults("a/src/schema.rs", "diesel::table! {}\n"), 0);
    }

    #[test]
    fn empty_names_are_faults_as_files_and_as_directories() {
        for path in ["a/src/utils.rs", "a/src/common/mod.rs", "a/tests/helper.rs"] {
            assert_eq!(faults(path, "//! x\n"), 1, "{path}");
        }
        assert_eq!(faults("a/src/commons.rs", "//! x\n"), 0);
    }

    #[test]
    fn long_files_need_an_excuse_and_main_files_get_none() {
        let long = "//! x\n".repeat(401);
        let excused = format!("//! x\n{EXCUSE}it is a table\n{long}");

        assert_eq!(faults("a/src/x.rs", &long), 1);
        assert_eq!(faults("a/src/schema.rs", &long), 0);
        assert_eq!(faults("a/src/x.rs", &excused), 0);
        assert_eq!(faults("a/src/main.rs", &"//! x\n".repeat(31)), 1);
    }

    #[test]
    fn leftovers_are_found_in_comments_only() {
        let word = LEFTOVER_WORDS[0];

        assert_eq!(faults("a/src/x.rs", &format!("//! x\nlet a = 1; // {word}: more\n")), 1);
        assert_eq!(faults("a/src/x.rs", &format!("//! x\nlet status = \"{word}\";\n")), 0);
        assert_eq!(faults("a/migrations/up.sql", &format!("select 1; -- {word}\n")), 1);
        assert_eq!(faults("a/src/x.rs", &format!("//! x\n{})\n", LEFTOVER_MACROS[0])), 1);
    }

    #[test]
    fn vague_words_are_found_in_comments_outside_code() {
        let line = |word: &str| format!("//! x\nlet user = 1; // for {word}\n");

        assert_eq!(faults("a/src/x.rs", &line("Whoever")), 1);
        assert_eq!(faults("a/src/x.rs", &line("the `nobody` user")), 0);
        assert_eq!(faults("a/src/x.rs", "//! x\nlet url = \"http://somebody.example\";\n"), 0);
        assert_eq!(faults("a/migrations/up.sql", "-- whose rows\n"), 0);
    }

    #[test]
    fn a_files_first_line_is_no_clause() {
        assert_eq!(faults("a/src/x.rs", "//! What makes a lead a lead.\n"), 1);
        assert_eq!(faults("a/src/x.rs", "//! Whatever.\n"), 0);
    }

    #[test]
    fn silencing_a_lint_without_a_reason_is_a_fault() {
        assert_eq!(faults("a/src/x.rs", &format!("//! x\n{}dead_code)]\n", SILENCER[0])), 1);
    }
}
