//! Which addresses may be connected to. Pure: it judges an address and connects to nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use crate::artifact::Told;

/// Whether loopback and private addresses may be reached (`--allow-private-network`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum PrivateNetwork {
    #[default]
    Refused,
    Allowed,
    /// Only inside these networks.
    Within(Vec<IpNet>),
}

/// Why an address or a name is not connected to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("a loopback address, refused without --allow-private-network")]
    Loopback,
    #[error("a private address, refused without --allow-private-network")]
    Private,
    #[error("a link-local address, always refused")]
    LinkLocal,
    #[error("a cloud metadata address, always refused")]
    Metadata,
    #[error("a special-purpose address that is no web server's, always refused")]
    Special,
    #[error("a port of the scanner itself, always refused")]
    Own,
    #[error("not a host of the target, refused by --no-third-parties")]
    ThirdParty,
    #[error("the name does not resolve: {0}")]
    Unresolved(String),
    #[error("no connection: {0}")]
    Unreachable(String),
    /// The one that the user named; no address is reached through it.
    #[error("the proxy {0}")]
    Proxy(String),
}

impl Refusal {
    /// The guard said no, as opposed to the network.
    pub fn is_refusal(&self) -> bool {
        !matches!(
            self,
            Refusal::Unresolved(_) | Refusal::Unreachable(_) | Refusal::Proxy(_)
        )
    }

    /// The same for records and reports.
    pub fn told(&self) -> Told {
        match self {
            Refusal::Loopback => Told::of("loopback-refused"),
            Refusal::Private => Told::of("private-refused"),
            Refusal::LinkLocal => Told::of("link-local-refused"),
            Refusal::Metadata => Told::of("metadata-refused"),
            Refusal::Special => Told::of("special-refused"),
            Refusal::Own => Told::of("own-port-refused"),
            Refusal::ThirdParty => Told::of("third-party-refused"),
            Refusal::Unresolved(error) => Told::of("unresolved").with("error", error.as_str()),
            Refusal::Unreachable(error) => Told::of("no-connection").with("error", error.as_str()),
            Refusal::Proxy(error) => Told::of("proxy-failed").with("error", error.as_str()),
        }
    }
}

impl PrivateNetwork {
    /// As settings record it: `no`, `yes`, or the networks.
    pub fn describe(&self) -> String {
        match self {
            PrivateNetwork::Refused => "no".to_string(),
            PrivateNetwork::Allowed => "yes".to_string(),
            PrivateNetwork::Within(nets) => nets
                .iter()
                .map(IpNet::to_string)
                .collect::<Vec<_>>()
                .join(","),
        }
    }

    fn allows(&self, address: IpAddr) -> bool {
        match self {
            PrivateNetwork::Refused => false,
            PrivateNetwork::Allowed => true,
            PrivateNetwork::Within(nets) => nets.iter().any(|net| net.contains(&address)),
        }
    }
}

/// Judges one address.
///
/// Link-local and metadata addresses are refused whatever is allowed. IPv6 forms that carry an IPv4
/// address (mapped, NAT64, 6to4) are judged by the address they carry. Ranges: IANA special-purpose
/// address registries.
///
/// # Errors
/// Why it is refused.
pub fn judge(address: IpAddr, private: &PrivateNetwork) -> Result<(), Refusal> {
    let kind = match address {
        IpAddr::V4(v4) => kind_v4(v4),
        IpAddr::V6(v6) => match carried_v4(v6) {
            Some(v4) => return judge(IpAddr::V4(v4), private),
            None => kind_v6(v6),
        },
    };
    match kind {
        None => Ok(()),
        Some(Refusal::Loopback | Refusal::Private) if private.allows(address) => Ok(()),
        Some(refusal) => Err(refusal),
    }
}

fn kind_v4(address: Ipv4Addr) -> Option<Refusal> {
    let [a, b, c, d] = address.octets();
    Some(match (a, b, c, d) {
        // Azure's and Alibaba's metadata services stand outside the link-local range.
        (168, 63, 129, 16) | (100, 100, 100, 200) | (169, 254, 169, 254) => Refusal::Metadata,
        (127, ..) => Refusal::Loopback,
        (169, 254, ..) => Refusal::LinkLocal,
        (10, ..) | (192, 168, ..) => Refusal::Private,
        (172, 16..=31, ..) => Refusal::Private,
        // Carrier-grade NAT.
        (100, 64..=127, ..) => Refusal::Private,
        (0, ..) | (192, 0, 0, _) | (192, 0, 2, _) | (192, 88, 99, _) => Refusal::Special,
        (198, 18..=19, ..) | (198, 51, 100, _) | (203, 0, 113, _) => Refusal::Special,
        (224..=255, ..) => Refusal::Special,
        _ => return None,
    })
}

