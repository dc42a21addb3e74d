//! Capture to model: what a person would read and meet on a page, as typed facts with a place each.
//!
//! Pure: it gets documents and lexicons, and returns values. It must not know rules or law, and it
//! never fails: what cannot be read becomes a gap of the model.
#![deny(clippy::disallowed_methods)]

mod attributes;
mod choices;
mod colours;
mod controls;
mod entries;
mod faces;
mod fields;
mod forms;
mod kinds;
mod labels;
mod later;
mod layers;
mod links;
mod lists;
mod moments;
mod names;
mod paging;
mod paint;
mod palette;
mod parties;
mod prominence;
mod prompts;
mod refusals;
mod regions;
mod roles;
mod sight;
mod stated;
mod text;
mod voice;

use std::collections::{HashMap, HashSet, VecDeque};
use std::rc::Rc;

use crate::artifact::{
    Dom, Gap, Moment, NodeId, PDF_TEXT, PageRole, Pixels, Told, VisitKind, VisitRecord,
};
use crate::lexicon::{Entities, Lexicons, detect_language};
use crate::model::{FormKind, FormModel, Named, PageModel, Passage, Place, Seen, Where};

use entries::ListReader;
use forms::PageReading;
use labels::LabelIndex;
use moments::{Names, OtherMoment};
use sight::PageSight;
use voice::Voice;

pub use text::text_of;

/// The document of a page at one moment, at hand or still to be read.
pub struct MomentDom<'a> {
    pub moment: Moment,
    pub capture: String,
    /// Node ids compare within one visit only.
    pub visit: u32,
    pub step: u32,
    pub dom: Source<'a>,
}

/// Where a document comes from. Large pages at many moments would fill the memory, so that each is read
/// when its turn comes.
pub enum Source<'a> {
    Here(Dom),
    Read(Box<dyn Fn() -> Result<Dom, Told> + 'a>),
}

impl<'a> MomentDom<'a> {
    /// A document at hand.
    pub fn new(moment: Moment, capture: &str, visit: u32, dom: Dom) -> Self {
        MomentDom {
            moment,
            capture: capture.to_string(),
            visit,
            step: 1,
            dom: Source::Here(dom),
        }
    }

    /// The document, bound to its capture.
    fn open(self) -> Result<Dom, Gap> {
        let read = match self.dom {
            Source::Here(dom) => Ok(dom),
            Source::Read(read) => read(),
        };
        let what = || Told::of("document-at").with("moment", self.moment.as_str());
        let mut dom = read.map_err(|why| Gap::new(what(), why))?;
        dom.capture = self.capture.as_str().into();
        Ok(dom)
    }
}

/// A page as it was captured: what its record says, and its documents in the order they were taken.
pub struct CapturedPage<'a> {
    pub id: String,
    pub target: String,
    pub url: String,
    pub final_url: String,
    pub http_status: Option<u16>,
    pub role: PageRole,
    pub rendered: bool,
    pub moments: Vec<MomentDom<'a>>,
    /// What was done in each opening; empty where nothing was.
    pub visits: Vec<VisitRecord>,
    pub gaps: Vec<Gap>,
    /// The stored pictures, for colours that no style tells.
    pub pixels: Option<Rc<dyn Pixels>>,
}

/// Forms beyond this many on one page are not read; the gap says so.
const MOST_FORMS: usize = 2_000;

/// Reads a page: each opening of it, put together.
pub fn page(mut captured: CapturedPage, lexicons: &Lexicons, entities: &Entities) -> PageModel {
    let moments = std::mem::take(&mut captured.moments);
    let visits = std::mem::take(&mut captured.visits);
    let reader = PageReader {
        captured: &captured,
        lexicons,
        entities,
    };
    let mut groups: Vec<(VisitRecord, Vec<MomentDom>)> = Vec::new();
    for moment in moments {
        match groups
            .iter_mut()
            .find(|(visit, _)| visit.visit == moment.visit)
        {
            Some((_, group)) => group.push(moment),
            None => {
                let known = visits.iter().find(|visit| visit.visit == moment.visit);
                let unknown = || VisitRecord {
                    visit: moment.visit,
                    // Before visits were recorded, a second one pictured the page at load.
                    kind: if groups.is_empty() {
                        VisitKind::Look
                    } else {
                        VisitKind::Picture
                    },
                    ..VisitRecord::default()
                };
                let visit = known.cloned().unwrap_or_else(unknown);
                groups.push((visit, vec![moment]));
            }
        }
    }
    faces::put_together(&reader, groups)
}

