//! Asks whether trackers that need a choice were set or asked for before the visitor made one.
//!
//! It knows the services of `rules/trackers.toml`. Whether a measurement is set up so that it is exempt it
//! cannot see.

use std::collections::BTreeSet;

use crate::finding::{Measure, Reason};
use crate::target;

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "trackers-before-choice",
    subjects: &[SubjectKind::Form],
    values: &["trackers", "cookies", "hosts", "banner"],
    build: |parameters| parameters.none(ask),
};

/// Cookies that end with the session, or within a day, follow nobody.
const LASTING_DAYS: f64 = 1.0;

fn ask(subject: &Subject) -> Answer {
    let visit = &subject.page.visit;
    if visit.began_at.is_empty() {
        let observed = Observed::default().seeing(subject.see_form());
        return Answer::unknown(Reason::NotSeen, "network_not_watched", observed);
    }
    let mut services: BTreeSet<String> = BTreeSet::new();
    let (mut hosts, mut cookies) = (Vec::new(), Vec::new());
    for tracker in subject.trackers {
        let asked = visit.hosts.iter().filter(|host| tracker.loads_from(host));
        let set = visit
            .cookies
            .iter()
            .filter(|cookie| tracker.sets(&cookie.name));
        let (asked, set): (Vec<_>, Vec<_>) = (asked.collect(), set.collect());
        if !asked.is_empty() || !set.is_empty() {
            services.insert(tracker.name.clone());
        }
        hosts.extend(asked.into_iter().cloned());
        cookies.extend(set.into_iter().map(|cookie| cookie.name.clone()));
    }
    let banner = if visit.banner.is_some() { "yes" } else { "no" };
    let mut seen = subject.see_page(subject.page);
    if let Some(words) = visit.banner.as_ref().map(|banner| banner.words.clone()) {
        seen.quote = Some(words);
        seen.bounds = None;
    }
    let observed = Observed::default()
        .with("banner", Measure::Word(banner))
        .seeing(seen);
    if !services.is_empty() {
        return Answer::Yes(
            observed
                .with("trackers", Measure::List(services.into_iter().collect()))
                .with("hosts", Measure::List(hosts))
                .with("cookies", Measure::List(cookies)),
        );
    }
    let home = url::Url::parse(&subject.page.final_url)
        .map(|url| target::site(&target::host(&url)))
        .unwrap_or_default();
    let foreign: Vec<String> = visit
        .cookies
        .iter()
        .filter(|cookie| target::site(cookie.domain.trim_start_matches('.')) != home)
        .filter(|cookie| cookie.days.is_some_and(|days| days > LASTING_DAYS))
        .map(|cookie| format!("{} ({})", cookie.name, cookie.domain))
        .collect();
    if foreign.is_empty() {
        Answer::No(observed)
    } else {
        let observed = observed.with("cookies", Measure::List(foreign));
        Answer::unknown(Reason::NeedsPerson, "cookies_unknown", observed)
    }
}
