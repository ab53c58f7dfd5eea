//! Access queries across tenants, one statement each.

use contracts::{
    TenantId, UserId,
    identity::{DataScope, PlatformRole},
    internal::tenants::{
        AccessAnswer, Grant, LookUpAccess, MembershipSummary, TenantRef, TenantStatus, TenantSummary,
    },
};
use diesel::{
    OptionalExtension, QueryResult, QueryableByName,
    sql_types::{Array, Bool, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::Cacheable;
use platform::{Problem, db::SystemTx};
use uuid::Uuid;

use crate::{
    settings::{REQUIRE_SECOND_FACTOR, TIME_ZONE},
    zones,
};

/// A tenant and what one person may do there.
#[derive(Debug, QueryableByName)]
pub struct AccessRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    client_id: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    membership_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    role: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    data_scope: Option<String>,
    #[diesel(sql_type = Array<Text>)]
    permissions: Vec<String>,
    #[diesel(sql_type = Array<SqlUuid>)]
    team: Vec<Uuid>,
    #[diesel(sql_type = Bool)]
    demands_second_factor: bool,
    #[diesel(sql_type = Bool)]
    address_proven: bool,
    #[diesel(sql_type = Nullable<Text>)]
    time_zone: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    own_time_zone: Option<String>,
}

impl AccessRow {
    /// The answer it makes.
    ///
    /// # Errors
    /// 500 when the row says something unheard of.
    pub fn into_answer(self) -> Result<AccessAnswer, Problem> {
        let status = TenantStatus::parse(&self.status)
            .ok_or_else(|| Problem::internal(format!("tenant {} has an unknown status", self.id)))?;
        // What was stored before zones were kept under their present names is told by them as well.
        let zone = |text: Option<String>| text.as_deref().and_then(zones::present_name).map(str::to_owned);
        let grant = match (self.role, self.data_scope) {
            (Some(role), Some(scope)) => Some(Grant {
                membership_id: self.membership_id,
                data_scope: scope_of(&scope)?,
                role,
                permissions: self.permissions,
                team: self.team.into_iter().map(UserId).collect(),
                demands_second_factor: self.demands_second_factor,
                address_proven: self.address_proven,
                time_zone: zone(self.time_zone),
                own_time_zone: zone(self.own_time_zone),
            }),
            _ => None,
        };
        let tenant =
            TenantSummary { id: TenantId(self.id), client_id: self.client_id, name: self.name, status };
        Ok(AccessAnswer { tenant: Some(tenant), grant })
    }
}

fn scope_of(name: &str) -> Result<DataScope, Problem> {
    DataScope::parse(name).ok_or_else(|| Problem::internal(format!("{name:?} is no data scope")))
}

/// The named tenant and the user's access in it; none when there is no such tenant. A platform role requires a
/// proven address.
pub async fn access(tx: &mut SystemTx<'_>, call: &LookUpAccess) -> QueryResult<Option<AccessRow>> {
    let (which, name) = match &call.tenant {
        TenantRef::Id(id) => ("t.id = $3::uuid", id.to_string()),
        TenantRef::ClientId(client_id) => ("t.client_id = $3", client_id.clone()),
        // A name that is not proven leads nowhere.
        TenantRef::Host(host) => (
            "t.id = (SELECT d.tenant_id FROM domains d WHERE d.host = $3 AND d.verified_at IS NOT NULL)",
            host.to_lowercase(),
        ),
        TenantRef::Only => (
            "t.id = (SELECT (array_agg(o.tenant_id))[1] FROM memberships o JOIN tenants p ON p.id = o.tenant_id \
             WHERE o.user_id = $1 AND o.status = 'active' AND o.deleted_at IS NULL AND p.deleted_at IS NULL \
             HAVING count(*) = 1) AND $3 = ''",
            String::new(),
        ),
    };
    let staff_role = match call.platform_role {
        PlatformRole::None => None,
        role @ (PlatformRole::InternalCs | PlatformRole::InternalAdmin) => Some(role.name()),
    };
    diesel::sql_query(format!(
        "SELECT t.id, t.client_id, t.name, t.status, m.id AS membership_id, r.name AS role, r.data_scope, \
         ARRAY(SELECT p.permission FROM role_permissions p WHERE p.role_id = r.id ORDER BY p.permission) AS permissions, \
         ARRAY(SELECT DISTINCT b.user_id FROM membership_closure c \
         JOIN memberships b ON b.tenant_id = c.tenant_id AND b.id = c.descendant \
         WHERE c.tenant_id = t.id AND c.ancestor = m.id AND c.depth > 0 AND r.data_scope = 'team') AS team, \
         EXISTS (SELECT FROM settings d WHERE d.tenant_id = t.id AND d.key = '{REQUIRE_SECOND_FACTOR}' \
         AND d.user_id IS NULL AND d.deleted_at IS NULL AND d.value = 'true') AS demands_second_factor, \
         ($2 IS NOT NULL OR EXISTS (SELECT FROM proven_people p WHERE p.user_id = $1)) AS address_proven, \
         t.timezone::text AS time_zone, \
         (SELECT z.value #>> '{{}}' FROM settings z WHERE z.tenant_id = t.id AND z.key = '{TIME_ZONE}' \
         AND z.user_id = $1 AND z.deleted_at IS NULL) AS own_time_zone \
         FROM tenants t \
         LEFT JOIN memberships m ON $2 IS NULL AND m.tenant_id = t.id AND m.user_id = $1 \
         AND m.status = 'active' AND m.deleted_at IS NULL \
         LEFT JOIN roles r ON r.id = coalesce(m.role_id, \
         (SELECT s.id FROM roles s WHERE s.tenant_id IS NULL AND s.is_platform AND s.name = $2)) \
         WHERE t.deleted_at IS NULL AND {which}"
    ))
    .bind::<SqlUuid, _>(call.user_id.0)
    .bind::<Nullable<Text>, _>(staff_role)
    .bind::<Text, _>(name).cached().get_result(&mut **tx)
    .await
    .optional()
}

/// One membership of a person.
#[derive(Debug, QueryableByName)]
pub struct MembershipRow {
    #[diesel(sql_type = SqlUuid)]
    tenant_id: Uuid,
    #[diesel(sql_type = Text)]
    client_id: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = SqlUuid)]
    membership_id: Uuid,
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = Text)]
    data_scope: String,
    #[diesel(sql_type = Array<Text>)]
    permissions: Vec<String>,
}

