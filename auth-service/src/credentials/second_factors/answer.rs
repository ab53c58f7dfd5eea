//! The answer to a challenge: a code that begins the session.

use platform::Problem;

use super::{
    api::AnswerChallenge,
    check::{self, Taken},
    domain::{CHALLENGE_PREFIX, WRONG_CODE, challenge_over, wrong_code},
    store,
};
use crate::{
    deps::Deps,
    sessions::{self, Device, Proof, Tokens, user_inactive},
    tokens,
    users::{self, User},
};

/// The person and their first tokens. A challenge is answered once, and bears five wrong codes.
pub async fn answer(deps: &Deps, given: AnswerChallenge, device: &Device) -> Result<(User, Tokens), Problem> {
    let AnswerChallenge { challenge_token, code } = given;
    let token = tokens::fingerprint(CHALLENGE_PREFIX, &challenge_token).ok_or_else(challenge_over)?;
    // The try is counted for good, whatever comes of it.
    let tried =
        deps.db.in_global(async |tx| store::try_challenge(tx, &token).await.map_err(Problem::from)).await?;
    let owner = tried.ok_or_else(challenge_over)?;
    // More challenges do not allow more guesses.
    let attempt = deps.guard.enter(&format!("second factor of {owner}"), device.ip.as_deref()).await?;
    let begun = sessions::begin(deps, owner, Proof::SecondFactor, device, async |tx| {
        let user = users::lock(tx, owner).await?.ok_or_else(user_inactive)?;
        attempt.judge(tx, Some(&user)).await?;
        let factor = store::find(tx, owner).await?.filter(|factor| factor.confirmed_at.is_some());
        let factor = factor.ok_or_else(challenge_over)?;
        if !check::spend(tx, &deps.sealing, &user, &factor, &code, Taken::Any).await? {
            return Err(wrong_code());
        }
        attempt.succeeded(tx).await?;
        if store::end_challenge(tx, &token).await? { Ok(()) } else { Err(challenge_over()) }
    });
    match begun.await {
        Ok(begun) => Ok(begun),
        Err(problem) => {
            if problem.code == WRONG_CODE {
                attempt.failed(&deps.db, Some(owner), "wrong_code").await?;
            }
            Err(problem)
        }
    }
}
