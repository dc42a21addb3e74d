//! What a page may send, and what it tried to.
//!
//! Before anything identifying is typed only submissions are stopped. From then on every request is
//! looked into ([`Hold::Watched`]), and while the last button is pressed every one is held
//! ([`Hold::All`]). The gate refuses what this does not announce to it: one lock each for what Chrome's
//! interception sees and for what it does not (sockets, workers). It must not know forms or rules.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::paused::Paused;
use super::session::{OwnRequests, lock};
use super::visit_log::VisitLog;
use super::wire::Wire;
use crate::artifact::{Payload, Told, Unread, payload_fields};
use crate::gate::Gate;
use crate::leaks::{Needles, Placed};
use crate::target;

/// How much is let through.
#[derive(Clone, Default)]
pub enum Hold {
    /// Everything but submissions.
    #[default]
    Submissions,
    /// The same, once something was answered that identifies nobody: what goes out is noted.
    Noted,
    /// Everything: answers that identify nobody may lead to a next step.
    Nothing,
    /// Everything that carries none of these values and can be looked into.
    Watched(Arc<Needles>),
    /// What a further step may fetch: plain addresses that carry nothing.
    Onward(Arc<Needles>),
    /// Nothing.
    All(Arc<Needles>),
}

/// A request that was stopped because of what it carried, or held with everything else.
#[derive(Debug, Clone)]
pub struct Stopped {
    pub at: Instant,
    pub payload: Payload,
    pub hits: Vec<Placed>,
    /// Everything was held then.
    pub held: bool,
}

/// What passed and what did not.
#[derive(Default)]
pub struct Traffic {
    pub hold: Hold,
    pub stopped: Vec<Stopped>,
    /// What went out with content while a walk was under way.
    pub sent: Vec<Payload>,
    pub unread: Vec<Unread>,
    /// Requests that wait for an answer of ours: session and id.
    waiting: Vec<(String, String)>,
    /// Requests being looked into.
    looking: u32,
}

/// Requests that are listed, at most.
const MOST: usize = 300;
/// A body that is larger is not looked into, and is held.
const LARGEST_BODY: usize = 4 << 20;
/// A held request is answered after this long: a page that waits for it synchronously would hang.
const HELD_FOR: Duration = Duration::from_millis(1_500);
const QUICK: Duration = Duration::from_secs(10);
/// Documents one main frame may go through before it is held: redirect and reload loops.
const MOST_DOCUMENTS: u32 = 6;

/// What is needed to answer a paused request.
#[derive(Clone)]
pub struct Answering {
    pub wire: Wire,
    pub main_frame: String,
    pub gate: Arc<Gate>,
    pub log: Arc<Mutex<VisitLog>>,
    pub traffic: Arc<Mutex<Traffic>>,
    pub own: Arc<OwnRequests>,
}

/// What to do with a paused request.
enum Verdict {
    Continue,
    Stop,
    /// Answer later.
    Wait,
}

impl Traffic {
    /// Whether nothing is being looked into.
    pub fn quiet(&self) -> bool {
        self.looking == 0
    }

    fn note_unread(&mut self, url: &str, what: &str) {
        let unread = Unread {
            url: url.chars().take(500).collect(),
            what: what.to_string(),
        };
        if self.unread.len() < MOST && !self.unread.contains(&unread) {
            self.unread.push(unread);
        }
    }
}

impl Answering {
    /// Which requests Chrome shall pause: documents, and all of them where each is looked into or gets
    /// headers of ours.
    pub fn patterns(&self) -> Value {
        let hold = &lock(&self.traffic).hold;
        let all = !matches!(hold, Hold::Submissions) || !self.own.headers.is_empty();
        let which = if all {
            json!([{ "urlPattern": "*" }])
        } else {
            json!([{ "resourceType": "Document" }])
        };
        json!({ "patterns": which, "handleAuthRequests": true })
    }

    /// Signs in to the target's own hosts where the user gave a name and a password, and nowhere else.
    pub fn asked_to_sign_in(&self, session: String, params: &Value) {
        let asks = host(params["request"]["url"].as_str().unwrap_or_default());
        let proxy = params["authChallenge"]["source"] == "Proxy";
        let mut log = lock(&self.log);
        let again = !log.signed_in.insert(asks.clone());
        let answer = match &self.own.credentials {
            Some((name, password)) if self.own.hosts.contains(&asks) && !proxy && !again => {
                json!({ "response": "ProvideCredentials", "username": name, "password": password })
            }
            _ => {
                log.gap(
                    Told::of("sign-in").with("host", asks.as_str()),
                    Told::of("sign-in-cancelled"),
                );
                json!({ "response": "CancelAuth" })
            }
        };
        let params = json!({ "requestId": params["requestId"], "authChallengeResponse": answer });
        self.send(session, "Fetch.continueWithAuth", params);
    }

