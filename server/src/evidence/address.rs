//! Which addresses a certificate may send the portal to. A certificate is written by others: without bounds it would make the portal
//! knock at any door of its own network (server-side request forgery).

use super::settings::EvidenceSettings;
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Longest address that is looked at.
const ADDRESS_BYTES_MAX: usize = 2048;

/// An address that may be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// Of an allowed host; it must lie in the public network.
    Public(Url),
    /// The operator's stand-in for it, wherever that is.
    StandIn(Url),
}

/// Hosts, ports and stand-ins of the operator.
pub(super) struct AllowList {
    hosts: Vec<String>,
    ports: Vec<u16>,
    stand_ins: BTreeMap<String, String>,
}

impl AllowList {
    pub(super) fn new(settings: &EvidenceSettings) -> Self {
        Self {
            hosts: settings.hosts.clone(),
            ports: settings.ports.clone(),
            stand_ins: settings.stand_ins.clone(),
        }
    }

    /// The target of an address as a certificate writes it, or none when it may not be asked.
    pub(super) fn target(&self, address: &str) -> Option<Target> {
        if address.len() > ADDRESS_BYTES_MAX {
            return None;
        }
        let url = Url::parse(address.trim()).ok()?;
        let plain = matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none();
        // Numbers in any spelling are no domain.
        let host = url.domain()?.trim_end_matches('.').to_ascii_lowercase();
        if !plain {
            return None;
        }
        if let Some(base) = self.stand_ins.get(&host) {
            let query = url.query().map(|query| format!("?{query}"));
            let query = query.unwrap_or_default();
            let base = base.trim_end_matches('/');
            return Url::parse(&format!("{base}{}{query}", url.path()))
                .ok()
                .map(Target::StandIn);
        }
        let known = self.hosts.iter().any(|suffix| {
            host.strip_suffix(suffix.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        });
        let usual = url.port().is_none_or(|port| self.ports.contains(&port));
        (known && usual).then_some(Target::Public(url))
    }
}

/// Resolves names to public addresses only. The connection is made to what this gives, so that no second answer of a name server can
/// come between the check and the use.
pub(crate) struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0))
                .await?
                .filter(|address| is_public(address.ip()))
                .collect();
            if found.is_empty() {
                return Err("the name leads to no public address".into());
            }
            let found: Addrs = Box::new(found.into_iter());
            Ok(found)
        })
    }
}

/// Whether an address is one of the public internet (the special-purpose registries of RFC 6890 are not).
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        // Shared space of carriers, protocol assignments, 6to4 relays, benchmarking.
        || (a == 100 && (64..128).contains(&b))
        || (a, b, c) == (192, 0, 0)
        || (a, b, c) == (192, 88, 99)
        || (a == 198 && matches!(b, 18 | 19));
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    // Addresses that carry one of version 4: NAT64 and 6to4.
    let [.., high, low] = segments;
    let inner = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => inner(high, low),
        [0x2002, high, low, ..] => inner(high, low),
        // Documentation, Teredo and other protocol assignments.
        [0x2001, second, ..] if second == 0xdb8 || second < 0x200 => false,
        [0x3fff, second, ..] if second < 0x1000 => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> AllowList {
        let mut settings = EvidenceSettings::default();
        settings.stand_ins.insert(
            "pki.sandbox.test".into(),
            "http://127.0.0.1:8090/base/".into(),
        );
        settings.ports.push(8080);
        AllowList::new(&settings)
    }

    #[test]
    fn only_allowed_hosts_are_asked() {
        let list = list();
        for address in [
            "http://ocsp.vnpt-ca.vn/responder",
            "https://rootca.gov.vn/crl/vnrca256.crl",
            "http://OCSP.VNPT-CA.VN./responder",
            "http://ocsp.viettel-ca.vn:80/",
            "http://crl.viettel-ca.vn:8080/x.crl",
        ] {
            assert!(
                matches!(list.target(address), Some(Target::Public(_))),
                "{address}"
            );
        }
        for address in [
            "http://169.254.169.254/latest/meta-data/",
            "http://localhost:5432/",
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://[::1]/",
            "http://[::ffff:169.254.169.254]/",
            "file:///etc/passwd",
            "ldap://ldap.vnpt-ca.vn/cn=ca",
            "gopher://ocsp.vnpt-ca.vn/",
            "http://evilvnpt-ca.vn/",
            "http://vnpt-ca.vn.evil.test/",
            "http://evil.test/?vnpt-ca.vn",
            "http://evil.test#.vnpt-ca.vn",
            "http://name:word@ocsp.vnpt-ca.vn/",
            "http://ocsp.vnpt-ca.vn@169.254.169.254/",
            "http://ocsp.vnpt-ca.vn:22/",
            "http://evil.test\\.vnpt-ca.vn/",
            "//ocsp.vnpt-ca.vn/",
            "",
        ] {
            assert_eq!(list.target(address), None, "{address}");
        }
        let long = format!("http://ocsp.vnpt-ca.vn/{}", "a".repeat(3000));
        assert_eq!(list.target(&long), None);
    }

    #[test]
    fn a_stand_in_keeps_the_path_and_stays_at_its_base() {
        let target = list().target("http://pki.sandbox.test/crl/../../root.crl?a=1");
        let Some(Target::StandIn(url)) = target else {
            panic!("no stand-in: {target:?}");
        };
        assert_eq!(url.as_str(), "http://127.0.0.1:8090/base/root.crl?a=1");
    }

    #[test]
    fn what_is_not_public_is_not_connected_to() {
        for address in [
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "127.0.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "192.0.0.8",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "fec0::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "::10.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
            "2001::1",
            "2001:db8::1",
        ] {
            assert!(!is_public(address.parse().expect("address")), "{address}");
        }
        for address in [
            "123.30.48.100",
            "1.1.1.1",
            "2405:4800::1",
            "64:ff9b::101:101",
        ] {
            assert!(is_public(address.parse().expect("address")), "{address}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_not_resolved() {
        let answer = PublicOnly
            .resolve("localhost".parse().expect("a name"))
            .await;
        assert!(answer.is_err());
    }
}
