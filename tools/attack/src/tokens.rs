//! Tokens of every wrong kind: none is a person.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use ed25519_compact::{KeyPair, Seed};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::stage::Stage;
use super::verdict::{Suite, decent, one_of};
use devstack::people::text;
use devstack::waiting::{Cancel, pause};
use devstack::wire::Request;

const LIMIT: Duration = Duration::from_secs(10);
/// What is asked for with each token.
const PROBE: &str = "/api/v2/auth/me";

/// A signer of arbitrary claims.
struct Forger {
    pair: KeyPair,
    header: Value,
    claims: Value,
}

impl Forger {
    fn key(byte: u8) -> KeyPair {
        KeyPair::from_seed(Seed::new([byte; 32]))
    }

    fn unsigned(header: &Value, claims: &Value) -> String {
        format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()))
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let text = Self::unsigned(header, claims);
        let signature = self.pair.sk.sign(text.as_bytes(), None);
        format!("{text}.{}", BASE64.encode(signature.as_slice()))
    }

    /// The genuine token with other members; `null` takes one away.
    fn with(&self, in_header: &Value, in_claims: &Value) -> String {
        self.sign(&merged(&self.header, in_header), &merged(&self.claims, in_claims))
    }
}

fn merged(base: &Value, changes: &Value) -> Value {
    let mut all = base.as_object().cloned().unwrap_or_default();
    for (name, value) in changes.as_object().into_iter().flatten() {
        if value.is_null() {
            all.remove(name)
        } else {
            all.insert(name.clone(), value.clone())
        };
    }
    Value::Object(all)
}

fn decoded(part: &str) -> Result<Value> {
    Ok(serde_json::from_slice(&BASE64.decode(part)?)?)
}

fn hmac(secret: &[u8], text: &str) -> Result<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).context("the secret is no key")?;
    mac.update(text.as_bytes());
    Ok(format!("{text}.{}", BASE64.encode(mac.finalize().into_bytes())))
}

/// Runs the suite.
pub(super) fn run(stage: &Stage, suite: &Suite) -> Result<()> {
    let genuine = stage.ours.token.clone();
    let parts: Vec<&str> = genuine.split('.').collect();
    let [head, body, signature] = parts.as_slice() else { anyhow::bail!("the access token is no JWT") };
    let (header, claims) = (decoded(head)?, decoded(body)?);
    let stranger = Forger { pair: Forger::key(7), header: header.clone(), claims: claims.clone() };
    let refuse = |name: &str, token: &str| refused(stage, suite, name, &[&format!("Bearer {token}")]);

    accepted(stage, suite, "the genuine token", &genuine);
    for (name, values) in [
        ("no header", vec![]),
        ("an empty header", vec![""]),
        ("a scheme without a token", vec!["Bearer"]),
        ("another scheme", vec!["Basic YWRtaW46YWRtaW4="]),
        ("no scheme", vec![genuine.as_str()]),
    ] {
        refused(stage, suite, name, &values);
    }
    let bearer = format!("Bearer {genuine}");
    refused(stage, suite, "two tokens in two headers", &[&bearer, "Bearer x.y.z"]);
    refused(stage, suite, "the same token twice", &[&bearer, &bearer]);
    refuse("two tokens in one header", &format!("{genuine}, Bearer {genuine}"));
    refuse("garbage", "garbage");
    refuse("dots", "..");
    refuse("an empty signature", &format!("{head}.{body}."));
    refuse("no signature", &format!("{head}.{body}"));
    refuse("a cut signature", &format!("{head}.{body}.{}", signature.get(..20).unwrap_or_default()));
    refuse("a fourth part", &format!("{genuine}.x"));
    refuse("padding", &format!("{genuine}=="));
    refuse("a huge token", &"a".repeat(60_000));
    let other = BASE64.encode(merged(&claims, &json!({"prl": "internal_admin"})).to_string());
    refuse("other claims under the genuine signature", &format!("{head}.{other}.{signature}"));
    let mut bits = BASE64.decode(signature)?;
    if let Some(first) = bits.first_mut() {
        *first ^= 1;
    }
    refuse("one bit of the signature turned", &format!("{head}.{body}.{}", BASE64.encode(&bits)));
    for name in ["none", "None", "NONE", "nOnE"] {
        let text = Forger::unsigned(&merged(&header, &json!({"alg": name})), &claims);
        refuse(&format!("alg {name}"), &format!("{text}."));
        refuse(&format!("alg {name} with a signature"), &format!("{text}.{signature}"));
    }
    let published = stage.api.ask(&Request::new("GET", "/.well-known/jwks.json"), &[200])?;
    let key = published.json().pointer("/keys/0").cloned().context("no key is published")?;
    let public = BASE64.decode(key.get("x").and_then(Value::as_str).unwrap_or_default())?;
    for (name, secret) in [
        ("its bytes", public),
        ("its text", key.get("x").and_then(Value::as_str).unwrap_or_default().as_bytes().to_vec()),
        ("its JSON", key.to_string().into_bytes()),
        ("nothing", Vec::new()),
    ] {
        let text = Forger::unsigned(&merged(&header, &json!({"alg": "HS256"})), &claims);
        refuse(&format!("the public key as an HMAC secret: {name}"), &hmac(&secret, &text)?);
    }
    refuse("another key under the genuine id", &stranger.sign(&header, &claims));
    for kid in [
        json!("unknown"),
        json!(""),
        json!("../../../../dev/null"),
        json!("' or '1'='1"),
        json!("k".repeat(5_000)),
        json!(7),
        json!(["a"]),
        Value::Null,
    ] {
        refuse(
            &format!("another key under the id {kid:.40}"),
            &stranger.with(&json!({"kid": kid}), &json!({})),
        );
    }
    let own_jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": BASE64.encode(*stranger.pair.pk)});
    for (name, extra) in [
        ("jwk", json!({"jwk": own_jwk, "kid": null})),
        ("jwk beside the genuine id", json!({"jwk": own_jwk})),
        ("jku", json!({"jku": "http://127.0.0.1:9/keys", "kid": "mine"})),
        ("x5u", json!({"x5u": "http://127.0.0.1:9/cert", "kid": "mine"})),
        ("crit", json!({"crit": ["exp"]})),
    ] {
        refuse(&format!("another key named by {name}"), &stranger.with(&extra, &json!({})));
    }
    other_credentials(stage, suite)?;
    match trusted(stage, &header, &claims)? {
        Some(forger) => signed_by_us(stage, suite, &forger),
        None => suite.skip("what is wrong with properly signed tokens: the platform's key is not ours"),
    }
    lifetimes(stage, suite)
}

