//! The proxy that a user names with `--proxy`, and connecting through it. It is asked for addresses
//! that were judged here, never for names: it could take a name somewhere else.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::header::{HOST, PROXY_AUTHORIZATION};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use percent_encoding::percent_decode_str;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_socks::tcp::Socks5Stream;
use url::Url;

use super::Refusal;

/// How long one address is tried, the way through a proxy included.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(8);

/// A proxy between the gate and the network.
#[derive(Clone, PartialEq, Eq)]
pub struct Upstream {
    kind: Kind,
    host: String,
    port: u16,
    /// User name and password.
    credentials: Option<(String, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Http,
    Socks5,
}

/// A connection to a server, straight or through a proxy.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

impl Upstream {
    /// Reads `http://[user:password@]host:port` or `socks5://…`.
    ///
    /// # Errors
    /// What is wrong with it. The text is not repeated: it may hold a password.
    pub fn parse(text: &str) -> Result<Upstream, String> {
        let url = Url::parse(text.trim()).map_err(|e| format!("it is no address ({e})"))?;
        let (kind, usual_port) = match url.scheme() {
            "http" => (Kind::Http, 80),
            "socks5" => (Kind::Socks5, 1080),
            "https" | "socks4" | "socks4a" | "socks5h" => {
                let scheme = url.scheme();
                return Err(format!(
                    "{scheme}:// is not supported, http:// and socks5:// are"
                ));
            }
            _ => return Err("it starts neither with http:// nor with socks5://".to_string()),
        };
        let host = url.host_str().unwrap_or_default();
        if host.is_empty() {
            return Err("it names no host".to_string());
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err("it goes on behind the port".to_string());
        }
        let credentials = (!url.username().is_empty() || url.password().is_some()).then(|| {
            let user = decoded(url.username());
            (user, decoded(url.password().unwrap_or_default()))
        });
        let lengths = 1..=255;
        if let Some((user, password)) = &credentials
            && kind == Kind::Socks5
            && !(lengths.contains(&user.len()) && lengths.contains(&password.len()))
        {
            return Err("socks5 takes a user name and a password of 1 to 255 bytes".to_string());
        }
        Ok(Upstream {
            kind,
            host: host.trim_matches(['[', ']']).to_string(),
            port: url.port().unwrap_or(usual_port),
            credentials,
        })
    }

    /// Without the credentials, as settings record it.
    pub fn describe(&self) -> String {
        let scheme = match self.kind {
            Kind::Http => "http",
            Kind::Socks5 => "socks5",
        };
        if self.host.contains(':') {
            format!("{scheme}://[{}]:{}", self.host, self.port)
        } else {
            format!("{scheme}://{}:{}", self.host, self.port)
        }
    }

    /// Whether anybody answers there.
    ///
    /// # Errors
    /// In words for people, why not.
    pub async fn check(&self) -> Result<(), String> {
        match tokio::time::timeout(CONNECT_TIMEOUT, self.dial()).await {
            Ok(reached) => reached.map(|_| ()).map_err(|refusal| refusal.to_string()),
            Err(_) => Err(self.problem("does not answer").to_string()),
        }
    }

    /// The port, where the proxy listens on this machine.
    pub(super) fn own_port(&self) -> Option<u16> {
        let address = self.host.parse::<std::net::IpAddr>();
        let here = address.map_or(self.host == "localhost", |address| {
            address.to_canonical().is_loopback()
        });
        here.then_some(self.port)
    }

    async fn dial(&self) -> Result<TcpStream, Refusal> {
        // The user's own choice, on whatever address: it is not judged.
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await;
        let stream = stream.map_err(|e| self.problem(&format!("cannot be reached: {e}")))?;
        let _ = stream.set_nodelay(true);
        Ok(stream)
    }

    async fn connect(&self, to: SocketAddr) -> Result<Box<dyn Stream>, Refusal> {
        let stream = self.dial().await?;
        match self.kind {
            Kind::Http => self.connect_http(stream, to).await,
            Kind::Socks5 => self.connect_socks(stream, to).await,
        }
    }

