//! A store of packs through the command line: its chain, what breaks it, legal holds, and deleting what is
//! over. Copies from which parts were removed are in `tests/redact.rs`.

mod common;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use common::{Server, code, report, run, stderr, stdout};
use consentry::evidence::chain::{Chain, Event, Found, Link, checks};
use consentry::evidence::{Holds, hex};
use proptest::prelude::*;
use serde_json::Value;

const PRIVATE: &str = "--allow-private-network=127.0.0.1";
const CHAIN: &str = "store/evidence/chain.jsonl";

fn scanned(at: &Path, out: &str, more: &[&str]) {
    let server = Server::fixtures();
    let url = server.url("/ticked-in-markup.html");
    let arguments = [
        &[
            "scan", &url, "--out", out, PRIVATE, "--static", "--depth", "0", "--store", "store",
        ],
        more,
    ];
    let output = run(at, &arguments.concat());
    assert!(code(&output) < 2, "{}", stderr(&output));
}

/// Three scans, signed, in a store; made once, copied for each test.
fn store() -> tempfile::TempDir {
    static MADE: OnceLock<tempfile::TempDir> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        assert_eq!(code(&run(at, &["key", "new", "key.pem"])), 0);
        for out in ["one", "two", "three"] {
            scanned(at, out, &["--key", "key.pem"]);
        }
        folder
    });
    let folder = tempfile::tempdir().unwrap();
    copy(made.path(), folder.path());
    folder
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let place = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy(&path, &place),
            false => drop(std::fs::copy(&path, &place).unwrap()),
        }
    }
}

fn links(at: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(at.join(CHAIN)).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn packs(at: &Path) -> Vec<String> {
    let sealed = links(at);
    let sealed = sealed.iter().filter(|link| link["what"] == "sealed");
    sealed
        .map(|link| link["pack"].as_str().unwrap().to_string())
        .collect()
}

fn place(at: &Path, pack: &str) -> PathBuf {
    at.join(format!("store/evidence/{pack}.wacz"))
}

/// What `verify --store` ends with and says.
fn verified(at: &Path) -> (i32, String) {
    let output = run(at, &["verify", "--store", "store"]);
    (code(&output), stdout(&output))
}

#[test]
fn every_scan_is_a_link_of_the_chain() {
    let folder = store();
    let at = folder.path();
    let links = links(at);
    assert_eq!(links.len(), 3);
    for (link, out) in links.iter().zip(["one", "two", "three"]) {
        let report = report(&at.join(out));
        assert_eq!(link["pack"], report["evidence"]["sha256"]);
        let pack = link["pack"].as_str().unwrap();
        assert!(place(at, pack).is_file());
        let beside = "evidence.wacz.link.json";
        let listed = report["files"].as_array().unwrap();
        assert!(listed.iter().any(|file| file == beside), "{listed:?}");
        let line = std::fs::read_to_string(at.join(out).join(beside)).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap(), *link);
    }
    // The time stamps are missing, nothing else.
    let (exit, said) = verified(at);
    assert_eq!(exit, 3, "{said}");
    assert!(said.contains("3 links, none broken"), "{said}");
    assert!(said.contains("each of the 3 packs"), "{said}");
    // One pack finds its chain where it lies, by --store, or knows its link alone.
    let pack = packs(at)[1].clone();
    let lying = run(at, &["verify", place(at, &pack).to_str().unwrap()]);
    assert!(stdout(&lying).contains("3 links"), "{}", stdout(&lying));
    let output = run(
        at,
        &["verify", "two/evidence.wacz", "--store", "store", "--json"],
    );
    let said: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let what: Vec<&str> = said[0]["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|check| check["holds"] == "yes")
        .map(|check| check["what"].as_str().unwrap())
        .collect();
    for name in ["chain", "chain_packs", "chain_signatures", "chain_link"] {
        assert!(what.contains(&name), "{name}: {said:#}");
    }
    let alone = stdout(&run(at, &["verify", "two/evidence.wacz"]));
    assert!(alone.contains("link 2 of a chain"), "{alone}");
    assert!(alone.contains("takes --store"), "{alone}");
}

#[test]
fn a_store_without_a_key_can_be_written_anew_and_that_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    scanned(at, "out", &[]);
    let (exit, said) = verified(at);
    assert_eq!(exit, 3, "{said}");
    assert!(said.contains("0 of 1 links signed"), "{said}");
}

