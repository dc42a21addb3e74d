//! A visit with Chrome: markup, states at `load`, everything once settled.
//!
//! The order matters. States are read at `load` without a picture; the settled page gives snapshot
//! and pictures; only where a control was on at `load` and is off later is the page opened once more,
//! to picture that moment.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use serde_json::value::RawValue;
use url::Url;

use crate::artifact::{
    CaptureRecord, Dom, FileRecord, Gap, Moment, PageRecord, PageStatus, ScreenshotRecord, Timings,
    Told, parse_snapshot,
};
use crate::browser::{
    Browser, Keeper, LoadState, NavigateError, Session, SessionSettings, Shots, WireError,
};
use crate::gate::{Gate, Policy, Refusal};
use crate::target;

use super::{Folder, Plain, Visit, now, status_of};

/// Looks at pages with Chrome.
pub struct Rendered {
    pub keeper: Arc<Keeper>,
    /// Reads the files that Chrome would download.
    pub plain: Plain,
    pub folder: Folder,
    pub policy: Policy,
    pub session: SessionSettings,
    /// For one page.
    pub timeout: Duration,
}

/// The only profile until others work.
const PROFILE: &str = "desktop";
/// Bodies larger than this are listed without their content.
const LARGEST_BODY: usize = 5 << 20;
/// All bodies of one visit together.
const MOST_BODIES: usize = 50 << 20;
/// What reading all bodies may take.
const BODIES_TIME: Duration = Duration::from_secs(20);
/// Bodies asked for at once.
const BODIES_AT_ONCE: usize = 8;

/// How one attempt ended.
enum Attempt {
    Done(Box<PageRecord>),
    /// Chrome hung, crashed or is gone.
    Broken(PageStatus, Told),
}

impl Rendered {
    /// Carries out one visit; a legal page that is a PDF is fetched once more and read as text.
    ///
    /// # Errors
    /// Where the output folder cannot be written.
    pub async fn visit(&self, visit: &Visit) -> std::io::Result<PageRecord> {
        let seen = self.open(visit).await?;
        if seen.status != PageStatus::NotHtml || !visit.role.is_legal() {
            return Ok(seen);
        }
        Ok(self.plain.pdf(visit).await?.unwrap_or(seen))
    }

    /// Opens the page; a hang or a crash restarts Chrome and tries once more.
    async fn open(&self, visit: &Visit) -> std::io::Result<PageRecord> {
        let mut last = None;
        for _ in 0..2 {
            let browser = match self.keeper.browser().await {
                Ok(browser) => browser,
                Err(e) => return Ok(visit.record(PageStatus::Crashed, Some(e.to_string().into()))),
            };
            match self.attempt(visit, &browser).await? {
                Attempt::Done(record) => return Ok(*record),
                Attempt::Broken(status, why) => {
                    self.keeper.discard(&browser).await;
                    last = Some((status, why));
                }
            }
        }
        let (status, why) = last.unwrap_or((PageStatus::Crashed, Told::from("")));
        let twice = Told::of("tried-twice").with("why", why);
        Ok(visit.record(status, Some(twice)))
    }

    async fn attempt(&self, visit: &Visit, browser: &Browser) -> std::io::Result<Attempt> {
        let gate = Arc::new(Gate::open(self.policy.clone()).await?);
        let began = Instant::now();
        let opened = Session::open(browser, gate.clone(), self.session.clone()).await;
        let session = match opened {
            Ok(session) => session,
            Err(e) => return Ok(Attempt::Broken(PageStatus::Crashed, e.to_string().into())),
        };
        let mut timings = Timings {
            context: since(began),
            ..Timings::default()
        };
        // Looking has a deadline. What was seen is kept: bodies and the second look have limits of
        // their own.
        let look = self.look(visit, &session, &gate, &mut timings);
        let result = match tokio::time::timeout(self.timeout, look).await {
            Err(_) => {
                let why = Told::of("not-finished").number("seconds", self.timeout.as_secs());
                Ok(Err((PageStatus::TimedOut, why)))
            }
            Ok(result) => result,
        };
        let hangs = matches!(result, Ok(Err((PageStatus::TimedOut, _))));
        let gone = browser.is_gone() || (hangs && !browser.answers().await);
        let mut result = result?;
        if let Ok(record) = &mut result
            && record.status == PageStatus::Examined
        {
            let storing = Instant::now();
            self.store_network(visit, &session, &gate, record).await?;
            timings.bodies = since(storing);
            self.finish(&session, &gate, record).await;
        }
        let closing = Instant::now();
        session.close().await;
        timings.close = since(closing);
        match result {
            Ok(mut record) => {
                if record.status == PageStatus::Examined {
                    self.picture_load_where_needed(visit, &mut record).await?;
                }
                record.timings = Some(timings);
                Ok(Attempt::Done(record))
            }
            Err((PageStatus::Crashed, why)) => Ok(Attempt::Broken(PageStatus::Crashed, why)),
            Err((_, why)) if gone => Ok(Attempt::Broken(PageStatus::Crashed, why)),
            Err((status, why)) => {
                let mut record = visit.record(status, Some(why));
                record.connections = gate.connections();
                record.timings = Some(timings);
                Ok(Attempt::Done(Box::new(record)))
            }
        }
    }