    async fn connect_http(
        &self,
        stream: TcpStream,
        to: SocketAddr,
    ) -> Result<Box<dyn Stream>, Refusal> {
        let broken = |e: hyper::Error| self.problem(&format!("does not answer as one: {e}"));
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(broken)?;
        // Ends with the answer: with the tunnel handed over, or with the connection closed.
        tokio::spawn(connection.with_upgrades());
        let mut request = Request::builder()
            .method(Method::CONNECT)
            .uri(to.to_string())
            .header(HOST, to.to_string());
        if let Some((user, password)) = &self.credentials {
            let encoded = STANDARD.encode(format!("{user}:{password}"));
            request = request.header(PROXY_AUTHORIZATION, format!("Basic {encoded}"));
        }
        let request = request
            .body(Empty::<Bytes>::new())
            .map_err(|e| self.problem(&format!("cannot be asked for {to}: {e}")))?;
        let answer = sender.send_request(request).await.map_err(broken)?;
        self.accept(&answer, to)?;
        let tunnel = hyper::upgrade::on(answer).await.map_err(broken)?;
        Ok(Box::new(TokioIo::new(tunnel)))
    }

    fn accept<B>(&self, answer: &Response<B>, to: SocketAddr) -> Result<(), Refusal> {
        match (answer.status(), &self.credentials) {
            (status, _) if status.is_success() => Ok(()),
            (StatusCode::PROXY_AUTHENTICATION_REQUIRED, None) => Err(self.problem(
                "wants a user name and a password (407): write http://user:password@host:port",
            )),
            (StatusCode::PROXY_AUTHENTICATION_REQUIRED, Some(_)) => {
                Err(self.problem("does not accept the user name and password given (407)"))
            }
            (status, _) => Err(self.refusal(to, &status.to_string())),
        }
    }

    async fn connect_socks(
        &self,
        stream: TcpStream,
        to: SocketAddr,
    ) -> Result<Box<dyn Stream>, Refusal> {
        use tokio_socks::Error;
        let connected = match &self.credentials {
            None => Socks5Stream::connect_with_socket(stream, to).await,
            Some((user, password)) => {
                Socks5Stream::connect_with_password_and_socket(stream, to, user, password).await
            }
        };
        match connected {
            Ok(stream) => Ok(Box::new(stream.into_inner())),
            Err(Error::NoAcceptableAuthMethods | Error::AuthorizationRequired) => {
                let wanted = match self.credentials {
                    None => {
                        "wants a user name and a password: write socks5://user:password@host:port"
                    }
                    Some(_) => "takes no user name and password",
                };
                Err(self.problem(wanted))
            }
            Err(Error::PasswordAuthFailure(_)) => {
                Err(self.problem("does not accept the user name and password given"))
            }
            Err(
                e @ (Error::GeneralSocksServerFailure
                | Error::ConnectionNotAllowedByRuleset
                | Error::NetworkUnreachable
                | Error::HostUnreachable
                | Error::ConnectionRefused
                | Error::TtlExpired
                | Error::AddressTypeNotSupported),
            ) => Err(self.refusal(to, &e.to_string())),
            Err(e) => Err(self.problem(&format!("does not answer as one: {e}"))),
        }
    }

    /// It serves nobody as things are.
    fn problem(&self, what: &str) -> Refusal {
        Refusal::Proxy(format!("{} {what}", self.describe()))
    }

    /// It works, and does not connect to this address.
    fn refusal(&self, to: SocketAddr, why: &str) -> Refusal {
        Refusal::Unreachable(format!(
            "the proxy {} did not connect to {to}: {why}",
            self.describe()
        ))
    }
}

/// A password must not come into a log.
impl fmt::Debug for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Upstream({})", self.describe())
    }
}

/// Connects to an address that was judged, through the proxy where there is one.
pub(super) async fn connect(
    upstream: Option<&Upstream>,
    to: SocketAddr,
) -> Result<Box<dyn Stream>, Refusal> {
    let attempt = async {
        match upstream {
            Some(upstream) => upstream.connect(to).await,
            None => {
                let stream = TcpStream::connect(to).await;
                let stream = stream.map_err(|e| Refusal::Unreachable(e.to_string()))?;
                let _ = stream.set_nodelay(true);
                Ok(Box::new(stream) as Box<dyn Stream>)
            }
        }
    };
    match tokio::time::timeout(CONNECT_TIMEOUT, attempt).await {
        Ok(connected) => connected,
        Err(_) => Err(match upstream {
            Some(upstream) => upstream.refusal(to, "no answer in time"),
            None => Refusal::Unreachable("no answer in time".to_string()),
        }),
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
