//! Asks whether the lists of recipients that one form links name the same companies.
//!
//! A list that only the privacy notice links may be of something else, such as advertising vendors: where
//! it differs, a person must look.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::finding::{Measure, Reason};
use crate::lexicon::plain_words;
use crate::model::{EntryKind, PageModel};

use super::recipient_lists_linked::lists;
use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "recipient-lists-consistent",
    subjects: &[SubjectKind::Form],
    values: &["lists", "differ", "listed_apart"],
    build: |parameters| parameters.none(ask),
};

/// Names that a report shows.
const MOST_NAMES: usize = 10;

fn ask(subject: &Subject) -> Answer {
    let lists = lists(subject);
    let Some((first, others)) = lists.split_first() else {
        return Answer::Yes(Observed::default());
    };
    let urls = lists.iter().map(|list| list.link.url.clone()).collect();
    let see =
        |list: &super::recipient_lists_linked::List| subject.see(&list.link.text, &list.link.place);
    let observed = Observed::default()
        .with("lists", Measure::List(urls))
        .seeing(see(first));
    let own = names(subject, first.page);
    for other in others {
        let theirs = names(subject, other.page);
        let differ: Vec<String> = own.symmetric_difference(&theirs).cloned().collect();
        if differ.is_empty() {
            continue;
        }
        let both_at_form = first.from.id == subject.page.id && other.from.id == subject.page.id;
        let shown = differ.into_iter().take(MOST_NAMES).collect();
        let observed = observed
            .with("differ", Measure::List(shown))
            .with("listed_apart", Measure::Bool(true))
            .seeing(see(other));
        return match both_at_form {
            true => Answer::No(observed),
            false => Answer::unknown(Reason::NeedsPerson, "list_in_notice_differs", observed),
        };
    }
    Answer::Yes(observed)
}

/// The companies of a list, their names normalised.
fn names<'a>(subject: &Subject<'a>, page: &'a PageModel) -> Rc<BTreeSet<String>> {
    subject.once(page, "names of companies", |page| {
        let companies = page.entries.iter().filter(|e| e.kind == EntryKind::Company);
        companies.map(|e| plain_words(&e.name).join(" ")).collect()
    })
}