    /// Opens the page and stores what it shows. The inner error is a page that could not be examined.
    async fn look(
        &self,
        visit: &Visit,
        session: &Session,
        gate: &Gate,
        timings: &mut Timings,
    ) -> std::io::Result<Result<Box<PageRecord>, (PageStatus, Told)>> {
        let began = Instant::now();
        let opened = session.navigate(visit.url.as_str(), self.timeout / 2).await;
        if let Err(e) = opened {
            return Ok(Err(explain(&e, session, gate, visit)));
        }
        if let Some(stopped) = not_a_page(session, gate, visit) {
            timings.navigate = since(began);
            return Ok(Ok(Box::new(
                self.stopped(visit, session, gate, stopped).await,
            )));
        }
        let states = match self.come_to_rest(session, began, timings).await {
            Ok(states) => states,
            Err(e) => return Ok(Err(explain(&e, session, gate, visit))),
        };
        // Scripts may have led to another document meanwhile.
        if let Some(stopped) = not_a_page(session, gate, visit) {
            return Ok(Ok(Box::new(
                self.stopped(visit, session, gate, stopped).await,
            )));
        }
        let snapshotting = Instant::now();
        let full = session.full_snapshot().await;
        timings.snapshot = since(snapshotting);
        let picturing = Instant::now();
        let pictures = session.pictures().await;
        timings.screenshot = since(picturing);
        let taken_at = now();
        let mut record = visit.record(PageStatus::Examined, None);
        self.store_markup(visit, session, &mut record).await?;
        self.store_load(visit, states, &mut record)?;
        self.store_settled(visit, full, pictures, taken_at, &mut record)?;
        Ok(Ok(Box::new(record)))
    }

    /// Waits for `load`, reads the states then, and waits until the page has settled; starts over where
    /// the page goes on to another document.
    async fn come_to_rest(
        &self,
        session: &Session,
        began: Instant,
        timings: &mut Timings,
    ) -> Result<Result<(Box<RawValue>, String), Told>, NavigateError> {
        loop {
            let left = (self.timeout * 7 / 10).saturating_sub(began.elapsed());
            let state = session.wait_for_load(left).await?;
            timings.navigate = since(began);
            if state == LoadState::ContentOnly {
                session
                    .log()
                    .gap(Told::of("load-event"), Told::of("load-event-missing"));
            }
            let document = session.log().documents;
            let snapshotting = Instant::now();
            let states = match session.states().await {
                Ok(states) => Ok((states, now())),
                Err(e @ WireError::Closed) => return Err(e.into()),
                Err(e) => Err(told(&e)),
            };
            timings.snapshot = since(snapshotting);
            let settling = Instant::now();
            let settled = session.settle(document).await?;
            timings.settle = since(settling);
            if settled {
                return Ok(states);
            }
        }
    }

    /// A page that answered, but with something else than a page.
    async fn stopped(
        &self,
        visit: &Visit,
        session: &Session,
        gate: &Gate,
        (status, why): (PageStatus, Told),
    ) -> PageRecord {
        let mut record = visit.record(status, Some(why));
        self.finish(session, gate, &mut record).await;
        record
    }

    /// What the log and the gate know when all is done.
    async fn finish(&self, session: &Session, gate: &Gate, record: &mut PageRecord) {
        let address = session.address().await;
        let log = session.log();
        if let Some(main) = &log.main_response {
            record.http_status = Some(main.status).filter(|status| *status > 0);
            record.content_type = main.content_type.clone();
            record.final_url = address
                .filter(|url| url.starts_with("http"))
                .or(Some(main.url.clone()));
        }
        record.redirects = log.redirects.clone();
        record.console = log.console.clone();
        record.connections = gate.connections();
        record.gaps.extend(log.gaps.iter().cloned());
        record.gaps.extend(kept_away(gate, &record.url));
    }

