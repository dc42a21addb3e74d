//! Asks whether more than one list of recipients was read that the form, or its privacy notice, links.

use crate::model::{Link, LinkRole, PageModel, Where};

use super::recipients_named::lists_companies;
use super::{Answer, Check, LinkedPage, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "recipient-lists-linked",
    subjects: &[SubjectKind::Form],
    values: &[],
    build: |parameters| parameters.none(ask),
};

/// Links of one page that are followed.
const MOST_LINKS: usize = 8;

/// A list, where it is linked and what it lists.
pub(super) struct List<'a> {
    pub page: &'a PageModel,
    pub link: &'a Link,
    /// The page of the link: the form's, or the notice.
    pub from: &'a PageModel,
}

fn ask(subject: &Subject) -> Answer {
    if lists(subject).len() > 1 {
        Answer::Yes(Observed::default())
    } else {
        Answer::No(Observed::default())
    }
}

/// The lists that were read, each once; the later pages of the form's list are no lists of their own.
pub(super) fn lists<'a>(subject: &Subject<'a>) -> Vec<List<'a>> {
    let later: Vec<&str> = subject
        .recipient_list_pages()
        .iter()
        .skip(1)
        .map(|page| page.id.as_str())
        .collect();
    let own = subject.form.links.iter();
    let own = own.filter(|link| link.roles.contains(&LinkRole::Recipients));
    let at_form = (subject.page, own.take(MOST_LINKS).collect());
    let notices = subject.text(Where::PrivacyNotice).read.into_iter();
    let notices = notices.map(|notice| {
        let links = subject.site.links_of(notice.page, LinkRole::Recipients);
        (notice.page, links)
    });
    let mut lists: Vec<List> = Vec::new();
    for (from, links) in std::iter::once(at_form).chain(notices) {
        for link in links {
            let LinkedPage::Read(page) = subject.site.follow(from, link) else {
                continue;
            };
            let names = lists_companies(subject, page);
            let known = lists.iter().any(|list| list.page.id == page.id);
            if names && !known && !later.contains(&page.id.as_str()) {
                lists.push(List { page, link, from });
            }
        }
    }
    lists
}
