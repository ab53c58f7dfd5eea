//! Exchange of rate-limit counts between replicas through Redis. While Redis is away, each limits by itself.

use std::{sync::Arc, time::Duration};

use platform::{redis::Redis, worker::Shutdown};

use super::limiter::RateLimiter;

const EVERY: Duration = Duration::from_millis(100);
const SWEEP_EVERY_TICKS: u32 = 100;
const MOST_AT_ONCE: usize = 1_000;

/// Adds what was let through to the common arrival time and says how far ahead of Redis' clock it lies, in
/// microseconds. The key goes away by itself when nothing is spent any more.
const SCRIPT: &str = "
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local arrival = tonumber(redis.call('GET', KEYS[1]) or '0')
if arrival < now then arrival = now end
arrival = arrival + ARGV[1] * ARGV[2]
redis.call('SET', KEYS[1], string.format('%.0f', arrival), 'PX', math.ceil((arrival - now) / 1000) + 1000)
return arrival - now
";

/// Shares until the process ends.
pub async fn run(limiter: Arc<RateLimiter>, redis: Redis, mut shutdown: Shutdown) {
    let script = redis::Script::new(SCRIPT);
    let (mut ticks, mut away) = (0_u32, false);
    while shutdown.sleep(EVERY).await {
        ticks = ticks.wrapping_add(1);
        if ticks.is_multiple_of(SWEEP_EVERY_TICKS) {
            limiter.sweep();
        }
        match share(&limiter, &redis, &script).await {
            Ok(()) if away => {
                tracing::info!("limits are shared between replicas again");
                away = false;
            }
            Err(error) if !away => {
                tracing::warn!(%error, "limits cannot be shared and hold per process");
                away = true;
            }
            Ok(()) | Err(_) => {}
        }
    }
}

async fn share(limiter: &RateLimiter, redis: &Redis, script: &redis::Script) -> redis::RedisResult<()> {
    let spent = limiter.take_unshared(MOST_AT_ONCE);
    if spent.is_empty() {
        return Ok(());
    }
    let mut pipeline = redis::pipe();
    for (subject, count) in &spent {
        let interval_micros = limiter.rate(*subject).map_or(0, |rate| rate.interval().div_ceil(1_000));
        pipeline
            .cmd("EVALSHA")
            .arg(script.get_hash())
            .arg(1)
            .arg(redis.key(&format!("limit:{{{}}}", subject.name())))
            .arg(interval_micros)
            .arg(*count);
    }
    let mut connection = redis.connection();
    let ahead: Vec<u64> = match pipeline.query_async(&mut connection).await {
        Err(error) if error.code() == Some("NOSCRIPT") => {
            let () = redis::cmd("SCRIPT").arg("LOAD").arg(SCRIPT).exec_async(&mut connection).await?;
            pipeline.query_async(&mut connection).await?
        }
        outcome => outcome?,
    };
    for ((subject, _), micros) in spent.iter().zip(ahead) {
        limiter.take_over(*subject, micros.saturating_mul(1_000));
    }
    Ok(())
}