#[test]
fn packs_that_are_gone_replaced_swapped_or_slipped_in_show() {
    let shows = |change: &dyn Fn(&Path, &[String]), named: usize| {
        let folder = store();
        let at = folder.path();
        let packs = packs(at);
        change(at, &packs);
        let (exit, said) = verified(at);
        assert_eq!(exit, 1, "{said}");
        let line = said
            .lines()
            .find(|line| line.contains("DOES NOT HOLD  chain_packs"));
        let line = line.unwrap_or_else(|| panic!("{said}"));
        assert!(line.contains(&packs[named]), "{line}");
    };
    shows(
        &|at, packs| std::fs::remove_file(place(at, &packs[1])).unwrap(),
        1,
    );
    shows(
        &|at, packs| std::fs::write(place(at, &packs[2]), "another").unwrap(),
        2,
    );
    shows(
        &|at, packs| {
            let (one, two) = (place(at, &packs[0]), place(at, &packs[2]));
            std::fs::rename(&one, at.join("aside")).unwrap();
            std::fs::rename(&two, &one).unwrap();
            std::fs::rename(at.join("aside"), &two).unwrap();
        },
        0,
    );
    // The last link is cut off, with its pack beside: nothing names the pack any more.
    shows(
        &|at, _| {
            let text = std::fs::read_to_string(at.join(CHAIN)).unwrap();
            let two: Vec<&str> = text.split_inclusive('\n').take(2).collect();
            std::fs::write(at.join(CHAIN), two.concat()).unwrap();
        },
        2,
    );
}

#[test]
fn lines_that_are_gone_or_in_another_order_show() {
    let shows = |change: &dyn Fn(Vec<&str>) -> String, words: &str| {
        let folder = store();
        let at = folder.path();
        let text = std::fs::read_to_string(at.join(CHAIN)).unwrap();
        std::fs::write(at.join(CHAIN), change(text.split_inclusive('\n').collect())).unwrap();
        let (exit, said) = verified(at);
        assert_eq!(exit, 1, "{said}");
        assert!(said.contains(words), "{said}");
        // So it does for one pack of the store.
        let pack = std::fs::canonicalize(at)
            .unwrap()
            .join("three/evidence.wacz");
        let output = run(at, &["verify", pack.to_str().unwrap(), "--store", "store"]);
        assert_eq!(code(&output), 1);
    };
    shows(
        &|lines| lines[1..].concat(),
        "link 1: the hash of the link before",
    );
    shows(
        &|lines| [lines[0], lines[2]].concat(),
        "link 2: the hash of the link before",
    );
    shows(
        &|lines| [lines[0], lines[2], lines[1]].concat(),
        "link 2: the hash of the link before",
    );
    shows(
        &|lines| lines.concat().replace("\"sealed\"", "\"sealed\" "),
        "link 1: it is not written",
    );
    shows(
        &|lines| lines[..2].concat() + &lines[2].replace("\"at\":\"2", "\"at\":\"3"),
        "link 3: ",
    );
    shows(&|_| String::new(), "no link seals it");
    let folder = store();
    std::fs::remove_file(folder.path().join(CHAIN)).unwrap();
    let (exit, said) = verified(folder.path());
    assert_eq!(exit, 1, "{said}");
    assert!(said.contains("chain.jsonl is not there"), "{said}");
}

/// A signed chain of three links, and what a store with its packs would hold.
fn signed() -> &'static (Vec<u8>, Found) {
    static SIGNED: OnceLock<(Vec<u8>, Found)> = OnceLock::new();
    SIGNED.get_or_init(|| {
        let folder = store();
        let text = std::fs::read(folder.path().join(CHAIN)).unwrap();
        let mut found = Found::default();
        for pack in packs(folder.path()) {
            let hash = consentry::pipeline::digest_of(&place(folder.path(), &pack)).unwrap();
            assert_eq!(hex(&hash), pack);
            found.packs.insert(pack, Ok(hash));
        }
        (text, found)
    })
}

