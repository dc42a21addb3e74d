//! `demo`: the first thing that a new user sees. A French comparator with a quote form, a contest and a
//! newsletter, served on this machine and scanned without any network.

mod site;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::capture::WalkLimits;
use crate::diag::{Exit, Failure};
use crate::finding::{Outcome, Severity};
use crate::gate::PrivateNetwork;
use crate::model::{FormKind, Request};
use crate::pipeline::{self, FaceSettings, JudgeOptions, ScanRequest, UserAgent};
use crate::report::{Report, ReportWords, Threshold};
use crate::target::{self, Target};

use super::args::{DemoArgs, SealArgs};
use super::config::Config;
use super::seal::Seal;
use super::settings::{OutputSettings, formats, language_of};
use super::{paper, scan, summary};

use site::DemoSite;

/// The site's name; browsers treat `.localhost` as this machine.
const HOST: &str = "www.comparatoit.localhost";
const OUT: &str = "reports/demo";

/// What each form of the site is built to show: the page, and rules that fail on it.
const SHOWS: [(&str, &[&str]); 3] = [
    ("/devis-assurance", &[]),
    ("/lettre-d-information", &[]),
    (
        "/jeu-concours",
        &[
            "consent-unticked",
            "controller-named",
            "recipients-disclosed",
        ],
    ),
];

/// `consentry demo`.
pub fn demo(args: &DemoArgs) -> Result<Exit, Failure> {
    super::set_up_log(&args.talk);
    let runtime = super::runtime()?;
    let site = runtime.block_on(DemoSite::start()).map_err(|e| {
        Failure::new(format!(
            "the example site cannot be served on 127.0.0.1: {e}"
        ))
    })?;
    let home = format!("http://{HOST}:{}/", site.address.port());
    if args.serve {
        super::print(&format!(
            "The example site is at http://{}/ until Ctrl-C.\nScan it from another terminal:\n  \
             consentry scan http://{}/ --allow-private-network=127.0.0.1\n",
            site.address, site.address
        ))?;
        let _ = runtime.block_on(tokio::signal::ctrl_c());
        return Ok(Exit::Clean);
    }
    let language = args.lang.unwrap_or_else(|| language_of(&super::locale()));
    let words = ReportWords::new(language.tag());
    let ruleset = scan::rules(None)?;
    let (out, overwrite) = match &args.out {
        Some(out) => (out.clone(), false),
        None => (PathBuf::from(OUT), true),
    };
    if !args.talk.quiet {
        let intro = words.get("demo-intro", &[("url", home.clone().into())]);
        super::print(&format!("{intro}\n"))?;
    }
    let formats = formats(&args.format);
    let printer = paper::printer(&formats, args.chrome.as_deref(), false)?;
    let request = request(&home, args, overwrite)?;
    let captured = scan::run(&runtime, request, &out, &ruleset, &args.talk)?;
    let Some(captured) = captured else {
        return Ok(Exit::Interrupted);
    };
    let output = OutputSettings {
        language,
        // A scan's default. The demo's own exit code does not follow it: the site is built to fail.
        threshold: Threshold {
            least: Some(Severity::Major),
            cant_tell: false,
        },
        formats,
        json: false,
    };
    let judged_by = JudgeOptions {
        jurisdictions: vec!["eu".to_string(), "fr".to_string()],
        request: Request::default(),
        law: BTreeMap::new(),
        language: language.tag().to_string(),
        formats: output.formats.clone(),
        only: BTreeSet::new(),
        disabled: BTreeSet::new(),
        decided: Vec::new(),
    };
    let seal = Seal::new(
        &SealArgs::default(),
        &Config::default(),
        None,
        &PrivateNetwork::Refused,
    )?;
    let how = scan::Finish {
        ruleset: &ruleset,
        judged_by: &judged_by,
        threshold: &output.threshold,
        printer: printer.as_ref(),
        seal: &seal,
    };
    let scan::Finished {
        report, printed, ..
    } = how.finish(&out)?;
    summary::show(&report, &out, &output, &args.talk)?;
    printed?;
    if captured.scan.interrupted {
        return Ok(Exit::Interrupted);
    }
    let missing = missing(&report);
    if !missing.is_empty() {
        return Err(Failure::with_help(
            format!(
                "the scan ran, but did not find what the site is built to show: {}",
                missing.join("; ")
            ),
            "`consentry doctor` checks the browser; the report shows what was captured",
        ));
    }
    if !args.talk.quiet {
        super::print(&closing(&out, &words))?;
    }
    Ok(Exit::Clean)
}

fn closing(out: &Path, words: &ReportWords) -> String {
    let report = scan::shown(out, "report.html");
    format!(
        "{}\n\n{}\n",
        words.word("demo-as-built"),
        words.get("demo-next", &[("path", report.into())])
    )
}

fn request(home: &str, args: &DemoArgs, overwrite: bool) -> Result<ScanRequest, Failure> {
    let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let url = target::parse_url(home).map_err(|e| Failure::new(e.to_string()))?;
    Ok(ScanRequest {
        id: pipeline::scan_id(),
        targets: vec![Target {
            id: "t1".to_string(),
            url,
            vendor: None,
        }],
        max_pages: 25,
        depth: 2,
        also_hosts: Vec::new(),
        rate: 50.0,
        ignore_robots: false,
        jobs: std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
        timeout: Duration::from_secs(60),
        walk: WalkLimits {
            steps: 12,
            branches: 2,
        },
        faces: FaceSettings::default(),
        locale: "fr-FR".to_string(),
        user_agent: UserAgent::Honest,
        resolve: HashMap::from([(HOST.to_string(), here)]),
        proxy: None,
        no_third_parties: true,
        private_network: PrivateNetwork::Within(vec![here.into()]),
        chrome: args.chrome.clone(),
        path: std::env::var("PATH").ok(),
        markup_only: false,
        overwrite,
        program: std::env::current_exe().ok(),
    })
}

/// What the site is built to show and the report does not.
fn missing(report: &Report) -> Vec<String> {
    let mut out = Vec::new();
    for (path, expected) in SHOWS {
        let on_page = |page: &str| {
            report
                .pages
                .iter()
                .any(|own| own.id == page && own.url.ends_with(path))
        };
        let form = report
            .forms
            .iter()
            .find(|form| form.kind == FormKind::Collection && on_page(&form.page));
        let Some(form) = form else {
            out.push(format!("the form on {path}"));
            continue;
        };
        let failed: BTreeSet<&str> = report
            .findings
            .iter()
            .filter(|f| f.outcome == Outcome::Failed && f.form.as_deref() == Some(&form.id))
            .map(|f| f.rule.as_str())
            .collect();
        for rule in expected.iter().filter(|rule| !failed.contains(**rule)) {
            out.push(format!("{rule} on {path}"));
        }
        if expected.is_empty() {
            out.extend(failed.iter().map(|rule| format!("no {rule} on {path}")));
        }
    }
    out
}
