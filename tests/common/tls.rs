//! Servers with certificates that nobody vouches for.

use std::net::SocketAddr;
use std::sync::Arc;

use rcgen::{CertificateParams, CustomExtension, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::runtime::Runtime;

/// Shakes hands with whoever comes, and says nothing more, or the one page it was given.
pub struct Secure {
    pub address: SocketAddr,
    _runtime: Runtime,
}

impl Secure {
    /// With a certificate that it signed itself.
    pub fn self_signed() -> Secure {
        let certified = rcgen::generate_simple_self_signed(vec!["localhost".to_string()])
            .expect("a certificate");
        Secure::start(certified.cert.der().clone(), &certified.signing_key, None)
    }

    /// The same, answering everything with a page.
    pub fn serving(page: String) -> Secure {
        let certified = rcgen::generate_simple_self_signed(vec!["localhost".to_string()])
            .expect("a certificate");
        Secure::start(
            certified.cert.der().clone(),
            &certified.signing_key,
            Some(page),
        )
    }

    /// With a certificate whose issuer is left out, and said to be found at this address.
    pub fn issued(issuer_at: &str) -> Secure {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(vec!["127.0.0.1".to_string()]).expect("names");
        // RFC 5280, authority information access: one `caIssuers`, an address.
        let address = field(0x86, issuer_at.as_bytes());
        let ca_issuers = field(0x06, &[0x2b, 6, 1, 5, 5, 7, 0x30, 2]);
        let access = field(0x30, &field(0x30, &[ca_issuers, address].concat()));
        let access = CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], access);
        params.custom_extensions.push(access);
        let issuer_key = KeyPair::generate().expect("a key");
        let mut issuer = CertificateParams::default();
        issuer.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let issuer = Issuer::new(issuer, issuer_key);
        let certificate = params.signed_by(&key, &issuer).expect("a certificate");
        Secure::start(certificate.der().clone(), &key, None)
    }

    fn start(certificate: CertificateDer<'static>, key: &KeyPair, page: Option<String>) -> Secure {
        let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        let provider = rustls::crypto::ring::default_provider();
        let config = rustls::ServerConfig::builder_with_provider(provider.into())
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .expect("a certificate with its key");
        let runtime = Runtime::new().expect("a runtime");
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .expect("a loopback port");
        let address = listener.local_addr().expect("its address");
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, page) = (acceptor.clone(), page.clone());
                tokio::spawn(async move {
                    let Ok(mut stream) = acceptor.accept(stream).await else {
                        return;
                    };
                    let Some(page) = page else { return };
                    let mut asked = [0; 8192];
                    let _ = stream.read(&mut asked).await;
                    let head = format!(
                        "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\n\
                         content-length: {}\r\nconnection: close\r\n\r\n",
                        page.len()
                    );
                    let _ = stream.write_all((head + &page).as_bytes()).await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        Secure {
            address,
            _runtime: runtime,
        }
    }
}

/// A field of DER, shorter than 128 bytes.
fn field(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).expect("a short field");
    [&[tag, length], content].concat()
}
