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
        reply::{self, Parts, Reply},
    },
};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::of_files;
use crate::{
    csv,
    deps::Deps,
    imports::{
        api::ImportView,
        files::FileFormat,
        keeping,
        outcomes::{self, FaultyRow},
        plans,
    },
};

/// A table for an imported table, else one object a line.
pub struct File {
    format: FileFormat,
    text: String,
}

impl Reply for File {
    const STATUS: u16 = 200;

    fn schema(_: &mut Schemas) -> Option<Value> {
        None
    }

    fn content(_: &mut Schemas) -> Vec<(&'static str, Value)> {
        vec![("text/csv", reply::text()), ("application/x-ndjson", reply::text())]
    }

    fn into_parts(self) -> Parts {
        let disposition = format!("attachment; filename=\"import-errors.{}\"", self.format.ending());
        let content_type =
            if self.format.is_table() { "text/csv; charset=utf-8" } else { "application/x-ndjson" };
        Parts {
            status: StatusCode::OK,
            headers: vec![("Content-Disposition", disposition)],
            content_type: Some(content_type),
            body: self.text.into_bytes(),
        }
    }
}

/// The imported cells, then the number of the row and what is wrong with it as `import_row` and `import_errors`. 410 after 30
/// days.
pub async fn errors(caller: Allowed<ImportsRead>, id: Path<Uuid>, deps: Data<Deps>) -> Result<File, Problem> {
    let visibility = of_files(&caller);
    let (format, header, rows) = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            let import = ImportView::find(tx, *id, &visibility).await?;
            keeping::check_kept(import.rows_until)?;
            let columns =
                plans::read(tx, import.id).await?.map(|(survey, _)| survey.columns).unwrap_or_default();
            let header: Vec<String> = columns.into_iter().map(|column| column.name).collect();
            Ok::<_, Problem>((import.format, header, outcomes::faulty_rows(tx, import.id).await?))
        })
        .await?;
    let text = if format.is_table() { table(&header, rows) } else { rows.into_iter().map(object).collect() };
    Ok(File { format, text })
}

fn table(header: &[String], rows: Vec<FaultyRow>) -> String {
    let columns = header.iter().map(String::as_str);
    let mut file = csv::MARK.to_owned();
    file.push_str(&csv::line(columns.chain(["import_row", "import_errors"]).map(csv::text)));
    for row in rows {
        let (told, number) = (told(row.errors), row.line.to_string());
        let mut cells: Vec<&str> = row.cells.iter().map(String::as_str).collect();
        cells.resize(header.len().max(cells.len()), "");
        cells.extend([number.as_str(), told.trim()]);
        file.push_str(&csv::line(cells.into_iter().map(csv::text)));
    }
    file
}

/// The line as it came with two members more; one that is no object stands in `line`.
fn object(row: FaultyRow) -> String {
    let line = row.cells.into_iter().next().unwrap_or_default();
    let mut members = match serde_json::from_str(&line) {
        Ok(Value::Object(members)) => members,
        _ => Map::from_iter([("line".to_owned(), Value::String(line))]),
    };
    members.insert("import_row".to_owned(), row.line.into());
    members.insert("import_errors".to_owned(), told(row.errors).trim().into());
    format!("{}\n", Value::Object(members))
}

fn told(errors: Value) -> String {
    let faults: Vec<FieldError> = serde_json::from_value(errors).unwrap_or_default();
    let told: Vec<String> = faults.iter().map(|fault| format!("{} {}", fault.field, fault.message)).collect();
    told.join("; ")
}
