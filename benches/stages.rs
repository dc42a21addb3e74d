//! What each stage of a page costs, and the ratio to the bare cost of load, snapshot and picture in the
//! same run. Prints the table that `docs/performance.md` keeps. Run it with `make bench`.
//!
//! Rounds of the bare visit and of the whole one alternate, so that both meet the same machine.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use consentry::artifact::{
    FoundBy, MARKUP_LIMIT, Moment, PageRecord, PageRole, PageStatus, parse_markup,
};
use consentry::browser::{
    Browser, Keeper, LaunchSettings, OwnRequests, Session, SessionSettings, find_chrome,
};
use consentry::capture::{Banners, Folder, Places, Plain, Profile, Rendered, Visit, WalkLimits};
use consentry::checks::PageView;
use consentry::evaluate::{JudgedPage, Options, evaluate, evaluate_counting};
use consentry::extract::{self, CapturedPage, MomentDom};
use consentry::fetch::{FetchSettings, Fetcher, OwnHosts};
use consentry::gate::{Gate, OwnPorts, Policy, PrivateNetwork};
use consentry::model::{PageModel, Request};
use consentry::pipeline::{
    JudgeOptions, judge, load_rules, no_sandbox_reason, publish, read_model, sandbox_works,
};
use consentry::report::Threshold;
use consentry::ruleset::Ruleset;

const ROUNDS: usize = 9;
const TIMEOUT: Duration = Duration::from_secs(60);

/// A small quote form.
fn small() -> String {
    let form = "<form method=post><label>Prénom <input name=prenom></label><label>E-mail <input type=email name=email></label>\
        <label>Téléphone <input type=tel name=tel></label><p>Solaris Devis SAS utilise vos données pour répondre à votre demande.</p>\
        <label><input type=checkbox name=o> J'accepte de recevoir les offres commerciales de Solaris Devis SAS.</label><button>Recevoir mes devis</button></form>";
    format!(
        "<!doctype html><html lang=fr><title>Devis</title><link rel=icon href='data:,'><h1>Devis</h1>{form}"
    )
}

/// The same form on a page of about 25,000 nodes.
fn heavy() -> String {
    let row = "<tr><td>Pose de panneaux <b>photovoltaïques</b></td><td>3 kWc</td><td><i>Loire</i></td><td>2026</td></tr>";
    let table = format!("<table>{}</table>", row.repeat(1_750));
    small().replace("</form>", &format!("</form>{table}"))
}

fn serve() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let mut buffer = [0; 4096];
                let read = stream.read(&mut buffer).unwrap_or(0);
                let request = String::from_utf8_lossy(&buffer[..read]).into_owned();
                let body = if request.starts_with("GET /heavy") {
                    heavy()
                } else {
                    small()
                };
                let head = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    body.len()
                );
                let _ = stream
                    .write_all(head.as_bytes())
                    .and_then(|()| stream.write_all(body.as_bytes()));
            });
        }
    });
    address
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn milliseconds(began: Instant) -> f64 {
    began.elapsed().as_secs_f64() * 1_000.0
}

