//! Politeness towards sites, shared by all tenants and processes: one page a second and so many a day per registrable domain.

use std::time::Duration;

use platform::redis::Redis;
use url::{Host, Url};

use crate::adapters::Failure;

/// Longest time that is waited for a site's turn.
const PATIENCE: Duration = Duration::from_secs(20);
/// Second-level names below which people register.
const SHARED: &[&str] = &["ac", "co", "com", "edu", "gov", "ne", "net", "or", "org"];

/// When which site may be asked again.
#[derive(Clone)]
pub struct Manners {
    redis: Redis,
    interval: Duration,
    pages_a_day: i64,
}

impl Manners {
    /// Keeps them in this Redis.
    pub fn new(redis: Redis, interval: Duration, pages_a_day: i64) -> Self {
        Self { redis, interval, pages_a_day }
    }

    /// Waits for the turn of this site.
    ///
    /// # Errors
    /// When enough was read of it today, when too many wait, or when the turns cannot be known.
    pub async fn wait(&self, url: &Url) -> Result<(), Failure> {
        let site = site_of(url);
        let away = |error: redis::RedisError| {
            tracing::warn!(%error, "a site's turn cannot be known");
            Failure::passing("unavailable", "It is not known whether the website may be read now.")
        };
        let mut connection = self.redis.connection();
        let day = chrono::Utc::now().date_naive();
        let counter = self.redis.key(&format!("site-pages:{day}:{site}"));
        let (read, _): (i64, i64) = redis::pipe()
            .cmd("INCR")
            .arg(&counter)
            .cmd("EXPIRE")
            .arg(&counter)
            .arg(2 * 24 * 60 * 60)
            .query_async(&mut connection)
            .await
            .map_err(away)?;
        if read > self.pages_a_day {
            let message = "Enough pages of the website were read today.";
            return Err(Failure::passing("site_limit", message).after(Some(60 * 60)));
        }
        let turn = self.redis.key(&format!("site-turn:{site}"));
        let began = tokio::time::Instant::now();
        while began.elapsed() < PATIENCE {
            let taken: Option<String> = redis::cmd("SET")
                .arg(&turn)
                .arg(1)
                .arg("NX")
                .arg("PX")
                .arg(u64::try_from(self.interval.as_millis()).unwrap_or(u64::MAX).max(1))
                .query_async(&mut connection)
                .await
                .map_err(away)?;
            if taken.is_some() {
                return Ok(());
            }
            tokio::time::sleep((self.interval / 4).max(Duration::from_millis(5))).await;
        }
        Err(Failure::passing("site_busy", "Too many wait for the website.").after(Some(5)))
    }
}

/// The registrable domain, about: the last two names, or three below names such as `co.uk`. An address in numbers stands
/// for itself with its port.
fn site_of(url: &Url) -> String {
    match url.host() {
        Some(Host::Domain(name)) => {
            let labels: Vec<&str> = name.trim_end_matches('.').rsplit('.').collect();
            let is_shared = labels.first().is_some_and(|top| top.len() == 2)
                && labels.get(1).is_some_and(|second| SHARED.contains(second));
            let taken = labels.into_iter().take(if is_shared { 3 } else { 2 });
            taken.collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join(".")
        }
        Some(address) => format!("{address}:{}", url.port_or_known_default().unwrap_or_default()),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_of_one_owner_have_one_turn() {
        for (url, site) in [
            ("https://www.acme.example/x", "acme.example"),
            ("https://a.b.acme.co.uk/", "acme.co.uk"),
            ("https://acme.de/", "acme.de"),
            ("http://127.0.0.1:81/", "127.0.0.1:81"),
        ] {
            assert_eq!(site_of(&url.parse().unwrap()), site, "{url}");
        }
    }
}
