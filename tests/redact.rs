//! Copies from which parts were removed: made, checked by this program, by hand as
//! `docs/verify-by-hand.md` has it, and by the ecosystem's own tools where Python can install them.

mod common;

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::OnceLock;

use common::{Server, archive_tools, code, run, sh, stderr, stdout};
use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

const PRIVATE: &str = "--allow-private-network=127.0.0.1";
const REMOVED: [&str; 2] = ["report/report.html", "urn:consentry:file:captures/*.jsonl"];

/// A signed scan in a store, and a copy of it: `evidence.wacz`, `copy.wacz`, `store`.
fn made() -> tempfile::TempDir {
    static MADE: OnceLock<tempfile::TempDir> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        assert_eq!(code(&run(at, &["key", "new", "key.pem"])), 0);
        let server = Server::fixtures();
        let url = server.url("/ticked-in-markup.html");
        let output = run(
            at,
            &[
                "scan", &url, "--out", "out", PRIVATE, "--static", "--depth", "0", "--key",
                "key.pem", "--store", "store",
            ],
        );
        assert!(code(&output) < 2, "{}", stderr(&output));
        std::fs::copy(at.join("out/evidence.wacz"), at.join("evidence.wacz")).unwrap();
        let copied = redact(at, "copy.wacz", &REMOVED);
        assert_eq!(code(&copied), 0, "{}", stderr(&copied));
        assert!(stderr(&copied).is_empty(), "{}", stderr(&copied));
        folder
    });
    let folder = tempfile::tempdir().unwrap();
    let script = format!(
        "cp -r {}/* {}",
        made.path().display(),
        folder.path().display()
    );
    assert!(sh(folder.path(), &script).status.success());
    folder
}

fn redact(at: &Path, out: &str, patterns: &[&str]) -> Output {
    let words = [
        "--reason",
        "another person's data",
        "--by",
        "A. Martin",
        "--key",
        "key.pem",
        "--store",
        "store",
    ];
    run(
        at,
        &[
            &[
                "evidence",
                "redact",
                "evidence.wacz",
                "--out",
                out,
                "--remove",
            ],
            patterns,
            &words,
        ]
        .concat(),
    )
}

/// What `verify --json` ends with and finds: check by check.
fn verified(at: &Path, arguments: &[&str]) -> (i32, Value) {
    let output = run(at, &[&["verify", "--json"], arguments].concat());
    let said: Value = serde_json::from_str(&stdout(&output)).unwrap();
    (code(&output), said[0].clone())
}

