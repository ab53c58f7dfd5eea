//! Names of operations, which generated clients use as names of methods.

use super::super::routes::DeclaredRoute;

/// The id of a route's operation: the route's own where it has one, otherwise made of method and path: `list_leads`,
/// `create_lead`, `get_lead_timeline`, `convert_lead`.
pub fn operation_id(route: &DeclaredRoute) -> String {
    route.id.map_or_else(|| of(route.method, route.path), str::to_owned)
}

/// What a path's parameter identifies: `id` in `/api/v2/api-keys/{id}` an API key.
pub fn subject_of(path: &str, parameter: &str) -> Option<String> {
    let parts: Vec<&str> = path.split('/').collect();
    let place = parts.iter().position(|part| part.trim_matches(['{', '}']) == parameter)?;
    parts.get(place.checked_sub(1)?).map(|collection| singular(&snake(collection)).replace('_', " "))
}

fn of(method: &str, path: &str) -> String {
    let path = path.strip_prefix("/api/v2").or_else(|| path.strip_prefix("/api")).unwrap_or(path);
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let is_parameter = |part: &&str| part.starts_with('{');
    let literals: Vec<String> =
        parts.iter().filter(|part| !is_parameter(part)).map(|part| snake(part)).collect();
    let (Some(last), Some(first)) = (literals.last(), literals.first()) else { return method.to_lowercase() };
    let verb = match method {
        "GET" => "get",
        "PUT" => "replace",
        "PATCH" => "update",
        "DELETE" => "delete",
        _ => "create",
    };
    if parts.last().is_some_and(is_parameter) {
        return format!("{verb}_{}", singular(last));
    }
    let owner = literals.len().checked_sub(2).and_then(|place| literals.get(place));
    match (owner, method) {
        (None, "GET") => format!("list_{last}"),
        (None, _) => format!("{verb}_{}", singular(last)),
        (Some(_), "GET") if parts.iter().any(is_parameter) && is_plural(last) => format!("list_{last}"),
        (Some(_), "POST") if parts.iter().any(is_parameter) && is_plural(last) => {
            format!("create_{}", singular(last))
        }
        (Some(owner), "GET") => format!("get_{}_{last}", singular(owner)),
        (Some(owner), "POST") if parts.iter().any(is_parameter) => format!("{last}_{}", singular(owner)),
        (Some(_), "POST") => format!("{last}_{first}"),
        (Some(owner), _) => format!("{verb}_{}_{last}", singular(owner)),
    }
}

fn snake(text: &str) -> String {
    text.trim_start_matches('.').replace(['-', '.'], "_")
}

fn is_plural(word: &str) -> bool {
    singular(word) != word
}

/// English as far as our paths have it.
fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    if let Some(stem) = word.strip_suffix("es").filter(|stem| stem.ends_with("ch") || stem.ends_with("ss")) {
        return stem.to_owned();
    }
    let stem = word.strip_suffix('s').filter(|stem| !stem.ends_with(['s', 'u', 'i']));
    stem.unwrap_or(word).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_named_like_a_method() {
        for (method, path, name) in [
            ("GET", "/api/v2/leads", "list_leads"),
            ("POST", "/api/v2/leads", "create_lead"),
            ("GET", "/api/v2/leads/{id}", "get_lead"),
            ("PUT", "/api/v2/leads/{id}", "replace_lead"),
            ("PATCH", "/api/v2/activities/{id}", "update_activity"),
            ("DELETE", "/api/v2/branches/{id}", "delete_branch"),
            ("POST", "/api/v2/leads/{id}/convert", "convert_lead"),
            ("POST", "/api/v2/api-keys/{id}/rotate", "rotate_api_key"),
            ("GET", "/api/v2/leads/{id}/timeline", "get_lead_timeline"),
            ("GET", "/api/v2/pipelines/{id}/stages", "list_stages"),
            ("POST", "/api/v2/pipelines/{id}/stages", "create_stage"),
            ("DELETE", "/api/v2/pipelines/{id}/stages/{stage_id}", "delete_stage"),
            ("POST", "/api/v2/pipelines/{id}/stages/{stage_id}/restore", "restore_stage"),
            ("POST", "/api/v2/leads/bulk_create", "bulk_create_leads"),
            ("POST", "/api/v2/merges/{id}/undo", "undo_merge"),
            ("PUT", "/api/v2/tenants/{id}/logo", "replace_tenant_logo"),
            ("GET", "/api/v2/audit", "list_audit"),
        ] {
            assert_eq!(of(method, path), name, "{method} {path}");
        }
    }

    #[test]
    fn a_parameter_identifies_one_of_the_collection_before_it() {
        assert_eq!(subject_of("/api/v2/api-keys/{id}/rotate", "id").as_deref(), Some("api key"));
        assert_eq!(
            subject_of("/api/v2/pipelines/{id}/stages/{stage_id}", "stage_id").as_deref(),
            Some("stage")
        );
    }
}
