//! Where the ways led that are said to go on without consent: what stands there is read like any page.
//!
//! It must not decide whether a way is as easy as the other.

use crate::artifact::{Dom, Moment, Path, VisitRecord};
use crate::lexicon::Sense;
use crate::model::{Category, FormKind, FormModel, PageModel, Passage, RefusalWalk, Trial};

use super::voice::Voice;
use super::{MomentDom, PageReader, stated};

/// Adds a walked refusal to the form that offers it.
pub fn add(main: &mut PageModel, reader: &PageReader, visit: VisitRecord, moments: Vec<MomentDom>) {
    let Some(press) = visit
        .presses
        .iter()
        .find(|press| press.path == Path::Refusal)
    else {
        return;
    };
    let Some(at) = offering(
        &main.forms,
        press.form.locator.as_str(),
        &press.target.label,
    ) else {
        return;
    };
    let mut walk = RefusalWalk {
        press: press.clone(),
        led_to: visit.arrived.clone(),
        came_back: false,
        asks_again: Vec::new(),
        consent_again: None,
        capture: None,
    };
    let after = moments
        .into_iter()
        .rfind(|moment| moment.moment == Moment::Refusal);
    match after.map(MomentDom::open) {
        Some(Ok(dom)) => look_around(&mut walk, main, at, reader, &dom),
        Some(Err(gap)) => main.gaps.push(gap),
        None => {}
    }
    let voice = Voice::new(reader.lexicons, main.language.as_deref());
    let stated = stated::read(press, &main.forms[at], &voice);
    let trial = main.forms[at].trial.get_or_insert_with(Trial::default);
    trial.stated.extend(stated);
    trial.refusals.push(walk);
}

/// The form that offers the way: the one that was used, else one with such a button.
fn offering(forms: &[FormModel], locator: &str, label: &str) -> Option<usize> {
    let offers = |form: &FormModel| form.buttons.iter().any(|b| b.refuses && b.label == label);
    let used = |form: &FormModel| form.place.locator == locator;
    forms
        .iter()
        .position(|form| used(form) && offers(form))
        .or_else(|| forms.iter().position(used))
        .or_else(|| forms.iter().position(offers))
}

/// Reads the page that the way led to.
fn look_around(
    walk: &mut RefusalWalk,
    main: &PageModel,
    at: usize,
    reader: &PageReader,
    dom: &Dom,
) {
    let there = reader.document(dom, Moment::Refusal, &[], None);
    walk.capture = Some(dom.capture.to_string());
    let form = &main.forms[at];
    let asks = |form: &FormModel| -> Vec<(String, Category)> {
        let fields = form.fields.iter();
        fields
            .map(|field| (field.name.clone(), field.category))
            .collect()
    };
    let says = |form: &FormModel| -> Vec<String> {
        form.buttons
            .iter()
            .map(|button| button.label.clone())
            .collect()
    };
    let same = |other: &FormModel| asks(other) == asks(form) && says(other) == says(form);
    walk.came_back = there.forms.iter().any(same);
    let collecting = || {
        there
            .forms
            .iter()
            .filter(|form| form.kind == FormKind::Collection)
    };
    let mut again: Vec<Category> = collecting()
        .flat_map(|form| &form.fields)
        .filter(|field| field.visible())
        .map(|field| field.category)
        .filter(|category| *category != Category::Other)
        .collect();
    again.sort_unstable();
    again.dedup();
    walk.asks_again = again;
    let consent = |passage: &&Passage| {
        passage.reading.together(Sense::Consent, Sense::Marketing)
            || passage.reading.together(Sense::Consent, Sense::Partners)
    };
    walk.consent_again = collecting()
        .flat_map(|form| &form.passages)
        .find(consent)
        .cloned();
}
