//! Route declarations: the source of routing, OpenAPI, the permission registry and the gateway's table.

use std::{collections::BTreeMap, sync::Arc};

use actix_web::{
    FromRequest, Handler, HttpResponse, Resource,
    http::Method,
    web::{self, ServiceConfig},
};
use contracts::internal::{
    InternalCall,
    permissions::{RegisterPermissions, RoutePermission},
};
use futures::future::LocalBoxFuture;

use super::{
    access::Access,
    context,
    idempotency::Claim,
    meters::Meters,
    openapi::{Operation, Schemas, Success},
    problem::Problem,
    reply::{Keeping, Parts, Reply},
    rule::Rule,
};

/// Parts of a path that name a collection: `/api/v2/leads`.
const COLLECTION: usize = 3;

/// A parameter of a handler after the first: what comes in.
pub trait Input: FromRequest {
    /// Writes itself into the operation.
    fn describe(_operation: &mut Operation) {}
}

impl<T: 'static> Input for web::Data<T> {}
impl<T: serde::de::DeserializeOwned> Input for web::Path<T> {}
impl Input for actix_web::HttpRequest {}

/// A handler: who, what, and what goes out, by its types.
pub trait Endpoint<Args>: Clone + Send + Sync + 'static {
    /// What it answers.
    type Reply: Reply;
    /// Its future.
    type Future: Future<Output = Result<Self::Reply, Problem>> + 'static;
    /// Calls it.
    fn invoke(&self, args: Args) -> Self::Future;
    /// Who may call it, for which effects.
    const RULE: Rule;
    /// Describes it.
    fn operation() -> Operation;
}

macro_rules! endpoint {
    ($first:ident $(, $rest:ident)*) => {
        impl<Func, Fut, Answer, $first, $($rest,)*> Endpoint<($first, $($rest,)*)> for Func
        where
            Func: Fn($first, $($rest),*) -> Fut + Clone + Send + Sync + 'static,
            Fut: Future<Output = Result<Answer, Problem>> + 'static,
            Answer: Reply,
            $first: Access,
            $($rest: Input,)*
        {
            type Reply = Answer;
            type Future = Fut;
            const RULE: Rule = $first::RULE;

            #[expect(non_snake_case, reason = "type names stand for the values of their types")]
            fn invoke(&self, ($first, $($rest,)*): ($first, $($rest,)*)) -> Fut {
                self($first, $($rest),*)
            }

            fn operation() -> Operation {
                let mut schemas = Schemas::default();
                let content = Answer::content(&mut schemas);
                let success = Success { status: Answer::STATUS, also: Answer::ALSO, content };
                let inputs: &[fn(&mut Operation)] = &[$($rest::describe),*];
                let mut operation = Operation {
                    rule: $first::RULE,
                    parameters: vec![],
                    bodies: vec![],
                    success,
                    schemas,
                    listing: None,
                };
                for describe in inputs {
                    describe(&mut operation);
                }
                operation
            }
        }
    };
}

endpoint!(A);
endpoint!(A, B);
endpoint!(A, B, C);
endpoint!(A, B, C, D);
endpoint!(A, B, C, D, E);
endpoint!(A, B, C, D, E, F);

/// An endpoint as actix calls it.
#[derive(Clone)]
struct Served<F> {
    endpoint: F,
    /// Counts its requests.
    meters: Arc<Meters>,
    /// Whether its answers are kept here, for requests with an `Idempotency-Key`.
    keeps: bool,
}

impl<F, Args> Handler<Args> for Served<F>
where
    F: Endpoint<Args>,
    Args: 'static,
{
    type Output = HttpResponse;
    type Future = LocalBoxFuture<'static, HttpResponse>;

    fn call(&self, args: Args) -> Self::Future {
        let context = context::current();
        if let Some(context) = &context {
            // A request is routed once, so that this is never set before.
            let _first = context.meters.set(Arc::clone(&self.meters));
        }
        let claim = context.as_deref().filter(|_| self.keeps).and_then(Claim::of);
        let handling = self.endpoint.invoke(args);
        Box::pin(async move {
            let outcome = match claim {
                None => handling.await.map(Reply::into_response),
                Some(claim) => claim.around(handling).await.map(Parts::into_response),
            };
            outcome.unwrap_or_else(HttpResponse::from_error)
        })
    }
}

