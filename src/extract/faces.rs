//! Puts the openings of one page together: each read for itself, the first one as the page, the others as
//! faces of it.
//!
//! It must not judge what differs between them.

use crate::artifact::{Dom, Moment, VisitKind, VisitRecord};
use crate::model::{Control, Face, FaceForm, FormKind, FormModel, PageModel, PageRole};

use super::moments::OtherMoment;
use super::{MarkupForms, MomentDom, PageReader, later, refusals};

/// Reads each opening and puts them together.
pub fn put_together(reader: &PageReader, groups: Vec<(VisitRecord, Vec<MomentDom>)>) -> PageModel {
    let mut gaps = Vec::new();
    let (pictures, groups): (Vec<_>, Vec<_>) = groups
        .into_iter()
        .partition(|(visit, _)| visit.kind == VisitKind::Picture);
    let mut pictured = Vec::new();
    for moment in pictures.into_iter().flat_map(|(_, moments)| moments) {
        let (at, capture) = (moment.moment, moment.capture.clone());
        match moment.open() {
            Ok(dom) => pictured.push(OtherMoment::new(at, &capture, &dom, false)),
            Err(gap) => gaps.push(gap),
        }
    }
    let (refused, groups): (Vec<_>, Vec<_>) = groups
        .into_iter()
        .partition(|(visit, _)| visit.kind == VisitKind::Refusal);
    let mut openings = groups
        .into_iter()
        .enumerate()
        .map(|(at, (visit, moments))| {
            let others = if at == 0 {
                std::mem::take(&mut pictured)
            } else {
                Vec::new()
            };
            opening(reader, visit, moments, others)
        });
    let mut main = openings.next().unwrap_or_else(|| reader.blank());
    for face in openings.collect::<Vec<_>>() {
        add(&mut main, face);
    }
    for (visit, moments) in refused {
        refusals::add(&mut main, reader, visit, moments);
    }
    main.gaps.extend(gaps);
    let collects = main
        .forms
        .iter()
        .any(|form| form.kind == FormKind::Collection);
    if main.role == PageRole::Collection && !collects {
        main.role = PageRole::Other;
    }
    main
}

/// Reads one opening: the last full document that nobody had touched gives the structure, the others the
/// states at their moments; what was shown later is added.
fn opening(
    reader: &PageReader,
    visit: VisitRecord,
    moments: Vec<MomentDom>,
    mut others: Vec<OtherMoment>,
) -> PageModel {
    let mut gaps = Vec::new();
    let mut markup = None;
    let mut best: Option<(Moment, Dom)> = None;
    let (before, after): (Vec<_>, Vec<_>) = moments
        .into_iter()
        .partition(|moment| moment.moment <= Moment::Scrolled && moment.step == 1);
    for moment in before {
        let at = moment.moment;
        let dom = match moment.open() {
            Ok(dom) => dom,
            Err(gap) => {
                gaps.push(gap);
                continue;
            }
        };
        if at == Moment::Markup {
            markup = Some(MarkupForms::new(&dom));
        }
        let better = best
            .as_ref()
            .is_none_or(|(_, known)| dom.has_layout || !known.has_layout);
        let other = if better {
            best.replace((at, dom))
        } else {
            Some((at, dom))
        };
        if let Some((at, dom)) = other {
            others.push(OtherMoment::new(at, &dom.capture, &dom, true));
        }
    }
    let mut model = match &best {
        Some((moment, dom)) => reader.document(dom, *moment, &others, markup.as_ref()),
        None => reader.blank(),
    };
    // What scrolling showed is known too, even where it changed nothing of the structure.
    model.complete |= others.iter().any(|other| other.moment() >= Moment::Settled);
    if let Some((_, dom)) = &best {
        later::add(&mut model, reader, &visit, dom, after, &mut gaps);
    }
    model.visit = visit;
    model.gaps.extend(gaps);
    model
}

/// Adds another opening to a page: forms and controls that only it shows become the page's too.
fn add(main: &mut PageModel, face: PageModel) {
    let mut forms = Vec::new();
    let mut taken = vec![false; main.forms.len()];
    for form in &face.forms {
        let at = same_form(&main.forms, &taken, form).unwrap_or_else(|| {
            main.forms.push(FormModel {
                controls: Vec::new(),
                ..form.clone()
            });
            taken.push(true);
            main.forms.len() - 1
        });
        taken[at] = true;
        let known = &mut main.forms[at];
        let mut used = vec![false; known.controls.len()];
        let controls = form
            .controls
            .iter()
            .map(|control| {
                let same = same_control(&known.controls, &used, control).unwrap_or_else(|| {
                    known.controls.push(control.clone());
                    used.push(true);
                    known.controls.len() - 1
                });
                used[same] = true;
                same
            })
            .collect();
        forms.push(FaceForm { form: at, controls });
    }
    main.faces.push(Face { page: face, forms });
}

/// The form of the list that another opening shows too: by what it is called and asks, then by its place.
fn same_form(known: &[FormModel], taken: &[bool], form: &FormModel) -> Option<usize> {
    let free = || known.iter().enumerate().filter(|(at, _)| !taken[*at]);
    let framed = |other: &FormModel| other.frame_url.is_some() == form.frame_url.is_some();
    let called = |other: &FormModel| other.place.locator == form.place.locator && framed(other);
    let asks = |other: &FormModel| {
        other.kind == form.kind && framed(other) && likeness(other, form) >= 0.5
    };
    let placed =
        |other: &FormModel| other.index == form.index && other.kind == form.kind && framed(other);
    free()
        .find(|(_, other)| called(other) && asks(other))
        .or_else(|| free().find(|(_, other)| asks(other)))
        .or_else(|| free().find(|(_, other)| placed(other)))
        .map(|(at, _)| at)
}

/// The share of fields that two forms have in common, from 0 to 1.
fn likeness(one: &FormModel, other: &FormModel) -> f64 {
    let names = |form: &FormModel| -> Vec<(String, crate::model::Category)> {
        let fields = form.fields.iter();
        fields
            .map(|field| (field.name.clone(), field.category))
            .collect()
    };
    let (one, other) = (names(one), names(other));
    if one.is_empty() && other.is_empty() {
        return 0.0;
    }
    let shared = one.iter().filter(|name| other.contains(name)).count();
    shared as f64 / one.len().max(other.len()) as f64
}

/// The control of the list that another opening shows too.
fn same_control(known: &[Control], used: &[bool], control: &Control) -> Option<usize> {
    let free = || known.iter().enumerate().filter(|(at, _)| !used[*at]);
    let kind = |other: &Control| other.kind == control.kind;
    let called = |other: &Control| {
        (!control.name.is_empty() || !control.dom_id.is_empty())
            && (&other.name, &other.dom_id) == (&control.name, &control.dom_id)
    };
    let says = |other: &Control| other.label == control.label;
    let stands_for =
        |other: &Control| other.role == control.role && other.polarity == control.polarity;
    free()
        .find(|(_, other)| kind(other) && called(other) && says(other))
        .or_else(|| free().find(|(_, other)| kind(other) && called(other)))
        .or_else(|| free().find(|(_, other)| kind(other) && says(other)))
        .or_else(|| free().find(|(_, other)| kind(other) && stands_for(other)))
        .map(|(at, _)| at)
}
