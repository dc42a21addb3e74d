//! Plain requests in absolute form: looked at whole where that is asked for, their heads made fit for
//! the server, and sent on.

use std::sync::atomic::Ordering;
use std::time::Duration;

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{
    CONNECTION, HOST, HeaderMap, HeaderName, HeaderValue, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION,
    TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};
use hyper::http::request::Parts;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;

use super::door::{Asked, Inspection, Pass, RequestHead};
use super::held::Held;
use super::proxy::{Body, plain, reach, turned_away, whole};
use super::upstream::Stream;
use super::{Arc, Shared};

/// What an inspection looks at; a longer body is refused unread.
const LARGEST_INSPECTED: usize = 1 << 20;
/// How long such a body may take to arrive.
const INSPECTED_WITHIN: Duration = Duration::from_secs(10);

/// Headers that belong to the hop to the proxy, besides those that `Connection` names.
const HOP_HEADERS: [HeaderName; 6] = [
    HeaderName::from_static("proxy-connection"),
    HeaderName::from_static("keep-alive"),
    PROXY_AUTHORIZATION,
    TE,
    TRAILER,
    UPGRADE,
];

/// Why a request was not sent that was let in at first.
pub(super) const OVERTAKEN: &str =
    "the gate was watched or shut before the request was sent whole; it was cut";
const UNANSWERED: &str = "the gate was shut before the request was answered; it was cut";

pub(super) async fn forward(
    request: Request<Incoming>,
    asked: Asked,
    pass: Pass,
    shared: &Shared,
) -> Result<Response<Body>, hyper::Error> {
    let (mut head, body) = request.into_parts();
    let body = match shared.door.inspection(&pass) {
        None => body.boxed(),
        Some(inspection) => match inspected(&head, body, inspection).await {
            Ok(bytes) => {
                // It goes on in one piece now, whose length is known.
                head.headers.remove(TRANSFER_ENCODING);
                whole(bytes)
            }
            Err(why) => return Ok(turned_away(shared, asked, &why)),
        },
    };
    let stream = match reach(shared, &asked, &pass).await {
        Ok(stream) => stream,
        Err(response) => return Ok(response),
    };
    let request = Request::from_parts(fit(head, &asked), body);
    send(request, stream, asked, pass, shared).await
}

/// The whole body of a request that the inspection lets through, or why it must not go out.
async fn inspected(
    head: &Parts,
    body: Incoming,
    inspection: Arc<Inspection>,
) -> Result<Bytes, String> {
    let limited = Limited::new(body, LARGEST_INSPECTED);
    let bytes = match tokio::time::timeout(INSPECTED_WITHIN, limited.collect()).await {
        Ok(Ok(read)) => read.to_bytes(),
        Ok(Err(e)) if e.is::<LengthLimitError>() => {
            return Err("its body is too long to be looked at".to_string());
        }
        Ok(Err(e)) => return Err(format!("its body cannot be read: {e}")),
        Err(_) => return Err("its body did not arrive in time to be looked at".to_string()),
    };
    let head = seen(head);
    let looked = bytes.clone();
    // It may hash and inflate for a while, and a bug in it must not let anything through.
    tokio::task::spawn_blocking(move || inspection(&head, &looked))
        .await
        .unwrap_or_else(|_| Err("looking at it failed".to_string()))?;
    Ok(bytes)
}

fn seen(head: &Parts) -> RequestHead {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    RequestHead {
        method: head.method.to_string(),
        url: head.uri.to_string(),
        headers: head
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
    }
}

/// The head as the server gets it: in origin form, for the host that the address names whatever the
/// `Host` header said, without what belongs to the hop before.
fn fit(mut head: Parts, asked: &Asked) -> Parts {
    let path = asked.path.as_deref().unwrap_or("/");
    if let Ok(uri) = path.parse() {
        head.uri = uri;
    }
    drop_hop_headers(&mut head.headers);
    head.headers
        .insert(CONNECTION, HeaderValue::from_static("close"));
    let host = if asked.host.contains(':') {
        format!("[{}]", asked.host)
    } else {
        asked.host.clone()
    };
    let host = match asked.port {
        80 => host,
        port => format!("{host}:{port}"),
    };
    if let Ok(value) = HeaderValue::from_str(&host) {
        head.headers.insert(HOST, value);
    }
    head
}

fn drop_hop_headers(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named.iter().chain(&HOP_HEADERS) {
        headers.remove(name);
    }
}

async fn send(
    request: Request<Body>,
    stream: Box<dyn Stream>,
    asked: Asked,
    pass: Pass,
    shared: &Shared,
) -> Result<Response<Body>, hyper::Error> {
    let stream = Held::new(stream, pass.clone());
    let stopped = stream.stopped();
    let (mut sender, connection) = hyper::client::conn::http1::Builder::new()
        .preserve_header_case(true)
        .handshake(TokioIo::new(stream))
        .await?;
    let carried = pass.clone();
    shared.carry(async move {
        // A connection that breaks shows in the answer.
        tokio::select! {
            biased;
            () = carried.shut() => {}
            _ = connection => {}
        }
    });
    match sender.send_request(request).await {
        Ok(mut response) => {
            // To a browser this would be a question of its proxy.
            response.headers_mut().remove(PROXY_AUTHENTICATE);
            Ok(response.map(BodyExt::boxed))
        }
        Err(_) if stopped.load(Ordering::SeqCst) => Ok(turned_away(shared, asked, OVERTAKEN)),
        Err(_) if pass.is_shut() => Ok(turned_away(shared, asked, UNANSWERED)),
        Err(e) => Ok(plain(StatusCode::BAD_GATEWAY, &e.to_string())),
    }
}
