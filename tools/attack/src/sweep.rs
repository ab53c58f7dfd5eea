//! Every operation, anonymous, as each role and as another tenant's admin, with hostile values in every place.

use std::sync::Mutex;
use std::time::Duration;

use anyhow::Result;
use serde_json::{Value, json};

use super::hostile::{encoded, hostile_texts, hostile_values};
use super::operations::{NOTHING, Operation, fitting, members};
use super::stage::{CANARY, Stage};
use super::verdict::{Suite, decent, one_of, shown};
use devstack::people::signed;
use devstack::waiting::pause;
use devstack::wire::{Request, Response};

const LIMIT: Duration = Duration::from_secs(30);
/// Requests at once.
const AT_ONCE: usize = 6;

/// One request with what must come of it.
struct Attempt {
    name: String,
    request: Request,
    wanted: Wanted,
}

enum Wanted {
    /// Anything decent.
    Decency,
    /// One of these statuses.
    Status(&'static [u16]),
    /// The same answer as for an id that nothing has.
    LikeNothing(Request),
}

/// Runs the suite.
pub(super) fn run(stage: &Stage, suite: &Suite) -> Result<()> {
    let document = stage.schema()?;
    let operations = Operation::all(&document);
    let mut attempts = Vec::new();
    for operation in &operations {
        as_nobody(operation, &mut attempts);
        as_roles(stage, &document, operation, &mut attempts)?;
        as_strangers(stage, &document, operation, &mut attempts);
        hostile(stage, &document, operation, &mut attempts);
    }
    let all = attempts.len();
    attempts.retain(|attempt| {
        matches!(attempt.wanted, Wanted::Status(_) | Wanted::LikeNothing(_)) || is_chosen(stage, attempt)
    });
    if attempts.len() < all {
        suite.skip(&format!("{} of {all} requests, for want of time", all - attempts.len()));
    }
    send_all(stage, suite, attempts);
    Ok(())
}

/// Whether a hostile value is among those that are tried: the same in each run.
fn is_chosen(stage: &Stage, attempt: &Attempt) -> bool {
    let sum =
        attempt.name.bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    sum % stage.one_in == 0
}

/// A request to an operation as its schema has it, with this value for the path's parameters.
fn plain(document: &Value, operation: &Operation, place: &str) -> Request {
    let request = Request::new(&operation.method, &operation.target(place));
    match &operation.body {
        Some(schema) => request.json(&fitting(document, schema)),
        None => request,
    }
}

fn with(request: Request, token: &str, tenant: Option<&str>) -> Request {
    let identity = signed("", "", token, tenant);
    identity.headers.into_iter().fold(request, |request, (name, value)| request.header(&name, &value))
}

/// Whether calling it with this person's token would take the token's power, or the tenant, away from the suite.
fn ends_the_suite(operation: &Operation) -> bool {
    ["/auth/logout", "/auth/logout_all", "/auth/password/change", "/api/token/blacklist"]
        .iter()
        .any(|end| operation.path.ends_with(end))
}

fn as_nobody(operation: &Operation, attempts: &mut Vec<Attempt>) {
    let request = Request::new(&operation.method, &operation.target(NOTHING));
    // Where the key is in the path, an unknown one is an unknown path.
    let has_key_in_path = operation.path.ends_with("/{address_token}");
    let wanted = if operation.access == "api_key" && has_key_in_path {
        Wanted::Status(&[404])
    } else if operation.needs_person() || operation.access == "api_key" {
        Wanted::Status(&[401])
    } else {
        Wanted::Decency
    };
    attempts.push(Attempt { name: format!("{} as nobody", operation.name()), request, wanted });
}

/// What a role does not grant is refused; what it grants is about nothing that exists.
fn as_roles(
    stage: &Stage,
    document: &Value,
    operation: &Operation,
    attempts: &mut Vec<Attempt>,
) -> Result<()> {
    if !operation.needs_person() || ends_the_suite(operation) {
        return Ok(());
    }
    for (role, token) in &stage.people {
        let granted = granted(stage, role, token)?;
        let allowed = operation.permission.as_ref().is_none_or(|permission| granted.contains(permission));
        let request = with(plain(document, operation, NOTHING), token, Some(&stage.ours.client_id));
        let is_staff = role.starts_with("internal_");
        let wanted = if allowed || is_staff { Wanted::Decency } else { Wanted::Status(&[403, 404]) };
        attempts.push(Attempt { name: format!("{} as {role}", operation.name()), request, wanted });
    }
    Ok(())
}

fn granted(stage: &Stage, role: &str, token: &str) -> Result<Vec<String>> {
    static KNOWN: Mutex<Vec<(String, Vec<String>)>> = Mutex::new(Vec::new());
    let mut known = KNOWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some((_, granted)) = known.iter().find(|(name, _)| name == role) {
        return Ok(granted.clone());
    }
    let me = stage.api.ask(&signed("GET", "/api/v2/auth/me", token, None), &[200])?.json();
    let codes = me.pointer("/memberships/0/permissions").and_then(Value::as_array);
    let codes: Vec<String> =
        codes.into_iter().flatten().filter_map(|code| code.as_str().map(str::to_owned)).collect();
    known.push((role.to_owned(), codes.clone()));
    Ok(codes)
}

/// Another tenant's admin: in our tenant, where they are no member; and in their own, with the ids of others.
fn as_strangers(stage: &Stage, document: &Value, operation: &Operation, attempts: &mut Vec<Attempt>) {
    if !operation.needs_person() || ends_the_suite(operation) {
        return;
    }
    let (ours, theirs) = (&stage.ours, &stage.theirs);
    if operation.tenant == "header" {
        for named in [&theirs.client_id, &theirs.id] {
            let request = with(plain(document, operation, NOTHING), &ours.token, Some(named));
            attempts.push(Attempt {
                name: format!("{} in another tenant", operation.name()),
                request,
                wanted: Wanted::Status(&[403]),
            });
        }
    }
    if operation.tenant == "path" || operation.path.starts_with("/api/v2/tenants/{") {
        let request = with(plain(document, operation, &theirs.id), &ours.token, None);
        attempts.push(Attempt {
            name: format!("{} of another tenant", operation.name()),
            request,
            wanted: Wanted::Status(&[403, 404]),
        });
        return;
    }
    let foreign = operation.collection().and_then(|collection| stage.foreign.get(collection));
    for id in foreign.into_iter().flatten() {
        let tenant = Some(ours.client_id.as_str());
        let request = with(plain(document, operation, id), &ours.token, tenant);
        let like = Request { target: operation.target(NOTHING), ..request.clone() };
        attempts.push(Attempt {
            name: format!("{} of another tenant", operation.name()),
            request,
            wanted: Wanted::LikeNothing(like),
        });
    }
}

fn hostile(stage: &Stage, document: &Value, operation: &Operation, attempts: &mut Vec<Attempt>) {
    if ends_the_suite(operation) {
        return;
    }
    let tenant = Some(stage.ours.client_id.as_str());
    let sign = |request: Request| match operation.access.as_str() {
        "api_key" => request.header("X-API-Key", &stage.ours.key),
        "signed_in" | "permission" => with(request, &stage.ours.token, tenant),
        _ => request,
    };
    let mut push = |what: String, request: Request| {
        attempts.push(Attempt {
            name: format!("{} with {what}", operation.name()),
            request: sign(request),
            wanted: Wanted::Decency,
        });
    };
    for text in hostile_texts() {
        if operation.path.contains('{') {
            push(format!("a hostile path {text:.20?}"), plain(document, operation, &encoded(&text)));
        }
        for (name, _) in &operation.query {
            let mut request = plain(document, operation, NOTHING);
            request.target = format!("{}?{name}={}", request.target, encoded(&text));
            push(format!("{name}={text:.20?}"), request);
        }
        if text.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
            for name in operation.headers.iter().chain([&"Idempotency-Key".to_owned()]) {
                if name != "X-Tenant-Id" {
                    push(
                        format!("{name}: {text:.20?}"),
                        plain(document, operation, NOTHING).header(name, &text),
                    );
                }
            }
        }
    }
    hostile_queries(document, operation, &mut push);
    if let Some(schema) = &operation.body {
        hostile_bodies(document, operation, schema, &mut push);
    }
}

