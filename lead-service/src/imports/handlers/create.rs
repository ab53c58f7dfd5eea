//! Takes a file in for import.

use actix_web::web::Data;
use contracts::{
    permissions::{ImportsRun, LeadsAssign, LeadsCreate, LeadsUpdate},
    problem::FieldError,
};
use platform::{
    Problem,
    http::{Accepted, Allowed, Answer, May, Needs, access::TenantCaller},
};
use uuid::Uuid;

use super::upload::{Upload, Uploaded};
use crate::{
    deps::Deps,
    entities,
    imports::{
        api::{AcceptedImport, ImportMode, ImportStatus},
        chunks, columns,
        settings::{Assign, ImportSettings},
        store::{self, NewImport},
        survey::{File, Survey},
    },
};

/// The effects of writing an import's rows: leads are added and, where known people are to be updated, changed; a person may
/// be named who gets them.
pub(super) type Writing = (Needs<LeadsCreate>, May<LeadsUpdate>, May<LeadsAssign>);

/// The file is kept and looked at; the rest is done in the background, with what the caller may do by then. With
/// `mode=preview`, and where no column feeds an address, it waits for `POST /imports/{id}/start`.
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
            deps.db.in_tenant(tenant, async |tx| chunks::forget(tx, id).await.map_err(Problem::from));
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
    let settings = checked(&uploaded)?;
    check_effects(caller, deps, &settings).await?;
    let Some(found) = uploaded.found.as_ref().filter(|_| uploaded.size > 0) else {
        let message = if uploaded.has_file { "is empty" } else { "is required" };
        return Err(Problem::invalid(vec![FieldError::new("file", "required", message)]));
    };
    let file = File {
        tenant: caller.tenant(),
        import: id,
        name: uploaded.file_name.as_deref(),
        size: i64::try_from(uploaded.size).unwrap_or(i64::MAX),
        head: &found.head,
        charset: found.charset,
        is_mixed: found.is_mixed,
    };
    let survey = file.survey(deps, &settings).await?;
    let mode = begins_as(&settings, &survey)?;
    let import = NewImport { id, mode, file_name: uploaded.file_name, settings, survey };
    deps.db
        .once(caller.tenant(), async |tx| {
            store::insert(tx, &import, caller).await?;
            let warnings = import.survey.warnings.clone();
            Ok(Accepted(AcceptedImport { id, status: ImportStatus::Pending, mode, warnings }))
        })
        .await
}

/// The settings of a form. All faults are told at once, that of a missing file among them.
fn checked(uploaded: &Uploaded) -> Result<ImportSettings, Problem> {
    ImportSettings::of_form(&uploaded.fields).map_err(|mut problem| {
        if uploaded.size == 0 && !problem.errors.is_empty() {
            let message = if uploaded.has_file { "is empty" } else { "is required" };
            problem.errors.push(FieldError::new("file", "required", message));
        }
        problem
    })
}

/// Checks that the caller may do what the settings would do beside adding leads, and that a person who gets leads is a member.
pub(super) async fn check_effects(
    caller: &TenantCaller,
    deps: &Deps,
    settings: &ImportSettings,
) -> Result<(), Problem> {
    if settings.changes_leads() {
        caller.demand::<LeadsUpdate>()?;
    }
    if let Some(Assign::Person(person)) = settings.assigning()
        && person != caller.user().0
    {
        caller.demand::<LeadsAssign>()?;
        entities::check_member(deps, caller.tenant(), "assign", Some(person)).await?;
    }
    Ok(())
}

/// Whether it begins at once. A file without people is refused, unless a preview is asked for.
///
/// # Errors
/// Which columns there are.
fn begins_as(settings: &ImportSettings, survey: &Survey) -> Result<ImportMode, Problem> {
    let mode = settings.mode.unwrap_or(ImportMode::Commit);
    if mode == ImportMode::Preview {
        return Ok(mode);
    }
    // Known people are found by their reference, too.
    if settings.changes_leads() && columns::feeds_reference(&survey.columns) {
        return Ok(mode);
    }
    if columns::feeds_nothing(&survey.columns) {
        let message = format!("{}. Say in `mapping` which is.", columns::without_address(&survey.columns));
        return Err(Problem::invalid(vec![FieldError::new("file", "no_address", message)]));
    }
    let waits = mode == ImportMode::Commit && !columns::feeds_address(&survey.columns);
    Ok(if waits { ImportMode::Preview } else { mode })
}
