//! Finds the identifying values of a person in bytes that a page wants to send, however they are
//! written: plain, encoded, hashed, packed, or several of these at once.
//!
//! [`Needles`] are made once from the values; searching is a function from bytes to [`Search`]. It must
//! not know where the values come from, what a request is for, or what becomes of it.
//!
//! Foreign bytes are bounded here: layers are opened to a depth of [`DEPTH`], what is inflated is cut,
//! and the steps taken stay linear in the size of the input. What was cut is told, never passed over.
#![deny(clippy::disallowed_methods)]

mod inflate;
mod needles;
mod request;
mod runs;
mod search;
mod spellings;
mod unwrap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use needles::Needles;
pub use request::{InRequest, Place, Placed};
pub use search::{DEPTH, Search};
pub use spellings::without_accents;

/// What a value tells of a person.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    FirstName,
    LastName,
    FullName,
    Email,
    Phone,
    Street,
    BirthDate,
}

/// How a value itself is written.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    Plain,
    UrlEncoded,
    /// By escapes of JSON or JavaScript (`\u0040`), or by entities of HTML (`&#64;`).
    Escaped,
    Base64,
    Hex,
    /// The hash of a usual spelling: trimmed, in lower case, without accents, digits alone.
    Md5,
    Sha1,
    Sha256,
}

/// What a value is packed in.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    UrlEncoded,
    Escaped,
    Base64,
    Hex,
    Gzip,
    Zlib,
    Deflate,
}

impl Layer {
    /// The encoding of a value that stands right within this layer; `None` for packed bytes, in which it
    /// is plain.
    fn encoding(self) -> Option<Encoding> {
        match self {
            Layer::UrlEncoded => Some(Encoding::UrlEncoded),
            Layer::Escaped => Some(Encoding::Escaped),
            Layer::Base64 => Some(Encoding::Base64),
            Layer::Hex => Some(Encoding::Hex),
            Layer::Gzip | Layer::Zlib | Layer::Deflate => None,
        }
    }
}

/// In which form a value was found.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Form {
    pub encoding: Encoding,
    /// The layers around it, outermost first; empty where it stands in the bytes as they are sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inside: Vec<Layer>,
}

/// A value that was found.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Hit {
    pub field: Field,
    pub form: Form,
}

#[cfg(test)]
mod tests;
