//! Has the tenant of a registration made.

use contracts::internal::tenants::TenantSummary;
use platform::{Problem, client::CallError};

use super::{
    domain::{self, Founding},
    store,
};
use crate::{
    deps::Deps,
    tokens::{self, Purpose},
    users,
};

/// How a founding went.
pub enum Outcome {
    /// The tenant is made and its person may sign in.
    Founded(TenantSummary),
    /// It cannot be made. The person is gone with it.
    Refused(Problem),
    /// Not known yet.
    Open,
}

/// Asks tenant-service, any number of times, and takes down what it says.
///
/// # Errors
/// 503 when the database is away; it can be asked again.
pub async fn complete(deps: &Deps, founding: &Founding) -> Result<Outcome, Problem> {
    match deps.peers.call(&founding.call()).await {
        Ok(tenant) => {
            deps.db
                .in_global(async |tx| {
                    if !store::remove(tx, founding.user_id).await? {
                        return Ok(());
                    }
                    let Some(user) = users::find(tx, founding.user_id).await? else { return Ok(()) };
                    tokens::send_one_time_token(tx, deps, &user, Purpose::VerifyEmail).await
                })
                .await?;
            tracing::info!(tenant.id = %tenant.id, user.id = %founding.user_id, "a registered tenant was made");
            Ok(Outcome::Founded(tenant))
        }
        Err(CallError::Refused(_, body)) => match domain::refusal(&body) {
            Some(problem) => {
                withdraw(deps, founding).await?;
                tracing::info!(user.id = %founding.user_id, code = body.code, "a registered tenant was refused");
                Ok(Outcome::Refused(problem))
            }
            None => {
                tracing::error!(
                    status = body.status,
                    code = body.code,
                    "tenant-service does not take our request"
                );
                Ok(Outcome::Open)
            }
        },
        Err(error @ CallError::Away(..)) => {
            tracing::warn!(%error, user.id = %founding.user_id, "a registered tenant is not made yet");
            Ok(Outcome::Open)
        }
    }
}

/// Deletes the user. If the request is gone, another process has handled both.
async fn withdraw(deps: &Deps, founding: &Founding) -> Result<(), Problem> {
    deps.db
        .in_global(async |tx| {
            if store::remove(tx, founding.user_id).await? {
                users::remove(tx, founding.user_id).await?;
            }
            Ok(())
        })
        .await
}
