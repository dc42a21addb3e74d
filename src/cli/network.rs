//! What a scan may reach and which way, as typed: `--resolve`, `--proxy`, `--allow-private-network`.

use std::collections::HashMap;
use std::net::IpAddr;

use crate::diag::Failure;
use crate::gate::{PrivateNetwork, Upstream};

use super::config::Private;

/// Names with the addresses they are to have; what was typed wins over the file.
///
/// # Errors
/// What is no name, no address, or contradicts another entry.
pub fn resolve(typed: &[String], file: &[String]) -> Result<HashMap<String, IpAddr>, Failure> {
    let mut all = HashMap::new();
    for entries in [file, typed] {
        let mut read: HashMap<String, IpAddr> = HashMap::new();
        for entry in entries {
            let (host, address) = pair(entry)?;
            if read
                .insert(host, address)
                .is_some_and(|other| other != address)
            {
                return Err(Failure::with_help(
                    format!("--resolve {entry} contradicts an earlier --resolve of the same name"),
                    "give one address for each name",
                ));
            }
        }
        all.extend(read);
    }
    Ok(all)
}

/// The name as the gate compares it, and its address.
fn pair(entry: &str) -> Result<(String, IpAddr), Failure> {
    let wrong = || {
        Failure::with_help(
            format!("--resolve {entry} is not HOST:ADDR"),
            "write it like www.example.org:203.0.113.7 or www.example.org:[2001:db8::7]",
        )
    };
    let (host, address) = entry.trim().split_once(':').ok_or_else(wrong)?;
    let address = match address.strip_prefix('[') {
        Some(inner) => inner.strip_suffix(']').ok_or_else(wrong)?,
        None => address,
    };
    let address = address.parse().map_err(|_| wrong())?;
    // As browsers write it: lower case, international names in their ASCII form.
    match url::Host::parse(host.strip_suffix('.').unwrap_or(host)) {
        Ok(url::Host::Domain(name)) => Ok((name, address)),
        _ => Err(wrong()),
    }
}

/// The proxy to connect through.
///
/// # Errors
/// What is wrong with its address, which is not repeated: it may hold a password.
pub fn proxy(typed: Option<&str>, file: Option<&str>) -> Result<Option<Upstream>, Failure> {
    let Some(text) = typed.or(file) else {
        return Ok(None);
    };
    Upstream::parse(text).map(Some).map_err(|why| {
        Failure::with_help(
            format!("--proxy is not the address of a proxy: {why}"),
            "write it like http://proxy.example.org:3128 or \
             socks5://user:password@proxy.example.org:1080",
        )
    })
}

/// Which loopback and private addresses may be reached.
///
/// # Errors
/// What is no network.
pub fn private_network(
    flag: Option<&str>,
    config: Option<&Private>,
) -> Result<PrivateNetwork, Failure> {
    let networks: Vec<String> = match (flag, config) {
        (Some("" | "true" | "yes" | "1"), _) | (None, Some(Private::Flag(true))) => {
            return Ok(PrivateNetwork::Allowed);
        }
        (Some("false" | "no" | "0"), _) | (None, None | Some(Private::Flag(false))) => {
            return Ok(PrivateNetwork::Refused);
        }
        (Some(list), _) => list.split(',').map(str::to_string).collect(),
        (None, Some(Private::Networks(list))) => list.clone(),
    };
    let parsed: Result<Vec<ipnet::IpNet>, Failure> = networks
        .iter()
        .map(|text| {
            let text = text.trim();
            text.parse()
                .or_else(|_| text.parse::<IpAddr>().map(ipnet::IpNet::from))
                .map_err(|_| {
                    Failure::with_help(
                        format!("`{text}` is not a network"),
                        "write it like 10.1.0.0/16 or 127.0.0.1",
                    )
                })
        })
        .collect();
    Ok(PrivateNetwork::Within(parsed?))
}
