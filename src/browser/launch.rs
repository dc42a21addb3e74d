//! Starts Chrome through `headless_chrome` and connects our wire to it.

use std::ffi::OsStr;
use std::time::Duration;

use headless_chrome::LaunchOptions;
use rustix::process::{Pid, Signal, kill_process};
use serde::Serialize;

use super::find::{Chrome, ChromeError, ChromeKind};
use super::wire::{Wire, cdp};
use crate::gate::{Gate, OwnPorts, Policy};

/// How to start Chrome.
#[derive(Debug, Clone)]
pub struct LaunchSettings {
    pub chrome: Chrome,
    /// Chrome's own sandbox; off only where it cannot work (root, containers), and then recorded.
    pub sandbox: bool,
    pub own_ports: OwnPorts,
}

/// A running Chrome.
pub struct Browser {
    pub(super) wire: Wire,
    /// Product and version: `HeadlessChrome/156.0.8078.79`.
    pub product: String,
    /// Chrome's own user agent, without the word "Headless".
    pub user_agent: String,
    pub sandbox: bool,
    /// Keeps the process; dropping it removes the profile.
    process: Option<headless_chrome::Browser>,
    /// Chrome's own process id, as Chrome tells it. Distributions wrap Chrome in a script, so that the
    /// process that was started need not be the browser.
    browser_process: Option<i32>,
    /// What the browser itself would send goes here and nowhere else.
    _closed_gate: Option<Gate>,
}

/// `headless_chrome` keeps a connection of its own, on which it attaches a thread to every page that we
/// open. It has one time-out, for its calls and for giving up when idle: the shortest that works is
/// tried first, and waited for, so that its connection is gone before the first visit.
const OWN_CONNECTION: [Duration; 3] = [
    Duration::from_millis(300),
    Duration::from_secs(1),
    Duration::from_secs(5),
];
const ANSWER: Duration = Duration::from_secs(20);

/// Flags beyond those of `headless_chrome`, each with its reason.
const FLAGS: [&str; 18] = [
    // Everything goes through the gate, loopback included, and nothing beside it.
    "--proxy-bypass-list=<-loopback>",
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--dns-prefetch-disable",
    // Chrome resolves no name itself: the gate does.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    // No traffic of the browser's own.
    "--disable-component-update",
    "--disable-domain-reliability",
    "--no-pings",
    "--no-default-browser-check",
    // Pop-ups are refused before they open.
    "--block-new-web-contents",
    // Frames of other sites stay in the page's own process: one snapshot shows them all, and one
    // session holds their submissions too.
    "--disable-site-isolation-trials",
    // Pictures that a third party can take again.
    "--hide-scrollbars",
    "--mute-audio",
    "--font-render-hinting=none",
    "--force-device-scale-factor=1",
    "--disable-features=IsolateOrigins,site-per-process,Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider,InterestFeedContentSuggestions,CalculateNativeWinOcclusion,Prerender2,PreloadingHeuristics,SpeculationRulesPrefetchFuture,AutofillServerCommunication,HttpsUpgrades",
    "--disable-search-engine-choice-screen",
];

/// Defaults of `headless_chrome` that are not wanted: pop-ups stay blocked, flooding stays limited,
/// and the page is not told that a robot drives.
const UNWANTED: [&str; 3] = [
    "--disable-popup-blocking",
    "--disable-ipc-flooding-protection",
    "--enable-automation",
];

impl Browser {
    /// Starts or joins Chrome.
    ///
    /// # Errors
    /// Why it does not start or answer.
    pub async fn launch(settings: &LaunchSettings) -> Result<Browser, ChromeError> {
        match &settings.chrome {
            Chrome::Remote(address) => {
                if !on_this_machine(address) {
                    return Err(ChromeError::Connect(format!(
                        "{address} is not on this machine, and a browser elsewhere cannot use the \
                         proxy that guards its traffic; name one at ws://127.0.0.1:PORT/…"
                    )));
                }
                if let Some(port) = port_of(address) {
                    settings.own_ports.add(port);
                }
                let wire = Wire::connect(address).await.map_err(ChromeError::Connect)?;
                Browser::greet(wire, None, None, true).await
            }
            Chrome::Program(path, kind) => {
                // Only hosts of an empty list may pass: a gate that refuses everything.
                let policy = Policy {
                    only_hosts: Some(Default::default()),
                    own_ports: settings.own_ports.clone(),
                    ..Policy::default()
                };
                let closed = Gate::open(policy)
                    .await
                    .map_err(|e| ChromeError::Launch(e.to_string()))?;
                let proxy = closed.address();
                let (path, kind, sandbox) = (path.clone(), *kind, settings.sandbox);
                let process =
                    tokio::task::spawn_blocking(move || start(&path, kind, sandbox, &proxy))
                        .await
                        .map_err(|e| ChromeError::Launch(e.to_string()))??;
                let address = process.get_ws_url();
                if let Some(port) = port_of(&address) {
                    settings.own_ports.add(port);
                }
                let wire = Wire::connect(&address)
                    .await
                    .map_err(ChromeError::Connect)?;
                Browser::greet(wire, Some(process), Some(closed), sandbox).await
            }
        }
    }

