//! Packs of evidence through the command line, checked by this program, by openssl and unzip as
//! `docs/verify-by-hand.md` has it, and by the ecosystem's own tools where Python can install them.

mod common;

use std::path::Path;

use common::tls::Secure;
use common::{Answer, Server, archive_tools, code, report, run, sh, stderr, stdout};
use serde_json::Value;

const PRIVATE: &str = "--allow-private-network=127.0.0.1";

/// A scan of two pages, sealed with a new key.
fn scanned(at: &Path, more: &[&str]) {
    let made = run(at, &["key", "new", "key.pem"]);
    assert_eq!(code(&made), 0, "{}", stderr(&made));
    let server = Server::fixtures();
    let urls = ["/ticked-in-markup.html", "/compliant.html"].map(|path| server.url(path));
    let mut arguments = vec![
        "scan", &urls[0], &urls[1], "--out", "out", PRIVATE, "--depth", "1", "--rate", "1000",
        "--key", "key.pem",
    ];
    arguments.extend(more);
    let output = run(at, &arguments);
    assert!(code(&output) < 2, "{}", stderr(&output));
}

#[test]
fn a_scan_is_sealed_and_the_seal_holds() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    scanned(at, &["--static"]);
    let output = run(at, &["verify", "out/evidence.wacz", "--json"]);
    // Everything holds; what time it was, nobody but the machine says.
    assert_eq!(code(&output), 3, "{}", stdout(&output));
    let said: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let evidence = &report(&at.join("out"))["evidence"];
    assert_eq!(said[0]["sha256"], evidence["sha256"]);
    assert_eq!(said[0]["signed_by"], evidence["signed_by"]);
    let shown = run(at, &["key", "show", "key.pem"]);
    let print = evidence["signed_by"].as_str().unwrap();
    assert!(stdout(&shown).contains(print), "{}", stdout(&shown));
    // The sealed report names no pack.
    let sealed = sh(at, "unzip -p out/evidence.wacz report/report.json");
    let sealed: Value = serde_json::from_slice(&sealed.stdout).unwrap();
    assert_eq!(sealed["evidence"], Value::Null);
}

