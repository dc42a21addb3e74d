//! One opening of a page under way: its session, and what was stored of it so far.
//!
//! It takes moments and writes their files. It must not decide what to do on the page.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeSet, HashMap};
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use url::Url;

use super::Rendered;
use super::explain::told;
use super::places::Place;
use crate::artifact::{
    CaptureRecord, Data, Dom, Exchange, FileRecord, FrameRecord, FrameSnapshot, Gap, Moment,
    ScreenshotRecord, Timings, Told, VisitRecord, parse_with_frames,
};
use crate::browser::{Documents, MainResponse, Session, Shot, WireError};
use crate::capture::{Visit, now, sha256};
use crate::gate::Gate;
use crate::identity::Person;
use crate::target;

/// What a page adds or turns on this long after `load` is seen.
const LATE: Duration = Duration::from_millis(3_500);
/// Bodies larger than this are listed without their content.
const LARGEST_BODY: usize = 5 << 20;
/// All bodies of one visit together.
const MOST_BODIES: usize = 50 << 20;
/// What reading all bodies may take.
const BODIES_TIME: Duration = Duration::from_secs(20);
/// Bodies asked for at once.
const BODIES_AT_ONCE: usize = 4;

/// How much of a moment is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    /// States alone.
    States,
    /// Layout, styles and pictures too.
    Everything,
    /// Everything where the document is another than at the last moment, else states.
    Change,
}

/// One opening of a page.
pub struct Opening<'a> {
    pub rendered: &'a Rendered<'a>,
    pub visit: &'a Visit,
    pub session: Session,
    pub gate: Arc<Gate>,
    pub place: Place,
    /// What is done and seen goes in here.
    pub record: VisitRecord,
    pub step: u32,
    pub captures: Vec<CaptureRecord>,
    pub gaps: Vec<Gap>,
    pub timings: Timings,
    /// When the opening has to be over.
    pub until: Instant,
    /// When the page had loaded.
    pub loaded: Option<Instant>,
    /// When it was looked at last before anything was done.
    pub looked: Instant,
    /// Whose answers stand in the page, once they tell who somebody is: from then on nothing goes out
    /// unseen, whichever form is used next.
    pub told: Option<&'a Person>,
    /// The page's own answer and address, before a walk led elsewhere.
    pub main: Option<MainResponse>,
    pub address: Option<String>,
    /// Bodies that were stored, by request.
    bodies: HashMap<String, Result<FileRecord, String>>,
    /// Bytes of them.
    stored: usize,
    /// The document at the last moment, as a number that changes with it.
    last: Option<u64>,
    /// Inputs that were on at `load`.
    on_at_load: BTreeSet<i64>,
    /// One of them was off once the page had settled.
    pub turned_off: bool,
}

impl<'a> Opening<'a> {
    pub fn new(
        rendered: &'a Rendered<'a>,
        visit: &'a Visit,
        session: Session,
        gate: Arc<Gate>,
        place: Place,
        record: VisitRecord,
        until: Instant,
    ) -> Self {
        Opening {
            rendered,
            visit,
            session,
            gate,
            place,
            record,
            step: 1,
            captures: Vec::new(),
            gaps: Vec::new(),
            timings: Timings::default(),
            until,
            loaded: None,
            looked: Instant::now(),
            told: None,
            main: None,
            address: None,
            bodies: HashMap::new(),
            stored: 0,
            last: None,
            on_at_load: BTreeSet::new(),
            turned_off: false,
        }
    }

