//! A visit without a browser: the received markup and nothing else.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::artifact::{CaptureRecord, Gap, Moment, PageRecord, PageStatus, decode_html};
use crate::fetch::{FetchError, Fetched, Fetcher};

use super::{Folder, Visit, status_of};

/// Reads pages as markup.
pub struct Plain {
    pub fetcher: Fetcher,
    pub folder: Folder,
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
        let stopped = status_of(fetched.status, fetched.content_type.as_deref());
        let (status, detail) = match stopped {
            Some((status, detail)) => (status, Some(detail)),
            None => (PageStatus::Examined, None),
        };
        let mut record = visit.record(status, detail);
        record.final_url = Some(fetched.final_url.to_string());
        record.redirects = fetched.redirects.clone();
        record.http_status = Some(fetched.status);
        record.content_type = fetched.content_type.clone();
        record.connections = fetched.connections.clone();
        if status == PageStatus::Examined {
            self.store(visit, &fetched, &mut record)?;
        }
        Ok(record)
    }

    fn store(
        &self,
        visit: &Visit,
        fetched: &Fetched,
        record: &mut PageRecord,
    ) -> std::io::Result<()> {
        let id = visit.capture_id(PROFILE, Moment::Markup);
        let text = decode_html(&fetched.body, fetched.content_type.as_deref());
        let dom = self
            .folder
            .write(&format!("captures/{id}/dom.html"), text.as_bytes())?;
        if fetched.cut {
            record.gaps.push(Gap::new(
                "the end of the page",
                format!("only the first {} bytes were read", fetched.body.len()),
            ));
        }
        record.captures.push(CaptureRecord {
            id,
            profile: PROFILE.to_string(),
            visit: 1,
            step: 1,
            moment: Moment::Markup,
            taken_at: now(),
            viewport: None,
            screenshots: Vec::new(),
            dom: Some(dom),
            network: None,
        });
        Ok(())
    }
}

fn failed(visit: &Visit, error: &FetchError) -> PageRecord {
    let status = match error {
        FetchError::Refused(_) => PageStatus::Refused,
        FetchError::Unreachable(_) | FetchError::Redirects => PageStatus::Unreachable,
        FetchError::Tls(_) => PageStatus::TlsError,
        FetchError::TimedOut(_) => PageStatus::TimedOut,
    };
    visit.record(status, Some(error.to_string()))
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
