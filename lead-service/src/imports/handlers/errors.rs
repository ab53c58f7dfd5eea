//! The rows that could not be imported, as a file to be mended and imported again.

use actix_web::{
    http::StatusCode,
    web::{Data, Path},
};
use contracts::{permissions::ImportsRead, problem::FieldError};
use platform::{
    Problem,
    db::Stored,
    http::{
        Allowed,
        openapi::Schemas,
        reply::{Parts, Reply},
    },
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    deps::Deps,
    imports::{
        api::ImportView,
        csv::{self, Reader},
        outcomes, store,
    },
};

/// A CSV file.
pub struct File(String);

impl Reply for File {
    const STATUS: u16 = 200;

    fn schema(_: &mut Schemas) -> Option<Value> {
        None
    }

    fn into_parts(self) -> Parts {
        let disposition = "attachment; filename=\"import-errors.csv\"".to_owned();
        Parts {
            status: StatusCode::OK,
            headers: vec![("Content-Disposition", disposition)],
            content_type: Some("text/csv; charset=utf-8"),
            body: self.0.into_bytes(),
        }
    }
}

/// The columns of the imported file, then the number of the row and what is wrong with it.
pub async fn errors(caller: Allowed<ImportsRead>, id: Path<Uuid>, deps: Data<Deps>) -> Result<File, Problem> {
    let visibility = caller.visibility();
    let (header, rows) = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            let import = ImportView::find(tx, *id, &visibility).await?;
            let beginning = store::chunk(tx, import.id, 0).await?.unwrap_or_default();
            Ok::<_, Problem>((header(&beginning), outcomes::faulty_rows(tx, import.id).await?))
        })
        .await?;
    let columns = header.iter().map(String::as_str);
    let mut file = csv::line(columns.chain(["import_row", "import_errors"]));
    for row in rows {
        let faults: Vec<FieldError> = serde_json::from_value(row.errors).unwrap_or_default();
        let told: Vec<String> =
            faults.iter().map(|fault| format!("{} {}", fault.field, fault.message)).collect();
        let (told, number) = (told.join("; "), row.line.to_string());
        let mut cells: Vec<&str> = row.cells.iter().map(String::as_str).collect();
        cells.resize(header.len().max(cells.len()), "");
        cells.extend([number.as_str(), told.trim()]);
        file.push_str(&csv::line(cells));
    }
    Ok(File(file))
}

fn header(beginning: &[u8]) -> Vec<String> {
    let (mut reader, mut rows) = (Reader::of(beginning), Vec::new());
    // What cannot be read was said when the file came.
    let _read_as_far_as_it_goes = reader.push(beginning, &mut rows);
    rows.into_iter().next().unwrap_or_default()
}
