//! What the user asked to look at, normalised.
#![deny(clippy::disallowed_methods)]

use url::Url;

/// One target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// `t1`, `t2`, … in the order given.
    pub id: String,
    pub url: Url,
    pub vendor: Option<String>,
}

/// Why something is not a target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    #[error("`{0}` is not an address: write it like https://www.example.org/page")]
    Malformed(String),
    #[error("`{0}` is not a web address: only http and https are visited")]
    Scheme(String),
    #[error(
        "the address on `{0}` holds a user name or password, which would stand in every report: leave it out"
    )]
    Credentials(String),
}

/// Reads an address as a person writes it: the scheme may be missing.
///
/// # Errors
/// What is wrong with it, and how to write it.
pub fn parse_url(text: &str) -> Result<Url, TargetError> {
    let text = text.trim();
    let malformed = || TargetError::Malformed(text.to_string());
    let url = match Url::parse(text) {
        Ok(url) if url.has_host() => url,
        // `example.org/path` has no scheme; `example.org:8080` parses with "example.org" as one.
        Ok(url) if !matches!(url.scheme(), "http" | "https") && looks_like_host(text) => {
            Url::parse(&format!("https://{text}")).map_err(|_| malformed())?
        }
        Ok(_) => return Err(TargetError::Scheme(text.to_string())),
        Err(_) if looks_like_host(text) => {
            Url::parse(&format!("https://{text}")).map_err(|_| malformed())?
        }
        Err(_) => return Err(malformed()),
    };
    if !matches!(url.scheme(), "http" | "https") {
        return Err(TargetError::Scheme(text.to_string()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        // The text is not repeated: it may be a secret.
        let host = url.host_str().unwrap_or_default();
        return Err(TargetError::Credentials(host.to_string()));
    }
    Ok(url)
}

fn looks_like_host(text: &str) -> bool {
    let host = text.split(['/', '?', '#']).next().unwrap_or_default();
    let name = host.split(':').next().unwrap_or_default();
    let port = host.split(':').nth(1);
    let port_fits = port.is_none_or(|port| port.parse::<u16>().is_ok());
    let dotted = name.contains('.') && !name.starts_with('.') && !name.ends_with("..");
    let characters = name
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    port_fits && characters && (dotted || name == "localhost")
}

/// The host of an address in lower case, without brackets.
pub fn host(url: &Url) -> String {
    url.host_str()
        .unwrap_or_default()
        .trim_matches(['[', ']'])
        .to_ascii_lowercase()
}

/// An address without its fragment and trailing slash: links that differ in these lead to one page.
pub fn page_key(url: &str) -> String {
    match Url::parse(url) {
        Ok(mut url) => {
            url.set_fragment(None);
            url.as_str().trim_end_matches('/').to_string()
        }
        Err(_) => url.to_string(),
    }
}

/// The origin of an address with TLS, `https://www.exemple.fr`.
pub fn secure_origin(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    (url.scheme() == "https").then(|| url.origin().ascii_serialization())
}

/// The registrable domain of a host (`exemple.fr` of `www.exemple.fr`); the host itself where there is
/// none, as for addresses.
pub fn site(host: &str) -> String {
    if host.parse::<std::net::IpAddr>().is_ok() {
        return host.to_string();
    }
    psl::domain_str(host).unwrap_or(host).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_as_people_write_them() {
        let parsed = |text: &str| parse_url(text).map(String::from);
        assert_eq!(
            parsed("https://a.example/x").as_deref(),
            Ok("https://a.example/x")
        );
        assert_eq!(parsed("a.example/x").as_deref(), Ok("https://a.example/x"));
        assert_eq!(
            parsed("a.example:8080").as_deref(),
            Ok("https://a.example:8080/")
        );
        assert_eq!(
            parsed(" http://127.0.0.1:9/ ").as_deref(),
            Ok("http://127.0.0.1:9/")
        );
        assert!(matches!(
            parsed("ftp://a.example/"),
            Err(TargetError::Scheme(_))
        ));
        assert!(matches!(
            parsed("javascript:alert(1)"),
            Err(TargetError::Scheme(_))
        ));
        assert!(matches!(
            parsed("not a url"),
            Err(TargetError::Malformed(_))
        ));
        assert!(matches!(parsed(""), Err(TargetError::Malformed(_))));
        assert!(matches!(parsed("http://"), Err(TargetError::Malformed(_))));
        assert!(matches!(
            parsed("https://u:p@a.example/"),
            Err(TargetError::Credentials(_))
        ));
    }

    #[test]
    fn sites() {
        assert_eq!(site("www.exemple.fr"), "exemple.fr");
        assert_eq!(site("a.b.example.co.uk"), "example.co.uk");
        assert_eq!(site("127.0.0.1"), "127.0.0.1");
        assert_eq!(site("localhost"), "localhost");
    }
}
