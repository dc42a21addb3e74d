//! The wire to Chrome: one WebSocket, flat sessions, a deadline for every call.
//!
//! Answers stay raw JSON until somebody asks for a type, so that an unknown field or event never ends
//! a session. It knows the protocol's frame and nothing of pages.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot, watch};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use super::bounded::Bounded;
/// The protocol's vocabulary, as `headless_chrome` generates it.
pub use headless_chrome::protocol::cdp;
use headless_chrome::protocol::cdp::types::Method;

/// Why a call gave nothing.
#[derive(Debug, Clone, thiserror::Error)]
pub enum WireError {
    #[error("the connection to Chrome is closed")]
    Closed,
    #[error("Chrome did not answer {0} in time")]
    Deadline(&'static str),
    #[error("{0}: {1}")]
    Refused(&'static str, String),
    #[error("{0}: the answer cannot be read: {1}")]
    Unreadable(&'static str, String),
}

/// The largest message that is taken, in bytes: a snapshot is in the memory three times while it is read.
/// What is larger is refused by itself, and the session lives on.
const LARGEST_MESSAGE: usize = 32 << 20;

/// An event of a session.
#[derive(Debug, Clone)]
pub struct WireEvent {
    pub session: String,
    pub method: String,
    pub params: Value,
}

/// A connection. Cheap to clone.
#[derive(Clone)]
pub struct Wire {
    shared: Arc<Shared>,
    outgoing: mpsc::UnboundedSender<Message>,
    closed: watch::Receiver<bool>,
}

/// What a call gave, or Chrome's own words for why not.
type Reply = Result<Box<RawValue>, String>;

struct Shared {
    next: AtomicU64,
    calls: Mutex<HashMap<u64, oneshot::Sender<Reply>>>,
    /// By session id.
    listeners: Mutex<HashMap<String, mpsc::UnboundedSender<WireEvent>>>,
}

#[derive(Serialize)]
struct Outgoing<'a, P> {
    id: u64,
    method: &'a str,
    params: &'a P,
    #[serde(rename = "sessionId", skip_serializing_if = "Option::is_none")]
    session: Option<&'a str>,
}

#[derive(Deserialize)]
struct Incoming<'a> {
    id: Option<u64>,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
    error: Option<RemoteError>,
    method: Option<String>,
    #[serde(borrow)]
    params: Option<&'a RawValue>,
    #[serde(rename = "sessionId")]
    session: Option<String>,
}

#[derive(Deserialize)]
struct RemoteError {
    message: String,
}

impl Wire {
    /// Connects to the address that Chrome printed.
    ///
    /// # Errors
    /// Where nothing answers there.
    pub async fn connect(address: &str) -> Result<Wire, String> {
        let config = WebSocketConfig::default()
            .max_message_size(Some(LARGEST_MESSAGE))
            .max_frame_size(Some(LARGEST_MESSAGE));
        let (socket, _) = tokio_tungstenite::client_async_with_config(
            address,
            Bounded::new(connection(address).await?, LARGEST_MESSAGE as u64),
            Some(config),
        )
        .await
        .map_err(|e| e.to_string())?;
        let (mut sink, mut stream) = socket.split();
        let (outgoing, mut queue) = mpsc::unbounded_channel::<Message>();
        let (closing, closed) = watch::channel(false);
        let shared = Arc::new(Shared {
            next: AtomicU64::new(1),
            calls: Mutex::default(),
            listeners: Mutex::default(),
        });
        tokio::spawn(async move {
            while let Some(message) = queue.recv().await {
                if sink.send(message).await.is_err() {
                    break;
                }
            }
        });
        let reader = shared.clone();
        tokio::spawn(async move {
            while let Some(Ok(message)) = stream.next().await {
                if let Message::Text(text) = message {
                    reader.take(&text);
                }
            }
            // Every waiting call ends now; listeners see their channel close.
            lock(&reader.calls).clear();
            lock(&reader.listeners).clear();
            let _ = closing.send(true);
        });
        Ok(Wire {
            shared,
            outgoing,
            closed,
        })
    }

