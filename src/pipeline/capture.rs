//! The first half of a scan: crawl and capture into a folder.

use std::rc::Rc;
use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream;
use tokio::sync::watch;

use crate::artifact::{
    CaptureRecord, CaptureSettings, Dom, Environment, FrameSnapshot, Gap, Moment, PageRecord,
    PageStatus, RECORD_FORMAT, ScanRecord, TargetRecord, Told, ToolRecord, parse_markup,
    parse_with_frames,
};
use crate::capture::{Folder, Visit, Visitor, now};
use crate::crawl::{CrawlSettings, Crawler, Outcome};
use crate::extract::{self, CapturedPage, MomentDom, Source};
use crate::fetch::Fetcher;
use crate::model::PageModel;
use crate::ruleset::Ruleset;
use crate::target::Target;

use super::events::{Event, Listener};
use super::pixels::StoredPixels;
use super::{PAGES_FILE, SCAN_FILE};

/// What to capture and how.
pub struct CaptureOptions<'a> {
    /// UUIDv7.
    pub id: String,
    pub targets: Vec<Target>,
    pub crawl: CrawlSettings,
    pub settings: CaptureSettings,
    pub fetcher: Fetcher,
    pub visitor: Visitor<'a>,
    /// Visits under way at once, those that only wait included.
    pub open_at_once: usize,
    pub environment: Environment,
}

/// Opens the pages of the targets and stores what they showed.
///
/// Stops early when `stop` turns true: pages that were finished are kept.
///
/// # Errors
/// Where the folder cannot be written.
pub async fn capture(
    options: CaptureOptions<'_>,
    folder: &Folder,
    ruleset: &Ruleset,
    stop: watch::Receiver<bool>,
    listener: Arc<Listener>,
) -> std::io::Result<ScanRecord> {
    let mut scan = ScanRecord {
        format: RECORD_FORMAT,
        id: options.id,
        tool: ToolRecord {
            name: env!("CARGO_PKG_NAME").to_string(),
            version: env!("CARGO_PKG_VERSION").to_string(),
        },
        started_at: now(),
        ended_at: None,
        interrupted: false,
        left_out: Vec::new(),
        targets: options
            .targets
            .iter()
            .map(|target| TargetRecord {
                id: target.id.clone(),
                url: target.url.to_string(),
                vendor: target.vendor.clone(),
            })
            .collect(),
        settings: options.settings,
        environment: options.environment,
    };
    write_scan(folder, &scan)?;
    let mut crawler = Crawler::new(options.crawl, options.fetcher, &ruleset.lexicons);
    let first = unless_stopped(&stop, crawler.first(&options.targets)).await;
    let mut wave = first.unwrap_or_default();
    let mut planned = 0;
    while !wave.is_empty() && !*stop.borrow() {
        planned += wave.len();
        listener(Event::Planned(planned));
        let finished = run_wave(
            &wave,
            &options.visitor,
            &crawler,
            options.open_at_once,
            folder,
            ruleset,
            &stop,
            &listener,
        )
        .await?;
        let next = unless_stopped(&stop, crawler.next(&finished)).await;
        let (open, closed) = next.unwrap_or_default();
        for (visit, why) in closed {
            planned += 1;
            let record = visit.record(PageStatus::Robots, Some(Told::of(why)));
            append(folder, &record)?;
        }
        wave = open;
    }
    scan.left_out = crawler.into_left_out();
    scan.interrupted = *stop.borrow();
    scan.ended_at = Some(now());
    write_scan(folder, &scan)?;
    Ok(scan)
}

