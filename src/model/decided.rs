//! What is publicly known: decisions of authorities and courts about companies, and the trackers of services.

use serde::Deserialize;

/// A service that needs a choice before it may read or write on a device, as `rules/trackers.toml` gives it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tracker {
    pub name: String,
    pub company: String,
    /// Hosts that it loads from; those below them count too.
    pub hosts: Vec<String>,
    /// Cookies that it sets; `*` stands for any end.
    pub cookies: Vec<String>,
}

impl Tracker {
    /// Whether a host is one of its own.
    pub fn loads_from(&self, host: &str) -> bool {
        self.hosts.iter().any(|own| {
            let below = host.strip_suffix(own.as_str());
            below.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    }

    /// Whether a cookie is one of its own.
    pub fn sets(&self, cookie: &str) -> bool {
        self.cookies.iter().any(|own| match own.strip_suffix('*') {
            Some(start) => cookie.starts_with(start),
            None => cookie == own,
        })
    }
}

/// One decision, as `rules/sanctions.toml` gives it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decided {
    /// The company, as it is written.
    pub name: String,
    pub authority: String,
    /// Its number or name.
    pub decision: String,
    /// The day it was taken, `YYYY-MM-DD`.
    pub date: String,
    pub url: Option<String>,
}
