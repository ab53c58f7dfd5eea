//! Conversion of database errors into problems.

use contracts::problem::FieldError;
use diesel::result::{DatabaseErrorKind, Error};

use super::placement;
use crate::http::problem::Problem;

/// The problem that `error` is.
pub fn problem(error: &Error) -> Problem {
    match error {
        Error::NotFound => Problem::not_found(),
        Error::DatabaseError(kind, info) => {
            let constraint = info.constraint_name();
            match kind {
                DatabaseErrorKind::UniqueViolation => taken(constraint, info.table_name()),
                DatabaseErrorKind::ForeignKeyViolation => missing_reference(constraint, info.table_name()),
                DatabaseErrorKind::CheckViolation => {
                    let what = constraint.unwrap_or("a rule of the table");
                    Problem::unprocessable("rule_violated", format!("The values contradict {what}."))
                }
                DatabaseErrorKind::SerializationFailure => Problem::unavailable(info.message().to_owned()),
                // Only a tenant with a move in progress is entered read-only.
                DatabaseErrorKind::ReadOnlyTransaction => placement::moving(),
                DatabaseErrorKind::ClosedConnection => {
                    Problem::unavailable("the database connection was closed")
                }
                _ => by_message(info.message()),
            }
        }
        Error::BrokenTransactionManager | Error::RollbackErrorOnCommit { .. } => {
            Problem::unavailable(error.to_string())
        }
        other => Problem::internal(other.to_string()),
    }
}

/// diesel gives no SQLSTATE, so errors without a kind of their own are recognised by the message.
fn by_message(message: &str) -> Problem {
    let passing = [
        "canceling statement due to",
        "terminating connection",
        "deadlock detected",
        "connection closed",
        "server closed the connection",
        "the database system is",
        "too many clients",
        "remaining connection slots",
        "No space left",
        "error communicating with the server",
    ];
    if message.contains("is not migrated yet") {
        placement::migrating(message)
    } else if passing.iter().any(|words| message.contains(words)) {
        Problem::unavailable(message.to_owned())
    } else if message.contains("out of range") || message.contains("numeric field overflow") {
        Problem {
            cause: Some(message.to_owned()),
            ..Problem::unprocessable("out_of_range", "A number is out of range.")
        }
    } else {
        Problem::internal(message.to_owned())
    }
}

/// The columns in a constraint's name `<table>_<cols>_<key|fkey|check>`.
fn columns<'a>(constraint: Option<&'a str>, table: Option<&str>, ending: &str) -> &'a str {
    let name = constraint.unwrap_or_default();
    let name = table.and_then(|table| name.strip_prefix(table)).unwrap_or(name);
    name.trim_start_matches('_').strip_suffix(ending).unwrap_or(name).trim_end_matches('_')
}

fn taken(constraint: Option<&str>, table: Option<&str>) -> Problem {
    let field = columns(constraint, table, "_key");
    let mut problem = Problem::conflict("already_exists", format!("There is one with this {field} already."));
    problem.errors = vec![FieldError::new(field, "already_exists", "is taken")];
    problem
}

fn missing_reference(constraint: Option<&str>, table: Option<&str>) -> Problem {
    let field = columns(constraint, table, "_fkey");
    let mut problem =
        Problem::unprocessable("unknown_reference", format!("{field} names nothing that exists."));
    problem.errors = vec![FieldError::new(field, "unknown_reference", "names nothing that exists")];
    problem
}
