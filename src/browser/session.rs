//! One visit's view of Chrome: a fresh context behind its own gate, and what can be asked of it.
//!
//! It refuses on the visitor's behalf whatever a page may ask for (dialogs, downloads, pop-ups,
//! submissions by script) and writes down each.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinHandle;

use super::launch::Browser;
use super::visit_log::VisitLog;
use super::wire::{Wire, WireError, WireEvent, cdp};
use crate::artifact::{STYLES, Told, Viewport};
use crate::gate::Gate;

/// How pages are shown.
#[derive(Debug, Clone)]
pub struct SessionSettings {
    pub viewport: Viewport,
    pub user_agent: String,
    /// `fr-FR`.
    pub locale: String,
    pub accept_language: String,
    /// Quiet this long is settled.
    pub settle_quiet: Duration,
    /// Not settled before this long after `load`.
    pub settle_least: Duration,
    /// Settled or not, it goes on after this long.
    pub settle_most: Duration,
}

/// A visit's session. [`Session::close`] ends it and its context.
pub struct Session {
    wire: Wire,
    id: String,
    context: String,
    log: Arc<Mutex<VisitLog>>,
    settings: SessionSettings,
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

/// A picture of the page, or of one tile of it.
pub struct Shot {
    pub png: Vec<u8>,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// The pictures of a page, top to bottom.
pub struct Shots {
    pub tiles: Vec<Shot>,
    /// CSS pixels at the foot of the page that are not pictured.
    pub left_out: f64,
}

/// Chrome refuses pictures above 16,384 pixels; tiles stay well below.
const TILE_HEIGHT: f64 = 8_000.0;
/// Pages are pictured this far down.
const MOST_HEIGHT: f64 = 40_000.0;
/// Wider pages are cut at the right.
const MOST_WIDTH: f64 = 4_000.0;
/// A document with more nodes is not taken: the snapshot would not fit.
const MOST_NODES: f64 = 400_000.0;
/// Answers that need no page.
const QUICK: Duration = Duration::from_secs(10);
/// Answers that need the page to be laid out or painted.
const SLOW: Duration = Duration::from_secs(30);
/// Documents one main frame may go through before it is held: redirect and reload loops.
const MOST_DOCUMENTS: u32 = 6;

/// How long a page that was stopped on its way elsewhere is given to load on.
const HALTED: Duration = Duration::from_secs(2);

/// Tells, from a world of its own that the page cannot reach, when the document changes.
const WATCHER: &str = "(() => { let last = 0; const tell = () => { const now = Date.now(); \
    if (now - last > 80) { last = now; consentryChanged(''); } }; \
    new MutationObserver(tell).observe(document, { subtree: true, childList: true, \
    characterData: true, attributes: true, attributeFilter: ['checked', 'aria-checked', \
    'disabled', 'hidden', 'required', 'value', 'open'] }); })();";
const WORLD: &str = "consentry";

#[derive(Serialize, Debug)]
struct Nothing {}

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
        let context = wire
            .call(
                None,
                cdp::Target::CreateBrowserContext {
                    dispose_on_detach: Some(true),
                    proxy_server: Some(gate.address()),
                    proxy_bypass_list: Some("<-loopback>".to_string()),
                    origins_with_universal_network_access: None,
                },
                QUICK,
            )
            .await?
            .browser_context_id;
        let target = wire
            .call_raw(
                None,
                "Target.createTarget",
                &json!({ "url": "about:blank", "browserContextId": context,
                    "width": settings.viewport.width, "height": settings.viewport.height }),
                QUICK,
            )
            .await?;
        let target = field(&target, "targetId");
        let attached = wire
            .call_raw(
                None,
                "Target.attachToTarget",
                &json!({ "targetId": target, "flatten": true }),
                QUICK,
            )
            .await?;
        let id = field(&attached, "sessionId");
        let events = wire.listen(&id);
        let log = Arc::new(Mutex::new(VisitLog::new(target.clone())));
        let pump = tokio::spawn(pump(
            wire.clone(),
            id.clone(),
            target,
            events,
            log.clone(),
            gate,
        ));
        let session = Session {
            wire,
            id,
            context,
            log,
            settings,
            pump,
        };
        session.prepare(browser).await?;
        Ok(session)
    }

