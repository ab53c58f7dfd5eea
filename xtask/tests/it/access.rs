//! Access table: every operation of the merged document, anonymous, as each system role, and as the admin of another
//! tenant, over HTTP. The result is a file that is reviewed when it changes.

use std::fmt::Write;

use attack::operations::{NOTHING, Operation};
use devstack::wire::Request;
use serde_json::json;

use crate::cast::{Answer, Caller, Cast, harmless};

/// The expected table. Rewritten by a run with `LEADSTREAM_WRITE_EXPECTED=1`.
const EXPECTED: &str = include_str!("access.txt");
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/access.txt");

/// Request that passes the access check for permitted callers and changes nothing: its body has an unknown member, and its
/// id does not exist.
fn probe(cast: &Cast, operation: &Operation, caller: &Caller) -> Request {
    let target = cast.target(operation, &cast.ours, NOTHING);
    let request = harmless(&operation.method, &target, caller, &cast.ours);
    if operation.method == "GET" || operation.takes.is_empty() {
        return request;
    }
    request.json(&json!({"a member that nothing has": true}))
}

/// Outcome: refused, with the code, or accepted.
fn outcome(operation: &Operation, caller: &Caller, answer: &Answer) -> String {
    let Answer { status, text } = answer;
    assert!(*status < 500 && *status != 429, "{} as {}: {status} {text}", operation.name(), caller.name);
    let hides_the_tenant = operation.tenant == "path" && caller.name == "stranger";
    match status {
        401 | 403 => status.to_string(),
        404 if hides_the_tenant => status.to_string(),
        _ => "in".to_owned(),
    }
}

/// Ends the sessions of the other requests.
fn ends_sessions(operation: &Operation) -> bool {
    operation.path.ends_with("/logout_all")
}

fn table(cast: &Cast) -> String {
    let (last, first): (Vec<_>, Vec<_>) = cast.operations().into_iter().partition(ends_sessions);
    let row = |operation: &Operation| {
        let cells = cast.callers.iter().map(|caller| {
            let answer = cast.send(&probe(cast, operation, caller));
            outcome(operation, caller, &answer)
        });
        (operation.clone(), cells.collect::<Vec<_>>())
    };
    let mut rows = cast.each(&first, row);
    rows.extend(last.iter().map(row));
    rows.sort_by(|(one, _), (other, _)| (&one.path, &one.method).cmp(&(&other.path, &other.method)));
    let names: Vec<&str> = cast.callers.iter().map(|caller| caller.name).collect();
    let mut text = String::from(
        "# What comes of calling each operation as each caller: the status of the refusal, or `in`; and what the operation \
         does:\n# the permission that it demands, then what it `needs` beside that on every call, what it `may` do if it is \
         asked to,\n# and what its answer `shows` to those who may read it.\n\
         # All callers name the tenant \"ours\"; the stranger is the admin of another one.\n",
    );
    write_row(&mut text, &names, "operation");
    for (operation, cells) in rows {
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        write_row(&mut text, &cells, &described(&operation));
    }
    text
}

/// Operation with its effects.
fn described(operation: &Operation) -> String {
    let own = operation.permission.clone();
    let effects: Vec<String> = own.into_iter().chain(operation.effects.iter().cloned()).collect();
    let does = if effects.is_empty() { String::new() } else { format!(" [{}]", effects.join(", ")) };
    format!("{}{does}", operation.name())
}

fn write_row(text: &mut String, cells: &[&str], name: &str) {
    for cell in cells {
        write!(text, "{cell:<15}").unwrap();
    }
    writeln!(text, "{name}").unwrap();
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the environment selects between comparing and rewriting")]
fn every_operation_accepts_exactly_the_expected_callers() {
    let cast = Cast::assemble();

    let found = table(&cast);

    if std::env::var_os("LEADSTREAM_WRITE_EXPECTED").is_some() {
        std::fs::write(FILE, &found).unwrap();
        return;
    }
    let is_in = |text: &str, line: &str| text.lines().any(|other| other == line);
    let gone: Vec<&str> = EXPECTED.lines().filter(|line| !is_in(&found, line)).collect();
    let new: Vec<&str> = found.lines().filter(|line| !is_in(EXPECTED, line)).collect();
    assert!(
        gone.is_empty() && new.is_empty(),
        "who may call what has changed.\nexpected:\n{}\nfound:\n{}\nIf that is meant, run this test with \
         LEADSTREAM_WRITE_EXPECTED=1 and commit {FILE}.",
        gone.join("\n"),
        new.join("\n")
    );
}
