//! What the bars of speed and memory are held to, each as a ratio within one run. `make bars` runs all of
//! it; `cargo bench --bench bars -- ratio` one part: `ratio`, `throughput`, `run`,
//! `linear`, `plain`, `sealing`, `peer`.
//!
//! The bare visit is the least that shows a page: a fresh context, `load`, one snapshot with layout, one
//! picture of the whole page. Bare and whole visits alternate, so that both meet the same machine.
//! `PAGES` sets the number of pages of `run` and of `plain`, `ROUNDS` that of the rounds of `ratio`.

#[path = "../../tests/common/memory.rs"]
mod memory;
mod scans;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, Instant};

use consentry::artifact::{FoundBy, MARKUP_LIMIT, PageRecord, PageRole, Viewport};
use consentry::browser::{
    Browser, Keeper, LaunchSettings, OwnRequests, Session, SessionSettings, find_chrome,
};
use consentry::capture::{Banners, Folder, Places, Plain, Profile, Rendered, Visit, WalkLimits};
use consentry::fetch::{FetchSettings, Fetcher, OwnHosts};
use consentry::gate::{Gate, OwnPorts, Policy, PrivateNetwork};
use consentry::pipeline::{load_rules, sandbox_works};
use consentry::ruleset::Ruleset;
use futures_util::StreamExt;

const TIMEOUT: Duration = Duration::from_secs(60);

/// How long each measurement of throughput takes at least.
const WINDOW: Duration = Duration::from_secs(8);

fn small() -> String {
    let form = "<form method=post><label>First name <input name=first></label>\
        <label>Email <input type=email name=email></label><label>Phone <input type=tel name=tel></label>\
        <p>Example Quotes Ltd uses your data to answer you.</p>\
        <label><input type=checkbox name=o> I agree to offers of Example Quotes Ltd by email.</label>\
        <button>Get my quotes</button></form>";
    format!(
        "<!doctype html><html lang=en><title>Quote</title><link rel=icon href='data:,'><h1>Quote</h1>{form}"
    )
}

/// The same form above a table of that many rows, fourteen nodes each.
fn with_table(rows: usize) -> String {
    let row = "<tr><td>Solar <b>panels</b> of the best kind</td><td>3 kWp</td><td><i>Loire</i></td><td>2026</td></tr>";
    format!("{}<table>{}</table>", small(), row.repeat(rows))
}

/// About 2 MB of markup: a form, a long text, a table.
fn two_megabytes() -> String {
    let line = format!(
        "<p>{}</p>",
        "Every roof of the town is looked at by us. ".repeat(40)
    );
    let table = with_table(1_750);
    let rest = (2 << 20) - table.len();
    format!("{table}{}", line.repeat(rest / line.len()))
}

fn serve() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address");
    let pages = Arc::new([small(), with_table(1_750), two_megabytes()]);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let pages = pages.clone();
            std::thread::spawn(move || {
                let Ok(mut out) = stream.try_clone() else {
                    return;
                };
                let mut reader = BufReader::new(stream);
                loop {
                    let mut first = String::new();
                    if reader.read_line(&mut first).unwrap_or(0) == 0 {
                        return;
                    }
                    let mut line = String::new();
                    while reader.read_line(&mut line).unwrap_or(0) > 2 {
                        line.clear();
                    }
                    let path = first.split(' ').nth(1).unwrap_or_default();
                    let (status, body) = match path {
                        "/robots.txt" => (404, ""),
                        path if path.starts_with("/heavy") => (200, pages[1].as_str()),
                        path if path.starts_with("/large") => (200, pages[2].as_str()),
                        _ => (200, pages[0].as_str()),
                    };
                    let head = format!(
                        "HTTP/1.1 {status} X\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\n\r\n",
                        body.len()
                    );
                    let sent = out.write_all(head.as_bytes());
                    if sent.and_then(|()| out.write_all(body.as_bytes())).is_err() {
                        return;
                    }
                }
            });
        }
    });
    address
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn milliseconds(began: Instant) -> f64 {
    began.elapsed().as_secs_f64() * 1_000.0
}

fn settings(browser: &Browser, mobile: bool) -> SessionSettings {
    let (width, height, scale) = if mobile {
        (412, 915, 2.625)
    } else {
        (1280, 800, 1.0)
    };
    SessionSettings {
        viewport: Viewport {
            width,
            height,
            scale,
        },
        mobile,
        user_agent: browser.user_agent.clone(),
        locale: "en-GB".to_string(),
        accept_language: "en-GB,en".to_string(),
        referrer: None,
        insecure_tls: false,
        own: OwnRequests::default(),
        settle_quiet: Duration::from_millis(500),
        settle_least: Duration::from_millis(1_000),
        settle_most: Duration::from_secs(10),
    }
}

fn visit(url: &str, number: u32) -> Visit {
    Visit {
        page: format!("p{number}"),
        number,
        target: "t1".to_string(),
        url: url.parse().expect("an address"),
        role: PageRole::Collection,
        found_by: FoundBy::Given,
        found_on: None,
        found_words: None,
        depth: 0,
        against_robots: false,
    }
}

