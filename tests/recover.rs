//! Scans that end before they are done: killed at many moments, or out of disk space. What is left is a whole
//! pack or none, and `evidence recover` finishes what was captured.

mod common;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::raw::until;
use common::{Answer, Server, code, consentry, report, run, stderr, stdout};

const PRIVATE: &str = "--allow-private-network=127.0.0.1";
const PAGES: usize = 40;
const MOMENTS: u32 = 20;

fn site() -> Server {
    Server::start(|_| {
        Answer::html(
            "<!doctype html><html lang=en><title>Quote</title><h1>Quote</h1><form method=post>\
             <label>Email <input type=email name=email></label><p>Example Quotes Ltd uses your data to answer \
             you.</p><label><input type=checkbox name=o checked> I agree to offers by email.</label>\
             <button>Get my quotes</button></form>",
        )
    })
}

fn command(at: &Path, server: &Server) -> Command {
    let urls: Vec<String> = (0..PAGES).map(|n| server.url(&format!("/?{n}"))).collect();
    std::fs::write(at.join("urls.txt"), urls.join("\n")).unwrap();
    let mut scan = consentry(at);
    scan.args([
        "scan", "--list", "urls.txt", "--out", "out", "--static", PRIVATE, "--depth", "0",
        "--rate", "10000",
    ]);
    scan.stdout(Stdio::null()).stderr(Stdio::null());
    scan
}

/// Pages whose record was written whole.
fn pages(out: &Path) -> usize {
    let lines = std::fs::read_to_string(out.join("captures/pages.jsonl")).unwrap_or_default();
    lines.matches('\n').count()
}

#[test]
fn a_scan_killed_at_any_moment_can_be_finished() {
    let server = site();
    let folder = tempfile::tempdir().unwrap();
    let began = Instant::now();
    assert_eq!(
        command(folder.path(), &server).status().unwrap().code(),
        Some(1)
    );
    let whole = began.elapsed();
    let (mut finished, mut cut, mut sealed) = (0, 0, 0);
    for moment in 1..=MOMENTS {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        let out = at.join("out");
        let mut scan = command(at, &server).spawn().unwrap();
        std::thread::sleep(whole * moment / (MOMENTS + 1));
        scan.kill().unwrap();
        scan.wait().unwrap();
        let (pack, before) = (out.join("evidence.wacz"), pages(&out));
        if pack.exists() {
            // Where there is a pack, it is whole.
            sealed += 1;
            let verified = run(at, &["verify", "out/evidence.wacz"]);
            assert_eq!(code(&verified), 3, "{moment}: {}", stdout(&verified));
        }
        let recovered = run(at, &["evidence", "recover", "out", "-q"]);
        if !out.join("captures/scan.json").exists() {
            assert_eq!(code(&recovered), 2, "{moment}");
            continue;
        }
        finished += 1;
        cut += usize::from(before < PAGES);
        assert!(
            [0, 1, 3].contains(&code(&recovered)),
            "{moment}: {}",
            stderr(&recovered)
        );
        let verified = run(at, &["verify", "out/evidence.wacz"]);
        assert_eq!(code(&verified), 3, "{moment}: {}", stdout(&verified));
        let report = report(&out);
        assert_eq!(
            report["pages"].as_array().unwrap().len(),
            before,
            "{moment}"
        );
        let sha256 = report["evidence"]["sha256"].as_str().unwrap();
        assert!(stdout(&verified).contains(sha256), "{moment}");
        assert!(!out.join("evidence.wacz.partial").exists(), "{moment}");
        let again = run(at, &["evidence", "recover", "out"]);
        assert!(stdout(&again).contains("nothing is left to do"), "{moment}");
    }
    // A test that met no such moment would prove nothing.
    assert!(finished > MOMENTS / 2, "{finished} of {MOMENTS} had begun");
    assert!(cut > 0 || sealed > 0, "none was cut while it captured");
}

#[test]
fn a_scan_that_still_runs_is_left_alone() {
    let server = Server::start(|_| {
        std::thread::sleep(Duration::from_millis(300));
        Answer::html("<form><input name=email type=email><button>Send</button></form>")
    });
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let mut scan = command(at, &server).spawn().unwrap();
    assert!(until(|| at.join("out/captures/scan.json").exists()));
    let recovered = run(at, &["evidence", "recover", "out"]);
    assert_eq!(code(&recovered), 2);
    assert!(
        stderr(&recovered).contains("another consentry works on"),
        "{}",
        stderr(&recovered)
    );
    scan.kill().unwrap();
    scan.wait().unwrap();
}

/// Needs a file system of a few kilobytes, which a user may mount in a namespace of their own.
#[test]
fn without_disk_space_nothing_looks_whole_and_nothing_is_lost() {
    let server = site();
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::fs::create_dir(at.join("room")).unwrap();
    let _ = command(at, &server);
    let script = format!(
        "mount -t tmpfs -o size=SIZE tmpfs room || exit 77\n\
         {bin} scan --list urls.txt --out room/out --static {PRIVATE} --depth 0 --rate 10000 -q && exit 70\n\
         code=$?; test $code = 2 || exit 71\n\
         test ! -e room/out/evidence.wacz || exit 72\n\
         test -s room/out/captures/pages.jsonl || exit 73\n\
         mount -o remount,size=64m room\n\
         {bin} evidence recover room/out -q; test $? = 1 || exit 74\n\
         {bin} verify room/out/evidence.wacz; test $? = 3 || exit 75\n\
         exit 0",
        bin = env!("CARGO_BIN_EXE_consentry")
    );
    // Some sizes end the scan while it captures, some while it judges or seals.
    for size in ["100k", "400k", "1m", "2m"] {
        let mut shell = Command::new("unshare");
        shell.args([
            "--mount",
            "--map-root-user",
            "sh",
            "-c",
            &script.replace("SIZE", size),
        ]);
        let Ok(output) = shell.current_dir(at).output() else {
            println!("skipped: there is no unshare here");
            return;
        };
        match output.status.code() {
            Some(0) => {
                let said = String::from_utf8_lossy(&output.stderr).into_owned();
                assert!(said.contains("No space left"), "{size}: {said}");
                assert!(said.contains("what was captured is"), "{size}: {said}");
            }
            Some(1 | 77) => {
                println!("skipped: nothing can be mounted here");
                return;
            }
            code => panic!("{size}: {code:?} {}", stderr(&output)),
        }
    }
}