    /// Whether the connection has ended.
    pub fn is_closed(&self) -> bool {
        *self.closed.borrow()
    }

    /// Sends the events of a session there from now on; several sessions may share a listener.
    pub fn listen(&self, session: &str, listener: mpsc::UnboundedSender<WireEvent>) {
        lock(&self.shared.listeners).insert(session.to_string(), listener);
    }

    pub fn forget(&self, session: &str) {
        lock(&self.shared.listeners).remove(session);
    }

    /// Calls a method and reads its answer as the protocol types it.
    ///
    /// # Errors
    /// Where Chrome refuses, is gone, or takes longer than the deadline.
    pub async fn call<M: Method + Serialize>(
        &self,
        session: Option<&str>,
        method: M,
        deadline: Duration,
    ) -> Result<M::ReturnObject, WireError> {
        let raw = self.call_raw(session, M::NAME, &method, deadline).await?;
        serde_json::from_str(raw.get()).map_err(|e| WireError::Unreadable(M::NAME, e.to_string()))
    }

    /// Calls a method and gives its answer as Chrome wrote it.
    ///
    /// # Errors
    /// As [`Wire::call`].
    pub async fn call_raw<P: Serialize>(
        &self,
        session: Option<&str>,
        method: &'static str,
        params: &P,
        deadline: Duration,
    ) -> Result<Box<RawValue>, WireError> {
        let id = self.shared.next.fetch_add(1, Ordering::Relaxed);
        let text = serde_json::to_string(&Outgoing {
            id,
            method,
            params,
            session,
        })
        .map_err(|e| WireError::Unreadable(method, e.to_string()))?;
        let (sender, receiver) = oneshot::channel();
        lock(&self.shared.calls).insert(id, sender);
        if self.is_closed() || self.outgoing.send(Message::text(text)).is_err() {
            lock(&self.shared.calls).remove(&id);
            return Err(WireError::Closed);
        }
        match tokio::time::timeout(deadline, receiver).await {
            Ok(Ok(Ok(raw))) => Ok(raw),
            Ok(Ok(Err(refusal))) => Err(WireError::Refused(method, refusal)),
            Ok(Err(_)) => Err(WireError::Closed),
            Err(_) => {
                lock(&self.shared.calls).remove(&id);
                Err(WireError::Deadline(method))
            }
        }
    }
}

/// A connection to the host of a WebSocket's address.
async fn connection(address: &str) -> Result<TcpStream, String> {
    let url = url::Url::parse(address).map_err(|e| e.to_string())?;
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let port = url.port_or_known_default().unwrap_or_default();
    let stream = TcpStream::connect((host, port)).await;
    let stream = stream.map_err(|e| e.to_string())?;
    stream.set_nodelay(true).map_err(|e| e.to_string())?;
    Ok(stream)
}

impl Shared {
    fn take(&self, text: &str) {
        let Ok(incoming) = serde_json::from_str::<Incoming>(text) else {
            return;
        };
        if let Some(id) = incoming.id {
            let waiting = lock(&self.calls).remove(&id);
            let answer = match (incoming.result, incoming.error) {
                (_, Some(error)) => Err(error.message),
                (Some(result), None) => Ok(result.to_owned()),
                (None, None) => Err("an empty answer".to_string()),
            };
            if let Some(waiting) = waiting {
                let _ = waiting.send(answer);
            }
            return;
        }
        let (Some(method), Some(session)) = (incoming.method, incoming.session) else {
            return;
        };
        let Some(listener) = lock(&self.listeners).get(&session).cloned() else {
            return;
        };
        let params = incoming
            .params
            .and_then(|raw| serde_json::from_str(raw.get()).ok())
            .unwrap_or(Value::Null);
        let _ = listener.send(WireEvent {
            session,
            method,
            params,
        });
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
