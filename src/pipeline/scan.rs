//! Starts what a capture needs (gate, client, browser) and runs it.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::artifact::{CaptureSettings, Environment, MARKUP_LIMIT, ScanRecord};
use crate::browser::{
    ChromeError, Keeper, LaunchSettings, OwnRequests, SessionSettings, find_chrome,
};
use crate::capture::pdf::PdfReader;
use crate::capture::{Folder, Places, Plain, Profile, Rendered, Visitor, WalkLimits};
use crate::crawl::CrawlSettings;
use crate::fetch::{FetchSettings, Fetcher, OwnHosts};
use crate::gate::{OwnPorts, Policy, PrivateNetwork, Resolver, Upstream};
use crate::ruleset::Ruleset;
use crate::target::{self, Target};

use super::capture::{CaptureOptions, capture};
use super::events::Listener;
use super::faces::{DESKTOP, Device, FaceSettings, UserAgent};
use super::machine;
use super::output::{self, Occupied, OutputError};

/// A capture as asked for.
#[derive(Debug, Clone)]
pub struct ScanRequest {
    pub id: String,
    pub targets: Vec<Target>,
    pub max_pages: u32,
    pub depth: u32,
    pub also_hosts: Vec<String>,
    pub rate: f64,
    pub ignore_robots: bool,
    pub jobs: usize,
    pub timeout: Duration,
    pub walk: WalkLimits,
    pub faces: FaceSettings,
    pub locale: String,
    pub user_agent: UserAgent,
    pub resolve: HashMap<String, IpAddr>,
    pub proxy: Option<Upstream>,
    pub no_third_parties: bool,
    pub private_network: PrivateNetwork,
    /// A program or a WebSocket address, as given.
    pub chrome: Option<String>,
    /// PATH, to look for Chrome in.
    pub path: Option<String>,
    pub markup_only: bool,
    /// Replace an earlier scan in the folder.
    pub overwrite: bool,
    /// This program, to read PDF files in a process of its own; without it they are not read.
    pub program: Option<PathBuf>,
}

