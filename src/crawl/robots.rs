//! robots.txt, once per origin.

use std::collections::HashMap;

use texting_robots::Robot;
use url::Url;

use crate::fetch::Fetcher;

/// The name robots.txt files may address us by.
pub const ROBOT_NAME: &str = "consentry";

/// What the origins' robots.txt files say.
pub struct Robots {
    ignore: bool,
    by_origin: HashMap<String, Option<Robot>>,
}

impl Robots {
    pub fn new(ignore: bool) -> Self {
        Robots {
            ignore,
            by_origin: HashMap::new(),
        }
    }

    /// Whether an address may be crawled. Where there is no robots.txt, it may (RFC 9309, 2.3.1.3).
    pub async fn allows(&mut self, url: &Url, fetcher: &Fetcher) -> bool {
        if self.ignore {
            return true;
        }
        let origin = url.origin().ascii_serialization();
        if !self.by_origin.contains_key(&origin) {
            let robot = load(url, fetcher).await;
            self.by_origin.insert(origin.clone(), robot);
        }
        match self.by_origin.get(&origin) {
            Some(Some(robot)) => robot.allowed(url.as_str()),
            _ => true,
        }
    }

    /// The sitemaps that an origin's robots.txt declares.
    pub fn sitemaps(&self, url: &Url) -> Vec<Url> {
        let origin = url.origin().ascii_serialization();
        let Some(Some(robot)) = self.by_origin.get(&origin) else {
            return Vec::new();
        };
        robot
            .sitemaps
            .iter()
            .filter_map(|text| Url::parse(text).ok())
            .collect()
    }
}

async fn load(url: &Url, fetcher: &Fetcher) -> Option<Robot> {
    let address = url.join("/robots.txt").ok()?;
    let fetched = fetcher.get(&address).await.ok()?;
    if fetched.status != 200 {
        return None;
    }
    // Half a megabyte is what RFC 9309 asks to be read at least; more is cut.
    let body = &fetched.body[..fetched.body.len().min(512 << 10)];
    Robot::new(ROBOT_NAME, body).ok()
}
