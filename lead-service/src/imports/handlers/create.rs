//! Takes a file in for import.

use actix_web::web::Data;
use contracts::{
    TenantId,
    permissions::{ImportsRun, LeadsCreate, LeadsUpdate},
    problem::FieldError,
};
use platform::{
    Problem,
    http::{Accepted, Allowed, Answer, May, Needs, access::TenantCaller, body},
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::upload::{Upload, Uploaded};
use crate::{
    deps::Deps,
    imports::{
        api::{AcceptedImport, ImportMode, ImportStatus, UpdateBy},
        domain,
        files::{FileFormat, Reader},
        ndjson,
        store::{self, NewImport},
    },
};

/// The effects of writing an import's rows: leads are added and, with `update_by`, changed.
pub(super) type Writing = (Needs<LeadsCreate>, May<LeadsUpdate>);

/// The file is kept, its header looked at; the rest is done in the background, with what the caller may do by then.
pub async fn create(
    caller: Allowed<ImportsRun, Writing>,
    upload: Upload,
    deps: Data<Deps>,
) -> Result<Answer<Accepted<AcceptedImport>>, Problem> {
    let (tenant, id) = (caller.tenant(), Uuid::now_v7());
    let answer = take_in(&caller, upload, &deps, id).await;
    let kept = matches!(&answer, Ok(Answer::Fresh(_) | Answer::Kept(_)));
    if !kept {
        let forgotten =
            deps.db.in_tenant(tenant, async |tx| store::forget_chunks(tx, id).await.map_err(Problem::from));
        if let Err(problem) = forgotten.await {
            tracing::warn!(%problem, "a file that became no import stays for a day");
        }
    }
    answer
}

async fn take_in(
    caller: &TenantCaller,
    upload: Upload,
    deps: &Deps,
    id: Uuid,
) -> Result<Answer<Accepted<AcceptedImport>>, Problem> {
    let uploaded = upload.read(deps, caller.tenant(), id).await?;
    let told = uploaded.text("format").map(|word| FileFormat::parse(word).ok_or(()));
    let guessed = FileFormat::guess(uploaded.file_name.as_deref(), uploaded.media_type.as_deref());
    let format = told.and_then(Result::ok).unwrap_or(guessed);
    let header = header(deps, caller.tenant(), id, format).await?;
    let import = parse(uploaded, &header, id, format)?;
    if import.update_by.is_some() {
        caller.demand::<LeadsUpdate>()?;
    }
    deps.db
        .once(caller.tenant(), async |tx| {
            store::insert(tx, &import, caller).await?;
            Ok(Accepted(AcceptedImport { id, status: ImportStatus::Pending }))
        })
        .await
}

/// What names the values of the file's rows; none for an empty file.
pub(super) async fn header(
    deps: &Deps,
    tenant: TenantId,
    import: Uuid,
    format: FileFormat,
) -> Result<Option<Vec<String>>, Problem> {
    let chunk = deps
        .db
        .in_tenant(tenant, async |tx| store::chunk(tx, import, 0).await.map_err(Problem::from))
        .await?;
    chunk.map_or(Ok(None), |chunk| header_of(&chunk, format).map(Some))
}

/// The header of a file that begins so: a table's first row, or the names in the first object.
pub(super) fn header_of(beginning: &[u8], format: FileFormat) -> Result<Vec<String>, Problem> {
    let (mut reader, mut rows) = (Reader::of(format, beginning), Vec::new());
    let fault = |code, message: &str| Problem::invalid(vec![FieldError::new("file", code, message)]);
    reader.push(beginning, &mut rows).map_err(|broken| fault("invalid_csv", broken.sentence()))?;
    if rows.is_empty() {
        // A short file without a line end is a header without rows; a broken quote is found out by the worker.
        let _whole = reader.finish(&mut rows);
    }
    let first = rows.into_iter().next();
    if format == FileFormat::Ndjson {
        let members = first.as_deref().and_then(|row| ndjson::members(row.first()?));
        let members = members
            .ok_or_else(|| fault("invalid_ndjson", "The first line of the file is no JSON object."))?;
        return Ok(members.into_iter().map(|(name, _)| name).collect());
    }
    let header = first.ok_or_else(|| fault("invalid_csv", "The file has no header."))?;
    let repeated = header.iter().enumerate().find(|(index, column)| {
        !column.is_empty() && header.iter().take(*index).any(|other| other == *column)
    });
    match repeated {
        Some((_, column)) => Err(fault("invalid_csv", &format!("Two columns are called {column}."))),
        None => Ok(header),
    }
}

fn parse(
    uploaded: Uploaded,
    header: &Option<Vec<String>>,
    id: Uuid,
    format: FileFormat,
) -> Result<NewImport, Problem> {
    let mut faults = Vec::new();
    let known = ["format", "mapping", "mode", "update_by"];
    for name in uploaded.fields.keys().filter(|name| !known.contains(&name.as_str())) {
        let message = format!("is not a known field; known are: file, {}", known.join(", "));
        faults.push(FieldError::new(name, "unknown_field", message));
    }
    let text = |name: &str| uploaded.text(name);
    if text("format").is_some_and(|word| FileFormat::parse(word).is_none()) {
        let message = format!("must be one of: {}", FileFormat::WORDS.join(", "));
        faults.push(FieldError::new("format", "not_allowed", message));
    }
    let mode = text("mode").map_or(Some(ImportMode::Commit), ImportMode::parse);
    if mode.is_none() {
        let message = format!("must be one of: {}", ImportMode::WORDS.join(", "));
        faults.push(FieldError::new("mode", "not_allowed", message));
    }
    let update_by = text("update_by").map(|word| UpdateBy::parse(word).ok_or(word));
    if let Some(Err(_)) = update_by {
        let message = format!("must be one of: {}", UpdateBy::WORDS.join(", "));
        faults.push(FieldError::new("update_by", "not_allowed", message));
    }
    let asked = match text("mapping").map(|text| body::parse(text.as_bytes())) {
        None => Map::new(),
        Some(Ok(Value::Object(members))) => members,
        Some(_) => {
            faults.push(FieldError::new(
                "mapping",
                "wrong_type",
                "must be a JSON object of columns and fields",
            ));
            Map::new()
        }
    };
    let mapping = match header {
        Some(header) => domain::mapping(&asked, header).map_err(|problem| faults.extend(problem.errors)).ok(),
        None => {
            let message = if uploaded.has_file { "is empty" } else { "is required" };
            faults.push(FieldError::new("file", "required", message));
            None
        }
    };
    match (mode, mapping) {
        (Some(mode), Some(mapping)) if faults.is_empty() => Ok(NewImport {
            id,
            mode,
            update_by: update_by.and_then(Result::ok),
            mapping: json!(mapping),
            file_name: uploaded.file_name,
            format,
        }),
        _ => Err(Problem::invalid(faults)),
    }
}
