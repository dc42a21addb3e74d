//! What recipient lists list, wherever the list stands: the entries of a page, blocks within the form's
//! page, and where a list goes on.

use consentry::artifact::{Moment, PageRole, parse_markup};
use consentry::extract::{CapturedPage, MomentDom, page};
use consentry::lexicon::Lexicons;
use consentry::model::{EntryKind, LinkRole, PageModel};
use consentry::pipeline::load_rules;
use consentry::ruleset::Ruleset;
use std::sync::OnceLock;

fn ruleset() -> &'static Ruleset {
    static RULESET: OnceLock<Ruleset> = OnceLock::new();
    RULESET.get_or_init(|| load_rules().unwrap())
}

/// The lexicons, each with the sectors that these tests speak of.
fn lexicons() -> &'static Lexicons {
    static LEXICONS: OnceLock<Lexicons> = OnceLock::new();
    LEXICONS.get_or_init(|| {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/lexicon");
        let texts: Vec<(String, String)> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                let mut text = std::fs::read_to_string(&path).unwrap();
                if !text.contains("[sector]") {
                    text.push_str(
                        "\n[sector]\ninsurance = [\"assurance\", \"mutuelle* santé\", \
                         \"versicherung*\"]\nenergy = [\"énergie\"]\ntelecom = [\"téléphonie\"]\n",
                    );
                }
                (name, text)
            })
            .collect();
        Lexicons::load(texts.iter().map(|(n, t)| (n.as_str(), t.as_str()))).unwrap()
    })
}

fn read(role: PageRole, url: &str, html: &str) -> PageModel {
    let captured = CapturedPage {
        id: "p1".into(),
        target: "t1".into(),
        url: url.into(),
        final_url: url.into(),
        http_status: Some(200),
        role,
        rendered: false,
        moments: vec![MomentDom::new(
            Moment::Markup,
            "c",
            1,
            parse_markup(html, url),
        )],
        visits: Vec::new(),
        gaps: Vec::new(),
        pixels: None,
    };
    page(captured, lexicons(), &ruleset().entities)
}

/// A recipient list, with all that stands around one.
fn list(body: &str) -> PageModel {
    let html = format!(
        "<html lang=fr><title>Liste des partenaires – Comparatoit</title>\
         <header><nav><ul><li>Accueil</li><li>Devis Isolation</li></ul></nav></header>\
         <h1>Liste des partenaires</h1>{body}\
         <div class='cookie-banner cookie'><ul><li>Traceur Exemple SAS</li></ul></div>\
         <footer><ul><li>Comparatoit SAS</li></ul></footer></html>"
    );
    read(
        PageRole::RecipientList,
        "https://comparatoit.example/partenaires",
        &html,
    )
}

fn names(page: &PageModel, kind: EntryKind) -> Vec<&str> {
    let entries = page.entries.iter().filter(|entry| entry.kind == kind);
    entries.map(|entry| entry.name.as_str()).collect()
}

fn companies(page: &PageModel) -> Vec<&str> {
    names(page, EntryKind::Company)
}

fn categories(page: &PageModel) -> Vec<&str> {
    names(page, EntryKind::Category)
}

#[test]
fn rows_of_tables() {
    let page = list(
        "<table><thead><tr><th>Métier</th><th>Société</th><th>RCS</th></tr></thead>\
         <tr><td>Combles</td><td>Isol’Ouest SARL</td><td>Nantes 000 000 026</td></tr>\
         <tr><td>Toitures</td><td>Toits du Val</td><td>Tours 000 000 059</td></tr>\
         <tr><td>Assurance</td><td><a href='https://www.solvia.example/fr'>Solvia</a></td><td></td></tr></table>",
    );
    assert_eq!(companies(&page), ["Isol’Ouest", "Toits du Val", "Solvia"]);
    assert!(categories(&page).is_empty());
    let entries = &page.entries;
    assert_eq!(entries[0].legal_form.as_deref(), Some("SARL"));
    assert_eq!(entries[0].registration.as_deref(), Some("000 000 026"));
    assert_eq!(entries[1].registration.as_deref(), Some("000 000 059"));
    assert_eq!(
        entries[2].link.as_deref(),
        Some("https://www.solvia.example/fr")
    );
    assert!(
        entries[0].place.locator.contains("tr"),
        "{}",
        entries[0].place.locator
    );
}

