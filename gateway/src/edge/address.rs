//! Client address of a request: the socket's, or that of forwarding headers where the peer is a known proxy. Pure.

use std::net::IpAddr;

use actix_web::http::header::HeaderMap;
use ipnet::IpNet;

/// The client of a request and how it addressed the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientInfo {
    /// Its address.
    pub address: IpAddr,
    /// Whether a proxy before us took it over HTTPS.
    pub https: bool,
    /// The host name it was sent to.
    pub host: Option<String>,
}

/// More than one host, or none of a sane form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadHost;

/// Reads it from the socket's peer and the headers. Without a proxy the scheme is that of the public address.
///
/// # Errors
/// [`BadHost`].
pub fn client_info(
    peer: IpAddr,
    headers: &HeaderMap,
    trusted: &[IpNet],
    public_is_https: bool,
) -> Result<ClientInfo, BadHost> {
    let peer = peer.to_canonical();
    let by_proxy = is_trusted(peer, trusted);
    let mut hosts = headers.get_all("host");
    let direct = hosts.next();
    if hosts.next().is_some() {
        return Err(BadHost);
    }
    let forwarded = headers.get("x-forwarded-host").filter(|_| by_proxy);
    let host = forwarded.or(direct).map(|value| value.to_str().map_err(|_| BadHost)).transpose()?;
    if host.is_some_and(|host| !crate::access::tenant_reference::is_host(host)) {
        return Err(BadHost);
    }
    let scheme = headers.get("x-forwarded-proto").filter(|_| by_proxy).and_then(|value| value.to_str().ok());
    Ok(ClientInfo {
        address: if by_proxy { client_address(peer, headers, trusted) } else { peer },
        https: scheme.map_or(public_is_https, |scheme| scheme.eq_ignore_ascii_case("https")),
        host: host.map(str::to_owned),
    })
}

/// The right-most address of `X-Forwarded-For` that is not a known proxy's: everything left of it is hearsay.
fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let lists: Vec<&str> =
        headers.get_all("x-forwarded-for").filter_map(|value| value.to_str().ok()).collect();
    let mut nearest = peer;
    for text in lists.iter().rev().flat_map(|list| list.rsplit(',')) {
        let Some(address) = parse(text.trim()) else { return nearest };
        nearest = address;
        if !is_trusted(address, trusted) {
            return address;
        }
    }
    nearest
}

fn parse(text: &str) -> Option<IpAddr> {
    let bare = text.parse().ok();
    let address = bare.or_else(|| text.parse::<std::net::SocketAddr>().ok().map(|address| address.ip()));
    address.map(|address| address.to_canonical())
}

fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|network| network.contains(&address))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn reach(peer: &str, lines: &[(&'static str, &str)]) -> Result<ClientInfo, BadHost> {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        client_info(peer.parse().unwrap(), &headers, &["10.0.0.0/8".parse().unwrap()], false)
    }

    fn client(peer: &str, forwarded: &[&str]) -> String {
        let lines: Vec<_> = forwarded.iter().map(|list| ("x-forwarded-for", *list)).collect();
        reach(peer, &lines).unwrap().address.to_string()
    }

    #[test]
    fn what_a_stranger_says_about_its_address_is_ignored() {
        assert_eq!(client("203.0.113.9", &["1.2.3.4"]), "203.0.113.9");
        let client =
            reach("203.0.113.9", &[("host", "a"), ("x-forwarded-host", "b"), ("x-forwarded-proto", "https")]);
        assert_eq!(
            client,
            Ok(ClientInfo { address: "203.0.113.9".parse().unwrap(), https: false, host: Some("a".into()) })
        );
    }

    #[test]
    fn behind_known_proxies_the_rightmost_stranger_is_the_client() {
        assert_eq!(client("10.0.0.1", &["6.6.6.6, 203.0.113.9, 10.0.0.2"]), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &["6.6.6.6", "203.0.113.9:4711"]), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &["203.0.113.9, garbage"]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["10.0.0.3, 10.0.0.2"]), "10.0.0.3");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(client("::ffff:10.0.0.1", &["2001:db8::1"]), "2001:db8::1");
    }

    #[test]
    fn a_known_proxy_says_how_we_were_reached() {
        let client = reach(
            "10.0.0.1",
            &[("host", "gw"), ("x-forwarded-host", "acme.example"), ("x-forwarded-proto", "https")],
        );
        let client = client.unwrap();
        assert!(client.https);
        assert_eq!(client.host.as_deref(), Some("acme.example"));
    }

    #[test]
    fn there_is_one_host_of_sane_form() {
        assert_eq!(reach("1.1.1.1", &[("host", "a"), ("host", "b")]), Err(BadHost));
        assert_eq!(reach("1.1.1.1", &[("host", "a/b")]), Err(BadHost));
        assert_eq!(reach("1.1.1.1", &[]).unwrap().host, None);
    }
}
