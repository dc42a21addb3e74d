//! What Chrome told about one visit, gathered event by event.
//!
//! Pure bookkeeping over [`WireEvent`]s: it sends nothing and decides nothing.

use std::collections::{HashMap, HashSet};
use std::time::Instant;

use serde_json::Value;

use super::wire::WireEvent;
use crate::artifact::{ConsoleLine, Exchange, Gap, Told};

/// The log of a visit.
#[derive(Debug)]
pub struct VisitLog {
    began: Instant,
    main_frame: String,
    exchanges: Vec<Seen>,
    by_request: HashMap<String, usize>,
    /// Requests under way, with when they began.
    open: HashMap<String, Instant>,
    /// Requests that are held, or were looked into.
    held: HashSet<String>,
    /// By frame, the address that a form of it is being sent to.
    submissions: HashMap<String, String>,
    /// What the main frame last asked for.
    pub main_request: Option<String>,
    pub console: Vec<ConsoleLine>,
    pub gaps: Vec<Gap>,
    /// Addresses the main document came from by HTTP redirects.
    pub redirects: Vec<String>,
    /// How many documents the main frame has committed.
    pub documents: u32,
    /// For which of them the `load` event came.
    pub loaded: u32,
    pub content_loaded: u32,
    /// Last time the network or the document changed.
    pub changed: Instant,
    pub crashed: bool,
    /// The main frame was kept from going to another document.
    pub stopped: bool,
    pub download: bool,
    /// Hosts that a name and a password were given to.
    pub signed_in: HashSet<String>,
    /// Status, type and headers of the main document.
    pub main_response: Option<MainResponse>,
    /// The answer to the main frame's last request, which is a document of its only once it is shown: a
    /// download never is.
    coming: Option<MainResponse>,
    /// The request that the document shown came by.
    shown: String,
}

/// One exchange, with what is needed to fetch its body.
#[derive(Debug, Clone)]
pub struct Seen {
    pub request: String,
    pub finished: bool,
    pub exchange: Exchange,
}

/// The main document's answer.
#[derive(Debug, Clone, Default)]
pub struct MainResponse {
    pub request: String,
    pub url: String,
    pub status: u16,
    pub mime: String,
    pub content_type: Option<String>,
    pub headers: Vec<(String, String)>,
}

/// A request that has been under way this long no longer keeps a page from being settled (long polls,
/// event streams).
const LONG_REQUEST: std::time::Duration = std::time::Duration::from_secs(4);
/// Exchanges, console lines and their lengths are bounded: a page may be hostile.
const MOST_EXCHANGES: usize = 2_000;
const MOST_CONSOLE_LINES: usize = 200;
const LONGEST_TEXT: usize = 2_000;

impl VisitLog {
    pub fn new(main_frame: String) -> Self {
        VisitLog {
            began: Instant::now(),
            main_frame,
            exchanges: Vec::new(),
            by_request: HashMap::new(),
            held: HashSet::new(),
            submissions: HashMap::new(),
            main_request: None,
            open: HashMap::new(),
            console: Vec::new(),
            gaps: Vec::new(),
            redirects: Vec::new(),
            documents: 0,
            loaded: 0,
            content_loaded: 0,
            changed: Instant::now(),
            crashed: false,
            stopped: false,
            download: false,
            signed_in: HashSet::new(),
            main_response: None,
            coming: None,
            shown: String::new(),
        }
    }