    /// Answers a paused request, at once or after looking into it.
    pub fn paused(&self, session: String, params: Value) {
        let Ok(paused) = serde_json::from_value::<Paused>(params) else {
            return;
        };
        let hold = lock(&self.traffic).hold.clone();
        match hold {
            Hold::Submissions | Hold::Noted | Hold::Nothing => {
                let document = paused.resource_type == "Document";
                let verdict = if document {
                    self.document(&paused, matches!(hold, Hold::Nothing))
                } else {
                    Verdict::Continue
                };
                // An answer may go out by a script as well as by a form.
                let noted = !matches!(hold, Hold::Submissions) && paused.carries_something();
                if noted && matches!(verdict, Verdict::Continue) {
                    self.note_sent(&paused);
                }
                self.answer(session, &paused, verdict);
            }
            Hold::Watched(needles) => self.look_into(session, paused, needles, false),
            Hold::Onward(needles) => {
                let all = !paused.is_plain();
                self.look_into(session, paused, needles, all);
            }
            Hold::All(needles) => self.look_into(session, paused, needles, true),
        }
    }

    /// Lets a document request go on, or stops it: nothing is submitted, a page that would leave for a
    /// host that may not be reached stays where it is, and a loop ends.
    fn document(&self, paused: &Paused, walking: bool) -> Verdict {
        let mut log = lock(&self.log);
        let (url, method) = (paused.request.url.as_str(), paused.request.method.as_str());
        let main = paused.frame_id == self.main_frame;
        let host = host(url);
        let posts = method != "GET" && method != "HEAD";
        let submits = posts || log.submits(&paused.frame_id, url);
        if submits && !walking {
            let what = Told::of("submission").with("method", method);
            log.gap(what.with("host", host), Told::of("not-submitted"));
            log.stopped |= main;
            return Verdict::Stop;
        }
        if main && log.documents >= 1 {
            let stopped = if !self.gate.allows_host(&host) {
                Some((
                    Told::of("way-on").with("host", host),
                    Told::of("third-parties-kept-out"),
                ))
            } else if log.documents >= MOST_DOCUMENTS && !walking {
                Some((Told::of("further-reloads"), Told::of("kept-going")))
            } else {
                None
            };
            if let Some((what, why)) = stopped {
                log.gap(what, why);
                log.stopped = true;
                return Verdict::Stop;
            }
        }
        Verdict::Continue
    }

    fn note_sent(&self, paused: &Paused) {
        let body = paused.inline_body();
        let unreadable = paused.request.has_post_data && body.is_none();
        let payload = paused.payload(body.as_deref(), unreadable);
        let sent = &mut lock(&self.traffic).sent;
        if sent.len() < MOST {
            sent.push(payload);
        }
    }

    /// Reads what a request carries, and decides.
    fn look_into(&self, session: String, paused: Paused, needles: Arc<Needles>, all: bool) {
        let document = paused.resource_type == "Document" && paused.frame_id == self.main_frame;
        lock(&self.traffic).looking += 1;
        let own = self.clone();
        tokio::spawn(async move {
            let body = own.body(&session, &paused).await;
            let cookies = own.cookies(&session, &paused.request.url).await;
            let verdict = own.judge(&paused, body, &cookies, &needles, all, document);
            lock(&own.traffic).looking -= 1;
            own.answer(session, &paused, verdict);
        });
    }

    fn judge(
        &self,
        paused: &Paused,
        body: Result<Option<Vec<u8>>, ()>,
        cookies: &str,
        needles: &Needles,
        all: bool,
        document: bool,
    ) -> Verdict {
        let unreadable = body.is_err();
        let body = body.unwrap_or_default();
        let mut headers = paused.headers();
        headers.push(("cookie".to_string(), cookies.to_string()));
        let bytes = body.as_deref().unwrap_or_default();
        let found = needles.in_request(&paused.request.url, &headers, bytes);
        let (hits, unreadable) = (found.hits, unreadable || !found.complete);
        let payload = paused.payload(body.as_deref(), unreadable);
        let goes_on = !all && hits.is_empty() && !unreadable && !document;
        if let Some(network) = paused.network_id.as_ref().filter(|_| !goes_on) {
            lock(&self.log).held(network);
        }
        // Where both locks are held, the log's comes first.
        let mut traffic = lock(&self.traffic);
        if all || !hits.is_empty() {
            if traffic.stopped.len() < MOST {
                traffic.stopped.push(Stopped {
                    at: Instant::now(),
                    payload,
                    hits,
                    held: all,
                });
            }
            // A paused navigation of the main frame suspends the page's own answers to us.
            return if all && !document {
                Verdict::Wait
            } else {
                Verdict::Stop
            };
        }
        if unreadable {
            traffic.note_unread(&paused.request.url, "body");
            return Verdict::Stop;
        }
        // Leaving the page would end what is being filled in.
        if document {
            return Verdict::Stop;
        }
        drop(traffic);
        if let Ok(url) = url::Url::parse(&paused.request.url) {
            let port = url.port_or_known_default().unwrap_or_default();
            self.gate.expect(&target::host(&url), port);
        }
        Verdict::Continue
    }

