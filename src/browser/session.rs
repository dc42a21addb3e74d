//! One visit's view of Chrome: a fresh context behind its own gate, opened, waited for and closed.
//!
//! It refuses on the visitor's behalf whatever a page may ask for (dialogs, downloads, pop-ups,
//! submissions) and writes down each. What is seen stands in `look`, what is done in `act`.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::frames::{Children, pump};
use super::launch::Browser;
use super::traffic::{Answering, Hold, Traffic};
use super::visit_log::VisitLog;
use super::wire::{Wire, WireError, cdp};
use crate::artifact::{Told, Viewport};
use crate::gate::Gate;

/// How pages are shown.
#[derive(Debug, Clone)]
pub struct SessionSettings {
    pub viewport: Viewport,
    /// A telephone: touch, a narrow window that scales, and what such a browser tells of itself.
    pub mobile: bool,
    pub user_agent: String,
    /// `fr-FR`.
    pub locale: String,
    pub accept_language: String,
    /// The page that a visitor would come from.
    pub referrer: Option<String>,
    /// Certificates that nobody vouches for are accepted.
    pub insecure_tls: bool,
    pub own: OwnRequests,
    /// Quiet this long is settled.
    pub settle_quiet: Duration,
    /// Not settled before this long after `load`.
    pub settle_least: Duration,
    /// Settled or not, it goes on after this long.
    pub settle_most: Duration,
}

/// What requests to the target's own hosts carry, and no others.
#[derive(Clone, Default)]
pub struct OwnRequests {
    pub hosts: Vec<String>,
    pub headers: Vec<(String, String)>,
    /// User name and password.
    pub credentials: Option<(String, String)>,
}

impl std::fmt::Debug for OwnRequests {
    /// Values may be secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        write!(f, "{:?} {names:?}", self.hosts)
    }
}

/// A visit's session. [`Session::close`] ends it and its context.
pub struct Session {
    pub(super) wire: Wire,
    pub(super) id: String,
    pub(super) context: String,
    pub(super) main_frame: String,
    pub(super) settings: SessionSettings,
    pub(super) children: Arc<Mutex<Children>>,
    pub(super) gate: Arc<Gate>,
    log: Arc<Mutex<VisitLog>>,
    answering: Answering,
    pump: JoinHandle<()>,
}

/// Why a page did not open.
#[derive(Debug, Clone, thiserror::Error)]
pub enum NavigateError {
    /// Chrome's own word for it: `net::ERR_NAME_NOT_RESOLVED`.
    #[error("{0}")]
    Net(String),
    #[error("the address is a file to download, not a page")]
    Download,
    #[error("nothing arrived in time")]
    TimedOut,
    #[error("the page crashed")]
    Crashed,
    #[error(transparent)]
    Wire(#[from] WireError),
}

/// How far the page had come when waiting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoadState {
    /// The `load` event came.
    Loaded,
    /// The document was there, the `load` event was not.
    ContentOnly,
}

/// Answers that need no page.
pub(super) const QUICK: Duration = Duration::from_secs(10);
/// Answers that need the page to be laid out or painted.
pub(super) const SLOW: Duration = Duration::from_secs(30);
/// How long a page that was stopped on its way elsewhere is given to load on.
const HALTED: Duration = Duration::from_secs(2);
/// How often waiting looks again.
const TICK: Duration = Duration::from_millis(15);

/// Tells, from a world of its own that the page cannot reach, when the document changes.
pub(super) const WATCHER: &str = "(() => { let last = 0; const tell = () => { const now = Date.now(); \
    if (now - last > 80) { last = now; consentryChanged(''); } }; \
    new MutationObserver(tell).observe(document, { subtree: true, childList: true, \
    characterData: true, attributes: true, attributeFilter: ['checked', 'aria-checked', \
    'disabled', 'hidden', 'required', 'value', 'open'] }); })();";
pub(super) const WORLD: &str = "consentry";