    /// Takes a moment and stores it; `None` where the document could not be had, which is a gap.
    ///
    /// # Errors
    /// Where the folder cannot be written.
    pub async fn take(&mut self, moment: Moment, take: Take) -> std::io::Result<Option<Dom>> {
        let began = Instant::now();
        let taken_at = now();
        let documents = match take {
            Take::Everything => self.session.full_snapshot().await,
            Take::States | Take::Change => self.session.states().await,
        };
        self.timings.snapshot += since(began);
        let mut documents = match documents {
            Ok(documents) => documents,
            Err(e) => {
                self.miss(moment, &e);
                return Ok(None);
            }
        };
        let mut dom = match tokio::task::block_in_place(|| read(&documents)) {
            Ok(dom) => dom,
            Err(why) => {
                self.gaps.push(Gap::new(gap_name(moment), why));
                return Ok(None);
            }
        };
        let inputs = |on: bool| {
            let nodes = dom.nodes.iter();
            nodes
                .filter(move |node| node.selected == Some(on) && node.name() == "input")
                .map(|node| node.backend_id)
        };
        match moment {
            Moment::Load => self.on_at_load = inputs(true).collect(),
            Moment::Settled => {
                self.turned_off = inputs(false).any(|id| self.on_at_load.contains(&id));
            }
            _ => {}
        }
        let looks = fingerprint(&dom);
        let changed = self.last.replace(looks) != Some(looks);
        if take == Take::Change
            && changed
            && let Ok(full) = self.session.full_snapshot().await
            && let Ok(read) = tokio::task::block_in_place(|| read(&full))
        {
            (documents, dom) = (full, read);
        }
        let id = self.unused_id(moment);
        let (file, frames) = self.write_documents(&id, &documents)?;
        drop(documents);
        dom.capture = id.as_str().into();
        let mut capture = self.capture(id, moment, taken_at, Some(file));
        capture.frames = frames;
        if dom.has_layout {
            capture.screenshots = self.pictures(&capture.id).await?;
        }
        // A moment that is taken again replaces what was taken before.
        self.captures.retain(|known| known.id != capture.id);
        self.captures.push(capture);
        Ok(Some(dom))
    }

    /// Waits until a page has had time for what its scripts do some seconds after it came. Gives `false`
    /// where there is no such time, or it had it.
    pub async fn wait_for_late_scripts(&mut self) -> bool {
        let Some(due) = self.loaded.map(|loaded| loaded + LATE) else {
            return false;
        };
        let wait = due.saturating_duration_since(Instant::now());
        if wait.is_zero() || Instant::now() + wait * 2 > self.until {
            return false;
        }
        self.place.lend(tokio::time::sleep(wait)).await;
        true
    }

    /// Waits, after something was done, until the page has been quiet for the first of two durations, for at
    /// most the second. Where it leads is seen at the next moment.
    pub async fn rest(&mut self, (quiet, most): (Duration, Duration)) {
        let _ = self.place.lend(self.session.rest(quiet, most)).await;
    }

    /// Whether the document at the last moment is another than this one.
    pub fn last_differs_from(&self, dom: &Dom) -> bool {
        self.last != Some(fingerprint(dom))
    }

    fn miss(&mut self, moment: Moment, error: &WireError) {
        self.gaps.push(Gap::new(gap_name(moment), told(error)));
    }

    /// Pictures the page.
    async fn pictures(&mut self, id: &str) -> std::io::Result<Vec<ScreenshotRecord>> {
        let began = Instant::now();
        let mut stored: Vec<std::io::Result<ScreenshotRecord>> = Vec::new();
        // Stored one by one: those of a tall page of photographs would fill the memory.
        let pictured = self
            .session
            .pictures(|shot| {
                let written = self.write_picture(id, stored.len() + 1, &shot);
                stored.push(written);
            })
            .await;
        self.timings.screenshot += since(began);
        match pictured {
            Ok(left_out) if left_out > 0.0 => self.gaps.push(Gap::new(
                Told::of("last-pixels").number("pixels", left_out.round()),
                Told::of("pictured-to-limit"),
            )),
            Ok(_) => {}
            Err(e) => {
                let gap = Gap::new(Told::of("picture-of-page"), told(&e));
                self.gaps.push(gap);
            }
        }
        stored.into_iter().collect()
    }