/// A forger with a key that auth-service publishes, so that only the claims can be wrong.
fn trusted(stage: &Stage, header: &Value, claims: &Value) -> Result<Option<Forger>> {
    let Some(own) = &stage.own else { return Ok(None) };
    let pair = Forger::key(42);
    let kid = "forged-by-the-attack";
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": kid, "x": BASE64.encode(*pair.pk)});
    own.sql("auth")?.rows(&format!(
        "insert into signing_keys (kid, private_key, public_jwk, status) values ('{kid}', '\\x00', '{jwk}', 'retiring')"
    ))?;
    Ok(Some(Forger { pair, header: merged(header, &json!({"kid": kid})), claims: claims.clone() }))
}

/// Every member that is not what it must be.
fn signed_by_us(stage: &Stage, suite: &Suite, forger: &Forger) {
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs())
        .unwrap_or(0);
    // A token under an unknown key id makes the gateway ask for keys, at most once in a second.
    pause(Duration::from_millis(1_500));
    accepted(
        stage,
        suite,
        "a properly signed token, or the rest of these cases shows nothing",
        &forger.with(&json!({}), &json!({})),
    );
    let in_header = [
        ("typ JWT", json!({"typ": "JWT"})),
        ("no typ", json!({"typ": null})),
        ("typ of a refresh token", json!({"typ": "rt+jwt"})),
        ("typ of another case", json!({"typ": "AT+JWT"})),
        ("alg of another case", json!({"alg": "eddsa"})),
        ("alg ES256", json!({"alg": "ES256"})),
    ];
    for (name, changes) in in_header {
        refused(stage, suite, name, &[&format!("Bearer {}", forger.with(&changes, &json!({})))]);
    }
    let in_claims = [
        ("aud of another purpose", json!({"aud": "leadstream:refresh"})),
        ("aud of a stranger", json!({"aud": "https://example.org"})),
        ("no aud", json!({"aud": null})),
        ("an empty aud", json!({"aud": ""})),
        ("iss of a stranger", json!({"iss": "https://evil.example"})),
        ("no iss", json!({"iss": null})),
        ("expired", json!({"exp": now - 10})),
        ("expired long ago", json!({"exp": 1})),
        ("no exp", json!({"exp": null})),
        ("exp as text", json!({"exp": format!("{}", now + 600)})),
        ("negative exp", json!({"exp": -1})),
        ("not valid yet", json!({"nbf": now + 600})),
        ("no sub", json!({"sub": null})),
        ("sub that is no id", json!({"sub": "admin"})),
        ("sid that is no id", json!({"sid": 7})),
        ("an unknown role", json!({"prl": "root"})),
    ];
    for (name, changes) in in_claims {
        refused(stage, suite, name, &[&format!("Bearer {}", forger.with(&json!({}), &changes))]);
    }
    let nobody = json!({"sub": "00000000-0000-4000-8000-000000000000"});
    let request = probe(&[&format!("Bearer {}", forger.with(&json!({}), &nobody))]);
    if let Ok(answer) = request.send(stage.api.address, LIMIT) {
        suite.case(
            "a person who does not exist",
            || stage.curl(&request),
            decent(&answer).and_then(|()| one_of(&answer, &[401, 403, 404])),
        );
    }
}

