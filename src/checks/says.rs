//! Asks whether a text says something: a sentence with given senses, or with phrases of the rule's own.
//!
//! `in` are the places it counts in, `else` places where it may stand instead: found only there, the
//! answer is No and `where` tells which. It cannot see what stands in pictures.

use crate::finding::{Measure, Reason};
use crate::lexicon::{Phrases, Sense};
use crate::model::{PageModel, Passage, Where};

use super::{Answer, Check, Observed, Parameters, Part, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "says",
    subjects: &[SubjectKind::Form, SubjectKind::Control],
    values: &["where", "quote", "language"],
    build: |parameters| {
        let wanted = Wanted::new(parameters)?;
        parameters.asking(move |subject: &Subject| ask(subject, &wanted))
    },
};

/// What a rule looks for, and where.
struct Wanted {
    /// All of it as one text.
    question: String,
    /// One of these …
    any: Vec<Sense>,
    /// … or one of these phrases …
    phrases: Option<Phrases>,
    /// … in a sentence with all of these …
    all: Vec<Sense>,
    /// … and none of these.
    without: Vec<Sense>,
    /// "We do not sell data" does not count.
    affirmed: bool,
    within: Vec<Where>,
    otherwise: Vec<Where>,
}

impl Wanted {
    fn new(parameters: &Parameters) -> Result<Wanted, String> {
        parameters.only(&["any", "phrases", "all", "without", "affirmed", "in", "else"])?;
        let wanted = Wanted {
            question: parameters.question("says"),
            any: parameters.senses("any")?,
            phrases: parameters.phrases("phrases")?,
            all: parameters.senses("all")?,
            without: parameters.senses("without")?,
            affirmed: parameters.flag("affirmed")?,
            within: parameters.places("in")?,
            otherwise: parameters.places("else")?,
        };
        if wanted.any.is_empty() && wanted.all.is_empty() && wanted.phrases.is_none() {
            return Err("`any`, `all` or `phrases` must say what to look for".into());
        }
        if wanted.within.is_empty() {
            return Err("`in` must say where to look".into());
        }
        Ok(wanted)
    }

    /// The sentence of a passage that says it: its bytes.
    fn sentence(&self, passage: &Passage, language: Option<&str>) -> Option<(usize, usize)> {
        let reading = &passage.reading;
        let own = self.phrases.as_ref().zip(language);
        let own = own.and_then(|(phrases, language)| phrases.find(language, reading));
        // Without any of its own to look for, a sentence with all of the others is enough.
        let only_all = self.any.is_empty() && self.phrases.is_none();
        let first = if only_all {
            self.all.get(..1).unwrap_or_default()
        } else {
            &self.any
        };
        let hits = first.iter().flat_map(|&sense| reading.hits(sense));
        let at = own.into_iter().chain(hits).find(|hit| {
            let holds = |sense: &Sense| reading.sentence_has(hit.sentence, *sense);
            !(self.affirmed && hit.negated)
                && self.all.iter().all(holds)
                && !self.without.iter().any(holds)
        })?;
        reading.sentence_range(at.sentence)
    }

    fn speaks(&self, language: Option<&str>) -> bool {
        let own = self.phrases.as_ref();
        own.is_none_or(|own| language.is_some_and(|language| own.speak(language)))
    }
}

fn ask(subject: &Subject, wanted: &Wanted) -> Answer {
    let mut unread = false;
    let mut unspoken = None;
    for &place in &wanted.within {
        let text = subject.text(place);
        unread |= text.unread;
        for part in text.read {
            let language = language(subject, part.page, place);
            if !understands(subject, part.page, place) || !wanted.speaks(language) {
                unspoken.get_or_insert(language.unwrap_or_default().to_string());
                continue;
            }
            if let Some((passage, sentence)) = found(subject, part, wanted, language) {
                return Answer::Yes(seen(subject, place, passage, sentence));
            }
        }
    }
    if let Some(language) = unspoken {
        let observed = Observed::default().with("language", Measure::Text(language));
        return Answer::unknown(Reason::NeedsPerson, "no_lexicon", observed);
    }
    if unread {
        return Answer::unknown(Reason::NotSeen, "linked_pages_unread", Observed::default());
    }
    let observed = instead(subject, wanted);
    let on_page = wanted
        .within
        .iter()
        .any(|w| matches!(w, Where::Form | Where::Page));
    if on_page {
        Answer::absent(subject, observed)
    } else {
        Answer::No(observed)
    }
}

fn found<'a>(
    subject: &Subject<'a>,
    part: Part<'a>,
    wanted: &Wanted,
    language: Option<&str>,
) -> Option<(&'a Passage, &'a str)> {
    let says = |passage: &Passage| wanted.sentence(passage, language);
    let (passage, (from, to)) = subject.first(part, &wanted.question, says)?;
    Some((passage, passage.text.get(from..to)?))
}

fn seen(subject: &Subject, place: Where, passage: &Passage, sentence: &str) -> Observed {
    let mut observation = subject.see_passage(passage);
    observation.quote = Some(sentence.to_string());
    Observed::default()
        .with("where", Measure::Word(place.as_str()))
        .with("quote", Measure::Text(sentence.to_string()))
        .seeing(observation)
}

/// What there is where the wanted words are not: the words elsewhere, or the place they are missing in.
fn instead(subject: &Subject, wanted: &Wanted) -> Observed {
    let mut unread = false;
    for &place in &wanted.otherwise {
        let text = subject.text(place);
        unread |= text.unread;
        for part in text.read {
            let language = language(subject, part.page, place);
            if let Some((passage, sentence)) = found(subject, part, wanted, language) {
                return seen(subject, place, passage, sentence);
            }
        }
    }
    let linked = |&place: &Where| place <= Where::Page || !subject.text(place).read.is_empty();
    let place = match wanted.otherwise.is_empty() || wanted.otherwise.iter().any(linked) {
        _ if unread => "unread",
        true => "nowhere",
        // There is no such document that could say it.
        false => "not_linked",
    };
    let documents = wanted.within.iter().filter(|w| **w > Where::Page);
    let document = documents
        .flat_map(|&place| subject.text(place).read)
        .map(|part| part.page)
        .next();
    let observation = match document {
        Some(page) => subject.see_page(page),
        None => subject.see_form(),
    };
    Observed::default()
        .with("where", Measure::Word(place))
        .seeing(observation)
}

fn language<'a>(subject: &Subject<'a>, page: &'a PageModel, place: Where) -> Option<&'a str> {
    match place {
        Where::Form => subject.form.language.as_deref(),
        _ => page.language.as_deref(),
    }
}

fn understands(subject: &Subject, page: &PageModel, place: Where) -> bool {
    match place {
        Where::Form => subject.form.understood,
        _ => page.understood,
    }
}
