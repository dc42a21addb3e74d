//! A stored visit to its public shape, bounded.

use std::collections::{BTreeMap, BTreeSet};

use crate::artifact::{self, ElementRef, Payload, VisitRecord};
use crate::model::PageModel;

use super::super::line::{one_line, shortened};
use super::{
    Act, Banner, Cut, End, Leak, Part, PayloadField, Press, Request, TurnedAway, Unread, Visit,
    Walked,
};

/// Characters of one text, and of one name.
const MOST_TEXT: usize = 300;
const MOST_NAME: usize = 120;
/// Entries of one list of a visit.
const MOST: usize = 200;
/// Presses of a visit, requests of a press, fields of a request.
const MOST_PRESSES: usize = 60;
const MOST_REQUESTS: usize = 25;
const MOST_FIELDS: usize = 100;

/// Which fields of a page's requests are about consent.
#[derive(Debug, Default)]
pub struct Marks {
    /// Names and ids of consent controls, in lower case.
    controls: BTreeSet<String>,
    /// Fields that state consent themselves.
    stated: BTreeSet<String>,
}

impl Marks {
    /// Those of a page at all of its openings.
    pub fn of(page: &PageModel) -> Marks {
        let mut marks = Marks::default();
        let pages = std::iter::once(page).chain(page.faces.iter().map(|face| &face.page));
        for form in pages.flat_map(|page| &page.forms) {
            let consents = form.controls.iter().filter(|c| c.role.is_marketing());
            let names = consents.flat_map(|control| [&control.name, &control.dom_id]);
            marks
                .controls
                .extend(names.map(|name| bare(name)).filter(|n| !n.is_empty()));
            let stated = form.trial.iter().flat_map(|trial| &trial.stated);
            marks
                .stated
                .extend(stated.map(|stated| stated.field.clone()));
        }
        marks
    }

    /// A field may be nested: `lead.optin`, `form[optin]`.
    fn has(&self, field: &str) -> bool {
        let last = field.rsplit(['.', '[']).next().unwrap_or(field);
        let last = last.trim_end_matches(']');
        self.stated.contains(field)
            || self.controls.contains(&bare(field))
            || self.controls.contains(&bare(last))
    }
}

fn bare(name: &str) -> String {
    name.trim_end_matches("[]").to_lowercase()
}

/// A visit as the report shows it.
pub fn visit(record: &VisitRecord, marks: &Marks) -> Visit {
    let mut bounds = Bounds::default();
    let presses = bounds.list("presses", &record.presses, MOST_PRESSES);
    let presses = presses.iter().map(|p| press(p, marks, &mut bounds));
    let presses = presses.collect();
    let sent = bounds.list("sent", &record.sent, MOST_REQUESTS);
    let sent = sent.iter().map(|p| request(p, marks, &mut bounds));
    let sent = sent.collect();
    Visit {
        visit: record.visit,
        profile: name(&record.profile),
        kind: record.kind,
        user_agent: text(&record.user_agent),
        referrer: record.referrer.as_deref().map(text),
        began_at: name(&record.began_at),
        banner: record.banner.as_ref().map(banner),
        cookies: bounds
            .list("cookies", &record.cookies, MOST)
            .iter()
            .map(cookie)
            .collect(),
        hosts: bounds
            .list("hosts", &record.hosts, MOST)
            .iter()
            .map(|host| name(host))
            .collect(),
        acts: bounds
            .list("acts", &record.acts, MOST)
            .iter()
            .map(act)
            .collect(),
        presses,
        sent,
        leaks: bounds
            .list("leaks", &record.leaks, MOST)
            .iter()
            .map(leak)
            .collect(),
        unread: bounds
            .list("unread", &record.unread, MOST)
            .iter()
            .map(unread)
            .collect(),
        turned_away: bounds
            .list("turned_away", &record.turned_away, MOST)
            .iter()
            .map(turned_away)
            .collect(),
        walked: bounds
            .list("walked", &record.walked, MOST)
            .iter()
            .map(walked)
            .collect(),
        arrived: record.arrived.as_ref().map(|arrived| artifact::Arrived {
            url: text(&arrived.url),
            http_status: arrived.http_status,
        }),
        cut: bounds.cut(),
    }
}

