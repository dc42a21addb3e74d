//! What is found, in which form, and what is not.

mod bounds;
mod forms;

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::*;

const FIRST: &str = "Ysaline";
const LAST: &str = "Bréchandier";
const EMAIL: &str = "mirabelle.nocturne4726@example.org";
const PHONE: &str = "06 39 98 47 26";
const STREET: &str = "117 rue des Grives-Dormantes";
const BORN: &str = "1984-03-17";

fn needles() -> Needles {
    Needles::new(&[
        (Field::FirstName, FIRST),
        (Field::LastName, LAST),
        (Field::FullName, "Ysaline Bréchandier"),
        (Field::Email, EMAIL),
        (Field::Phone, PHONE),
        (Field::Phone, "+33 6 39 98 47 26"),
        (Field::Street, STREET),
        (Field::BirthDate, BORN),
    ])
}

fn found(bytes: impl AsRef<[u8]>) -> Vec<Hit> {
    let search = needles().search(bytes.as_ref());
    assert!(search.complete);
    search.hits
}

/// The one form in which a field was found.
fn form(field: Field, bytes: impl AsRef<[u8]>) -> (Encoding, Vec<Layer>) {
    let hits = found(bytes.as_ref());
    let mut forms = hits
        .into_iter()
        .filter(|hit| hit.field == field)
        .map(|hit| hit.form);
    let form = forms
        .next()
        .unwrap_or_else(|| panic!("not found: {}", String::from_utf8_lossy(bytes.as_ref())));
    assert_eq!(forms.next(), None);
    (form.encoding, form.inside)
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn packed(layer: Layer, bytes: &[u8]) -> Vec<u8> {
    let level = Compression::default();
    match layer {
        Layer::Gzip => {
            let mut to = GzEncoder::new(Vec::new(), level);
            to.write_all(bytes).unwrap();
            to.finish().unwrap()
        }
        Layer::Zlib => {
            let mut to = ZlibEncoder::new(Vec::new(), level);
            to.write_all(bytes).unwrap();
            to.finish().unwrap()
        }
        _ => {
            let mut to = DeflateEncoder::new(Vec::new(), level);
            to.write_all(bytes).unwrap();
            to.finish().unwrap()
        }
    }
}