/// Why a capture did not run or did not finish.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    #[error(transparent)]
    Chrome(#[from] ChromeError),
    #[error("{0}")]
    Network(String),
    /// The proxy that was named serves nobody.
    #[error("{0}")]
    Proxy(String),
    #[error(transparent)]
    Output(#[from] OutputError),
    /// The folder could not be written any more.
    #[error("the capture ended early, because {0} cannot be written: {1}")]
    CutShort(String, std::io::Error),
}

/// See [`SessionSettings`].
const SETTLE_QUIET: Duration = Duration::from_millis(500);
const SETTLE_LEAST: Duration = Duration::from_millis(1_000);
const SETTLE_MOST: Duration = Duration::from_secs(10);
/// What reading a PDF may take.
const PDF_TIME: Duration = Duration::from_secs(30);
/// The user agent of `--static`, where there is no Chrome to ask.
const PLAIN_AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
                           Chrome/150.0.0.0 Safari/537.36";

/// A new scan's id: UUIDv7, so that ids sort by time.
pub fn scan_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// A capture that has ended, and its folder, which is ours until this is dropped.
#[derive(Debug)]
pub struct Captured {
    pub scan: ScanRecord,
    pub occupied: Occupied,
}

/// Captures what the request asks for into a folder.
///
/// # Errors
/// Where there is no browser, no loopback port, or the folder cannot be written.
pub async fn run_capture(
    request: ScanRequest,
    folder: &Folder,
    ruleset: &Ruleset,
    stop: watch::Receiver<bool>,
    listener: Arc<Listener>,
) -> Result<Captured, ScanError> {
    output::check(folder.root(), request.overwrite)?;
    if let Some(proxy) = &request.proxy {
        // Said once and at once, instead of page by page.
        proxy.check().await.map_err(ScanError::Proxy)?;
    }
    let own_ports = OwnPorts::default();
    let sandbox = machine::sandbox_works();
    let remote = request
        .chrome
        .as_deref()
        .is_some_and(|at| at.starts_with("ws"));
    let keeper = if request.markup_only {
        None
    } else {
        let chrome = find_chrome(request.chrome.as_deref(), request.path.as_deref())?;
        Some(Arc::new(Keeper::new(LaunchSettings {
            chrome,
            sandbox,
            own_ports: own_ports.clone(),
        })))
    };
    let (product, chrome_agent) = match &keeper {
        Some(keeper) => {
            let browser = keeper.browser().await?;
            (Some(browser.product.clone()), browser.user_agent.clone())
        }
        None => (None, PLAIN_AGENT.to_string()),
    };
    let user_agent = request.user_agent.of(&chrome_agent);
    let policy = policy(&request, own_ports);
    let accept_language = accept_language(&request.locale);
    let fetcher = Fetcher::new(FetchSettings {
        policy: policy.clone(),
        user_agent: user_agent.clone(),
        accept_language: accept_language.clone(),
        timeout: request.timeout,
        body_limit: MARKUP_LIMIT,
        insecure_tls: request.faces.insecure_tls,
        own: OwnHosts {
            hosts: own_hosts(&request),
            headers: request.faces.headers.clone(),
            credentials: request.faces.credentials.clone(),
        },
    })
    .await
    .map_err(ScanError::Network)?;
    output::prepare(folder.root(), request.overwrite)?;
    let occupied = output::occupy(folder.root())?;
    let environment = Environment {
        browser: product,
        user_agent: user_agent.clone(),
        // Of a browser that was running already nobody knows.
        sandbox: keeper.as_ref().filter(|_| !remote).map(|_| sandbox),
        viewport: keeper.as_ref().map(|_| DESKTOP),
        ..machine::environment()
    };
    let settings = settings(&request, &user_agent);
    let plain = Plain {
        fetcher: fetcher.clone(),
        folder: folder.clone(),
        pdf: request.program.clone().map(|program| PdfReader {
            program,
            time: PDF_TIME,
        }),
    };
    let places = Places::new(request.jobs);
    // Without a browser nothing is waited for that another could use.
    let open_at_once = match &keeper {
        Some(_) => places.open_at_once(),
        None => request.jobs,
    };
    let visitor = match &keeper {
        None => Visitor::Plain(Box::new(plain)),
        Some(keeper) => Visitor::Rendered(Box::new(Rendered {
            keeper: keeper.clone(),
            places,
            plain,
            folder: folder.clone(),
            policy,
            profiles: profiles(&request, &chrome_agent, &accept_language),
            visits: request.faces.visits,
            plain_agents: plain_agents(&request, &chrome_agent),
            banners: request.faces.banners,
            limits: request.walk,
            timeout: request.timeout,
            lexicons: &ruleset.lexicons,
            entities: &ruleset.entities,
            identities: &ruleset.identities,
        })),
    };
    let options = CaptureOptions {
        id: request.id,
        targets: request.targets,
        crawl: CrawlSettings {
            max_pages: request.max_pages,
            depth: request.depth,
            rate: request.rate,
            ignore_robots: request.ignore_robots,
            also_hosts: request.also_hosts,
        },
        settings,
        fetcher,
        visitor,
        open_at_once,
        environment,
    };
    let scan = capture(options, folder, ruleset, stop, listener).await;
    if let Some(keeper) = keeper {
        keeper.close().await;
    }
    let cut_short = |e| ScanError::CutShort(folder.root().display().to_string(), e);
    let scan = scan.map_err(cut_short)?;
    Ok(Captured { scan, occupied })
}

fn profiles(request: &ScanRequest, chrome_agent: &str, accept_language: &str) -> Vec<Profile> {
    let faces = &request.faces;
    let profile = |device: &Device| Profile {
        name: device.as_str().to_string(),
        session: SessionSettings {
            viewport: device.viewport(),
            mobile: *device == Device::Mobile,
            user_agent: request.user_agent.of(&device.agent(chrome_agent)),
            locale: request.locale.clone(),
            accept_language: accept_language.to_string(),
            referrer: faces.referrer.clone(),
            insecure_tls: faces.insecure_tls,
            own: OwnRequests {
                hosts: own_hosts(request),
                headers: faces.headers.clone(),
                credentials: faces.credentials.clone(),
            },
            settle_quiet: SETTLE_QUIET,
            settle_least: SETTLE_LEAST,
            settle_most: SETTLE_MOST,
        },
    };
    faces.devices.iter().map(profile).collect()
}

/// The user agent of the opening that is compared with the first one.
fn plain_agents(request: &ScanRequest, chrome_agent: &str) -> Vec<String> {
    let first = request.faces.devices.first();
    let compared = first.filter(|_| request.user_agent == UserAgent::Compared);
    let agents = compared.map(|device| device.agent(chrome_agent));
    agents.into_iter().collect()
}

/// The targets' own hosts.
fn own_hosts(request: &ScanRequest) -> Vec<String> {
    let targets = request.targets.iter();
    let own = targets.map(|target| target::host(&target.url));
    own.chain(request.also_hosts.iter().cloned()).collect()
}

fn policy(request: &ScanRequest, own_ports: OwnPorts) -> Policy {
    let only_hosts = request
        .no_third_parties
        .then(|| own_hosts(request).into_iter().collect::<HashSet<_>>());
    Policy {
        private_network: request.private_network.clone(),
        only_hosts,
        resolve: request.resolve.clone(),
        resolver: Resolver::default(),
        upstream: request.proxy.clone(),
        own_ports,
    }
}

fn settings(request: &ScanRequest, user_agent: &str) -> CaptureSettings {
    let milliseconds = |duration: Duration| duration.as_millis() as u64;
    CaptureSettings {
        markup_only: request.markup_only,
        max_pages: request.max_pages,
        depth: request.depth,
        rate: request.rate,
        ignore_robots: request.ignore_robots,
        no_third_parties: request.no_third_parties,
        also_hosts: request.also_hosts.clone(),
        private_network: request.private_network.describe(),
        proxy: request.proxy.as_ref().map(Upstream::describe),
        profiles: if request.markup_only {
            Vec::new()
        } else {
            let devices = request.faces.devices.iter();
            devices.map(|device| device.as_str().to_string()).collect()
        },
        visits: request.faces.visits,
        compared_agent: request.user_agent == UserAgent::Compared && !request.markup_only,
        referrer: request.faces.referrer.clone(),
        headers: names_of(&request.faces.headers),
        signed_in: request.faces.credentials.is_some(),
        insecure_tls: request.faces.insecure_tls,
        cookie_banner: request.faces.banners.as_str().to_string(),
        max_steps: request.walk.steps,
        max_branches: request.walk.branches,
        locale: request.locale.clone(),
        user_agent: user_agent.to_string(),
        timeout_seconds: request.timeout.as_secs(),
        settle_quiet_ms: milliseconds(SETTLE_QUIET),
        settle_least_ms: milliseconds(SETTLE_LEAST),
        settle_most_ms: milliseconds(SETTLE_MOST),
    }
}

/// Values may be secrets.
fn names_of(headers: &[(String, String)]) -> Vec<String> {
    headers.iter().map(|(name, _)| name.clone()).collect()
}

/// `fr-FR,fr;q=0.9,en;q=0.5`, as a visitor's browser of that locale sends it.
fn accept_language(locale: &str) -> String {
    let tag = locale.replace('_', "-");
    let language = tag.split('-').next().unwrap_or(&tag).to_string();
    let mut parts = vec![tag.clone()];
    if language != tag {
        parts.push(format!("{language};q=0.9"));
    }
    if language != "en" {
        parts.push("en;q=0.5".to_string());
    }
    parts.join(",")
}
