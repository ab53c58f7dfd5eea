//! Validation of configurations: the scope decides whether a tenant or user must be named.

use contracts::problem::FieldError;
use diesel::{AsChangeset, Insertable};
use platform::Problem;
use serde_json::Value;
use uuid::Uuid;

use super::api::{ConfigScope, WriteConfig};
use crate::schema::configs;

/// The fields of a configuration, in the form in which they are stored.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = configs, treat_none_as_null = true)]
pub struct ConfigFields {
    key: String,
    value: Value,
    scope: ConfigScope,
    description: Option<String>,
    tenant_id: Option<Uuid>,
    user_id: Option<Uuid>,
}

impl ConfigFields {
    /// Trims texts.
    ///
    /// # Errors
    /// 400 naming what its scope needs and what it has no place for.
    pub fn parse(write: WriteConfig) -> Result<Self, Problem> {
        let (tenant, user) = (write.tenant_id.is_some(), write.user_id.is_some());
        let scope = write.scope.word();
        let needed =
            |field: &str| FieldError::new(field, "required", format!("is required in scope {scope}"));
        let misplaced =
            |field: &str| FieldError::new(field, "not_allowed", format!("has no place in scope {scope}"));
        let (of_tenant, of_user) = match write.scope {
            ConfigScope::Global => {
                (tenant.then(|| misplaced("tenant_id")), user.then(|| misplaced("user_id")))
            }
            ConfigScope::Tenant => {
                ((!tenant).then(|| needed("tenant_id")), user.then(|| misplaced("user_id")))
            }
            ConfigScope::User => (None, (!user).then(|| needed("user_id"))),
        };
        let faults: Vec<FieldError> = of_tenant.into_iter().chain(of_user).collect();
        if !faults.is_empty() {
            return Err(Problem::invalid(faults));
        }
        Ok(Self {
            key: write.key.trim().to_owned(),
            value: write.value,
            scope: write.scope,
            description: write.description.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()),
            tenant_id: write.tenant_id,
            user_id: write.user_id,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_scope_names_whom_it_is_for() {
        let some = Some(Uuid::nil());
        let faults = |scope, tenant_id, user_id| {
            let write = WriteConfig {
                key: "k".into(),
                value: json!(1),
                scope,
                description: None,
                tenant_id,
                user_id,
            };
            let problem = ConfigFields::parse(write).err();
            problem.map(|problem| problem.errors.into_iter().map(|fault| fault.field).collect::<Vec<_>>())
        };
        assert_eq!(faults(ConfigScope::Global, None, None), None);
        assert_eq!(faults(ConfigScope::Global, some, some), Some(vec!["tenant_id".into(), "user_id".into()]));
        assert_eq!(faults(ConfigScope::Tenant, some, None), None);
        assert_eq!(faults(ConfigScope::Tenant, None, some), Some(vec!["tenant_id".into(), "user_id".into()]));
        assert_eq!(faults(ConfigScope::User, None, some), None);
        assert_eq!(faults(ConfigScope::User, some, some), None);
        assert_eq!(faults(ConfigScope::User, some, None), Some(vec!["user_id".into()]));
    }
}