/// Everything that visits need.
struct Bench {
    site: SocketAddr,
    policy: Policy,
    keeper: Arc<Keeper>,
    browser: Arc<Browser>,
    ruleset: Ruleset,
    fetcher: Fetcher,
}

impl Bench {
    async fn start(site: SocketAddr) -> Bench {
        let own_ports = OwnPorts::default();
        let policy = Policy {
            private_network: PrivateNetwork::Allowed,
            own_ports: own_ports.clone(),
            ..Policy::default()
        };
        let (named, path) = (std::env::var("CHROME").ok(), std::env::var("PATH").ok());
        let chrome = find_chrome(named.as_deref(), path.as_deref());
        let keeper = Arc::new(Keeper::new(LaunchSettings {
            chrome: chrome.expect("a Chrome"),
            sandbox: sandbox_works(),
            own_ports,
        }));
        let browser = keeper.browser().await.expect("Chrome starts");
        let fetcher = Fetcher::new(FetchSettings {
            policy: policy.clone(),
            user_agent: browser.user_agent.clone(),
            accept_language: "en".to_string(),
            timeout: TIMEOUT,
            body_limit: MARKUP_LIMIT,
            insecure_tls: false,
            own: OwnHosts::default(),
        });
        println!("Chrome: {}\n", browser.product);
        Bench {
            site,
            policy,
            browser,
            fetcher: fetcher.await.expect("a client"),
            ruleset: load_rules().expect("rules"),
            keeper,
        }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.site)
    }

    /// The least that shows a page, and a wait where one is asked for.
    async fn bare(&self, url: &str, wait: Duration) -> f64 {
        let began = Instant::now();
        let gate = Gate::open(self.policy.clone()).await.expect("a gate");
        let session = Session::open(&self.browser, gate.into(), settings(&self.browser, false));
        let session = session.await.expect("a session");
        session.navigate(url, TIMEOUT).await.expect("an answer");
        session.wait_for_load(TIMEOUT).await.expect("a page");
        tokio::time::sleep(wait).await;
        session.full_snapshot().await.expect("a snapshot");
        session.pictures(drop).await.expect("a picture");
        session.close().await;
        milliseconds(began)
    }

    /// A visitor with these devices; no step of a form where `steps` is 0.
    fn visitor(
        &self,
        folder: &Folder,
        mobile: &[bool],
        steps: u32,
        at_once: usize,
    ) -> Rendered<'_> {
        Rendered {
            keeper: self.keeper.clone(),
            places: Places::new(at_once),
            plain: Plain {
                fetcher: self.fetcher.clone(),
                folder: folder.clone(),
                pdf: None,
            },
            folder: folder.clone(),
            policy: self.policy.clone(),
            profiles: mobile
                .iter()
                .map(|&mobile| Profile {
                    name: if mobile { "mobile" } else { "desktop" }.to_string(),
                    session: settings(&self.browser, mobile),
                })
                .collect(),
            visits: 1,
            plain_agents: Vec::new(),
            banners: Banners::Refuse,
            limits: WalkLimits { steps, branches: 1 },
            timeout: TIMEOUT,
            identities: &self.ruleset.identities,
            lexicons: &self.ruleset.lexicons,
            entities: &self.ruleset.entities,
        }
    }
}

#[derive(Default)]
struct Row {
    bare: Vec<f64>,
    look: Vec<f64>,
    settle: Vec<f64>,
    moments: BTreeMap<&'static str, Vec<f64>>,
}

fn from_environment(name: &str, otherwise: usize) -> usize {
    let given = std::env::var(name).ok();
    given.and_then(|n| n.parse().ok()).unwrap_or(otherwise)
}