impl Session {
    /// Opens a fresh context behind a gate, ready to navigate.
    ///
    /// # Errors
    /// Where Chrome refuses or is gone.
    pub async fn open(
        browser: &Browser,
        gate: Arc<Gate>,
        settings: SessionSettings,
    ) -> Result<Session, WireError> {
        let wire = browser.wire.clone();
        let context = context_behind(&wire, &gate).await?;
        let window = json!({ "url": "about:blank", "browserContextId": context,
            "width": settings.viewport.width, "height": settings.viewport.height });
        let target = wire
            .call_raw(None, "Target.createTarget", &window, QUICK)
            .await?;
        let target = field(&target, "targetId");
        let id = attach(&wire, &target).await?;
        let (sender, events) = tokio::sync::mpsc::unbounded_channel();
        wire.listen(&id, sender.clone());
        let log = Arc::new(Mutex::new(VisitLog::new(target.clone())));
        let children = Arc::new(Mutex::new(Children::new(id.clone(), sender)));
        let answering = Answering {
            wire: wire.clone(),
            main_frame: target.clone(),
            gate: gate.clone(),
            log: log.clone(),
            traffic: Arc::new(Mutex::new(Traffic::default())),
            own: Arc::new(settings.own.clone()),
        };
        let set_up = settings.set_up(browser);
        let pump = tokio::spawn(pump(
            answering.clone(),
            children.clone(),
            events,
            set_up.for_frames(),
        ));
        let session = Session {
            wire,
            id,
            context,
            main_frame: target,
            settings,
            children,
            gate,
            log,
            answering,
            pump,
        };
        session.prepare(set_up).await?;
        Ok(session)
    }

    async fn prepare(&self, set_up: SetUp) -> Result<(), WireError> {
        let patterns = self.answering.patterns();
        let mut calls = set_up.calls;
        calls.push(("Fetch.enable", patterns));
        // Sent together, answered in order.
        let sent = calls
            .iter()
            .map(|(method, params)| self.wire.call_raw(Some(&self.id), method, params, QUICK));
        let answers = futures_util::future::join_all(sent).await;
        for ((method, _), answer) in calls.iter().zip(answers) {
            match answer {
                Ok(_) => {}
                // An older Chrome may lack a nicety; but without this one nothing would hold a
                // submission.
                Err(e @ WireError::Refused(..)) if *method == "Fetch.enable" => return Err(e),
                Err(WireError::Refused(..)) => {}
                Err(e) => return Err(e),
            }
        }
        let deny = json!({ "behavior": "deny", "browserContextId": self.context,
            "eventsEnabled": true });
        self.wire
            .call_raw(None, "Browser.setDownloadBehavior", &deny, QUICK)
            .await
            .map(|_| ())
    }

    /// The window that the page is shown in.
    pub fn viewport(&self) -> Viewport {
        self.settings.viewport
    }

    /// `fr-FR`.
    pub fn locale(&self) -> String {
        self.settings.locale.clone()
    }

    /// Opens an address and waits until the first document is there.
    ///
    /// # Errors
    /// Why it is not.
    pub async fn navigate(&self, url: &str, deadline: Duration) -> Result<(), NavigateError> {
        let mut params = json!({ "url": url });
        if let Some(referrer) = &self.settings.referrer {
            params["referrer"] = json!(referrer);
        }
        let answer = self
            .wire
            .call_raw(Some(&self.id), "Page.navigate", &params, deadline)
            .await;
        let answer = match answer {
            Err(WireError::Deadline(_)) => return Err(NavigateError::TimedOut),
            answer => answer?,
        };
        #[derive(Deserialize, Default)]
        #[serde(rename_all = "camelCase")]
        struct Answer {
            error_text: Option<String>,
            is_download: Option<bool>,
        }
        let answer: Answer = serde_json::from_str(answer.get()).unwrap_or_default();
        if answer.is_download == Some(true) || self.log().download {
            return Err(NavigateError::Download);
        }
        match answer.error_text.filter(|text| !text.is_empty()) {
            Some(text) => Err(NavigateError::Net(text)),
            None => Ok(()),
        }
    }

    /// Waits for the `load` event of the document that the main frame shows now.
    ///
    /// # Errors
    /// Where the page crashed or nothing came in time.
    pub async fn wait_for_load(&self, deadline: Duration) -> Result<LoadState, NavigateError> {
        let until = Instant::now() + deadline;
        loop {
            {
                let log = self.log();
                if log.crashed {
                    return Err(NavigateError::Crashed);
                }
                if log.documents > 0 && log.loaded == log.documents {
                    return Ok(LoadState::Loaded);
                }
                // A page that was stopped on its way elsewhere loads no further: it is what it is.
                let halted = log.stopped && log.documents > 0 && log.network_quiet();
                if halted && log.changed.elapsed() >= HALTED {
                    return Ok(LoadState::ContentOnly);
                }
                if Instant::now() >= until {
                    let there = log.documents > 0 && log.content_loaded == log.documents;
                    return if there {
                        Ok(LoadState::ContentOnly)
                    } else {
                        Err(NavigateError::TimedOut)
                    };
                }
            }
            if self.wire.is_closed() {
                return Err(WireError::Closed.into());
            }
            tokio::time::sleep(TICK).await;
        }
    }

