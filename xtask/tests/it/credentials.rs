//! Credentials work for their owner only, for their purpose only and until they are revoked, also during failures.

use std::time::Duration;

use devstack::{
    Platform,
    demo::SignIn,
    people::{Api, Tenant, signed, text},
    secrets,
    wire::Request,
};
use serde_json::{Value, json};

use crate::browser::{eventually, platform};

/// Limit of the contract for a revocation to take effect.
const WITHDRAWN: Duration = Duration::from_secs(5);
const BACK: Duration = Duration::from_secs(60);

fn status(api: &Api, request: &Request) -> u16 {
    request.send(api.address, Duration::from_secs(15)).map_or(0, |answer| answer.status)
}

fn login(api: &Api, who: &SignIn) -> Value {
    let body = json!({"email": who.email, "password": who.password});
    api.ask(&Request::new("POST", "/api/v2/auth/login").json(&body), &[200]).unwrap().json()
}

/// A newly registered user.
fn registered(api: &Api, email: &str) -> (SignIn, String) {
    let who = SignIn { email: email.to_owned(), password: secrets::password() };
    let body = json!({"email": who.email, "password": who.password, "first_name": "A", "last_name": "B"});
    let made = api.ask(&Request::new("POST", "/api/v2/auth/register").json(&body), &[201]).unwrap().json();
    (who, made["user"]["id"].as_str().unwrap().to_owned())
}

fn service_token(api: &Api, staff: &str) -> String {
    let account = signed("POST", "/api/v2/service-accounts", staff, None).json(&json!({"name": "worker"}));
    let account = api.ask(&account, &[201]).unwrap().json();
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        account["client_id"].as_str().unwrap(),
        account["client_secret"].as_str().unwrap()
    );
    let request =
        Request::new("POST", "/oauth/token").body("application/x-www-form-urlencoded", form.into_bytes());
    text(&api.ask(&request, &[200]).unwrap().json(), "access_token").unwrap()
}

