//! Asked of lead-service: take down what leads did, as other services saw it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{CallKind, InternalCall};
use crate::{Service, TenantId};

/// Something a lead did: opened a mail, replied, answered a call.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Engagement {
    /// The lead.
    pub lead_id: Uuid,
    /// What: lower-case letters, digits and underscores, such as `email_opened`, `email_clicked` or `email_replied`.
    pub kind: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Id of its source; repeated, it counts once.
    pub reference: Uuid,
}

/// Stores engagements of leads and scores the leads again. Idempotent by each engagement's reference.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecordEngagements {
    /// Owning tenant.
    pub tenant_id: TenantId,
    /// What they did, at most 1,000.
    pub engagements: Vec<Engagement>,
}

/// The answer to [`RecordEngagements`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecordedEngagements {
    /// Leads that did something that was not known yet.
    pub leads: usize,
}

impl InternalCall for RecordEngagements {
    type Answer = RecordedEngagements;
    const SERVICE: Service = Service::Lead;
    const KIND: CallKind = CallKind::Put;
    const TEMPLATE: &'static str = "/internal/engagements";
}
