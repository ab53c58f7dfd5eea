//! Access of a route: the first parameter of every handler. A handler without one does not compile.

use std::{
    future::{Ready, ready},
    marker::PhantomData,
    sync::Arc,
};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use contracts::{
    TenantId, UserId,
    events::Actor,
    identity::{ActingIn, Caller, DataScope, PlatformRole, SignedInUser},
    permissions::Permission,
};
use uuid::Uuid;

use super::{
    context::RequestContext,
    effects::Effects,
    problem::Problem,
    rule::{Declared, Rule},
};
use crate::{
    db::Visibility,
    zones::{self, Tz},
};

/// A first parameter: finds out whether the caller may.
pub trait Access: FromRequest {
    /// What it demands.
    const RULE: Rule;
}

fn context(request: &HttpRequest) -> Result<Arc<RequestContext>, Problem> {
    request
        .extensions()
        .get::<Arc<RequestContext>>()
        .cloned()
        .ok_or_else(|| Problem::internal("the request context is missing: the middleware was not installed"))
}

fn not_signed_in() -> Problem {
    Problem::unauthorized("not_authenticated", "Sign in and send the access token as a Bearer token.")
}

fn signed_in(request: &HttpRequest) -> Result<(Arc<RequestContext>, SignedInUser), Problem> {
    let context = context(request)?;
    match context.identity.as_ref().map(|identity| &identity.who) {
        Some(Caller::User(user)) => {
            let user = (**user).clone();
            Ok((context, user))
        }
        _ => Err(not_signed_in()),
    }
}

fn permitted<P: Permission>(user: &SignedInUser) -> Result<(), Problem> {
    if user.permission.as_deref() == Some(P::CODE) { Ok(()) } else { Err(denied(P::CODE)) }
}

/// 403 that names the permission.
pub(super) fn denied(code: &'static str) -> Problem {
    Problem::forbidden("permission_denied", format!("This needs the permission {code}."))
        .with("permission", code)
}

/// A signed-in person acting in a tenant. The base of [`Allowed`], [`AllowedOn`] and [`Member`].
#[derive(Clone, Debug)]
pub struct TenantCaller {
    context: Arc<RequestContext>,
    user: SignedInUser,
    acting_in: ActingIn,
}

impl TenantCaller {
    fn from_request(request: &HttpRequest) -> Result<Self, Problem> {
        let (context, mut user) = signed_in(request)?;
        let acting_in = user
            .tenant
            .take()
            .ok_or_else(|| Problem::bad_request("tenant_required", "Name the tenant in X-Tenant-Id."))?;
        Ok(Self { context, user, acting_in })
    }

    /// The tenant that the caller acts in.
    pub fn tenant(&self) -> TenantId {
        self.acting_in.id
    }

    /// Client-provided id of that tenant.
    pub fn client_id(&self) -> &str {
        &self.acting_in.client_id
    }

    /// The person.
    pub fn user(&self) -> UserId {
        self.user.id
    }

    /// Their membership; none for platform staff.
    pub fn membership(&self) -> Option<Uuid> {
        self.acting_in.membership
    }

    /// Name of their role in the tenant.
    pub fn role(&self) -> &str {
        &self.acting_in.role
    }

    /// Their role on the platform.
    pub fn platform_role(&self) -> PlatformRole {
        self.user.platform_role
    }

    /// The tenant's time zone, which decides what a day is.
    pub fn time_zone(&self) -> Tz {
        self.acting_in.time_zone.as_deref().and_then(zones::named).unwrap_or(Tz::UTC)
    }

    /// The time zone of their own views: their own, or the tenant's.
    pub fn own_time_zone(&self) -> Tz {
        self.acting_in.own_time_zone.as_deref().and_then(zones::named).unwrap_or_else(|| self.time_zone())
    }

    /// Which records they see.
    pub fn visibility(&self) -> Visibility {
        let team = self.acting_in.team.iter().map(|id| id.0);
        Visibility::of_scope(self.acting_in.data_scope, self.user.id.0, team)
    }

    /// Whether they see every record of the tenant.
    pub fn sees_all(&self) -> bool {
        self.acting_in.data_scope == DataScope::All
    }

    /// Whether they hold a permission that the route declares; false for one that it does not declare.
    pub(super) fn holds(&self, code: &str) -> bool {
        self.user.permission.as_deref() == Some(code) || self.user.effects.iter().any(|held| held == code)
    }

    /// Who their changes are put down to.
    pub fn actor(&self) -> Actor {
        Actor::User { id: self.user.id }
    }

    /// The request.
    pub fn context(&self) -> &RequestContext {
        &self.context
    }
}

macro_rules! tenant_access {
    ($(#[$doc:meta])* $name:ident, $tenant:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name<P, E = ()>(TenantCaller, PhantomData<(P, E)>);

        impl<P, E> std::ops::Deref for $name<P, E> {
            type Target = TenantCaller;
            fn deref(&self) -> &TenantCaller {
                &self.0
            }
        }

        impl<P: Permission, E: Effects> FromRequest for $name<P, E> {
            type Error = Problem;
            type Future = Ready<Result<Self, Problem>>;
            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                ready(TenantCaller::from_request(request).and_then(|caller| {
                    permitted::<P>(&caller.user)?;
                    E::check(&caller, P::CODE)?;
                    Ok(Self(caller, PhantomData))
                }))
            }
        }

        impl<P: Permission, E: Effects> Access for $name<P, E> {
            const RULE: Rule = Rule {
                declared: Declared::of::<E>,
                ..Rule::new("permission", Some((P::CODE, P::ABOUT)), $tenant)
            };
        }
    };
}

