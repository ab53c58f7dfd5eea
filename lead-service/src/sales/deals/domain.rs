//! Validation of deals and their outcome.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::problem::FieldError;
use diesel::{AsChangeset, Insertable};
use platform::{
    Problem, text_enum,
    values::{self, Currency},
    zones::Tz,
};
use serde_json::Value;
use uuid::Uuid;

use super::api::{DealView, WriteDeal};
use crate::{
    money::Money,
    sales::stages::{api::StageView, domain::StageKind},
    schema::deals,
    text::{self, filled_line},
};

text_enum!(
    /// Whether a deal is being worked on, and how it ended.
    DealStatus {
        /// It is being worked on.
        Open = "open",
        /// It was won.
        Won = "won",
        /// It was lost.
        Lost = "lost",
    }
);

text_enum!(
    /// How much a deal matters.
    DealPriority {
        /// Little.
        Low = "low",
        /// As most do.
        Medium = "medium",
        /// Much.
        High = "high",
    }
);

/// A deal about to be stored: what people wrote, and how it stands.
#[derive(Clone, Debug)]
pub struct DealFields {
    /// The pipeline people named.
    pub pipeline_id: Option<Uuid>,
    /// The stage people named.
    pub stage_id: Option<Uuid>,
    /// What people wrote.
    pub terms: Terms,
    /// How it stands, once that is settled.
    pub standing: Option<Standing>,
}

/// What people write of a deal, in the form in which it is stored.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = deals, treat_none_as_null = true)]
pub struct Terms {
    /// The account it is with.
    pub account_id: Option<Uuid>,
    /// The contact it is with.
    pub contact_id: Option<Uuid>,
    /// The lead it came from.
    pub lead_id: Option<Uuid>,
    title: String,
    description: Option<String>,
    value: Money,
    currency: String,
    expected_close_date: Option<NaiveDate>,
    contact_name: Option<String>,
    contact_email: Option<String>,
    contact_phone: Option<String>,
    company_name: Option<String>,
    priority: DealPriority,
    custom_fields: Option<Value>,
    assigned_to: Option<Uuid>,
}

impl DealFields {
    /// Writes addresses canonically; a deal is worth nothing or more.
    pub fn parse(write: WriteDeal) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        let currency = text::currency(write.currency, &mut faults);
        let value = write.value.unwrap_or(Money::ZERO).checked("value", currency, &mut faults);
        if value.is_negative() {
            faults.push(FieldError::new("value", "out_of_range", "must be at least 0"));
        }
        let contact_phone = text::phone("contact_phone", write.contact_phone, &mut faults);
        if !faults.is_empty() {
            return Err(Problem::invalid(faults));
        }
        let terms = Terms {
            account_id: write.account_id,
            contact_id: write.contact_id,
            lead_id: write.lead_id,
            title: values::composed(write.title.trim()).into_owned(),
            description: text::composed(write.description),
            value,
            currency: currency.map_or("USD", Currency::code).to_owned(),
            expected_close_date: write.expected_close_date,
            contact_name: filled_line(write.contact_name),
            contact_email: write.contact_email.as_deref().and_then(values::email),
            contact_phone,
            company_name: filled_line(write.company_name),
            priority: write.priority.unwrap_or(DealPriority::Medium),
            custom_fields: write.custom_fields,
            assigned_to: write.assigned_to,
        };
        Ok(Self { pipeline_id: write.pipeline_id, stage_id: write.stage_id, terms, standing: None })
    }
}

/// Where a deal is in its pipeline, and what follows from that.
#[derive(Clone, Debug, PartialEq, Insertable, AsChangeset)]
#[diesel(table_name = deals, treat_none_as_null = true)]
pub struct Standing {
    pipeline_id: Uuid,
    /// The stage.
    pub stage_id: Uuid,
    /// Whether it is open, won or lost.
    pub status: DealStatus,
    probability: i32,
    won_at: Option<DateTime<Utc>>,
    lost_at: Option<DateTime<Utc>>,
    lost_reason: Option<String>,
    actual_close_date: Option<NaiveDate>,
}

impl Standing {
    /// As the deal stands now.
    pub fn of(deal: &DealView) -> Self {
        Self {
            pipeline_id: deal.pipeline_id,
            stage_id: deal.stage_id,
            status: deal.status,
            probability: deal.probability,
            won_at: deal.won_at,
            lost_at: deal.lost_at,
            lost_reason: deal.lost_reason.clone(),
            actual_close_date: deal.actual_close_date,
        }
    }

    /// A deal that begins in `stage` now.
    pub fn entering(stage: &StageView, lost_reason: Option<String>, now: DateTime<Tz>) -> Self {
        let status = status_in(stage);
        Self::ending(status, stage.pipeline_id, stage.id, stage.probability, lost_reason, now)
    }

    /// As it stands, but in `stage` from now on. What was won or lost before stays won or lost when it was, and for the
    /// same reason unless another one is given.
    pub fn moved(self, stage: &StageView, lost_reason: Option<String>, now: DateTime<Tz>) -> Self {
        if self.status == DealStatus::Open || self.status != status_in(stage) {
            return Self::entering(stage, lost_reason, now);
        }
        Self {
            pipeline_id: stage.pipeline_id,
            stage_id: stage.id,
            probability: stage.probability,
            lost_reason: lost_reason.filter(|_| self.status == DealStatus::Lost).or(self.lost_reason),
            ..self
        }
    }

    /// As it stands, but won or lost now, in a pipeline that has no stage for it.
    pub fn ended(&self, status: DealStatus, lost_reason: Option<String>, now: DateTime<Tz>) -> Self {
        let probability = if status == DealStatus::Won { 100 } else { 0 };
        Self::ending(status, self.pipeline_id, self.stage_id, probability, lost_reason, now)
    }

    /// Lost as it is, but for this reason.
    pub fn because(self, lost_reason: String) -> Self {
        Self { lost_reason: Some(lost_reason), ..self }
    }

    fn ending(
        status: DealStatus,
        pipeline_id: Uuid,
        stage_id: Uuid,
        probability: i32,
        lost_reason: Option<String>,
        now: DateTime<Tz>,
    ) -> Self {
        let at = |wanted: DealStatus| (status == wanted).then(|| now.to_utc());
        Self {
            pipeline_id,
            stage_id,
            status,
            probability,
            won_at: at(DealStatus::Won),
            lost_at: at(DealStatus::Lost),
            lost_reason: lost_reason.filter(|_| status == DealStatus::Lost),
            actual_close_date: (status != DealStatus::Open).then(|| now.date_naive()),
        }
    }
}

/// How deals in a stage stand.
fn status_in(stage: &StageView) -> DealStatus {
    match stage.kind {
        StageKind::Open => DealStatus::Open,
        StageKind::Won => DealStatus::Won,
        StageKind::Lost => DealStatus::Lost,
    }
}