impl MembershipRow {
    /// As it travels.
    ///
    /// # Errors
    /// 500 when the row says something unheard of.
    pub fn into_summary(self) -> Result<MembershipSummary, Problem> {
        Ok(MembershipSummary {
            tenant_id: TenantId(self.tenant_id),
            client_id: self.client_id,
            name: self.name,
            membership_id: self.membership_id,
            data_scope: scope_of(&self.data_scope)?,
            role: self.role,
            permissions: self.permissions,
        })
    }
}

/// The person's active memberships in tenants that were not deleted, oldest first.
pub async fn memberships(tx: &mut SystemTx<'_>, user: UserId) -> QueryResult<Vec<MembershipRow>> {
    diesel::sql_query(
        "SELECT t.id AS tenant_id, t.client_id, t.name, m.id AS membership_id, r.name AS role, r.data_scope, \
         ARRAY(SELECT p.permission FROM role_permissions p WHERE p.role_id = r.id ORDER BY p.permission) AS permissions \
         FROM memberships m JOIN tenants t ON t.id = m.tenant_id JOIN roles r ON r.id = m.role_id \
         WHERE m.user_id = $1 AND m.status = 'active' AND m.deleted_at IS NULL AND t.deleted_at IS NULL \
         ORDER BY m.joined_at, m.id",
    )
    .bind::<SqlUuid, _>(user.0).cached().load(&mut **tx)
    .await
}
