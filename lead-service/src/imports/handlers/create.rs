//! Takes a file in for import.

use actix_web::web::Data;
use contracts::{TenantId, permissions::ImportsRun, problem::FieldError};
use platform::{
    Problem,
    http::{Accepted, Allowed, Answer, body},
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::upload::{Upload, Uploaded};
use crate::{
    deps::Deps,
    imports::{
        api::{AcceptedImport, ImportMode, ImportStatus, UpdateBy},
        csv::Reader,
        domain,
        store::{self, NewImport},
    },
};

/// The file is kept, its header looked at; the rest is done in the background.
pub async fn create(
    caller: Allowed<ImportsRun>,
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
    caller: &Allowed<ImportsRun>,
    upload: Upload,
    deps: &Deps,
    id: Uuid,
) -> Result<Answer<Accepted<AcceptedImport>>, Problem> {
    let uploaded = upload.read(deps, caller.tenant(), id).await?;
    let header = header(deps, caller.tenant(), id).await?;
    let import = parse(uploaded, &header, id)?;
    let (visibility, context) = (caller.visibility(), caller.context());
    let (request_id, trace) = (context.request_id.clone(), context.trace.header());
    deps.db
        .once(caller.tenant(), async |tx| {
            store::insert(tx, &import, &visibility, caller.user(), &request_id, &trace).await?;
            Ok(Accepted(AcceptedImport { id, status: ImportStatus::Pending }))
        })
        .await
}

async fn header(deps: &Deps, tenant: TenantId, import: Uuid) -> Result<Option<Vec<String>>, Problem> {
    let chunk = deps
        .db
        .in_tenant(tenant, async |tx| store::chunk(tx, import, 0).await.map_err(Problem::from))
        .await?;
    let Some(chunk) = chunk else { return Ok(None) };
    let (mut reader, mut rows) = (Reader::of(&chunk), Vec::new());
    let fault = |message: &str| Problem::invalid(vec![FieldError::new("file", "invalid_csv", message)]);
    reader.push(&chunk, &mut rows).map_err(|broken| fault(broken.sentence()))?;
    if rows.is_empty() {
        // A short file without a line end is a header without rows; a broken quote is found out by the worker.
        let _whole = reader.finish(&mut rows);
    }
    let header = rows.into_iter().next().ok_or_else(|| fault("The file has no header."))?;
    let repeated = header.iter().enumerate().find(|(index, column)| {
        !column.is_empty() && header.iter().take(*index).any(|other| other == *column)
    });
    match repeated {
        Some((_, column)) => Err(fault(&format!("Two columns are called {column}."))),
        None => Ok(Some(header)),
    }
}

fn parse(uploaded: Uploaded, header: &Option<Vec<String>>, id: Uuid) -> Result<NewImport, Problem> {
    let mut faults = Vec::new();
    let known = ["mapping", "mode", "update_by"];
    for name in uploaded.fields.keys().filter(|name| !known.contains(&name.as_str())) {
        let message = format!("is not a known field; known are: file, {}", known.join(", "));
        faults.push(FieldError::new(name, "unknown_field", message));
    }
    let text = |name: &str| {
        uploaded.fields.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
    };
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
        }),
        _ => Err(Problem::invalid(faults)),
    }
}