/// One visit after the other: the ratio to the bare one, and what each further moment costs.
async fn ratio(bench: &Bench) {
    let rounds = from_environment("ROUNDS", 9);
    println!(
        "| one visit at a time, median of {rounds}, ms | small form | 25,000 nodes |\n| --- | --- | --- |"
    );
    let mut rows = Vec::new();
    for path in ["/small", "/heavy"] {
        let url = bench.url(path);
        let temporary = tempfile::tempdir().expect("a folder");
        let folder = Folder::new(temporary.path());
        let mut row = Row::default();
        for round in 0..=rounds {
            let bare = bench.bare(&url, Duration::ZERO).await;
            let look = opened(bench.visitor(&folder, &[false], 0, 1), &url).await;
            let used = opened(bench.visitor(&folder, &[false], 12, 1), &url).await;
            let both = opened(bench.visitor(&folder, &[false, true], 0, 1), &url).await;
            // The first round warms caches.
            if round == 0 {
                continue;
            }
            let timings = |(_, record): &(f64, PageRecord)| record.timings.expect("timings");
            row.bare.push(bare);
            row.look.push(look.0);
            row.settle.push(timings(&look).settle);
            let captures = |moments: &[&str]| {
                let captures = used.1.captures.iter();
                captures
                    .filter(|c| moments.contains(&c.moment.as_str()))
                    .count() as f64
            };
            for (name, value) in [
                ("a visit that uses the form", used.0),
                ("scrolling", timings(&used).scroll),
                ("using the form, captures included", timings(&used).walk),
                ("of it typing", timings(&used).typing),
                ("of it held submissions", timings(&used).held),
                ("snapshots of all moments", timings(&used).snapshot),
                ("pictures of all moments", timings(&used).screenshot),
                (
                    "moments taken",
                    captures(&[
                        "load",
                        "settled",
                        "scrolled",
                        "typed",
                        "validation_error",
                        "submit_held",
                    ]),
                ),
                ("the telephone's look besides", both.0 - look.0),
            ] {
                row.moments.entry(name).or_default().push(value);
            }
        }
        rows.push(row);
    }
    let line = |name: &str, of: &dyn Fn(&Row) -> f64| {
        println!("| {name} | {:.1} | {:.1} |", of(&rows[0]), of(&rows[1]));
    };
    let look = |row: &Row| median(row.look.clone()) - median(row.settle.clone());
    line("bare visit", &|row| median(row.bare.clone()));
    line("a visit that looks", &|row| median(row.look.clone()));
    line("of it settling", &|row| median(row.settle.clone()));
    line("**looks, without settling, to bare**", &|row| {
        look(row) / median(row.bare.clone())
    });
    for name in rows[0].moments.keys() {
        line(name, &|row| median(row.moments[name].clone()));
    }
    println!();
}

async fn opened(visitor: Rendered<'_>, url: &str) -> (f64, PageRecord) {
    let began = Instant::now();
    let record = visitor.visit(&visit(url, 1)).await;
    let record = record.expect("a folder that can be written");
    assert_eq!(record.status.as_str(), "examined");
    (milliseconds(began), record)
}

/// Pages a minute and the peak of Chrome's memory, that many visits at once.
async fn at_once<F: Future<Output = ()>>(
    count: usize,
    watch: &memory::Watch,
    one: impl Fn(u32) -> F,
) -> (f64, u64) {
    watch.peaks();
    let began = Instant::now();
    let numbers = (1..).take_while(|_| began.elapsed() < WINDOW);
    let mut running = futures_util::stream::iter(numbers)
        .map(&one)
        .buffer_unordered(count);
    let mut done = 0;
    while running.next().await.is_some() {
        done += 1;
    }
    (
        f64::from(done) * 60.0 / began.elapsed().as_secs_f64(),
        watch.peaks().1,
    )
}

/// Several visits at once.
async fn throughput(bench: &Bench) {
    let watch = memory::Watch::start(std::process::id());
    let url = &bench.url("/small");
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = Folder::new(temporary.path());
    let settle = Duration::from_millis(1_000);
    println!("| small form, at once | pages a minute | Chrome's peak, MiB |\n| --- | --- | --- |");
    for count in [1, 2, 4, 8] {
        let (speed, peak) = at_once(count, &watch, |_| async {
            bench.bare(url, Duration::ZERO).await;
        })
        .await;
        println!("| bare, {count} | {speed:.0} | {peak} |");
    }
    for count in [2, 4, 8] {
        let open = Places::new(count).open_at_once();
        let (speed, peak) = at_once(open, &watch, |_| async {
            bench.bare(url, settle).await;
        })
        .await;
        println!("| bare and the settle wait, {open} | {speed:.0} | {peak} |");
        for (name, steps) in [("looks", 0), ("uses the form", 12)] {
            let visitor = &bench.visitor(&folder, &[false], steps, count);
            let whole = |number| async move {
                visitor.visit(&visit(url, number)).await.expect("a record");
            };
            let (speed, peak) = at_once(open, &watch, whole).await;
            println!("| a visit that {name}, {count}, open {open} | {speed:.0} | {peak} |");
        }
    }
    println!();
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments.iter().any(|argument| argument == "--test") {
        return;
    }
    let parts = [
        "ratio",
        "throughput",
        "run",
        "linear",
        "plain",
        "sealing",
        "peer",
    ];
    let named: Vec<&str> = parts
        .into_iter()
        .filter(|p| arguments.iter().any(|a| a == p))
        .collect();
    let wanted = |part: &str| named.is_empty() || named.contains(&part);
    let site = serve();
    if wanted("ratio") || wanted("throughput") {
        let runtime = tokio::runtime::Runtime::new().expect("threads");
        runtime.block_on(async {
            let bench = Bench::start(site).await;
            if wanted("ratio") {
                ratio(&bench).await;
            }
            if wanted("throughput") {
                throughput(&bench).await;
            }
            bench.keeper.close().await;
        });
    }
    if wanted("run") {
        scans::long_run(site);
    }
    if wanted("linear") {
        scans::linear(site);
    }
    if wanted("plain") {
        scans::plain(site);
    }
    if wanted("sealing") {
        scans::sealing(site);
    }
    if wanted("peer") {
        scans::peer(site);
    }
}
