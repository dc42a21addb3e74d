//! The proxy protocol: CONNECT tunnels (https, WebSockets) and plain requests in absolute form.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full, combinators::BoxBody};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONNECTION, HOST, HeaderName, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use super::{Refusal, Shared, lock};

type Body = BoxBody<Bytes, hyper::Error>;

/// How long one address is tried.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(8);
/// Headers that belong to the hop to the proxy.
const HOP_HEADERS: [HeaderName; 3] = [
    HeaderName::from_static("proxy-connection"),
    HeaderName::from_static("proxy-authorization"),
    HeaderName::from_static("keep-alive"),
];

/// Serves a gate until its task is aborted; open tunnels end with it.
pub async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut open = tokio::task::JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    continue;
                };
                let shared = shared.clone();
                open.spawn(async move {
                    let service = service_fn(move |request| answer(request, shared.clone()));
                    // A broken connection is the page's affair.
                    let _ = hyper::server::conn::http1::Builder::new()
                        .preserve_header_case(true)
                        .serve_connection(TokioIo::new(stream), service)
                        .with_upgrades()
                        .await;
                });
            }
            Some(_) = open.join_next() => {}
        }
    }
}

async fn answer(
    request: Request<Incoming>,
    shared: Arc<Shared>,
) -> Result<Response<Body>, hyper::Error> {
    let Some((host, port)) = target(&request) else {
        return Ok(plain(StatusCode::BAD_REQUEST, "this is a proxy"));
    };
    let stream = match connect(&shared, &host, port).await {
        Ok(stream) => stream,
        Err(refusal) => {
            let status = if refusal.is_refusal() {
                StatusCode::FORBIDDEN
            } else {
                StatusCode::BAD_GATEWAY
            };
            return Ok(plain(status, &refusal.to_string()));
        }
    };
    if request.method() == Method::CONNECT {
        shared.carry(tunnel(request, stream));
        return Ok(Response::new(empty()));
    }
    forward(request, stream, &host, port, &shared).await
}

/// Host and port that a request is for.
fn target(request: &Request<Incoming>) -> Option<(String, u16)> {
    let uri = request.uri();
    let host = uri.host()?.trim_matches(['[', ']']).to_ascii_lowercase();
    let port = match (uri.port_u16(), uri.scheme_str()) {
        (Some(port), _) => port,
        (None, Some("http")) => 80,
        (None, _) => 443,
    };
    Some((host, port))
}

/// Connects to the first allowed address that answers, and records which.
async fn connect(shared: &Shared, host: &str, port: u16) -> Result<TcpStream, Refusal> {
    let result = try_addresses(shared, host, port).await;
    let key = (host.to_string(), port);
    match &result {
        Ok(_) => lock(&shared.refusals).remove(&key),
        Err(refusal) => lock(&shared.refusals).insert(key, refusal.clone()),
    };
    shared.note(host, port, |connection| match &result {
        Ok((_, address)) => {
            connection.pinned = Some(address.to_string());
            connection.refused = None;
        }
        Err(refusal) => connection.refused = Some(refusal.told()),
    });
    result.map(|(stream, _)| stream)
}

async fn try_addresses(
    shared: &Shared,
    host: &str,
    port: u16,
) -> Result<(TcpStream, IpAddr), Refusal> {
    let mut last = Refusal::Unreachable("no address".to_string());
    for address in shared.addresses(host, port).await? {
        let attempt = TcpStream::connect(SocketAddr::new(address, port));
        match tokio::time::timeout(CONNECT_TIMEOUT, attempt).await {
            Ok(Ok(stream)) => {
                let _ = stream.set_nodelay(true);
                return Ok((stream, address));
            }
            Ok(Err(e)) => last = Refusal::Unreachable(e.to_string()),
            Err(_) => last = Refusal::Unreachable("no answer in time".to_string()),
        }
    }
    Err(last)
}

async fn tunnel(request: Request<Incoming>, mut upstream: TcpStream) {
    if let Ok(upgraded) = hyper::upgrade::on(request).await {
        let _ = tokio::io::copy_bidirectional(&mut TokioIo::new(upgraded), &mut upstream).await;
    }
}

async fn forward(
    mut request: Request<Incoming>,
    stream: TcpStream,
    host: &str,
    port: u16,
    shared: &Shared,
) -> Result<Response<Body>, hyper::Error> {
    let (mut sender, connection) = hyper::client::conn::http1::Builder::new()
        .preserve_header_case(true)
        .handshake(TokioIo::new(stream))
        .await?;
    shared.carry(async move {
        // A connection that breaks shows in the answer.
        let _ = connection.await;
    });
    let origin_form = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str());
    if let Ok(uri) = origin_form.parse() {
        *request.uri_mut() = uri;
    }
    let headers = request.headers_mut();
    for name in HOP_HEADERS {
        headers.remove(name);
    }
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    if !headers.contains_key(HOST) {
        let value = if port == 80 {
            host.to_string()
        } else {
            format!("{host}:{port}")
        };
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HOST, value);
        }
    }
    match sender.send_request(request).await {
        Ok(response) => Ok(response.map(BodyExt::boxed)),
        Err(e) => Ok(plain(StatusCode::BAD_GATEWAY, &e.to_string())),
    }
}

fn plain(status: StatusCode, text: &str) -> Response<Body> {
    let body = Full::new(Bytes::from(format!("consentry gate: {text}\n")));
    let mut response = Response::new(body.map_err(|never| match never {}).boxed());
    *response.status_mut() = status;
    response
}

fn empty() -> Body {
    Full::new(Bytes::new())
        .map_err(|never| match never {})
        .boxed()
}