/// Reads one document by itself, as it stands before a visitor.
pub fn glance(dom: &Dom, url: &str, lexicons: &Lexicons, entities: &Entities) -> PageModel {
    let captured = CapturedPage {
        id: String::new(),
        target: String::new(),
        url: url.to_string(),
        final_url: url.to_string(),
        http_status: None,
        role: PageRole::Collection,
        rendered: true,
        moments: Vec::new(),
        visits: Vec::new(),
        gaps: Vec::new(),
        pixels: None,
    };
    let reader = PageReader {
        captured: &captured,
        lexicons,
        entities,
    };
    reader.document(dom, Moment::Settled, &[], None)
}

/// What all openings of one page share.
struct PageReader<'a> {
    captured: &'a CapturedPage<'a>,
    lexicons: &'a Lexicons,
    entities: &'a Entities,
}

impl PageReader<'_> {
    /// The page before anything is read.
    fn blank(&self) -> PageModel {
        let captured = self.captured;
        PageModel {
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
            visit: VisitRecord::default(),
            faces: Vec::new(),
            gaps: captured.gaps.clone(),
        }
    }

    /// Reads one document, with the states that its controls had at other moments.
    fn document(
        &self,
        dom: &Dom,
        moment: Moment,
        others: &[OtherMoment],
        markup: Option<&MarkupForms>,
    ) -> PageModel {
        let captured = self.captured;
        let (lexicons, entities) = (self.lexicons, self.entities);
        let mut model = self.blank();
        let capture = dom.capture.to_string();
        model.capture = capture.clone();
        let top = dom.documents.first();
        let whole = top.map_or_else(String::new, |document| text::text_of(dom, document.root));
        model.language = detect_language(&whole, declared_language(dom));
        model.title = top
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
        let sight = PageSight::new(dom, captured.pixels.as_deref());
        let reading = PageReading {
            dom,
            capture: &capture,
            moment,
            regions: &regions,
            labels: &LabelIndex::new(dom),
            links: &links,
            layers: &layers::find(dom),
            sight: sight.as_ref(),
            lexicons,
            entities,
            language: model.language.as_deref(),
            brands: &brands,
            others,
            names: &Names::new(dom),
            markup_order: &markup.map_or_else(HashMap::new, |markup| markup.order(dom)),
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
        let unread = frames_not_read(dom, captured.rendered);
        model.unread_frames = unread.len();
        model.gaps.extend(unread);
        model.complete = moment >= Moment::Settled
            || (!captured.rendered && model.unread_frames == 0 && !has_scripts(dom));
        model.understood = voice.own().is_some();
        model.passages = page_passages(dom, &capture, &voice);
        model.parties = page_parties(&model.passages, &brands, &voice, entities);
        model.links = links.into_iter().map(|found| found.link).collect();
        model
    }

    /// Reads one piece of a document as if it were a form.
    fn region(&self, dom: &Dom, moment: Moment, region: &regions::Region) -> FormModel {
        let top = dom.documents.first();
        let whole = top.map_or_else(String::new, |document| text::text_of(dom, document.root));
        let language = detect_language(&whole, declared_language(dom));
        let voice = Voice::new(self.lexicons, language.as_deref());
        let reading = PageReading {
            dom,
            capture: &dom.capture,
            moment,
            regions: &regions::find(dom),
            labels: &LabelIndex::new(dom),
            links: &links::find(dom, &voice),
            layers: &[],
            sight: None,
            lexicons: self.lexicons,
            entities: self.entities,
            language: language.as_deref(),
            brands: &parties::brands(dom, &voice),
            others: &[],
            names: &Names::new(dom),
            markup_order: &HashMap::new(),
        };
        forms::read(&reading, region)
    }
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
            look: None,
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

/// The forms of the received markup, by their signatures in order.
struct MarkupForms(Vec<String>);

impl MarkupForms {
    fn new(markup: &Dom) -> Self {
        let forms = forms_with_signature(markup).into_iter();
        MarkupForms(forms.map(|(_, signature)| signature).collect())
    }

    /// Matches the forms of the rendered top document to those of the received markup: same id, name,
    /// action and fields, in order. Forms that scripts added get numbers after the last.
    fn order(&self, dom: &Dom) -> HashMap<NodeId, u32> {
        let received = &self.0;
        let mut left: Vec<(NodeId, String)> = forms_with_signature(dom);
        let mut taken = vec![false; received.len()];
        let mut order = HashMap::new();
        // Scripts change fields: what the whole signature does not settle, id, name and action do.
        let head = |signature: &str| signature.split('\u{1f}').next().unwrap_or("").to_string();
        let ways: [&dyn Fn(&str) -> String; 2] = [&|whole| whole.to_string(), &head];
        for way in ways {
            let mut free: HashMap<String, VecDeque<usize>> = HashMap::new();
            for (at, signature) in received.iter().enumerate().filter(|(at, _)| !taken[*at]) {
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
