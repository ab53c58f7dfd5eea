//! Guard for public addresses, and a resolver that returns no others.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// The reason why every address of a name was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the name leads to {0}")]
pub(super) struct Blocked(pub(super) &'static str);

/// Says which addresses may be dialled.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    allow: Arc<[IpNet]>,
}

impl Guard {
    pub(super) fn new(allow: Vec<IpNet>) -> Self {
        Self { allow: allow.into() }
    }

    /// What speaks against dialling this address.
    pub(super) fn check(&self, address: IpAddr) -> Result<(), &'static str> {
        if self.allow.iter().any(|range| range.contains(&address)) {
            return Ok(());
        }
        let reason = match address {
            IpAddr::V4(address) => not_public_v4(address),
            IpAddr::V6(address) => not_public_v6(address),
        };
        reason.map_or(Ok(()), Err)
    }

    async fn look_up(self, name: &str) -> Result<Addrs, Box<dyn std::error::Error + Send + Sync>> {
        let mut blocked = None;
        let mut addresses: Vec<SocketAddr> = tokio::net::lookup_host((name, 0)).await?.collect();
        addresses.retain(|address| {
            let checked = self.check(address.ip());
            blocked = checked.err().or(blocked);
            checked.is_ok()
        });
        match blocked {
            Some(reason) if addresses.is_empty() => Err(Box::new(Blocked(reason))),
            _ => Ok(Box::new(addresses.into_iter())),
        }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move { guard.look_up(name.as_str()).await })
    }
}

/// First address of a range, length of its prefix, what it is. IANA's special-purpose registry and what clouds use.
const NOT_PUBLIC_V4: &[([u8; 4], u32, &str)] = &[
    ([0, 0, 0, 0], 8, "an unspecified address"),
    ([10, 0, 0, 0], 8, "a private address"),
    ([100, 64, 0, 0], 10, "a carrier's shared address"),
    ([127, 0, 0, 0], 8, "a loopback address"),
    ([168, 63, 129, 16], 32, "a cloud's metadata address"),
    ([169, 254, 0, 0], 16, "a link-local address"),
    ([172, 16, 0, 0], 12, "a private address"),
    ([192, 0, 0, 0], 24, "a protocol's own address"),
    ([192, 0, 2, 0], 24, "an address for documentation"),
    ([192, 31, 196, 0], 24, "a protocol's own address"),
    ([192, 52, 193, 0], 24, "a protocol's own address"),
    ([192, 88, 99, 0], 24, "a relay's address"),
    ([192, 168, 0, 0], 16, "a private address"),
    ([192, 175, 48, 0], 24, "a protocol's own address"),
    ([198, 18, 0, 0], 15, "an address for benchmarks"),
    ([198, 51, 100, 0], 24, "an address for documentation"),
    ([203, 0, 113, 0], 24, "an address for documentation"),
    ([224, 0, 0, 0], 4, "a multicast address"),
    ([240, 0, 0, 0], 4, "a reserved address"),
];

/// Within 2000::/3, which alone is global unicast.
const NOT_PUBLIC_V6: &[([u16; 8], u32, &str)] = &[
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 23, "a protocol's own address"),
    ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32, "an address for documentation"),
    ([0x2002, 0, 0, 0, 0, 0, 0, 0], 16, "an address that holds an IPv4 address"),
    ([0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0], 48, "a protocol's own address"),
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20, "an address for documentation"),
];

