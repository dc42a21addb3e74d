//! The shape of `rules/identity.toml`. Unknown keys, and values that would reach somebody, are refused
//! where they stand.

use std::collections::BTreeMap;

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use time::Date;
use time::macros::{date, format_description};
use toml::Spanned;

use super::person::{Number, Person};
use super::words::Words;

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    #[serde(rename = "format", deserialize_with = "format")]
    pub _format: u32,
    pub default: Spanned<String>,
    pub passwords: Vec<String>,
    pub words: Words,
    pub months: BTreeMap<String, Months>,
    pub person: BTreeMap<String, Person>,
}

/// January to December.
#[derive(Deserialize)]
pub struct Months(pub [String; 12]);

fn format<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    match u32::deserialize(from)? {
        1 => Ok(1),
        other => Err(D::Error::custom(format!(
            "this version reads identities of format 1, not {other}"
        ))),
    }
}

/// Names that are found in a request by no chance.
const LEAST_LETTERS: usize = 7;

pub fn rare_name<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let name = String::deserialize(from)?;
    if name.chars().filter(|c| c.is_alphabetic()).count() >= LEAST_LETTERS {
        return Ok(name);
    }
    Err(D::Error::custom(format!(
        "`{name}` is too short to be found by no chance: a name has {LEAST_LETTERS} letters at least"
    )))
}

/// Domains that nobody can own (RFC 2606).
const RESERVED: [&str; 3] = ["example.com", "example.net", "example.org"];
const RESERVED_ENDS: [&str; 2] = [".example", ".test"];

pub fn reserved_email<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let email = String::deserialize(from)?;
    let domain = email
        .split_once('@')
        .filter(|(local, _)| !local.is_empty())
        .map(|(_, domain)| domain);
    let reserved = |domain: &str| {
        RESERVED.contains(&domain) || RESERVED_ENDS.iter().any(|end| domain.ends_with(end))
    };
    match domain {
        Some(domain) if reserved(domain) => Ok(email),
        _ => Err(D::Error::custom(format!(
            "`{email}` may belong to somebody: write an address on example.com, example.net or example.org"
        ))),
    }
}

/// Born later, a person might be a child.
const LATEST: Date = date!(2000 - 12 - 31);

pub fn adult<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    let text = String::deserialize(from)?;
    let date = Date::parse(&text, format_description!("[year]-[month]-[day]"))
        .map_err(|_| D::Error::custom(format!("`{text}` is no day: write it like 1984-03-17")))?;
    if date <= LATEST {
        return Ok(date);
    }
    Err(D::Error::custom(format!(
        "`{text}` is the birth date of somebody who may be a child"
    )))
}

pub fn not_empty<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let texts = Vec::<String>::deserialize(from)?;
    if texts.is_empty() || texts.iter().any(|text| text.trim().is_empty()) {
        return Err(D::Error::custom(
            "there must be at least one, and none may be empty",
        ));
    }
    Ok(texts)
}

/// Orders of a date's parts that exist.
const ORDERS: [&str; 3] = ["dmy", "mdy", "ymd"];

pub fn date_orders<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<(String, char)>, D::Error> {
    let texts = not_empty(from)?;
    let read = |text: &String| {
        let (order, separator) = text.split_at_checked(3)?;
        let mut separator = separator.chars();
        let found = (order.to_string(), separator.next()?);
        (ORDERS.contains(&order) && separator.next().is_none()).then_some(found)
    };
    texts
        .iter()
        .map(|text| {
            read(text).ok_or_else(|| {
                D::Error::custom(format!(
                    "`{text}` is no form of a date: write it like dmy/ or ymd-"
                ))
            })
        })
        .collect()
}

/// A number as the file gives it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberFile {
    national: String,
    international: String,
    source: String,
}

/// E.164 numbers have at most this many digits.
const MOST_DIGITS: usize = 15;
const LEAST_DIGITS: usize = 8;

impl TryFrom<NumberFile> for Number {
    type Error = String;

    fn try_from(file: NumberFile) -> Result<Number, String> {
        let NumberFile {
            national,
            international,
            source,
        } = file;
        let wrong = |why: &str| Err(format!("`{international}` {why}"));
        let Some((code, rest)) = international
            .strip_prefix('+')
            .and_then(|n| n.split_once([' ', '-']))
        else {
            return wrong("does not begin like +33 6");
        };
        let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
        let (significant, dialled) = (digits(rest), digits(&national));
        let length = code.len() + significant.len();
        if !code.bytes().all(|b| b.is_ascii_digit())
            || !(LEAST_DIGITS..=MOST_DIGITS).contains(&length)
        {
            return wrong("is no number of E.164");
        }
        if dialled != significant && dialled.strip_prefix('0') != Some(significant.as_str()) {
            return wrong(&format!("is another number than `{national}`"));
        }
        if source.trim().is_empty() {
            return wrong("does not say where it is known from that it reaches nobody (`source`)");
        }
        Ok(Number {
            code: code.to_string(),
            significant,
            national,
            international,
            source,
        })
    }
}
