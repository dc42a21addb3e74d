//! The faces that a page is asked to show: devices, user agents, what a visitor brings along.

use crate::artifact::Viewport;
use crate::capture::Banners;

/// A device to look with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Device {
    Desktop,
    Mobile,
}

/// How pages are shown, beyond language and user agent.
#[derive(Debug, Clone)]
pub struct FaceSettings {
    /// The first one gives the page, the others are compared with it.
    pub devices: Vec<Device>,
    /// Openings of each page with a form, with each device.
    pub visits: u32,
    pub referrer: Option<String>,
    /// For the targets' own hosts.
    pub headers: Vec<(String, String)>,
    /// Name and password for the targets' own hosts.
    pub credentials: Option<(String, String)>,
    pub insecure_tls: bool,
    pub banners: Banners,
}

impl Default for FaceSettings {
    fn default() -> Self {
        FaceSettings {
            devices: vec![Device::Desktop],
            visits: 1,
            referrer: None,
            headers: Vec::new(),
            credentials: None,
            insecure_tls: false,
            banners: Banners::default(),
        }
    }
}

/// The window of the desktop profile, in CSS pixels.
pub const DESKTOP: Viewport = Viewport {
    width: 1280,
    height: 800,
    scale: 1.0,
};
/// The window of the mobile profile: that of a telephone of middle size.
const MOBILE: Viewport = Viewport {
    width: 412,
    height: 915,
    scale: 2.625,
};

impl Device {
    /// The name that captures carry.
    pub fn as_str(self) -> &'static str {
        match self {
            Device::Desktop => "desktop",
            Device::Mobile => "mobile",
        }
    }

    pub fn viewport(self) -> Viewport {
        match self {
            Device::Desktop => DESKTOP,
            Device::Mobile => MOBILE,
        }
    }

    /// What such a browser calls itself, where Chrome calls itself this on a desktop.
    pub fn agent(self, chrome: &str) -> String {
        match self {
            Device::Desktop => chrome.to_string(),
            // Chrome on Android tells neither version nor model (User-Agent reduction).
            Device::Mobile => chrome
                .replacen("X11; Linux x86_64", "Linux; Android 10; K", 1)
                .replace(" Safari/", " Mobile Safari/"),
        }
    }
}

/// What pages are told we are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserAgent {
    /// The honest one, and the plain one once more where there is a form, to compare.
    Compared,
    /// Chrome's, with our name and version behind it.
    Honest,
    /// Chrome's alone.
    Plain,
    Text(String),
}

impl UserAgent {
    /// What pages are told, where Chrome says this.
    pub fn of(&self, chrome: &str) -> String {
        match self {
            UserAgent::Compared | UserAgent::Honest => {
                format!("{chrome} consentry/{}", env!("CARGO_PKG_VERSION"))
            }
            UserAgent::Plain => chrome.to_string(),
            UserAgent::Text(text) => text.clone(),
        }
    }
}
