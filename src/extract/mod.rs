//! Capture to model: what a person would read and meet on a page, as typed facts with a place each.
//!
//! Pure: it gets documents and lexicons, and returns values. It must not know rules or law, and it
//! never fails: what cannot be read becomes a gap of the model.
#![deny(clippy::disallowed_methods)]

mod attributes;
mod choices;
mod controls;
mod entries;
mod fields;
mod forms;
mod kinds;
mod labels;
mod layers;
mod links;
mod lists;
mod moments;
mod names;
mod paging;
mod parties;
mod regions;
mod roles;
mod text;
mod voice;

use std::collections::{HashMap, HashSet, VecDeque};

use crate::artifact::{Dom, Gap, Moment, NodeId, PDF_TEXT, PageRole, Told};
use crate::lexicon::{Entities, Lexicons, detect_language};
use crate::model::{FormKind, Named, PageModel, Passage, Place, Seen, Where};

use entries::ListReader;
use forms::PageReading;
use labels::LabelIndex;
use moments::{Names, OtherMoment};
use voice::Voice;

/// The document of a page at one moment.
pub struct MomentDom {
    pub moment: Moment,
    pub capture: String,
    /// Node ids compare within one visit only.
    pub visit: u32,
    pub dom: Dom,
}

impl MomentDom {
    /// Binds a document to the capture it was recorded in.
    pub fn new(moment: Moment, capture: &str, visit: u32, mut dom: Dom) -> Self {
        dom.capture = capture.into();
        MomentDom {
            moment,
            capture: capture.to_string(),
            visit,
            dom,
        }
    }
}

/// A page as it was captured: what its record says, and its documents in the order of the visit.
pub struct CapturedPage {
    pub id: String,
    pub target: String,
    pub url: String,
    pub final_url: String,
    pub http_status: Option<u16>,
    pub role: PageRole,
    pub rendered: bool,
    pub moments: Vec<MomentDom>,
    pub gaps: Vec<Gap>,
}

/// Forms beyond this many on one page are not read; the gap says so.
const MOST_FORMS: usize = 2_000;

/// Reads a page. The last moment gives the structure, the earlier ones the states before it.
pub fn page(captured: &CapturedPage, lexicons: &Lexicons, entities: &Entities) -> PageModel {
    let mut model = PageModel {
        id: captured.id.clone(),
        target: captured.target.clone(),
        url: captured.url.clone(),
        final_url: captured.final_url.clone(),
        http_status: captured.http_status,
        role: captured.role,
        language: None,
        capture: String::new(),
        complete: false,
        unread_frames: 0,
        title: String::new(),
        pdf: false,
        understood: false,
        passages: Vec::new(),
        forms: Vec::new(),
        links: Vec::new(),
        parties: Vec::new(),
        entries: Vec::new(),
        gaps: captured.gaps.clone(),
    };
    let Some((main, earlier)) = captured.moments.split_last() else {
        return model;
    };
    let dom = &main.dom;
    model.capture = main.capture.clone();
    let whole = dom
        .documents
        .first()
        .map_or_else(String::new, |document| text::text_of(dom, document.root));
    model.language = detect_language(&whole, declared_language(dom));
    model.title = dom
        .documents
        .first()
        .map(|document| document.title.clone())
        .unwrap_or_default();
    model.pdf = is_pdf(dom, &captured.final_url);
    let voice = Voice::new(lexicons, model.language.as_deref());
    let brands = parties::brands(dom, &voice);
    let mut links = links::find(dom, &voice);
    let reader = ListReader {
        dom,
        url: url::Url::parse(&captured.final_url).ok(),
        voice,
        entities,
        brands: &brands.names,
    };
    model.entries = if model.role == PageRole::RecipientList {
        paging::mark(dom, &mut links, &voice);
        reader.page()
    } else {
        lists::read(&reader, &mut links)
    };
    let regions = regions::find(dom);
    let others: Vec<OtherMoment> = earlier
        .iter()
        .map(|other| {
            let same_visit = other.visit == main.visit;
            OtherMoment::new(other.moment, &other.capture, &other.dom, same_visit)
        })
        .collect();
    let markup = earlier.iter().find(|other| other.moment == Moment::Markup);
    let reading = PageReading {
        dom,
        capture: &main.capture,
        moment: main.moment,
        regions: &regions,
        labels: &LabelIndex::new(dom),
        links: &links,
        layers: &layers::find(dom),
        lexicons,
        entities,
        language: model.language.as_deref(),
        brands: &brands,
        others: &others,
        names: &Names::new(dom),
        markup_order: &markup.map_or_else(HashMap::new, |m| markup_order(dom, &m.dom)),
    };
    model.forms = regions
        .regions
        .iter()
        .take(MOST_FORMS)
        .map(|region| forms::read(&reading, region))
        .filter(|form| form.index.is_some() || form.kind == FormKind::Collection)
        .collect();
    if regions.regions.len() > MOST_FORMS {
        model.gaps.push(Gap::new(
            Told::of("forms-left").number("count", regions.regions.len() - MOST_FORMS),
            Told::of("forms-limit").number("most", MOST_FORMS),
        ));
    }
    let collects = model
        .forms
        .iter()
        .any(|form| form.kind == FormKind::Collection);
    if model.role == PageRole::Collection && !collects {
        model.role = PageRole::Other;
    }
    let unread = frames_not_read(dom, captured.rendered);
    model.unread_frames = unread.len();
    model.gaps.extend(unread);
    model.complete = main.moment >= Moment::Settled
        || (!captured.rendered && model.unread_frames == 0 && !has_scripts(dom));
    model.understood = voice.own().is_some();
    model.passages = page_passages(dom, &main.capture, &voice);
    model.parties = page_parties(&model.passages, &brands, &voice, entities);
    model.links = links.into_iter().map(|found| found.link).collect();
    model
}