    /// Stores the markup as it was received.
    ///
    /// # Errors
    /// Where the folder cannot be written.
    pub async fn take_markup(&mut self) -> std::io::Result<()> {
        let main = self.session.log().main_response.clone();
        let Some(main) = main else { return Ok(()) };
        match self.session.body(&main.request).await {
            Ok(body) => {
                let id = self.id(Moment::Markup);
                let dom = self
                    .rendered
                    .folder
                    .write(&format!("captures/{id}/dom.html"), &body)?;
                let capture = self.capture(id, Moment::Markup, now(), Some(dom));
                self.captures.insert(0, capture);
            }
            Err(e) => self.gaps.push(Gap::new(
                Told::of("received-markup"),
                Told::of("markup-gone").with("error", told(&e)),
            )),
        }
        Ok(())
    }

    fn id(&self, moment: Moment) -> String {
        let (profile, visit, step) = (&self.record.profile, self.record.visit, self.step);
        format!(
            "{}-{profile}-v{visit}-s{step}-{}",
            self.visit.page,
            moment.as_str()
        )
    }

    /// Several presses of one step each have a capture; of other moments the last one counts.
    fn unused_id(&self, moment: Moment) -> String {
        let id = self.id(moment);
        let pressed = self.captures.iter().filter(|known| {
            (known.moment, known.step) == (moment, self.step) && moment == Moment::SubmitHeld
        });
        match pressed.count() {
            0 => id,
            before => format!("{id}-{}", before + 1),
        }
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
            profile: self.record.profile.clone(),
            visit: self.record.visit,
            step: self.step,
            moment,
            taken_at,
            viewport: Some(self.session.viewport()),
            screenshots: Vec::new(),
            dom,
            frames: Vec::new(),
            url: None,
            original: None,
            network: None,
        }
    }

    fn write_documents(
        &self,
        id: &str,
        documents: &Documents,
    ) -> std::io::Result<(FileRecord, Vec<FrameRecord>)> {
        let folder = &self.rendered.folder;
        let path = format!("captures/{id}/dom.json");
        let page = folder.write(&path, documents.page.get().as_bytes())?;
        let frames = documents.frames.iter().enumerate().map(|(at, frame)| {
            let path = format!("captures/{id}/dom-{}.json", at + 1);
            Ok(FrameRecord {
                parent: frame.parent,
                owner: frame.owner,
                dom: folder.write(&path, frame.snapshot.get().as_bytes())?,
            })
        });
        Ok((page, frames.collect::<std::io::Result<_>>()?))
    }

    fn write_picture(&self, id: &str, at: usize, shot: &Shot) -> std::io::Result<ScreenshotRecord> {
        let scale = self.session.viewport().scale;
        let name = format!("screenshots/{id}-{at}.png");
        let file = self.rendered.folder.write(&name, &shot.png)?;
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
    }

    /// The hosts that the page has asked something of so far.
    pub fn hosts_asked(&self) -> Vec<String> {
        let log = self.session.log();
        let urls = log.exchanges().iter();
        let urls = urls.filter_map(|seen| Url::parse(&seen.exchange.url).ok());
        let hosts: BTreeSet<String> = urls
            .filter(|url| matches!(url.scheme(), "http" | "https" | "ws" | "wss"))
            .map(|url| target::host(&url))
            .collect();
        hosts.into_iter().collect()
    }

    /// Stores the bodies that arrived so far: Chrome forgets them when the page goes on to another.
    ///
    /// # Errors
    /// Where the folder cannot be written.
    pub async fn store_bodies(&mut self) -> std::io::Result<()> {
        let began = Instant::now();
        let Some(id) = self.settled().map(|capture| capture.id.clone()) else {
            return Ok(());
        };
        let seen = self.session.log().exchanges().to_vec();
        let wanted: Vec<String> = seen
            .into_iter()
            .filter(|seen| {
                seen.finished
                    && seen.exchange.status.is_some()
                    && !seen.exchange.url.starts_with("data:")
                    && !self.bodies.contains_key(&seen.request)
            })
            .map(|seen| seen.request)
            .collect();
        let asked = wanted.len();
        let session = &self.session;
        let mut bodies = stream::iter(wanted)
            .map(|request| async move {
                let body = session.body(&request).await;
                (request, body)
            })
            .buffered(BODIES_AT_ONCE);
        let mut read = 0;
        let end = tokio::time::Instant::now() + BODIES_TIME;
        // Stored one by one, so that a page of many files does not fill the memory.
        while let Ok(Some((request, body))) = tokio::time::timeout_at(end, bodies.next()).await {
            read += 1;
            let kept = match body {
                Ok(body) if body.len() > LARGEST_BODY || self.stored + body.len() > MOST_BODIES => {
                    Err(format!("{} bytes, too large to keep", body.len()))
                }
                Ok(body) => {
                    self.stored += body.len();
                    let path = format!("captures/{id}/bodies/{}", &sha256(&body)[..32]);
                    Ok(self.rendered.folder.write(&path, &body)?)
                }
                Err(e) => Err(e.to_string()),
            };
            self.bodies.insert(request, kept);
        }
        drop(bodies);
        if read < asked {
            self.gaps.push(Gap::new(
                Told::of("bodies").number("count", asked - read),
                Told::of("bodies-late"),
            ));
        }
        self.timings.bodies += since(began);
        Ok(())
    }

    /// Stores the list of exchanges, each with its body where there is one.
    ///
    /// # Errors
    /// Where the folder cannot be written.
    pub async fn store_network(&mut self) -> std::io::Result<()> {
        self.store_bodies().await?;
        let Some(id) = self.settled().map(|capture| capture.id.clone()) else {
            return Ok(());
        };
        let seen = self.session.log().exchanges().to_vec();
        let exchanges: Vec<Exchange> = seen
            .into_iter()
            .map(|seen| {
                let mut exchange = seen.exchange;
                match self.bodies.get(&seen.request) {
                    Some(Ok(file)) => exchange.body = Some(file.clone()),
                    Some(Err(why)) => exchange.body_gap = Some(why.clone()),
                    None => {}
                }
                if let Ok(url) = Url::parse(&exchange.url) {
                    let port = url.port_or_known_default().unwrap_or_default();
                    exchange.server = self.gate.pinned(&target::host(&url), port);
                }
                exchange
            })
            .collect();
        let text = serde_json::to_vec(&exchanges)?;
        let path = format!("captures/{id}/network.json");
        let file = self.rendered.folder.write(&path, &text)?;
        if let Some(settled) = self.captures.iter_mut().find(|c| c.id == id) {
            settled.network = Some(file);
        }
        Ok(())
    }

    fn settled(&self) -> Option<&CaptureRecord> {
        let mut captures = self.captures.iter();
        captures.find(|capture| capture.moment == Moment::Settled)
    }
}

