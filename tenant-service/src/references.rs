//! Things that refer to one another: what is named must exist, what is named stays.

use contracts::problem::FieldError;
use platform::Problem;

/// 422: this field of the body names nothing that exists.
pub fn unknown(field: &str) -> Problem {
    let errors = vec![FieldError::new(field, "unknown_reference", "names nothing that exists")];
    let detail = format!("{field} names nothing that exists.");
    Problem { errors, ..Problem::unprocessable("unknown_reference", detail) }
}

/// 409: something refers to what was to be deleted.
pub fn in_use(detail: &str) -> Problem {
    Problem::conflict("in_use", detail)
}
