//! Adds a lead, or changes the one that is known by the same mark.

use actix_web::web::Data;
use contracts::{
    permissions::{LeadsAssign, LeadsCreate, LeadsRead, LeadsUpdate},
    problem::FieldError,
};
use platform::{
    Problem,
    db::{
        Stored, TenantTx, Visibility,
        outbox::{self, Change},
    },
    http::{Allowed, Body, May, MergePatch, Query, access::TenantCaller},
    text_enum, values,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::create;
use crate::{
    deps::Deps,
    duplicates,
    entities::{self, Entity, Written},
    identity::{self, IdentityKey, Kind},
    lead_management::store,
    people::{self, LeadFields, LeadView, WriteLead},
    routing::Placing,
};

text_enum!(
    /// The field that identifies the lead.
    Mark {
        /// The id in the system it came from, `lead_reference_id`.
        ExternalId = "external_id",
        /// The e-mail address.
        Email = "email",
    }
);

/// How to find the known lead.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpsertOptions {
    /// The mark; the body must bear it.
    #[serde(rename = "match")]
    pub mark: Mark,
    /// Add a lead even if the person seems to be known by something else than the mark.
    #[serde(default)]
    pub allow_duplicate: bool,
}

/// What was done.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct UpsertView {
    /// The lead.
    pub id: Uuid,
    /// `created` or `updated`.
    pub outcome: &'static str,
}

/// Times that a request looks again because others brought the same person at the same moment.
const ROUNDS: usize = 4;

/// What is asked for.
struct Asked<'a> {
    caller: &'a TenantCaller,
    visibility: Visibility,
    options: UpsertOptions,
    /// The mark's value.
    value: String,
    patch: &'a MergePatch<WriteLead>,
}

/// Why a round has no answer.
enum Stop {
    /// The lead came or went meanwhile: it is worth looking again.
    Again,
    /// It cannot be answered.
    Failed(Problem),
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Failed(problem)
    }
}

impl From<diesel::result::Error> for Stop {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// The effects of an upsert.
type Upserting = (May<LeadsCreate>, May<LeadsAssign>, May<LeadsRead>);

/// Of a known lead, what is left out stays, members of objects too. An address is known in any writing. A person who is
/// known by something else than the mark is 409 `possible_duplicate`. The answer has the id only, so that it shows nothing.
pub async fn upsert(
    caller: Allowed<LeadsUpdate, Upserting>,
    options: Query<UpsertOptions>,
    patch: MergePatch<WriteLead>,
    deps: Data<Deps>,
) -> Result<Body<UpsertView>, Problem> {
    let options = options.0;
    let (field, value) = match options.mark {
        Mark::ExternalId => {
            ("lead_reference_id", patch.text("lead_reference_id").map(|id| id.trim().to_owned()))
        }
        Mark::Email => ("email", patch.text("email").and_then(values::email)),
    };
    let Some(value) = value.filter(|value| !value.is_empty()) else {
        let message = "is required: the lead is found by it";
        return Err(Problem::invalid(vec![FieldError::new(field, "required", message)]));
    };
    entities::check_assignee(&deps, caller.tenant(), patch.uuid("assigned_to")).await?;
    let asked = Asked { caller: &caller, visibility: caller.visibility(), options, value, patch: &patch };
    for _ in 0..ROUNDS {
        match deps.db.in_tenant(caller.tenant(), async |tx| asked.round(tx).await).await {
            Ok(view) => return Ok(Body::new(view)),
            Err(Stop::Again) => {}
            Err(Stop::Failed(problem)) => return Err(problem),
        }
    }
    Err(Problem::unavailable("a lead came and went while it was looked for"))
}

/// The lead that has a mark.
#[derive(Clone, Copy)]
struct Known {
    id: Uuid,
    /// Whether it holds the mark as a key, and has another value of its own in the field.
    is_alias: bool,
}

impl Asked<'_> {
    /// Changes the known lead, or adds one.
    async fn round(&self, tx: &mut TenantTx<'_>) -> Result<UpsertView, Stop> {
        store::hold_mark(tx, self.options.mark.word(), &self.value).await?;
        match self.known(tx).await? {
            Some(known) => self.change(tx, known).await,
            None => self.add(tx).await,
        }
    }

