//! The HTTP server and what runs beside it.

use std::{net::SocketAddr, rc::Rc, sync::Arc, time::Duration};

use actix_http::{Extensions, HttpService, Protocol};
use actix_server::Server;
use actix_service::{IntoServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::{
    App, HttpServer,
    body::BoxBody,
    dev::{AppConfig, ServiceRequest, ServiceResponse},
    middleware::{Next, from_fn},
    web,
};
use contracts::Service;
use platform::{
    http::{health::Health, leaving, server::Serving},
    worker::Shutdown,
};
use tokio::net::{TcpSocket, TcpStream};

use crate::{
    builtin,
    edge::pipeline,
    incoming::Watched,
    invalidation, limits,
    state::{Gateway, Worker},
};

/// Connections that wait to be accepted.
const BACKLOG: u32 = 4_096;
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long a head may take to arrive.
const HEAD_WITHIN: Duration = Duration::from_secs(10);

/// Starts serving callers. `actix_web::HttpServer` would do the same, but gives no access to the bytes of a connection.
///
/// # Errors
/// When the address cannot be listened on.
pub fn start(gateway: &Arc<Gateway>, health: &Health) -> anyhow::Result<Serving> {
    let config = &gateway.config.http;
    let app = web::Data::new(builtin::app::open(gateway.config.web_dir.as_deref()));
    let listener = listen(config.addr)?;
    let addr = listener.local_addr()?;
    let builder = Server::build()
        .workers(config.workers)
        .shutdown_timeout(leaving::FINISH_WITHIN.as_secs())
        .disable_signals();
    let ending = builder.graceful_shutdown_signal();
    let (shared, health) = (Arc::clone(gateway), health.clone());
    let server = builder.listen("gateway", listener, move || {
        let worker = Worker::new(&shared);
        let served = App::new()
            .app_data(web::Data::from(Arc::clone(&shared)))
            .app_data(web::Data::new(health.clone()))
            .app_data(app.clone())
            .configure(builtin::configure)
            .wrap(from_fn(move |request, next| pipeline::around(Rc::clone(&worker), request, next)))
            .wrap(from_fn(part))
            .into_factory()
            .map_err(|error: actix_web::Error| error.error_response());
        let ending = ending.clone();
        let http = HttpService::<Watched<TcpStream>, _, _>::build()
            .graceful_shutdown_signal(move || {
                let ending = ending.clone();
                async move { ending.notified().await }
            })
            .keep_alive(KEEP_ALIVE)
            .client_request_timeout(HEAD_WITHIN)
            .local_addr(addr)
            .on_connect_ext(|io: &Watched<TcpStream>, known: &mut Extensions| {
                known.insert(io.targets());
            })
            .finish(map_config(served, |()| AppConfig::default()));
        fn_service(async |io: TcpStream| {
            // Where it cannot be had, answers wait a little for each other.
            let _slower = io.set_nodelay(true);
            let peer = io.peer_addr().ok();
            Ok((Watched::new(io), Protocol::Http1, peer))
        })
        .and_then(http)
    })?;
    let done = server.run();
    Ok(Serving { addr, handle: done.handle(), done })
}

fn listen(addr: SocketAddr) -> std::io::Result<std::net::TcpListener> {
    let socket = if addr.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(addr)?;
    socket.listen(BACKLOG)?.into_std()
}

/// Starts the inner listener for monitoring: details of health, and metrics.
///
/// # Errors
/// When the address cannot be listened on.
pub fn start_inner(gateway: &Arc<Gateway>, health: &Health) -> anyhow::Result<Serving> {
    let (addr, health) = (gateway.config.inner_addr, health.clone());
    let server = HttpServer::new(move || {
        App::new().app_data(web::Data::new(health.clone())).configure(builtin::configure_inner)
    })
    .workers(1)
    .client_request_timeout(HEAD_WITHIN)
    .shutdown_timeout(1)
    .disable_signals()
    .bind(addr)?;
    let addr = server.addrs().first().copied().unwrap_or(addr);
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
        Arc::clone(&gateway.limiter),
        gateway.redis.clone(),
        shutdown.clone(),
    ));
}
