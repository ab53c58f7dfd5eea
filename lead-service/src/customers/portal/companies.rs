//! The companies a user is a customer of, or asks to be.

use actix_web::web::Data;
use contracts::{
    TenantId, UserId,
    identity::PlatformRole,
    internal::{
        tenants::{LookUpAccess, TenantRef, TenantStatus, TenantSummary},
        users::{ADDRESS_UNPROVEN, ADDRESS_UNPROVEN_DETAIL, DescribeUsers},
    },
    page::Page,
    problem::FieldError,
};
use futures::{StreamExt, TryStreamExt, stream};
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Answer, Body, Created, Json, Query, SignedIn},
};

use super::{
    PAGE_SIZE,
    api::{CompanyView, JoinCompany, OwnCompaniesQuery},
    store,
};
use crate::{
    customers::{
        self,
        api::{CustomerView, WriteCustomer},
        domain::CustomerFields,
    },
    deps::Deps,
    entities::Entity,
};

/// Companies that tenant-service is asked about at a time.
const AT_ONCE: usize = 8;

/// Each company in which the user is a customer, confirmed or not; those that are not active are left out of their page. How
/// many there are is only known where one page has them all.
pub async fn list(
    caller: SignedIn,
    query: Query<OwnCompaniesQuery>,
    deps: Data<Deps>,
) -> Result<Body<Page<CompanyView>>, Problem> {
    let (page, size) = (query.0.page.unwrap_or(1), query.0.page_size.unwrap_or(PAGE_SIZE));
    let before = i64::from(page - 1) * i64::from(size);
    let stretch = deps
        .db
        .in_global(async |tx| {
            let most = i64::from(size) + 1;
            store::companies(tx, caller.user(), before, most).await.map_err(Problem::from)
        })
        .await?;
    let wanted = usize::try_from(size).unwrap_or(usize::MAX);
    let more = stretch.len() > wanted;
    let known = customers_in(&deps, caller.user(), stretch.into_iter().take(wanted)).await?;
    let results: Vec<CompanyView> =
        known.into_iter().map(|(company, customer)| CompanyView::new(company, &customer)).collect();
    let count = i64::try_from(results.len()).ok().filter(|_| page == 1 && !more);
    let origin = caller.context().origin.as_deref().unwrap_or_default();
    let link = |page: u32| format!("{origin}/api/v2/customer/companies?page_size={size}&page={page}");
    let (next, previous) = (more.then(|| link(page + 1)), (page > 1).then(|| link(page - 1)));
    Ok(Body::new(Page { count, next, previous, results }))
}

/// The user becomes a customer that the company has yet to confirm, known to it by their address: that must be proven, or
/// the company would confirm another person. 409 when they are one already.
pub async fn join(
    caller: SignedIn,
    body: Json<JoinCompany>,
    deps: Data<Deps>,
) -> Result<Answer<Created<CompanyView>>, Problem> {
    let user = deps.peers.call(&DescribeUsers { user_ids: vec![caller.user()] }).await?;
    let user =
        user.into_iter().next().ok_or_else(|| Problem::internal("auth-service does not know the caller"))?;
    if !user.email_verified {
        return Err(Problem::forbidden(ADDRESS_UNPROVEN, ADDRESS_UNPROVEN_DETAIL));
    }
    let reference = TenantRef::ClientId(body.into_inner().client_id);
    let company = look_up(&deps, caller.user(), reference).await?.ok_or_else(no_such_company)?;
    let fields = CustomerFields::parse(WriteCustomer {
        first_name: user.first_name,
        last_name: user.last_name,
        email: Some(user.email),
        user_id: Some(caller.user().0),
        ..WriteCustomer::default()
    })?;
    deps.db
        .once(company.id, async |tx| {
            match customers::store::of_user(tx, caller.user()).await {
                Err(diesel::result::Error::NotFound) => {}
                Ok(_) => {
                    return Err(Problem::conflict(
                        "already_customer",
                        "You are, or asked to be, its customer.",
                    ));
                }
                Err(error) => return Err(error.into()),
            }
            let customer = customers::store::insert(tx, &fields, None).await?;
            customers::store::note_company(tx, caller.user().0).await?;
            outbox::record(tx, vec![Change::created(CustomerView::NAME, customer.id, &customer)]).await?;
            Ok(Created::at("/api/v2/customer/companies", CompanyView::new(company.clone(), &customer)))
        })
        .await
}

fn no_such_company() -> Problem {
    let mut problem = Problem::unprocessable("unknown_reference", "client_id names no company.");
    problem.errors = vec![FieldError::new("client_id", "unknown_reference", "names no company")];
    problem
}

/// The company, if there is one that is active.
async fn look_up(deps: &Deps, user: UserId, tenant: TenantRef) -> Result<Option<TenantSummary>, Problem> {
    let call = LookUpAccess { user_id: user, platform_role: PlatformRole::None, tenant };
    let company = deps.peers.call(&call).await?.tenant;
    Ok(company.filter(|company| company.status == TenantStatus::Active))
}

/// The active companies that have the user as a customer, with the customer that the user is there.
pub(super) async fn of_user(
    deps: &Deps,
    user: UserId,
) -> Result<Vec<(TenantSummary, CustomerView)>, Problem> {
    let tenants = deps
        .db
        .in_global(async |tx| store::companies(tx, user, 0, i64::MAX).await.map_err(Problem::from))
        .await?;
    customers_in(deps, user, tenants).await
}

/// The same of these companies.
async fn customers_in(
    deps: &Deps,
    user: UserId,
    tenants: impl IntoIterator<Item = TenantId>,
) -> Result<Vec<(TenantSummary, CustomerView)>, Problem> {
    let looked_up = stream::iter(tenants).map(|tenant| look_up(deps, user, TenantRef::Id(tenant)));
    let companies: Vec<Option<TenantSummary>> = looked_up.buffered(AT_ONCE).try_collect().await?;
    let mut known = Vec::new();
    for company in companies.into_iter().flatten() {
        let found =
            deps.db.in_tenant(company.id, async |tx| match customers::store::of_user(tx, user).await {
                Ok(customer) => Ok(Some(customer)),
                Err(diesel::result::Error::NotFound) => Ok(None),
                Err(error) => Err(Problem::from(error)),
            });
        if let Some(customer) = found.await? {
            known.push((company, customer));
        }
    }
    Ok(known)
}