/// One declared route.
#[derive(Clone)]
pub struct DeclaredRoute {
    /// HTTP method, upper-case.
    pub method: &'static str,
    /// Path template, `{name}` for parameters.
    pub path: &'static str,
    /// Group in the documentation.
    pub tag: &'static str,
    /// What it does, as an imperative.
    pub summary: &'static str,
    /// More on what it does, where that helps.
    pub about: Option<&'static str>,
    /// Name of its operation, where it is not the one that method and path make.
    pub id: Option<&'static str>,
    /// Largest body it takes, where that differs from the service's.
    pub body_limit: Option<usize>,
    /// Who keeps its answers for requests with an `Idempotency-Key`; none for routes that keep no answers.
    pub keeping: Option<Keeping>,
    /// Who may call it, for which effects.
    pub rule: Rule,
    /// Description from the handler's types. Made on demand, because with its schemas it is large.
    pub operation: fn() -> Operation,
    make: Arc<dyn Fn() -> actix_web::Route + Send + Sync>,
}

/// The routes of a slice or of a whole service.
#[derive(Clone, Default)]
pub struct Routes {
    tag: &'static str,
    routes: Vec<DeclaredRoute>,
}

impl Routes {
    /// No routes yet; those that follow are documented under `tag`.
    pub fn tagged(tag: &'static str) -> Self {
        Self { tag, routes: Vec::new() }
    }

    /// GET.
    pub fn get<F: Endpoint<Args>, Args: FromRequest + 'static>(
        self,
        path: &'static str,
        summary: &'static str,
        handler: F,
    ) -> Self {
        self.route(Method::GET, path, summary, handler)
    }

    /// POST.
    pub fn post<F: Endpoint<Args>, Args: FromRequest + 'static>(
        self,
        path: &'static str,
        summary: &'static str,
        handler: F,
    ) -> Self {
        self.route(Method::POST, path, summary, handler)
    }

    /// PUT.
    pub fn put<F: Endpoint<Args>, Args: FromRequest + 'static>(
        self,
        path: &'static str,
        summary: &'static str,
        handler: F,
    ) -> Self {
        self.route(Method::PUT, path, summary, handler)
    }

    /// PATCH.
    pub fn patch<F: Endpoint<Args>, Args: FromRequest + 'static>(
        self,
        path: &'static str,
        summary: &'static str,
        handler: F,
    ) -> Self {
        self.route(Method::PATCH, path, summary, handler)
    }

    /// DELETE.
    pub fn delete<F: Endpoint<Args>, Args: FromRequest + 'static>(
        self,
        path: &'static str,
        summary: &'static str,
        handler: F,
    ) -> Self {
        self.route(Method::DELETE, path, summary, handler)
    }

    /// The route by which another service makes this call. The handler takes `Internal` first.
    pub fn internal<C, F, Args>(self, summary: &'static str, handler: F) -> Self
    where
        C: InternalCall,
        F: Endpoint<Args, Reply = super::body::InternalReply<C::Answer>>,
        Args: FromRequest + 'static,
    {
        let method = if C::METHOD == "PUT" { Method::PUT } else { Method::POST };
        self.route(method, C::TEMPLATE, summary, handler)
    }

    /// Lets the route declared last take larger bodies, in bytes.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        if let Some(last) = self.routes.last_mut() {
            last.body_limit = Some(bytes);
        }
        self
    }

    /// Says more about the route declared last than its summary.
    pub fn about(mut self, text: &'static str) -> Self {
        if let Some(last) = self.routes.last_mut() {
            last.about = Some(text);
        }
        self
    }

    /// Names the operation of the route declared last, where method and path make no good name for it.
    pub fn named(mut self, id: &'static str) -> Self {
        if let Some(last) = self.routes.last_mut() {
            last.id = Some(id);
        }
        self
    }

    /// These routes and those.
    pub fn and(mut self, others: Self) -> Self {
        self.routes.extend(others.routes);
        self
    }

    /// Every route, in the order of declaration.
    pub fn iter(&self) -> impl Iterator<Item = &DeclaredRoute> {
        self.routes.iter()
    }

    /// One actix resource per path with all its methods, so that a wrong method is 405 and not 404. Those that begin alike
    /// share a scope: actix asks one resource after the other, and would match a regular expression for each path with
    /// a parameter on the way.
    pub fn configure(&self, config: &mut ServiceConfig) {
        let mut by_path: BTreeMap<&str, Vec<&DeclaredRoute>> = BTreeMap::new();
        for route in &self.routes {
            by_path.entry(route.path).or_default().push(route);
        }
        let mut by_collection: BTreeMap<&str, Vec<(&str, Vec<&DeclaredRoute>)>> = BTreeMap::new();
        for (path, routes) in by_path {
            let (collection, rest) = path.split_at(collection(path).len());
            by_collection.entry(collection).or_default().push((rest, routes));
        }
        for (collection, resources) in by_collection.into_iter().rev() {
            // A literal path must be tried before one with a parameter in the same place; "{" sorts after every letter.
            let resources = resources.into_iter().map(|(rest, routes)| resource(rest, routes));
            if collection.is_empty() {
                for resource in resources {
                    config.service(resource);
                }
            } else {
                config.service(resources.fold(web::scope(collection), actix_web::Scope::service));
            }
        }
    }

    /// The permissions by route, for tenant-service.
    pub fn permissions(&self, service: contracts::Service) -> RegisterPermissions {
        let routes = self
            .routes
            .iter()
            .filter_map(|route| {
                let (code, about) = route.rule.permission?;
                Some(RoutePermission {
                    code: code.to_owned(),
                    description: about.to_owned(),
                    method: route.method.to_owned(),
                    path: route.path.to_owned(),
                })
            })
            .collect();
        RegisterPermissions { service, routes }
    }

    fn route<F, Args>(mut self, method: Method, path: &'static str, summary: &'static str, handler: F) -> Self
    where
        F: Endpoint<Args>,
        Args: FromRequest + 'static,
    {
        let name = match method.as_str() {
            "GET" => "GET",
            "POST" => "POST",
            "PUT" => "PUT",
            "PATCH" => "PATCH",
            _ => "DELETE",
        };
        let meters = Arc::new(Meters::new(name, path));
        let is_for_callers = !path.starts_with("/internal/");
        let keeping = (method == Method::POST && is_for_callers).then_some(F::Reply::KEEPING);
        let keeps = keeping == Some(Keeping::AroundHandler);
        let make = move || {
            let (endpoint, meters) = (handler.clone(), Arc::clone(&meters));
            web::method(method.clone()).to(Served { endpoint, meters, keeps })
        };
        self.routes.push(DeclaredRoute {
            method: name,
            path,
            tag: self.tag,
            summary,
            about: None,
            id: None,
            body_limit: None,
            keeping,
            rule: F::RULE,
            operation: F::operation,
            make: Arc::new(make),
        });
        self
    }
}

