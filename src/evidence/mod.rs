//! Packs of evidence: what a scan captured and said, in one file that a third party can verify.
//!
//! Layer 4: bytes in, bytes out. Times, random numbers and files enter as arguments; it must not know
//! what a page or a form is.
#![deny(clippy::disallowed_methods)]

mod cdxj;
pub mod chain;
mod compare;
mod copy;
mod encode;
mod key;
mod pack;
mod read;
mod records;
pub mod redact;
mod redaction;
mod signed;
pub mod stamp;
#[cfg(test)]
mod tests;
mod verify;
mod warc;

pub use compare::compare;
pub use encode::hex;
pub use key::{Key, KeyError, fingerprint};
pub use pack::{Meta, Pack, Page, Sealed, Signer};
pub use read::{created, resources};
pub use verify::{Check, Holds, UNSIGNED, Verified, verify};
pub use warc::{Kind, Record, one_line};
