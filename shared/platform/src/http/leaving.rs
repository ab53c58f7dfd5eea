//! Graceful shutdown without a failed request.
//!
//! Asked to leave, it says that it is not ready and goes on serving for a while, closing each connection with its answer. Who
//! calls it lets go of idle connections sooner than that while ends: no request is on its way when the last
//! of them are closed, so that none ends with an unknown outcome.

use std::time::Duration;

use actix_web::{HttpResponse, dev::ServerHandle, http::ConnectionType};

use super::health::Health;

/// For how long our processes keep an idle connection to each other. The rest of the time that a leaving process still serves
/// is for a request that was sent last and is read late, because the machine is busy.
pub const KEPT_IDLE: Duration = Duration::from_secs(1);
/// For how long requests may go on when no new ones are taken any more. With the time before it and with what background
/// work needs, a process leaves within ten seconds.
pub const FINISH_WITHIN: Duration = Duration::from_secs(5);

/// Takes requests for so long, while balancers notice that this process is leaving.
pub async fn drain(health: &Health, long: Duration) {
    health.leave();
    tokio::time::sleep(long).await;
}

/// Takes no connection any more, ends what would never end by itself, and waits for the rest. Who listened to a stream comes
/// back at once, and then to a process that stays.
pub async fn finish(health: &Health, server: &ServerHandle) {
    // The order is given when the future is made.
    let stopped = server.stop(true);
    health.end_streams();
    stopped.await;
}

/// The last answer on its connection, when the process is leaving.
pub fn part<B>(health: &Health, response: &mut HttpResponse<B>) {
    if health.is_leaving() {
        response.head_mut().set_connection_type(ConnectionType::Close);
    }
}