fn kind_v6(address: Ipv6Addr) -> Option<Refusal> {
    let segments = address.segments();
    // Amazon's and Google's metadata services.
    let metadata = [
        Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x254),
        Ipv6Addr::new(0xfd20, 0x00ce, 0, 0, 0, 0, 0, 0x254),
    ];
    if metadata.contains(&address) {
        return Some(Refusal::Metadata);
    }
    if address.is_loopback() {
        return Some(Refusal::Loopback);
    }
    Some(match segments[0] {
        0xfe80..=0xfebf => Refusal::LinkLocal,
        // Unique local, and the deprecated site-local range.
        0xfc00..=0xfdff | 0xfec0..=0xfeff => Refusal::Private,
        0xff00..=0xffff => Refusal::Special,
        // Teredo, documentation, discard.
        0x2001 if matches!(segments[1], 0 | 0x0db8) => Refusal::Special,
        0x0100 if segments[1..4] == [0, 0, 0] => Refusal::Special,
        0 => Refusal::Special,
        0x3fff => Refusal::Special,
        _ => return None,
    })
}

fn carried_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = address.segments();
    let low = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        Ipv4Addr::new(a, b, c, d)
    };
    match s {
        // Mapped, translated.
        [0, 0, 0, 0, 0, 0xffff, high, last] | [0, 0, 0, 0, 0xffff, 0, high, last] => {
            Some(low(high, last))
        }
        // NAT64, well-known and local-use prefixes.
        [0x0064, 0xff9b, 0 | 1, .., high, last] => Some(low(high, last)),
        // 6to4.
        [0x2002, high, last, ..] => Some(low(high, last)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(address: &str, private: &PrivateNetwork) -> Result<(), Refusal> {
        judge(address.parse().expect("an address"), private)
    }

    #[test]
    fn public_addresses_pass() {
        for address in [
            "93.184.216.34",
            "8.8.8.8",
            "2606:2800:220:1::1",
            "172.32.0.1",
            "100.128.0.1",
        ] {
            assert_eq!(
                judged(address, &PrivateNetwork::Refused),
                Ok(()),
                "{address}"
            );
        }
    }

    #[test]
    fn private_addresses_need_the_flag() {
        for address in [
            "127.0.0.1",
            "127.8.9.1",
            "10.0.0.1",
            "192.168.1.1",
            "172.16.0.1",
            "172.31.255.255",
            "100.64.0.1",
            "::1",
            "fc00::1",
            "fd12::1",
            "::ffff:127.0.0.1",
            "::ffff:10.1.2.3",
            "64:ff9b::7f00:1",
            "64:ff9b:1::a00:1",
            "2002:7f00:1::",
            "2002:c0a8:101::",
        ] {
            let refused = judged(address, &PrivateNetwork::Refused);
            assert!(
                matches!(refused, Err(Refusal::Loopback | Refusal::Private)),
                "{address}: {refused:?}"
            );
            assert_eq!(
                judged(address, &PrivateNetwork::Allowed),
                Ok(()),
                "{address}"
            );
        }
    }

    #[test]
    fn some_addresses_are_never_reached() {
        for address in [
            "169.254.169.254",
            "169.254.1.1",
            "100.100.100.200",
            "168.63.129.16",
            "0.0.0.0",
            "0.1.2.3",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "::",
            "fe80::1",
            "ff02::1",
            "fd00:ec2::254",
            "fd20:ce::254",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "2002:a9fe:a9fe::",
            "2001::1",
            "::ffff:0.0.0.0",
            "192.0.2.1",
            "198.18.0.1",
            "::127.0.0.1",
        ] {
            for private in [PrivateNetwork::Refused, PrivateNetwork::Allowed] {
                assert!(judged(address, &private).is_err(), "{address}");
            }
        }
    }

    #[test]
    fn a_network_allows_only_itself() {
        let private = PrivateNetwork::Within(vec!["127.0.0.1/32".parse().expect("a network")]);
        assert_eq!(judged("127.0.0.1", &private), Ok(()));
        assert_eq!(judged("::ffff:127.0.0.1", &private), Ok(()));
        assert_eq!(judged("127.0.0.2", &private), Err(Refusal::Loopback));
        assert_eq!(judged("10.0.0.1", &private), Err(Refusal::Private));
    }
}