/// Queries that are strange as a whole.
fn hostile_queries(document: &Value, operation: &Operation, push: &mut impl FnMut(String, Request)) {
    for query in [
        "page=1&page=2",
        "unknown=1",
        "%00=1",
        "=",
        "&&&",
        "a[]=1&a[$ne]=2",
        "page_size=201",
        "page=0",
        "page=99999999999",
        "ordering=nothing",
        "fields=nothing",
        "cursor=AAAA",
        "cursor=eyJ9",
        "id__in=1,2",
        "created_at__gte=x",
        "name__regex=x",
        "custom_fields.x=1",
        "custom_fields.%27=1",
        "tenant_id=x",
        "search=%25%25",
        "search=%00",
    ] {
        let mut request = plain(document, operation, NOTHING);
        request.target = format!("{}?{query}", request.target);
        push(format!("?{query}"), request);
    }
}

fn hostile_bodies(
    document: &Value,
    operation: &Operation,
    schema: &Value,
    push: &mut impl FnMut(String, Request),
) {
    let base = fitting(document, schema);
    let send = |body: &Value| Request::new(&operation.method, &operation.target(NOTHING)).json(body);
    for member in members(document, schema) {
        for value in hostile_values() {
            let mut body = base.clone();
            let shown: String = value.to_string().chars().take(20).collect();
            if let Some(members) = body.as_object_mut() {
                members.insert(member.clone(), value);
            }
            push(format!("{member} {shown}"), send(&body));
        }
        let mut body = base.clone();
        if let Some(members) = body.as_object_mut() {
            members.remove(&member);
        }
        push(format!("no {member}"), send(&body));
    }
    for body in [json!([]), json!("x"), json!(7), Value::Null, json!({}), json!({"unknown": 1, "\u{0}": 2})] {
        push(format!("the body {body}"), send(&body));
    }
}