/// What is a credential, but not one of this kind.
fn other_credentials(stage: &Stage, suite: &Suite) -> Result<()> {
    let body = json!({"email": stage.ours.admin.email, "password": stage.ours.admin.password});
    let login = Request::new("POST", "/api/v2/auth/login").json(&body);
    let pair = stage.api.ask(&login, &[200])?.json();
    let (access, refresh) = (text(&pair, "access_token")?, text(&pair, "refresh_token")?);
    refused(stage, suite, "a refresh token as access token", &[&format!("Bearer {refresh}")]);
    refused(stage, suite, "an API key as access token", &[&format!("Bearer {}", stage.ours.key)]);
    let ask =
        |token: &str| Request::new("POST", "/api/v2/auth/refresh").json(&json!({"refresh_token": token}));
    for (name, token) in [
        ("an access token as refresh token", access),
        ("garbage as refresh token", "garbage".to_owned()),
        ("a refresh token and one more letter", format!("{refresh}x")),
    ] {
        expect(stage, suite, name, &ask(&token), &[401]);
    }
    let form = Request::new("POST", "/api/leads/ingest").header("X-API-Key", &stage.ours.token);
    expect(stage, suite, "an access token as API key", &form.json(&json!({"name": "x"})), &[401]);
    Ok(())
}

/// Spent and revoked ones.
fn lifetimes(stage: &Stage, suite: &Suite) -> Result<()> {
    let sign_in = || -> Result<(String, String)> {
        let body = json!({"email": stage.ours.admin.email, "password": stage.ours.admin.password});
        let pair = stage.api.ask(&Request::new("POST", "/api/v2/auth/login").json(&body), &[200])?.json();
        Ok((text(&pair, "access_token")?, text(&pair, "refresh_token")?))
    };
    let (_, refresh) = sign_in()?;
    let request = Request::new("POST", "/api/v2/auth/refresh").json(&json!({"refresh_token": refresh}));
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..50).map(|_| scope.spawn(|| request.send(stage.api.address, LIMIT))).collect();
        all.into_iter().filter_map(|one| Some(one.join().ok()?.ok()?.status)).collect()
    });
    let winners = answers.iter().filter(|status| **status == 200).count();
    let others = answers.iter().filter(|status| !matches!(status, 200 | 401 | 429)).count();
    let outcome = if winners == 1 && others == 0 { Ok(()) } else { Err(format!("{answers:?}")) };
    suite.case(
        "of fifty refreshes at once with one token exactly one is served",
        || stage.curl(&request),
        outcome,
    );

    let (access, refresh) = sign_in()?;
    let leave =
        Request::new("POST", "/api/v2/auth/logout").header("Authorization", &format!("Bearer {access}"));
    stage.api.ask(&leave.json(&json!({"refresh_token": refresh})), &[204])?;
    let request = probe(&[&format!("Bearer {access}")]);
    let dead = || Ok(request.send(stage.api.address, LIMIT).is_ok_and(|answer| answer.status == 401));
    let outcome = Cancel::default().until(
        "the end of a session",
        Duration::from_millis(100),
        Duration::from_secs(5),
        dead,
    );
    suite.case(
        "an access token is dead within 5 s of its session's end",
        || stage.curl(&request),
        outcome.map_err(|error| error.to_string()),
    );
    let again = Request::new("POST", "/api/v2/auth/refresh").json(&json!({"refresh_token": refresh}));
    expect(stage, suite, "the refresh token of an ended session", &again, &[401]);
    Ok(())
}

fn probe(values: &[&str]) -> Request {
    values.iter().fold(Request::new("GET", PROBE), |request, value| request.header("Authorization", value))
}

fn accepted(stage: &Stage, suite: &Suite, name: &str, token: &str) {
    expect(stage, suite, name, &probe(&[&format!("Bearer {token}")]), &[200]);
}

/// 401 is the answer; a head that is too large or ambiguous is one of its own.
fn refused(stage: &Stage, suite: &Suite, name: &str, values: &[&str]) {
    expect(stage, suite, name, &probe(values), &[400, 401, 431]);
}

fn expect(stage: &Stage, suite: &Suite, name: &str, request: &Request, wanted: &[u16]) {
    let outcome = match request.send(stage.api.address, LIMIT) {
        Ok(answer) => one_of(&answer, wanted).and_then(|()| decent(&answer)),
        Err(failure) => Err(format!("no answer: {failure:?}")),
    };
    suite.case(name, || stage.curl(request), outcome);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_replaced_added_and_taken_away() {
        let base = json!({"a": 1, "b": 2});

        assert_eq!(merged(&base, &json!({"a": 3, "b": null, "c": 4})), json!({"a": 3, "c": 4}));
    }

    #[test]
    fn a_forged_token_verifies_with_the_forgers_key() {
        let forger =
            Forger { pair: Forger::key(1), header: json!({"alg": "EdDSA"}), claims: json!({"sub": "x"}) };

        let token = forger.with(&json!({}), &json!({"sub": "y"}));

        let (text, signature) = token.rsplit_once('.').unwrap();
        let signature = ed25519_compact::Signature::from_slice(&BASE64.decode(signature).unwrap()).unwrap();
        assert!(forger.pair.pk.verify(text, &signature).is_ok());
        assert_eq!(decoded(text.split('.').nth(1).unwrap()).unwrap()["sub"], "y");
    }
}
