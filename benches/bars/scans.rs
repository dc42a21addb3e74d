//! Scans by the program itself: its memory, threads and processor time from outside.

use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use consentry::artifact::{PageRecord, parse_markup};
use consentry::capture::Folder;
use consentry::crawl::triage;
use consentry::pipeline::{PACK, SealOptions, of_judgement, seal, used_rules};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::{from_environment, mean, median, memory, small, two_megabytes, with_table};

/// One scan by the program, with its memory, threads and processor time.
struct Scan {
    seconds: f64,
    processor: f64,
    /// Own memory in MiB, its threads and Chrome's memory, by the number of pages done.
    samples: Vec<(usize, f64, u64, f64)>,
    /// Of each page, in the order they finished.
    pages: Vec<f64>,
}

/// Seconds of processor time of the children that were waited for.
fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let rest = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let fields: Vec<f64> = rest
        .split_whitespace()
        .map(|f| f.parse().unwrap_or(0.0))
        .collect();
    // Clock ticks are hundredths everywhere that Linux runs.
    (fields.get(13).unwrap_or(&0.0) + fields.get(14).unwrap_or(&0.0)) / 100.0
}

/// The program, to scan these pages into `out` below a folder.
fn command(urls: &[String], folder: &Path, more: &[&str]) -> Command {
    std::fs::write(folder.join("urls.txt"), urls.join("\n")).expect("a file");
    let mut command = Command::new(env!("CARGO_BIN_EXE_consentry"));
    command
        .current_dir(folder)
        .args([
            "scan",
            "--list",
            "urls.txt",
            "--out",
            "out",
            "--allow-private-network",
        ])
        .args([
            "--depth",
            "0",
            "--rate",
            "10000",
            "--profile",
            "desktop",
            "--user-agent",
            "honest",
        ])
        .args(more)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn scan(urls: &[String], more: &[&str]) -> Scan {
    let folder = tempfile::tempdir().expect("a folder");
    let before = processor();
    let began = Instant::now();
    let mut child = command(urls, folder.path(), more)
        .spawn()
        .expect("the program starts");
    let pages = folder.path().join("out/captures/pages.jsonl");
    let mut samples = Vec::new();
    while child.try_wait().expect("a child").is_none() {
        let now = memory::of(child.id());
        let done = lines(&pages);
        let mebibytes = |kib: u64| kib as f64 / 1024.0;
        samples.push((done, mebibytes(now.own), now.threads, mebibytes(now.others)));
        std::thread::sleep(Duration::from_millis(200));
    }
    let text = std::fs::read_to_string(&pages).unwrap_or_default();
    let records = text
        .lines()
        .filter_map(|line| serde_json::from_str::<PageRecord>(line).ok());
    let own = |record: PageRecord| {
        record.timings.map_or(0.0, |t| {
            t.context
                + t.navigate
                + t.settle
                + t.snapshot
                + t.screenshot
                + t.scroll
                + t.walk
                + t.close
        })
    };
    Scan {
        seconds: began.elapsed().as_secs_f64(),
        processor: processor() - before,
        samples,
        pages: records.map(own).collect(),
    }
}

fn lines(path: &Path) -> usize {
    std::fs::read(path).map_or(0, |bytes| bytes.iter().filter(|b| **b == b'\n').count())
}

/// A long run in one process: speed, memory and threads at its start and at its end.
pub fn long_run(site: SocketAddr) {
    let count = from_environment("PAGES", 500);
    let urls: Vec<String> = (0..count)
        .map(|n| {
            format!(
                "http://{site}/{}?{n}",
                if n % 5 == 0 { "large" } else { "small" }
            )
        })
        .collect();
    let run = scan(&urls, &["--jobs", "4"]);
    let part = (count / 5).max(1);
    let of = |from: usize, to: usize| {
        let samples = run.samples.iter().filter(|s| (from..to).contains(&s.0));
        samples.fold((0.0_f64, 0, 0.0_f64), |peak, s| {
            (peak.0.max(s.1), peak.1.max(s.2), peak.2.max(s.3))
        })
    };
    let (first, last, end) = (of(1, part), of(count - part, count), of(count, usize::MAX));
    let pages = &run.pages;
    println!(
        "| a run of {count} pages, every fifth of 2 MB, 4 at once | first {part} | last {part} | judging |\n| --- | --- | --- | --- |"
    );
    println!(
        "| own memory, peak, MiB | {:.0} | {:.0} | {:.0} |",
        first.0, last.0, end.0
    );
    println!("| threads | {} | {} | {} |", first.1, last.1, end.1);
    println!(
        "| Chrome's memory, peak, MiB | {:.0} | {:.0} | |",
        first.2, last.2
    );
    println!(
        "| a page, mean, ms | {:.0} | {:.0} | |",
        mean(&pages[..part.min(pages.len())]),
        mean(&pages[pages.len().saturating_sub(part)..])
    );
    println!("\n{} pages in {:.0} s\n", pages.len(), run.seconds);
}

/// Seconds by number of pages.
pub fn linear(site: SocketAddr) {
    println!(
        "| pages, 8 at once, looking only | seconds | ms a page | ms a page without browser |\n| --- | --- | --- | --- |"
    );
    for count in [10, 100, 1_000] {
        let urls: Vec<String> = (0..count)
            .map(|n| format!("http://{site}/small?{n}"))
            .collect();
        let seen = scan(&urls, &["--jobs", "8", "--max-steps", "0"]);
        let read = scan(&urls, &["--jobs", "8", "--static"]);
        let each = |run: &Scan| run.seconds * 1_000.0 / count as f64;
        println!(
            "| {count} | {:.1} | {:.0} | {:.2} |",
            seen.seconds,
            each(&seen),
            each(&read)
        );
    }
    println!();
}

/// Without a browser: ten thousand pages by the program, and the parsers alone.
pub fn plain(site: SocketAddr) {
    let count = from_environment("PAGES", 10_000);
    let urls: Vec<String> = (0..count)
        .map(|n| format!("http://{site}/small?{n}"))
        .collect();
    let run = scan(&urls, &["--static", "--jobs", "8"]);
    let peak = |done: &dyn Fn(usize) -> bool| {
        let samples = run.samples.iter().filter(|s| done(s.0));
        samples.fold(0.0_f64, |peak, s| peak.max(s.1))
    };
    let opening = run.samples.iter().take_while(|s| s.0 < count).count() as f64 * 0.2;
    println!(
        "{count} small pages without a browser: {:.0} s whole, about {opening:.0} s of it opening; {:.0} s of processor, {:.0} pages a second and core; peak {:.0} MiB opening, {:.0} MiB judging",
        run.seconds,
        run.processor,
        count as f64 / run.processor,
        peak(&|done| done < count),
        peak(&|done| done >= count)
    );
    // A form ends the reading; without one, a page is read to its end.
    let bare = |page: String| page.replace("<form", "<div").replace("<input", "<img");
    let commented = |page: String| format!("<!-- <form> -->{}", bare(page));
    for (name, page) in [
        ("small", small()),
        ("25,000 nodes", with_table(1_750)),
        ("2 MB", two_megabytes()),
        ("25,000 nodes, no form", bare(with_table(1_750))),
        ("2 MB, no form", bare(two_megabytes())),
        (
            "25,000 nodes, a form in a comment",
            commented(with_table(1_750)),
        ),
        ("2 MB, a form in a comment", commented(two_megabytes())),
    ] {
        let speed = |work: &dyn Fn()| {
            let times = 1 + (20 << 20) / page.len();
            let rates = (0..5).map(|_| {
                let began = Instant::now();
                for _ in 0..times {
                    work();
                }
                (page.len() * times) as f64 / 1e6 / began.elapsed().as_secs_f64()
            });
            median(rates.collect())
        };
        let triaged = speed(&|| {
            std::hint::black_box(triage(page.as_bytes()));
        });
        let parsed = speed(&|| {
            std::hint::black_box(parse_markup(&page, "http://x.example/"));
        });
        println!("{name}: triage {triaged:.0} MB/s, whole tree {parsed:.0} MB/s");
    }
}

/// What sealing costs beside the scan it seals, and what the pack weighs beside what it holds.
pub fn sealing(site: SocketAddr) {
    println!(
        "| a scan of ten pages, sealed | scan, s | sealing, ms | of the scan | pack, KiB | to its parts, compressed one by one |\n| --- | --- | --- | --- | --- | --- |"
    );
    for (name, path) in [
        ("small", "small"),
        ("25,000 nodes", "heavy"),
        ("2 MB", "large"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let urls: Vec<String> = (0..10)
            .map(|n| format!("http://{site}/{path}?{n}"))
            .collect();
        let began = Instant::now();
        let status = command(&urls, folder.path(), &["--jobs", "2"]).status();
        let whole = began.elapsed().as_secs_f64();
        assert!(
            status
                .expect("the program")
                .code()
                .is_some_and(|code| code < 2)
        );
        let out = folder.path().join("out");
        let pack = std::fs::metadata(out.join(PACK)).expect("a pack").len() as f64;
        let report = std::fs::read(out.join("report.json")).expect("a report");
        let report: serde_json::Value = serde_json::from_slice(&report).expect("JSON");
        let files = report["files"].as_array().into_iter().flatten();
        let files: Vec<String> = files
            .filter_map(|file| file.as_str().map(str::to_string))
            .filter(|file| !file.starts_with(PACK))
            .collect();
        let parts: u64 = files.iter().map(|file| compressed(&out.join(file))).sum();
        let rules = used_rules(None).expect("rules");
        let of_rules: u64 = rules.iter().map(|(_, text)| zipped(text.as_bytes())).sum();
        let options = SealOptions {
            key: None,
            rules,
            reports: of_judgement(&files),
            zone: None,
        };
        let times = (0..5).map(|_| {
            let began = Instant::now();
            seal(&Folder::new(&out), &options).expect("a pack");
            began.elapsed().as_secs_f64()
        });
        let sealing = median(times.collect());
        println!(
            "| {name} | {whole:.1} | {:.0} | {:.1} % | {:.0} | {:.2} |",
            sealing * 1_000.0,
            sealing * 100.0 / whole,
            pack / 1024.0,
            pack / (parts + of_rules) as f64
        );
    }
    println!();
}

fn compressed(path: &Path) -> u64 {
    zipped(&std::fs::read(path).expect("a file that the report lists"))
}

fn zipped(bytes: &[u8]) -> u64 {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(bytes).expect("memory");
    gzip.finish().expect("memory").len() as u64
}

/// The same small pages seen by `pa11y` (`PA11Y` names its program) and by a scan, one at a time.
pub fn peer(site: SocketAddr) {
    let Some(pa11y) = std::env::var_os("PA11Y") else {
        println!("PA11Y names no program: no peer to compare with\n");
        return;
    };
    let urls: Vec<String> = (0..8).map(|n| format!("http://{site}/small?{n}")).collect();
    let began = Instant::now();
    for url in &urls {
        let mut peer = Command::new(&pa11y);
        if let Some(settings) = std::env::var_os("PA11Y_CONFIG") {
            peer.arg("--config").arg(settings);
        }
        let run = peer.args(["--reporter", "json", url]).output();
        // 2 says that it found something.
        assert!(matches!(run.expect("pa11y").status.code(), Some(0 | 2)));
    }
    let theirs = began.elapsed().as_secs_f64() / urls.len() as f64;
    for (name, more) in [
        ("looks", ["--jobs", "1", "--max-steps", "0"]),
        ("uses the form", ["--jobs", "1", "--max-branches", "1"]),
    ] {
        let run = scan(&urls, &more);
        let ours = run.seconds / urls.len() as f64;
        println!(
            "pa11y {theirs:.1} s a page, a scan that {name} {ours:.1} s with evidence: {:.1} times as fast",
            theirs / ours
        );
    }
    println!();
}
