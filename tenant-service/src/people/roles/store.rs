//! Roles in the database.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, Utc};
use contracts::{UserId, identity::DataScope};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, QueryResult, Queryable,
    QueryableByName, Selectable, SelectableHelper,
    sql_types::{Array, Bool, Integer, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::Cacheable;
use platform::{
    Problem,
    db::{self, SystemTx, TenantTx, Visibility},
    http::list::Criteria,
};
use uuid::Uuid;

use super::{api::RoleView, domain::RoleFields, escalation::Reach};
use crate::{
    permissions::SystemRole,
    schema::{
        invitations, memberships, role_permissions,
        roles::{self, dsl},
    },
};

/// A role without what it allows.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = roles, check_for_backend(diesel::pg::Pg))]
pub struct RoleRow {
    /// Id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    level: i32,
    description: Option<String>,
    data_scope: String,
    /// Whether the platform provides it.
    pub is_system: bool,
    /// Grows with each change.
    pub version: i32,
    created_by: Option<Uuid>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl RoleRow {
    fn allowing(self, permissions: Vec<String>) -> RoleView {
        RoleView {
            id: self.id,
            name: self.name,
            level: self.level,
            description: self.description,
            data_scope: self.data_scope,
            is_system: self.is_system,
            permissions,
            version: self.version,
            created_by: self.created_by,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }
}

/// One stretch of the list.
pub async fn page(
    tx: &mut TenantTx<'_>,
    criteria: &Arc<Criteria>,
) -> Result<(Option<i64>, Vec<RoleView>), Problem> {
    let (total, rows): (_, Vec<RoleRow>) = db::list::load(tx, criteria, &Visibility::All).await?;
    Ok((total, with_permissions(tx, rows).await?))
}

async fn with_permissions(tx: &mut TenantTx<'_>, rows: Vec<RoleRow>) -> QueryResult<Vec<RoleView>> {
    let ids: Vec<Uuid> = rows.iter().map(|role| role.id).collect();
    let granted: Vec<(Uuid, String)> = role_permissions::table
        .filter(role_permissions::role_id.eq_any(ids))
        .order(role_permissions::permission)
        .select((role_permissions::role_id, role_permissions::permission))
        .load(&mut **tx)
        .await?;
    let mut by_role: HashMap<Uuid, Vec<String>> = HashMap::new();
    for (role, code) in granted {
        by_role.entry(role).or_default().push(code);
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            let codes = by_role.remove(&row.id).unwrap_or_default();
            row.allowing(codes)
        })
        .collect())
}

async fn whole(tx: &mut TenantTx<'_>, row: RoleRow) -> QueryResult<RoleView> {
    let codes = permissions(tx, row.id).await?;
    Ok(row.allowing(codes))
}

async fn permissions(tx: &mut TenantTx<'_>, role: Uuid) -> QueryResult<Vec<String>> {
    role_permissions::table
        .filter(role_permissions::role_id.eq(role))
        .order(role_permissions::permission)
        .select(role_permissions::permission)
        .load(&mut **tx)
        .await
}

/// Reads one, of the tenant or of the platform.
pub async fn find(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<RoleView> {
    let row = dsl::roles
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(RoleRow::as_select())
        .first(&mut **tx)
        .await?;
    whole(tx, row).await
}

/// The role that a tenant means by this name, whatever the case.
pub async fn named(tx: &mut TenantTx<'_>, name: &str) -> QueryResult<Option<RoleRow>> {
    diesel::define_sql_function!(fn lower(text: Text) -> Text);
    dsl::roles
        .filter(lower(dsl::name).eq(lower(name)).and(dsl::deleted_at.is_null()))
        .select(RoleRow::as_select())
        .first(&mut **tx)
        .await
        .optional()
}

/// What roles of these names allow together.
pub async fn permissions_of(tx: &mut TenantTx<'_>, names: &[&str]) -> QueryResult<Vec<String>> {
    role_permissions::table
        .inner_join(roles::table.on(roles::id.eq(role_permissions::role_id)))
        .filter(roles::name.eq_any(names).and(roles::deleted_at.is_null()))
        .select(role_permissions::permission)
        .distinct()
        .load(&mut **tx)
        .await
}

#[derive(QueryableByName)]
struct ReachRow {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Integer)]
    level: i32,
    #[diesel(sql_type = Text)]
    data_scope: String,
    #[diesel(sql_type = Array<Text>)]
    permissions: Vec<String>,
}

impl TryFrom<ReachRow> for Reach {
    type Error = Problem;

    fn try_from(row: ReachRow) -> Result<Self, Problem> {
        let data_scope = DataScope::parse(&row.data_scope)
            .ok_or_else(|| Problem::internal(format!("{:?} is no data scope", row.data_scope)))?;
        Ok(Self { permissions: row.permissions, data_scope, level: Self::rank(&row.name, row.level) })
    }
}

/// What roles of these names amount to.
pub async fn reaches(tx: &mut TenantTx<'_>, names: &[&str]) -> Result<Vec<Reach>, Problem> {
    let rows: Vec<ReachRow> = diesel::sql_query(
        "SELECT r.name, r.level, r.data_scope, \
         ARRAY(SELECT p.permission FROM role_permissions p WHERE p.role_id = r.id) AS permissions \
         FROM roles r WHERE r.name = ANY($1) AND r.deleted_at IS NULL",
    )
    .bind::<Array<Text>, _>(names)
    .cached()
    .load(&mut **tx)
    .await?;
    rows.into_iter().map(Reach::try_from).collect()
}