fn gap_name(moment: Moment) -> Told {
    match moment {
        Moment::Load => Told::of("states-at-load"),
        Moment::Settled => Told::of("settled-document"),
        other => Told::of("document-at").with("moment", other.as_str()),
    }
}

fn read(documents: &Documents) -> Result<Dom, String> {
    let frames: Vec<FrameSnapshot> = documents
        .frames
        .iter()
        .map(|frame| FrameSnapshot {
            parent: frame.parent,
            owner: frame.owner,
            json: frame.snapshot.get().as_bytes(),
        })
        .collect();
    parse_with_frames(documents.page.get().as_bytes(), &frames)
}

/// A number that changes with the document: its elements, attributes, text and states.
fn fingerprint(dom: &Dom) -> u64 {
    let mut hasher = DefaultHasher::new();
    for node in &dom.nodes {
        (node.parent, node.selected).hash(&mut hasher);
        match &node.data {
            Data::Element { name, attributes } => (name, attributes).hash(&mut hasher),
            Data::Text(text) => text.hash(&mut hasher),
            Data::Other => {}
        }
    }
    hasher.finish()
}

/// Width and height from a PNG's header.
fn png_size(png: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| Some(u32::from_be_bytes(png.get(at..at + 4)?.try_into().ok()?));
    png.starts_with(b"\x89PNG").then_some(())?;
    Some((number(16)?, number(20)?))
}

pub fn since(began: Instant) -> f64 {
    let milliseconds = began.elapsed().as_secs_f64() * 1000.0;
    (milliseconds * 10.0).round() / 10.0
}
