//! State shared by all workers, and state per worker.

use std::{rc::Rc, sync::Arc};

use contracts::Service;
use platform::{auth::identity::IdentityKeys, client::Peers, redis::Redis, worker::Shutdown};

use crate::{
    access::{cache::AccessCache, tenant_reference::OwnHosts},
    auth::verifier::Verifier,
    config::GatewayConfig,
    edge::streams::Listeners,
    limits::RateLimiter,
    routes::{loader::Routes, owners},
    upstream::{breaker::Breakers, pool::Pool},
};

/// What all workers share.
pub struct Gateway {
    /// Configuration.
    pub config: GatewayConfig,
    /// Signs identities.
    pub keys: IdentityKeys,
    /// Calls the services on our own behalf.
    pub peers: Peers,
    /// Redis.
    pub redis: Redis,
    /// Routes.
    pub routes: Arc<Routes>,
    /// Access tokens.
    pub verifier: Arc<Verifier>,
    /// Who may do what.
    pub access: Arc<AccessCache>,
    /// Limits.
    pub limiter: Arc<RateLimiter>,
    /// Services that fail.
    pub breakers: Arc<Breakers>,
    /// Streams of events that people listen to.
    pub listeners: Arc<Listeners>,
    /// Our own host names.
    pub own_hosts: OwnHosts,
    /// Signals to long responses that the process is stopping.
    pub shutdown: Shutdown,
}

impl Gateway {
    /// Makes everything; connects to nothing yet.
    ///
    /// # Errors
    /// When an address or key cannot be used.
    pub fn new(config: GatewayConfig, shutdown: Shutdown) -> anyhow::Result<Arc<Self>> {
        let keys = IdentityKeys::new(&config.identity)?;
        let peers = Peers::new(Service::Gateway, config.peers.clone(), keys.clone())?;
        let breakers = Arc::new(Breakers::new(&config.upstream));
        Ok(Arc::new(Self {
            keys,
            redis: Redis::open(&config.redis)?,
            routes: Arc::default(),
            verifier: Arc::new(Verifier::new(peers.clone(), config.outage_grace)),
            access: Arc::new(AccessCache::new(peers.clone(), Arc::clone(&breakers), config.outage_grace)),
            limiter: Arc::new(RateLimiter::new(config.limits)),
            breakers,
            listeners: Arc::default(),
            own_hosts: OwnHosts::of(&config.public_url),
            peers,
            shutdown,
            config,
        }))
    }
}

/// What one worker has: the shared state and connections of its own.
pub struct Worker {
    /// The shared state.
    pub gateway: Arc<Gateway>,
    pools: Vec<Rc<Pool>>,
}

impl Worker {
    /// A worker without connections.
    pub fn new(gateway: &Arc<Gateway>) -> Rc<Self> {
        let config = &gateway.config;
        let pools = Service::OWNERS_OF_DATA.into_iter().filter_map(|service| {
            let address = config.peers.address(service)?;
            Some(Pool::new(address, config.upstream.in_flight, config.upstream.connect_timeout))
        });
        Rc::new(Self { pools: pools.collect(), gateway: Arc::clone(gateway) })
    }

    /// Connections to a service.
    pub fn pool(&self, service: Service) -> Option<&Rc<Pool>> {
        self.pools.get(owners::place(service)?)
    }
}
