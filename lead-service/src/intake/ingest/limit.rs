//! Limits of what is handed in, checked while it comes: nothing beyond them is held in memory.

use std::{cell::Cell, rc::Rc};

use actix_web::{HttpRequest, dev::Payload, error::PayloadError, http::header, web::Bytes};
use futures::StreamExt;
use platform::{Problem, http::body};

use super::body::MARK;

/// Largest submission, in bytes; of a form with files, its texts.
pub const SUBMISSION: usize = 256 << 10;
/// Largest list of submissions, in bytes.
pub const LIST: usize = 1 << 20;
/// Largest form with its files, which are not kept, in bytes.
pub const WITH_FILES: usize = 11 << 20;
/// Most submissions in one list.
pub const SUBMISSIONS: usize = 1_000;
/// Most fields that a submission has at its top.
pub const FIELDS: usize = 500;
/// Most texts of a multipart form, which may give one field several times.
pub const TEXTS: usize = 5_000;

/// 413 for a submission or a list.
pub fn too_large() -> Problem {
    let detail =
        format!("A submission may have at most {SUBMISSION} bytes, a list of submissions at most {LIST}.");
    Problem::too_large("body_too_large", detail)
}

/// 413 for a form with files.
pub fn too_large_with_files() -> Problem {
    let detail = format!(
        "A form may have at most {SUBMISSION} bytes in its fields, and {WITH_FILES} together with its files."
    );
    Problem::too_large("body_too_large", detail)
}

/// The length that a request says its body has.
pub fn announced(request: &HttpRequest) -> Option<usize> {
    request.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// A body that is no form with files: of a submission or, where it begins as one, of a list.
///
/// # Errors
/// 413 as soon as it is too large, and those of [`body::read`].
pub async fn read(request: &HttpRequest, payload: &mut Payload) -> Result<Bytes, Problem> {
    if announced(request).is_some_and(|length| length > LIST) {
        return Err(too_large());
    }
    let is_exceeded = Rc::new(Cell::new(false));
    let (exceeded, mut length, mut limit) = (Rc::clone(&is_exceeded), 0, None);
    let bounded = payload.take().map(move |chunk| {
        let chunk = chunk?;
        length += chunk.len();
        limit = limit.or_else(|| limit_of(&chunk));
        if length <= limit.unwrap_or(SUBMISSION) {
            return Ok(chunk);
        }
        exceeded.set(true);
        Err(PayloadError::Overflow)
    });
    let mut bounded: Payload = Payload::from(bounded.boxed_local());
    let read = body::read(request, &mut bounded).await;
    if is_exceeded.get() { Err(too_large()) } else { read }
}

/// The limit that the first character of a body sets; none for blank bytes.
fn limit_of(bytes: &[u8]) -> Option<usize> {
    let first = bytes.iter().find(|byte| !(byte.is_ascii_whitespace() || MARK.contains(byte)))?;
    Some(if *first == b'[' { LIST } else { SUBMISSION })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_begins_as_a_list_may_be_as_large_as_one() {
        assert_eq!(limit_of(b" \r\n[{"), Some(LIST));
        assert_eq!(limit_of(b"\xef\xbb\xbf[{"), Some(LIST));
        assert_eq!(limit_of(b"{\"a\": []}"), Some(SUBMISSION));
        assert_eq!(limit_of(b"email=a"), Some(SUBMISSION));
        assert_eq!(limit_of(b" \n"), None);
    }
}
