//! Scans by the program itself: its memory, threads and processor time from outside.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use consentry::artifact::{PageRecord, parse_markup};
use consentry::crawl::triage;

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

fn scan(urls: &[String], more: &[&str]) -> Scan {
    let folder = tempfile::tempdir().expect("a folder");
    let list = folder.path().join("urls.txt");
    std::fs::write(&list, urls.join("\n")).expect("a file");
    let before = processor();
    let began = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_consentry"))
        .current_dir(folder.path())
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
        .stderr(Stdio::null())
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
    for (name, page) in [
        ("small", small()),
        ("25,000 nodes", with_table(1_750)),
        ("2 MB", two_megabytes()),
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
