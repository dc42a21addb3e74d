//! Notes requests that carried what was typed before anything was pressed.

use super::Walk;
use crate::artifact::{Leak, Moment, Payload};
use crate::capture::now;
use crate::leaks;
use crate::target;

impl Walk<'_, '_> {
    /// Requests that carried what was typed, before anything was pressed.
    pub(super) fn note_leaks(&mut self, moment: Moment) {
        let (stopped, unread) = {
            let traffic = &mut self.opening.session.traffic();
            let stopped = traffic.stopped[self.read.min(traffic.stopped.len())..].to_vec();
            (stopped, std::mem::take(&mut traffic.unread))
        };
        self.read += stopped.len();
        self.opening.record.unread.extend(unread);
        for stopped in stopped {
            for hit in &stopped.hits {
                let leak = Leak {
                    at: now(),
                    step: self.opening.step,
                    moment,
                    host: host(&stopped.payload),
                    url: stopped.payload.url.clone(),
                    method: stopped.payload.method.clone(),
                    field: word(&hit.field),
                    form: written(&hit.form),
                    place: place(&hit.place),
                    after: self.last_typed.clone(),
                };
                let known = self.opening.record.leaks.iter().any(|known| {
                    (&known.host, &known.field, &known.form)
                        == (&leak.host, &leak.field, &leak.form)
                });
                if !known {
                    self.opening.record.leaks.push(leak);
                }
            }
        }
    }
}

/// The name that records use for a value of ours.
fn word<T: serde::Serialize>(value: &T) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_string()
}

/// `sha256`, `plain in gzip`.
fn written(form: &leaks::Form) -> String {
    let mut out = word(&form.encoding);
    for layer in form.inside.iter().rev() {
        out.push_str(&format!(" in {}", word(layer)));
    }
    out
}

fn place(place: &leaks::Place) -> String {
    match place {
        leaks::Place::Header(name) => name.clone(),
        other => word(other),
    }
}

fn host(payload: &Payload) -> String {
    url::Url::parse(&payload.url)
        .map(|url| target::host(&url))
        .unwrap_or_default()
}
