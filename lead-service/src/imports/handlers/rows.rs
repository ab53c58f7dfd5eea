//! The rows of an import, each with what became of it.

use actix_web::web::{Data, Path};
use contracts::{permissions::ImportsRead, problem::FieldError};
use platform::{
    Problem,
    db::Stored,
    http::{Allowed, Body, Query},
};
use serde_json::Value;
use uuid::Uuid;

use super::of_files;
use crate::{
    deps::Deps,
    imports::{
        api::{ImportView, RowResult, RowView, RowsQuery, RowsView},
        keeping,
        outcomes::{self, ListedRow, Stretch},
    },
};

/// Rows of a page unless asked otherwise.
const PAGE_SIZE: i64 = 50;

/// In the order of the file. Known leads that the caller does not see are not named. 410 after 30 days.
pub async fn rows(
    caller: Allowed<ImportsRead>,
    id: Path<Uuid>,
    query: Query<RowsQuery>,
    deps: Data<Deps>,
) -> Result<Body<RowsView>, Problem> {
    let (visibility, Query(query)) = (caller.visibility(), query);
    let (page, limit) = (query.page.unwrap_or(1), query.page_size.unwrap_or(PAGE_SIZE));
    let offset = (page - 1).checked_mul(limit).ok_or_else(Problem::not_found)?;
    let outcome = query.outcome.map(RowResult::word);
    let (count, rows) = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            let import = ImportView::find(tx, *id, &of_files(&caller)).await?;
            keeping::check_kept(import.rows_until)?;
            let stretch = Stretch { outcome, warned: query.warned, offset, limit };
            outcomes::listed(tx, import.id, stretch, &visibility).await.map_err(Problem::from)
        })
        .await?;
    let at = |page: i64| {
        let mut address = format!("/api/v2/imports/{id}/rows?page={page}&page_size={limit}");
        if let Some(word) = outcome {
            address.push_str(&format!("&outcome={word}"));
        }
        if let Some(warned) = query.warned {
            address.push_str(&format!("&warned={warned}"));
        }
        address
    };
    Ok(Body::new(RowsView {
        count,
        next: (offset.saturating_add(limit) < count).then(|| at(page + 1)),
        previous: (page > 1).then(|| at(page - 1)),
        results: rows.into_iter().map(shown).collect(),
    }))
}

fn shown(row: ListedRow) -> RowView {
    RowView {
        row: row.line,
        line: row.place,
        outcome: row.outcome,
        lead_id: row.lead,
        matched_by: row.matched_by,
        warnings: faults(row.warnings),
        errors: faults(row.errors),
    }
}

fn faults(stored: Option<Value>) -> Vec<FieldError> {
    stored.and_then(|stored| serde_json::from_value(stored).ok()).unwrap_or_default()
}
