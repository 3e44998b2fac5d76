//! The API as it is told to others: what every route is, recorded where it is routed, so that nothing is served that is not known.
//!
//! [`get`], [`post`] and the others stand in the place of axum's own.

mod answer;
mod document;
mod page;
mod sent;
mod sketch;

pub use answer::{
    Archive, BlankPdf, Created, Css, Csv, Documents, Events, Html, JsonFile, Kept, Lasting,
    Message, NoContent, Noted, Pdf, Script, Secret, TimestampQuery, TimestampReply, Told, Toml,
    WithCookie,
};
pub use document::document;
pub use page::page;
pub use sent::{LastEventId, Sent, SentName, SentOffset, SentSigning};

use crate::state::Portal;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::{Method, StatusCode};
use axum::routing::MethodRouter;
use sketch::{Described, Sketch};
use std::time::Duration;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

/// What a request may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Largest body, in bytes.
    pub bytes: u64,
    /// Longest until the answer begins; none for streams.
    pub time: Option<Duration>,
}

/// One method of one address.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The method.
    pub method: Method,
    /// The address below `/api`, e.g. `/dossiers/{id}`.
    pub path: &'static str,
    /// The function that answers, e.g. `dossier::show`.
    pub handler: &'static str,
    /// Largest body, in bytes.
    pub bytes_max: Option<u64>,
    /// Asks the handler's types.
    describe: fn(&mut Sketch),
}

impl Operation {
    /// What it is about: the file of its handler.
    #[must_use]
    pub fn resource(&self) -> &'static str {
        self.handler.split("::").next().unwrap_or_default()
    }
}

/// The methods of one address.
#[must_use]
pub struct Methods {
    router: MethodRouter<Portal>,
    operations: Vec<Operation>,
}

macro_rules! methods {
    ($($name:ident $method:ident),*) => {
        $(
            /// Begins the methods of an address with this one.
            pub fn $name<H: Handler<T, Portal> + Described<T>, T: 'static>(handler: H) -> Methods {
                Methods {
                    router: MethodRouter::new(),
                    operations: Vec::new(),
                }
                .$name(handler)
            }
        )*
        impl Methods {
            $(
                /// Answers this method too.
                pub fn $name<H: Handler<T, Portal> + Described<T>, T: 'static>(mut self, handler: H) -> Self {
                    self.router = self.router.$name(handler);
                    self.operations.push(operation::<H, T>(Method::$method));
                    self
                }
            )*
        }
    };
}
methods!(get GET, post POST, put PUT, delete DELETE, patch PATCH);

impl Methods {
    /// Bounds the body more narrowly than the routes around it.
    pub fn at_most(mut self, bytes: usize) -> Self {
        self.router = self.router.layer(RequestBodyLimitLayer::new(bytes));
        for operation in &mut self.operations {
            operation.bytes_max = u64::try_from(bytes).ok();
        }
        self
    }
}

fn operation<H: Described<T>, T>(method: Method) -> Operation {
    let name = std::any::type_name::<H>();
    Operation {
        method,
        path: "",
        handler: name.split_once("route::").map_or(name, |(_, name)| name),
        bytes_max: None,
        describe: <H as Described<T>>::describe,
    }
}

fn whole(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

/// Routes, and what is known of them.
#[derive(Default)]
#[must_use]
pub struct Routes {
    router: Router<Portal>,
    operations: Vec<Operation>,
}

impl Routes {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an address.
    pub fn route(mut self, path: &'static str, methods: Methods) -> Self {
        self.router = self.router.route(path, methods.router);
        let added = methods
            .operations
            .into_iter()
            .map(|operation| Operation { path, ..operation });
        self.operations.extend(added);
        self
    }

    /// Adds other routes; an address may stand in both with other methods.
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.operations.extend(other.operations);
        self
    }

    /// Bounds the requests to all routes so far.
    pub fn within(mut self, bounds: Bounds) -> Self {
        self.router = self
            .router
            // Ours takes its place.
            .layer(DefaultBodyLimit::disable())
            .layer(RequestBodyLimitLayer::new(whole(bounds.bytes)));
        if let Some(time) = bounds.time {
            let late = TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, time);
            self.router = self.router.layer(late);
        }
        for operation in &mut self.operations {
            operation.bytes_max.get_or_insert(bounds.bytes);
        }
        self
    }

    /// The service, and what it can do.
    pub fn into_parts(self) -> (Router<Portal>, Vec<Operation>) {
        (self.router, self.operations)
    }
}