#[test]
fn items_of_lists() {
    let page = list(
        "<ul><li>1. Murs Exemple SARL, 1 rue des Exemples, Lyon</li>\
         <li>ALZA Assurances</li><li>Solvia – mutuelle d’entreprise</li><li>devisclair.example</li>\
         <li>Assurance</li><li>Énergie</li><li>Téléphonie</li><li>Mutuelles santé</li>\
         <li>Rénovation de l’habitat</li>\
         <li><a href='/confidentialite'>Politique de confidentialité</a></li><li>12</li></ul>\
         <dl><dt>Chaleur du Val</dt><dd>Pompes à chaleur</dd></dl>",
    );
    assert_eq!(
        companies(&page),
        [
            "Murs Exemple",
            "ALZA Assurances",
            "Solvia",
            "devisclair.example",
            "Chaleur du Val"
        ]
    );
    assert_eq!(
        categories(&page),
        [
            "Assurance",
            "Énergie",
            "Téléphonie",
            "Mutuelles santé",
            "Rénovation de l’habitat"
        ]
    );
}

#[test]
fn cards_and_logos() {
    let page = list(
        "<div><img src=/i/solvia.png alt='Logo Solvia'><a href='https://alza.example/'><img alt='ALZA'></a>\
         <img src=/famille.jpg alt='Famille heureuse'></div>\
         <div class=card><h3>Toits du Val SAS</h3><p>1 rue des Exemples, 37000 Tours, France</p></div>\
         <div class=card><h3>Nos engagements</h3><p>Tous sont certifiés.</p></div>\
         <ul><li><h3>Murs Exemple SARL</h3><p>Isolation par l’extérieur</p></li></ul>",
    );
    let mut found = companies(&page);
    found.sort_unstable();
    assert_eq!(found, ["ALZA", "Murs Exemple", "Solvia", "Toits du Val"]);
    assert!(categories(&page).is_empty(), "{:?}", page.entries);
}

#[test]
fn paragraphs() {
    let page = list(
        "<p>Solaris Devis SAS transmet vos données aux artisans suivants.</p>\
         <p>Dernière mise à jour : 3 mars 2026</p>\
         <p>Toits du Val SAS, RCS Tours 000 000 059, 1 rue des Exemples</p>\
         <p>Atelier du Plancher SARL Angers 000 000 042 Planchers bas</p>\
         <p>Vous disposez d’un droit d’accès, de rectification et d’effacement.</p>\
         <p>Solvia</p><p>ALZA</p><p>Devisclair</p>\
         <p>Nos partenaires : Murs Exemple SARL, Isol’Ouest et Chaleur du Val.</p>",
    );
    assert_eq!(
        companies(&page),
        [
            "Toits du Val",
            "Atelier du Plancher",
            "Solvia",
            "ALZA",
            "Devisclair",
            "Murs Exemple",
            "Isol’Ouest et Chaleur du Val"
        ]
    );
    assert!(categories(&page).is_empty(), "{:?}", page.entries);
}

#[test]
fn a_page_that_is_no_list_lists_nothing() {
    let page = list(
        "<p>La liste est disponible sur demande à dpo@comparatoit.example.</p><p>Contactez-nous</p>",
    );
    assert!(page.entries.is_empty(), "{:?}", page.entries);
}

#[test]
fn endless_lists_are_cut() {
    let items: String = (0..9_000).map(|n| format!("<li>Toits {n} SAS")).collect();
    assert_eq!(list(&format!("<ul>{items}</ul>")).entries.len(), 5_000);
    let all: String = (0..9_000).map(|n| format!("Toits{n} SAS, ")).collect();
    assert!(
        list(&format!("<p>Nos partenaires : {all}</p>"))
            .entries
            .len()
            <= 5_000
    );
}

/// A form whose consent line opens the list by `opener`; `rest` stands after the form.
fn form(opener: &str, rest: &str) -> PageModel {
    let html = format!(
        "<html lang=fr><form><input type=email name=email><label><input type=checkbox name=part> \
         J’accepte de recevoir les offres des partenaires ({opener}).</label>\
         <button>J’accepte et je reçois les offres des partenaires</button></form>{rest}"
    );
    read(
        PageRole::Collection,
        "https://comparatoit.example/devis",
        &html,
    )
}

const LIST: &str = "<ul><li>Toits du Val SAS</li><li>Murs Exemple SARL</li><li>Assurance</li></ul>";

