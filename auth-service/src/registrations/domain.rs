//! Validation of registrations, and the meaning of tenant-service's answers for them.

use actix_web::http::StatusCode;
use contracts::{
    TenantId, UserId, client_ids,
    identity::PlatformRole,
    internal::tenants::FoundTenant,
    problem::{FieldError, ProblemBody},
};
use platform::{Problem, values};

use super::api::{Register, RegisterTenant};
use crate::{
    credentials::NewPassword,
    users::{self, NewUser},
};

/// A valid registration.
pub struct NewRegistration {
    /// The person, still without a password hash.
    pub user: NewUser,
    /// Their password.
    pub password: NewPassword,
    /// The tenant they bring.
    pub tenant: Option<NewTenant>,
}

/// A tenant to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTenant {
    /// Id of its own choice.
    pub client_id: String,
    /// Name.
    pub name: String,
    /// Website.
    pub website: String,
}

/// A tenant that is to be made for a person who registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Founding {
    /// The person.
    pub user_id: UserId,
    /// The tenant's id, chosen here.
    pub new_tenant_id: TenantId,
    /// What it is to be.
    pub tenant: NewTenant,
}

impl Founding {
    /// The request to tenant-service.
    pub fn call(&self) -> FoundTenant {
        FoundTenant {
            tenant_id: self.new_tenant_id,
            client_id: self.tenant.client_id.clone(),
            name: self.tenant.name.clone(),
            website: self.tenant.website.clone(),
            admin: self.user_id,
        }
    }
}

impl NewRegistration {
    /// Takes a registration, or names all that is wrong with it.
    ///
    /// # Errors
    /// 400.
    pub fn parse(body: Register) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        let email = values::email(&body.email);
        if email.is_none() {
            faults.push(FieldError::new("email", "invalid_email", "is not an e-mail address"));
        }
        let password =
            NewPassword::parse(&body.password, "password").map_err(|fault| faults.push(fault)).ok();
        let tenant = body.tenant.map(NewTenant::from);
        if let Some(Err(fault)) = tenant.as_ref().map(|tenant| client_ids::check(&tenant.client_id)) {
            faults.push(FieldError::new("tenant.client_id", fault.code(), fault.message()));
        }
        let (Some(email), Some(password), true) = (email, password, faults.is_empty()) else {
            return Err(Problem::invalid(faults));
        };
        let user = NewUser {
            email,
            password_hash: None,
            first_name: users::person_name(Some(body.first_name)),
            last_name: users::person_name(Some(body.last_name)),
            account_type: body.account_type.unwrap_or_default(),
            platform_role: PlatformRole::None,
            email_verified: false,
        };
        Ok(Self { user, password, tenant })
    }
}

impl From<RegisterTenant> for NewTenant {
    fn from(tenant: RegisterTenant) -> Self {
        Self {
            client_id: tenant.client_id,
            name: tenant.name.trim().to_owned(),
            website: tenant.website.trim().to_owned(),
        }
    }
}

/// 409: an account has this address.
pub fn email_taken() -> Problem {
    let mut problem =
        Problem::conflict("email_taken", "There is an account with this e-mail address already.");
    problem.errors = vec![FieldError::new("email", "email_taken", "is taken")];
    problem
}

/// Codes of tenant-service that are passed on as they are.
const KNOWN_CODES: [&str; 7] = [
    "client_id_taken",
    "website_taken",
    "already_exists",
    "validation_failed",
    "invalid_client_id",
    "tenant_limit_reached",
    "rule_violated",
];

/// What tenant-service holds against the tenant, in terms of the registration; none when the answer is not about the
/// tenant, such as one to a request that it could not read.
pub fn refusal(body: &ProblemBody) -> Option<Problem> {
    let status = StatusCode::from_u16(body.status).ok()?;
    let is_about_the_tenant = match status {
        StatusCode::BAD_REQUEST => !body.errors.is_empty(),
        StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY => true,
        _ => false,
    };
    if !is_about_the_tenant {
        return None;
    }
    let code = KNOWN_CODES.into_iter().find(|code| *code == body.code).unwrap_or("tenant_refused");
    let mut problem = Problem::new(status, code, body.detail.clone());
    problem.errors = body
        .errors
        .iter()
        .map(|error| {
            FieldError::new(format!("tenant.{}", error.field), error.code.clone(), error.message.clone())
        })
        .collect();
    Some(problem)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(change: &serde_json::Value) -> Result<NewRegistration, Problem> {
        let mut body = json!({
            "email": "Ada@Example.com", "password": "correct horse battery", "first_name": " Ada ", "last_name": "L",
            "tenant": {"client_id": "acme", "name": "Acme", "website": "https://acme.example"},
        });
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        NewRegistration::parse(serde_json::from_value(body).unwrap())
    }

    #[test]
    fn a_sound_registration_is_written_canonically() {
        let registration = parse(&json!({})).unwrap();

        assert_eq!(registration.user.email, "ada@example.com");
        assert_eq!(registration.user.first_name.as_deref(), Some("Ada"));
        assert_eq!(registration.tenant.unwrap().client_id, "acme");
    }

    #[test]
    fn every_fault_is_named() {
        let tenant = json!({"client_id": "Not An Id", "name": "x", "website": "https://x.example"});
        let problem = parse(&json!({"password": "password123", "tenant": tenant})).err().unwrap();

        let faults: Vec<_> =
            problem.errors.iter().map(|fault| (fault.field.as_str(), fault.code.as_str())).collect();
        assert_eq!(faults, [("password", "password_too_common"), ("tenant.client_id", "invalid_client_id")]);
    }

    #[test]
    fn a_client_id_that_is_the_platforms_is_named_as_such() {
        let tenant = json!({"client_id": "admin", "name": "x", "website": "https://x.example"});
        let problem = parse(&json!({"tenant": tenant})).err().unwrap();

        assert_eq!((problem.status.as_u16(), problem.errors[0].code.as_str()), (400, "client_id_reserved"));
    }

    fn answer(status: u16, code: &str, fields: &[&str]) -> ProblemBody {
        let errors: Vec<_> = fields.iter().map(|field| FieldError::new(*field, code, "is wrong")).collect();
        let mut body = Problem::conflict("x", "No.").body(None, None);
        (body.status, body.code, body.errors) = (status, code.to_owned(), errors);
        body
    }

    #[test]
    fn what_is_held_against_the_tenant_is_passed_on_with_its_fields_named_from_here() {
        let problem = refusal(&answer(409, "client_id_taken", &["client_id"])).unwrap();

        assert_eq!((problem.status.as_u16(), problem.code), (409, "client_id_taken"));
        assert_eq!(problem.errors[0].field, "tenant.client_id");
    }

    #[test]
    fn a_code_that_is_not_known_here_is_still_a_refusal() {
        assert_eq!(refusal(&answer(422, "brand_new", &[])).unwrap().code, "tenant_refused");
    }

    #[test]
    fn what_is_not_about_the_tenant_is_no_refusal() {
        for (status, code) in [(400, "invalid_internal_call"), (401, "not_authenticated"), (404, "not_found")]
        {
            assert!(refusal(&answer(status, code, &[])).is_none(), "{status}");
        }
    }
}