/// What an active member's role amounts to.
pub async fn reach_of_member(tx: &mut TenantTx<'_>, user: UserId) -> Result<Option<Reach>, Problem> {
    let row: Option<ReachRow> = diesel::sql_query(
        "SELECT r.name, r.level, r.data_scope, \
         ARRAY(SELECT p.permission FROM role_permissions p WHERE p.role_id = r.id) AS permissions \
         FROM memberships m JOIN roles r ON r.id = m.role_id \
         WHERE m.tenant_id = $1 AND m.user_id = $2 AND m.status = 'active' AND m.deleted_at IS NULL",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<SqlUuid, _>(user.0)
    .cached()
    .get_result(&mut **tx)
    .await
    .optional()?;
    row.map(Reach::try_from).transpose()
}

/// Adds one of the tenant's own.
pub async fn insert(tx: &mut TenantTx<'_>, fields: &RoleFields, by: UserId) -> QueryResult<RoleView> {
    let row: RoleRow = diesel::insert_into(dsl::roles)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::created_by.eq(by.0),
            fields,
        ))
        .returning(RoleRow::as_returning())
        .get_result(&mut **tx)
        .await?;
    Ok(row.allowing(Vec::new()))
}

/// Reads one of the tenant's own that is about to change. System roles cannot be locked.
pub async fn lock(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<RoleView> {
    let row = dsl::roles
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(RoleRow::as_select())
        .for_update()
        .first(&mut **tx)
        .await?;
    whole(tx, row).await
}

/// Writes one.
pub async fn update(tx: &mut TenantTx<'_>, id: Uuid, fields: &RoleFields) -> QueryResult<RoleView> {
    let row = diesel::update(dsl::roles.filter(dsl::id.eq(id)))
        .set((fields, dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(RoleRow::as_returning())
        .get_result(&mut **tx)
        .await?;
    whole(tx, row).await
}

/// Lets the role allow these and nothing else.
pub async fn replace_permissions(tx: &mut TenantTx<'_>, id: Uuid, codes: &[String]) -> QueryResult<RoleView> {
    let tenant = tx.tenant().0;
    diesel::delete(role_permissions::table.filter(role_permissions::role_id.eq(id)))
        .execute(&mut **tx)
        .await?;
    let rows: Vec<_> = codes
        .iter()
        .map(|code| {
            (
                role_permissions::role_id.eq(id),
                role_permissions::tenant_id.eq(tenant),
                role_permissions::permission.eq(code),
            )
        })
        .collect();
    diesel::insert_into(role_permissions::table).values(rows).execute(&mut **tx).await?;
    let row = diesel::update(dsl::roles.filter(dsl::id.eq(id)))
        .set((dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(RoleRow::as_returning())
        .get_result(&mut **tx)
        .await?;
    whole(tx, row).await
}

/// Whether it has holders or open invitations.
pub async fn is_held(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<bool> {
    let holders =
        memberships::table.filter(memberships::role_id.eq(id).and(memberships::deleted_at.is_null()));
    let invited =
        invitations::table.filter(invitations::role_id.eq(id).and(invitations::status.eq("pending")));
    diesel::select(diesel::dsl::exists(holders).or(diesel::dsl::exists(invited))).get_result(&mut **tx).await
}

/// Deletes one softly.
pub async fn archive(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<usize> {
    let now = Utc::now();
    diesel::update(dsl::roles.filter(dsl::id.eq(id)))
        .set((dsl::deleted_at.eq(now), dsl::updated_at.eq(now), dsl::version.eq(dsl::version + 1)))
        .execute(&mut **tx)
        .await
}

/// Keeps other processes from writing the system roles until this transaction ends.
pub async fn lock_system_roles(tx: &mut SystemTx<'_>) -> QueryResult<usize> {
    diesel::sql_query("SELECT pg_advisory_xact_lock(hashtext('leadstream system roles'))")
        .cached()
        .execute(&mut **tx)
        .await
}

#[derive(QueryableByName)]
struct RoleId {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// Writes a system role. Gives its id.
pub async fn upsert_system(tx: &mut SystemTx<'_>, role: &SystemRole) -> QueryResult<Uuid> {
    let row: RoleId = diesel::sql_query(
        "INSERT INTO roles (id, name, level, description, data_scope, is_platform) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (tenant_id, lower(name)) WHERE deleted_at IS NULL DO UPDATE SET level = excluded.level, \
         description = excluded.description, data_scope = excluded.data_scope, is_platform = excluded.is_platform \
         RETURNING id",
    )
    .bind::<SqlUuid, _>(Uuid::now_v7())
    .bind::<Text, _>(role.name)
    .bind::<Integer, _>(role.level)
    .bind::<Text, _>(role.description)
    .bind::<Text, _>(role.data_scope.name())
    .bind::<Bool, _>(role.is_platform).cached().get_result(&mut **tx)
    .await?;
    Ok(row.id)
}

/// Lets a system role allow these and nothing else. Gives how many grants changed.
pub async fn replace_system_permissions(
    tx: &mut SystemTx<'_>,
    id: Uuid,
    codes: &[&str],
) -> QueryResult<usize> {
    let withdrawn =
        diesel::sql_query("DELETE FROM role_permissions WHERE role_id = $1 AND permission <> ALL($2)")
            .bind::<SqlUuid, _>(id)
            .bind::<Array<Text>, _>(codes)
            .cached()
            .execute(&mut **tx)
            .await?;
    let given = diesel::sql_query(
        "INSERT INTO role_permissions (role_id, permission) SELECT $1, code FROM unnest($2) AS code \
         ON CONFLICT DO NOTHING",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Array<Text>, _>(codes)
    .cached()
    .execute(&mut **tx)
    .await?;
    Ok(withdrawn + given)
}
