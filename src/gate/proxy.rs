//! The proxy protocol: CONNECT tunnels (https, WebSockets); plain requests are [`super::forward`]'s.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full, combinators::BoxBody};
use hyper::body::{Bytes, Incoming};
use hyper::header::UPGRADE;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;

use super::door::{Asked, Pass};
use super::held::Held;
use super::upstream::{self, Stream};
use super::{Refusal, Shared, forward, host_key, lock};

pub(super) type Body = BoxBody<Bytes, hyper::Error>;

/// A request whose head takes longer is not waited for; nor is a connection that asks nothing more.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);

/// Serves a gate until its task is aborted; open tunnels end with it.
pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
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
                        .timer(TokioTimer::new())
                        .header_read_timeout(HEAD_TIMEOUT)
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
    let Some(asked) = asked(&request) else {
        return Ok(plain(StatusCode::BAD_REQUEST, "this is a proxy"));
    };
    let pass = match shared.door.admit(&asked) {
        Ok(pass) => pass,
        Err(why) => return Ok(turned_away(&shared, asked, why)),
    };
    if request.method() != Method::CONNECT {
        return forward::forward(request, asked, pass, &shared).await;
    }
    let stream = match reach(&shared, &asked, &pass).await {
        Ok(stream) => stream,
        Err(response) => return Ok(response),
    };
    shared.carry(tunnel(request, stream, pass));
    Ok(Response::new(empty()))
}

/// What a request is for; `None` where it is none that a proxy serves.
fn asked(request: &Request<Incoming>) -> Option<Asked> {
    let uri = request.uri();
    let host = host_key(uri.host()?);
    let tunnel = request.method() == Method::CONNECT;
    let port = match (tunnel, uri.scheme_str()) {
        // A tunnel names its port, and nothing else than plain HTTP is sent on as a request.
        (true, None) => uri.port_u16()?,
        (false, Some("http")) => uri.port_u16().unwrap_or(80),
        _ => return None,
    };
    Some(Asked {
        host,
        port,
        method: request.method().to_string(),
        path: (!tunnel).then(|| {
            uri.path_and_query()
                .map_or_else(|| "/".to_string(), ToString::to_string)
        }),
        websocket: request
            .headers()
            .get_all(UPGRADE)
            .iter()
            .any(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket")),
    })
}

/// Connects for a request that was let in; the error is the answer to it.
pub(super) async fn reach(
    shared: &Shared,
    asked: &Asked,
    pass: &Pass,
) -> Result<Box<dyn Stream>, Response<Body>> {
    let connected = tokio::select! {
        biased;
        () = pass.cut() => None,
        connected = connect(shared, &asked.host, asked.port) => Some(connected),
    };
    match connected {
        Some(Ok(stream)) if pass.is_valid() => Ok(stream),
        Some(Err(refusal)) => {
            let status = if refusal.is_refusal() {
                StatusCode::FORBIDDEN
            } else {
                StatusCode::BAD_GATEWAY
            };
            Err(plain(status, &refusal.to_string()))
        }
        Some(Ok(_)) | None => Err(turned_away(shared, asked.clone(), forward::OVERTAKEN)),
    }
}

/// Connects to the first allowed address that answers, and records which.
async fn connect(shared: &Shared, host: &str, port: u16) -> Result<Box<dyn Stream>, Refusal> {
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
) -> Result<(Box<dyn Stream>, IpAddr), Refusal> {
    let upstream = shared.policy.upstream.as_ref();
    let mut last = Refusal::Unreachable("no address".to_string());
    for address in shared.addresses(host, port).await? {
        match upstream::connect(upstream, SocketAddr::new(address, port)).await {
            Ok(stream) => return Ok((stream, address)),
            // The next address would go the same way.
            Err(refusal @ Refusal::Proxy(_)) => return Err(refusal),
            Err(refusal) => last = refusal,
        }
    }
    Err(last)
}

async fn tunnel(request: Request<Incoming>, upstream: Box<dyn Stream>, pass: Pass) {
    let mut upstream = Held::new(upstream, pass.clone());
    let carried = async {
        if let Ok(upgraded) = hyper::upgrade::on(request).await {
            let _ = tokio::io::copy_bidirectional(&mut TokioIo::new(upgraded), &mut upstream).await;
        }
    };
    tokio::select! {
        biased;
        () = pass.cut() => {}
        () = carried => {}
    }
}

/// Refuses a request and lists it.
pub(super) fn turned_away(shared: &Shared, asked: Asked, why: &str) -> Response<Body> {
    shared.door.turned_away(asked, why);
    plain(StatusCode::FORBIDDEN, why)
}

pub(super) fn plain(status: StatusCode, text: &str) -> Response<Body> {
    let mut response = Response::new(whole(Bytes::from(format!("consentry gate: {text}\n"))));
    *response.status_mut() = status;
    response
}

fn empty() -> Body {
    whole(Bytes::new())
}

pub(super) fn whole(bytes: Bytes) -> Body {
    Full::new(bytes).map_err(|never| match never {}).boxed()
}