    /// The body, as far as it can be had: `Ok(None)` where there is none, `Err` where it cannot be read.
    async fn body(&self, session: &str, paused: &Paused) -> Result<Option<Vec<u8>>, ()> {
        let request = &paused.request;
        if let Some(body) = paused.inline_body() {
            return if body.len() <= LARGEST_BODY {
                Ok(Some(body))
            } else {
                Err(())
            };
        }
        if !request.has_post_data {
            return Ok(None);
        }
        let Some(id) = &paused.network_id else {
            return Err(());
        };
        let params = json!({ "requestId": id });
        let raw = self
            .wire
            .call_raw(Some(session), "Network.getRequestPostData", &params, QUICK)
            .await
            .map_err(|_| ())?;
        let value: Value = serde_json::from_str(raw.get()).map_err(|_| ())?;
        let text = value["postData"].as_str().ok_or(())?;
        (text.len() <= LARGEST_BODY)
            .then(|| Some(text.as_bytes().to_vec()))
            .ok_or(())
    }

    /// The cookies that would go with a request: a page may put a value there first.
    async fn cookies(&self, session: &str, url: &str) -> String {
        let params = json!({ "urls": [url] });
        let raw = self
            .wire
            .call_raw(Some(session), "Network.getCookies", &params, QUICK)
            .await;
        let value: Value = raw
            .ok()
            .and_then(|raw| serde_json::from_str(raw.get()).ok())
            .unwrap_or_default();
        let cookies = value["cookies"].as_array().map_or(&[][..], Vec::as_slice);
        cookies
            .iter()
            .filter_map(|cookie| Some((cookie["name"].as_str()?, cookie["value"].as_str()?)))
            .map(|(name, value)| format!("{name}={value}; "))
            .collect()
    }

    fn answer(&self, session: String, paused: &Paused, verdict: Verdict) {
        let id = paused.request_id.clone();
        match verdict {
            Verdict::Continue => {
                let mut params = json!({ "requestId": id });
                if let Some(headers) = self.with_own_headers(paused) {
                    params["headers"] = headers;
                }
                self.send(session, "Fetch.continueRequest", params);
            }
            Verdict::Stop => self.fail(session, id),
            Verdict::Wait => {
                lock(&self.traffic)
                    .waiting
                    .push((session.clone(), id.clone()));
                let own = self.clone();
                tokio::spawn(async move {
                    tokio::time::sleep(HELD_FOR).await;
                    let due = {
                        let waiting = &mut lock(&own.traffic).waiting;
                        let at = waiting.iter().position(|(_, held)| *held == id);
                        at.map(|at| waiting.swap_remove(at))
                    };
                    if let Some((session, id)) = due {
                        own.fail(session, id);
                    }
                });
            }
        }
    }

    /// The request's headers with the user's, for the target's own hosts.
    fn with_own_headers(&self, paused: &Paused) -> Option<Value> {
        let own = &self.own;
        if own.headers.is_empty() || !own.hosts.contains(&host(&paused.request.url)) {
            return None;
        }
        let given = |name: &str| {
            own.headers
                .iter()
                .any(|(known, _)| known.eq_ignore_ascii_case(name))
        };
        let kept = paused
            .headers()
            .into_iter()
            .filter(|(name, _)| !given(name));
        let all = kept.chain(own.headers.iter().cloned());
        let list: Vec<Value> = all
            .map(|(name, value)| json!({ "name": name, "value": value }))
            .collect();
        Some(Value::Array(list))
    }

    /// Answers what waits, as a network that is gone would.
    pub fn release(&self) {
        let waiting = std::mem::take(&mut lock(&self.traffic).waiting);
        for (session, id) in waiting {
            self.fail(session, id);
        }
    }

    fn fail(&self, session: String, id: String) {
        let params = json!({ "requestId": id, "errorReason": "Aborted" });
        self.send(session, "Fetch.failRequest", params);
    }

    pub fn send(&self, session: String, method: &'static str, params: Value) {
        let wire = self.wire.clone();
        tokio::spawn(async move {
            let _ = wire.call_raw(Some(&session), method, &params, QUICK).await;
        });
    }

    /// A socket came up. While values are watched nobody can look into it: everything is shut. What its
    /// address carries can be read.
    pub fn socket(&self, params: &Value) {
        let url = params["url"].as_str().unwrap_or_default();
        let mut traffic = lock(&self.traffic);
        let (needles, held) = match &traffic.hold {
            Hold::Submissions | Hold::Noted | Hold::Nothing => return,
            Hold::Watched(needles) | Hold::Onward(needles) => (needles.clone(), false),
            Hold::All(needles) => (needles.clone(), true),
        };
        self.gate.shut();
        traffic.note_unread(url, "socket");
        let hits = needles.in_request(url, &[], &[]).hits;
        if (held || !hits.is_empty()) && traffic.stopped.len() < MOST {
            let payload = Payload {
                url: url.chars().take(2_000).collect(),
                method: "GET".to_string(),
                kind: "WebSocket".to_string(),
                fields: payload_fields(url, None, &[]),
                content_type: None,
                unreadable: true,
            };
            traffic.stopped.push(Stopped {
                at: Instant::now(),
                payload,
                hits,
                held,
            });
        }
    }
}

fn host(url: &str) -> String {
    url::Url::parse(url)
        .map(|url| target::host(&url))
        .unwrap_or_default()
}