/// Use of a credential: its name, and a request that presents one.
type Door = (&'static str, fn(&str) -> Request);

/// All uses.
fn doors() -> Vec<Door> {
    vec![
        ("access", |token| signed("GET", "/api/v2/auth/me", token, None)),
        ("stream", |token| signed("GET", "/api/v2/notifications?page_size=1", token, Some("one"))),
        ("refresh", |token| {
            Request::new("POST", "/api/v2/auth/refresh").json(&json!({"refresh_token": token}))
        }),
        ("simple refresh", |token| {
            Request::new("POST", "/api/token/refresh/").json(&json!({"refresh": token}))
        }),
        ("verify", |token| Request::new("POST", "/api/v2/auth/email/verify").json(&json!({"token": token}))),
        ("reset", |token| {
            let body = json!({"token": token, "new_password": "a password of no account"});
            Request::new("POST", "/api/v2/auth/password/reset").json(&body)
        }),
        ("invite", |token| {
            let body = json!({"token": token, "password": "a password of no account", "first_name": "A", "last_name": "B"});
            Request::new("POST", "/api/v2/invitations/accept").json(&body)
        }),
        ("look-up", |token| Request::new("GET", &format!("/api/v2/invitations/lookup?token={token}"))),
        ("factor", |token| {
            let body = json!({"challenge_token": token, "code": "123456"});
            Request::new("POST", "/api/v2/auth/login/second-factor").json(&body)
        }),
        ("issuer", |token| Request::new("POST", "/api/v2/auth/firebase").json(&json!({"id_token": token}))),
        ("key", |token| {
            Request::new("POST", "/api/leads/ingest")
                .header("X-API-Key", token)
                .json(&json!({"phone": "+49 30 901820"}))
        }),
        ("open", |token| Request::new("GET", &format!("/t/o/{token}.gif"))),
        ("click", |token| Request::new("GET", &format!("/t/c/{token}"))),
    ]
}

#[test]
fn no_credential_is_accepted_in_place_of_another_kind() {
    let platform = platform();
    let api = Api::of(&platform).unwrap();
    let tenant = api.found("one").unwrap();
    let staff = api.sign_in(&platform.demo().unwrap().platform_admin).unwrap();
    let (ada, _) = registered(&api, "ada@one.example");
    let session = login(&api, &ada);
    api.ask(&Request::new("POST", "/api/v2/auth/password/forgot").json(&json!({"email": ada.email})), &[202])
        .unwrap();
    let invitation = json!({"email": "guest@one.example", "role": "user"});
    let path = format!("/api/v2/tenants/{}/invite_user", tenant.id);
    let invited =
        api.ask(&signed("POST", &path, &tenant.token, None).json(&invitation), &[201]).unwrap().json();
    let shown = text(&invited, "accept_url").unwrap();
    let mailed = |to: &str, template: &str| api.mailed_token(to, template).unwrap();
    // Valid credentials with their uses; those that consume one come last.
    let credentials = [
        ("an access token", tenant.token.clone(), vec!["access", "stream"]),
        ("a refresh token", text(&session, "refresh_token").unwrap(), vec!["refresh", "simple refresh"]),
        ("an API key", tenant.key, vec!["key"]),
        ("a service account's token", service_token(&api, &staff), vec![]),
        (
            "an invitation as its giver sees it",
            shown.split_once("?token=").unwrap().1.to_owned(),
            vec!["look-up"],
        ),
        ("a mailed invitation", mailed("guest@one.example", "invitation"), vec!["look-up", "invite"]),
        ("a link that proves an address", mailed(&ada.email, "verify_email"), vec!["verify"]),
        ("a link for a new password", mailed(&ada.email, "reset_password"), vec!["reset"]),
    ];

    let mut taken = Vec::new();
    for (name, credential, good_at) in &credentials {
        for (door, request) in doors().into_iter().filter(|(door, _)| !good_at.contains(door)) {
            let status = status(&api, &request(credential));
            // Public answers are equal, so that they do not reveal which links exist.
            let says_nothing = ["open", "click"].contains(&door) && [200, 302, 404].contains(&status);
            if !(400..500).contains(&status) && !says_nothing {
                taken.push(format!("{name} at {door}: {status}"));
            }
        }
    }

    assert!(taken.is_empty(), "{taken:?}");
    for (name, credential, good_at) in &credentials {
        let Some(door) = good_at.first() else { continue };
        let (_, request) = doors().into_iter().find(|(name, _)| name == door).unwrap();
        let status = status(&api, &request(credential));
        assert!((200..300).contains(&status), "{name} at {door}: {status}");
    }
}

/// Revoked credential: its request, and the code of the refusal.
struct Withdrawn {
    name: &'static str,
    request: Request,
    code: &'static str,
}

fn refused(api: &Api, withdrawn: &Withdrawn) -> Option<()> {
    let answer = withdrawn.request.send(api.address, Duration::from_secs(15)).ok()?;
    (answer.json()["code"] == withdrawn.code).then_some(())
}

fn member(api: &Api, tenant: &Tenant, role: &str) -> (SignIn, String) {
    let who = SignIn { email: format!("{role}@one.example"), password: secrets::password() };
    let joined = api.invite(tenant, &who, role).unwrap();
    (who, text(&joined, "membership_id").unwrap())
}

fn take_everything_away(api: &Api, staff: &str) -> (Vec<Withdrawn>, Request) {
    let (tenant, other) = (api.found("one").unwrap(), api.found("two").unwrap());
    let leads = |token: &str, tenant: &str| signed("GET", "/api/v2/leads?count=none", token, Some(tenant));
    let me = |token: &str| signed("GET", "/api/v2/auth/me", token, None);
    let access = |who: &SignIn| text(&login(api, who), "access_token").unwrap();
    let (ada, _) = registered(api, "ada@one.example");
    let (bob, bobs_id) = registered(api, "bob@one.example");
    let (manager, membership) = member(api, &tenant, "manager");
    let (ended, suspended, lowered) = (login(api, &ada), access(&bob), access(&manager));
    let exports = signed("GET", "/api/v2/leads/export?format=csv", &lowered, Some("one"));
    let ended_access = text(&ended, "access_token").unwrap();
    let keeps = me(&access(&manager));
    for request in [&me(&ended_access), &me(&suspended), &exports, &leads(&other.token, "two"), &keeps] {
        api.ask(request, &[200]).unwrap();
    }
    let form = |key: &str| {
        Request::new("POST", "/api/leads/ingest")
            .header("X-API-Key", key)
            .json(&json!({"phone": "+49 30 901820"}))
    };
    let keys = signed("GET", "/api/v2/api-keys", &tenant.token, Some("one"));
    let key = api.ask(&keys, &[200]).unwrap().json()["results"][0]["id"].as_str().unwrap().to_owned();

    let logout = signed("POST", "/api/v2/auth/logout", &ended_access, None);
    api.ask(&logout.json(&json!({"refresh_token": ended["refresh_token"]})), &[204]).unwrap();
    let path = format!("/api/v2/users/{bobs_id}");
    api.ask(&signed("PATCH", &path, staff, None).json(&json!({"status": "suspended"})), &[200]).unwrap();
    let path = format!("/api/v2/tenant-users/{membership}/update_role");
    let lower = signed("PATCH", &path, &tenant.token, Some("one")).json(&json!({"role": "user"}));
    api.ask(&lower, &[200]).unwrap();
    let path = format!("/api/v2/api-keys/{key}/revoke");
    api.ask(&signed("POST", &path, &tenant.token, Some("one")), &[200]).unwrap();
    let path = format!("/api/v2/tenants/{}/suspend", other.id);
    api.ask(&signed("POST", &path, staff, None), &[200]).unwrap();

    let withdrawn = vec![
        Withdrawn {
            name: "a session that was logged out",
            request: me(&ended_access),
            code: "token_revoked",
        },
        Withdrawn { name: "a person who was suspended", request: me(&suspended), code: "token_revoked" },
        Withdrawn { name: "a role that was lowered", request: exports, code: "permission_denied" },
        Withdrawn { name: "a key that was revoked", request: form(&tenant.key), code: "api_key_revoked" },
        Withdrawn {
            name: "a suspended tenant",
            request: leads(&other.token, "two"),
            code: "tenant_inactive",
        },
        Withdrawn { name: "a suspended tenant's form", request: form(&other.key), code: "tenant_inactive" },
    ];
    (withdrawn, keeps)
}

#[test]
fn revoked_credentials_stop_working_within_seconds_and_stay_revoked_after_restarts() {
    let platform = platform();
    let api = Api::of(&platform).unwrap();
    let staff = api.sign_in(&platform.demo().unwrap().platform_admin).unwrap();

    let (withdrawn, keeps) = take_everything_away(&api, &staff);

    for one in &withdrawn {
        eventually(one.name, WITHDRAWN, || refused(&api, one));
    }
    flush(&platform);
    for one in &withdrawn {
        assert!(refused(&api, one).is_some(), "{} came back when Redis was emptied", one.name);
    }
    for service in ["redis", "auth-service", "tenant-service", "lead-service", "gateway"] {
        platform.kill(service).unwrap();
        let is_back = || (service == "redis" || platform.is_ready(service)).then_some(());
        eventually(service, BACK, is_back);
        eventually("the gateway", BACK, || platform.is_ready("gateway").then_some(()));
        // Valid credentials still work, so the refusals are caused by the revocation.
        eventually("a session that goes on", BACK, || (status(&api, &keeps) == 200).then_some(()));
        for one in &withdrawn {
            eventually(one.name, BACK, || refused(&api, one));
        }
    }
}

fn flush(platform: &Platform) {
    use std::io::{Read, Write};
    let url = platform.redis_url();
    let (credentials, address) =
        url.trim_start_matches("redis://").trim_end_matches('/').split_once('@').unwrap();
    let password = credentials.trim_start_matches(':');
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    stream.write_all(format!("AUTH {password}\r\nFLUSHALL\r\nQUIT\r\n").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert_eq!(answer.matches("+OK").count(), 3, "{answer}");
}
