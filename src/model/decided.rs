//! What an authority or a court publicly decided about a company.

use serde::Deserialize;

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
