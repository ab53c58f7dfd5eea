//! Two routes that only say hello: to find out whether the platform is reached and whether a token is taken.

use contracts::UserId;
use platform::{
    Problem,
    http::{Body, Public, Routes, SignedIn},
};
use serde::Serialize;
use utoipa::ToSchema;

/// The routes.
pub fn routes() -> Routes {
    Routes::tagged("Authentication")
        .get("/api/v2/auth/hello", "Check that the API can be reached", hello)
        .named("hello")
        .get("/api/v2/auth/hello_with_auth", "Check that the access token is accepted", hello_with_auth)
        .named("hello_with_auth")
}

/// A greeting.
#[derive(Serialize, ToSchema)]
pub struct Greeting {
    /// The greeting.
    message: &'static str,
    /// The user who was greeted; absent for an anonymous caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<UserId>,
}

async fn hello(_caller: Public) -> Result<Body<Greeting>, Problem> {
    Ok(Body::new(Greeting { message: "Hello.", user_id: None }))
}

async fn hello_with_auth(caller: SignedIn) -> Result<Body<Greeting>, Problem> {
    Ok(Body::new(Greeting { message: "Hello, you are signed in.", user_id: Some(caller.user()) }))
}
