//! Registers somebody.

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
    deps::Deps,
    one_time_tokens::{self, Purpose},
    users::{self, User, domain::NewUser},
};

/// How long the request has for itself before the worker joins in: longer than a request may take.
const HEAD_START: Duration = Duration::from_secs(30);

/// 503 when tenant-service is away: the registration is kept, and sent again it is completed.
pub async fn register(
    _caller: Public,
    body: Json<Register>,
    deps: Data<Deps>,
) -> Result<Created<RegisteredView>, Problem> {
    let NewRegistration { mut user, password, tenant } = NewRegistration::parse(body.into_inner())?;
    user.password_hash = Some(deps.passwords.hash(&password).await?);
    let entered = deps.db.in_global(async |tx| enter(&deps, tx, &user, tenant.as_ref()).await).await?;
    let (user, founding) = match entered {
        Entered::New(user, founding) => (user, founding),
        Entered::Known(known, Some(founding))
            if tenant.is_some_and(|tenant| tenant.client_id == founding.tenant.client_id) =>
        {
            let kept = known.password_hash.as_deref();
            if !deps.passwords.verify(password.expose(), kept).await? {
                return Err(domain::email_taken());
            }
            (known, Some(founding))
        }
        Entered::Known(..) => return Err(domain::email_taken()),
    };
    let tenant = match founding {
        None => None,
        Some(founding) => match founding::complete(&deps, &founding).await? {
            Outcome::Founded(tenant) => Some(tenant.into()),
            Outcome::Refused(problem) => return Err(problem),
            Outcome::Open => return Err(domain::pending()),
        },
    };
    let view = RegisteredView { user: (&user).into(), tenant };
    Ok(Created::at("/api/v2/auth/me", view))
}

/// What the database makes of a registration.
enum Entered {
    New(User, Option<Founding>),
    Known(User, Option<Founding>),
}

/// Who brings no tenant is there at once and is sent the mail that proves their address; others once their tenant is.
async fn enter(
    deps: &Deps,
    tx: &mut GlobalTx<'_>,
    new: &NewUser,
    tenant: Option<&NewTenant>,
) -> Result<Entered, Problem> {
    if let Some(user) = users::store::insert(tx, new).await? {
        let founding = match tenant {
            Some(tenant) => Some(store::insert(tx, user.id, tenant, HEAD_START).await?),
            None => {
                one_time_tokens::send(tx, deps, &user, Purpose::VerifyEmail).await?;
                None
            }
        };
        return Ok(Entered::New(user, founding));
    }
    let gone = || Problem::unavailable("the person with that address was deleted just now");
    let user = users::store::find_by_email(tx, &new.email).await?.ok_or_else(gone)?;
    let founding = store::find(tx, user.id).await?;
    Ok(Entered::Known(user, founding))
}
