//! Events between services: a relay appends what was recorded to a Redis stream; consumers read it in groups.

pub mod consumer;
pub mod relay;

use std::time::Duration;

use contracts::Service;

use crate::redis::Redis;

/// As many events at once show that they come in a stream, and that a moment later there are as many again. A turn costs
/// nearly as much for ten as for a hundred, so both sides of a stream then let some gather.
const MANY: usize = 8;
/// How long a relay lets events gather.
const RELAY_GATHERS: Duration = Duration::from_millis(15);
/// How long a consumer lets events gather.
const CONSUMER_GATHERS: Duration = Duration::from_millis(20);

/// Redis key of a producer's stream.
pub fn stream_key(redis: &Redis, producer: Service) -> String {
    redis.key(&format!("{{events:{producer}}}"))
}

/// Makes a consumer group that starts with the stream's first entry, and the stream if there is none.
pub(crate) async fn ensure_group(
    connection: &mut redis::aio::ConnectionManager,
    stream: &str,
    group: Service,
) -> redis::RedisResult<()> {
    let made: redis::RedisResult<()> = redis::cmd("XGROUP")
        .arg("CREATE")
        .arg(stream)
        .arg(group.name())
        .arg("0")
        .arg("MKSTREAM")
        .query_async(connection)
        .await;
    match made {
        Err(error) if error.code() == Some("BUSYGROUP") => Ok(()),
        other => other,
    }
}
