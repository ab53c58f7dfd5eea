//! What can happen to somebody's access, in the words of the audit. Pure but for ids and the clock.

use chrono::Utc;
use contracts::{
    UserId,
    events::Actor,
    internal::audit::{Concern, Occurrence},
};
use platform::http::context::RequestContext;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{deps::SERVICE, users::domain::Standing};

/// Something that happened to a person's access.
#[derive(Clone, Copy, Debug)]
pub enum Happening<'h> {
    /// They began a session.
    SignedIn {
        /// The session.
        session: Uuid,
        /// What with: `password`, `second_factor` or an issuer's name.
        with: &'h str,
    },
    /// A sign-in, or something else that takes a secret, was refused.
    Refused {
        /// Code of the refusal.
        reason: &'h str,
    },
    /// A session ended.
    SessionEnded {
        /// The session.
        session: Uuid,
        /// Why: `logged_out` or `token_reused`.
        reason: &'h str,
    },
    /// All sessions ended.
    AllSessionsEnded,
    /// The password is another one.
    PasswordChanged {
        /// What allowed it: `password` or `mailed_link`.
        with: &'h str,
    },
    /// Codes of an app are demanded from now on, or no more.
    SecondFactorChanged {
        /// Whether they are.
        on: bool,
    },
    /// The recovery codes are others.
    RecoveryCodesChanged,
    /// The platform's staff decided whether they may sign in, or their role on the platform.
    StandingChanged {
        /// As it was.
        before: Standing,
        /// As it is.
        after: Standing,
    },
    /// An identity at another issuer is theirs from now on.
    IdentityLinked {
        /// The issuer.
        issuer: &'h str,
    },
}

/// One entry: what was done, to what kind of thing, to which one, and what else is to be said.
type Entry = (&'static str, &'static str, Option<Uuid>, Value);

impl Happening<'_> {
    fn entries(&self, person: Option<Uuid>) -> Vec<Entry> {
        match *self {
            Self::SignedIn { session, with } => {
                vec![("Session.CREATE", "Session", Some(session), json!({ "with": with }))]
            }
            Self::Refused { reason } => {
                vec![("Session.REFUSED", "User", person, json!({ "reason": reason }))]
            }
            Self::SessionEnded { session, reason } => {
                vec![("Session.DELETE", "Session", Some(session), json!({ "reason": reason }))]
            }
            Self::AllSessionsEnded => {
                vec![("Session.DELETE", "User", person, json!({ "reason": "logged_out", "all": true }))]
            }
            Self::PasswordChanged { with } => {
                vec![("User.password.UPDATE", "User", person, json!({ "with": with }))]
            }
            Self::SecondFactorChanged { on } => {
                vec![("User.second_factor.UPDATE", "User", person, json!({ "second_factor": on }))]
            }
            Self::RecoveryCodesChanged => {
                vec![("User.recovery_codes.UPDATE", "User", person, json!({}))]
            }
            Self::StandingChanged { before, after } => {
                let changed = |action, name: &str, from: &str, to: &str| {
                    (from != to).then(|| (action, "User", person, json!({ name: to, "before": from })))
                };
                let status =
                    changed("User.status.UPDATE", "status", before.status.name(), after.status.name());
                let role = changed(
                    "User.platform_role.UPDATE",
                    "platform_role",
                    before.platform_role.name(),
                    after.platform_role.name(),
                );
                status.into_iter().chain(role).collect()
            }
            Self::IdentityLinked { issuer } => {
                vec![("Identity.CREATE", "User", person, json!({ "issuer": issuer }))]
            }
        }
    }

    /// Whether it is the person's own doing although they are not signed in yet: they proved who they are.
    const fn is_their_own(&self) -> bool {
        matches!(self, Self::SignedIn { .. } | Self::PasswordChanged { .. } | Self::IdentityLinked { .. })
    }

    /// As the audit takes it.
    pub fn occurrences(&self, person: Option<UserId>, context: Option<&RequestContext>) -> Vec<Occurrence> {
        let service = Actor::Service { name: SERVICE };
        let actor = match context.map_or(service, |context| context.actor(SERVICE)) {
            Actor::Service { .. } if self.is_their_own() && person.is_some() => {
                Actor::User { id: person.unwrap_or(UserId(Uuid::nil())) }
            }
            other => other,
        };
        let identity = context.and_then(|context| context.identity.as_ref());
        let entries = self.entries(person.map(|person| person.0)).into_iter();
        let occurrence = |(action, entity_type, entity_id, details): Entry| Occurrence {
            id: Uuid::now_v7(),
            concerns: Concern::Person { id: person.unwrap_or(UserId(Uuid::nil())) },
            action: action.to_owned(),
            entity_type: entity_type.to_owned(),
            entity_id,
            actor: actor.clone(),
            details: Some(details),
            request_id: context.map(|context| context.request_id.clone()),
            client_address: identity.and_then(|identity| identity.adr.clone()),
            occurred_at: Utc::now(),
        };
        entries.map(occurrence).collect()
    }
}

#[cfg(test)]
mod tests {
    use contracts::identity::PlatformRole;

    use super::*;
    use crate::users::domain::UserStatus;

    const ADA: UserId = UserId(Uuid::from_u128(7));

    #[test]
    fn signing_in_is_ones_own_doing_and_being_refused_is_nobodys() {
        let [signed_in] = Happening::SignedIn { session: Uuid::nil(), with: "password" }
            .occurrences(Some(ADA), None)
            .try_into()
            .unwrap();
        let [refused] =
            Happening::Refused { reason: "wrong_password" }.occurrences(Some(ADA), None).try_into().unwrap();

        assert_eq!(signed_in.actor, Actor::User { id: ADA });
        assert_eq!(refused.actor, Actor::Service { name: SERVICE });
        assert_eq!(refused.entity_id, Some(ADA.0));
    }

    #[test]
    fn of_a_standing_only_what_changed_is_told() {
        let before = Standing { status: UserStatus::Active, platform_role: PlatformRole::InternalCs };
        let after = Standing { status: UserStatus::Suspended, ..before };

        let told = Happening::StandingChanged { before, after }.occurrences(Some(ADA), None);

        let [one] = told.try_into().unwrap();
        assert_eq!(one.action, "User.status.UPDATE");
        assert_eq!(one.details, Some(json!({ "status": "suspended", "before": "active" })));
    }
}
