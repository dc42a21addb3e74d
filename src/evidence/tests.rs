//! A pack is built and checked; whatever is changed in it is found.

use std::io::{Cursor, Read, Write};

use p256::elliptic_curve::rand_core::OsRng;
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::{Holds, Key, Kind, Meta, Pack, Page, Record, Signer, compare, hex, redact, verify};

fn packed() -> Vec<u8> {
    packed_with("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
}

fn packed_with(head: &str) -> Vec<u8> {
    let meta = Meta {
        seed: "scan".to_string(),
        title: "Example".to_string(),
        created: "2026-01-31T10:11:12Z".to_string(),
        software: "consentry 0".to_string(),
    };
    let mut pack = Pack::begin(Cursor::new(Vec::new()), meta).unwrap();
    pack.record(&Record {
        kind: Kind::Response,
        date: "2026-01-31T10:11:10.5Z",
        target: Some("https://devis.example/"),
        content_type: "application/http; msgtype=response",
        fields: Vec::new(),
        head: head.to_string(),
        body: b"<form>",
    })
    .unwrap();
    let page = Page {
        id: "p1".to_string(),
        url: "https://devis.example/".to_string(),
        date: "2026-01-31T10:11:10Z".to_string(),
        title: "Devis".to_string(),
    };
    pack.end_archive(&[page]).unwrap();
    pack.file("report/report.json", b"{}").unwrap();
    let key = Key::new(&mut OsRng);
    let (out, _) = pack.seal(Some(&Signer { key: &key })).unwrap();
    out.into_inner()
}

fn holds(pack: &[u8]) -> bool {
    let verified = verify(Cursor::new(pack));
    verified.holds() && verified.signed_by.is_some()
}

/// The pack with one file written otherwise, left out, or added.
fn changed(
    pack: &[u8],
    change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>,
    more: &[&str],
) -> Vec<u8> {
    let mut from = ZipArchive::new(Cursor::new(pack)).unwrap();
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let mut entry = from.by_index(at).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        let name = entry.name().unwrap().into_owned();
        if let Some(bytes) = change(&name, bytes) {
            to.start_file(name, SimpleFileOptions::default()).unwrap();
            to.write_all(&bytes).unwrap();
        }
    }
    for name in more {
        to.start_file(*name, SimpleFileOptions::default()).unwrap();
    }
    to.finish().unwrap().into_inner()
}

#[test]
fn a_pack_as_it_was_sealed_holds() {
    let pack = packed();
    let verified = verify(Cursor::new(&pack));
    assert!(verified.holds() && !verified.open(), "{verified:#?}");
    assert!(holds(&changed(&pack, |_, bytes| Some(bytes), &[])));
}

#[test]
fn a_file_more_or_less_is_named() {
    let pack = packed();
    let less = |name: &str, bytes| (name != "report/report.json").then_some(bytes);
    let verified = verify(Cursor::new(changed(&pack, less, &[])));
    assert_eq!(
        verified.first_difference.as_deref(),
        Some("report/report.json")
    );
    let more = changed(&pack, |_, bytes| Some(bytes), &["report/more.html"]);
    let verified = verify(Cursor::new(more));
    assert_eq!(
        verified.first_difference.as_deref(),
        Some("report/more.html")
    );
}

#[test]
fn names_that_lead_astray_are_refused() {
    let astray = changed(&packed(), |_, bytes| Some(bytes), &["../outside"]);
    let verified = verify(Cursor::new(astray));
    let first = &verified.checks[0];
    assert_eq!(
        (first.what, first.holds),
        ("structure", Holds::No),
        "{first:?}"
    );
}

/// A copy of the pack without what the patterns fit.
fn copied(pack: &[u8], patterns: &[&str]) -> Vec<u8> {
    let patterns: Vec<String> = patterns.iter().map(|text| text.to_string()).collect();
    let plan = redact::plan(Cursor::new(pack), &patterns).unwrap();
    let ask = redact::Ask {
        at: "2026-02-01T10:11:12.345Z".to_string(),
        software: "consentry 0".to_string(),
        full: hex(&Sha256::digest(pack)),
        reason: None,
        by: None,
        signer: None,
    };
    let out = Cursor::new(Vec::new());
    let (out, _) = redact::redact(Cursor::new(pack), out, plan, ask).unwrap();
    out.into_inner()
}

