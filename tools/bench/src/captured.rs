//! The SQL that the platform itself sends for a request, taken from PostgreSQL's log: what is measured beside the
//! request is the very same, whatever becomes of the code.

use std::fmt::Write;
use std::time::Duration;

use anyhow::{Result, bail};

use super::database::Database;
use devstack::Platform;
use devstack::waiting::{Cancel, pause};

/// The user and database of the captured statements, as the log names them.
const WHO: &str = "lead_app@lead LOG:  execute ";

/// A statement with its bound values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Statement {
    sql: String,
    values: Vec<String>,
}

/// A script of pgbench's that runs captured statements, and the variables it needs.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Script {
    /// The script.
    pub(super) text: String,
    /// Names and values.
    pub(super) variables: Vec<(String, String)>,
}

/// Lets PostgreSQL log while `request` is made, and gives the statements on leads that came of it.
pub(super) fn capture(
    platform: &Platform,
    database: &Database<'_>,
    cancel: &Cancel,
    request: impl Fn() -> Result<()>,
) -> Result<Vec<Statement>> {
    let setting = |value: &str| {
        database.run(&format!("alter system set log_statement = '{value}';\nselect pg_reload_conf();\n"), &[])
    };
    // A prepared statement is logged with its text whenever it is executed.
    request()?;
    let before = platform.log("postgres").len();
    setting("all")?;
    // Each backend takes the new setting over at its next statement.
    pause(Duration::from_millis(300));
    let requested = request();
    let mut found = Vec::new();
    let outcome =
        cancel.until("logging statements", Duration::from_millis(50), Duration::from_secs(5), || {
            let log = platform.log("postgres");
            found = statements(log.get(before..).unwrap_or_default());
            Ok(!found.is_empty())
        });
    setting("none")?;
    requested?;
    outcome?;
    if found.is_empty() {
        bail!("the request sent no statement on leads");
    }
    Ok(found)
}

/// The statements on leads in a stretch of the log.
fn statements(log: &str) -> Vec<Statement> {
    let mut lines = log.lines().peekable();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        let Some((_, executed)) = line.split_once(WHO) else { continue };
        let Some((_, sql)) = executed.split_once(": ") else { continue };
        if !sql.contains("FROM \"leads\"") {
            continue;
        }
        let detail = lines.peek().and_then(|next| next.split_once("DETAIL:  parameters: "));
        found.push(Statement {
            sql: sql.to_owned(),
            values: detail.map(|(_, text)| values(text)).unwrap_or_default(),
        });
    }
    found
}

/// The values in `$1 = 'it''s', $2 = NULL`, of which NULL is never sent by what is measured here.
fn values(text: &str) -> Vec<String> {
    let mut values = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(" = '") {
        let mut value = String::new();
        let mut characters = after.char_indices().peekable();
        let mut end = after.len();
        while let Some((place, character)) = characters.next() {
            if character != '\'' {
                value.push(character);
            } else if characters.next_if(|(_, next)| *next == '\'').is_some() {
                value.push('\'');
            } else {
                end = place + 1;
                break;
            }
        }
        values.push(value);
        rest = after.get(end..).unwrap_or_default();
    }
    values
}

/// Makes a script of statements; where `replaced` was bound, the expression stands instead.
pub(super) fn script(head: &str, statements: &[Statement], replaced: Option<(&str, &str)>) -> Script {
    let mut script = Script { text: head.to_owned(), variables: Vec::new() };
    for (place, statement) in statements.iter().enumerate() {
        let mut sql = statement.sql.clone();
        // From the last one, so that $1 is not found in $10.
        for (index, value) in statement.values.iter().enumerate().rev() {
            let parameter = format!("${}", index + 1);
            match replaced.filter(|(old, _)| old == value) {
                Some((_, expression)) => sql = sql.replace(&parameter, expression),
                None => {
                    let name = format!("v{place}_{index}");
                    sql = sql.replace(&parameter, &format!(":{name}"));
                    script.variables.push((name, value.clone()));
                }
            }
        }
        // Writing to a String cannot fail.
        let _ = writeln!(script.text, "{sql};");
    }
    script
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\
2026-01-01 10:00:00.000 UTC [7] lead_app@lead LOG:  statement: BEGIN; SELECT set_config('app.tenant_id', 'x', true)
2026-01-01 10:00:00.000 UTC [7] lead_app@lead LOG:  execute s0: SELECT count(*) FROM \"leads\" WHERE \"status\" = $1
2026-01-01 10:00:00.000 UTC [7] lead_app@lead DETAIL:  parameters: $1 = 'it''s, $2 = new', $2 = '7'
2026-01-01 10:00:00.000 UTC [8] lead_system@lead LOG:  execute s1: SELECT * FROM \"leads\"
2026-01-01 10:00:00.000 UTC [7] lead_app@lead LOG:  execute s2: SELECT id FROM \"products\"
2026-01-01 10:00:00.000 UTC [7] lead_app@lead LOG:  execute s3: SELECT id FROM \"leads\" ORDER BY id
";

    #[test]
    fn statements_are_found_with_their_values() {
        let found = statements(LOG);

        assert_eq!(found.len(), 2);
        assert_eq!(found[0].sql, "SELECT count(*) FROM \"leads\" WHERE \"status\" = $1");
        assert_eq!(found[0].values, ["it's, $2 = new", "7"]);
        assert_eq!(
            found[1],
            Statement { sql: "SELECT id FROM \"leads\" ORDER BY id".into(), values: vec![] }
        );
    }

    #[test]
    fn bound_values_become_variables_or_the_wanted_expression() {
        let values = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "that"].map(str::to_owned).to_vec();
        let statement = Statement { sql: "SELECT $1 WHERE id = $10".into(), values };

        let script = script("\\set k 1\n", &[statement], Some(("that", "made(:k)")));

        assert_eq!(script.text, "\\set k 1\nSELECT :v0_0 WHERE id = made(:k);\n");
        assert!(script.variables.contains(&("v0_0".to_owned(), "a".to_owned())));
        assert!(!script.variables.iter().any(|(_, value)| value == "that"));
    }
}
