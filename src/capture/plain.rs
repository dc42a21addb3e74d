//! A visit without a browser: the received markup, or the text of a PDF, and nothing else.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::artifact::{CaptureRecord, Gap, Moment, PageRecord, PageStatus, Told, decode_html};
use crate::fetch::{FetchError, Fetched, Fetcher};

use super::pdf::{self, PdfReader, Unreadable};
use super::{Folder, Visit, challenges, status_of};

/// Reads pages as markup.
#[derive(Clone)]
pub struct Plain {
    pub fetcher: Fetcher,
    pub folder: Folder,
    /// Without one, files are stored and not read.
    pub pdf: Option<PdfReader>,
}

/// The profile name of captures that no device was emulated for.
const PROFILE: &str = "static";

impl Plain {
    /// Carries out one visit.
    ///
    /// # Errors
    /// Where the output folder cannot be written.
    pub async fn visit(&self, visit: &Visit) -> std::io::Result<PageRecord> {
        let fetched = match self.fetcher.get(&visit.url).await {
            Ok(fetched) => fetched,
            Err(error) => return Ok(failed(visit, &error)),
        };
        if is_legal_pdf(visit, &fetched) {
            return self.read_pdf(visit, &fetched).await;
        }
        let wall = challenges(&fetched.headers);
        let stopped = wall
            .then(|| (PageStatus::Blocked, Told::of("bot-wall")))
            .or_else(|| status_of(fetched.status, fetched.content_type.as_deref()));
        let (status, detail) = match stopped {
            Some((status, detail)) => (status, Some(detail)),
            None => (PageStatus::Examined, None),
        };
        let mut record = answered(visit, &fetched, status, detail);
        if status == PageStatus::Examined {
            self.store(visit, &fetched, &mut record)?;
        }
        Ok(record)
    }

    /// Reads a legal page that is a PDF; `None` where it is something else or does not come.
    ///
    /// # Errors
    /// Where the output folder cannot be written.
    pub async fn pdf(&self, visit: &Visit) -> std::io::Result<Option<PageRecord>> {
        match self.fetcher.get(&visit.url).await {
            Ok(fetched) if is_legal_pdf(visit, &fetched) => {
                self.read_pdf(visit, &fetched).await.map(Some)
            }
            _ => Ok(None),
        }
    }

    fn store(
        &self,
        visit: &Visit,
        fetched: &Fetched,
        record: &mut PageRecord,
    ) -> std::io::Result<()> {
        let mut capture = capture(visit);
        let text = decode_html(&fetched.body, fetched.content_type.as_deref());
        let path = format!("captures/{}/dom.html", capture.id);
        capture.dom = Some(self.folder.write(&path, text.as_bytes())?);
        if fetched.cut {
            record.gaps.push(Gap::new(
                Told::of("end-of-page"),
                Told::of("first-bytes").number("bytes", fetched.body.len()),
            ));
        }
        record.captures.push(capture);
        Ok(())
    }

    /// Stores the file, and its text as markup where it has any.
    async fn read_pdf(&self, visit: &Visit, fetched: &Fetched) -> std::io::Result<PageRecord> {
        let mut capture = capture(visit);
        let path = |name: &str| format!("captures/{}/{name}", capture.id);
        let text = match &self.pdf {
            _ if fetched.cut => Err(Unreadable::TooLarge),
            Some(reader) => reader.read(&fetched.body).await,
            None => Err(Unreadable::Broke),
        };
        let (markup, original) = (path("dom.html"), path("document.pdf"));
        if !fetched.cut {
            capture.original = Some(self.folder.write(&original, &fetched.body)?);
        }
        let mut record = match &text {
            Ok(_) => answered(visit, fetched, PageStatus::Examined, None),
            Err(why) => answered(visit, fetched, PageStatus::NotHtml, Some(why.told())),
        };
        match text {
            Ok(text) => {
                capture.dom = Some(self.folder.write(&markup, text.markup.as_bytes())?);
                record.gaps.push(Gap::new(
                    Told::of("look-of-page"),
                    Told::of("pdf-text-only"),
                ));
                let rest = text
                    .left_out
                    .map(|why| Gap::new(Told::of("rest-of-pdf"), why));
                record.gaps.extend(rest);
            }
            Err(why) => record
                .gaps
                .push(Gap::new(Told::of("text-of-page"), why.told())),
        }
        record.captures.push(capture);
        Ok(record)
    }
}

/// Whether the answer is a PDF where a legal page was asked for.
fn is_legal_pdf(visit: &Visit, fetched: &Fetched) -> bool {
    visit.role.is_legal()
        && (200..300).contains(&fetched.status)
        && pdf::is_pdf(fetched.content_type.as_deref(), &fetched.body)
}

/// The record of a visit that was answered.
fn answered(
    visit: &Visit,
    fetched: &Fetched,
    status: PageStatus,
    detail: Option<Told>,
) -> PageRecord {
    let mut record = visit.record(status, detail);
    record.final_url = Some(fetched.final_url.to_string());
    record.redirects = fetched.redirects.clone();
    record.http_status = Some(fetched.status);
    record.content_type = fetched.content_type.clone();
    record.connections = fetched.connections.clone();
    record
}

/// A capture that holds nothing yet.
fn capture(visit: &Visit) -> CaptureRecord {
    CaptureRecord {
        id: format!("{}-{PROFILE}-v1-s1-{}", visit.page, Moment::Markup.as_str()),
        profile: PROFILE.to_string(),
        visit: 1,
        step: 1,
        moment: Moment::Markup,
        taken_at: now(),
        viewport: None,
        screenshots: Vec::new(),
        dom: None,
        frames: Vec::new(),
        url: None,
        original: None,
        network: None,
    }
}

fn failed(visit: &Visit, error: &FetchError) -> PageRecord {
    let status = match error {
        FetchError::Refused(_) => PageStatus::Refused,
        FetchError::Unreachable(_) | FetchError::Redirects => PageStatus::Unreachable,
        FetchError::Tls(_) => PageStatus::TlsError,
        FetchError::TimedOut(_) => PageStatus::TimedOut,
    };
    visit.record(status, Some(error.told()))
}

/// The time now, to the millisecond, in UTC.
pub fn now() -> String {
    let now = OffsetDateTime::now_utc();
    let milliseconds = now.replace_nanosecond(now.millisecond() as u32 * 1_000_000);
    milliseconds
        .unwrap_or(now)
        .format(&Rfc3339)
        .unwrap_or_default()
}
