//! How pages are shown, as typed: devices, visits, what a visitor brings along, what a cookie banner gets.

use clap::ValueEnum;

use crate::capture::Banners;
use crate::diag::Failure;
use crate::pipeline::{Device, FaceSettings};
use crate::target;

use super::args::{CookieBanner, LookArgs, Profile};
use super::config::Config;

/// Openings of one page with one device, at most.
const MOST_VISITS: u32 = 50;

/// Checks how pages are shown.
///
/// # Errors
/// What is wrong, and how to write it.
pub fn read(look: &LookArgs, config: &Config) -> Result<FaceSettings, Failure> {
    let visits = look.visits.or(config.look.visits).unwrap_or(1);
    if !(1..=MOST_VISITS).contains(&visits) {
        return Err(Failure::new(format!(
            "--visits must be from 1 to {MOST_VISITS}"
        )));
    }
    let referrer = look.referrer.as_ref().or(config.look.referrer.as_ref());
    let referrer = referrer.map(|text| {
        let url = target::parse_url(text);
        url.map(String::from)
            .map_err(|e| Failure::new(format!("--referrer: {e}")))
    });
    let headers = if look.header.is_empty() {
        &config.look.headers
    } else {
        &look.header
    };
    let variable = look.basic_auth.as_deref();
    let variable = variable.or(config.look.basic_auth.as_deref());
    Ok(FaceSettings {
        devices: devices(look, config)?,
        visits,
        referrer: referrer.transpose()?,
        headers: headers
            .iter()
            .map(|text| header(text))
            .collect::<Result<_, _>>()?,
        credentials: variable.map(credentials).transpose()?,
        insecure_tls: look.insecure_tls || config.look.insecure_tls == Some(true),
        banners: match banner(look, config)? {
            CookieBanner::Refuse => Banners::Refuse,
            CookieBanner::Accept => Banners::Accept,
            CookieBanner::Leave => Banners::Leave,
        },
    })
}

fn devices(look: &LookArgs, config: &Config) -> Result<Vec<Device>, Failure> {
    let mut chosen = look.profile.clone();
    if chosen.is_empty() {
        for name in &config.look.profiles {
            chosen.push(Profile::from_str(name, false).map_err(|_| {
                Failure::new(format!(
                    "profiles = \"{name}\" in the configuration: it is desktop or mobile"
                ))
            })?);
        }
    }
    if chosen.is_empty() {
        chosen = vec![Profile::Desktop, Profile::Mobile];
    }
    let mut devices = Vec::new();
    for profile in chosen {
        let device = match profile {
            Profile::Desktop => Device::Desktop,
            Profile::Mobile => Device::Mobile,
        };
        if !devices.contains(&device) {
            devices.push(device);
        }
    }
    Ok(devices)
}

fn banner(look: &LookArgs, config: &Config) -> Result<CookieBanner, Failure> {
    match (look.cookie_banner, config.look.cookie_banner.as_deref()) {
        (Some(given), _) => Ok(given),
        (None, Some(name)) => CookieBanner::from_str(name, false).map_err(|_| {
            Failure::new(format!(
                "cookie_banner = \"{name}\" in the configuration: it is refuse, accept or leave"
            ))
        }),
        (None, None) => Ok(CookieBanner::Refuse),
    }
}

/// Name and value of a header.
fn header(text: &str) -> Result<(String, String), Failure> {
    let token = |name: &str| {
        let marks = b"-_.!#$%&'*+^`|~";
        !name.is_empty()
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || marks.contains(&b))
    };
    let parts = text.split_once(':');
    match parts.map(|(name, value)| (name.trim(), value.trim())) {
        Some((name, value)) if token(name) && !value.contains(['\r', '\n', '\0']) => {
            Ok((name.to_string(), value.to_string()))
        }
        // The text may hold a secret and is not repeated.
        _ => Err(Failure::with_help(
            "a --header is not `Name: value`",
            "write it like --header \"X-Preview: 1\"",
        )),
    }
}

/// The name and the password that a variable holds.
fn credentials(variable: &str) -> Result<(String, String), Failure> {
    let help =
        "set it like CONSENTRY_BASIC_AUTH=name:password, and name the variable after --basic-auth";
    let held = std::env::var(variable).map_err(|_| {
        Failure::with_help(
            format!("--basic-auth: the environment has no {variable}"),
            help,
        )
    })?;
    match held.split_once(':') {
        Some((name, password)) => Ok((name.to_string(), password.to_string())),
        None => Err(Failure::with_help(
            format!("--basic-auth: {variable} does not hold name:password"),
            help,
        )),
    }
}