    /// Waits until network and document have been quiet, within the settle limits. Gives `false` where
    /// the main frame went on to another document than the one of that number.
    ///
    /// # Errors
    /// Where the page crashed.
    pub async fn settle(&self, document: u32) -> Result<bool, NavigateError> {
        let limits = (
            self.settings.settle_quiet,
            self.settings.settle_least,
            self.settings.settle_most,
        );
        let rested = self.wait_quiet(document, limits).await?;
        if rested == Rested::Restless {
            self.log().gap(
                Told::of("settled-page"),
                Told::of("still-changing").number("seconds", self.settings.settle_most.as_secs()),
            );
        }
        Ok(rested != Rested::Elsewhere)
    }

    /// Waits, after something was done, until the page has been quiet that long. Gives `false` where it
    /// went on to another document.
    ///
    /// # Errors
    /// Where the page crashed.
    pub async fn rest(&self, quiet: Duration, most: Duration) -> Result<bool, NavigateError> {
        let document = self.log().documents;
        let rested = self.wait_quiet(document, (quiet, quiet, most)).await?;
        Ok(rested != Rested::Elsewhere)
    }

    async fn wait_quiet(
        &self,
        document: u32,
        (quiet, least, most): (Duration, Duration, Duration),
    ) -> Result<Rested, NavigateError> {
        let began = Instant::now();
        loop {
            {
                let log = self.log();
                if log.crashed {
                    return Err(NavigateError::Crashed);
                }
                if log.documents != document {
                    return Ok(Rested::Elsewhere);
                }
                let still = log.network_quiet()
                    && log.changed.elapsed() >= quiet
                    && began.elapsed() >= least;
                if still && self.traffic().quiet() {
                    return Ok(Rested::Quiet);
                }
                if began.elapsed() >= most {
                    return Ok(Rested::Restless);
                }
            }
            if self.wire.is_closed() {
                return Err(WireError::Closed.into());
            }
            tokio::time::sleep(TICK).await;
        }
    }

    /// Changes what the page may send, from now on.
    ///
    /// # Errors
    /// Where Chrome refuses: then nothing may be typed.
    pub async fn hold(&self, hold: Hold) -> Result<(), WireError> {
        match &hold {
            Hold::Submissions | Hold::Noted | Hold::Nothing => self.gate.open_up(),
            Hold::Watched(needles) | Hold::Onward(needles) => {
                // A second lock behind Chrome's interception, for what that does not see.
                let needles = needles.clone();
                self.gate.inspect(Arc::new(move |head, body| {
                    let found = needles.in_request(&head.url, &head.headers, body);
                    match (found.hits.is_empty(), found.complete) {
                        (true, true) => Ok(()),
                        (false, _) => Err("it carries what was typed".to_string()),
                        (true, false) => Err("it cannot be looked into".to_string()),
                    }
                }));
                self.gate.watch();
            }
            Hold::All(_) => self.gate.shut(),
        }
        self.traffic().hold = hold;
        let patterns = self.answering.patterns();
        let others = lock(&self.children).sessions();
        let calls = others.iter().map(|id| {
            self.wire
                .call_raw(Some(id), "Fetch.enable", &patterns, QUICK)
        });
        // A worker may not know interception; the gate stands behind it.
        let _ = futures_util::future::join_all(calls).await;
        self.wire
            .call_raw(Some(&self.id), "Fetch.enable", &patterns, QUICK)
            .await
            .map(|_| ())
    }

    /// Answers the requests that are held, as a network that is gone would.
    pub fn release(&self) {
        self.answering.release();
    }

