//! Reads a service's OpenAPI document into operations. What it does not understand it does not serve.

use std::sync::Arc;

use bytes::Bytes;
use contracts::Service;
use platform::http::Meters;
use serde_json::Value;

use super::{
    merged::Described,
    operation::{AccessRequirement, Operation, TenantNaming},
    owners,
    template::{self, Segment},
};

/// Where browsers' sessions are begun, continued and ended.
const SESSION: &str = "/api/v2/auth/session";

/// One service's document as loaded.
#[derive(Debug)]
pub struct Document {
    /// The service.
    pub service: Service,
    /// The build that it describes.
    pub build: String,
    /// Operations with the segments of their templates.
    pub operations: Vec<(Vec<Segment>, Arc<Operation>)>,
    /// The whole document, as text: taken apart it would take ten times the memory, and is seldom asked for.
    pub text: Bytes,
}

impl Document {
    /// Reads a document. Operations that cannot be served are left out and logged.
    ///
    /// # Errors
    /// When it is no OpenAPI document.
    pub fn read(service: Service, build: &str, text: Bytes) -> Result<Self, &'static str> {
        let content: Value = serde_json::from_slice(&text).map_err(|_| "the document is not JSON")?;
        let paths = content.get("paths").and_then(Value::as_object).ok_or("the document has no paths")?;
        let mut operations = Vec::new();
        for (path, item) in paths {
            for (method, described) in item.as_object().into_iter().flatten() {
                match operation(service, path, method, described) {
                    Ok(operation) => operations.extend(operation),
                    Err(reason) => tracing::error!(
                        upstream.service = %service,
                        http.route = path,
                        http.method = method,
                        reason,
                        "a declared route is not served"
                    ),
                }
            }
        }
        Ok(Self { service, build: build.to_owned(), operations, text })
    }

    /// The service and its document.
    pub fn opened(&self) -> Described {
        // That it is JSON was seen when it was read.
        (self.service, serde_json::from_slice(&self.text).unwrap_or_default())
    }
}

type Served = (Vec<Segment>, Arc<Operation>);

fn operation(
    service: Service,
    path: &str,
    method: &str,
    described: &Value,
) -> Result<Option<Served>, &'static str> {
    let member = |name: &str| described.get(name).and_then(Value::as_str);
    let demand = match member("x-access") {
        Some("internal") => return Ok(None),
        Some("public") => AccessRequirement::Public,
        Some("optional") => AccessRequirement::Optional,
        Some("api_key") => AccessRequirement::ApiKey,
        Some("signed") => AccessRequirement::Signed,
        Some("signed_in") => AccessRequirement::SignedIn,
        Some("permission") => {
            AccessRequirement::Permission(member("x-permission").ok_or("it names no permission")?.into())
        }
        _ => return Err("it does not say who may call"),
    };
    if owners::owner(path) != Some(service) {
        return Err("the path does not belong to this service");
    }
    let segments = template::parse(path).ok_or("the path template cannot be matched")?;
    let tenant = match member("x-tenant") {
        Some("none") => TenantNaming::None,
        Some("header") => TenantNaming::Header,
        Some("path") => {
            TenantNaming::Path(place_of_id(&segments).ok_or("the path has no {id} to name the tenant")?)
        }
        _ => return Err("it does not say where the tenant is named"),
    };
    let template: Arc<str> = path.into();
    let takes_cookie = service == Service::Auth
        && path.strip_prefix(SESSION).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let method = method.to_uppercase();
    let operation = Operation {
        service,
        meters: Meters::new(&method, Arc::clone(&template)),
        method: method.into(),
        template,
        demand,
        effects: effects(described)?,
        tenant,
        body_limit: described.get("x-body-limit").and_then(Value::as_u64),
        takes_cookie,
    };
    Ok(Some((segments, Arc::new(operation))))
}

/// The permissions of an operation's further effects, each once.
fn effects(described: &Value) -> Result<Box<[Arc<str>]>, &'static str> {
    let declared = described.get("x-effects").and_then(Value::as_array);
    let mut codes: Vec<Arc<str>> = Vec::new();
    for effect in declared.into_iter().flatten() {
        let code = effect.get("permission").and_then(Value::as_str).ok_or("an effect names no permission")?;
        if !codes.iter().any(|known| **known == *code) {
            codes.push(code.into());
        }
    }
    Ok(codes.into())
}

fn place_of_id(segments: &[Segment]) -> Option<usize> {
    segments.iter().position(|segment| matches!(segment, Segment::Parameter { name, .. } if &**name == "id"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(paths: &Value) -> Vec<Arc<Operation>> {
        let document =
            Document::read(Service::Tenant, "b", json!({ "paths": paths }).to_string().into()).unwrap();
        document.operations.into_iter().map(|(_, operation)| operation).collect()
    }

    #[test]
    fn an_operation_says_who_may_call_and_where_the_tenant_is_named() {
        let operations = read(&json!({ "/api/v2/tenants/{id}": { "patch": {
            "x-access": "permission", "x-permission": "tenant:update", "x-tenant": "path", "x-body-limit": 7,
            "x-effects": [
                {"when": "may", "permission": "tenant_users:invite"}, {"when": "shows", "permission": "tenant:read"},
                {"when": "needs", "permission": "tenant:read"},
            ],
        } } }));
        let [operation] = operations.as_slice() else { panic!("{operations:?}") };
        assert_eq!(&*operation.method, "PATCH");
        assert_eq!(operation.demand, AccessRequirement::Permission("tenant:update".into()));
        assert_eq!(operation.tenant, TenantNaming::Path(3));
        assert_eq!(operation.body_limit, Some(7));
        let effects: Vec<&str> = operation.effects.iter().map(|code| &**code).collect();
        assert_eq!(effects, ["tenant_users:invite", "tenant:read"]);
    }

    #[test]
    fn what_is_internal_foreign_or_not_understood_is_not_served() {
        let public = json!({ "x-access": "public", "x-tenant": "none" });
        let operations = read(&json!({
            "/internal/access": { "post": { "x-access": "internal", "x-tenant": "none" } },
            "/api/v2/leads": { "get": public },
            "/api/v2/roles": {
                "get": { "x-access": "whoever", "x-tenant": "none" },
                "put": { "x-access": "permission", "x-tenant": "header" },
                "post": { "x-access": "public" },
                "patch": { "x-access": "signed_in", "x-tenant": "path" },
                "delete": { "x-access": "signed_in", "x-tenant": "header", "x-effects": [{"when": "may"}] },
            },
            "/api/v2/roles/{x:.*}": { "get": public },
        }));
        assert!(operations.is_empty(), "{operations:?}");
    }

    #[test]
    fn only_browsers_sessions_take_a_cookie() {
        let open = json!({ "post": { "x-access": "public", "x-tenant": "none" } });
        let text = json!({ "paths": {
            "/api/v2/auth/session": open, "/api/v2/auth/session/refresh": open,
            "/api/v2/auth/sessions": open, "/api/v2/auth/login": open,
        } });
        let document = Document::read(Service::Auth, "b", text.to_string().into()).unwrap();
        let taking = document.operations.iter().filter(|(_, operation)| operation.takes_cookie);
        let taking: Vec<&str> = taking.map(|(_, operation)| &*operation.template).collect();
        assert_eq!(taking, ["/api/v2/auth/session", "/api/v2/auth/session/refresh"]);
    }

    #[test]
    fn a_document_without_paths_is_none() {
        assert!(Document::read(Service::Lead, "b", "\"hello\"".into()).is_err());
    }
}
