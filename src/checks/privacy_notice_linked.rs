//! Asks whether the form or its page links to a privacy notice that answers, and that a reader of the form
//! can read.
//!
//! A notice that was not opened counts as linked; only an answer that is an error makes the link dead. Of
//! those that were read, `problem` tells what keeps them from being one: `other_language`, `pdf_only`, or
//! `empty` (fewer than `least` characters). One of several that has no problem is enough.

use crate::finding::{Measure, Reason};
use crate::model::{PageModel, Where};

use super::{Answer, Check, LinkedPage, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "privacy-notice-linked",
    subjects: &[SubjectKind::Form],
    values: &[
        "where",
        "url",
        "status",
        "opened",
        "problem",
        "notice_language",
        "characters",
        "limit",
        "language",
    ],
    build: |parameters| {
        parameters.only(&["least"])?;
        let least = parameters.number("least", 0.0)?;
        parameters.asking(move |subject: &Subject| ask(subject, least))
    },
};

fn ask(subject: &Subject, least: f64) -> Answer {
    let Some(link) = &subject.form.privacy_notice else {
        if !subject.form.understood {
            return Answer::no_lexicon(subject);
        }
        return Answer::absent(subject, Observed::default().seeing(subject.see_form()));
    };
    let observed = Observed::default()
        .with("where", Measure::Word(link.nearness.as_str()))
        .with("url", Measure::Text(link.url.clone()))
        .seeing(subject.see(&link.text, &link.place));
    match subject.site.follow(subject.page, link) {
        LinkedPage::Dead(status) => Answer::No(
            observed
                .with("opened", Measure::Bool(true))
                .with("status", Measure::Number(status.map_or(0.0, f64::from))),
        ),
        LinkedPage::Read(_) => {
            readable(subject, observed.with("opened", Measure::Bool(true)), least)
        }
        LinkedPage::Nowhere => Answer::unknown(
            Reason::NotSeen,
            "link_by_script",
            observed.with("opened", Measure::Bool(false)),
        ),
        LinkedPage::Unread => Answer::Yes(observed.with("opened", Measure::Bool(false))),
    }
}

/// Whether one of the notices that were read can be read by those who read the form.
fn readable(subject: &Subject, observed: Observed, least: f64) -> Answer {
    let notices = subject.text(Where::PrivacyNotice).read;
    let problems: Vec<Option<&'static str>> = notices
        .iter()
        .map(|notice| problem(subject, notice.page, least))
        .collect();
    let (Some(first), Some(Some(problem))) = (notices.first(), problems.first()) else {
        return Answer::Yes(observed);
    };
    if problems.contains(&None) {
        return Answer::Yes(observed);
    }
    let mut observed = observed
        .with("problem", Measure::Word(problem))
        .seeing(subject.see_page(first.page));
    if let Some(language) = &first.page.language {
        observed = observed.with("notice_language", Measure::Text(language.clone()));
    }
    if *problem == "empty" {
        observed = observed
            .with(
                "characters",
                Measure::Number(characters(subject, first.page)),
            )
            .with("limit", Measure::Number(least));
        if !first.page.complete || first.page.unread_frames > 0 {
            return Answer::unknown(Reason::NotSeen, "page_incomplete", observed);
        }
    }
    Answer::No(observed)
}

fn problem<'a>(subject: &Subject<'a>, notice: &'a PageModel, least: f64) -> Option<&'static str> {
    // A section of the form's own page is read with it.
    if notice.id == subject.page.id {
        return None;
    }
    if characters(subject, notice) < least {
        return Some("empty");
    }
    match (&subject.form.language, &notice.language) {
        (Some(form), Some(other)) if form != other && notice.understood => Some("other_language"),
        _ if notice.pdf => Some("pdf_only"),
        _ => None,
    }
}

fn characters<'a>(subject: &Subject<'a>, notice: &'a PageModel) -> f64 {
    let count = subject.once(notice, "characters", |page| -> usize {
        page.passages
            .iter()
            .map(|line| line.text.chars().count())
            .sum()
    });
    *count as f64
}
