//! Exchanges a client id and secret for a token, in the words of RFC 6749.

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    http::{StatusCode, header},
    web::Data,
};
use futures::future::LocalBoxFuture;
use platform::{
    Problem,
    http::{Reply, Signed, body, openapi::Operation, openapi::Schemas, query, reply::Parts, routes::Input},
};
use serde_json::{Value, json};
use subtle::ConstantTimeEq;

use crate::{
    deps::Deps,
    service_accounts::{
        domain::{Credentials, Refusal, SECRET_PREFIX, TokenRequest},
        store,
    },
    tokens::{self, Fingerprint},
};

/// A form of names and values.
pub struct Form(Vec<(String, String)>);

/// What RFC 6749 has us answer; its errors are no problem documents.
pub struct TokenReply(Result<(String, i64), Refusal>);

/// Unknown clients and wrong secrets are answered alike.
pub async fn token(
    _caller: Signed,
    form: Form,
    request: HttpRequest,
    deps: Data<Deps>,
) -> Result<TokenReply, Problem> {
    let authorization = request.headers().get(header::AUTHORIZATION);
    let authorization = authorization.map(|value| value.to_str().unwrap_or_default());
    let asked = match TokenRequest::parse(&form.0, authorization) {
        Ok(asked) => asked,
        Err(refusal) => return Ok(TokenReply(Err(refusal))),
    };
    let TokenRequest { credentials: Credentials { client_id, secret }, audience } = asked;
    // Compared with something in any case, so that an unknown client takes as long.
    let presented = tokens::fingerprint(SECRET_PREFIX, &secret);
    let outcome = deps
        .db
        .in_global(async |tx| {
            let client = store::find_client(tx, &client_id).await?;
            let kept = client.as_ref().map(|client| client.secret_sha256.as_slice());
            let is_right = is_same(kept, presented.as_ref());
            let (Some(client), true) = (client, is_right) else { return Ok(Err(Refusal::InvalidClient)) };
            let audience = match (audience, client.audiences.as_slice()) {
                (Some(wanted), held) if held.contains(&wanted) => wanted,
                (None, [only]) => only.clone(),
                _ => return Ok(Err(Refusal::InvalidTarget)),
            };
            store::note_use(tx, &client).await?;
            Ok::<_, Problem>(Ok((client.id, audience)))
        })
        .await?;
    match outcome {
        Ok((id, audience)) => {
            let issued = deps.issuer.issue_for_service(id, &client_id, &audience)?;
            Ok(TokenReply(Ok(issued)))
        }
        Err(refusal) => Ok(TokenReply(Err(refusal))),
    }
}

fn is_same(kept: Option<&[u8]>, presented: Option<&Fingerprint>) -> bool {
    let nothing = [0; 32];
    let same = kept.unwrap_or(&nothing).ct_eq(presented.unwrap_or(&nothing));
    bool::from(same) && kept.is_some() && presented.is_some()
}

impl FromRequest for Form {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            if !request.content_type().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
                return Err(Problem::unsupported(
                    "unsupported_media_type",
                    "Send application/x-www-form-urlencoded.",
                ));
            }
            let bytes = body::read(&request, &mut payload).await?;
            let text = String::from_utf8(bytes.to_vec())
                .map_err(|_| Problem::bad_request("invalid_form", "The form is not UTF-8."))?;
            query::pairs(&text).map(Self)
        })
    }
}

impl Input for Form {
    fn describe(operation: &mut Operation) {
        let text = json!({ "type": "string" });
        operation.bodies.push((
            "application/x-www-form-urlencoded",
            json!({
                "type": "object", "required": ["grant_type"],
                "properties": {
                    "grant_type": { "type": "string", "enum": ["client_credentials"] },
                    "client_id": text, "client_secret": text, "audience": text,
                },
            }),
        ));
    }
}

impl Reply for TokenReply {
    const STATUS: u16 = 200;

    fn schema(_: &mut Schemas) -> Option<Value> {
        Some(json!({
            "type": "object", "required": ["access_token", "token_type", "expires_in"],
            "properties": {
                "access_token": { "type": "string" }, "token_type": { "type": "string" },
                "expires_in": { "type": "integer" },
            },
        }))
    }

    fn into_parts(self) -> Parts {
        let mut headers = vec![("Cache-Control", "no-store".to_owned())];
        let (status, body) = match self.0 {
            Ok((token, life)) => {
                let body = json!({ "access_token": token, "token_type": "Bearer", "expires_in": life });
                (StatusCode::OK, body)
            }
            Err(refusal) => {
                let (status, error, description) = refusal.parts();
                if status == StatusCode::UNAUTHORIZED {
                    headers.push(("WWW-Authenticate", "Basic realm=\"leadstream\"".to_owned()));
                }
                (status, json!({ "error": error, "error_description": description }))
            }
        };
        let body = body.to_string().into_bytes();
        Parts { status, headers, content_type: Some("application/json"), body }
    }
}
