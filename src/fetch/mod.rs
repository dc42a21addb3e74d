//! Plain HTTP without a browser: robots, sitemaps, triage, `--static` pages.
//!
//! The only module that knows `reqwest`. It goes through a gate like Chrome does, so that one guard
//! judges every address. It must not know what the pages mean.

use std::time::Duration;

use futures_util::StreamExt;
use reqwest::header::{CONTENT_TYPE, LOCATION};
use url::Url;

use crate::artifact::{Connection, Told};
use crate::gate::{Gate, Policy};

/// What came back for a URL.
#[derive(Debug, Clone)]
pub struct Fetched {
    pub final_url: Url,
    /// The addresses on the way, the last one excluded.
    pub redirects: Vec<String>,
    pub status: u16,
    pub content_type: Option<String>,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// The body was longer than the limit and was cut.
    pub cut: bool,
    pub connections: Vec<Connection>,
}

/// Why nothing came back.
#[derive(Debug, Clone, thiserror::Error)]
pub enum FetchError {
    #[error("{0}")]
    Refused(Told),
    #[error("{0}")]
    Unreachable(Told),
    #[error("the certificate or the TLS handshake is not accepted: {0}")]
    Tls(String),
    #[error("no answer within {0} seconds")]
    TimedOut(u64),
    #[error("more than {MOST_REDIRECTS} redirects")]
    Redirects,
}

const MOST_REDIRECTS: usize = 10;

impl FetchError {
    /// The same for records and reports.
    pub fn told(&self) -> Told {
        match self {
            FetchError::Refused(why) | FetchError::Unreachable(why) => why.clone(),
            FetchError::Tls(error) => Told::of("tls").with("error", error.as_str()),
            FetchError::TimedOut(seconds) => {
                Told::of("no-answer-within").number("seconds", seconds)
            }
            FetchError::Redirects => Told::of("redirects").number("most", MOST_REDIRECTS),
        }
    }
}

/// How to fetch.
#[derive(Debug, Clone)]
pub struct FetchSettings {
    pub policy: Policy,
    pub user_agent: String,
    pub accept_language: String,
    pub timeout: Duration,
    /// Bytes of a body that are kept.
    pub body_limit: usize,
    /// Certificates that nobody vouches for are accepted.
    pub insecure_tls: bool,
    pub own: OwnHosts,
}

/// What requests to the target's own hosts carry, and no others.
#[derive(Clone, Default)]
pub struct OwnHosts {
    pub hosts: Vec<String>,
    pub headers: Vec<(String, String)>,
    /// User name and password.
    pub credentials: Option<(String, String)>,
}

impl std::fmt::Debug for OwnHosts {
    /// Values may be secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.hosts)
    }
}

/// Fetches over one gate; cheap to clone.
#[derive(Clone)]
pub struct Fetcher {
    client: reqwest::Client,
    gate: std::sync::Arc<Gate>,
    settings: FetchSettings,
}

impl Fetcher {
    /// Opens the gate and the client.
    ///
    /// # Errors
    /// Where the machine gives no port or no TLS roots.
    pub async fn new(settings: FetchSettings) -> Result<Fetcher, String> {
        // A second installation (another fetcher) is refused and harmless.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let gate = Gate::open(settings.policy.clone())
            .await
            .map_err(|e| format!("no loopback port for the gate: {e}"))?;
        let proxy =
            reqwest::Proxy::all(format!("http://{}", gate.address())).map_err(|e| e.to_string())?;
        let mut headers = reqwest::header::HeaderMap::new();
        if let Ok(language) = settings.accept_language.parse() {
            headers.insert(reqwest::header::ACCEPT_LANGUAGE, language);
        }
        let client = reqwest::Client::builder()
            .proxy(proxy)
            .user_agent(&settings.user_agent)
            .default_headers(headers)
            .redirect(reqwest::redirect::Policy::none())
            .timeout(settings.timeout)
            .danger_accept_invalid_certs(settings.insecure_tls)
            .build()
            .map_err(|e| format!("the HTTP client does not start: {e}"))?;
        Ok(Fetcher {
            client,
            gate: gate.into(),
            settings,
        })
    }