fn holds(text: &[u8], found: &Found) -> bool {
    let checks = checks(&Chain::read(text), found);
    checks.iter().all(|check| check.holds == Holds::Yes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Any byte of a signed chain, and any cut.
    #[test]
    fn any_changed_byte_of_a_chain_shows(at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let (text, found) = signed();
        prop_assert!(holds(text, found));
        let mut other = text.clone();
        let at = at.index(text.len());
        other[at] ^= 1 << bit;
        prop_assert!(!holds(&other, found), "byte {at}, bit {bit}");
        prop_assert!(!holds(&text[..at], found), "cut at {at}");
    }

    /// Anything can be read as a chain, and breaks nothing.
    #[test]
    fn anything_can_be_looked_at(bytes in proptest::collection::vec(any::<u8>(), 1..400)) {
        prop_assert!(!holds(&bytes, &Found::default()));
    }
}

#[test]
fn what_a_killed_process_left_is_mended_by_the_next_one() {
    // A piece of a link goes, a whole one without its end gets it.
    for (cut, links_after) in [(40, 3), (1, 4)] {
        let folder = store();
        let at = folder.path();
        let text = std::fs::read(at.join(CHAIN)).unwrap();
        std::fs::write(at.join(CHAIN), &text[..text.len() - cut]).unwrap();
        // The pack whose link was cut stands beside its place still.
        let last = packs_of(&text).pop().unwrap();
        let partial = at.join(format!("store/evidence/{last}.wacz.partial"));
        std::fs::rename(place(at, &last), &partial).unwrap();
        assert_eq!(verified(at).0, 1);
        scanned(at, "four", &["--key", "key.pem"]);
        assert_eq!(links(at).len(), links_after, "cut by {cut}");
        let (exit, said) = verified(at);
        assert_eq!(exit, 3, "{said}");
        assert_eq!(place(at, &last).is_file(), cut == 1);
    }
}

fn packs_of(text: &[u8]) -> Vec<String> {
    let chain = Chain::read(text);
    chain
        .links
        .iter()
        .map(|link| link.event.pack.clone())
        .collect()
}

#[test]
fn scans_at_the_same_time_make_one_chain() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::thread::scope(|scope| {
        for out in ["one", "two", "three", "four"] {
            scope.spawn(move || scanned(at, out, &[]));
        }
    });
    let (exit, said) = verified(at);
    assert_eq!(exit, 3, "{said}");
    assert!(said.contains("4 links, none broken"), "{said}");
}

#[test]
fn a_pack_that_cannot_be_read_does_not_keep_the_others_from_it() {
    let folder = store();
    let at = folder.path();
    let output = run(at, &["verify", "none.wacz", "one/evidence.wacz"]);
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output).contains("none.wacz cannot be read"),
        "{}",
        stderr(&output)
    );
    assert!(
        stdout(&output).contains("one/evidence.wacz"),
        "{}",
        stdout(&output)
    );
}

/// The same chain as if its first packs had been sealed long ago: nobody signed it, so it can be written anew.
fn aged(at: &Path, old: usize) {
    let text = std::fs::read(at.join(CHAIN)).unwrap();
    let mut chain = Chain::read(b"");
    let mut lines = String::new();
    for (number, link) in Chain::read(&text).links.into_iter().enumerate() {
        let past = "2001-02-03T04:05:06Z".to_string();
        let time = if number < old {
            past
        } else {
            link.event.at.clone()
        };
        let event = Event {
            at: time,
            ..link.event
        };
        let link: Link = chain.next(event, None).unwrap();
        chain.add(&link);
        lines.push_str(&link.line());
        let beside = place(at, &link.event.pack).with_extension("wacz.link.json");
        std::fs::write(beside, link.line()).unwrap();
    }
    std::fs::write(at.join(CHAIN), lines).unwrap();
}

