//! Audit entries on the wire.

use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::view::tenant_audit;

/// Something that was done to identity or access.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = tenant_audit, check_for_backend(diesel::pg::Pg))]
pub struct AuditEntryView {
    /// Id.
    pub id: Uuid,
    /// What: `Membership.role.UPDATE`, `Invitation.CREATE`, `ApiKey.CREATE`, ….
    pub action: String,
    /// What kind of thing it was done to.
    pub entity_type: String,
    /// Which one.
    pub entity_id: Option<Uuid>,
    /// Who did it: `user`, `api_key` or `service`.
    pub actor_kind: String,
    /// The person or key.
    pub actor_id: Option<Uuid>,
    /// The service, where one acted by itself.
    pub actor_service: Option<String>,
    /// The service that saw it happen.
    pub source: String,
    /// What changed, as it was.
    #[schema(value_type = Option<Object>)]
    pub previous: Option<Value>,
    /// What changed, as it became; or what else is to be said.
    #[schema(value_type = Option<Object>)]
    pub current: Option<Value>,
    /// Id of the request that did it.
    pub request_id: Option<String>,
    /// Address of the client.
    pub client_address: Option<String>,
    /// When.
    pub occurred_at: DateTime<Utc>,
}

impl Listed for AuditEntryView {
    const LISTING: Listing = Listing {
        path: "/api/v2/audit",
        table: "tenant_audit",
        columns: &[
            column("id", Kind::Uuid),
            column("action", Kind::Text),
            column("entity_type", Kind::Text),
            column("entity_id", Kind::Uuid),
            column("actor_kind", Kind::Choice(&["user", "api_key", "service"])),
            column("actor_id", Kind::Uuid),
            column("actor_service", Kind::Text),
            column("source", Kind::Text),
            column("request_id", Kind::Text),
            column("client_address", Kind::Text),
            column("occurred_at", Kind::Time),
        ],
        search: &["action"],
        search_text: None,
        json: None,
        owners: &[],
        ordering: "-occurred_at",
        soft_delete: false,
        cursor: true,
    };
}

platform::stored!(AuditEntryView);
