//! Argon2id, on threads that may block, in a queue for each purpose: docs/decisions/0037.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::{self, phc::PasswordHash},
};
use platform::Problem;

use super::{
    policy::{LENGTH, NewPassword},
    queues::{Purpose, Queues, Reserved, SigningIn},
};

/// Hashes and checks passwords.
pub struct Passwords {
    queues: Queues,
    /// The hash of no password at all, checked where there is no other, so that this takes as long.
    stand_in: Arc<str>,
}

impl Passwords {
    /// With queues for a machine of this many cores as the process sees it.
    ///
    /// # Errors
    /// When the algorithm refuses its parameters.
    pub fn new() -> anyhow::Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let unknown = hex::encode(rand::random::<[u8; 32]>());
        let stand_in =
            hash(&unknown).map_err(|error| anyhow::anyhow!("passwords cannot be hashed: {error}"))?;
        Ok(Self { queues: Queues::of(cores), stand_in: stand_in.into() })
    }

    /// The password in the form in which it is kept (PHC string), for a caller with a checked session or mailed token.
    ///
    /// # Errors
    /// 503 when too many others are waiting.
    pub async fn hash(&self, password: &NewPassword) -> Result<String, Problem> {
        self.hash_in(self.queues.reserve(Purpose::Owner)?, password).await
    }

    /// A place in the queue of registrations, taken before anything is written for one.
    ///
    /// # Errors
    /// 503 when too many others are waiting.
    pub fn reserve_for_registration(&self) -> Result<Reserved, Problem> {
        self.queues.reserve(Purpose::Registration)
    }

    /// Counts a sign-in until what is returned is dropped. Registrations are hashed between sign-ins.
    pub fn signing_in(&self) -> SigningIn<'_> {
        self.queues.signing_in()
    }

    /// The password of a registration in the form in which it is kept.
    ///
    /// # Errors
    /// 503 when the turn does not come in time.
    pub async fn hash_for_registration(
        &self,
        place: Reserved,
        password: &NewPassword,
    ) -> Result<String, Problem> {
        self.hash_in(place, password).await
    }

    async fn hash_in(&self, place: Reserved, password: &NewPassword) -> Result<String, Problem> {
        let text = password.expose().to_owned();
        let outcome = self.queues.run_in(place, move || hash(&text)).await?;
        outcome.map_err(|error| Problem::internal(error.to_string()))
    }

    /// Whether `password`, given by a caller with a checked session, is the one that `kept` was made of.
    ///
    /// # Errors
    /// 503 when too many others are waiting.
    pub async fn verify(&self, password: &str, kept: Option<&str>) -> Result<bool, Problem> {
        self.verify_for(Purpose::Owner, password, kept).await
    }

    /// The same for a registration that is repeated.
    ///
    /// # Errors
    /// 503 when too many others are waiting.
    pub async fn verify_for_registration(&self, password: &str, kept: Option<&str>) -> Result<bool, Problem> {
        self.verify_for(Purpose::Registration, password, kept).await
    }

    /// The same for a sign-in. False when nothing is kept, after the same time.
    ///
    /// # Errors
    /// 503 when too many others are waiting.
    pub async fn verify_for_sign_in(&self, password: &str, kept: Option<&str>) -> Result<bool, Problem> {
        self.verify_for(Purpose::SignIn, password, kept).await
    }

    async fn verify_for(
        &self,
        purpose: Purpose,
        password: &str,
        kept: Option<&str>,
    ) -> Result<bool, Problem> {
        // No stored password is longer, so there is nothing to hash.
        if password.chars().count() > *LENGTH.end() {
            return Ok(false);
        }
        let known = kept.is_some();
        let kept: Arc<str> = kept.map_or_else(|| Arc::clone(&self.stand_in), Arc::from);
        let password = password.to_owned();
        let verifying = move || Argon2::default().verify_password(password.as_bytes(), &*kept);
        match self.queues.run(purpose, verifying).await? {
            Ok(()) => Ok(known),
            Err(password_hash::Error::PasswordInvalid) => Ok(false),
            Err(error) => Err(Problem::internal(format!("a stored password hash cannot be used: {error}"))),
        }
    }

    /// What is to be kept of the right `password` of a person who signs in instead of `kept`, where that was made with less
    /// effort than one made now; none where it need not be replaced.
    ///
    /// # Errors
    /// As [`Passwords::hash`].
    pub async fn renewed(&self, password: &str, kept: &str) -> Result<Option<String>, Problem> {
        if !is_outdated(kept) {
            return Ok(None);
        }
        let password = password.to_owned();
        let outcome = self.queues.run(Purpose::SignIn, move || hash(&password)).await?;
        outcome.map(Some).map_err(|error| Problem::internal(error.to_string()))
    }
}

fn hash(password: &str) -> Result<String, password_hash::Error> {
    Ok(Argon2::default().hash_password(password.as_bytes())?.to_string())
}

fn is_outdated(kept: &str) -> bool {
    let Ok(kept) = PasswordHash::new(kept) else { return false };
    let Ok(then) = Params::try_from(&kept) else { return false };
    let now = Params::default();
    kept.algorithm.as_str() != Algorithm::Argon2id.as_str()
        || kept.version != Some(Version::default().into())
        || then.m_cost() < now.m_cost()
        || then.t_cost() < now.t_cost()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with a quarter of the memory and half the passes.
    fn weak(password: &str) -> String {
        let params = Params::new(Params::DEFAULT_M_COST / 4, 1, 1, None).unwrap();
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::default(), params);
        argon2.hash_password(password.as_bytes()).unwrap().to_string()
    }

    #[actix_web::test]
    async fn what_was_kept_with_less_effort_is_renewed_and_nothing_else() {
        let passwords = Passwords::new().unwrap();
        let old = weak("correct horse battery");

        let new = passwords.renewed("correct horse battery", &old).await.unwrap().unwrap();

        assert!(passwords.verify("correct horse battery", Some(&old)).await.unwrap());
        assert!(passwords.verify("correct horse battery", Some(&new)).await.unwrap());
        assert_eq!(passwords.renewed("correct horse battery", &new).await.unwrap(), None);
    }

    fn password(text: &str) -> NewPassword {
        NewPassword::parse(text, "password").unwrap()
    }

    #[actix_web::test]
    async fn only_the_password_itself_is_right() {
        let passwords = Passwords::new().unwrap();
        let kept = passwords.hash(&password("correct horse battery")).await.unwrap();

        assert!(kept.starts_with("$argon2id$v=19$"), "{kept}");
        assert!(passwords.verify("correct horse battery", Some(&kept)).await.unwrap());
        assert!(!passwords.verify("Correct horse battery", Some(&kept)).await.unwrap());
        assert!(!passwords.verify("", Some(&kept)).await.unwrap());
    }

    #[actix_web::test]
    async fn nobody_has_the_stand_in_for_a_password() {
        let passwords = Passwords::new().unwrap();

        assert!(!passwords.verify("correct horse battery", None).await.unwrap());
        assert!(!passwords.verify_for_sign_in("correct horse battery", None).await.unwrap());
    }

    #[actix_web::test]
    async fn the_same_password_is_kept_differently_each_time() {
        let passwords = Passwords::new().unwrap();
        let first = passwords.hash(&password("correct horse battery")).await.unwrap();

        assert_ne!(passwords.hash(&password("correct horse battery")).await.unwrap(), first);
    }
}