tenant_access!(
    /// A user with permission `P` in the tenant (named by header or host), on a route with the further effects `E`.
    Allowed, "header"
);
tenant_access!(
    /// The same in the tenant that the path's `{id}` names.
    AllowedOn, "path"
);

/// Any member of the tenant, whatever their role.
#[derive(Clone, Debug)]
pub struct Member(TenantCaller);

impl std::ops::Deref for Member {
    type Target = TenantCaller;
    fn deref(&self) -> &TenantCaller {
        &self.0
    }
}

impl FromRequest for Member {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(TenantCaller::from_request(request).map(Self))
    }
}

impl Access for Member {
    const RULE: Rule = Rule::new("signed_in", None, "header");
}

/// A signed-in user, outside any tenant.
#[derive(Clone, Debug)]
pub struct SignedIn {
    context: Arc<RequestContext>,
    user: SignedInUser,
}

impl SignedIn {
    /// The person.
    pub fn user(&self) -> UserId {
        self.user.id
    }

    /// The session their access token belongs to.
    pub fn session(&self) -> Uuid {
        self.user.session
    }

    /// Their role on the platform.
    pub fn platform_role(&self) -> PlatformRole {
        self.user.platform_role
    }

    /// The request.
    pub fn context(&self) -> &RequestContext {
        &self.context
    }
}

impl FromRequest for SignedIn {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(signed_in(request).map(|(context, user)| Self { context, user }))
    }
}

impl Access for SignedIn {
    const RULE: Rule = Rule::new("signed_in", None, "none");
}

/// Public; with an access token, its user. An invalid token is refused, not ignored.
#[derive(Clone, Debug)]
pub struct Visitor {
    context: Arc<RequestContext>,
    user: Option<UserId>,
}

impl Visitor {
    /// The person, if they are signed in.
    pub fn user(&self) -> Option<UserId> {
        self.user
    }

    /// The request.
    pub fn context(&self) -> &RequestContext {
        &self.context
    }
}

impl FromRequest for Visitor {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(context(request).and_then(|context| {
            let user = match context.identity.as_ref().map(|identity| &identity.who) {
                Some(Caller::User(user)) => Some(user.id),
                Some(Caller::Anonymous) => None,
                Some(Caller::Service(_)) | None => return Err(not_signed_in()),
            };
            Ok(Self { context, user })
        }))
    }
}

impl Access for Visitor {
    const RULE: Rule = Rule::new("optional", None, "none");
}

/// A user with platform permission `P`.
#[derive(Clone, Debug)]
pub struct PlatformAllowed<P>(SignedIn, PhantomData<P>);

impl<P> std::ops::Deref for PlatformAllowed<P> {
    type Target = SignedIn;
    fn deref(&self) -> &SignedIn {
        &self.0
    }
}

impl<P: Permission> FromRequest for PlatformAllowed<P> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(signed_in(request).and_then(|(context, user)| {
            permitted::<P>(&user)?;
            Ok(Self(SignedIn { context, user }, PhantomData))
        }))
    }
}

impl<P: Permission> Access for PlatformAllowed<P> {
    const RULE: Rule = Rule::new("permission", Some((P::CODE, P::ABOUT)), "none");
}

macro_rules! open_access {
    ($(#[$doc:meta])* $name:ident, $access:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            context: Arc<RequestContext>,
        }

        impl $name {
            /// The request.
            pub fn context(&self) -> &RequestContext {
                &self.context
            }

            /// Address of the client as the gateway saw it.
            pub fn client_address(&self) -> Option<&str> {
                self.context.identity.as_ref()?.client_address.as_deref()
            }
        }

        impl FromRequest for $name {
            type Error = Problem;
            type Future = Ready<Result<Self, Problem>>;
            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                ready(context(request).map(|context| Self { context }))
            }
        }

        impl Access for $name {
            const RULE: Rule = Rule::new($access, None, "none");
        }
    };
}

open_access!(
    /// Public.
    Public, "public"
);
open_access!(
    /// A holder of an API key; the handler checks the key.
    ApiKey, "api_key"
);
open_access!(
    /// A sender who signs the body; the handler checks the signature.
    Signed, "signed"
);

/// Another process of the platform.
#[derive(Clone, Debug)]
pub struct Internal {
    /// Which one.
    pub from: contracts::Service,
}

impl FromRequest for Internal {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(context(request).and_then(|context| {
            match context.identity.as_ref().map(|identity| &identity.who) {
                Some(Caller::Service(from)) => Ok(Self { from: *from }),
                _ => Err(not_signed_in()),
            }
        }))
    }
}

impl Access for Internal {
    const RULE: Rule = Rule::new("internal", None, "none");
}
