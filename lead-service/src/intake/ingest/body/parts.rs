//! Multipart forms. Files are not kept, nor ever held in memory, and never cost the person who sent them.

use std::{cell::RefCell, rc::Rc};

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::{HttpRequest, dev::Payload, error::PayloadError, web::Bytes};
use contracts::problem::FieldError;
use futures::{StreamExt, stream};
use platform::{Problem, http::body};

use super::{Fields, charset, limit, urlencoded::CHARSET_FIELD};

/// Most characters of a file's name that are told.
const FILE_NAME: usize = 255;

/// A text of a form.
struct Text {
    name: String,
    value: Vec<u8>,
    /// The character set that it says to be in.
    charset: Option<String>,
}

/// Parts of a form that have arrived.
#[derive(Default)]
struct Gathered {
    texts: Vec<Text>,
    length: usize,
    /// Files, which are not taken.
    warnings: Vec<FieldError>,
    /// Why nothing more is read.
    problem: Option<Problem>,
}

fn broken() -> Problem {
    Problem::bad_request("invalid_form", "The multipart form cannot be read.")
}

fn failed(error: &MultipartError) -> Problem {
    match error {
        MultipartError::Payload(PayloadError::Overflow) => limit::too_large_with_files(),
        _ => broken(),
    }
}

/// The fields of a form; what its files are called is in the warnings.
///
/// # Errors
/// 413 as soon as it is too large, and those of [`body::read`].
pub async fn read(
    request: &HttpRequest,
    payload: &mut Payload,
    label: Option<&str>,
) -> Result<Fields, Problem> {
    if limit::announced(request).is_some_and(|length| length > limit::WITH_FILES) {
        return Err(limit::too_large_with_files());
    }
    let gathered = Rc::new(RefCell::new(Gathered::default()));
    let mut texts = texts(request, payload.take(), Rc::clone(&gathered));
    let read = body::read(request, &mut texts).await;
    let Gathered { texts, warnings, problem, .. } = gathered.take();
    if let Some(problem) = problem {
        return Err(problem);
    }
    read?;
    let mut fields = Fields { warnings, ..Fields::default() };
    let named = texts.iter().find(|text| text.name == CHARSET_FIELD && !text.value.is_empty());
    let named = named.and_then(|text| String::from_utf8(text.value.clone()).ok());
    for Text { name, value, charset } in texts {
        let label = charset.as_deref().or(named.as_deref()).or(label);
        fields.add(name, charset::decoded(&value, label).into_owned())?;
    }
    Ok(fields)
}

/// The body without its files: what is read of it, within the deadline of bodies, and what an `Idempotency-Key` is good for.
fn texts(request: &HttpRequest, payload: Payload, gathered: Rc<RefCell<Gathered>>) -> Payload {
    let mut length = 0;
    let bounded = payload.map(move |chunk| {
        let chunk = chunk?;
        length += chunk.len();
        if length > limit::WITH_FILES { Err(PayloadError::Overflow) } else { Ok(chunk) }
    });
    let parts = Multipart::new(request.headers(), bounded);
    let texts = stream::try_unfold((parts, gathered), |(mut parts, gathered)| async move {
        let part = next(&mut parts, &gathered).await;
        match part {
            Ok(Some(bytes)) => Ok(Some((bytes, (parts, gathered)))),
            Ok(None) => Ok(None),
            Err(problem) => {
                gathered.borrow_mut().problem = Some(problem);
                Err(PayloadError::Incomplete(None))
            }
        }
    });
    Payload::from(texts.boxed_local())
}

/// The next part, as far as it is held: nothing of a file. None behind the last one.
async fn next(parts: &mut Multipart, gathered: &RefCell<Gathered>) -> Result<Option<Bytes>, Problem> {
    let Some(part) = parts.next().await else { return Ok(None) };
    let mut part = part.map_err(|error| failed(&error))?;
    let charset =
        part.content_type().and_then(|media| media.get_param("charset")).map(|own| own.as_str().to_owned());
    let disposition = part.content_disposition().ok_or_else(broken)?;
    let name = disposition.get_name().ok_or_else(broken)?.to_owned();
    let file = disposition.get_filename().map(str::to_owned);
    let Some(file) = file else {
        let (count, length) = (gathered.borrow().texts.len(), gathered.borrow().length);
        let room = limit::SUBMISSION.saturating_sub(length);
        if count >= limit::TEXTS || name.len() > room {
            return Err(limit::too_large_with_files());
        }
        let value = text(&mut part, &name, room).await?;
        let held: Vec<u8> = [name.as_bytes(), &value].concat();
        let mut gathered = gathered.borrow_mut();
        gathered.length += held.len();
        gathered.texts.push(Text { name, value, charset });
        return Ok(Some(held.into()));
    };
    while let Some(chunk) = part.next().await {
        chunk.map_err(|error| failed(&error))?;
    }
    let mut gathered = gathered.borrow_mut();
    // A file field that was left empty has no name.
    if !file.is_empty() && gathered.warnings.len() < limit::FIELDS {
        let file: String = file.chars().filter(|c| !c.is_control()).take(FILE_NAME).collect();
        let message = format!("is a file ({file}), which was not kept");
        let name: String = name.chars().filter(|c| !c.is_control()).take(FILE_NAME).collect();
        gathered.warnings.push(FieldError::new(name, "file_dropped", message));
    }
    Ok(Some(Bytes::new()))
}

/// The value of a text, together with its name within the room that is left.
async fn text(part: &mut Field, name: &str, room: usize) -> Result<Vec<u8>, Problem> {
    let mut value = Vec::new();
    while let Some(chunk) = part.next().await {
        let chunk = chunk.map_err(|error| failed(&error))?;
        if name.len() + value.len() + chunk.len() > room {
            return Err(limit::too_large_with_files());
        }
        value.extend_from_slice(&chunk);
    }
    Ok(value)
}
