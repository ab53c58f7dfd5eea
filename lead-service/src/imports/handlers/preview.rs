//! Shows what a file was taken for, and takes what a person says of it.

use actix_web::web::{Data, Path};
use contracts::permissions::{ImportsRead, ImportsRun, LeadsAssign, LeadsUpdate};
use platform::{
    Problem,
    db::Stored,
    http::{Allowed, Body, Json, May, Needs},
};
use uuid::Uuid;

use super::{
    of_files,
    planning::{self, Planned, check_open},
};
use crate::{
    deps::Deps,
    imports::{
        api::{ImportView, PreviewView},
        columns,
        files::FileFormat,
        keeping, plans,
        settings::ImportSettings,
        survey::Survey,
    },
};

/// Its columns in their order, with samples, what each feeds, how sure that is, and why. 410 when 30 days have gone since the
/// import's end.
pub async fn preview(
    caller: Allowed<ImportsRead>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<PreviewView>, Problem> {
    let visibility = of_files(&caller);
    let (import, plan) = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            let import = ImportView::find(tx, *id, &visibility).await?;
            keeping::check_kept(import.rows_until)?;
            let plan = plans::read(tx, import.id).await?;
            Ok::<_, Problem>((import, plan))
        })
        .await?;
    let Some((survey, settings)) = plan else {
        let detail = "An earlier release took it in; upload the file again.";
        return Err(Problem::conflict("not_previewable", detail));
    };
    Ok(Body::new(shown(&import, survey, settings)))
}

/// The effects of mapping columns.
type Mapping = (Needs<ImportsRead>, May<LeadsUpdate>, May<LeadsAssign>);

/// Replaces the settings and reads the file again. 409 for an import that was written, or without its file.
pub async fn map(
    caller: Allowed<ImportsRun, Mapping>,
    id: Path<Uuid>,
    body: Json<ImportSettings>,
    deps: Data<Deps>,
) -> Result<Body<PreviewView>, Problem> {
    let code = "not_mappable";
    let Planned { survey, settings } = planning::plan(&caller, &deps, *id, body.into_inner(), code).await?;
    let visibility = of_files(&caller);
    let import = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            let import = ImportView::lock(tx, *id, &visibility).await?;
            check_open(&import, code)?;
            plans::set(tx, import.id, &survey, &settings).await?;
            Ok::<_, Problem>(import)
        })
        .await?;
    Ok(Body::new(shown(&import, survey, settings)))
}

fn shown(import: &ImportView, survey: Survey, settings: ImportSettings) -> PreviewView {
    let Survey { layout, columns, warnings, rows_estimate, .. } = survey;
    PreviewView {
        status: import.status,
        mode: import.mode,
        format: layout.format,
        charset: layout.charset,
        delimiter: layout.delimiter.filter(|_| layout.format == FileFormat::Csv).map(String::from),
        heading_row: layout.heading_row,
        sheet: layout.sheet,
        rows_estimate,
        columns,
        fields: columns::fields(),
        settings,
        warnings,
    }
}
