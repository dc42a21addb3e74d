//! Asks whether the consenting button, and what is pressed instead, say what they do.
//!
//! A neutral pair beside which a text explains each of the two says it too. `pointers` are a refusal's
//! words that only point ("click here"). `button_named` is a button that the text speaks of and no button is
//! called. Words that a style cuts short say as little as words that end in dots.

use crate::finding::Measure;
use crate::lexicon::{Phrases, Sense};
use crate::model::{Button, FormModel, Service};

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "choice-labels",
    subjects: &[SubjectKind::Form],
    values: &["button", "refusal", "problem", "button_named"],
    build: |parameters| {
        parameters.only(&["pointers"])?;
        let pointers = parameters.phrases("pointers")?.unwrap_or_default();
        parameters.asking(move |subject: &Subject| ask(subject, &pointers))
    },
};

/// A longer label than this says more than where to press.
const POINTER_WORDS: usize = 5;
/// A text names a button within this many bytes after "by clicking".
const NAMED_WITHIN: usize = 40;

fn ask(subject: &Subject, pointers: &Phrases) -> Answer {
    let form = subject.form;
    let Some(accepting) = form.accepting() else {
        // "Accept all" says what it does beside the boxes that it turns on.
        return match form.buttons.iter().find(|button| button.accepts_all()) {
            Some(all) => Answer::Yes(
                Observed::default()
                    .with("button", Measure::Text(all.label.clone()))
                    .seeing(subject.see(&all.label, &all.place)),
            ),
            None => Answer::No(Observed::default()),
        };
    };
    let mut observed = Observed::default()
        .with("button", Measure::Text(accepting.label.clone()))
        .seeing(subject.see(&accepting.label, &accepting.place));
    if let Some(refusal) = form.refusing() {
        observed = observed
            .with("refusal", Measure::Text(refusal.label.clone()))
            .seeing(subject.see(&refusal.label, &refusal.place));
    }
    if let Some(named) = named_otherwise(form) {
        observed = observed.with("button_named", Measure::Text(named));
    }
    let language = form.language.as_deref().unwrap_or_default();
    if let Some(refusal) = form.refusing() {
        if incomplete(refusal, pointers, language) {
            return Answer::No(observed.with("problem", Measure::Word("refusal_incomplete")));
        }
        if refusal.look.as_ref().is_some_and(|look| look.cut) {
            return Answer::No(observed.with("problem", Measure::Word("refusal_cut")));
        }
    }
    if accepting.consents || explained(form) {
        return Answer::Yes(observed);
    }
    Answer::No(observed.with("problem", Measure::Word("consent_neutral")))
}

fn incomplete(refusal: &Button, pointers: &Phrases, language: &str) -> bool {
    let label = refusal.label.trim_end();
    let reading = &refusal.reading;
    let points = reading.words.len() <= POINTER_WORDS
        && pointers.find(language, reading).is_some()
        && !reading.has_any(&[Sense::Marketing, Sense::Partners, Sense::Transfer]);
    label.ends_with('…') || label.ends_with("...") || points
}

/// Whether two buttons stand there and the text says of each what it does.
fn explained(form: &FormModel) -> bool {
    let two = form.refusing().is_some_and(|refusal| !refusal.is_link);
    let says = |senses: &[Sense]| {
        form.notices()
            .any(|passage| passage.reading.has_any(senses))
    };
    let consent = form.notices().any(|passage| {
        passage.reading.has_any(&[Sense::Consent, Sense::Bundle])
            && passage
                .reading
                .has_any(&[Sense::Marketing, Sense::Partners])
    });
    two && consent && says(&[Sense::Refuse, Sense::OptOut])
}

/// What the text calls the button, where no button is called so.
fn named_otherwise(form: &FormModel) -> Option<String> {
    let newsletter = form.service == Service::Newsletter;
    let passage = form
        .notices()
        .find(|p| p.bundling(newsletter, false).is_some())?;
    let reading = &passage.reading;
    let bundle = reading.hits(Sense::Bundle).next()?;
    let named = reading
        .hits(Sense::Submit)
        .find(|hit| hit.start > bundle.start && hit.start < bundle.start + NAMED_WITHIN)?;
    let word = passage.text.get(named.start..named.end)?;
    let known = |button: &Button| {
        let label = button.label.to_lowercase();
        label.contains(&word.to_lowercase())
    };
    (!form.buttons.iter().any(known)).then(|| word.to_string())
}
