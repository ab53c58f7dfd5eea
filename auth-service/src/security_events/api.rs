//! Security events on the wire.

use chrono::{DateTime, Utc};
use contracts::UserId;
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schema::security_events;

/// Something that happened to a person's access.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = security_events, check_for_backend(diesel::pg::Pg))]
pub struct SecurityEventView {
    /// Id.
    pub id: Uuid,
    /// The user concerned.
    pub user_id: Option<Uuid>,
    /// What: `Session.CREATE`, `Session.REFUSED`, `User.password.UPDATE`, ….
    pub action: String,
    /// What kind of thing it was done to.
    pub entity_type: String,
    /// Which one.
    pub entity_id: Option<Uuid>,
    /// Who did it: `user` or `service`.
    pub actor_kind: String,
    /// The person, where it was one.
    pub actor_id: Option<Uuid>,
    /// What else is to be said.
    #[schema(value_type = Option<Object>)]
    pub details: Option<Value>,
    /// Id of the request that did it.
    pub request_id: Option<String>,
    /// Address of the client.
    pub client_address: Option<String>,
    /// When.
    pub occurred_at: DateTime<Utc>,
}

impl Listed for SecurityEventView {
    const LISTING: Listing = Listing {
        path: "/api/v2/auth/security-events",
        table: "security_events",
        columns: &[
            column("id", Kind::Uuid),
            column("user_id", Kind::Uuid),
            column("action", Kind::Text),
            column("entity_type", Kind::Text),
            column("entity_id", Kind::Uuid),
            column("actor_kind", Kind::Choice(&["user", "service"])),
            column("actor_id", Kind::Uuid),
            column("request_id", Kind::Text),
            column("client_address", Kind::Text),
            column("occurred_at", Kind::Time),
        ],
        search: &["action"],
        search_text: None,
        json: None,
        owners: &["user_id"],
        ordering: "-occurred_at",
        soft_delete: false,
        cursor: true,
    };
}

/// One event, about to be written.
#[derive(Clone, Debug)]
pub struct NewSecurityEvent {
    /// Id.
    pub id: Uuid,
    /// The user concerned; none for an account that does not exist.
    pub person: Option<UserId>,
    /// What.
    pub action: &'static str,
    /// What kind of thing it is done to.
    pub entity_type: &'static str,
    /// Which one.
    pub entity_id: Option<Uuid>,
    /// The person who does it; none where the service does.
    pub by: Option<UserId>,
    /// What else is to be said. Nothing secret.
    pub details: Value,
    /// Id of the request that does it.
    pub request_id: Option<String>,
    /// Address of the client.
    pub client_address: Option<String>,
}