    /// Gets a page, following redirects one by one.
    ///
    /// # Errors
    /// Why nothing came back; an HTTP error status is not an error here.
    pub async fn get(&self, url: &Url) -> Result<Fetched, FetchError> {
        let mut at = url.clone();
        let mut redirects = Vec::new();
        loop {
            let response = self
                .request(&at)
                .send()
                .await
                .map_err(|e| self.explain(&e, &at))?;
            if let Some(refused) = self.refused(&at) {
                return Err(refused);
            }
            let next = response
                .status()
                .is_redirection()
                .then(|| response.headers().get(LOCATION)?.to_str().ok())
                .flatten()
                .and_then(|location| at.join(location).ok())
                .filter(|next| matches!(next.scheme(), "http" | "https"));
            let Some(next) = next else {
                return self.read(at, redirects, response).await;
            };
            if redirects.len() == MOST_REDIRECTS {
                return Err(FetchError::Redirects);
            }
            redirects.push(at.to_string());
            at = next;
        }
    }

    /// Sends bytes to a service, and gives its answer; redirects are not followed.
    ///
    /// # Errors
    /// Why nothing came back; an HTTP error status is not an error here.
    pub async fn post(&self, url: &Url, kind: &str, body: Vec<u8>) -> Result<Fetched, FetchError> {
        let request = self.client.post(url.clone());
        let request = request.header(CONTENT_TYPE, kind).body(body);
        let response = request.send().await.map_err(|e| self.explain(&e, url))?;
        if let Some(refused) = self.refused(url) {
            return Err(refused);
        }
        self.read(url.clone(), Vec::new(), response).await
    }

    /// A request with what belongs to its host.
    fn request(&self, url: &Url) -> reqwest::RequestBuilder {
        let mut request = self.client.get(url.clone());
        let own = &self.settings.own;
        let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
        if own.hosts.contains(&host) {
            for (name, value) in &own.headers {
                request = request.header(name, value);
            }
            if let Some((name, password)) = &own.credentials {
                request = request.basic_auth(name, Some(password));
            }
        }
        request
    }

    async fn read(
        &self,
        final_url: Url,
        redirects: Vec<String>,
        response: reqwest::Response,
    ) -> Result<Fetched, FetchError> {
        let text = |value: &reqwest::header::HeaderValue| {
            String::from_utf8_lossy(value.as_bytes()).into_owned()
        };
        let status = response.status().as_u16();
        let headers: Vec<(String, String)> = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect();
        let content_type = response.headers().get(CONTENT_TYPE).map(text);
        let mut body = Vec::new();
        let mut cut = false;
        let mut stream = response.bytes_stream();
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|e| self.explain(&e, &final_url))?;
            let room = self.settings.body_limit - body.len();
            body.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if chunk.len() > room {
                cut = true;
                break;
            }
        }
        let host = final_url.host_str().unwrap_or_default().to_string();
        let connections = self
            .gate
            .connections()
            .into_iter()
            .filter(|connection| connection.host == host)
            .collect();
        Ok(Fetched {
            final_url,
            redirects,
            status,
            content_type,
            headers,
            body,
            cut,
            connections,
        })
    }

    /// What the gate did with a URL's host, where it did not let it through.
    fn refused(&self, url: &Url) -> Option<FetchError> {
        let host = url
            .host_str()?
            .trim_matches(['[', ']'])
            .to_ascii_lowercase();
        let port = url.port_or_known_default()?;
        let why = self.gate.refusal(&host, port)?;
        Some(if why.is_refusal() {
            FetchError::Refused(why.told())
        } else {
            FetchError::Unreachable(why.told())
        })
    }

    fn explain(&self, error: &reqwest::Error, url: &Url) -> FetchError {
        if let Some(refused) = self.refused(url) {
            return refused;
        }
        if error.is_timeout() {
            return FetchError::TimedOut(self.settings.timeout.as_secs());
        }
        let mut deepest: &dyn std::error::Error = error;
        while let Some(source) = deepest.source() {
            deepest = source;
        }
        let words = deepest.to_string();
        let tls = deepest.downcast_ref::<rustls::Error>().is_some()
            || ["certificate", "tls", "handshake", "ssl"]
                .iter()
                .any(|word| words.to_ascii_lowercase().contains(word));
        if tls {
            FetchError::Tls(words)
        } else {
            FetchError::Unreachable(words.into())
        }
    }
}