    /// Takes one event. Unknown ones are passed over.
    pub fn take(&mut self, event: &WireEvent) {
        let p = &event.params;
        match event.method.as_str() {
            "Network.requestWillBeSent" => self.request(p),
            "Network.responseReceived" => self.response(p),
            "Network.loadingFinished" => self.finished(p, None),
            "Network.loadingFailed" => {
                let why = text(p, "/errorText");
                self.finished(p, Some(why));
            }
            "Page.frameNavigated" if text(p, "/frame/id") == self.main_frame => {
                self.documents += 1;
                self.changed = Instant::now();
                // The request of a document bears the name of its loader.
                self.shown = text(p, "/frame/loaderId");
                self.show_coming();
            }
            "Page.frameRequestedNavigation" => self.requested_navigation(p),
            "Page.domContentEventFired" => self.content_loaded = self.documents,
            "Page.loadEventFired" => {
                self.loaded = self.documents;
                self.changed = Instant::now();
            }
            "Page.downloadWillBegin" | "Browser.downloadWillBegin" => {
                self.download = true;
                self.gap(Told::of("download"), Told::of("download-refused"));
            }
            "Page.javascriptDialogOpening" => {
                let words = short(&text(p, "/message"));
                self.gap(
                    Told::of("dialog").with("words", words),
                    Told::of("dialog-dismissed"),
                );
            }
            "Runtime.bindingCalled" => self.changed = Instant::now(),
            "Runtime.consoleAPICalled" => self.console_call(p),
            "Runtime.exceptionThrown" => {
                let words = p
                    .pointer("/exceptionDetails/exception/description")
                    .or_else(|| p.pointer("/exceptionDetails/text"))
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                self.line("error", words);
            }
            "Log.entryAdded" => {
                let level = text(p, "/entry/level");
                if matches!(level.as_str(), "error" | "warning") {
                    let words = format!("{} {}", text(p, "/entry/text"), text(p, "/entry/url"));
                    self.line(&level, words.trim());
                }
            }
            "Inspector.targetCrashed" => self.crashed = true,
            _ => {}
        }
    }

    /// A form of the page is about to be sent, whatever its method.
    fn requested_navigation(&mut self, p: &Value) {
        let submission = matches!(
            text(p, "/reason").as_str(),
            "formSubmissionGet" | "formSubmissionPost"
        );
        let frame = text(p, "/frameId");
        if submission && self.submissions.len() < 1_000 {
            self.submissions.insert(frame, text(p, "/url"));
        } else {
            self.submissions.remove(&frame);
        }
    }

    /// Whether a frame's way to an address is the sending of a form.
    pub fn submits(&self, frame: &str, url: &str) -> bool {
        let bare = |url: &str| url.split('#').next().unwrap_or_default().to_string();
        self.submissions
            .get(frame)
            .is_some_and(|to| bare(to) == bare(url))
    }

    /// A request that is held is not waited for.
    pub fn held(&mut self, request: &str) {
        self.open.remove(request);
        // Chrome may tell of the request itself only afterwards.
        if self.held.len() < MOST_EXCHANGES {
            self.held.insert(request.to_string());
        }
    }

    /// Whether nothing is under way that a settled page waits for.
    pub fn network_quiet(&self) -> bool {
        self.open
            .values()
            .all(|began| began.elapsed() > LONG_REQUEST)
    }

    /// The exchanges so far, in the order they began.
    pub fn exchanges(&self) -> &[Seen] {
        &self.exchanges
    }

    pub fn gap(&mut self, what: impl Into<Told>, why: impl Into<Told>) {
        let gap = Gap::new(what, why);
        if self.gaps.len() < 100 && !self.gaps.contains(&gap) {
            self.gaps.push(gap);
        }
    }

    fn request(&mut self, p: &Value) {
        let id = text(p, "/requestId");
        let kind = text(p, "/type");
        if let Some(redirect) = p.get("redirectResponse")
            && let Some(&at) = self.by_request.get(&id)
        {
            fill_response(&mut self.exchanges[at].exchange, redirect);
            self.exchanges[at].finished = false;
            if kind == "Document" && text(p, "/frameId") == self.main_frame {
                self.redirects.push(text(redirect, "/url"));
            }
        }
        if kind == "Document" && text(p, "/frameId") == self.main_frame {
            self.main_request = Some(text(p, "/request/url"));
        }
        self.changed = Instant::now();
        // Streams stay open for as long as the page does.
        let streams = matches!(kind.as_str(), "EventSource" | "WebSocket" | "Ping");
        if !streams && !self.held.contains(&id) {
            self.open.insert(id.clone(), Instant::now());
        }
        if self.exchanges.len() >= MOST_EXCHANGES {
            self.gap(
                Told::of("further-requests"),
                Told::of("first-requests").number("most", MOST_EXCHANGES),
            );
            return;
        }
        self.by_request.insert(id.clone(), self.exchanges.len());
        self.exchanges.push(Seen {
            request: id,
            finished: false,
            exchange: Exchange {
                url: without_data(&text(p, "/request/url")),
                method: text(p, "/request/method"),
                kind,
                at_ms: self.began.elapsed().as_millis() as u64,
                status: None,
                mime: None,
                request_headers: headers(p.pointer("/request/headers")),
                response_headers: Vec::new(),
                server: None,
                failure: None,
                body: None,
                body_gap: None,
            },
        });
    }

