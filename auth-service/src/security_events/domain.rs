//! Security events of an account, and the domain events that they make. Pure but for ids.

use contracts::{Service, UserId, events::Actor};
use platform::http::context::RequestContext;
use serde_json::{Value, json};
use uuid::Uuid;

use super::api::NewSecurityEvent;
use crate::users::Standing;

/// Something that happened to a person's access.
#[derive(Clone, Copy, Debug)]
pub enum SecurityEvent<'h> {
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
    /// The e-mail address is proven from now on.
    AddressProven {
        /// What showed it: `mailed_link`, an issuer's name or `operator`.
        with: &'h str,
        /// Whether all previous access was removed.
        handed_over: bool,
    },
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

impl SecurityEvent<'_> {
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
            Self::AddressProven { with, handed_over } => {
                let details = json!({ "with": with, "handed_over": handed_over });
                vec![("User.email_verified.UPDATE", "User", person, details)]
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
        matches!(
            self,
            Self::SignedIn { .. }
                | Self::PasswordChanged { .. }
                | Self::IdentityLinked { .. }
                | Self::AddressProven { .. }
        )
    }

    /// The events it makes.
    pub fn events(&self, person: Option<UserId>, context: Option<&RequestContext>) -> Vec<NewSecurityEvent> {
        let by = match context.map(|context| context.actor(Service::Auth)) {
            Some(Actor::User { id }) => Some(id),
            _ => person.filter(|_| self.is_their_own()),
        };
        let identity = context.and_then(|context| context.identity.as_ref());
        let entries = self.entries(person.map(|person| person.0)).into_iter();
        let event = |(action, entity_type, entity_id, details): Entry| NewSecurityEvent {
            id: Uuid::now_v7(),
            person,
            action,
            entity_type,
            entity_id,
            by,
            details,
            request_id: context.map(|context| context.request_id.clone()),
            client_address: identity.and_then(|identity| identity.client_address.clone()),
        };
        entries.map(event).collect()
    }
}

#[cfg(test)]
mod tests {
    use contracts::identity::PlatformRole;

    use super::*;
    use crate::users::UserStatus;

    const ADA: UserId = UserId(Uuid::from_u128(7));

    #[test]
    fn signing_in_is_ones_own_doing_and_being_refused_is_nobodys() {
        let [signed_in] = SecurityEvent::SignedIn { session: Uuid::nil(), with: "password" }
            .events(Some(ADA), None)
            .try_into()
            .unwrap();
        let [refused] =
            SecurityEvent::Refused { reason: "wrong_password" }.events(Some(ADA), None).try_into().unwrap();

        assert_eq!(signed_in.by, Some(ADA));
        assert_eq!(refused.by, None);
        assert_eq!(refused.entity_id, Some(ADA.0));
    }

    #[test]
    fn of_a_standing_only_what_changed_is_told() {
        let before = Standing { status: UserStatus::Active, platform_role: PlatformRole::InternalCs };
        let after = Standing { status: UserStatus::Suspended, ..before };

        let told = SecurityEvent::StandingChanged { before, after }.events(Some(ADA), None);

        let [one] = told.try_into().unwrap();
        assert_eq!(one.action, "User.status.UPDATE");
        assert_eq!(one.details, json!({ "status": "suspended", "before": "active" }));
    }
}