/// The literal beginning that a path shares with the others of its collection, such as `/api/v2/leads`; empty for a path that
/// is shorter than that.
fn collection(path: &str) -> &str {
    let end = path.match_indices('/').nth(COLLECTION).map_or(path.len(), |(end, _)| end);
    let beginning = path.get(..end).unwrap_or_default();
    let is_one = beginning.split('/').skip(1).filter(|part| !part.is_empty() && !part.contains('{')).count()
        == COLLECTION;
    if is_one { beginning } else { "" }
}

fn resource(path: &str, routes: Vec<&DeclaredRoute>) -> Resource {
    let resource = routes.into_iter().fold(web::resource(path), |resource, route| {
        let limit = super::body::BodyLimit(route.body_limit);
        resource.route((route.make)()).app_data(limit)
    });
    resource.default_service(web::to(method_not_allowed))
}

async fn method_not_allowed() -> HttpResponse {
    HttpResponse::from_error(Problem::new(
        actix_web::http::StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "This path does not support the method.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collection_is_the_literal_beginning_of_a_path() {
        for (path, beginning) in [
            ("/api/v2/leads", "/api/v2/leads"),
            ("/api/v2/leads/{id}", "/api/v2/leads"),
            ("/api/v2/leads/{id}/notes/{note}", "/api/v2/leads"),
            ("/api/leads/ingest/batch", "/api/leads/ingest"),
            ("/internal/tenants/{id}/move", ""),
            ("/internal/access", ""),
            ("/api/token/", ""),
            ("/health", ""),
        ] {
            assert_eq!(collection(path), beginning, "{path}");
        }
    }
}
