//! The visits in `report.md`: what a reader of a ticket wants to know, one line each. `report.html` has
//! everything.

use crate::artifact::ActKind;

use super::super::document::{Page, Report};
use super::super::line::short_address;
use super::super::markdown::{code, plain};
use super::super::words::ReportWords;
use super::{Act, Leak, Part, PayloadField, Press, Request, Visit};

/// Pages, openings of one page, and entries of one list.
const MOST_PAGES: usize = 20;
const MOST_VISITS: usize = 12;
const MOST: usize = 15;

/// The section, empty where no page was opened in a browser.
pub fn markdown(report: &Report, words: &ReportWords) -> String {
    let visited: Vec<&Page> = report
        .pages
        .iter()
        .filter(|page| page.visits.iter().any(says_something))
        .collect();
    if visited.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "### {}\n\n{}\n",
        words.word("visits"),
        words.word("visits-says")
    );
    for page in visited.iter().take(MOST_PAGES) {
        let url = page.final_url.as_deref().unwrap_or(&page.url);
        let count = number(words, "visits-count", page.visits.len());
        text.push_str(&format!("\n{} – {count}\n\n", code(&short_address(url))));
        for visit in page.visits.iter().take(MOST_VISITS) {
            text.push_str(&opening(visit, words));
        }
        text.push_str(&more("", page.visits.len(), MOST_VISITS, words));
    }
    let left = more("", visited.len(), MOST_PAGES, words);
    if left.is_empty() {
        text
    } else {
        format!("{text}\n{left}")
    }
}

/// Whether more was done than looking.
fn says_something(visit: &Visit) -> bool {
    !(visit.acts.is_empty() && visit.presses.is_empty() && visit.banner.is_none())
}

fn opening(visit: &Visit, words: &ReportWords) -> String {
    let profile = named("profile", &visit.profile, words);
    let mut text = format!(
        "- **{}** · {profile} · {} · {}\n",
        words.get("visit-number", &[("n", i64::from(visit.visit).into())]),
        words.word(&format!("visit-{}", visit.kind.as_str())),
        plain(&visit.began_at),
    );
    let mut line = |line: String| text.push_str(&format!("  - {line}\n"));
    if let Some(banner) = &visit.banner {
        let answer = match &banner.pressed {
            Some(pressed) => format!(
                "{} {}",
                words.word("visit-banner-pressed"),
                part(pressed, words)
            ),
            None => words.word("visit-banner-left"),
        };
        let said = quoted(&banner.words, words);
        line(format!("{}: {said} – {answer}", words.word("visit-banner")));
    }
    if let Some(typed) = typed(&visit.acts, words) {
        line(typed);
    }
    for press in visit.presses.iter().take(MOST) {
        line(self::press(press, words));
    }
    for leak in visit.leaks.iter().take(MOST) {
        line(format!(
            "**{}**: {}",
            words.word("leaks"),
            self::leak(leak, words)
        ));
    }
    for request in visit.sent.iter().take(MOST) {
        line(format!(
            "{}: {}",
            words.word("sent"),
            self::request(request, words)
        ));
    }
    for unread in visit.unread.iter().take(MOST) {
        let what = named("unread", &unread.what, words);
        let to = code(&format!("{}{}", unread.host, unread.path));
        line(format!("{}: {to} ({what})", words.word("unread")));
    }
    for end in visit.walked.iter().filter_map(|walked| walked.end.as_ref()) {
        let step = words.get("end-at-step", &[("step", i64::from(end.step).into())]);
        let why = words.word(&format!("end-{}", word(&end.why)));
        let detail = end.detail.as_deref().map(|host| format!(" {}", code(host)));
        line(format!("{step} **{why}**{}", detail.unwrap_or_default()));
    }
    for (list, most) in [
        (visit.presses.len(), MOST),
        (visit.leaks.len(), MOST),
        (visit.sent.len(), MOST),
        (visit.unread.len(), MOST),
    ] {
        text.push_str(&more("  ", list, most, words));
    }
    text
}