    async fn store_markup(
        &self,
        visit: &Visit,
        session: &Session,
        record: &mut PageRecord,
    ) -> std::io::Result<()> {
        let main = session.log().main_response.clone();
        let Some(main) = main else { return Ok(()) };
        let body = match session.body(&main.request).await {
            Ok(body) => body,
            Err(e) => {
                record.gaps.push(Gap::new(
                    Told::of("received-markup"),
                    Told::of("markup-gone").with("error", told(&e)),
                ));
                return Ok(());
            }
        };
        let id = visit.capture_id(PROFILE, Moment::Markup);
        let dom = self
            .folder
            .write(&format!("captures/{id}/dom.html"), &body)?;
        record
            .captures
            .push(self.capture(id, Moment::Markup, now(), Some(dom)));
        Ok(())
    }

    fn store_load(
        &self,
        visit: &Visit,
        states: Result<(Box<RawValue>, String), Told>,
        record: &mut PageRecord,
    ) -> std::io::Result<()> {
        match states {
            Ok((raw, taken_at)) => {
                let id = visit.capture_id(PROFILE, Moment::Load);
                let dom = self.write_dom(&id, &raw)?;
                record
                    .captures
                    .push(self.capture(id, Moment::Load, taken_at, Some(dom)));
            }
            Err(why) => record.gaps.push(Gap::new(Told::of("states-at-load"), why)),
        }
        Ok(())
    }

    fn store_settled(
        &self,
        visit: &Visit,
        full: Result<Box<RawValue>, WireError>,
        pictures: Result<Shots, WireError>,
        taken_at: String,
        record: &mut PageRecord,
    ) -> std::io::Result<()> {
        let id = visit.capture_id(PROFILE, Moment::Settled);
        let dom = match full {
            Ok(raw) => Some(self.write_dom(&id, &raw)?),
            Err(e) => {
                record
                    .gaps
                    .push(Gap::new(Told::of("settled-document"), told(&e)));
                None
            }
        };
        let mut capture = self.capture(id, Moment::Settled, taken_at, dom);
        match pictures {
            Ok(shots) => {
                if shots.left_out > 0.0 {
                    record.gaps.push(Gap::new(
                        Told::of("last-pixels").number("pixels", shots.left_out.round()),
                        Told::of("pictured-to-limit"),
                    ));
                }
                capture.screenshots = self.write_pictures(&capture.id, shots)?;
            }
            Err(e) => record
                .gaps
                .push(Gap::new(Told::of("picture-of-page"), told(&e))),
        }
        record.captures.push(capture);
        Ok(())
    }

    fn capture(
        &self,
        id: String,
        moment: Moment,
        taken_at: String,
        dom: Option<FileRecord>,
    ) -> CaptureRecord {
        CaptureRecord {
            id,
            profile: PROFILE.to_string(),
            visit: 1,
            step: 1,
            moment,
            taken_at,
            viewport: Some(self.session.viewport),
            screenshots: Vec::new(),
            dom,
            original: None,
            network: None,
        }
    }

    fn write_dom(&self, id: &str, raw: &RawValue) -> std::io::Result<FileRecord> {
        self.folder
            .write(&format!("captures/{id}/dom.json"), raw.get().as_bytes())
    }

    fn write_pictures(&self, id: &str, shots: Shots) -> std::io::Result<Vec<ScreenshotRecord>> {
        let scale = self.session.viewport.scale;
        shots
            .tiles
            .into_iter()
            .enumerate()
            .map(|(at, shot)| {
                let name = format!("screenshots/{id}-{}.png", at + 1);
                let file = self.folder.write(&name, &shot.png)?;
                let (width, height) = png_size(&shot.png).unwrap_or((
                    (shot.width * scale).round() as u32,
                    (shot.height * scale).round() as u32,
                ));
                Ok(ScreenshotRecord {
                    path: file.path,
                    sha256: file.sha256,
                    width,
                    height,
                    scale,
                    y: shot.y,
                })
            })
            .collect()
    }

