//! How often one address may ask what needs no sign-in, and how often all of them together; and how often one address, and one
//! person, may ask anything at all.
//!
//! Counted in this instance's memory: behind several instances the bound is that many times larger, which is still a bound.

use crate::problem::{Answer, Failure};
use crate::state::Portal;
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use contract::problem::ProblemCode;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Most addresses that are remembered; when there are more, those that may ask again are forgotten.
const REMEMBERED: usize = 50_000;
/// Who asked nothing for so long may ask at once what he may in that time, in seconds: a page begins with many requests.
const BURST_SECONDS: u32 = 10;

/// What is bounded, and to how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bound {
    /// Names the bound, e.g. `tracking`.
    pub name: &'static str,
    /// Most requests of one address at once; one more becomes free with each `pause`.
    pub burst: u32,
    /// After how long one more request is free.
    pub pause: Duration,
    /// How many times as much all addresses together may ask.
    pub all: u32,
}

/// Who asks, by network address. An IPv6 network of 64 bits counts as one: a household has so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Address(pub IpAddr);

impl Address {
    fn of(address: IpAddr) -> Self {
        Self(match address {
            IpAddr::V6(six) => match six.to_ipv4_mapped() {
                Some(four) => IpAddr::V4(four),
                None => IpAddr::V6(Ipv6Addr::from_bits(six.to_bits() & !u128::from(u64::MAX))),
            },
            four @ IpAddr::V4(_) => four,
        })
    }
}

/// Whose requests are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Who {
    Address(Address),
    /// A session, by the beginning of its token's digest.
    Session(u64),
    All,
}

impl Address {
    /// Of a request, as the proxy or the socket tells it.
    fn of_request(headers: &HeaderMap, extensions: &Extensions, behind_proxy: bool) -> Self {
        // Only what the proxy itself added counts; what stands before it, the client may have written.
        let told = behind_proxy.then(|| {
            let header = headers.get_all("x-forwarded-for").iter().next_back()?;
            header
                .to_str()
                .ok()?
                .rsplit(',')
                .next()?
                .trim()
                .parse()
                .ok()
        });
        let address = told.flatten().or_else(|| {
            let ConnectInfo(peer) = extensions.get::<ConnectInfo<SocketAddr>>()?;
            Some(peer.ip())
        });
        // Without either (a test without a socket) all count as one.
        Self::of(address.unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED)))
    }
}

impl FromRequestParts<Portal> for Address {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Answer<Self> {
        let behind_proxy = portal.config.behind_proxy;
        Ok(Self::of_request(
            &parts.headers,
            &parts.extensions,
            behind_proxy,
        ))
    }
}

/// Counts every request of the API against its address and, where it has a session, against that: whatever a route bounds by itself,
/// nobody has the portal to himself. How much is `[pace]`'s to say.
pub async fn each(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let pace = &portal.config.pace;
    let now = Instant::now();
    let address = Address::of_request(
        request.headers(),
        request.extensions(),
        portal.config.behind_proxy,
    );
    let session = crate::identity::session_mark(request.headers(), portal.config.https);
    let counts = [
        Some((Who::Address(address), pace.requests_per_address)),
        session.map(|mark| (Who::Session(mark), pace.requests_per_person)),
    ];
    for (who, a_second) in counts.into_iter().flatten() {
        let pause = Duration::from_secs(1) / a_second.max(1);
        let burst = a_second.saturating_mul(BURST_SECONDS);
        if portal
            .limits
            .count("any", &[(who, burst, pause)], now)
            .is_err()
        {
            let mut refused = Failure::from(ProblemCode::TooMany).into_response();
            let headers = refused.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            return refused;
        }
    }
    next.run(request).await
}

/// When everything that was asked is paid for; asking puts it off by one pause.
type PaidBy = Instant;

/// What was asked lately.
#[derive(Debug, Default)]
pub struct Limits(Mutex<HashMap<(&'static str, Who), PaidBy>>);

impl Limits {
    /// Counts one request.
    ///
    /// # Errors
    /// [`ProblemCode::TooMany`]; such a request costs nothing.
    pub fn take(&self, bound: &Bound, address: Address, now: Instant) -> Answer<()> {
        let places = [
            (Who::Address(address), bound.burst, bound.pause),
            (
                Who::All,
                bound.burst.saturating_mul(bound.all),
                bound.pause / bound.all.max(1),
            ),
        ];
        self.count(bound.name, &places, now)
    }

    /// Counts one request in each of some places: whose, how many at once, and after how long one more is free.
    fn count(
        &self,
        name: &'static str,
        places: &[(Who, u32, Duration)],
        now: Instant,
    ) -> Answer<()> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.retain(|_, paid_by| *paid_by > now);
        }
        if known.len() >= REMEMBERED {
            return Err(ProblemCode::TooMany.into());
        }
        let mut paid = Vec::with_capacity(places.len());
        for &(who, burst, pause) in places {
            let before = known.get(&(name, who)).copied().unwrap_or(now).max(now);
            if before.duration_since(now) > pause * burst.saturating_sub(1) {
                return Err(ProblemCode::TooMany.into());
            }
            paid.push(((name, who), before + pause));
        }
        known.extend(paid);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUND: Bound = Bound {
        name: "test",
        burst: 3,
        pause: Duration::from_secs(10),
        all: 2,
    };

    fn address(last: u8) -> Address {
        Address::of(IpAddr::from([192, 0, 2, last]))
    }

    #[test]
    fn an_address_has_its_burst_and_then_one_a_pause() {
        let (limits, start) = (Limits::default(), Instant::now());
        for _ in 0..3 {
            assert!(limits.take(&BOUND, address(1), start).is_ok());
        }
        assert!(limits.take(&BOUND, address(1), start).is_err());
        assert!(limits.take(&BOUND, address(2), start).is_ok(), "another's");
        let later = start + Duration::from_secs(10);
        assert!(limits.take(&BOUND, address(1), later).is_ok());
        assert!(limits.take(&BOUND, address(1), later).is_err());
    }

    #[test]
    fn all_together_are_bounded_too() {
        let (limits, start) = (Limits::default(), Instant::now());
        let granted = (0..20)
            .filter(|last| limits.take(&BOUND, address(*last), start).is_ok())
            .count();
        assert_eq!(granted, 6);
    }

    #[test]
    fn only_what_the_proxy_added_is_believed_and_only_behind_one() {
        let mut headers = HeaderMap::new();
        headers.insert(
            "x-forwarded-for",
            HeaderValue::from_static("198.51.100.7, 192.0.2.9"),
        );
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 1234))));
        let of = |behind_proxy| Address::of_request(&headers, &extensions, behind_proxy);
        assert_eq!(of(true), address(9), "not what the client wrote before it");
        assert_eq!(of(false), address(1), "nothing that the client told");
    }

    #[test]
    fn neighbours_of_one_ipv6_network_are_one() {
        let one = Address::of("2001:db8:1:2::3".parse().expect("address"));
        assert_eq!(
            one,
            Address::of("2001:db8:1:2:ffff::1".parse().expect("address"))
        );
        assert_ne!(
            one,
            Address::of("2001:db8:1:3::3".parse().expect("address"))
        );
        assert_eq!(
            Address::of("::ffff:192.0.2.1".parse().expect("address")),
            address(1)
        );
    }
}
