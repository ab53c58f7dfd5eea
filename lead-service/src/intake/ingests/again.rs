//! Submissions of the ledger, read again by the rules and the mapping of now.

use contracts::TenantId;
use platform::{
    Problem,
    db::{Stored, TenantTx, Visibility},
};
use serde_json::Value;
use uuid::Uuid;

use super::{
    api::{IngestEntryView, IngestOutcome},
    store,
};
use crate::{
    deps::Deps,
    intake::{
        api_keys::{self, DuplicatePolicy, doors::Rules},
        form_mappings::{self, Form},
        ingest::{self, Entrance, Outcome, Prepared, Taken, owners},
    },
};

/// Target of a submission that is taken in again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// To a lead of its own, whether or not its person is known.
    New,
    /// To this lead.
    Lead(Uuid),
    /// As its key's policy says. What was held goes to the known lead.
    Rules,
}

/// An entry with what it is read by.
pub struct Again {
    /// The entry as it was before it was locked.
    pub entry: IngestEntryView,
    form: Option<Form>,
    rules: Rules,
}

impl Again {
    /// Looks an entry up that the caller may see.
    ///
    /// # Errors
    /// 404 where there is none.
    pub async fn of(
        deps: &Deps,
        tenant: TenantId,
        id: Uuid,
        visibility: &Visibility,
    ) -> Result<Self, Problem> {
        let look_up = async |tx: &mut TenantTx<'_>| {
            let entry = IngestEntryView::find(tx, id, visibility).await?;
            let form = form_mappings::store::form(tx, entry.api_key_id).await?;
            let rules = api_keys::store::rules(tx, entry.api_key_id).await?;
            let rules = rules.ok_or_else(|| Problem::internal("the key of a submission is gone"))?;
            Ok::<_, Problem>(Self { entry, form, rules })
        };
        deps.db.read(tenant, look_up).await
    }

    /// Reads the submission. It is trusted no more than it was when it came.
    ///
    /// # Errors
    /// All that is wrong with it; 503 while those are away who know the owner that it names.
    pub async fn read(&self, deps: &Deps, tenant: TenantId, target: Target) -> Result<Prepared, Problem> {
        let Self { entry, form, rules } = self;
        let Value::Object(fields) = entry.sent.clone() else {
            return Err(Problem::internal("the stored submission is no object"));
        };
        let (source, door) = rules.came_by(entry.source_key.as_deref());
        let sent = ingest::sent(&fields)?;
        let (submission, mapping) = form_mappings::read(form.as_ref(), fields, door)?;
        let submission = submission.accepted(rules.strict)?;
        let policy = match (target, rules.policy) {
            (Target::New, _) => DuplicatePolicy::Create,
            // It was looked at.
            (_, DuplicatePolicy::Hold) => DuplicatePolicy::Attach,
            (_, policy) => policy,
        };
        let onto = match target {
            Target::Lead(lead) => Some(lead),
            Target::New | Target::Rules => None,
        };
        let entrance = Entrance { api_key: rules.id, policy, source };
        let again = Prepared::again(submission, sent, entry.id, entrance);
        let mut again = Prepared { mapping, onto, strict: rules.strict, ..again };
        owners::settle(deps, tenant, &mut [&mut again]).await?;
        again.check()?;
        Ok(again)
    }
}

/// Takes a submission in again and notes what became of it, and who decided so where a person did.
///
/// # Errors
/// Those of [`ingest::take_in`].
pub async fn take_in(
    tx: &mut TenantTx<'_>,
    again: &Prepared,
    by: Option<Uuid>,
) -> Result<IngestEntryView, Problem> {
    let Taken { outcome, mut warnings, unconfirmed } = ingest::take_in(tx, again).await?;
    warnings.extend(unconfirmed);
    let (outcome, lead) = match outcome {
        Outcome::Created(lead) => (IngestOutcome::Created, lead),
        Outcome::Duplicate(lead) => (IngestOutcome::Duplicate, lead),
        Outcome::Attached(lead) => (IngestOutcome::Attached, lead),
        Outcome::Updated(lead) => (IngestOutcome::Updated, lead),
        Outcome::Held(_) => return Err(Problem::internal("a submission was held again")),
    };
    Ok(store::taken_in(tx, again, (outcome, lead), &warnings, by).await?)
}