/// Counts what is left out of each list.
#[derive(Default)]
struct Bounds(BTreeMap<&'static str, usize>);

impl Bounds {
    fn list<'a, T>(&mut self, name: &'static str, all: &'a [T], most: usize) -> &'a [T] {
        self.left_out(name, all.len().saturating_sub(most));
        &all[..all.len().min(most)]
    }

    fn left_out(&mut self, name: &'static str, count: usize) {
        if count > 0 {
            *self.0.entry(name).or_default() += count;
        }
    }

    fn cut(self) -> Vec<Cut> {
        let cut = self.0.into_iter().map(|(list, left_out)| Cut {
            list: list.to_string(),
            left_out,
        });
        cut.collect()
    }
}

fn press(press: &artifact::Press, marks: &Marks, bounds: &mut Bounds) -> Press {
    let held = bounds.list("held", &press.held, MOST_REQUESTS);
    Press {
        step: press.step,
        target: part(&press.target),
        form: part(&press.form),
        path: press.path,
        outcome: press.outcome,
        capture: press.capture.as_deref().map(name),
        held: held.iter().map(|p| request(p, marks, bounds)).collect(),
        invalid: bounds
            .list("invalid", &press.invalid, MOST_REQUESTS)
            .iter()
            .map(part)
            .collect(),
    }
}

/// What is about consent stays, where there are more fields than room.
fn request(payload: &Payload, marks: &Marks, bounds: &mut Bounds) -> Request {
    let marked: Vec<bool> = payload.fields.iter().map(|f| marks.has(&f.0)).collect();
    let consents = marked.iter().filter(|consent| **consent).count();
    let mut room = MOST_FIELDS.saturating_sub(consents);
    let mut fields = Vec::new();
    for ((field, value), consent) in payload.fields.iter().zip(marked) {
        if fields.len() == MOST_FIELDS || (!consent && room == 0) {
            continue;
        }
        room -= usize::from(!consent);
        fields.push(PayloadField {
            name: name(field),
            value: text(value),
            consent,
        });
    }
    bounds.left_out("fields", payload.fields.len() - fields.len());
    let (host, path) = address(&payload.url);
    Request {
        method: name(&payload.method),
        host,
        path,
        kind: name(&payload.kind),
        content_type: payload.content_type.as_deref().map(name),
        fields,
        unreadable: payload.unreadable,
    }
}

/// Host with its port, and path; the whole address as path where it is none of the web.
fn address(address: &str) -> (String, String) {
    let parsed = url::Url::parse(address).ok();
    let web = parsed.as_ref().and_then(|url| {
        let host = url.host_str()?;
        let port = url.port().map(|port| format!(":{port}"));
        Some((
            name(&format!("{host}{}", port.unwrap_or_default())),
            text(url.path()),
        ))
    });
    web.unwrap_or_else(|| (String::new(), text(address)))
}

fn act(act: &artifact::Act) -> Act {
    Act {
        at: name(&act.at),
        step: act.step,
        kind: act.kind,
        target: part(&act.target),
        value: act.value.as_deref().map(text),
    }
}

fn leak(leak: &artifact::Leak) -> Leak {
    let (host, path) = address(&leak.url);
    Leak {
        at: name(&leak.at),
        step: leak.step,
        moment: leak.moment,
        host: if host.is_empty() {
            name(&leak.host)
        } else {
            host
        },
        path,
        method: name(&leak.method),
        field: name(&leak.field),
        form: name(&leak.form),
        place: name(&leak.place),
        after: leak.after.as_ref().map(part),
    }
}

fn unread(unread: &artifact::Unread) -> Unread {
    let (host, path) = address(&unread.url);
    Unread {
        host,
        path,
        what: name(&unread.what),
    }
}

fn turned_away(attempt: &artifact::Attempt) -> TurnedAway {
    TurnedAway {
        at_ms: attempt.at_ms,
        host: name(&attempt.host),
        port: attempt.port,
        method: name(&attempt.method),
        path: attempt.path.as_deref().map(text),
    }
}

fn walked(walked: &artifact::Walked) -> Walked {
    Walked {
        walk: walked.walk,
        step: walked.step,
        form: part(&walked.form),
        typed: walked.typed,
        end: walked.end.as_ref().map(|end| End {
            step: end.step,
            why: end.why,
            detail: end.detail.as_deref().map(text),
        }),
    }
}

fn banner(banner: &artifact::Banner) -> Banner {
    Banner {
        words: text(&banner.words),
        pressed: banner.pressed.as_ref().map(part),
        capture: banner.capture.as_deref().map(name),
    }
}

fn cookie(cookie: &artifact::Cookie) -> artifact::Cookie {
    artifact::Cookie {
        name: name(&cookie.name),
        domain: name(&cookie.domain),
        days: cookie.days,
    }
}

fn part(element: &ElementRef) -> Part {
    Part {
        label: text(&element.label),
        locator: text(&element.locator),
    }
}

fn text(text: &str) -> String {
    shortened(&one_line(text), MOST_TEXT)
}

fn name(text: &str) -> String {
    shortened(&one_line(text), MOST_NAME)
}
