//! The page's helpers in processes of their own (frames of other sites, workers), and the events of all.
//!
//! Each new one waits until it is watched like the page itself. It must not decide what may be sent;
//! `traffic` does.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use super::session::{QUICK, WORLD, lock};
use super::traffic::Answering;
use super::wire::WireEvent;

/// A frame or worker with a session of its own.
#[derive(Debug, Clone)]
pub struct Child {
    pub session: String,
    /// For a frame, also its frame id.
    pub target: String,
    pub is_frame: bool,
    /// The session that it was attached through.
    pub parent: String,
}

/// The helpers of one visit.
pub struct Children {
    list: Vec<Child>,
    /// The world of ours in each frame: session and context.
    worlds: HashMap<String, (String, i64)>,
    listener: UnboundedSender<WireEvent>,
    /// The sessions that the documents of the last snapshot came from.
    sources: Vec<String>,
}

/// A page may open workers without end.
const MOST: usize = 60;

impl Children {
    pub fn new(main: String, listener: UnboundedSender<WireEvent>) -> Self {
        Children {
            list: Vec::new(),
            worlds: HashMap::new(),
            listener,
            sources: vec![main],
        }
    }

    /// The sessions of all helpers.
    pub fn sessions(&self) -> Vec<String> {
        self.list
            .iter()
            .map(|child| child.session.clone())
            .collect()
    }

    pub fn frames(&self) -> Vec<Child> {
        let frames = self.list.iter().filter(|child| child.is_frame);
        frames.cloned().collect()
    }

    /// Remembers where a snapshot's documents came from; the first is the page's own.
    pub fn took(&mut self, sources: Vec<String>) {
        self.sources = sources;
    }

    /// The session of the documents of that source.
    pub fn source(&self, source: usize) -> Option<String> {
        self.sources.get(source).cloned()
    }

    /// The context of our world in a frame.
    pub fn world(&self, frame: &str) -> Option<(String, i64)> {
        self.worlds.get(frame).cloned()
    }

    fn attached(&mut self, parent: &str, params: &Value) -> Option<Child> {
        let kind = params["targetInfo"]["type"].as_str().unwrap_or_default();
        let child = Child {
            session: params["sessionId"].as_str()?.to_string(),
            target: params["targetInfo"]["targetId"].as_str()?.to_string(),
            is_frame: kind == "iframe",
            parent: parent.to_string(),
        };
        if self.list.len() >= MOST {
            return None;
        }
        self.list.push(child.clone());
        Some(child)
    }

    fn context_created(&mut self, session: &str, params: &Value) {
        let context = &params["context"];
        if context["name"] != WORLD {
            return;
        }
        let frame = context["auxData"]["frameId"].as_str();
        if let (Some(frame), Some(id)) = (frame, context["id"].as_i64()) {
            self.worlds
                .insert(frame.to_string(), (session.to_string(), id));
        }
    }

    fn contexts_cleared(&mut self, session: &str) {
        self.worlds.retain(|_, (own, _)| own != session);
    }
}

/// Takes the events of the page and of its helpers: logs each, and answers those that wait for an answer.
pub async fn pump(
    answering: Answering,
    children: Arc<Mutex<Children>>,
    mut events: UnboundedReceiver<WireEvent>,
    set_up: Vec<(&'static str, Value)>,
) {
    let set_up = Arc::new(set_up);
    while let Some(event) = events.recv().await {
        lock(&answering.log).take(&event);
        let session = event.session;
        match event.method.as_str() {
            "Page.javascriptDialogOpening" => {
                // Leaving is allowed, everything else is dismissed.
                let accept = event.params["type"] == "beforeunload";
                let params = json!({ "accept": accept });
                answering.send(session, "Page.handleJavaScriptDialog", params);
            }
            "Fetch.requestPaused" => answering.paused(session, event.params),
            "Fetch.authRequired" => answering.asked_to_sign_in(session, &event.params),
            "Network.webSocketCreated" => answering.socket(&event.params),
            "Runtime.executionContextCreated" => {
                lock(&children).context_created(&session, &event.params);
            }
            "Runtime.executionContextsCleared" => lock(&children).contexts_cleared(&session),
            "Target.attachedToTarget" => {
                let child = lock(&children).attached(&session, &event.params);
                if let Some(child) = child {
                    let listener = lock(&children).listener.clone();
                    answering.wire.listen(&child.session, listener);
                    tokio::spawn(welcome(answering.clone(), child, set_up.clone()));
                }
            }
            "Target.detachedFromTarget" => {
                let gone = event.params["sessionId"].as_str().unwrap_or_default();
                answering.wire.forget(gone);
                lock(&children).list.retain(|child| child.session != gone);
            }
            _ => {}
        }
    }
}

/// Sets a helper up like the page and lets it go on.
async fn welcome(answering: Answering, child: Child, set_up: Arc<Vec<(&'static str, Value)>>) {
    let wire = &answering.wire;
    let patterns = answering.patterns();
    let network = json!({});
    let fetch = ("Fetch.enable", patterns);
    let watched = [("Network.enable", network), fetch];
    let calls = if child.is_frame {
        set_up.iter().chain(&watched[1..])
    } else {
        [].iter().chain(&watched[..])
    };
    // All at once, answered in order: the script of a service worker is fetched before there is a worker
    // that could answer, and waits for the last of these.
    let go = ("Runtime.runIfWaitingForDebugger", json!({}));
    let sent = calls
        .chain([&go])
        .map(|(method, params)| wire.call_raw(Some(&child.session), method, params, QUICK));
    // What a worker does not know is left out; the gate stands behind all of it.
    let _ = futures_util::future::join_all(sent).await;
}