fn send_all(stage: &Stage, suite: &Suite, attempts: Vec<Attempt>) {
    let queue = Mutex::new(attempts);
    let next = || queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(attempt) = next() {
                    let outcome = judge(stage, &attempt);
                    let paste = || stage.curl(&attempt.request).chars().take(1_500).collect();
                    suite.case(&attempt.name, paste, outcome);
                }
            });
        }
    });
}

fn judge(stage: &Stage, attempt: &Attempt) -> Result<(), String> {
    let answer = send(stage, &attempt.request)?;
    decent(&answer)?;
    if answer.text().contains(CANARY) {
        return Err(format!("shows what is another tenant's: {}", shown(&answer)));
    }
    match &attempt.wanted {
        Wanted::Decency => Ok(()),
        Wanted::Status(wanted) => one_of(&answer, wanted),
        Wanted::LikeNothing(like) => {
            let nothing = send(stage, like)?;
            let (one, other) = (essence(&answer), essence(&nothing));
            if one == other {
                Ok(())
            } else {
                Err(format!("{one} and not {other} as for an id that nothing has"))
            }
        }
    }
}

/// The answer, asked for again while a limit is reached.
fn send(stage: &Stage, request: &Request) -> Result<Response, String> {
    loop {
        match request.send(stage.api.address, LIMIT) {
            Ok(answer)
                if answer.status == 429 && answer.header("retry-after").is_some() && stage.own.is_none() =>
            {
                pause(Duration::from_secs(1));
            }
            Ok(answer) => return Ok(answer),
            Err(failure) => return Err(format!("no answer: {failure:?}")),
        }
    }
}

/// What of an answer may not depend on whether something exists elsewhere.
fn essence(answer: &Response) -> String {
    let mut body = answer.json();
    if let Some(members) = body.as_object_mut() {
        members.remove("request_id");
        members.remove("instance");
    }
    format!("{} {body}", answer.status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_essence_of_an_answer_leaves_out_what_always_differs() {
        let body = |id: &str| {
            json!({"code": "not_found", "request_id": id, "instance": id}).to_string().into_bytes()
        };
        let answer = |id: &str| Response { status: 404, headers: Vec::new(), body: body(id) };

        assert_eq!(essence(&answer("1")), essence(&answer("2")));
    }
}