/// Outside 2000::/3, for the sake of the sentence; what is not listed is refused as well.
const NOT_GLOBAL_V6: &[([u16; 8], u32, &str)] = &[
    ([0; 8], 128, "an unspecified address"),
    ([0, 0, 0, 0, 0, 0, 0, 1], 128, "a loopback address"),
    ([0; 8], 96, "an address that holds an IPv4 address"),
    ([0, 0, 0, 0, 0, 0xffff, 0, 0], 96, "an address that holds an IPv4 address"),
    ([0, 0, 0, 0, 0xffff, 0, 0, 0], 96, "an address that holds an IPv4 address"),
    ([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 32, "an address that holds an IPv4 address"),
    ([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7, "a private address"),
    ([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10, "a link-local address"),
    ([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10, "a private address"),
    ([0xff00, 0, 0, 0, 0, 0, 0, 0], 8, "a multicast address"),
];

fn not_public_v4(address: Ipv4Addr) -> Option<&'static str> {
    let bits = address.to_bits();
    NOT_PUBLIC_V4
        .iter()
        .find(|(first, length, _)| {
            let mask = u32::MAX << (32 - length);
            bits & mask == u32::from_be_bytes(*first) & mask
        })
        .map(|(_, _, what)| *what)
}

fn not_public_v6(address: Ipv6Addr) -> Option<&'static str> {
    let bits = address.to_bits();
    let within = |(first, length, _): &&([u16; 8], u32, &'static str)| {
        let mask = u128::MAX << (128 - length);
        bits & mask == Ipv6Addr::from(*first).to_bits() & mask
    };
    let is_global_unicast = bits >> 125 == 1;
    let known = if is_global_unicast { NOT_PUBLIC_V6 } else { NOT_GLOBAL_V6 }.iter().find(within);
    match known {
        Some((_, _, what)) => Some(what),
        None if is_global_unicast => None,
        None => Some("an address that is not global"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(address: &str) -> Option<&'static str> {
        Guard::new(vec![]).check(address.parse().unwrap()).err()
    }

    #[test]
    fn every_range_that_is_not_public_is_refused_at_both_ends() {
        let table = [
            ("0.0.0.0", "0.255.255.255", "unspecified"),
            ("10.0.0.0", "10.255.255.255", "private"),
            ("100.64.0.0", "100.127.255.255", "shared"),
            ("127.0.0.0", "127.255.255.255", "loopback"),
            ("169.254.0.0", "169.254.255.255", "link-local"),
            ("172.16.0.0", "172.31.255.255", "private"),
            ("192.0.0.0", "192.0.0.255", "protocol"),
            ("192.0.2.0", "192.0.2.255", "documentation"),
            ("192.88.99.0", "192.88.99.255", "relay"),
            ("192.168.0.0", "192.168.255.255", "private"),
            ("198.18.0.0", "198.19.255.255", "benchmarks"),
            ("198.51.100.0", "198.51.100.255", "documentation"),
            ("203.0.113.0", "203.0.113.255", "documentation"),
            ("224.0.0.0", "239.255.255.255", "multicast"),
            ("240.0.0.0", "255.255.255.255", "reserved"),
            ("::", "::", "unspecified"),
            ("::1", "::1", "loopback"),
            ("::7f00:1", "::ffff:ffff", "IPv4"),
            ("::ffff:0:0", "::ffff:255.255.255.255", "IPv4"),
            ("64:ff9b::", "64:ff9b:ffff:ffff:ffff:ffff:ffff:ffff", "IPv4"),
            ("2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "protocol"),
            ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "documentation"),
            ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "IPv4"),
            ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "documentation"),
            ("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "private"),
            ("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "link-local"),
            ("fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "private"),
            ("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "multicast"),
            ("100::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "not global"),
            ("4000::", "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "not global"),
        ];
        for (first, last, words) in table {
            for address in [first, last] {
                let reason = refused(address).unwrap_or_else(|| panic!("{address} is let through"));
                assert!(reason.contains(words), "{address}: {reason}");
            }
        }
    }

    #[test]
    fn the_metadata_addresses_of_clouds_are_refused() {
        for address in ["169.254.169.254", "168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254"]
        {
            assert!(refused(address).is_some(), "{address}");
        }
    }

    #[test]
    fn public_addresses_next_to_those_ranges_are_let_through() {
        for address in [
            "1.0.0.0",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "168.63.129.15",
            "168.63.129.17",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.0.3.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "8.8.8.8",
            "2000::1",
            "2001:200::",
            "2001:4860:4860::8888",
            "2001:db9::",
            "2003::",
            "2606:4700::1111",
            "3ffe:ffff::",
        ] {
            assert_eq!(refused(address), None, "{address}");
        }
    }

    #[test]
    fn only_the_allowed_range_is_an_exception() {
        let guard = Guard::new(vec!["127.0.0.1/32".parse().unwrap(), "fd00::/8".parse().unwrap()]);

        assert!(guard.check("127.0.0.1".parse().unwrap()).is_ok());
        assert!(guard.check("fd00::1".parse().unwrap()).is_ok());
        assert!(guard.check("127.0.0.2".parse().unwrap()).is_err());
        assert!(guard.check("::ffff:127.0.0.1".parse().unwrap()).is_err());
        assert!(guard.check("10.0.0.1".parse().unwrap()).is_err());
    }
}
