//! robots.txt, once per origin.

use std::collections::HashMap;

use texting_robots::Robot;
use url::Url;

use crate::fetch::{FetchError, Fetcher};

/// The name robots.txt files may address us by.
pub const ROBOT_NAME: &str = "consentry";

/// What a robots.txt says about an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    Open,
    Closed,
    /// It could not be read, which counts as closed for crawling (RFC 9309, 2.3.1.4).
    Unknown,
}

enum File {
    /// There is none: everything is open (RFC 9309, 2.3.1.3).
    None,
    Read(Robot),
    Unreadable,
}

/// What the origins' robots.txt files say.
pub struct Robots {
    ignore: bool,
    by_origin: HashMap<String, File>,
}

impl Robots {
    pub fn new(ignore: bool) -> Self {
        Robots {
            ignore,
            by_origin: HashMap::new(),
        }
    }

    /// Whether an address may be crawled.
    pub async fn says(&mut self, url: &Url, fetcher: &Fetcher) -> Word {
        if self.ignore {
            return Word::Open;
        }
        let origin = url.origin().ascii_serialization();
        if !self.by_origin.contains_key(&origin) {
            let file = load(url, fetcher).await;
            self.by_origin.insert(origin.clone(), file);
        }
        match self.by_origin.get(&origin) {
            Some(File::Read(robot)) if !robot.allowed(url.as_str()) => Word::Closed,
            Some(File::Unreadable) => Word::Unknown,
            _ => Word::Open,
        }
    }

    /// The sitemaps that an origin's robots.txt declares.
    pub fn sitemaps(&self, url: &Url) -> Vec<Url> {
        let origin = url.origin().ascii_serialization();
        let Some(File::Read(robot)) = self.by_origin.get(&origin) else {
            return Vec::new();
        };
        robot
            .sitemaps
            .iter()
            .filter_map(|text| Url::parse(text).ok())
            .collect()
    }
}

/// Half a megabyte is what RFC 9309 asks to be read at least; more is cut.
const MOST: usize = 512 << 10;

fn read(body: &[u8]) -> File {
    let body = &body[..body.len().min(MOST)];
    Robot::new(ROBOT_NAME, body).map_or(File::None, File::Read)
}

/// Whether a robots.txt with this body leaves an address open.
pub fn robots_allow(body: &[u8], url: &str) -> bool {
    match read(body) {
        File::Read(robot) => robot.allowed(url),
        File::None | File::Unreadable => true,
    }
}

async fn load(url: &Url, fetcher: &Fetcher) -> File {
    let Ok(address) = url.join("/robots.txt") else {
        return File::None;
    };
    let fetched = match fetcher.get(&address).await {
        Ok(fetched) => fetched,
        // A host that may not be reached is refused again, and recorded, when its page is opened.
        Err(FetchError::Refused(_)) => return File::None,
        Err(_) => return File::Unreadable,
    };
    match fetched.status {
        200..300 => read(&fetched.body),
        500.. => File::Unreadable,
        _ => File::None,
    }
}