    /// Bodies first, then the list of exchanges that names them.
    async fn store_network(
        &self,
        visit: &Visit,
        session: &Session,
        gate: &Gate,
        record: &mut PageRecord,
    ) -> std::io::Result<()> {
        let seen = session.log().exchanges().to_vec();
        let id = visit.capture_id(PROFILE, Moment::Settled);
        let wanted = seen.iter().enumerate().filter(|(_, seen)| {
            seen.finished
                && seen.exchange.status.is_some()
                && !seen.exchange.url.starts_with("data:")
        });
        let asked = wanted.clone().count();
        let mut bodies = stream::iter(wanted)
            .map(|(at, seen)| async move { (at, session.body(&seen.request).await) })
            .buffered(BODIES_AT_ONCE);
        let mut exchanges: Vec<_> = seen.iter().map(|seen| seen.exchange.clone()).collect();
        let mut total = 0;
        let until = tokio::time::Instant::now() + BODIES_TIME;
        let mut read = 0;
        // Stored one by one, so that a page of many files does not fill the memory.
        while let Ok(Some((at, body))) = tokio::time::timeout_at(until, bodies.next()).await {
            read += 1;
            let exchange = &mut exchanges[at];
            match body {
                Ok(body) if body.len() > LARGEST_BODY || total + body.len() > MOST_BODIES => {
                    exchange.body_gap = Some(format!("{} bytes, too large to keep", body.len()));
                }
                Ok(body) => {
                    total += body.len();
                    let digest = super::sha256(&body);
                    let path = format!("captures/{id}/bodies/{}", &digest[..32]);
                    exchange.body = Some(self.folder.write(&path, &body)?);
                }
                Err(e) => exchange.body_gap = Some(e.to_string()),
            }
        }
        drop(bodies);
        if read < asked {
            record.gaps.push(Gap::new(
                Told::of("bodies").number("count", asked - read),
                Told::of("bodies-late"),
            ));
        }
        for exchange in &mut exchanges {
            if let Ok(url) = Url::parse(&exchange.url) {
                let port = url.port_or_known_default().unwrap_or_default();
                exchange.server = gate.pinned(&target::host(&url), port);
            }
        }
        let text = serde_json::to_vec(&exchanges)?;
        let file = self
            .folder
            .write(&format!("captures/{id}/network.json"), &text)?;
        if let Some(settled) = record.captures.last_mut() {
            settled.network = Some(file);
        }
        Ok(())
    }

    /// A control that was on at `load` and is off now is pictured in a second visit.
    async fn picture_load_where_needed(
        &self,
        visit: &Visit,
        record: &mut PageRecord,
    ) -> std::io::Result<()> {
        let read = |moment: Moment| {
            let capture = record.captures.iter().find(|c| c.moment == moment)?;
            let file = capture.dom.as_ref()?;
            parse_snapshot(&self.folder.read(&file.path).ok()?).ok()
        };
        let (Some(load), Some(settled)) = (read(Moment::Load), read(Moment::Settled)) else {
            return Ok(());
        };
        if !turned_off(&load, &settled) {
            return Ok(());
        }
        match self.look_at_load(visit).await? {
            Some(capture) => record.captures.insert(record.captures.len() - 1, capture),
            None => record.gaps.push(Gap::new(
                Told::of("picture-at-load"),
                Told::of("not-opened-again"),
            )),
        }
        Ok(())
    }

    async fn look_at_load(&self, visit: &Visit) -> std::io::Result<Option<CaptureRecord>> {
        let Ok(browser) = self.keeper.browser().await else {
            return Ok(None);
        };
        let gate = Arc::new(Gate::open(self.policy.clone()).await?);
        let Ok(session) = Session::open(&browser, gate, self.session.clone()).await else {
            return Ok(None);
        };
        let seen = async {
            session
                .navigate(visit.url.as_str(), self.timeout / 2)
                .await
                .ok()?;
            session.wait_for_load(self.timeout / 2).await.ok()?;
            let full = session.full_snapshot().await.ok()?;
            let shots = session.pictures().await.ok()?;
            Some((full, shots, now()))
        };
        let seen = tokio::time::timeout(self.timeout, seen)
            .await
            .ok()
            .flatten();
        session.close().await;
        let Some((full, shots, taken_at)) = seen else {
            return Ok(None);
        };
        let id = format!("{}-{PROFILE}-v2-s1-load", visit.page);
        let dom = self.write_dom(&id, &full)?;
        let mut capture = self.capture(id, Moment::Load, taken_at, Some(dom));
        capture.visit = 2;
        capture.screenshots = self.write_pictures(&capture.id, shots)?;
        Ok(Some(capture))
    }
}

/// Whether a control that was on is off now.
fn turned_off(load: &Dom, settled: &Dom) -> bool {
    let later: BTreeMap<i64, Option<bool>> = settled
        .nodes
        .iter()
        .filter(|node| node.selected.is_some() && node.name() == "input")
        .map(|node| (node.backend_id, node.selected))
        .collect();
    load.nodes.iter().any(|node| {
        node.selected == Some(true) && later.get(&node.backend_id) == Some(&Some(false))
    })
}