/// Whether the document is the text of a PDF: it says so, and in captures of earlier versions its address.
fn is_pdf(dom: &Dom, url: &str) -> bool {
    let says = dom.named(&["meta"]).any(|id| {
        let node = dom.node(id);
        node.attribute("name") == Some(PDF_TEXT.0) && node.attribute("content") == Some(PDF_TEXT.1)
    });
    let path = url.split(['?', '#']).next().unwrap_or_default();
    says || path.to_ascii_lowercase().ends_with(".pdf")
}

/// Whether scripts may add to the markup; data blocks are none.
fn has_scripts(dom: &Dom) -> bool {
    dom.named(&["script"]).any(|id| {
        let kind = dom.node(id).filled("type").unwrap_or("text/javascript");
        kind == "module" || kind.contains("javascript") || kind.contains("ecmascript")
    })
}

/// Smaller frames hold no form: pixels, buttons, captchas' badges. In square CSS pixels.
const LEAST_FRAME: f64 = 20_000.0;
/// Frames that are listed.
const MOST_FRAMES: usize = 20;

/// The frames of the top document that a visitor sees and that no document was read of.
fn frames_not_read(dom: &Dom, rendered: bool) -> Vec<Gap> {
    // Chrome shows a document of its own where a frame could not be reached.
    let documents = dom
        .documents
        .iter()
        .filter(|d| !d.url.starts_with("chrome-error:"));
    let read: HashSet<NodeId> = documents.filter_map(|d| d.owner).collect();
    let seen = |id: NodeId| {
        let large = dom
            .bounds(id)
            .is_none_or(|bounds| bounds.area() >= LEAST_FRAME);
        dom.visible(id) != Some(false) && large
    };
    let why = if rendered {
        "frame-not-reached"
    } else {
        "frame-not-loaded"
    };
    dom.named(&["iframe"])
        .filter(|id| dom.node(*id).document == 0 && !read.contains(id) && seen(*id))
        .filter_map(|id| {
            let source = dom.node(id).filled("src")?;
            let web = !["about:", "javascript:", "data:"]
                .iter()
                .any(|no| source.starts_with(no));
            let shown: String = source.chars().take(200).collect();
            web.then(|| Gap::new(Told::of("frame").with("url", shown), Told::of(why)))
        })
        .take(MOST_FRAMES)
        .collect()
}

fn declared_language(dom: &Dom) -> Option<&str> {
    let top = dom.documents.first()?;
    let html = dom
        .children(top.root)
        .find(|&id| dom.node(id).name() == "html");
    html.and_then(|id| {
        dom.node(id)
            .filled("lang")
            .or(dom.node(id).filled("xml:lang"))
    })
    .or(Some(top.content_language.as_str()).filter(|language| !language.is_empty()))
}

