//! The HTTP server and what runs beside it.

use std::{rc::Rc, sync::Arc, time::Duration};

use actix_web::{
    App, HttpServer,
    body::BoxBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::{Next, from_fn},
    web,
};
use contracts::Service;
use platform::{
    http::{health::Health, leaving, server::Serving},
    worker::Shutdown,
};

use crate::{
    edge::pipeline,
    invalidation, limits, own,
    state::{Gateway, Worker},
};

/// Starts serving.
///
/// # Errors
/// When the address cannot be listened on.
pub fn start(gateway: &Arc<Gateway>, health: &Health) -> anyhow::Result<Serving> {
    let config = &gateway.config.http;
    let (shared, health) = (Arc::clone(gateway), health.clone());
    let server = HttpServer::new(move || {
        let worker = Worker::new(&shared);
        App::new()
            .app_data(web::Data::from(Arc::clone(&shared)))
            .app_data(web::Data::new(health.clone()))
            .configure(own::configure)
            .wrap(from_fn(move |request, next| pipeline::around(Rc::clone(&worker), request, next)))
            .wrap(from_fn(part))
    })
    .workers(config.workers)
    .backlog(4_096)
    .tcp_nodelay(true)
    .keep_alive(Duration::from_secs(75))
    .client_request_timeout(Duration::from_secs(10))
    .shutdown_timeout(leaving::FINISH_WITHIN.as_secs())
    .disable_signals()
    .bind(config.addr)?;
    let addr = server.addrs().first().copied().unwrap_or(config.addr);
    let done = server.run();
    Ok(Serving { addr, handle: done.handle(), done })
}

async fn part(
    health: web::Data<Health>,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let mut response = next.call(request).await?;
    leaving::part(&health, response.response_mut());
    Ok(response)
}

/// Starts what keeps routes, keys, revocations, access and limits current.
pub fn spawn_background(gateway: &Arc<Gateway>, shutdown: &Shutdown) {
    for service in Service::OWNERS_OF_DATA {
        let routes = Arc::clone(&gateway.routes);
        actix_web::rt::spawn(routes.keep_loaded(gateway.peers.clone(), service, shutdown.clone()));
    }
    actix_web::rt::spawn(Arc::clone(&gateway.verifier).keep_keys(shutdown.clone()));
    actix_web::rt::spawn(Arc::clone(&gateway.verifier).keep_revocations(shutdown.clone()));
    actix_web::rt::spawn(invalidation::run(Arc::clone(gateway), shutdown.clone()));
    actix_web::rt::spawn(limits::shared::run(
        Arc::clone(&gateway.ledger),
        gateway.redis.clone(),
        shutdown.clone(),
    ));
}
