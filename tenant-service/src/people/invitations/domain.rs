//! Rules of invitations and the form of their tokens.

use actix_web::http::StatusCode;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as B64};
use chrono::{DateTime, TimeDelta, Utc};
use contracts::{
    TenantId,
    internal::users::{ADDRESS_UNPROVEN, ADDRESS_UNPROVEN_DETAIL},
    problem::FieldError,
};
use platform::{Problem, addresses, values};
use sha2::{Digest, Sha256};
use url::Url;
use uuid::Uuid;

use super::api::{InvitationStatus, InviteUser};

/// How long an invitation is good for.
pub const LIFE: TimeDelta = TimeDelta::days(7);
/// Where the page is that an invitation's link leads to.
pub const PAGE_PATH: &str = "/invitations/accept";
const SECRET_LENGTH: usize = 32;

/// When an invitation made now is over.
pub fn expiry() -> DateTime<Utc> {
    Utc::now() + LIFE
}

/// Token in an invitation link: the tenant, so that only its invitations are searched, and a secret. An
/// invitation has two. The mailed one proves that its holder reads the mail of the address; the one in the
/// inviter's answer proves nothing. They differ only in what is stored.
#[derive(Clone)]
pub struct Token {
    tenant: TenantId,
    secret: [u8; SECRET_LENGTH],
}

impl Token {
    /// A fresh one.
    pub fn new(tenant: TenantId) -> Self {
        Self { tenant, secret: rand::random() }
    }

    /// The token written as `text`, if it is one.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = B64.decode(text.trim()).ok()?;
        let (tenant, secret) = bytes.split_first_chunk::<16>()?;
        Some(Self { tenant: TenantId(Uuid::from_bytes(*tenant)), secret: secret.try_into().ok()? })
    }

    /// The tenant it is for.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// As it stands in a link.
    pub fn text(&self) -> String {
        B64.encode([self.tenant.0.as_bytes().as_slice(), &self.secret].concat())
    }

    /// As it is stored.
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.text()).to_vec()
    }

    /// The link it is in.
    pub fn accept_url(&self, links_url: &Url) -> String {
        addresses::below(links_url, &format!("{PAGE_PATH}?token={}", self.text()))
    }
}

/// An invitation about to be made.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    /// Address, as addresses are compared.
    pub email: String,
    /// Name of the role.
    pub role: String,
    /// Where in the organisation they will work.
    pub department: Option<String>,
    /// The membership above.
    pub reports_to: Option<Uuid>,
}

impl NewInvitation {
    /// Writes the address canonically and trims texts.
    pub fn parse(write: InviteUser) -> Result<Self, Problem> {
        let email = values::email(&write.email).ok_or_else(|| {
            Problem::invalid(vec![FieldError::new("email", "invalid_email", "is not an e-mail address")])
        })?;
        let department = write.department.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        Ok(Self { email, role: write.role.trim().to_owned(), department, reports_to: write.reports_to })
    }
}

/// 410 unless the invitation can still be accepted.
pub fn check_open(status: InvitationStatus) -> Result<(), Problem> {
    let (code, detail) = match status {
        InvitationStatus::Pending => return Ok(()),
        InvitationStatus::Accepted => ("invitation_accepted", "This invitation was accepted already."),
        InvitationStatus::Expired => ("invitation_expired", "This invitation has expired. Ask for another."),
        InvitationStatus::Revoked => ("invitation_revoked", "This invitation was withdrawn."),
    };
    Err(Problem::gone(code, detail))
}

/// 410: who invited may not give this any more.
pub fn ended() -> Problem {
    Problem::gone(
        "invitation_ended",
        "Who sent this invitation may no longer invite to this. Ask somebody else of the tenant for another.",
    )
}

/// 410: a later mail holds the link that is good.
pub fn replaced() -> Problem {
    Problem::gone("invitation_replaced", "A newer link was sent for this invitation.")
}

/// 409 unless the invitation may be sent again: it was neither accepted nor withdrawn.
pub fn check_resendable(status: InvitationStatus) -> Result<(), Problem> {
    match status {
        InvitationStatus::Pending | InvitationStatus::Expired => Ok(()),
        InvitationStatus::Accepted | InvitationStatus::Revoked => Err(closed(status)),
    }
}

/// 409: nothing can be done to it any more.
pub fn closed(status: InvitationStatus) -> Problem {
    Problem::conflict("invitation_closed", format!("This invitation is {}.", status.word()))
}

/// 409: the person belongs to the tenant.
pub fn already_member() -> Problem {
    Problem::conflict("already_member", "This person is a member of the tenant already.")
}

/// 409: there is an invitation for this address that can be accepted.
pub fn already_invited(invitation: Uuid) -> Problem {
    Problem::conflict(
        "already_invited",
        "This person is invited already. Send that invitation again instead.",
    )
    .with("invitation_id", invitation.to_string())
}

/// 403: only the owner of the address may accept.
pub fn not_for_you() -> Problem {
    Problem::forbidden("invitation_for_another", "This invitation is for another address than yours.")
}

/// 401: a token that was not mailed also requires a session.
pub fn sign_in_required() -> Problem {
    Problem::unauthorized(
        "sign_in_required",
        "Sign in to the account of the invited address, or register with it and confirm it. Or use the link in the mail.",
    )
}

/// 403: the account's own address is not proven.
pub fn address_unproven() -> Problem {
    Problem::forbidden(ADDRESS_UNPROVEN, ADDRESS_UNPROVEN_DETAIL)
}

/// 403: the account is switched off.
pub fn user_inactive() -> Problem {
    Problem::forbidden("user_inactive", "This account may not sign in.")
}

/// 429: no mail may go to the address now.
pub fn limit_reached(wait_seconds: u64) -> Problem {
    let detail = "Too many mails went to this address or on behalf of this tenant. Try again later.";
    Problem {
        retry_after: Some(wait_seconds.max(1)),
        ..Problem::new(StatusCode::TOO_MANY_REQUESTS, "limit_reached", detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back_and_nothing_else_is_one() {
        let token = Token::new(TenantId::new());
        let text = token.text();

        let read = Token::parse(&text).unwrap();

        assert_eq!((read.tenant(), read.hash()), (token.tenant(), token.hash()));
        assert_ne!(Token::new(token.tenant()).hash(), token.hash());
        for bad in ["", "abc", &text[1..], &format!("{text}AAAA"), "ä"] {
            assert!(Token::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn only_a_pending_invitation_is_open_and_what_is_over_is_gone() {
        assert!(check_open(InvitationStatus::Pending).is_ok());
        for over in [InvitationStatus::Accepted, InvitationStatus::Expired, InvitationStatus::Revoked] {
            assert_eq!(check_open(over).unwrap_err().status.as_u16(), 410);
        }
    }
}