/// Hosts that the gate kept the page from, one gap for each reason.
fn kept_away(gate: &Gate, page: &str) -> Vec<Gap> {
    let own = Url::parse(page)
        .map(|url| target::host(&url))
        .unwrap_or_default();
    let mut by_reason: BTreeMap<Told, Vec<String>> = BTreeMap::new();
    for connection in gate.connections() {
        if let Some(why) = connection.refused.filter(|_| connection.host != own) {
            by_reason.entry(why).or_default().push(connection.host);
        }
    }
    by_reason
        .into_iter()
        .map(|(why, mut hosts)| {
            hosts.dedup();
            let more = hosts.len().saturating_sub(20);
            hosts.truncate(20);
            let code = if more > 0 {
                "requests-to-many"
            } else {
                "requests-to"
            };
            let what = Told::of(code).with("hosts", hosts.join(", "));
            Gap::new(what.number("more", more), why)
        })
        .collect()
}

/// The status of a main document that is no page to examine.
fn not_a_page(session: &Session, gate: &Gate, visit: &Visit) -> Option<(PageStatus, Told)> {
    let main = session.log().main_response.clone()?;
    let url = Url::parse(&main.url).unwrap_or_else(|_| visit.url.clone());
    if let Some(refusal) = refusal(gate, &url) {
        return Some((status_of_refusal(&refusal), refusal.told()));
    }
    let challenge = main
        .headers
        .iter()
        .any(|(name, value)| name.eq_ignore_ascii_case("cf-mitigated") && value == "challenge");
    if challenge {
        return Some((PageStatus::Blocked, Told::of("bot-wall")));
    }
    status_of(
        main.status,
        main.content_type.as_deref().or(Some(&main.mime)),
    )
}

fn refusal(gate: &Gate, url: &Url) -> Option<Refusal> {
    let (host, port) = (target::host(url), url.port_or_known_default()?);
    // A later connection of a page that was reached says nothing about the page.
    let reached = gate.pinned(&host, port).is_some();
    gate.refusal(&host, port)
        .filter(|why| why.is_refusal() || !reached)
}

fn status_of_refusal(refusal: &Refusal) -> PageStatus {
    if refusal.is_refusal() {
        PageStatus::Refused
    } else {
        PageStatus::Unreachable
    }
}

/// What a failed navigation says about the page.
fn explain(
    error: &NavigateError,
    session: &Session,
    gate: &Gate,
    visit: &Visit,
) -> (PageStatus, Told) {
    let log = session.log();
    let asked = log
        .main_request
        .as_deref()
        .and_then(|url| Url::parse(url).ok());
    let last = asked.unwrap_or_else(|| visit.url.clone());
    if let Some(refusal) = refusal(gate, &last) {
        return (status_of_refusal(&refusal), refusal.told());
    }
    match error {
        NavigateError::Net(code) => {
            let tls = ["CERT", "SSL", "TLS"]
                .iter()
                .any(|part| code.contains(part));
            if tls {
                (
                    PageStatus::TlsError,
                    Told::of("tls").with("error", code.as_str()),
                )
            } else if code.contains("TIMED_OUT") {
                (
                    PageStatus::TimedOut,
                    Told::of("no-answer").with("error", code.as_str()),
                )
            } else if code.contains("ABORTED") && log.download {
                (PageStatus::NotHtml, Told::of("file-to-download"))
            } else {
                (
                    PageStatus::Unreachable,
                    Told::of("could-not-open").with("error", code.as_str()),
                )
            }
        }
        NavigateError::Download => (PageStatus::NotHtml, Told::of("file-to-download")),
        NavigateError::TimedOut => (PageStatus::TimedOut, Told::of("nothing-arrived")),
        NavigateError::Crashed => (PageStatus::Crashed, Told::of("page-crashed")),
        NavigateError::Wire(e) => (PageStatus::Crashed, told(e)),
    }
}

/// What went wrong between this program and Chrome; what Chrome itself says stays as it is.
fn told(error: &WireError) -> Told {
    match error {
        WireError::Closed => Told::of("chrome-gone"),
        WireError::Deadline(asked) => Told::of("chrome-silent").with("asked", *asked),
        other => other.to_string().into(),
    }
}

/// Width and height from a PNG's header.
fn png_size(png: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| Some(u32::from_be_bytes(png.get(at..at + 4)?.try_into().ok()?));
    png.starts_with(b"\x89PNG").then_some(())?;
    Some((number(16)?, number(20)?))
}

fn since(began: Instant) -> f64 {
    let milliseconds = began.elapsed().as_secs_f64() * 1000.0;
    (milliseconds * 10.0).round() / 10.0
}
