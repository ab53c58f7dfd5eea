//! Results of the cases, with a request to paste for each failure.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use devstack::wire::Response;

/// How many failures of a suite are printed.
const SHOWN: usize = 40;

/// The cases of one suite. Filled by several threads.
#[derive(Debug)]
pub(super) struct Suite {
    name: &'static str,
    inside: Mutex<Inside>,
}

#[derive(Clone, Debug, Default)]
struct Inside {
    total: usize,
    failures: Vec<Failure>,
    skipped: Vec<String>,
    /// How often which of what is worth knowing was noted.
    remarks: BTreeMap<String, usize>,
}

#[derive(Clone, Debug)]
struct Failure {
    case: String,
    why: String,
    request: String,
}

impl Suite {
    /// No case yet.
    pub(super) fn named(name: &'static str) -> Self {
        Self { name, inside: Mutex::default() }
    }

    /// Counts a case; `request` shows how to repeat it.
    pub(super) fn case(&self, case: &str, request: impl FnOnce() -> String, outcome: Result<(), String>) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        inside.total += 1;
        if let Err(why) = outcome {
            inside.failures.push(Failure { case: case.to_owned(), why, request: request() });
        }
    }

    /// Notes what this platform or machine did not allow to be tried.
    pub(super) fn skip(&self, why: &str) {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner).skipped.push(why.to_owned());
    }

    /// Counts what is worth knowing beside the cases.
    pub(super) fn remark(&self, what: &str) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        *inside.remarks.entry(what.to_owned()).or_default() += 1;
    }

    /// Whether every case passed.
    pub(super) fn passed(&self) -> bool {
        self.inside().failures.is_empty()
    }

    fn inside(&self) -> Inside {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The suite for people.
    pub(super) fn text(&self) -> String {
        let Inside { total, failures, skipped, remarks } = self.inside();
        let mut text = format!("{:<12} {} of {total} passed\n", self.name, total - failures.len());
        // Writing to a String cannot fail.
        for why in skipped {
            let _ = writeln!(text, "  skipped: {why}");
        }
        for (what, count) in remarks {
            let _ = writeln!(text, "  {count} × {what}");
        }
        for failure in failures.iter().take(SHOWN) {
            let _ = writeln!(text, "  FAILED {}: {}\n    {}", failure.case, failure.why, failure.request);
        }
        if failures.len() > SHOWN {
            let _ = writeln!(text, "  and {} more, all of them in the JSON file", failures.len() - SHOWN);
        }
        text
    }

    /// The suite for programs.
    pub(super) fn json(&self) -> Value {
        let Inside { total, failures, skipped, remarks } = self.inside();
        let failures: Vec<Value> = failures
            .iter()
            .map(|failure| json!({"case": failure.case, "why": failure.why, "request": failure.request}))
            .collect();
        json!({"suite": self.name, "cases": total, "passed": total - failures.len(), "skipped": skipped, "remarks": remarks, "failures": failures})
    }

    /// How many cases there were and how many of them passed.
    pub(super) fn count(&self) -> (usize, usize) {
        let inside = self.inside();
        (inside.total, inside.total - inside.failures.len())
    }
}

/// What holds for every answer, whatever was asked: no fault of ours, errors in one form, nothing of our insides.
pub(super) fn decent(answer: &Response) -> Result<(), String> {
    let status = answer.status;
    if status >= 500 {
        let may_be = status == 503 && answer.header("retry-after").is_some();
        return if may_be { Ok(()) } else { Err(format!("answered {status}: {}", shown(answer))) };
    }
    if status >= 400 {
        let media_type = answer.header("content-type").unwrap_or_default();
        if !media_type.starts_with("application/problem+json") {
            return Err(format!("{status} as {media_type:?}: {}", shown(answer)));
        }
        let body = answer.json();
        for member in ["code", "request_id", "type", "title", "status"] {
            if body.get(member).is_none_or(Value::is_null) {
                return Err(format!("{status} without {member}: {}", shown(answer)));
            }
        }
        let text = answer.text();
        let insides =
            ["panicked", "diesel", "tokio_postgres", "stack backtrace", "SQLSTATE", ".rs:", "postgres://"];
        if let Some(word) = insides.iter().find(|word| text.contains(**word)) {
            return Err(format!("tells of our insides ({word}): {}", shown(answer)));
        }
        if status == 401 && answer.header("www-authenticate").is_none() {
            return Err("401 without WWW-Authenticate".to_owned());
        }
        if status == 429 && answer.header("retry-after").is_none() {
            return Err("429 without Retry-After".to_owned());
        }
    }
    Ok(())
}

/// The status, which must be one of these.
pub(super) fn one_of(answer: &Response, wanted: &[u16]) -> Result<(), String> {
    if wanted.contains(&answer.status) {
        Ok(())
    } else {
        Err(format!("answered {} and not {wanted:?}: {}", answer.status, shown(answer)))
    }
}

/// The beginning of a body.
pub(super) fn shown(answer: &Response) -> String {
    answer.text().chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, media_type: &str, body: &str) -> Response {
        let headers = vec![("content-type".to_owned(), media_type.to_owned())];
        Response { status, headers, body: body.as_bytes().to_vec() }
    }

    #[test]
    fn errors_have_one_form_and_are_never_ours() {
        let problem = r#"{"type":"t","title":"t","status":404,"code":"not_found","request_id":"r"}"#;
        assert_eq!(decent(&answer(404, "application/problem+json", problem)), Ok(()));
        assert!(decent(&answer(404, "application/json", problem)).is_err());
        assert!(decent(&answer(404, "application/problem+json", r#"{"code":"x"}"#)).is_err());
        assert!(decent(&answer(500, "application/problem+json", problem)).is_err());
        assert!(decent(&answer(503, "application/problem+json", problem)).is_err());
        let mut later = answer(503, "application/problem+json", problem);
        later.headers.push(("retry-after".to_owned(), "1".to_owned()));
        assert_eq!(decent(&later), Ok(()));
    }

    #[test]
    fn a_suite_counts_and_keeps_what_failed() {
        let suite = Suite::named("x");
        suite.case("good", String::new, Ok(()));
        suite.case("bad", || "curl x".to_owned(), Err("no".to_owned()));

        assert_eq!(suite.count(), (2, 1));
        assert!(!suite.passed());
        assert!(suite.text().contains("FAILED bad: no\n    curl x"));
    }
}