#[test]
fn what_is_over_is_deleted_and_the_chain_says_so() {
    let folder = store();
    let at = folder.path();
    aged(at, 2);
    let packs = packs(at);
    std::fs::write(
        at.join(format!("store/evidence/{}.wacz.tsr", packs[0])),
        "x",
    )
    .unwrap();
    let words = [
        "--store",
        "store",
        "--reason",
        "claim 12",
        "--by",
        "A. Martin",
    ];
    let hold =
        |command: &str, pack: &str| run(at, &[&["evidence", command, pack][..], &words].concat());
    assert_eq!(code(&hold("hold", "two/evidence.wacz")), 0);
    let prune = ["evidence", "prune", "--store", "store", "--older-than"];
    let dry = run(at, &[&prune[..], &["3y", "--dry-run"]].concat());
    assert!(
        stdout(&dry).contains(&format!("would go  {}", packs[0])),
        "{}",
        stdout(&dry)
    );
    assert!(place(at, &packs[0]).is_file());
    assert_eq!(links(at).len(), 4);
    let output = run(
        at,
        &[
            &prune[..],
            &[
                "3y",
                "--json",
                "--reason",
                "three years",
                "--key",
                "key.pem",
            ],
        ]
        .concat(),
    );
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let said: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let deleted: Vec<bool> = said
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["deleted"].as_bool().unwrap())
        .collect();
    assert_eq!(deleted, [true, false, false], "{said:#}");
    assert!(
        said[1]["why"]
            .as_str()
            .unwrap()
            .contains("A. Martin: claim 12"),
        "{said:#}"
    );
    let left: Vec<_> = std::fs::read_dir(at.join("store/evidence"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with(&packs[0]))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    let last = links(at).pop().unwrap();
    assert_eq!(
        (&last["what"], &last["reason"]),
        (&"pruned".into(), &"three years".into())
    );
    assert!(last["signature"].is_string());
    let (exit, said) = verified(at);
    assert_eq!(exit, 3, "{said}");
    assert!(said.contains("each of the 2 packs"), "{said}");
    let of_deleted = run(at, &["verify", "one/evidence.wacz", "--store", "store"]);
    assert!(
        stdout(&of_deleted).contains("was deleted from the store"),
        "{}",
        stdout(&of_deleted)
    );
    // Once the hold is lifted, by the configuration's period.
    assert_eq!(code(&hold("release", &packs[1])), 0);
    std::fs::write(
        at.join("consentry.toml"),
        "[store]\ndir = \"store\"\nkeep = \"36m\"\n",
    )
    .unwrap();
    assert_eq!(code(&run(at, &["evidence", "prune"])), 0);
    assert!(!place(at, &packs[1]).exists() && place(at, &packs[2]).is_file());
    assert_eq!(verified(at).0, 3);
}

#[test]
fn nothing_is_deleted_where_the_chain_does_not_hold_or_nobody_said_how_long() {
    let folder = store();
    let at = folder.path();
    aged(at, 3);
    let refused = |arguments: &[&str], words: &str| {
        let output = run(at, arguments);
        assert_eq!(code(&output), 2, "{arguments:?}: {}", stdout(&output));
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
    };
    refused(
        &["evidence", "prune", "--older-than", "1d"],
        "no store was given",
    );
    refused(
        &["evidence", "prune", "--older-than", "1d", "--store", "none"],
        "none",
    );
    refused(&["evidence", "prune", "--store", "store"], "how long");
    for period in ["0d", "3w", "y"] {
        refused(
            &[
                "evidence",
                "prune",
                "--store",
                "store",
                "--older-than",
                period,
            ],
            period,
        );
    }
    let who = ["--by", "A", "--store", "store"];
    let none = "0".repeat(64);
    refused(
        &[&["evidence", "hold", &none, "--reason", "r"], &who[..]].concat(),
        "not in the store",
    );
    refused(
        &[
            &["evidence", "hold", "key.pem", "--reason", "a\nb"],
            &who[..],
        ]
        .concat(),
        "--reason",
    );
    let pack = packs(at)[0].clone();
    refused(
        &[&["evidence", "release", &pack, "--reason", "r"], &who[..]].concat(),
        "no legal hold",
    );
    let text = std::fs::read_to_string(at.join(CHAIN)).unwrap();
    std::fs::write(at.join(CHAIN), text.replacen("2001-02-03", "2001-02-04", 1)).unwrap();
    refused(
        &[
            "evidence",
            "prune",
            "--store",
            "store",
            "--older-than",
            "3y",
        ],
        "does not hold",
    );
    assert!(place(at, &pack).is_file());
}
