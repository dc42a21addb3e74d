//! Asks whether each company that buys the leads is named, in the form or in its recipient list, by its
//! name or its number.
//!
//! `named` is that of the worst of them: `exact`, `near` (a name that holds it, or that it holds) or
//! `absent`. A trade name that shares no word with the buyer's it cannot know.

use std::rc::Rc;

use crate::finding::{Measure, Observation, Reason};
use crate::lexicon::Likeness;
use crate::model::{Buyer, EntryKind, PageModel, Passage};

use super::recipients_named::{Company, at_form, companies};
use super::{Answer, Check, LinkedPage, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "buyer-named",
    subjects: &[SubjectKind::Form],
    values: &["named", "buyer", "quote", "companies", "language"],
    build: |parameters| parameters.none(ask),
};

/// Where a buyer was found.
struct Match {
    likeness: Likeness,
    seen: Option<Observation>,
}

fn ask(subject: &Subject) -> Answer {
    let buyers = subject.request.buyers.iter();
    let found: Vec<(&Buyer, Match)> = buyers.map(|b| (b, best(subject, b))).collect();
    let worst = found.iter().map(|(_, found)| found.likeness).min();
    let worst = worst.unwrap_or(Likeness::Different);
    let mut observed = Observed::default().with("named", Measure::Word(word(worst)));
    let count = companies(subject).count;
    if count > 0 {
        observed = observed.with("companies", Measure::Number(count as f64));
    }
    let decisive = || found.iter().filter(|(_, found)| found.likeness == worst);
    let names: Vec<String> = decisive().map(|(buyer, _)| buyer.to_string()).collect();
    observed = observed.with("buyer", Measure::List(names));
    for seen in decisive().filter_map(|(_, found)| found.seen.clone()) {
        if let Some(quote) = &seen.quote {
            let quote = Measure::Text(quote.clone());
            observed.values.try_insert("quote", quote);
        }
        observed.observations.push(seen);
    }
    match worst {
        Likeness::Same => Answer::Yes(observed),
        _ if unread(subject) => {
            Answer::unknown(Reason::NotSeen, "linked_pages_unread", unseen(subject))
        }
        Likeness::Near => Answer::No(observed),
        Likeness::Different if !subject.form.understood => Answer::no_lexicon(subject),
        Likeness::Different => {
            let pages = subject.recipient_list_pages();
            let list = pages.first().map(|&page| subject.see_page(page));
            let observed = observed.seeing(list.unwrap_or_else(|| subject.see_form()));
            match pages.iter().all(|page| page.complete) {
                true => Answer::absent(subject, observed),
                false => Answer::unknown(Reason::NotSeen, "page_incomplete", observed),
            }
        }
    }
}

fn word(likeness: Likeness) -> &'static str {
    match likeness {
        Likeness::Same => "exact",
        Likeness::Near => "near",
        Likeness::Different => "absent",
    }
}

/// The best place that names a buyer.
fn best(subject: &Subject, buyer: &Buyer) -> Match {
    let mut best = Match {
        likeness: Likeness::Different,
        seen: None,
    };
    let mut offer = |likeness: Likeness, seen: &dyn Fn() -> Observation| {
        if likeness > best.likeness {
            best.likeness = likeness;
            best.seen = Some(seen());
        }
    };
    let (by_name, by_words) = (
        |company: &Company| as_company(subject, company, buyer),
        |line: &Passage| in_line(subject, line, buyer),
    );
    for company in at_form(subject) {
        let seen = || subject.see(company.quote, company.place);
        offer(by_name(&company), &seen);
    }
    let pages = subject.recipient_list_pages().iter().copied();
    let listed: Vec<_> = pages
        .map(|page| (page, on_page(subject, page, buyer)))
        .collect();
    for (page, found) in &listed {
        if let Some((likeness, entry)) = found
            .entry
            .and_then(|(l, at)| Some((l, page.entries.get(at)?)))
        {
            offer(likeness, &|| subject.see(&entry.name, &entry.place));
        }
    }
    for passage in &subject.form.passages {
        offer(by_words(passage), &|| subject.see_passage(passage));
    }
    for (page, found) in &listed {
        if let Some((likeness, line)) = found
            .line
            .and_then(|(l, at)| Some((l, page.passages.get(at)?)))
        {
            offer(likeness, &|| subject.see_passage(line));
        }
    }
    best
}

/// What comes nearest to a buyer on a page of the list.
struct OnPage {
    entry: Option<(Likeness, usize)>,
    line: Option<(Likeness, usize)>,
}

fn on_page<'a>(subject: &Subject<'a>, page: &'a PageModel, buyer: &Buyer) -> Rc<OnPage> {
    subject.once(page, &format!("buyer-named {buyer}"), |page| {
        let entries = page.entries.iter().enumerate();
        let companies = entries.filter(|(_, entry)| entry.kind == EntryKind::Company);
        let named =
            companies.map(|(at, entry)| (as_company(subject, &Company::listed(entry), buyer), at));
        let lines = page.passages.iter().enumerate();
        let written = lines.map(|(at, line)| (in_line(subject, line, buyer), at));
        OnPage {
            entry: nearest(named),
            line: nearest(written),
        }
    })
}

/// The best of several places, the first of equals.
fn nearest(found: impl Iterator<Item = (Likeness, usize)>) -> Option<(Likeness, usize)> {
    found.max_by_key(|(likeness, at)| (*likeness, std::cmp::Reverse(*at)))
}

fn as_company(subject: &Subject, company: &Company, buyer: &Buyer) -> Likeness {
    match company.registration {
        Some(written) if has_number(subject, written, buyer) => Likeness::Same,
        _ => subject.entities.same_company(company.name, &buyer.name),
    }
}

fn in_line(subject: &Subject, line: &Passage, buyer: &Buyer) -> Likeness {
    match has_number(subject, &line.text, buyer) {
        true => Likeness::Same,
        false => subject.entities.names_company(&line.text, &buyer.name),
    }
}

fn has_number(subject: &Subject, text: &str, buyer: &Buyer) -> bool {
    let wanted = buyer.registration.as_deref();
    wanted.is_some_and(|wanted| subject.entities.names_number(text, wanted))
}

/// Whether a list is linked of which something was not read.
fn unread(subject: &Subject) -> bool {
    let Some(link) = subject.recipient_list() else {
        return false;
    };
    if subject.recipient_list_pages().is_empty() {
        let followed = subject.site.follow(subject.page, link);
        return !matches!(followed, LinkedPage::Dead(_));
    }
    subject.recipient_list_goes_on()
}

fn unseen(subject: &Subject) -> Observed {
    let seen = subject.recipient_list();
    let seen = seen.map(|link| subject.see(&link.text, &link.place));
    Observed::default().seeing(seen.unwrap_or_else(|| subject.see_form()))
}