/// Passages of a page that are read, at most.
const MOST_PASSAGES: usize = 3_000;

/// What a visitor can read on the page.
fn page_passages(dom: &Dom, capture: &str, voice: &Voice) -> Vec<Passage> {
    let Some(top) = dom.documents.first() else {
        return Vec::new();
    };
    text::stretches(dom, top.root, |_| false)
        .into_iter()
        .take(MOST_PASSAGES)
        .map(|stretch| Passage {
            reading: voice.read(&stretch.text),
            nearness: Where::Page,
            labels_control: false,
            heading: forms::in_heading(dom, stretch.element),
            navigation: dom.closest(stretch.element, &["nav"]).is_some(),
            place: Place::of(dom, stretch.element).within(stretch.bounds),
            seen: Seen {
                capture: capture.to_string(),
                visible: None,
                bounds: stretch.bounds,
            },
            text: stretch.text,
        })
        .collect()
}

/// Everyone the page names as responsible, wherever on it.
fn page_parties(
    passages: &[Passage],
    brands: &parties::Brands,
    voice: &Voice,
    entities: &Entities,
) -> Vec<Named> {
    let mut out: Vec<Named> = Vec::new();
    for passage in passages.iter().filter(|passage| !passage.navigation) {
        for named in parties::read(passage, brands, voice, entities).controllers {
            let known = out.iter().any(|known| known.party.name == named.party.name);
            if !known && out.len() < 50 {
                out.push(named);
            }
        }
    }
    out
}

/// Matches the forms of the rendered top document to those of the received markup: same id, name,
/// action and fields, in order. Forms that scripts added get numbers after the last.
fn markup_order(dom: &Dom, markup: &Dom) -> HashMap<NodeId, u32> {
    let received = forms_with_signature(markup);
    let mut left: Vec<(NodeId, String)> = forms_with_signature(dom);
    let mut taken = vec![false; received.len()];
    let mut order = HashMap::new();
    // Scripts change fields: what the whole signature does not settle, id, name and action do.
    let head = |signature: &str| signature.split('\u{1f}').next().unwrap_or("").to_string();
    let ways: [&dyn Fn(&str) -> String; 2] = [&|whole| whole.to_string(), &head];
    for way in ways {
        let mut free: HashMap<String, VecDeque<usize>> = HashMap::new();
        for (at, (_, signature)) in received.iter().enumerate().filter(|(at, _)| !taken[*at]) {
            free.entry(way(signature)).or_default().push_back(at);
        }
        left.retain(|(id, signature)| {
            let found = free.get_mut(&way(signature)).and_then(VecDeque::pop_front);
            if let Some(at) = found {
                taken[at] = true;
                order.insert(*id, at as u32);
            }
            found.is_none()
        });
    }
    for (added, (id, _)) in left.iter().enumerate() {
        order.insert(*id, (received.len() + added) as u32);
    }
    order
}

fn forms_with_signature(dom: &Dom) -> Vec<(NodeId, String)> {
    dom.named(&["form"])
        .filter(|&id| dom.node(id).document == 0)
        .map(|id| {
            let node = dom.node(id);
            let of = |name| node.attribute(name).unwrap_or_default();
            let fields: Vec<&str> = dom
                .descendants(id)
                .filter(|&at| matches!(dom.node(at).name(), "input" | "select" | "textarea"))
                .filter_map(|at| dom.node(at).attribute("name"))
                .take(200)
                .collect();
            let signature = format!(
                "{}|{}|{}\u{1f}{}",
                of("id"),
                of("name"),
                of("action"),
                fields.join(",")
            );
            (id, signature)
        })
        .collect()
}

/// Whether the words of an address alone call for a collection form, in any language.
pub fn address_calls(url: &url::Url, lexicons: &Lexicons) -> bool {
    let path: String = url.path().chars().take(200).collect();
    let words = attributes::words(&path);
    lexicons.iter().any(|lexicon| {
        let reading = lexicon.read(&words);
        reading.has(crate::lexicon::Sense::LinkCollection)
    })
}