/// The commands stand in the document, and this test runs those.
#[test]
fn a_pack_is_verified_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    scanned(at, &["--static"]);
    sh(at, "cp out/evidence.wacz .");
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/verify-by-hand.md");
    let document = std::fs::read_to_string(document).unwrap();
    // Chains and copies are checked by hand in tests/redact.rs.
    let of_packs = document.split("## The chain of a store").next().unwrap();
    let blocks: Vec<&str> = of_packs
        .split("```sh\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect();
    assert!(blocks.len() >= 3, "commands in the document");
    let output = sh(at, &blocks.concat());
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", stderr(&output));
    assert!(said.contains("Verified OK"), "{said}");
    // A file written otherwise is found by the same commands.
    let other = "mkdir other; cd other; cp ../evidence.wacz .; mkdir -p report; echo '{}' > report/report.json; \
                 zip -q evidence.wacz report/report.json; rm -r report";
    let changed = sh(at, other);
    assert!(changed.status.success(), "{}", stderr(&changed));
    let output = sh(&at.join("other"), &blocks.concat());
    assert!(!output.status.success(), "a changed file was not found");
    let output = run(&at.join("other"), &["verify", "evidence.wacz"]);
    assert_eq!(code(&output), 1);
    assert!(
        stdout(&output).contains("report/report.json"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn a_pack_is_judged_again_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    scanned(at, &["--static"]);
    sh(at, "mkdir other; cp out/evidence.wacz other/");
    let before = std::fs::read(at.join("other/evidence.wacz")).unwrap();
    let output = run(at, &["judge", "other/evidence.wacz"]);
    assert!(code(&output) < 2, "{}", stderr(&output));
    assert!(before == std::fs::read(at.join("other/evidence.wacz")).unwrap());
    let judged = std::fs::read_dir(at.join("other/judgements"))
        .unwrap()
        .next();
    let judged = report(&judged.unwrap().unwrap().path());
    let scanned = report(&at.join("out"));
    assert_eq!(judged["findings"], scanned["findings"]);
    assert_eq!(judged["evidence"], scanned["evidence"]);
}

#[test]
fn what_is_wrong_with_a_key_or_a_pack_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let again = |arguments: &[&str], words: &str| {
        let output = run(at, arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
    };
    assert_eq!(code(&run(at, &["key", "new", "key.pem"])), 0);
    again(&["key", "new", "key.pem"], "exists already");
    again(&["key", "show", "none.pem"], "cannot be read");
    again(&["verify", "none.wacz"], "cannot be read");
    std::fs::write(at.join("none.wacz"), "none").unwrap();
    let output = run(at, &["verify", "none.wacz"]);
    assert_eq!(code(&output), 1);
    assert!(
        stdout(&output).contains("no ZIP file"),
        "{}",
        stdout(&output)
    );
    // The key is read before anything is opened: nothing is captured in vain.
    std::fs::write(at.join("bad.pem"), "no key").unwrap();
    again(
        &[
            "scan",
            "http://127.0.0.1:9/",
            "--out",
            "none",
            "--key",
            "bad.pem",
        ],
        "no private key",
    );
    assert!(!at.join("none").exists());
}

/// Says so and does nothing where Python cannot install the tools.
#[test]
fn the_ecosystem_s_own_tools_accept_a_pack() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    if !archive_tools(at) {
        return;
    }
    scanned(at, &[]);
    let script = "unzip -q -o out/evidence.wacz -d unpacked
        tools/bin/warcio check unpacked/archive/data.warc.gz
        tools/bin/warcio index unpacked/archive/data.warc.gz > index.jsonl
        tools/bin/wacz validate -f out/evidence.wacz > validated.txt 2>&1 || { cat validated.txt; exit 1; }
        ! grep -i -E 'invalid|mismatch|not listed|failed' validated.txt";
    let output = sh(at, script);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", stderr(&output));
    let index = std::fs::read_to_string(at.join("index.jsonl")).unwrap();
    assert!(index.contains("urn:consentry:file:screenshots/"), "{index}");
}

/// An authority of one's own making: a certificate for time stamping under a root, and openssl's responder.
fn authority(at: &Path) {
    let made = sh(
        at,
        "openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj '/CN=Root of the tests' \
           -keyout root.key -out root.pem 2>/dev/null
         openssl req -newkey rsa:2048 -nodes -subj '/CN=Clock of the tests' -keyout clock.key -out clock.csr 2>/dev/null
         printf 'extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n' > clock.ext
         openssl x509 -req -in clock.csr -CA root.pem -CAkey root.key -CAcreateserial -days 30 \
           -extfile clock.ext -out clock.pem 2>/dev/null
         echo 01 > serial
         printf '[tsa]\ndefault_tsa=clock\n[clock]\nserial=serial\ncrypto_device=builtin\nsigner_cert=clock.pem\ncerts=root.pem\nsigner_key=clock.key\nsigner_digest=sha256\ndefault_policy=1.2.3.4.1\ndigests=sha256\nordering=yes\n' > tsa.cnf",
    );
    assert!(made.status.success(), "{}", stderr(&made));
}

#[test]
fn an_authority_s_time_stamp_holds_and_openssl_agrees() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    authority(at);
    let room = at.to_path_buf();
    let server = Server::start(move |request| {
        std::fs::write(room.join("query.tsq"), &request.body).unwrap();
        let answered = sh(
            &room,
            "openssl ts -reply -config tsa.cnf -section clock -queryfile query.tsq -out answer.tsr",
        );
        assert!(answered.status.success(), "{}", stderr(&answered));
        Answer::of(
            "application/timestamp-reply",
            std::fs::read(room.join("answer.tsr")).unwrap(),
        )
    });
    let url = server.url("/");
    scanned(at, &["--static", "--timestamp", &url]);
    let named = report(&at.join("out"))["evidence"]["timestamps"].to_string();
    assert!(named.contains("Clock of the tests"), "{named}");
    let verify = ["verify", "out/evidence.wacz", "--roots"];
    let output = run(at, &[&verify[..], &["root.pem"]].concat());
    assert_eq!(code(&output), 0, "{}", stdout(&output));
    let by_hand = sh(
        at,
        "openssl ts -verify -data out/evidence.wacz -in out/evidence.wacz.tsr -CAfile root.pem",
    );
    assert!(by_hand.status.success(), "{}", stderr(&by_hand));
    // Somebody else's root vouches for nothing.
    sh(
        at,
        "openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj '/CN=Another' -keyout other.key -out other.pem",
    );
    let output = run(at, &[&verify[..], &["other.pem"]].concat());
    assert_eq!(code(&output), 1, "{}", stdout(&output));
    // A second stamp, later; and an answer for another pack proves nothing.
    let later = [
        "evidence",
        "timestamp",
        "out/evidence.wacz",
        PRIVATE,
        "--authority",
        &url,
    ];
    assert_eq!(code(&run(at, &later)), 0);
    assert!(at.join("out/evidence.wacz.2.tsr").is_file());
    sh(at, "printf x >> out/evidence.wacz");
    let output = run(at, &[&verify[..], &["root.pem"]].concat());
    assert_eq!(code(&output), 1);
    assert!(
        stdout(&output).contains("for another hash"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn an_authority_that_answers_nonsense_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let server = Server::start(|_| Answer::html("nonsense"));
    scanned(at, &["--static", "--timestamp", &server.url("/")]);
    assert!(at.join("out/evidence.wacz").is_file());
    assert!(!at.join("out/evidence.wacz.tsr").exists());
    assert_eq!(
        report(&at.join("out"))["evidence"]["timestamps"],
        serde_json::json!([])
    );
}

/// What a server showed of itself is in the pack, and can be read with openssl.
#[test]
fn the_certificates_of_a_server_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let server = Secure::serving("<form><input name=email type=email></form>".to_string());
    let url = format!("https://localhost:{}/", server.address.port());
    let output = run(
        at,
        &[
            "capture",
            &url,
            "--out",
            "out",
            PRIVATE,
            "--depth",
            "0",
            "--insecure-tls",
            "--profile",
            "desktop",
            "--max-steps",
            "0",
        ],
    );
    assert!(code(&output) != 2, "{}", stderr(&output));
    let conditions = sh(at, "unzip -p out/evidence.wacz log/conditions.json");
    let conditions: Value = serde_json::from_slice(&conditions.stdout).unwrap();
    let origin = url.trim_end_matches('/');
    let kept = conditions["network"]["certificates"][origin][0]
        .as_str()
        .unwrap();
    let read = "unzip -p out/evidence.wacz archive/data.warc.gz | gunzip \
                | sed -n '/BEGIN CERT/,/END CERT/p' | openssl x509 -outform DER | sha256sum";
    let read = sh(at, read);
    assert!(stdout(&read).starts_with(kept), "{} {kept}", stdout(&read));
    assert!(
        !conditions["missing"]
            .as_array()
            .unwrap()
            .contains(&"tls_chain".into())
    );
}