    /// What was seen so far.
    pub fn log(&self) -> MutexGuard<'_, VisitLog> {
        lock(&self.log)
    }

    /// What was sent and what was not.
    pub fn traffic(&self) -> MutexGuard<'_, Traffic> {
        lock(&self.answering.traffic)
    }

    /// Ends the context with everything in it. What it would send on the way out finds the gate shut.
    pub async fn close(self) {
        self.gate.shut();
        end_context(&self.wire, &self.context).await;
        for id in lock(&self.children).sessions() {
            self.wire.forget(&id);
        }
        self.wire.forget(&self.id);
        self.pump.abort();
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rested {
    Quiet,
    /// It did not become quiet.
    Restless,
    /// Another document.
    Elsewhere,
}

/// What a new session is told before it may go on.
pub(super) struct SetUp {
    pub calls: Vec<(&'static str, Value)>,
}

impl SetUp {
    /// What concerns frames of other processes too.
    fn for_frames(&self) -> Vec<(&'static str, Value)> {
        const ALSO: [&str; 8] = [
            "Page.enable",
            "Network.enable",
            "Runtime.enable",
            "Emulation.setUserAgentOverride",
            "Network.setBypassServiceWorker",
            "Runtime.addBinding",
            "Page.addScriptToEvaluateOnNewDocument",
            "Target.setAutoAttach",
        ];
        self.calls
            .iter()
            .filter(|(method, _)| ALSO.contains(method))
            .cloned()
            .collect()
    }
}

impl SessionSettings {
    fn set_up(&self, browser: &Browser) -> SetUp {
        let viewport = self.viewport;
        let mut calls = vec![
            ("Page.enable", json!({})),
            (
                "Network.enable",
                json!({ "maxTotalBufferSize": 100 << 20, "maxResourceBufferSize": 20 << 20 }),
            ),
            ("Runtime.enable", json!({})),
            ("Log.enable", json!({})),
            ("Performance.enable", json!({})),
            // What a worker of the page would answer was sent before the visit: there is no such thing.
            ("Network.setBypassServiceWorker", json!({ "bypass": true })),
            (
                "Emulation.setDeviceMetricsOverride",
                json!({ "width": viewport.width, "height": viewport.height,
                    "deviceScaleFactor": viewport.scale, "mobile": self.mobile }),
            ),
            ("Emulation.setUserAgentOverride", self.agent(browser)),
            (
                "Emulation.setLocaleOverride",
                json!({ "locale": self.locale.replace('-', "_") }),
            ),
            // Several pages are typed into at once, and only one window can have the focus.
            (
                "Emulation.setFocusEmulationEnabled",
                json!({ "enabled": true }),
            ),
            (
                "Runtime.addBinding",
                json!({ "name": "consentryChanged", "executionContextName": WORLD }),
            ),
            (
                "Page.addScriptToEvaluateOnNewDocument",
                json!({ "source": WATCHER, "worldName": WORLD }),
            ),
            (
                "Page.setInterceptFileChooserDialog",
                json!({ "enabled": true }),
            ),
            // Frames of other processes and workers wait until they are watched too.
            (
                "Target.setAutoAttach",
                json!({ "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true }),
            ),
        ];
        if self.mobile {
            calls.push((
                "Emulation.setTouchEmulationEnabled",
                json!({ "enabled": true, "maxTouchPoints": 5 }),
            ));
            calls.push((
                "Emulation.setEmitTouchEventsForMouse",
                json!({ "enabled": true, "configuration": "mobile" }),
            ));
        }
        if self.insecure_tls {
            calls.push((
                "Security.setIgnoreCertificateErrors",
                json!({ "ignore": true }),
            ));
        }
        SetUp { calls }
    }

    /// The user agent with the client hints that belong to it.
    fn agent(&self, browser: &Browser) -> Value {
        let version = browser.product.split('/').nth(1).unwrap_or("0");
        let major = version.split('.').next().unwrap_or("0");
        let brands = json!([
            { "brand": "Chromium", "version": major },
            { "brand": "Not_A Brand", "version": "24" },
        ]);
        let (platform, hint, model, architecture) = if self.mobile {
            ("Linux armv81", "Android", "Pixel 7", "")
        } else {
            ("Linux x86_64", "Linux", "", "x86")
        };
        json!({ "userAgent": self.user_agent,
            "acceptLanguage": self.accept_language,
            "platform": platform,
            "userAgentMetadata": { "brands": brands, "platform": hint,
                "platformVersion": if self.mobile { "14.0.0" } else { "" },
                "architecture": architecture, "model": model, "mobile": self.mobile } })
    }
}

/// A fresh context, all of whose traffic passes a gate; gives its id.
pub(super) async fn context_behind(wire: &Wire, gate: &Gate) -> Result<String, WireError> {
    let context = cdp::Target::CreateBrowserContext {
        dispose_on_detach: Some(true),
        proxy_server: Some(gate.address()),
        proxy_bypass_list: Some("<-loopback>".to_string()),
        origins_with_universal_network_access: None,
    };
    Ok(wire.call(None, context, QUICK).await?.browser_context_id)
}

/// Ends a context with everything in it. One that does not end goes with the browser.
pub(super) async fn end_context(wire: &Wire, context: &str) {
    let context = json!({ "browserContextId": context });
    let _ = wire
        .call_raw(None, "Target.disposeBrowserContext", &context, QUICK)
        .await;
}

/// A session with a target; gives its id.
pub(super) async fn attach(wire: &Wire, target: &str) -> Result<String, WireError> {
    let flat = json!({ "targetId": target, "flatten": true });
    let attached = wire
        .call_raw(None, "Target.attachToTarget", &flat, QUICK)
        .await?;
    Ok(field(&attached, "sessionId"))
}

pub(super) fn field(raw: &RawValue, name: &str) -> String {
    let value: Value = serde_json::from_str(raw.get()).unwrap_or_default();
    value[name].as_str().unwrap_or_default().to_string()
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
