//! Asks whether the links that the choice turns on stand out from the text around them: by a line below
//! them, a ground, another weight, or a contrast to the text's colour of at least `ratio`.
//!
//! It cannot see what changes when the pointer comes near.

use crate::finding::{Measure, Reason};
use crate::model::{LinkRole, Look, Place, Setting};

use super::looks::{hundredth, unmeasured};
use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "links-distinct",
    subjects: &[SubjectKind::Form],
    values: &[
        "link",
        "link_to",
        "underlined",
        "link_contrast",
        "link_contrast_least",
        "tinted",
    ],
    build: |parameters| {
        parameters.only(&["ratio"])?;
        let ratio = parameters.number("ratio", 3.0)?;
        parameters.asking(move |subject: &Subject| ask(subject, ratio))
    },
};

/// A link that the choice turns on.
pub struct Candidate<'a> {
    pub text: &'a str,
    pub place: &'a Place,
    pub look: Option<&'a Look>,
    /// What it leads to, in a word of reports.
    to: &'static str,
}

/// A weight that differs by this much is seen.
const HEAVIER: f64 = 200.0;

/// The links of the form that the choice turns on, those first that matter most.
pub fn candidates<'a>(subject: &Subject<'a>) -> impl Iterator<Item = Candidate<'a>> {
    let form = subject.form;
    let refusal = form.refusing().filter(|refusal| refusal.is_link);
    let refusal = refusal.map(|refusal| Candidate {
        text: &refusal.label,
        place: &refusal.place,
        look: refusal.look.as_deref(),
        to: "to_refusal",
    });
    let to = |role: LinkRole, word: &'static str| {
        let links = form
            .links
            .iter()
            .filter(move |link| link.roles.contains(&role));
        links.map(move |link| Candidate {
            text: &link.text,
            place: &link.place,
            look: link.look.as_deref(),
            to: word,
        })
    };
    refusal
        .into_iter()
        .chain(to(LinkRole::Recipients, "to_list"))
        .chain(to(LinkRole::Privacy, "to_notice"))
}

fn ask(subject: &Subject, ratio: f64) -> Answer {
    let mut unknown = None;
    let mut fine = None;
    for link in candidates(subject) {
        let observed = Observed::default()
            .with("link", Measure::Text(link.text.to_string()))
            .with("link_to", Measure::Word(link.to))
            .with("link_contrast_least", Measure::Number(ratio))
            .seeing(subject.see(link.text, link.place));
        let Some(look) = link.look else {
            unknown.get_or_insert(unmeasured(observed));
            continue;
        };
        let Some(setting) = look.setting.as_ref().filter(|_| look.shown()) else {
            continue;
        };
        let observed = tell(observed, look, setting);
        match distinct(look, setting, ratio) {
            Some(true) => {
                fine.get_or_insert(observed);
            }
            Some(false) => return Answer::No(observed),
            None => {
                unknown.get_or_insert(Answer::unknown(Reason::NotSeen, "link_not_read", observed));
            }
        }
    }
    unknown.unwrap_or_else(|| Answer::Yes(fine.unwrap_or_default()))
}

fn tell(mut observed: Observed, look: &Look, setting: &Setting) -> Observed {
    let line = look.letters.as_ref().and_then(|letters| letters.underlined);
    if let Some(line) = line {
        observed = observed.with("underlined", Measure::Bool(line));
    }
    if let Some(contrast) = setting.contrast {
        observed = observed.with("link_contrast", hundredth(contrast));
    }
    observed.with("tinted", Measure::Bool(setting.tinted))
}

fn distinct(look: &Look, setting: &Setting, ratio: f64) -> Option<bool> {
    let Some(letters) = &look.letters else {
        // A picture among words stands out.
        return Some(true);
    };
    let grounded = look.fill.as_ref().is_some_and(|fill| fill.filled);
    let heavier = (letters.weight - setting.weight).abs() >= HEAVIER;
    let coloured = setting.contrast.map(|contrast| contrast >= ratio);
    let seen = [letters.underlined, coloured, Some(grounded), Some(heavier)];
    if seen.contains(&Some(true)) {
        Some(true)
    } else if seen.contains(&None) {
        None
    } else {
        Some(false)
    }
}