fn check<'a>(said: &'a Value, what: &str) -> (&'a str, &'a str) {
    let checks = said["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["what"] == what);
    let check = check.unwrap_or_else(|| panic!("{what}: {said:#}"));
    (
        check["holds"].as_str().unwrap(),
        check["detail"].as_str().unwrap(),
    )
}

#[test]
fn a_copy_says_what_was_removed_and_the_rest_holds() {
    let folder = made();
    let at = folder.path();
    let (exit, said) = verified(at, &["copy.wacz", "--store", "store"]);
    assert_eq!(exit, 3, "{said:#}");
    for what in [
        "files",
        "signature",
        "copy",
        "original_package",
        "original_signature",
        "original_files",
        "original_records",
        "original_pages",
        "chain",
        "chain_link",
    ] {
        assert_eq!(check(&said, what).0, "yes", "{what}: {said:#}");
    }
    let detail = check(&said, "copy").1;
    assert!(
        detail.contains("A. Martin (another person's data)"),
        "{detail}"
    );
    assert!(
        detail.contains("report/report.html, urn:consentry:file:captures/pages.jsonl"),
        "{detail}"
    );
    assert_eq!(check(&said, "original_heads").0, "cannot_tell");
    assert!(check(&said, "chain_link").1.contains("as a copy of"));
    // The rest is there byte by byte; what was removed is not.
    let same = sh(
        at,
        "unzip -p copy.wacz report/report.json > one; unzip -p evidence.wacz report/report.json | cmp - one
         unzip -l copy.wacz | grep -q report/report.html && exit 1
         unzip -p copy.wacz archive/data.warc.gz | gzip -dc | grep -a 'Target-URI: .*pages.jsonl' && exit 1
         unzip -p copy.wacz archive/data.warc.gz | gzip -dc | grep -a -q 'Target-URI: .*/dom.html'",
    );
    assert!(same.status.success(), "{}", stdout(&same));
    let (exit, said) = verified(at, &["copy.wacz", "--full", "evidence.wacz"]);
    assert_eq!(check(&said, "full").0, "yes", "{said:#}");
    assert_eq!(exit, 3);
    let (_, said) = verified(at, &["copy.wacz", "--full", "copy.wacz"]);
    assert_eq!(check(&said, "full").0, "no");
    let (_, said) = verified(at, &["evidence.wacz", "--full", "evidence.wacz"]);
    assert_eq!(check(&said, "full").0, "no");
}

#[test]
fn what_cannot_be_done_writes_nothing() {
    let folder = made();
    let at = folder.path();
    let before = std::fs::read(at.join("evidence.wacz")).unwrap();
    let refused = |output: Output, words: &str| {
        assert_eq!(code(&output), 2, "{}", stdout(&output));
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
        assert!(!at.join("new.wacz").exists() && !at.join("new.wacz.partial").exists());
    };
    refused(
        redact(at, "new.wacz", &["report/*", "nothing/*"]),
        "nothing/*",
    );
    refused(
        redact(at, "new.wacz", &["archive/data.warc.gz"]),
        "nothing in the pack",
    );
    refused(redact(at, "copy.wacz", &["report/*"]), "there already");
    refused(redact(at, "none/new.wacz", &["report/*"]), "none/new.wacz");
    refused(
        run(
            at,
            &["evidence", "redact", "evidence.wacz", "--out", "new.wacz"],
        ),
        "--remove",
    );
    let again = [
        "evidence",
        "redact",
        "copy.wacz",
        "--out",
        "new.wacz",
        "--remove",
        "report/*",
    ];
    refused(run(at, &again), "a copy already");
    std::fs::write(at.join("bad.wacz"), &before[..before.len() / 2]).unwrap();
    let bad = [
        "evidence", "redact", "bad.wacz", "--out", "new.wacz", "--remove", "report/*",
    ];
    refused(run(at, &bad), "not what was sealed");
    assert!(before == std::fs::read(at.join("evidence.wacz")).unwrap());
    let listed = stdout(&run(at, &["evidence", "redact", "evidence.wacz"]));
    for name in [
        "report/report.html",
        "log/conditions.json",
        "urn:consentry:file:captures/",
    ] {
        assert!(listed.contains(name), "{name}: {listed}");
    }
}

/// What becomes of an entry.
type Change<'a> = dyn Fn(&str, Vec<u8>) -> Option<Vec<u8>> + 'a;

/// A ZIP file with its entries changed, and its list of files and digest made to fit: what somebody does who
/// has no key.
fn forged(at: &Path, change: &Change, more: &[(&str, &str)]) -> PathBuf {
    let file = std::fs::File::open(at.join("copy.wacz")).unwrap();
    let mut from = ZipArchive::new(file).unwrap();
    let out = at.join("forged.wacz");
    let mut to = ZipWriter::new(std::fs::File::create(&out).unwrap());
    let mut package = Value::Null;
    let mut hashes = Vec::new();
    let mut add = |name: &str, bytes: &[u8]| {
        to.start_file(name, SimpleFileOptions::default()).unwrap();
        to.write_all(bytes).unwrap();
    };
    for number in 0..from.len() {
        let mut entry = from.by_index(number).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        if name == "datapackage.json" {
            package = serde_json::from_slice(&bytes).unwrap();
        } else if name != "datapackage-digest.json"
            && let Some(bytes) = change(&name, bytes)
        {
            add(&name, &bytes);
            hashes.push((name, bytes));
        }
    }
    for (name, text) in more {
        add(name, text.as_bytes());
        hashes.push(((*name).to_string(), text.as_bytes().to_vec()));
    }
    let resource = |(name, bytes): &(String, Vec<u8>)| serde_json::json!({ "name": name, "path": name, "bytes": bytes.len(), "hash": sha256(bytes) });
    package["resources"] = hashes.iter().map(resource).collect();
    let package = serde_json::to_vec(&package).unwrap();
    add("datapackage.json", &package);
    let digest = serde_json::json!({ "path": "datapackage.json", "hash": sha256(&package) });
    add("datapackage-digest.json", digest.to_string().as_bytes());
    to.finish().unwrap();
    out
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    format!(
        "sha256:{}",
        consentry::evidence::hex(&Sha256::digest(bytes))
    )
}

#[test]
fn a_copy_that_was_changed_and_listed_anew_does_not_hold() {
    let folder = made();
    let at = folder.path();
    let fails = |what: &str, words: &str, change: &Change, more: &[(&str, &str)]| {
        let out = forged(at, change, more);
        let (exit, said) = verified(at, &[out.to_str().unwrap()]);
        assert_eq!(exit, 1, "{what}: {said:#}");
        assert_eq!(check(&said, "files").0, "yes", "{said:#}");
        let (holds, detail) = check(&said, what);
        assert_eq!(holds, "no", "{what}: {said:#}");
        assert!(detail.contains(words), "{detail}");
    };
    let only = |file: &'static str, change: fn(Vec<u8>) -> Option<Vec<u8>>| {
        move |name: &str, bytes: Vec<u8>| {
            if name == file {
                change(bytes)
            } else {
                Some(bytes)
            }
        }
    };
    let other = |_| Some(b"{}".to_vec());
    fails(
        "original_files",
        "report/report.json",
        &only("report/report.json", other),
        &[],
    );
    fails(
        "original_files",
        "log/conditions.json",
        &only("log/conditions.json", |_| None),
        &[],
    );
    fails(
        "original_files",
        "report/more.html",
        &|_, bytes| Some(bytes),
        &[("report/more.html", "more")],
    );
    fails(
        "original_files",
        "report/report.html",
        &|_, bytes| Some(bytes),
        &[("report/report.html", "more")],
    );
    fails(
        "original_pages",
        "pages",
        &only("pages/pages.jsonl", |mut bytes| {
            bytes.extend(b"{\"url\":\"https://other.example/\"}\n");
            Some(bytes)
        }),
        &[],
    );
    fails(
        "copy",
        "names another",
        &only("original/datapackage.json", other),
        &[],
    );
    fails(
        "copy",
        "is not in it",
        &only("log/redaction.json", |_| None),
        &[],
    );
    fails(
        "copy",
        "names another indexes",
        &only("original/index.cdx.gz", other),
        &[],
    );
    fails(
        "original_records",
        "removed",
        &only("log/redaction.json", |bytes| {
            let mut said: Value = serde_json::from_slice(&bytes).unwrap();
            said["removed"].as_array_mut().unwrap().pop();
            Some(serde_json::to_vec(&said).unwrap())
        }),
        &[],
    );
    // The archive without its last member, and with one of its members twice.
    let cut = |bytes: Vec<u8>| {
        let at = bytes
            .windows(4)
            .rposition(|four| four == [0x1f, 0x8b, 0x08, 0x00])
            .unwrap();
        Some(bytes[..at].to_vec())
    };
    fails(
        "original_records",
        "missing or changed",
        &only("archive/data.warc.gz", cut),
        &[],
    );
    fails(
        "original_records",
        "not in the full pack's index",
        &only("archive/data.warc.gz", |bytes| {
            let at = bytes
                .windows(4)
                .rposition(|four| four == [0x1f, 0x8b, 0x08, 0x00])
                .unwrap();
            Some([&bytes[..], &bytes[at..]].concat())
        }),
        &[],
    );
    fails(
        "original_records",
        "",
        &only("archive/data.warc.gz", |mut bytes| {
            bytes.extend(b"more");
            Some(bytes)
        }),
        &[],
    );
}

