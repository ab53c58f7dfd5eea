//! Registration handler.

use std::time::Duration;

use actix_web::web::Data;
use platform::{
    Problem,
    db::GlobalTx,
    http::{Created, Json, Public},
};

use super::{
    api::{Register, RegisteredView},
    domain::{self, Founding, NewRegistration, NewTenant},
    founding::{self, Outcome},
    store,
};
use crate::{
    credentials::{Attempt, NewPassword, Reserved},
    deps::Deps,
    tokens::{self, Purpose},
    users::{self, NewUser, User},
};

/// How long the request has for itself before the worker joins in: longer than a request may take.
const HEAD_START: Duration = Duration::from_secs(30);

/// 503 when tenant-service is away: the registration is kept, and sent again it is completed.
///
/// Whether the address is taken is found out before anything is hashed. Who is refused for want of room, or because too many came
/// from the same address, is refused from memory for a moment.
pub async fn register(
    caller: Public,
    body: Json<Register>,
    deps: Data<Deps>,
) -> Result<Created<RegisteredView>, Problem> {
    let NewRegistration { mut user, password, tenant } = NewRegistration::parse(body.into_inner())?;
    let request = deps.guard.registration(&user.email, caller.client_address()).await?;
    let (user, founding) = match look(&deps, &request, &user.email).await? {
        Look::Known(known) => come_again(&deps, *known, tenant.as_ref(), &password).await?,
        Look::Free(place) => {
            user.password_hash = Some(deps.passwords.hash_for_registration(place, &password).await?);
            match deps.db.in_global(async |tx| enter(&deps, tx, &user, tenant.as_ref()).await).await? {
                Entered::New(user, founding) => (user, founding),
                Entered::Known(known) => come_again(&deps, known, tenant.as_ref(), &password).await?,
            }
        }
    };
    // The next request for this address may go on.
    drop(request);
    let tenant = match founding {
        None => None,
        Some(founding) => match founding::complete(&deps, &founding).await? {
            Outcome::Founded(tenant) => Some(tenant.into()),
            Outcome::Refused(problem) => return Err(problem),
            Outcome::Open => return Err(users::registration_pending()),
        },
    };
    let view = RegisteredView { user: (&user).into(), tenant };
    Ok(Created::at("/api/v2/auth/me", view))
}

/// A person who has an account, and the tenant that is still to be made for them.
type Known = (User, Option<Founding>);

/// What is known of a registration before anything is hashed.
enum Look {
    /// Its address has an account.
    Known(Box<Known>),
    /// It has none, and the registration has a place to be hashed in.
    Free(Reserved),
}

/// Looks an address up and counts the registration, unless there is no room for it. Few look at a time: the others wait without a
/// connection to the database, which people who sign in need.
async fn look(deps: &Deps, request: &Attempt<'_>, email: &str) -> Result<Look, Problem> {
    let place = deps.registering.place().map_err(|problem| request.shed(problem))?;
    let _turn = deps.registering.turn(&place).await.map_err(|problem| request.shed(problem))?;
    deps.db
        .in_global(async |tx| match users::find_by_email(tx, email).await? {
            Some(user) => {
                request.admit(tx, Some(&user)).await?;
                let founding = store::find(tx, user.id).await?;
                Ok(Look::Known(Box::new((user, founding))))
            }
            None => {
                let reserved = deps.passwords.reserve_for_registration();
                let reserved = reserved.map_err(|problem| request.shed(problem))?;
                request.admit(tx, None).await?;
                Ok(Look::Free(reserved))
            }
        })
        .await
}

/// What the database makes of a registration.
enum Entered {
    New(User, Option<Founding>),
    Known(Known),
}

async fn with_founding(tx: &mut GlobalTx<'_>, user: Option<User>) -> Result<Option<Known>, Problem> {
    let Some(user) = user else { return Ok(None) };
    let founding = store::find(tx, user.id).await?;
    Ok(Some((user, founding)))
}

/// Answers 409, unless the same registration is repeated while its tenant is still being created.
async fn come_again(
    deps: &Deps,
    (user, founding): Known,
    tenant: Option<&NewTenant>,
    password: &NewPassword,
) -> Result<Known, Problem> {
    let wanted = tenant.map(|tenant| &tenant.client_id);
    let Some(founding) = founding.filter(|founding| wanted == Some(&founding.tenant.client_id)) else {
        return Err(domain::email_taken());
    };
    let kept = user.password_hash.as_deref();
    if !deps.passwords.verify_for_registration(password.expose(), kept).await? {
        return Err(domain::email_taken());
    }
    Ok((user, Some(founding)))
}

/// Who brings no tenant is there at once and is sent the mail that proves their address; others once their tenant is.
async fn enter(
    deps: &Deps,
    tx: &mut GlobalTx<'_>,
    new: &NewUser,
    tenant: Option<&NewTenant>,
) -> Result<Entered, Problem> {
    if let Some(user) = users::insert(tx, new).await? {
        let founding = match tenant {
            Some(tenant) => Some(store::insert(tx, user.id, tenant, HEAD_START).await?),
            None => {
                tokens::send_one_time_token(tx, deps, &user, Purpose::VerifyEmail).await?;
                None
            }
        };
        return Ok(Entered::New(user, founding));
    }
    let gone = || Problem::unavailable("the person with that address was deleted just now");
    let user = users::find_by_email(tx, &new.email).await?;
    Ok(Entered::Known(with_founding(tx, user).await?.ok_or_else(gone)?))
}
