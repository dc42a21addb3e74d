//! Judging grows in proportion to what it reads: lines, links and entries that are looked at, counted on
//! pages of more and more forms, notices of more and more lines, lists of more and more companies.

use std::sync::OnceLock;

use consentry::artifact::{Moment, PageRole, PageStatus, parse_markup};
use consentry::checks::PageView;
use consentry::evaluate::{JudgedPage, Options, evaluate_counting};
use consentry::extract::{CapturedPage, MomentDom, page};
use consentry::model::{Buyer, PageModel, Request};
use consentry::pipeline::load_rules;
use consentry::ruleset::Ruleset;
use proptest::prelude::*;

fn ruleset() -> &'static Ruleset {
    static RULESET: OnceLock<Ruleset> = OnceLock::new();
    RULESET.get_or_init(|| load_rules().unwrap())
}

const SITE: &str = "https://www.devis-clair.example";

fn read(id: &str, path: &str, role: PageRole, html: &str) -> PageModel {
    let url = format!("{SITE}{path}");
    let captured = CapturedPage {
        id: id.into(),
        target: "t1".into(),
        url: url.clone(),
        final_url: url.clone(),
        http_status: Some(200),
        role,
        rendered: true,
        moments: vec![MomentDom::new(
            Moment::Settled,
            id,
            1,
            parse_markup(html, &url),
        )],
        visits: Vec::new(),
        gaps: Vec::new(),
        pixels: None,
    };
    page(captured, &ruleset().lexicons, &ruleset().entities)
}

/// How much there is of each thing.
#[derive(Debug, Clone, Copy)]
struct Size {
    forms: usize,
    lines: usize,
    entries: usize,
}

/// What each form is made of, besides its fields.
const PARTS: [&str; 8] = [
    "<p>Les données sont collectées par Clairdevis SAS, RCS Lyon 732 829 320.</p>",
    "<label><input type=checkbox name=o> J'accepte de recevoir par e-mail les offres des partenaires</label>",
    "<p>Voir la <a href=/confidentialite>politique de confidentialité</a>.</p>",
    "<p>Mes données vont aux sociétés de la <a href=/partenaires>liste des partenaires</a>.</p>",
    "<label>Téléphone <input type=tel name=tel></label>",
    "<h2>Votre devis d'assurance auto</h2>",
    "<label><input type=checkbox name=r required> J'accepte le <a href=/reglement>règlement</a></label>",
    "<p>En cliquant sur Envoyer, j'accepte de recevoir les offres des partenaires.</p>",
];

/// Lines and links that were looked at, and findings.
fn judged(parts: &[usize], size: Size) -> (u64, usize) {
    let form: String = parts.iter().map(|&part| PARTS[part]).collect();
    let form = format!(
        "<form method=post action=/m><label>E-mail <input type=email name=email></label>{form}<button>Envoyer</button></form>"
    );
    let footer = "<footer><a href=/confidentialite>Confidentialité</a> <a href=/mentions>Mentions légales</a></footer>";
    let html = format!(
        "<html lang=fr><title>x</title>{}{footer}",
        form.repeat(size.forms)
    );
    let line = "<p>Vos données sont conservées trois ans et traitées par Clairdevis SAS, 12 rue des Essais, 69001 Lyon.</p>";
    let notice = format!(
        "<html lang=fr><h1>Politique</h1>{}",
        line.repeat(size.lines)
    );
    let entries: String = (0..size.entries)
        .map(|n| format!("<li>Partenaire Exemple {n} SAS</li>"))
        .collect();
    let list = format!("<html lang=fr><h1>Liste des partenaires</h1><ul>{entries}</ul>");
    let pages = [
        ("p1", "/", PageRole::Collection, html),
        (
            "p2",
            "/confidentialite",
            PageRole::PrivacyNotice,
            notice.clone(),
        ),
        ("p3", "/mentions", PageRole::LegalNotice, notice.clone()),
        ("p4", "/reglement", PageRole::Terms, notice),
        ("p5", "/partenaires", PageRole::RecipientList, list),
    ];
    let models =
        pages.map(|(id, path, role, html)| (format!("{SITE}{path}"), read(id, path, role, &html)));
    let judged: Vec<JudgedPage> = models
        .iter()
        .map(|(url, model)| JudgedPage {
            url,
            final_url: None,
            view: PageView {
                status: PageStatus::Examined,
                http_status: Some(200),
                model: Some(model),
            },
        })
        .collect();
    let options = Options {
        jurisdictions: ruleset().packs.keys().cloned().collect(),
        request: Request {
            as_of: "2026-11-01".into(),
            buyers: vec![Buyer::parse("Solaria Énergie SAS")],
            ..Request::default()
        },
        law: Default::default(),
        language: "fr".into(),
        only: Default::default(),
        disabled: Default::default(),
    };
    let (findings, steps) = evaluate_counting(&judged, ruleset(), &options);
    (steps, findings.len())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(6) })]

    /// Twice the forms, or lines, or entries: no more than twice the steps. Looking at each page anew for
    /// each form would be four times.
    #[test]
    fn twice_as_much_takes_twice_the_steps(
        parts in proptest::sample::subsequence((0..PARTS.len()).collect::<Vec<_>>(), 1..=PARTS.len()),
        forms in 4usize..12,
    ) {
        let size = Size { forms, lines: 12, entries: 12 };
        let (steps, findings) = judged(&parts, size);
        prop_assert!(findings > 0 && steps > 0);
        let grown = [
            Size { forms: 2 * size.forms, ..size },
            Size { lines: 2 * size.lines, ..size },
            Size { entries: 2 * size.entries, ..size },
            Size { forms: 2 * size.forms, lines: 2 * size.lines, entries: 2 * size.entries },
        ];
        for size in grown {
            let (more, _) = judged(&parts, size);
            prop_assert!(more <= 2 * steps + 200, "{size:?}: {steps} -> {more}");
        }
    }
}

/// The steps of many forms are those of few, times their number.
#[test]
fn a_thousand_forms_take_their_share() {
    let all: Vec<usize> = (0..PARTS.len()).collect();
    let size = |forms| Size {
        forms,
        lines: 20,
        entries: 20,
    };
    let (few, _) = judged(&all, size(10));
    let (many, findings) = judged(&all, size(200));
    assert!(findings > 200 * 40);
    assert!(many <= 20 * few, "10 forms: {few}, 200 forms: {many}");
}
