//! How often one address may ask what needs no sign-in, and how often all of them together.
//!
//! Counted in this instance's memory: behind several instances the bound is that many times larger, which is still a bound.

use crate::problem::{Answer, Failure};
use crate::state::Portal;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use contract::problem::ProblemCode;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Most addresses that are remembered; when there are more, those that may ask again are forgotten.
const REMEMBERED: usize = 50_000;

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

impl FromRequestParts<Portal> for Address {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Answer<Self> {
        // Only what the proxy itself added counts; what stands before it, the client may have written.
        let told = portal.config.behind_proxy.then(|| {
            let header = parts
                .headers
                .get_all("x-forwarded-for")
                .iter()
                .next_back()?;
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
            let ConnectInfo(peer) = parts.extensions.get::<ConnectInfo<SocketAddr>>()?;
            Some(peer.ip())
        });
        // Without either (a test without a socket) all count as one.
        Ok(Self::of(
            address.unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED)),
        ))
    }
}

/// When everything that was asked is paid for; asking puts it off by one pause.
type PaidBy = Instant;

/// What was asked lately.
#[derive(Debug, Default)]
pub struct Limits(Mutex<HashMap<(&'static str, Option<Address>), PaidBy>>);

impl Limits {
    /// Counts one request.
    ///
    /// # Errors
    /// [`ProblemCode::TooMany`]; such a request costs nothing.
    pub fn take(&self, bound: &Bound, address: Address, now: Instant) -> Answer<()> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.retain(|_, paid_by| *paid_by > now);
        }
        if known.len() >= REMEMBERED {
            return Err(ProblemCode::TooMany.into());
        }
        let places = [
            (Some(address), bound.burst, bound.pause),
            (
                None,
                bound.burst.saturating_mul(bound.all),
                bound.pause / bound.all.max(1),
            ),
        ];
        let mut paid = Vec::with_capacity(places.len());
        for (who, burst, pause) in places {
            let before = known
                .get(&(bound.name, who))
                .copied()
                .unwrap_or(now)
                .max(now);
            if before.duration_since(now) > pause * burst.saturating_sub(1) {
                return Err(ProblemCode::TooMany.into());
            }
            paid.push(((bound.name, who), before + pause));
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
