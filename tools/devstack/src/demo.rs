//! The demo's addresses and credentials, as a file and as lines to paste.

use serde::{Deserialize, Serialize};

/// The content of `demo.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demo {
    /// The address of the gateway.
    pub base_url: String,
    /// Signs in as the admin of the whole platform.
    pub platform_admin: SignIn,
    /// The demo's tenant.
    pub tenant: DemoTenant,
    /// Signs in as the admin of that tenant.
    pub tenant_admin: SignIn,
    /// The key of the tenant's website form.
    pub api_key: String,
    /// Where mails can be read that would have been sent.
    #[serde(default)]
    pub mailbox_url: String,
}

/// What a person signs in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// The e-mail address.
    pub email: String,
    /// The password.
    pub password: String,
}

/// How the tenant is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoTenant {
    /// Its id.
    pub id: String,
    /// Its short name.
    pub client_id: String,
}

impl Demo {
    /// Lines that can be pasted into a shell, with what they do.
    pub fn try_it(&self) -> String {
        let Self { base_url, platform_admin, tenant, tenant_admin, api_key, mailbox_url } = self;
        let (client_id, email, password) = (&tenant.client_id, &tenant_admin.email, &tenant_admin.password);
        format!(
            r#"# Post a lead as a website form does
curl -sS {base_url}/api/leads/ingest -H 'X-API-Key: {api_key}' -H 'Content-Type: application/json' -d '{{"name":"Ada Lovelace","email":"ada@example.org","company_name":"Analytical Engines"}}'; echo

# Sign in as the demo's admin
TOKEN=$(curl -sS {base_url}/api/v2/auth/login -H 'Content-Type: application/json' -d '{{"email":"{email}","password":"{password}"}}' | sed -n 's/.*"access_token" *: *"\([^"]*\)".*/\1/p')

# See the lead, and the notification that it caused
curl -sS "{base_url}/api/v2/leads?ordering=-created_at" -H "Authorization: Bearer $TOKEN" -H 'X-Tenant-Id: {client_id}'; echo
curl -sS {base_url}/api/v2/notifications -H "Authorization: Bearer $TOKEN" -H 'X-Tenant-Id: {client_id}'; echo

# Everything else: {base_url}/api/docs/
# Mails (none leaves this machine): {mailbox_url}/, as JSON {mailbox_url}/mails
# Admin of the platform: {}, password {}"#,
            platform_admin.email, platform_admin.password
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demo() -> Demo {
        let admin = SignIn { email: "a@b.example".into(), password: "Secret-1".into() };
        Demo {
            base_url: "http://127.0.0.1:8000".into(),
            platform_admin: admin.clone(),
            tenant: DemoTenant { id: "7".into(), client_id: "demo".into() },
            tenant_admin: admin,
            api_key: "ls_key".into(),
            mailbox_url: "http://127.0.0.1:8100".into(),
        }
    }

    #[test]
    fn the_file_has_exactly_the_promised_fields() {
        let json = serde_json::to_value(demo()).unwrap();

        assert_eq!(
            json,
            serde_json::json!({
                "base_url": "http://127.0.0.1:8000",
                "platform_admin": {"email": "a@b.example", "password": "Secret-1"},
                "tenant": {"id": "7", "client_id": "demo"},
                "tenant_admin": {"email": "a@b.example", "password": "Secret-1"},
                "api_key": "ls_key",
                "mailbox_url": "http://127.0.0.1:8100",
            })
        );
    }

    #[test]
    fn the_lines_are_a_valid_shell_script() {
        let mut shell = std::process::Command::new("/bin/sh");

        let status = shell.args(["-n", "-c", &demo().try_it()]).status().unwrap();

        assert!(status.success());
    }
}
