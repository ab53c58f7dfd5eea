//! Validation of webhook endpoints: a reachable address and known event types.

use contracts::{events::Action, problem::FieldError};
use diesel::{AsChangeset, Insertable};
use platform::{Problem, egress::Egress, text_enum, values};
use url::Url;

use super::api::WriteWebhookEndpoint;
use crate::schema::webhook_endpoints;

const PATTERN_LENGTH: usize = 200;

text_enum! {
    /// Whether events are posted to an endpoint.
    #[derive(Default)]
    EndpointStatus {
        /// Events are posted.
        #[default]
        Enabled = "enabled",
        /// Events are not posted.
        Disabled = "disabled",
    }
}

/// Writable fields of an endpoint, in their stored form.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = webhook_endpoints, treat_none_as_null = true)]
pub struct EndpointFields {
    url: String,
    events: Vec<String>,
    description: Option<String>,
    /// Whether events are posted to it.
    pub status: EndpointStatus,
    /// Whether the events of one record are posted in their order.
    pub ordered: bool,
}

impl EndpointFields {
    /// Refuses undeliverable URLs and patterns that match no event.
    pub fn parse(write: WriteWebhookEndpoint, egress: &Egress) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        let url = match address(&write.url, egress) {
            Ok(url) => url.into(),
            Err(message) => {
                faults.push(FieldError::new("url", "invalid_url", message));
                String::new()
            }
        };
        for (index, pattern) in write.events.iter().enumerate().filter(|(_, pattern)| !is_pattern(pattern)) {
            let shown: String = pattern.chars().take(PATTERN_LENGTH).collect();
            let message = format!("{shown:?} is none of: *, Entity.*, Entity.CREATE, Entity.field.UPDATE");
            faults.push(FieldError::new(format!("events.{index}"), "invalid_pattern", message));
        }
        if !faults.is_empty() {
            return Err(Problem::invalid(faults));
        }
        let WriteWebhookEndpoint { events, description, status, ordered, .. } = write;
        Ok(Self { url, events, description, status, ordered })
    }
}

fn address(text: &str, egress: &Egress) -> Result<Url, String> {
    let url = values::web_url(text).ok_or("is not a web address")?;
    egress.check(&url).map_err(|error| error.to_string())?;
    Ok(url)
}

/// Whether a pattern can match events: `*`, `Lead.*`, `Lead.CREATE`, `Lead.assigned_to.UPDATE`.
fn is_pattern(pattern: &str) -> bool {
    if pattern == "*" {
        return true;
    }
    let parts: Vec<&str> = pattern.split('.').collect();
    pattern.len() <= PATTERN_LENGTH
        && match parts.as_slice() {
            [entity, "*"] => is_entity(entity),
            [entity, action] => is_entity(entity) && is_action(action),
            [entity, field, "UPDATE"] => is_entity(entity) && is_field(field),
            _ => false,
        }
}

fn is_entity(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn is_action(name: &str) -> bool {
    [Action::Create, Action::Update, Action::Delete].iter().any(|action| action.name() == name)
}

fn is_field(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_that_events_can_match_are_taken() {
        for pattern in ["*", "Lead.*", "Lead.CREATE", "Lead.UPDATE", "Lead.DELETE", "Lead.assigned_to.UPDATE"]
        {
            assert!(is_pattern(pattern), "{pattern}");
        }
    }

    #[test]
    fn patterns_that_no_event_matches_are_refused() {
        for pattern in [
            "",
            " ",
            "Lead",
            "lead.*",
            "Lead.",
            ".CREATE",
            "*.CREATE",
            "Lead.create",
            "Lead.MERGE",
            "Lead.score.CREATE",
            "Lead.*.UPDATE",
            "Lead.Score.UPDATE",
            "Lead.CREATE.",
            "Lead .CREATE",
            "Lead.**",
            "Lëad.*",
        ] {
            assert!(!is_pattern(pattern), "{pattern}");
        }
    }
}