/// Carries out the visits of one wave, several at once; gives them back in the order planned.
#[expect(
    clippy::too_many_arguments,
    reason = "one call site; a struct would only rename them"
)]
async fn run_wave(
    wave: &[Visit],
    visitor: &Visitor<'_>,
    crawler: &Crawler<'_>,
    open_at_once: usize,
    folder: &Folder,
    ruleset: &Ruleset,
    stop: &watch::Receiver<bool>,
    listener: &Arc<Listener>,
) -> std::io::Result<Vec<Outcome>> {
    let visits = wave.iter().enumerate().map(|(at, visit)| async move {
        if *stop.borrow() {
            return Ok(None);
        }
        if unless_stopped(stop, crawler.wait_for(&visit.url))
            .await
            .is_none()
        {
            return Ok(None);
        }
        listener(Event::PageStarted {
            page: visit.page.clone(),
            url: visit.url.to_string(),
        });
        let Some(record) = unless_stopped(stop, visitor.visit(visit)).await else {
            return Ok(None);
        };
        let mut record = record?;
        if visit.against_robots {
            record.gaps.push(Gap::new(
                Told::of("robots-txt"),
                Told::of("opened-against-robots"),
            ));
        }
        append(folder, &record)?;
        listener(Event::PageDone {
            page: visit.page.clone(),
            url: visit.url.to_string(),
            status: record.status,
        });
        // Only a crawl that goes on asks what a page leads to.
        let model = crawler
            .goes_on()
            .then(|| read_model(&record, folder, ruleset))
            .flatten();
        Ok(Some((at, Outcome::new(record, model.as_ref()))))
    });
    // As they finish: a page that hangs holds up its own place and no other.
    let visits = stream::iter(visits).buffer_unordered(open_at_once.max(1));
    let finished: Vec<std::io::Result<Option<(usize, Outcome)>>> = visits.collect().await;
    let finished = finished.into_iter().filter_map(Result::transpose);
    let mut finished = finished.collect::<std::io::Result<Vec<_>>>()?;
    finished.sort_by_key(|(at, _)| *at);
    Ok(finished.into_iter().map(|(_, outcome)| outcome).collect())
}

/// The work's result, `None` where somebody says stop first.
async fn unless_stopped<T>(
    stop: &watch::Receiver<bool>,
    work: impl Future<Output = T>,
) -> Option<T> {
    let mut stop = stop.clone();
    tokio::select! {
        done = work => Some(done),
        _ = stop.wait_for(|stopped| *stopped) => None,
    }
}

fn write_scan(folder: &Folder, scan: &ScanRecord) -> std::io::Result<()> {
    let text = serde_json::to_vec_pretty(scan)?;
    folder.write(SCAN_FILE, &text).map(|_| ())
}

fn append(folder: &Folder, record: &PageRecord) -> std::io::Result<()> {
    folder.append_line(PAGES_FILE, &serde_json::to_string(record)?)
}

/// Reads a captured page back into a model; `None` for one that was not examined.
///
/// A stored file that is missing or broken is a gap of the model, not an error.
pub fn read_model(record: &PageRecord, folder: &Folder, ruleset: &Ruleset) -> Option<PageModel> {
    if record.status != PageStatus::Examined {
        return None;
    }
    let final_url = record
        .final_url
        .clone()
        .unwrap_or_else(|| record.url.clone());
    let moments = record
        .captures
        .iter()
        .filter(|capture| capture.dom.is_some())
        .map(|capture| MomentDom {
            moment: capture.moment,
            capture: capture.id.clone(),
            visit: capture.visit,
            step: capture.step,
            dom: Source::Read(Box::new(|| read_dom(capture, &final_url, folder))),
        })
        .collect();
    let captured = CapturedPage {
        id: record.id.clone(),
        target: record.target.clone(),
        url: record.url.clone(),
        final_url: final_url.clone(),
        http_status: record.http_status,
        role: record.role,
        rendered: record.captures.iter().any(|c| c.moment > Moment::Markup),
        moments,
        visits: record.visits.clone(),
        gaps: Vec::new(),
        pixels: Some(Rc::new(StoredPixels::new(record, folder))),
    };
    Some(extract::page(
        captured,
        &ruleset.lexicons,
        &ruleset.entities,
    ))
}

/// Reads a capture's document, with those of frames that had processes of their own.
fn read_dom(capture: &CaptureRecord, url: &str, folder: &Folder) -> Result<Dom, Told> {
    let read = |path: &str| {
        let bytes = folder.read(path);
        bytes.map_err(|e| {
            Told::of("file-unreadable")
                .with("path", path)
                .number("error", e)
        })
    };
    let path = capture.dom.as_ref().map_or("", |file| file.path.as_str());
    let bytes = read(path)?;
    if !path.ends_with(".json") {
        return Ok(parse_markup(&String::from_utf8_lossy(&bytes), url));
    }
    let stored: Vec<Vec<u8>> = capture
        .frames
        .iter()
        .map(|frame| read(&frame.dom.path).unwrap_or_default())
        .collect();
    let frames: Vec<FrameSnapshot> = capture
        .frames
        .iter()
        .zip(&stored)
        .map(|(frame, json)| FrameSnapshot {
            parent: frame.parent,
            owner: frame.owner,
            json,
        })
        .collect();
    parse_with_frames(&bytes, &frames).map_err(Told::from)
}
