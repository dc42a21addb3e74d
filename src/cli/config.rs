//! `consentry.toml`: the same settings as the flags, in sections. Unknown keys are refused with their
//! place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::diag::Failure;

/// The file looked for in the working directory.
pub const FILE: &str = "consentry.toml";

/// A commented file to start from.
pub const TEMPLATE: &str = include_str!("template.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    #[serde(default)]
    pub open: Open,
    #[serde(default)]
    pub look: Look,
    #[serde(default)]
    pub judge: Judge,
    #[serde(default)]
    pub output: Output,
    #[serde(default)]
    pub store: Store,
    /// Products, by name.
    #[serde(default)]
    pub product: BTreeMap<String, Product>,
    /// Failures that a person accepted.
    #[serde(default)]
    pub accept: Vec<Word>,
    /// Answers of a person to what could not be told.
    #[serde(default)]
    pub answer: Vec<Word>,
}

/// What a person said about the findings of a rule on a page.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Word {
    pub rule: String,
    pub url: String,
    #[serde(default)]
    pub label: String,
    pub reason: String,
    pub by: String,
    pub until: String,
    /// Of an answer: `passed` or `failed`.
    pub answer: Option<String>,
}

/// What a well-targeted lead for a product must have answered.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    #[serde(default)]
    pub questions: Vec<String>,
    /// Words of one's own for a question, by language; they come to those that are built in.
    #[serde(default)]
    pub words: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Open {
    pub max_pages: Option<u32>,
    pub depth: Option<u32>,
    #[serde(default)]
    pub also_hosts: Vec<String>,
    pub rate: Option<f64>,
    pub ignore_robots: Option<bool>,
    pub jobs: Option<usize>,
    pub timeout: Option<u64>,
    pub max_steps: Option<u32>,
    pub max_branches: Option<u32>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    #[serde(default)]
    pub profiles: Vec<String>,
    pub visits: Option<u32>,
    pub referrer: Option<String>,
    #[serde(default)]
    pub headers: Vec<String>,
    pub basic_auth: Option<String>,
    pub insecure_tls: Option<bool>,
    pub cookie_banner: Option<String>,
    pub locale: Option<String>,
    pub user_agent: Option<String>,
    #[serde(default)]
    pub resolve: Vec<String>,
    pub proxy: Option<String>,
    pub no_third_parties: Option<bool>,
    #[serde(default)]
    pub allow_private_network: Option<Private>,
    pub chrome: Option<String>,
    #[serde(rename = "static")]
    pub markup_only: Option<bool>,
}

/// `true`, `false`, or a list of networks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Private {
    Flag(bool),
    Networks(Vec<String>),
}

impl<'de> Deserialize<'de> for Private {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = toml::Value::deserialize(deserializer)?;
        let networks = |list: &Vec<toml::Value>| {
            list.iter()
                .map(|item| item.as_str().map(str::to_string))
                .collect::<Option<Vec<_>>>()
        };
        match &value {
            toml::Value::Boolean(flag) => Ok(Private::Flag(*flag)),
            toml::Value::Array(list) => networks(list)
                .map(Private::Networks)
                .ok_or_else(|| serde::de::Error::custom("a list of networks like \"10.0.0.0/8\"")),
            _ => Err(serde::de::Error::custom(
                "true, false, or a list of networks like [\"10.0.0.0/8\"]",
            )),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judge {
    #[serde(default)]
    pub jurisdictions: Vec<String>,
    #[serde(default)]
    pub only: Vec<String>,
    #[serde(default)]
    pub disable: Vec<String>,
    pub product: Option<String>,
    #[serde(default)]
    pub buyers: Vec<String>,
    #[serde(default)]
    pub channels: Vec<String>,
    pub audience: Option<String>,
    pub as_of: Option<String>,
    /// Answers to open questions of law.
    #[serde(default)]
    pub law: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    pub out: Option<PathBuf>,
    #[serde(default)]
    pub format: Vec<String>,
    pub lang: Option<String>,
    pub fail_on: Option<String>,
    pub fail_on_cant_tell: Option<bool>,
}

/// Where packs are kept, and how long.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Store {
    pub dir: Option<PathBuf>,
    pub keep: Option<String>,
}

/// Reads the given file, or the one in the working directory, or none.
///
/// # Errors
/// A file that was named and is missing, or one that is wrong, with line and column.
pub fn load(given: Option<&Path>) -> Result<Config, Failure> {
    let path = match given {
        Some(path) => path,
        None if Path::new(FILE).is_file() => Path::new(FILE),
        None => return Ok(Config::default()),
    };
    let text = std::fs::read_to_string(path).map_err(|e| {
        Failure::with_help(
            format!("the configuration {} cannot be read: {e}", path.display()),
            "check the path given with --config, or run `consentry init`",
        )
    })?;
    toml::from_str(&text).map_err(|e| {
        let at = e.span().map_or(0, |span| span.start);
        let before = text.get(..at).unwrap_or(&text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
        Failure::with_help(
            format!("{}:{line}:{column}: {}", path.display(), e.message()),
            "`consentry init` in an empty folder writes a file with every key",
        )
    })
}