    fn response(&mut self, p: &Value) {
        self.changed = Instant::now();
        let id = text(p, "/requestId");
        let Some(response) = p.get("response") else {
            return;
        };
        if let Some(&at) = self.by_request.get(&id) {
            fill_response(&mut self.exchanges[at].exchange, response);
        }
        let main = text(p, "/type") == "Document" && text(p, "/frameId") == self.main_frame;
        if main {
            let headers = headers(response.get("headers"));
            let content_type = headers
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
                .map(|(_, value)| value.clone());
            let main = MainResponse {
                request: id,
                url: text(response, "/url"),
                status: number(response, "/status") as u16,
                mime: text(response, "/mimeType"),
                content_type,
                headers,
            };
            if self.documents == 0 {
                self.main_response = Some(main.clone());
            }
            self.coming = Some(main);
            self.show_coming();
        }
    }

    fn show_coming(&mut self) {
        let shown = |coming: &MainResponse| coming.request == self.shown;
        if self.coming.as_ref().is_some_and(shown) {
            self.main_response = self.coming.take();
        }
    }

    fn finished(&mut self, p: &Value, failure: Option<String>) {
        self.changed = Instant::now();
        let id = text(p, "/requestId");
        self.open.remove(&id);
        if let Some(&at) = self.by_request.get(&id) {
            self.exchanges[at].finished = failure.is_none();
            self.exchanges[at].exchange.failure = failure;
        }
    }

    fn console_call(&mut self, p: &Value) {
        let level = text(p, "/type");
        if !matches!(level.as_str(), "error" | "warning" | "assert") {
            return;
        }
        let empty = Vec::new();
        let words: Vec<String> = p
            .get("args")
            .and_then(Value::as_array)
            .unwrap_or(&empty)
            .iter()
            .take(5)
            .filter_map(|arg| {
                let value = arg.get("value").or_else(|| arg.get("description"))?;
                Some(
                    value
                        .as_str()
                        .map_or_else(|| value.to_string(), str::to_string),
                )
            })
            .collect();
        self.line(&level, &words.join(" "));
    }

    fn line(&mut self, level: &str, words: &str) {
        if self.console.len() < MOST_CONSOLE_LINES && !words.is_empty() {
            self.console.push(ConsoleLine {
                level: level.to_string(),
                text: short(words),
            });
        }
    }
}

fn fill_response(exchange: &mut Exchange, response: &Value) {
    exchange.status = Some(number(response, "/status") as u16);
    exchange.mime = Some(text(response, "/mimeType")).filter(|mime| !mime.is_empty());
    exchange.response_headers = headers(response.get("headers"));
}

fn headers(value: Option<&Value>) -> Vec<(String, String)> {
    let Some(Value::Object(map)) = value else {
        return Vec::new();
    };
    map.iter()
        .take(100)
        .map(|(name, value)| (name.clone(), short(value.as_str().unwrap_or_default())))
        .collect()
}

fn text(value: &Value, pointer: &str) -> String {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_string()
}

fn number(value: &Value, pointer: &str) -> f64 {
    value
        .pointer(pointer)
        .and_then(Value::as_f64)
        .unwrap_or_default()
}

fn short(text: &str) -> String {
    if text.len() <= LONGEST_TEXT {
        return text.to_string();
    }
    text.chars().take(LONGEST_TEXT).collect()
}

/// A `data:` address is its own content; its head is enough.
fn without_data(url: &str) -> String {
    if url.starts_with("data:") {
        return url.chars().take(60).collect();
    }
    short(url)
}
