//! Asks whether a document that the form or its page links to was read: No where none is linked, Unknown
//! where one is linked and was not read.
//!
//! It says nothing about what the document contains.

use crate::finding::{Measure, Reason};
use crate::model::{LinkRole, PageModel, Where};

use super::{Answer, Check, Observed, Subject, SubjectKind};

/// The documents that a rule may ask for.
const DOCUMENTS: [(&str, Where, LinkRole); 4] = [
    ("privacy_notice", Where::PrivacyNotice, LinkRole::Privacy),
    ("legal_notice", Where::LegalNotice, LinkRole::Legal),
    ("terms", Where::Terms, LinkRole::Terms),
    ("recipient_list", Where::RecipientList, LinkRole::Recipients),
];

pub static CHECK: Check = Check {
    id: "notice-read",
    subjects: &[SubjectKind::Form, SubjectKind::Control],
    values: &["language"],
    build: |parameters| {
        parameters.only(&["place"])?;
        let names = DOCUMENTS.map(|(name, ..)| name);
        let wanted = parameters.one_of("place", &names)?;
        let document = DOCUMENTS.into_iter().find(|(name, ..)| *name == wanted);
        let (_, place, role) = document.unwrap_or(DOCUMENTS[0]);
        parameters.asking(move |subject: &Subject| ask(subject, place, role))
    },
};

fn ask(subject: &Subject, place: Where, role: LinkRole) -> Answer {
    let text = subject.text(place);
    if let Some(first) = text.read.first() {
        return match text.read.iter().any(|part| part.page.understood) {
            true => Answer::Yes(Observed::default()),
            false => foreign(subject, first.page),
        };
    }
    let Some(link) = subject.links(role).first() else {
        return match subject.form.understood {
            true => Answer::No(Observed::default()),
            false => Answer::no_lexicon(subject),
        };
    };
    if !text.unread {
        // It is linked and does not answer: another rule tells.
        return Answer::No(Observed::default());
    }
    let seen = subject.see(&link.text, &link.place);
    Answer::unknown(
        Reason::NotSeen,
        "linked_pages_unread",
        Observed::default().seeing(seen),
    )
}

/// The document was read in a language without a lexicon.
fn foreign<'a>(subject: &Subject<'a>, page: &'a PageModel) -> Answer {
    let language = page.language.clone().unwrap_or_default();
    let observed = Observed::default()
        .with("language", Measure::Text(language))
        .seeing(subject.see_page(page));
    Answer::unknown(Reason::NeedsPerson, "no_lexicon", observed)
}