/// Samples the memory of this process and every descendant, in KiB, and keeps the peak.
fn watch_memory() -> (Arc<AtomicU64>, Arc<AtomicBool>) {
    let (peak, stop) = (
        Arc::new(AtomicU64::new(0)),
        Arc::new(AtomicBool::new(false)),
    );
    let (shared, ended) = (peak.clone(), stop.clone());
    std::thread::spawn(move || {
        while !ended.load(Ordering::Relaxed) {
            shared.fetch_max(memory_of_all(), Ordering::Relaxed);
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    (peak, stop)
}

/// Proportional set sizes, so that pages shared by Chrome's processes count once.
fn memory_of_all() -> u64 {
    let number = |pid: u32, file: &str, key: &str| -> Option<u64> {
        let text = std::fs::read_to_string(format!("/proc/{pid}/{file}")).ok()?;
        let line = text.lines().find(|line| line.starts_with(key))?;
        line.split_whitespace().nth(1)?.parse().ok()
    };
    let mut parents: Vec<(u32, u32)> = Vec::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        if let Ok(pid) = entry.file_name().to_string_lossy().parse::<u32>()
            && let Some(parent) = number(pid, "status", "PPid:")
        {
            parents.push((pid, parent as u32));
        }
    }
    let mut ours = vec![std::process::id()];
    let mut at = 0;
    while let Some(&pid) = ours.get(at) {
        ours.extend(
            parents
                .iter()
                .filter(|(_, parent)| *parent == pid)
                .map(|(pid, _)| *pid),
        );
        at += 1;
    }
    ours.iter()
        .map(|&pid| {
            number(pid, "smaps_rollup", "Pss:")
                .or_else(|| number(pid, "status", "VmRSS:"))
                .unwrap_or(0)
        })
        .sum()
}

fn settings(browser: &Browser) -> SessionSettings {
    SessionSettings {
        viewport: consentry::artifact::Viewport {
            width: 1280,
            height: 800,
            scale: 1.0,
        },
        mobile: false,
        user_agent: browser.user_agent.clone(),
        locale: "fr-FR".to_string(),
        accept_language: "fr-FR,fr".to_string(),
        referrer: None,
        insecure_tls: false,
        own: OwnRequests::default(),
        settle_quiet: Duration::from_millis(500),
        settle_least: Duration::from_millis(1_000),
        settle_most: Duration::from_secs(10),
    }
}

fn visit(url: &str) -> Visit {
    Visit {
        page: "p1".to_string(),
        number: 1,
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

/// Context, load, snapshot and picture, and nothing else.
async fn bare(browser: &Browser, policy: &Policy, url: &str) -> f64 {
    let began = Instant::now();
    let gate = Arc::new(Gate::open(policy.clone()).await.expect("a gate"));
    let session = Session::open(browser, gate, settings(browser))
        .await
        .expect("a session");
    session.navigate(url, TIMEOUT).await.expect("an answer");
    session.wait_for_load(TIMEOUT).await.expect("a page");
    session.full_snapshot().await.expect("a snapshot");
    session.pictures(drop).await.expect("a picture");
    session.close().await;
    milliseconds(began)
}

#[derive(Default)]
struct Row {
    bare: Vec<f64>,
    whole: Vec<f64>,
    context: Vec<f64>,
    navigate: Vec<f64>,
    settle: Vec<f64>,
    snapshot: Vec<f64>,
    screenshot: Vec<f64>,
    bodies: Vec<f64>,
    close: Vec<f64>,
    extract: Vec<f64>,
    evaluate: Vec<f64>,
    report: Vec<f64>,
}

fn main() {
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    judging();
    // `cargo bench --bench stages -- judging` needs no browser.
    if std::env::args().any(|argument| argument == "judging") {
        return;
    }
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    runtime.block_on(measure());
}

async fn measure() {
    let site = serve();
    let own_ports = OwnPorts::default();
    let policy = Policy {
        private_network: PrivateNetwork::Allowed,
        own_ports: own_ports.clone(),
        ..Policy::default()
    };
    let chrome = find_chrome(
        std::env::var("CHROME").ok().as_deref(),
        std::env::var("PATH").ok().as_deref(),
    );
    let launch = LaunchSettings {
        chrome: chrome.expect("a Chrome"),
        sandbox: sandbox_works(),
        own_ports,
    };
    let mut launches = Vec::new();
    for _ in 0..3 {
        let began = Instant::now();
        drop(Browser::launch(&launch).await.expect("Chrome starts"));
        launches.push(milliseconds(began));
    }
    let (peak, stop) = watch_memory();
    let keeper = Arc::new(Keeper::new(launch));
    let browser = keeper.browser().await.expect("Chrome starts");
    let ruleset = load_rules().expect("rules");
    let fetcher = Fetcher::new(FetchSettings {
        policy: policy.clone(),
        user_agent: browser.user_agent.clone(),
        accept_language: "fr".to_string(),
        timeout: TIMEOUT,
        body_limit: MARKUP_LIMIT,
        insecure_tls: false,
        own: OwnHosts::default(),
    })
    .await
    .expect("a client");
    println!(
        "Chrome: {}; sandbox: {}\n",
        browser.product,
        no_sandbox_reason().unwrap_or("on")
    );
    println!("| stage, median of {ROUNDS}, ms | small form | 25,000 nodes |\n| --- | --- | --- |");
    let mut rows = Vec::new();
    for name in ["small", "heavy"] {
        let url = format!("http://{site}/{name}");
        let folder = tempfile::tempdir().expect("a folder");
        let out = Folder::new(folder.path());
        let plain = Plain {
            fetcher: fetcher.clone(),
            folder: out.clone(),
            pdf: None,
        };
        let rendered = Rendered {
            keeper: keeper.clone(),
            places: Places::new(1),
            plain,
            folder: out.clone(),
            policy: policy.clone(),
            profiles: vec![Profile {
                name: "desktop".to_string(),
                session: settings(&browser),
            }],
            visits: 1,
            plain_agents: Vec::new(),
            banners: Banners::Refuse,
            limits: WalkLimits {
                steps: 12,
                branches: 1,
            },
            timeout: TIMEOUT,
            identities: &ruleset.identities,
            lexicons: &ruleset.lexicons,
            entities: &ruleset.entities,
        };
        let mut row = Row::default();
        for round in 0..=ROUNDS {
            let simple = bare(&browser, &policy, &url).await;
            let began = Instant::now();
            let record = rendered
                .visit(&visit(&url))
                .await
                .expect("a folder that can be written");
            let whole = milliseconds(began);
            // The first round warms caches.
            if round == 0 {
                continue;
            }
            row.bare.push(simple);
            let t = record.timings.expect("timings");
            for (list, value) in [
                (&mut row.context, t.context),
                (&mut row.navigate, t.navigate),
                (&mut row.settle, t.settle),
                (&mut row.snapshot, t.snapshot),
                (&mut row.screenshot, t.screenshot),
                (&mut row.bodies, t.bodies),
                (&mut row.close, t.close),
            ] {
                list.push(value);
            }
            let judged = judged(&record, &out, &ruleset, folder.path(), &mut row);
            row.whole.push(whole + judged);
        }
        rows.push(row);
    }
    stop.store(true, Ordering::Relaxed);
    println!(
        "| launch of Chrome, once a scan | {:.0} | |",
        median(launches)
    );
    let line = |name: &str, of: &dyn Fn(&Row) -> Vec<f64>| {
        println!(
            "| {name} | {:.1} | {:.1} |",
            median(of(&rows[0])),
            median(of(&rows[1]))
        );
    };
    line("context, gate, session", &|r| r.context.clone());
    line("navigation to `load`", &|r| r.navigate.clone());
    line("settling (at least 1,000 by design)", &|r| r.settle.clone());
    line("snapshots (states at `load`, all at rest)", &|r| {
        r.snapshot.clone()
    });
    line("full-page picture", &|r| r.screenshot.clone());
    line("response bodies, storing", &|r| r.bodies.clone());
    line("closing", &|r| r.close.clone());
    line("extract (reads the stored files)", &|r| r.extract.clone());
    line("evaluate", &|r| r.evaluate.clone());
    line("report: crops, HTML, JSON", &|r| r.report.clone());
    line("**a page, whole**", &|r| r.whole.clone());
    line("bare load + snapshot + picture", &|r| r.bare.clone());
    let ratio =
        |r: &Row, without: f64| (median(r.whole.clone()) - without) / median(r.bare.clone());
    let settled = |r: &Row| median(r.settle.clone());
    println!(
        "| ratio to bare | {:.2} | {:.2} |",
        ratio(&rows[0], 0.0),
        ratio(&rows[1], 0.0)
    );
    println!(
        "| ratio to bare without settling | {:.2} | {:.2} |",
        ratio(&rows[0], settled(&rows[0])),
        ratio(&rows[1], settled(&rows[1]))
    );
    println!(
        "\nPeak memory, this program and Chrome together: {} MiB",
        peak.load(Ordering::Relaxed) / 1024
    );
    drop(browser);
    keeper.close().await;
}

/// Times the second half; gives its total.
fn judged(
    record: &PageRecord,
    out: &Folder,
    ruleset: &Ruleset,
    folder: &std::path::Path,
    row: &mut Row,
) -> f64 {
    let began = Instant::now();
    let model = read_model(record, out, ruleset);
    let extract = milliseconds(began);
    let options = JudgeOptions {
        jurisdictions: vec!["eu".to_string(), "fr".to_string()],
        request: Request::default(),
        law: Default::default(),
        language: "en".to_string(),
        formats: Default::default(),
        only: Default::default(),
        disabled: Default::default(),
        decided: Vec::new(),
    };
    let began = Instant::now();
    let page = JudgedPage {
        url: &record.url,
        final_url: None,
        view: PageView {
            status: record.status,
            http_status: record.http_status,
            model: model.as_ref(),
        },
    };
    let findings = evaluate(&[page], ruleset, &by_all(ruleset));
    let evaluated = milliseconds(began);
    assert!(!findings.is_empty());
    store(record, folder);
    let began = Instant::now();
    let judged = judge(out, ruleset, &options).expect("a judgement");
    let threshold = Threshold {
        least: None,
        cant_tell: false,
    };
    publish(judged, ruleset, &threshold, folder).expect("a report");
    let report = (milliseconds(began) - extract - evaluated).max(0.0);
    row.extract.push(extract);
    row.evaluate.push(evaluated);
    row.report.push(report);
    extract + evaluated + report
}

/// Every rule of every pack.
fn by_all(ruleset: &Ruleset) -> Options {
    Options {
        jurisdictions: ruleset.packs.keys().cloned().collect(),
        request: Request {
            as_of: "2026-11-01".to_string(),
            ..Request::default()
        },
        law: Default::default(),
        language: "en".to_string(),
        only: Default::default(),
        disabled: Default::default(),
    }
}

/// A form that is not small: it names a company with its number, asks for two consents, and links to its
/// notices and to a list.
const FULL_FORM: &str = "<form method=post action=/m><h2>Votre devis d'assurance auto</h2>\
    <label>Nom <input name=nom></label><label>E-mail <input type=email name=email></label>\
    <label>Téléphone <input type=tel name=tel></label>\
    <label><input type=checkbox name=o> J'accepte de recevoir par e-mail les offres des <a href=/partenaires>partenaires</a> de Clairdevis SAS</label>\
    <label><input type=checkbox name=r required> J'accepte le <a href=/reglement>règlement</a></label>\
    <p>Les données sont collectées par Clairdevis SAS, RCS Lyon 732 829 320. Voir la <a href=/confidentialite>politique de confidentialité</a>.</p>\
    <button>Envoyer</button></form>";

/// A page of so many forms, with the pages that they link to.
fn site_of(form: &str, forms: usize, ruleset: &Ruleset) -> (Vec<(String, PageModel)>, f64) {
    let footer = "<footer><a href=/mentions>Mentions légales</a></footer>";
    let line = "<p>Vos données sont conservées trois ans et traitées par Clairdevis SAS, 12 rue des Essais, 69001 Lyon.</p>";
    let notice = format!("<html lang=fr><h1>Politique</h1>{}", line.repeat(150));
    let entries: String = (0..100)
        .map(|n| format!("<li>Partenaire Exemple {n} SAS</li>"))
        .collect();
    let pages = [
        (
            "/",
            PageRole::Collection,
            format!(
                "<html lang=fr><title>x</title><h1>Devis</h1>{}{footer}",
                form.repeat(forms)
            ),
        ),
        ("/confidentialite", PageRole::PrivacyNotice, notice.clone()),
        ("/mentions", PageRole::LegalNotice, notice.clone()),
        ("/reglement", PageRole::Terms, notice),
        (
            "/partenaires",
            PageRole::RecipientList,
            format!("<html lang=fr><h1>Liste des partenaires</h1><ul>{entries}</ul>"),
        ),
    ];
    let mut first = 0.0;
    let models = pages
        .into_iter()
        .enumerate()
        .map(|(at, (path, role, html))| {
            let url = format!("https://www.devis-clair.example{path}");
            let captured = CapturedPage {
                id: format!("p{}", at + 1),
                target: "t1".to_string(),
                url: url.clone(),
                final_url: url.clone(),
                http_status: Some(200),
                role,
                rendered: true,
                moments: vec![MomentDom::new(
                    Moment::Settled,
                    "bench",
                    1,
                    parse_markup(&html, &url),
                )],
                visits: Vec::new(),
                gaps: Vec::new(),
                pixels: None,
            };
            let began = Instant::now();
            let model = extract::page(captured, &ruleset.lexicons, &ruleset.entities);
            if at == 0 {
                first = milliseconds(began);
            }
            (url, model)
        });
    let models = models.collect();
    (models, first)
}

/// What reading and judging cost by themselves, as the page grows.
fn judging() {
    let ruleset = load_rules().expect("rules");
    let options = by_all(&ruleset);
    println!(
        "Reading and judging by all {} rules of all packs, one core, median of {ROUNDS}\n",
        ruleset.rules.len()
    );
    let small = small();
    let small = small.split_once("<form").map_or("", |(_, form)| form);
    let small = format!("<form{small}").replace("</html>", "");
    for (name, form) in [
        ("a small form", small.as_str()),
        ("a full form, with its notices and its list", FULL_FORM),
    ] {
        println!(
            "| {name}, so many times | read, ms | judge, ms | judge, ms per form | lines and links looked at, per form |\n\
             | --- | --- | --- | --- | --- |"
        );
        for forms in [1, 50, 100, 200, 400, 750, 1_500] {
            grown(form, forms, &ruleset, &options);
        }
        println!();
    }
}

/// One line of the table.
fn grown(form: &str, forms: usize, ruleset: &Ruleset, options: &Options) {
    let rounds = if forms == 1 { 10 * ROUNDS } else { ROUNDS };
    let (mut read, mut judged) = (Vec::new(), Vec::new());
    let mut looked = 0;
    for _ in 0..rounds {
        let (models, took) = site_of(form, forms, ruleset);
        read.push(took);
        let pages: Vec<JudgedPage> = models
            .iter()
            .map(|(url, model)| JudgedPage {
                url,
                final_url: None,
                view: PageView {
                    status: PageStatus::Examined,
                    http_status: Some(200),
                    model: Some(model),
                },
            })
            .collect();
        let began = Instant::now();
        let (findings, steps) = evaluate_counting(&pages, ruleset, options);
        judged.push(milliseconds(began));
        assert!(findings.len() >= forms);
        looked = steps;
    }
    let judged = median(judged);
    println!(
        "| {forms} | {:.1} | {judged:.1} | {:.3} | {:.0} |",
        median(read),
        judged / forms as f64,
        looked as f64 / forms as f64
    );
}

/// The records that `judge` starts from.
fn store(record: &PageRecord, folder: &std::path::Path) {
    let scan = serde_json::json!({
        "format": 1, "id": "019a0000-0000-7000-8000-000000000000",
        "tool": { "name": "consentry", "version": "0" },
        "started_at": "2026-11-01T00:00:00Z", "ended_at": "2026-11-01T00:00:01Z",
        "interrupted": false, "left_out": [],
        "targets": [{ "id": "t1", "url": record.url, "vendor": null }],
        "settings": {
            "static": false, "max_pages": 1, "depth": 0, "rate": 1.0, "ignore_robots": false,
            "no_third_parties": false, "also_hosts": [], "private_network": "yes", "profiles": ["desktop"],
            "locale": "fr-FR", "user_agent": "bench", "timeout_seconds": 60, "settle_quiet_ms": 500,
            "settle_least_ms": 1000, "settle_most_ms": 10000
        },
        "environment": {
            "os": "", "kernel": "", "architecture": "", "browser": null, "user_agent": "", "sandbox": null,
            "viewport": null
        }
    });
    let captures = folder.join("captures");
    std::fs::write(captures.join("scan.json"), scan.to_string())
        .expect("a folder that can be written");
    let line = serde_json::to_string(record).expect("a record");
    std::fs::write(captures.join("pages.jsonl"), line).expect("a folder that can be written");
}
