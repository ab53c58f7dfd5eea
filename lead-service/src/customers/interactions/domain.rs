//! Validation of customer interactions.

use diesel::{AsChangeset, Insertable};
use platform::{Problem, text_enum};
use uuid::Uuid;

use super::api::WriteInteraction;
use crate::schema::customer_interactions;

text_enum!(
    /// What passed between the tenant and a customer.
    InteractionType {
        /// A call.
        Call = "call",
        /// A mail.
        Email = "email",
        /// A meeting.
        Meeting = "meeting",
        /// Help with something bought.
        Support = "support",
        /// Something was bought.
        Purchase = "purchase",
        /// A question.
        Inquiry = "inquiry",
    }
);

text_enum!(
    /// How a customer felt.
    Sentiment {
        /// Well.
        Positive = "positive",
        /// Neither well nor badly.
        Neutral = "neutral",
        /// Badly.
        Negative = "negative",
    }
);

/// The fields of an interaction that people write, in the form in which they are stored.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = customer_interactions, treat_none_as_null = true)]
pub struct InteractionFields {
    /// The customer.
    pub customer_id: Uuid,
    interaction_type: InteractionType,
    subject: String,
    description: Option<String>,
    sentiment: Option<Sentiment>,
}

impl InteractionFields {
    /// The schema of [`WriteInteraction`] has seen to everything.
    pub fn parse(write: WriteInteraction) -> Result<Self, Problem> {
        Ok(Self {
            customer_id: write.customer_id,
            interaction_type: write.interaction_type,
            subject: write.subject.trim().to_owned(),
            description: write.description,
            sentiment: write.sentiment,
        })
    }
}