/// The commands stand in the document, and this test runs those.
#[test]
fn a_chain_and_a_copy_are_verified_by_hand() {
    let folder = made();
    let at = folder.path();
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/verify-by-hand.md");
    let document = std::fs::read_to_string(document).unwrap();
    let commands = |heading: &str| {
        let section = document.split(heading).nth(1).unwrap();
        let section = section.split("\n## ").next().unwrap();
        let blocks = section.split("```sh\n").skip(1);
        blocks
            .filter_map(|rest| rest.split("```").next())
            .collect::<String>()
    };
    let (chain, copy) = (commands("## The chain of a store"), commands("## A copy"));
    let evidence = at.join("store/evidence");
    let runs = |at: &Path, script: &str| {
        let output = sh(at, script);
        (
            output.status.success(),
            format!("{}{}", stdout(&output), stderr(&output)),
        )
    };
    let (fine, said) = runs(&evidence, &chain);
    assert!(fine && said.contains("Verified OK"), "{said}");
    let (fine, said) = runs(at, &copy);
    assert!(fine && said.contains("Verified OK"), "{said}");
    // What was changed is found by the same commands.
    let text = std::fs::read_to_string(evidence.join("chain.jsonl")).unwrap();
    std::fs::write(
        evidence.join("chain.jsonl"),
        text.replacen("\"at\":\"2", "\"at\":\"3", 1),
    )
    .unwrap();
    assert!(!runs(&evidence, &chain).0);
    let other = |name: &str, bytes: Vec<u8>| match name {
        "report/report.json" => Some(b"{}".to_vec()),
        _ => Some(bytes),
    };
    std::fs::rename(forged(at, &other, &[]), at.join("copy.wacz")).unwrap();
    assert!(!runs(at, &copy).0);
}

/// Says so and does nothing where Python cannot install the tools.
#[test]
fn the_ecosystem_s_own_tools_accept_a_copy() {
    let folder = made();
    let at = folder.path();
    if !archive_tools(at) {
        return;
    }
    let output = sh(
        at,
        "unzip -q -o copy.wacz -d unpacked
        tools/bin/warcio check unpacked/archive/data.warc.gz
        tools/bin/warcio index unpacked/archive/data.warc.gz > index.jsonl
        tools/bin/wacz validate -f copy.wacz > validated.txt 2>&1 || { cat validated.txt; exit 1; }
        ! grep -i -E 'invalid|mismatch|not listed|failed' validated.txt",
    );
    assert!(
        output.status.success(),
        "{}{}",
        stdout(&output),
        stderr(&output)
    );
    let index = std::fs::read_to_string(at.join("index.jsonl")).unwrap();
    assert!(
        index.contains("dom.html") && !index.contains("pages.jsonl"),
        "{index}"
    );
}
