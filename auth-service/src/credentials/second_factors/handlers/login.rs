//! Completes a sign-in with a code.

use actix_web::{HttpRequest, web::Data};
use platform::{
    Problem,
    http::{Body, Json, Public},
};

use crate::{
    credentials::second_factors::{
        api::AnswerChallenge,
        check::{self, Taken},
        domain::{CHALLENGE_PREFIX, WRONG_CODE, challenge_over, wrong_code},
        store,
    },
    deps::Deps,
    sessions::{self, Device, LoginView, Proof, user_inactive},
    tokens,
    users::{self, PersonView},
};

/// A challenge is answered once, and bears five wrong codes.
pub async fn login(
    caller: Public,
    body: Json<AnswerChallenge>,
    request: HttpRequest,
    deps: Data<Deps>,
) -> Result<Body<LoginView>, Problem> {
    let AnswerChallenge { challenge_token, code } = body.into_inner();
    let token = tokens::fingerprint(CHALLENGE_PREFIX, &challenge_token).ok_or_else(challenge_over)?;
    // The try is counted for good, whatever comes of it.
    let tried =
        deps.db.in_global(async |tx| store::try_challenge(tx, &token).await.map_err(Problem::from)).await?;
    let owner = tried.ok_or_else(challenge_over)?;
    let device = Device::of(&request, caller.client_address());
    // More challenges do not allow more guesses.
    let attempt = deps.guard.enter(&format!("second factor of {owner}"), device.ip.as_deref()).await?;
    let begun = sessions::begin(&deps, owner, Proof::SecondFactor, &device, async |tx| {
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
    let (user, tokens) = match begun.await {
        Ok(begun) => begun,
        Err(problem) => {
            if problem.code == WRONG_CODE {
                attempt.failed(&deps.db, Some(owner), "wrong_code").await?;
            }
            return Err(problem);
        }
    };
    Ok(Body::new(LoginView::of(tokens, PersonView::from(&user))))
}
