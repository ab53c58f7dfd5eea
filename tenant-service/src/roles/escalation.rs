//! Nobody gives away, or takes from others, what they do not hold themselves.

use contracts::{permissions::Permission, problem::FieldError};
use platform::{Problem, db::TenantTx, http::access::TenantCaller};

use super::{catalogue, store};

/// 403 when one of `codes` is not among what the caller may do.
pub async fn check_codes(
    tx: &mut TenantTx<'_>,
    caller: &TenantCaller,
    codes: &[String],
) -> Result<(), Problem> {
    let held = held(tx, caller).await?;
    let mut beyond: Vec<&String> = codes.iter().filter(|code| !held.contains(code)).collect();
    beyond.sort_unstable();
    beyond.dedup();
    let Some(first) = beyond.first() else { return Ok(()) };
    let errors = beyond
        .iter()
        .map(|code| FieldError::new("", "not_held", format!("you do not hold {code} yourself")))
        .collect();
    let detail = "This takes permissions that you do not hold yourself.";
    let denied = Problem::forbidden("permission_denied", detail).with("permission", first.as_str());
    Err(Problem { errors, ..denied })
}

/// 403 unless the caller may do `P`, for handlers in which that depends on the body.
pub async fn check_held<P: Permission>(tx: &mut TenantTx<'_>, caller: &TenantCaller) -> Result<(), Problem> {
    if held(tx, caller).await?.iter().any(|code| code == P::CODE) {
        return Ok(());
    }
    Err(Problem::forbidden("permission_denied", format!("This needs the permission {}.", P::CODE))
        .with("permission", P::CODE))
}

/// What the caller may do.
async fn held(tx: &mut TenantTx<'_>, caller: &TenantCaller) -> Result<Vec<String>, Problem> {
    if caller.platform_role().is_none() {
        return Ok(store::permissions_of(tx, &[caller.role()]).await?);
    }
    Ok(catalogue::platform_permissions(caller.platform_role()).into_iter().map(str::to_owned).collect())
}

/// 403 when one of the roles of these names allows more than the caller may do.
pub async fn check_roles(
    tx: &mut TenantTx<'_>,
    caller: &TenantCaller,
    names: &[&str],
) -> Result<(), Problem> {
    let codes = store::permissions_of(tx, names).await?;
    check_codes(tx, caller, &codes).await
}
