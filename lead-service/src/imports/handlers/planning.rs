//! Plan of an import with the settings that a person changed.

use platform::{Problem, db::Stored, http::access::TenantCaller};
use uuid::Uuid;

use super::{create::check_effects, of_files};
use crate::{
    deps::Deps,
    imports::{
        api::{ImportMode, ImportStatus, ImportView},
        chunks, plans,
        settings::ImportSettings,
        survey::{File, Survey},
    },
};

/// A plan that holds from now on.
pub(super) struct Planned {
    /// Its file as it was taken.
    pub survey: Survey,
    /// The settings that were asked for.
    pub settings: ImportSettings,
}

/// Looks at the file again with what is given over what was said before. Nothing is kept yet.
///
/// # Errors
/// 409 with `code` for an import that was written or is under way, or without its file; what is wrong with the mapping.
pub(super) async fn plan(
    caller: &TenantCaller,
    deps: &Deps,
    id: Uuid,
    given: ImportSettings,
    code: &'static str,
) -> Result<Planned, Problem> {
    let given = ImportSettings::check(given)?;
    let visibility = of_files(caller);
    let (import, kept, (is_whole, size), head) = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            let import = ImportView::find(tx, id, &visibility).await?;
            let kept = plans::read(tx, id).await?;
            let whole = chunks::whole(tx, id).await?;
            Ok::<_, Problem>((import, kept, whole, chunks::read(tx, id, 0).await?))
        })
        .await?;
    check_open(&import, code)?;
    let (Some((survey, before)), Some(head), true) = (kept, head, is_whole) else {
        return Err(Problem::conflict(code, "The file is kept for a week only; upload it again."));
    };
    let settings = ImportSettings::check(given.over(before))?;
    check_effects(caller, deps, &settings).await?;
    let charset = survey.layout.charset.as_deref().unwrap_or("UTF-8");
    let file = File {
        tenant: caller.tenant(),
        import: id,
        name: import.file_name.as_deref(),
        size,
        head: &head,
        charset,
        is_mixed: survey.layout.is_mixed,
    };
    let survey = file.survey(deps, &settings).await?;
    Ok(Planned { survey, settings })
}

/// One that waits, or was only looked at.
///
/// # Errors
/// 409 for any other.
pub(super) fn check_open(import: &ImportView, code: &'static str) -> Result<(), Problem> {
    let is_over = matches!(import.status, ImportStatus::Completed | ImportStatus::CompletedWithErrors);
    let waits = import.mode == ImportMode::Preview && import.status == ImportStatus::Pending;
    if waits || (import.mode == ImportMode::Validate && is_over) {
        return Ok(());
    }
    let state = if import.mode == ImportMode::Commit { "to be written" } else { "only looked at" };
    let detail = format!("The import is {state} and {}: it is too late for that.", import.status.word());
    Err(Problem::conflict(code, detail))
}
