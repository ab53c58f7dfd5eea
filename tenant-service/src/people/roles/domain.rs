//! Validation of roles.

use contracts::{identity::DataScope, problem::FieldError};
use diesel::{AsChangeset, Insertable};
use platform::Problem;

use super::api::{WriteGrants, WriteRole};
use crate::{permissions, schema::roles};

/// The fields of a role that people write, in the form in which they are stored.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = roles, treat_none_as_null = true)]
pub struct RoleFields {
    name: String,
    level: i32,
    data_scope: &'static str,
    description: Option<String>,
}

impl RoleFields {
    /// Which records its holders see.
    pub fn data_scope(&self) -> DataScope {
        // One that is not known counts as the widest.
        DataScope::parse(self.data_scope).unwrap_or(DataScope::All)
    }

    /// Its rank.
    pub fn level(&self) -> i32 {
        self.level
    }

    /// Trims texts. The platform's names are taken in every tenant.
    pub fn parse(write: WriteRole) -> Result<Self, Problem> {
        let name = write.name.trim().to_owned();
        if permissions::system_role(&name).is_some() {
            let mut taken = Problem::conflict("already_exists", format!("{name} is a role of the platform."));
            taken.errors = vec![FieldError::new("name", "already_exists", "is a role of the platform")];
            return Err(taken);
        }
        let description =
            write.description.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        Ok(Self { name, level: write.level, data_scope: write.data_scope.name(), description })
    }
}

/// Codes that a tenant's own role can be given, each once, in order.
///
/// # Errors
/// 400 naming every unknown code; 422 naming those that reach beyond a tenant.
pub fn parse_grants(write: WriteGrants) -> Result<Vec<String>, Problem> {
    let mut codes = write.permissions;
    let fault = |index: usize, code: &str, message: String| {
        FieldError::new(format!("permissions.{index}"), code, message)
    };
    let unknown: Vec<FieldError> = codes
        .iter()
        .enumerate()
        .filter(|(_, code)| !permissions::is_permission(code))
        .map(|(index, code)| fault(index, "unknown_permission", format!("{code} is no permission")))
        .collect();
    if !unknown.is_empty() {
        return Err(Problem::invalid(unknown));
    }
    let platform: Vec<FieldError> = codes
        .iter()
        .enumerate()
        .filter(|(_, code)| permissions::PLATFORM_LEVEL.contains(&code.as_str()))
        .map(|(index, code)| fault(index, "platform_permission", format!("{code} reaches beyond a tenant")))
        .collect();
    if !platform.is_empty() {
        let detail = "A tenant's role cannot allow what reaches beyond the tenant.";
        return Err(Problem { errors: platform, ..Problem::unprocessable("platform_permission", detail) });
    }
    codes.sort_unstable();
    codes.dedup();
    Ok(codes)
}

/// 403 for a role that the platform provides.
pub fn check_own(is_system: bool) -> Result<(), Problem> {
    if is_system {
        Err(Problem::forbidden("system_role", "The platform's roles cannot be changed."))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_cannot_be_named_like_one_of_the_platform() {
        let named = |name: &str| {
            RoleFields::parse(WriteRole {
                name: name.into(),
                level: 1,
                data_scope: DataScope::Own,
                description: None,
            })
        };
        assert!(named("Auditor").is_ok());
        for taken in ["user", " Tenant_Admin ", "internal_admin"] {
            assert_eq!(named(taken).unwrap_err().code, "already_exists", "{taken}");
        }
    }

    #[test]
    fn unknown_codes_are_named_and_platform_codes_refused() {
        let parse = |codes: &[&str]| {
            parse_grants(WriteGrants { permissions: codes.iter().map(|&c| c.into()).collect() })
        };
        assert_eq!(
            parse(&["leads:read", "accounts:read", "leads:read"]).unwrap(),
            ["accounts:read", "leads:read"]
        );
        let unknown = parse(&["leads:read", "leads:fly", "tenants:list"]).unwrap_err();
        assert_eq!((unknown.status.as_u16(), unknown.errors.len()), (400, 1));
        assert_eq!(unknown.errors[0].field, "permissions.1");
        assert_eq!(parse(&["tenants:list"]).unwrap_err().code, "platform_permission");
    }
}
