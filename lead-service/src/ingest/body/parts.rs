//! Multipart forms. Files are not kept, and never cost the person who sent them.

use actix_multipart::Multipart;
use actix_web::{HttpRequest, web::Bytes};
use contracts::problem::FieldError;
use futures::{StreamExt, stream};
use platform::Problem;

use super::{FIELD_LIMIT, Fields, TEXT_LIMIT, charset, urlencoded::CHARSET_FIELD};

/// The fields of a form; what its files are called is in the warnings.
pub async fn read(request: &HttpRequest, bytes: Bytes, label: Option<&str>) -> Result<Fields, Problem> {
    let broken = || Problem::bad_request("invalid_form", "The multipart form cannot be read.");
    let stream = stream::once(async move { Ok::<_, actix_web::error::PayloadError>(bytes) });
    let mut parts = Multipart::new(request.headers(), stream);
    let mut fields = Fields::default();
    let mut texts: Vec<(String, Vec<u8>, Option<String>)> = Vec::new();
    let mut length = 0;
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(|_| broken())?;
        let own = part
            .content_type()
            .and_then(|media| media.get_param("charset"))
            .map(|own| own.as_str().to_owned());
        let disposition = part.content_disposition().ok_or_else(broken)?;
        let name = disposition.get_name().ok_or_else(broken)?.to_owned();
        let file = disposition.get_filename().map(str::to_owned);
        let mut value = Vec::new();
        while let Some(chunk) = part.next().await {
            let chunk = chunk.map_err(|_| broken())?;
            if file.is_none() {
                value.extend_from_slice(&chunk);
            }
        }
        match file {
            // A file field that was left empty.
            Some(file) if file.is_empty() => {}
            Some(file) if fields.warnings.len() < FIELD_LIMIT => {
                let message = format!("is a file ({file}), which was not kept");
                fields.warnings.push(FieldError::new(name, "file_dropped", message));
            }
            Some(_) => {}
            None => {
                length += name.len() + value.len();
                texts.push((name, value, own));
            }
        }
        if length > TEXT_LIMIT {
            let detail = format!("The fields may have at most {TEXT_LIMIT} bytes.");
            return Err(Problem::too_large("body_too_large", detail));
        }
    }
    let named = texts.iter().find(|(name, value, _)| name == CHARSET_FIELD && !value.is_empty());
    let named = named.and_then(|(_, value, _)| String::from_utf8(value.clone()).ok());
    for (name, value, own) in texts {
        let label = own.as_deref().or(named.as_deref()).or(label);
        fields.add(name, charset::decoded(&value, label).into_owned())?;
    }
    Ok(fields)
}