/// What stands in the form's fields, on one line.
fn typed(acts: &[Act], words: &ReportWords) -> Option<String> {
    let typed = acts
        .iter()
        .filter(|act| matches!(act.kind, ActKind::Type | ActKind::Choose | ActKind::Tick));
    let all = typed.clone().count();
    let items = typed.take(MOST).map(|act| {
        let on = part(&act.target, words);
        match &act.value {
            Some(value) => format!("{on} = {}", quoted(value, words)),
            None => format!("{on} ({})", words.word("act-tick")),
        }
    });
    let items: Vec<String> = items.collect();
    let more = match all.checked_sub(MOST) {
        None | Some(0) => String::new(),
        Some(n) => format!(" {}", number(words, "visits-cut", n)),
    };
    let start = words.word("typed-or-chosen");
    (all > 0).then(|| format!("{start} {}{more}", items.join(", ")))
}

fn press(press: &Press, words: &ReportWords) -> String {
    let mut text = format!(
        "{} ({}): **{}**",
        part(&press.target, words),
        words.word(&format!("path-{}", word(&press.path))),
        words.word(&format!("press-{}", word(&press.outcome))),
    );
    for held in press.held.iter().take(MOST) {
        text.push_str(&format!(
            "; {} {}",
            words.word("would-have-sent"),
            request(held, words)
        ));
    }
    text
}

/// Where it goes, and what it says about consent.
fn request(request: &Request, words: &ReportWords) -> String {
    let to = code(&format!("{}{}", request.host, request.path));
    let mut text = format!("{} {to}", plain(&request.method));
    let said = |field: &PayloadField| {
        let value = match field.value.as_str() {
            "" => words.word("payload-empty"),
            value => quoted(value, words),
        };
        format!("{} = {value}", code(&field.name))
    };
    let consents: Vec<String> = request
        .fields
        .iter()
        .filter(|field| field.consent)
        .take(MOST)
        .map(said)
        .collect();
    if !consents.is_empty() {
        let name = words.word("payload-consent");
        text.push_str(&format!(", {name}: {}", consents.join(", ")));
    }
    let others = request.fields.iter().filter(|f| !f.consent).count();
    if others > 0 {
        text.push_str(&format!(", {}", number(words, "payload-fields", others)));
    }
    if request.unreadable {
        text.push_str(&format!(", {}", words.word("payload-unreadable")));
    }
    text
}

fn leak(leak: &Leak, words: &ReportWords) -> String {
    let after = leak.after.as_ref().map(|after| {
        let name = words.word("leak-after");
        format!(", {name} {}", part(after, words))
    });
    format!(
        "{} ({}) – {} {}{}",
        named("leak", &leak.field, words),
        plain(&written(&leak.form, words)),
        plain(&leak.method),
        code(&format!("{}{}", leak.host, leak.path)),
        after.unwrap_or_default(),
    )
}

/// How a value was written: `sha256 in gzip`, in words.
pub fn written(form: &str, words: &ReportWords) -> String {
    let mut parts = form.split(" in ").map(|part| {
        let key = format!("written-{part}");
        let said = words.word(&key);
        if said == key { part.to_string() } else { said }
    });
    let first = parts.next().unwrap_or_default();
    parts.fold(first, |value, layer| {
        let given = [("value", value.into()), ("layer", layer.into())];
        words.get("written-in", &given)
    })
}

/// A name of ours in words; what has none stands as it is.
fn named(group: &str, name: &str, words: &ReportWords) -> String {
    let key = format!("{group}-{name}");
    let said = words.word(&key);
    if said == key { plain(name) } else { said }
}

fn part(part: &Part, words: &ReportWords) -> String {
    match part.label.as_str() {
        "" => code(&part.locator),
        label => quoted(label, words),
    }
}

fn quoted(text: &str, words: &ReportWords) -> String {
    words.get("quoted", &[("quote", plain(text).into())])
}

fn number(words: &ReportWords, key: &str, n: usize) -> String {
    words.get(key, &[("n", (n as i64).into())])
}

fn more(indent: &str, all: usize, most: usize, words: &ReportWords) -> String {
    match all.checked_sub(most) {
        None | Some(0) => String::new(),
        Some(n) => format!("{indent}- {}\n", number(words, "visits-cut", n)),
    }
}

/// The name that `report.json` has for a value.
fn word<T: serde::Serialize>(value: &T) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_string()
}
