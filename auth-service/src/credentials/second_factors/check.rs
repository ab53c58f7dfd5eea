//! Whether a code is right: of the app, or a recovery code.

use chrono::Utc;
use platform::{Problem, auth::seal::SealingKeys, db::GlobalTx};

use super::{
    domain::{recovery_fingerprint, step_of},
    store::{self, FactorRow},
};
use crate::users::User;

/// Which codes are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Those of the app.
    OfApp,
    /// Recovery codes, too.
    Any,
}

/// Spends a code, with the person's row locked. Gives whether it was right.
///
/// # Errors
/// 503 when the database is away.
pub async fn spend(
    tx: &mut GlobalTx<'_>,
    sealing: &SealingKeys,
    user: &User,
    factor: &FactorRow,
    code: &str,
    taken: Taken,
) -> Result<bool, Problem> {
    let secret = store::open(sealing, user.id, factor)?;
    if let Some(step) = step_of(&secret, code, Utc::now().timestamp(), factor.last_step) {
        return Ok(store::take_step(tx, user.id, step).await?);
    }
    if taken == Taken::OfApp {
        return Ok(false);
    }
    Ok(store::spend_recovery_code(tx, user.id, &recovery_fingerprint(code)).await?)
}