#[test]
fn a_copy_is_compared_with_the_full_pack_record_by_record() {
    let pack = packed();
    let compared = |copy: &[u8]| {
        let mut verified = verify(Cursor::new(copy));
        assert!(verified.holds(), "{verified:#?}");
        let sha256 = hex(&Sha256::digest(&pack));
        compare(
            &mut verified,
            Cursor::new(copy),
            Cursor::new(&pack),
            &sha256,
        );
        verified.checks.pop().unwrap()
    };
    for patterns in [&["report/*"][..], &["https://devis.example/"], &["*"]] {
        let check = compared(&copied(&pack, patterns));
        assert_eq!(check.holds, Holds::Yes, "{patterns:?}: {check:?}");
    }
    // The head of an answer stands in no list of the full pack: only the pack itself shows that it is another.
    let archive = |pack: &[u8]| {
        let mut zip = ZipArchive::new(Cursor::new(pack)).unwrap();
        let mut bytes = Vec::new();
        let mut entry = zip.by_name("archive/data.warc.gz").unwrap();
        entry.read_to_end(&mut bytes).unwrap();
        bytes
    };
    // Another head of the same length, packed too: the index would show another one.
    let heads = ('a'..='z').chain('0'..='9');
    let heads = heads.map(|c| format!("HTTP/1.1 200 OK\r\nContent-Type: text/htm{c}\r\n\r\n"));
    let mut others = heads.map(|head| packed_with(&head));
    let same = |other: &Vec<u8>| {
        archive(other).len() == archive(&pack).len() && archive(other) != archive(&pack)
    };
    let other = others.find(same).unwrap();
    let forged = changed(
        &copied(&pack, &["report/*"]),
        |name, bytes| match name {
            "archive/data.warc.gz" => Some(archive(&other)),
            "datapackage.json" => {
                let sha256 = |bytes: &[u8]| hex(&Sha256::digest(bytes));
                let text = String::from_utf8(bytes).unwrap();
                let (old, new) = (sha256(&archive(&pack)), sha256(&archive(&other)));
                Some(text.replace(&old, &new).into_bytes())
            }
            _ => Some(bytes),
        },
        &[],
    );
    let forged = changed(
        &forged,
        |name, bytes| match name {
            "datapackage-digest.json" => {
                let mut zip = ZipArchive::new(Cursor::new(&forged)).unwrap();
                let mut package = Vec::new();
                let mut entry = zip.by_name("datapackage.json").unwrap();
                entry.read_to_end(&mut package).unwrap();
                let hash = format!("sha256:{}", hex(&Sha256::digest(&package)));
                let digest = serde_json::json!({ "path": "datapackage.json", "hash": hash });
                Some(digest.to_string().into_bytes())
            }
            _ => Some(bytes),
        },
        &[],
    );
    let check = compared(&forged);
    assert_eq!(check.holds, Holds::No, "{check:?}");
    assert!(check.detail.contains("https://devis.example/"), "{check:?}");
}

proptest! {
    /// Any byte of any file, the digest's beside the signature apart.
    #[test]
    fn any_changed_byte_is_found(file in 0_usize..7, at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let pack = packed();
        let name = ZipArchive::new(Cursor::new(&pack)).unwrap().by_index(file).unwrap().name().unwrap().into_owned();
        let other = changed(&pack, |known, mut bytes| {
            if known == name {
                let at = at.index(bytes.len());
                bytes[at] ^= 1 << bit;
            }
            Some(bytes)
        }, &[]);
        let unsigned = name == "datapackage-digest.json";
        prop_assert!(unsigned || !holds(&other), "{name}");
    }

    /// Bytes of any kind are no pack, and break nothing.
    #[test]
    fn anything_can_be_looked_at(bytes in proptest::collection::vec(any::<u8>(), 0..400), cut in any::<prop::sample::Index>()) {
        prop_assert!(!holds(&bytes));
        let pack = packed();
        let cut = cut.index(pack.len());
        prop_assert!(!holds(&pack[..cut]));
    }
}