    async fn prepare(&self, browser: &Browser) -> Result<(), WireError> {
        let viewport = self.settings.viewport;
        let major: String = browser
            .product
            .split('/')
            .nth(1)
            .unwrap_or("0")
            .split('.')
            .next()
            .unwrap_or("0")
            .to_string();
        let brands = json!([
            { "brand": "Chromium", "version": major },
            { "brand": "Not_A Brand", "version": "24" },
        ]);
        let calls: [(&'static str, Value); 12] = [
            ("Page.enable", json!({})),
            (
                "Network.enable",
                json!({ "maxTotalBufferSize": 100 << 20, "maxResourceBufferSize": 20 << 20 }),
            ),
            ("Runtime.enable", json!({})),
            ("Log.enable", json!({})),
            ("Performance.enable", json!({})),
            (
                "Fetch.enable",
                json!({ "patterns": [{ "resourceType": "Document" }] }),
            ),
            (
                "Emulation.setDeviceMetricsOverride",
                json!({ "width": viewport.width, "height": viewport.height,
                    "deviceScaleFactor": viewport.scale, "mobile": false }),
            ),
            (
                "Emulation.setUserAgentOverride",
                json!({ "userAgent": self.settings.user_agent,
                    "acceptLanguage": self.settings.accept_language,
                    "platform": "Linux x86_64",
                    "userAgentMetadata": { "brands": brands, "platform": "Linux",
                        "platformVersion": "", "architecture": "x86", "model": "",
                        "mobile": false } }),
            ),
            (
                "Emulation.setLocaleOverride",
                json!({ "locale": self.settings.locale.replace('-', "_") }),
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
        ];
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

    /// Opens an address and waits until the first document is there.
    ///
    /// # Errors
    /// Why it is not.
    pub async fn navigate(&self, url: &str, deadline: Duration) -> Result<(), NavigateError> {
        let params = json!({ "url": url });
        let answer = self
            .wire
            .call_raw(Some(&self.id), "Page.navigate", &params, deadline)
            .await;
        let answer = match answer {
            Err(WireError::Deadline(_)) => return Err(NavigateError::TimedOut),
            answer => answer?,
        };
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Answer {
            error_text: Option<String>,
            is_download: Option<bool>,
        }
        let answer: Answer = serde_json::from_str(answer.get()).unwrap_or(Answer {
            error_text: None,
            is_download: None,
        });
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
        let began = Instant::now();
        loop {
            {
                let mut log = self.log();
                if log.crashed {
                    return Err(NavigateError::Crashed);
                }
                if log.documents != document {
                    return Ok(false);
                }
                let quiet = log.network_quiet()
                    && log.changed.elapsed() >= self.settings.settle_quiet
                    && began.elapsed() >= self.settings.settle_least;
                if quiet {
                    return Ok(true);
                }
                if began.elapsed() >= self.settings.settle_most {
                    log.gap(
                        Told::of("settled-page"),
                        Told::of("still-changing")
                            .number("seconds", self.settings.settle_most.as_secs()),
                    );
                    return Ok(true);
                }
            }
            if self.wire.is_closed() {
                return Err(WireError::Closed.into());
            }
            tokio::time::sleep(TICK).await;
        }
    }

    /// The snapshot of states alone: no styles, no layout.
    ///
    /// # Errors
    /// Where Chrome cannot give it.
    pub async fn states(&self) -> Result<Box<RawValue>, WireError> {
        self.snapshot(&[], false).await
    }

    /// The full snapshot: computed styles, boxes, paint order.
    ///
    /// # Errors
    /// Where Chrome cannot give it.
    pub async fn full_snapshot(&self) -> Result<Box<RawValue>, WireError> {
        self.snapshot(&STYLES, true).await
    }

    async fn snapshot(&self, styles: &[&str], layout: bool) -> Result<Box<RawValue>, WireError> {
        const METHOD: &str = "DOMSnapshot.captureSnapshot";
        let nodes = self.metric("Nodes").await?;
        if nodes > MOST_NODES {
            let why = format!("the page has {nodes} nodes, more than a snapshot can hold");
            return Err(WireError::Refused(METHOD, why));
        }
        let params = json!({ "computedStyles": styles, "includePaintOrder": layout,
            "includeDOMRects": false });
        self.wire
            .call_raw(Some(&self.id), METHOD, &params, SLOW)
            .await
    }

    async fn metric(&self, name: &str) -> Result<f64, WireError> {
        let raw = self
            .wire
            .call_raw(Some(&self.id), "Performance.getMetrics", &Nothing {}, SLOW)
            .await?;
        let value: Value = serde_json::from_str(raw.get()).unwrap_or_default();
        let found = value
            .get("metrics")
            .and_then(Value::as_array)
            .and_then(|list| list.iter().find(|metric| metric["name"] == name));
        Ok(found.and_then(|m| m["value"].as_f64()).unwrap_or_default())
    }

    /// Pictures the whole page, in tiles where it is tall.
    ///
    /// # Errors
    /// Where Chrome cannot paint it.
    pub async fn pictures(&self) -> Result<Shots, WireError> {
        let raw = self
            .wire
            .call_raw(Some(&self.id), "Page.getLayoutMetrics", &Nothing {}, SLOW)
            .await?;
        let metrics: Value = serde_json::from_str(raw.get()).unwrap_or_default();
        let size = |pointer| metrics.pointer(pointer).and_then(Value::as_f64);
        let viewport = self.settings.viewport;
        let width = size("/cssContentSize/width")
            .unwrap_or_default()
            .clamp(f64::from(viewport.width), MOST_WIDTH);
        let height = size("/cssContentSize/height")
            .unwrap_or_default()
            .max(f64::from(viewport.height));
        let pictured = height.min(MOST_HEIGHT);
        let mut tiles = Vec::new();
        let mut y = 0.0;
        while y < pictured {
            let tile = (pictured - y).min(TILE_HEIGHT);
            let params = json!({ "format": "png", "optimizeForSpeed": true,
                "captureBeyondViewport": true, "fromSurface": true,
                "clip": { "x": 0, "y": y, "width": width, "height": tile, "scale": 1 } });
            let raw = self
                .wire
                .call_raw(Some(&self.id), "Page.captureScreenshot", &params, SLOW)
                .await?;
            let data = field(&raw, "data");
            let png = base64::engine::general_purpose::STANDARD
                .decode(data)
                .map_err(|e| WireError::Unreadable("Page.captureScreenshot", e.to_string()))?;
            tiles.push(Shot {
                png,
                y,
                width,
                height: tile,
            });
            y += tile;
        }
        Ok(Shots {
            tiles,
            left_out: height - pictured,
        })
    }

    /// The body of a finished request, decoded by Chrome.
    ///
    /// # Errors
    /// Where Chrome no longer has it.
    pub async fn body(&self, request: &str) -> Result<Vec<u8>, WireError> {
        const METHOD: &str = "Network.getResponseBody";
        let params = json!({ "requestId": request });
        let raw = self
            .wire
            .call_raw(Some(&self.id), METHOD, &params, QUICK)
            .await?;
        #[derive(Deserialize)]
        struct Body {
            body: String,
            #[serde(rename = "base64Encoded")]
            encoded: bool,
        }
        let body: Body = serde_json::from_str(raw.get())
            .map_err(|e| WireError::Unreadable(METHOD, e.to_string()))?;
        if !body.encoded {
            return Ok(body.body.into_bytes());
        }
        base64::engine::general_purpose::STANDARD
            .decode(body.body)
            .map_err(|e| WireError::Unreadable(METHOD, e.to_string()))
    }

    /// The address the main frame shows.
    pub async fn address(&self) -> Option<String> {
        let raw = self
            .wire
            .call_raw(Some(&self.id), "Page.getFrameTree", &Nothing {}, QUICK)
            .await
            .ok()?;
        let tree: Value = serde_json::from_str(raw.get()).ok()?;
        tree.pointer("/frameTree/frame/url")
            .and_then(Value::as_str)
            .map(str::to_string)
    }

    /// What was seen so far.
    pub fn log(&self) -> MutexGuard<'_, VisitLog> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the context with everything in it.
    pub async fn close(self) {
        let dispose = json!({ "browserContextId": self.context });
        let _ = self
            .wire
            .call_raw(None, "Target.disposeBrowserContext", &dispose, QUICK)
            .await;
        self.wire.forget(&self.id);
        self.pump.abort();
    }
}

/// How often waiting looks again.
const TICK: Duration = Duration::from_millis(15);

/// Takes the session's events: logs each, and answers those that wait for an answer.
async fn pump(
    wire: Wire,
    session: String,
    main_frame: String,
    mut events: UnboundedReceiver<WireEvent>,
    log: Arc<Mutex<VisitLog>>,
    gate: Arc<Gate>,
) {
    while let Some(event) = events.recv().await {
        let mut held = log.lock().unwrap_or_else(PoisonError::into_inner);
        held.take(&event);
        let answer = match event.method.as_str() {
            "Page.javascriptDialogOpening" => Some((
                "Page.handleJavaScriptDialog",
                json!({ "accept": event.params["type"] == "beforeunload" }),
            )),
            "Fetch.requestPaused" => Some(document(&event.params, &main_frame, &gate, &mut held)),
            _ => None,
        };
        drop(held);
        if let Some((method, params)) = answer {
            let (wire, session) = (wire.clone(), session.clone());
            tokio::spawn(async move {
                let _ = wire.call_raw(Some(&session), method, &params, QUICK).await;
            });
        }
    }
}

/// Lets a document request go on, or stops it: nothing is ever submitted, a page that would leave for a
/// host that may not be reached stays where it is, and a loop ends.
fn document(
    paused: &Value,
    main_frame: &str,
    gate: &Gate,
    log: &mut VisitLog,
) -> (&'static str, Value) {
    let id = &paused["requestId"];
    let url = paused["request"]["url"].as_str().unwrap_or_default();
    let method = paused["request"]["method"].as_str().unwrap_or_default();
    let main = paused["frameId"] == main_frame;
    let host = url::Url::parse(url)
        .ok()
        .map(|url| crate::target::host(&url))
        .unwrap_or_default();
    let stop = |log: &mut VisitLog, what: Told, why: Told| {
        log.gap(what, why);
        log.stopped |= main;
        (
            "Fetch.failRequest",
            json!({ "requestId": id, "errorReason": "Aborted" }),
        )
    };
    let frame = paused["frameId"].as_str().unwrap_or_default();
    if (method != "GET" && method != "HEAD") || log.submits(frame, url) {
        let what = Told::of("submission").with("method", method);
        return stop(log, what.with("host", host), Told::of("not-submitted"));
    }
    if main && log.documents >= 1 {
        if !gate.allows_host(&host) {
            let what = Told::of("way-on").with("host", host);
            return stop(log, what, Told::of("third-parties-kept-out"));
        }
        if log.documents >= MOST_DOCUMENTS {
            return stop(log, Told::of("further-reloads"), Told::of("kept-going"));
        }
    }
    ("Fetch.continueRequest", json!({ "requestId": id }))
}

fn field(raw: &RawValue, name: &str) -> String {
    let value: Value = serde_json::from_str(raw.get()).unwrap_or_default();
    value[name].as_str().unwrap_or_default().to_string()
}
