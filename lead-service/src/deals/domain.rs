//! What makes a deal a deal, and how it stands.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::problem::FieldError;
use diesel::{AsChangeset, Insertable};
use platform::{Problem, text_enum, values};
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use super::api::{DealView, WriteDeal};
use crate::{
    money::Money,
    schema::deals,
    stages::{api::StageView, domain::StageKind},
    text::{self, filled},
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
        let value = write.value.unwrap_or(Money(Decimal::ZERO));
        if value.0.is_sign_negative() && !value.0.is_zero() {
            faults.push(FieldError::new("value", "out_of_range", "must not be negative"));
        }
        let currency = text::currency(write.currency, &mut faults);
        let contact_phone = text::phone("contact_phone", write.contact_phone, &mut faults);
        if !faults.is_empty() {
            return Err(Problem::invalid(faults));
        }
        let terms = Terms {
            account_id: write.account_id,
            contact_id: write.contact_id,
            lead_id: write.lead_id,
            title: write.title.trim().to_owned(),
            description: write.description,
            value,
            currency: currency.unwrap_or_else(|| "USD".to_owned()),
            expected_close_date: write.expected_close_date,
            contact_name: filled(write.contact_name),
            contact_email: write.contact_email.as_deref().and_then(values::email),
            contact_phone,
            company_name: filled(write.company_name),
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

    /// A deal that comes into `stage` now.
    pub fn entering(stage: &StageView, lost_reason: Option<String>, now: DateTime<Utc>) -> Self {
        let status = match stage.kind {
            StageKind::Open => DealStatus::Open,
            StageKind::Won => DealStatus::Won,
            StageKind::Lost => DealStatus::Lost,
        };
        Self::ending(status, stage.pipeline_id, stage.id, stage.probability, lost_reason, now)
    }

    /// As it stands, but won or lost now, in a pipeline that has no stage for it.
    pub fn ended(&self, status: DealStatus, lost_reason: Option<String>, now: DateTime<Utc>) -> Self {
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
        now: DateTime<Utc>,
    ) -> Self {
        let at = |wanted: DealStatus| (status == wanted).then_some(now);
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