    async fn greet(
        wire: Wire,
        process: Option<headless_chrome::Browser>,
        closed_gate: Option<Gate>,
        sandbox: bool,
    ) -> Result<Browser, ChromeError> {
        #[derive(Debug, Serialize)]
        struct Nothing {}
        let version = wire
            .call_raw(None, "Browser.getVersion", &Nothing {}, ANSWER)
            .await
            .map_err(|e| ChromeError::Connect(e.to_string()))?;
        let browser_process = match process {
            Some(_) => process_id(&wire).await,
            None => None,
        };
        let version: cdp::Browser::GetVersionReturnObject =
            serde_json::from_str(version.get()).map_err(|e| ChromeError::Connect(e.to_string()))?;
        Ok(Browser {
            wire,
            product: version.product,
            user_agent: version.user_agent.replace("HeadlessChrome", "Chrome"),
            sandbox,
            process,
            browser_process,
            _closed_gate: closed_gate,
        })
    }

    /// Whether Chrome itself still answers; a page of it may hang all the same.
    pub async fn answers(&self) -> bool {
        let nothing = serde_json::json!({});
        let limit = Duration::from_secs(5);
        let asked = self
            .wire
            .call_raw(None, "Browser.getVersion", &nothing, limit);
        asked.await.is_ok()
    }

    /// Whether the connection to Chrome is gone.
    pub fn is_gone(&self) -> bool {
        self.wire.is_closed()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // An open connection says that the id is still Chrome's and nobody else's.
        if self.process.is_some()
            && !self.wire.is_closed()
            && let Some(pid) = self.browser_process.and_then(Pid::from_raw)
        {
            let _ = kill_process(pid, Signal::KILL);
        }
    }
}

async fn process_id(wire: &Wire) -> Option<i32> {
    let raw = wire
        .call_raw(
            None,
            "SystemInfo.getProcessInfo",
            &serde_json::json!({}),
            ANSWER,
        )
        .await
        .ok()?;
    let info: serde_json::Value = serde_json::from_str(raw.get()).ok()?;
    info.get("processInfo")?
        .as_array()?
        .iter()
        .find(|process| process["type"] == "browser")
        .and_then(|process| i32::try_from(process["id"].as_i64()?).ok())
}

/// Starts the process; blocks until it answers and `headless_chrome`'s own connection is gone.
fn start(
    path: &std::path::Path,
    kind: ChromeKind,
    sandbox: bool,
    proxy: &str,
) -> Result<headless_chrome::Browser, ChromeError> {
    let mut args: Vec<&OsStr> = FLAGS.iter().map(OsStr::new).collect();
    if kind == ChromeKind::Full {
        args.push(OsStr::new("--headless=new"));
    }
    let mut last = String::new();
    for idle in OWN_CONNECTION {
        let options = LaunchOptions {
            path: Some(path.to_path_buf()),
            // Chrome picks a free port itself.
            port: Some(0),
            sandbox,
            headless: kind == ChromeKind::HeadlessShell,
            ignore_certificate_errors: false,
            idle_browser_timeout: idle,
            ignore_default_args: UNWANTED.iter().map(OsStr::new).collect(),
            args: args.clone(),
            proxy_server: Some(proxy),
            ..LaunchOptions::default()
        };
        match headless_chrome::Browser::new(options) {
            Ok(browser) => {
                std::thread::sleep(idle + Duration::from_millis(50));
                return Ok(browser);
            }
            Err(e) => last = e.to_string(),
        }
    }
    if last.contains("no-sandbox") || last.contains("WebSocket URL") {
        last.push_str(
            ". Where Chrome's own sandbox cannot work (as root, in some containers) it is switched \
             off by itself; `consentry doctor` says what was found",
        );
    }
    Err(ChromeError::Launch(last))
}

fn on_this_machine(address: &str) -> bool {
    let url = url::Url::parse(address).ok();
    match url.as_ref().and_then(url::Url::host) {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn port_of(address: &str) -> Option<u16> {
    url::Url::parse(address).ok()?.port()
}
