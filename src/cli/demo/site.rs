//! Serves the embedded example site on a loopback port.

use std::convert::Infallible;
use std::net::SocketAddr;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use include_dir::{Dir, include_dir};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

static PAGES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/fixtures/demo");

/// A running site. Dropping it ends it.
pub struct DemoSite {
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl DemoSite {
    /// Serves on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// Where the machine gives no port.
    pub async fn start() -> std::io::Result<DemoSite> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let answer = service_fn(|request: Request<_>| async move {
                        Ok::<_, Infallible>(answer(&request))
                    });
                    // A visitor that goes away is no error.
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), answer)
                        .await;
                });
            }
        });
        Ok(DemoSite { address, task })
    }
}

impl Drop for DemoSite {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn answer<B>(request: &Request<B>) -> Response<Full<Bytes>> {
    let path = request.uri().path().trim_matches('/');
    let path = if path.is_empty() { "index" } else { path };
    let file = PAGES
        .get_file(path)
        .or_else(|| PAGES.get_file(format!("{path}.html")));
    let kind = match file.and_then(|file| file.path().extension()?.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        _ => "text/plain; charset=utf-8",
    };
    let (status, body) = match file {
        Some(file) => (StatusCode::OK, Bytes::from_static(file.contents())),
        None => (StatusCode::NOT_FOUND, Bytes::from_static(b"not found\n")),
    };
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static(kind));
    headers.insert(
        CACHE_CONTROL,
        hyper::header::HeaderValue::from_static("no-store"),
    );
    response
}