#[test]
fn lists_within_the_page() {
    let link = "<a href='#partenaires'>liste des partenaires</a>";
    let cases = [
        ("anchor", link, format!("<div id=partenaires>{LIST}</div>")),
        (
            "old anchor",
            link,
            format!("<section><a name=partenaires></a><p>Voici</p>{LIST}</section>"),
        ),
        (
            "heading",
            link,
            format!(
                "<h2 id=partenaires>Partenaires</h2>{LIST}<h2>Presse</h2><ul><li>Le Journal SA</li></ul>"
            ),
        ),
        (
            "link to this page",
            "<a href='/devis#partenaires'>liste des partenaires</a>",
            format!("<div id=partenaires>{LIST}</div>"),
        ),
        (
            "dialog",
            "<a href='#' data-bs-target='#m1'>liste des partenaires</a>",
            format!("<div class='modal' id=m1 style='display:none'>{LIST}</div>"),
        ),
        (
            "button",
            "<button type=button aria-controls=m1>liste des partenaires</button>",
            format!("<dialog id=m1>{LIST}</dialog>"),
        ),
        (
            "link without address",
            "<a data-open=m1>liste des partenaires</a>",
            format!("<div id=m1 hidden>{LIST}</div>"),
        ),
        (
            "scripts alone",
            "<a href='javascript:void(0)'>liste des partenaires</a>",
            format!("<div class=popin-content><h3>Nos partenaires</h3>{LIST}</div>"),
        ),
        (
            "details",
            "<details><summary>Liste des partenaires</summary><ul><li>Toits du Val SAS</li><li>Murs Exemple SARL</li><li>Assurance</li></ul></details>",
            String::new(),
        ),
    ];
    for (name, opener, rest) in cases {
        let page = form(opener, &rest);
        assert_eq!(companies(&page), ["Toits du Val", "Murs Exemple"], "{name}");
        assert_eq!(categories(&page), ["Assurance"], "{name}");
        let list = page.forms[0].recipient_list.as_ref();
        assert!(list.is_some(), "{name}: the form links to the list");
    }
}

#[test]
fn what_opens_no_list_is_no_link_to_one() {
    for (opener, rest) in [
        ("<button type=button>liste des partenaires</button>", ""),
        (
            "<button type=button aria-controls=m1>liste des partenaires</button>",
            "<div id=m1><p>Bientôt disponible.</p></div>",
        ),
    ] {
        let page = form(opener, rest);
        assert!(page.entries.is_empty());
        assert!(page.forms[0].recipient_list.is_none(), "{opener}");
    }
    // A menu of another dialog is not the list.
    let menu = "<div class=modal><h3>Choisissez</h3><ul><li>Toits du Val SAS</li></ul></div>";
    let page = form("<a href='#'>liste des partenaires</a>", menu);
    assert!(page.entries.is_empty());
    // The button that sends the form opens nothing.
    let dialog = format!("<div class=modal><h3>Nos partenaires</h3>{LIST}</div>");
    assert!(
        form("sur demande", &dialog).forms[0]
            .recipient_list
            .is_none()
    );
}

#[test]
fn the_next_page_of_a_list() {
    let next = |at: &str, body: &str| {
        let html = format!("<html lang=fr>{body}");
        let page = read(PageRole::RecipientList, at, &html);
        let mut links = page.links.into_iter();
        let next = links.find(|link| link.roles.contains(&LinkRole::Next));
        next.map(|link| link.url.replace("https://a.example", ""))
    };
    let first = "https://a.example/liste";
    let found = |url: &str| Some(url.to_string());
    assert_eq!(
        next(first, "<a rel=next href='?page=2'>→</a>"),
        found("/liste?page=2")
    );
    assert_eq!(
        next(first, "<link rel=next href='/liste/2'><p>x"),
        found("/liste/2")
    );
    assert_eq!(
        next(first, "<a href='/liste?p=2'>Page suivante</a>"),
        found("/liste?p=2")
    );
    assert_eq!(
        next(first, "<a href='/liste?o=20' aria-label='Next'>»</a>"),
        found("/liste?o=20")
    );
    let pager = "<a href='?page=1'>1</a><a href='?page=2'>2</a><a href='?page=3'>3</a>";
    assert_eq!(next(first, pager), found("/liste?page=2"));
    assert_eq!(
        next("https://a.example/liste?page=2", pager),
        found("/liste?page=3")
    );
    assert_eq!(next("https://a.example/liste?page=3", pager), None);
    assert_eq!(
        next(
            "https://a.example/liste/page/2",
            "<a href='/liste/page/3'>3</a>"
        ),
        found("/liste/page/3")
    );
    assert_eq!(
        next(
            first,
            "<a href='#2'>Suivant</a><a href='https://b.example/'>Suivant</a>"
        ),
        None
    );
    assert_eq!(next(first, "<a href='/2'>2</a>"), None);
    // Other pages go on to nothing.
    let page = read(
        PageRole::PrivacyNotice,
        first,
        "<a rel=next href='?page=2'>→</a>",
    );
    assert!(
        page.links
            .iter()
            .all(|link| !link.roles.contains(&LinkRole::Next))
    );
}
