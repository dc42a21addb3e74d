//! Asks whether the form speaks of marketing or of handing data to others, beyond the service that the
//! visitor asks for.
//!
//! A newsletter form whose one service is its own newsletter does not.

use crate::finding::Reason;
use crate::lexicon::Sense;
use crate::model::Service;

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "marketing-announced",
    subjects: &[SubjectKind::Form],
    values: &["language"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let form = subject.form;
    if form.consent_controls().next().is_some() {
        return Answer::Yes(Observed::default());
    }
    if !form.understood {
        return Answer::no_lexicon(subject);
    }
    let newsletter = form.service == Service::Newsletter;
    let said = form.notices().any(|passage| {
        let reading = &passage.reading;
        let partners =
            reading.has(Sense::Partners) && reading.has_any(&[Sense::Transfer, Sense::Marketing]);
        let mailing = [Sense::Marketing, Sense::Newsletter];
        // "You get many mails. If you agree, …": what is agreed to stands in the same sentence.
        let asked = mailing.iter().any(|&topic| {
            reading.together(Sense::Consent, topic) || reading.together(Sense::Purpose, topic)
        });
        let told = reading.has_any(&mailing) && reading.has_any(&[Sense::Bundle, Sense::Withdraw]);
        // "Subscribe now!" is a caption.
        let states = reading.words.len() >= super::STATEMENT_WORDS;
        let own = !newsletter && states && (asked || told);
        (own && !passage.heading) || partners
    });
    if said {
        return Answer::Yes(Observed::default());
    }
    match form.pictured_control() {
        Some(control) => {
            let observed = Observed::default().seeing(subject.see_control(control));
            Answer::unknown(Reason::NeedsPerson, "wording_is_picture", observed)
        }
        None => Answer::No(Observed::default()),
    }
}