    /// A lead that has the mark as it is written comes before one that holds it as a key.
    async fn known(&self, tx: &mut TenantTx<'_>) -> Result<Option<Known>, Stop> {
        let written = match self.options.mark {
            Mark::ExternalId => store::by_reference(tx, &self.value, &self.visibility).await?,
            Mark::Email => store::by_email(tx, &self.value, &self.visibility).await?,
        };
        if let Some(id) = written {
            return Ok(Some(Known { id, is_alias: false }));
        }
        let Some(key) = self.key() else { return Ok(None) };
        let holders = identity::holders(tx, &[&key], &[]).await?;
        let holder = holders.get(&key).filter(|holder| holder.alive);
        Ok(holder.map(|holder| Known { id: holder.lead, is_alias: true }))
    }

    /// The key that the mark is; none for a mailbox that many people read.
    fn key(&self) -> Option<IdentityKey> {
        match self.options.mark {
            Mark::ExternalId => Some(IdentityKey { kind: Kind::Reference, value: self.value.clone() }),
            Mark::Email => {
                let name = ["first_name", "last_name"].map(|name| self.patch.text(name).unwrap_or_default());
                identity::keys(Some(&self.value), None, None, &name.join(" ")).pop()
            }
        }
    }

    async fn change(&self, tx: &mut TenantTx<'_>, known: Known) -> Result<UpsertView, Stop> {
        let before = match LeadView::lock(tx, known.id, &self.visibility).await {
            Ok(lead) => lead,
            Err(diesel::result::Error::NotFound) => {
                let is_hidden = self.is_alive(tx, known.id).await?;
                return Err(if is_hidden { duplicates::possible_duplicate(&[]).into() } else { Stop::Again });
            }
            Err(error) => return Err(error.into()),
        };
        let mut write = self.patch.apply(&before)?;
        if known.is_alias && self.options.mark == Mark::ExternalId && before.lead_reference_id.is_some() {
            // It has the reference of a lead that was merged into it beside its own.
            write.lead_reference_id.clone_from(&before.lead_reference_id);
        }
        let mut fields = LeadView::parse(write)?;
        LeadView::settle(tx, &mut fields, Some(&before), &self.visibility).await?;
        let after = before.save(tx, &fields).await?;
        before.check_effects(&after, self.caller)?;
        let changes = Change::updated(LeadView::NAME, after.id, &before, &after, LeadView::TRACKED);
        outbox::record(tx, changes).await?;
        Ok(UpsertView { id: after.id, outcome: "updated" })
    }

    /// Whether a lead is there that the caller does not see.
    async fn is_alive(&self, tx: &mut TenantTx<'_>, id: Uuid) -> Result<bool, Stop> {
        match LeadView::find(tx, id, &Visibility::All).await {
            Ok(_) => Ok(true),
            Err(diesel::result::Error::NotFound) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Claims the person's keys before it looks who else has them: requests that bring one person at once wait for each
    /// other there, forms and `POST /leads` included. What was claimed is given up with the transaction.
    async fn add(&self, tx: &mut TenantTx<'_>) -> Result<UpsertView, Stop> {
        self.caller.demand::<LeadsCreate>()?;
        let mut fields = LeadView::parse(self.patch.apply(&json!({}))?)?;
        people::check_new_assignment(fields.assigned_to, self.caller)?;
        LeadView::settle(tx, &mut fields, None, &self.visibility).await?;
        let mut placing = Placing::begin(tx).await?;
        let id = Uuid::now_v7();
        identity::claim(tx, id, &fields.keys()).await?;
        if !self.options.allow_duplicate {
            let alike = store::alike(tx, &fields, Some(id)).await?;
            let alike: Vec<_> = alike.into_iter().filter(|known| !is_another(known, &fields)).collect();
            if self.options.mark == Mark::Email && alike.iter().any(|known| self.is_known_by_email(known)) {
                return Err(Stop::Again);
            }
            create::refuse_duplicate(&alike, self.caller)?;
        }
        let lead = store::insert_as(tx, &mut placing, id, &fields, self.caller.user()).await?;
        outbox::record(tx, vec![Change::created(LeadView::NAME, lead.id, &lead)]).await?;
        Ok(UpsertView { id: lead.id, outcome: "created" })
    }

    /// Whether it has the e-mail address, which no lead had a moment ago, and the caller sees it.
    fn is_known_by_email(&self, (lead, matched): &(LeadView, Vec<&'static str>)) -> bool {
        matched.contains(&"email") && self.visibility.covers(&[lead.assigned_to, lead.created_by])
    }
}

/// Whether it is another person for all that is known: they share a phone number, and each has an e-mail address of their own.
fn is_another((lead, matched): &(LeadView, Vec<&'static str>), fields: &LeadFields) -> bool {
    matched.as_slice() == ["phone"] && lead.email.is_some() && fields.email.is_some()
}
