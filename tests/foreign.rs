//! Foreign input never breaks the reading of it: markup, snapshots, addresses and words of any kind.

use consentry::artifact::{Moment, PageRole, decode_html, parse_markup, parse_snapshot};
use consentry::extract::{CapturedPage, MomentDom, page};
use consentry::lexicon::Likeness;
use consentry::pipeline::load_rules;
use consentry::ruleset::Ruleset;
use consentry::target::parse_url;
use proptest::prelude::*;
use std::sync::OnceLock;

fn ruleset() -> &'static Ruleset {
    static RULESET: OnceLock<Ruleset> = OnceLock::new();
    RULESET.get_or_init(|| load_rules().unwrap())
}

/// How many cases: few in every run, many with `make soak`.
fn cases(few: u32) -> ProptestConfig {
    let more = std::env::var("SOAK")
        .ok()
        .and_then(|n| n.parse::<u32>().ok())
        .unwrap_or(1);
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(few * more)
    }
}

fn read(html: &str) -> usize {
    read_as(html, PageRole::RecipientList);
    read_as(html, PageRole::Collection)
}

fn read_as(html: &str, role: PageRole) -> usize {
    let captured = CapturedPage {
        id: "p1".into(),
        target: "t1".into(),
        url: "https://a.example/".into(),
        final_url: "https://a.example/".into(),
        http_status: Some(200),
        role,
        rendered: false,
        moments: vec![MomentDom {
            moment: Moment::Markup,
            capture: "c".into(),
            visit: 1,
            dom: parse_markup(html, "https://a.example/"),
        }],
        gaps: Vec::new(),
    };
    page(&captured, &ruleset().lexicons, &ruleset().entities)
        .forms
        .len()
}

/// Markup as pages have it, in any order and nesting.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<form>".to_string()),
        Just("</form>".to_string()),
        Just("<label for=a>J'accepte de recevoir les offres des partenaires".to_string()),
        Just("</label>".to_string()),
        Just("<input type=checkbox id=a checked>".to_string()),
        Just("<input type=email name=email>".to_string()),
        Just("<select><option selected>Oui<option>Non</select>".to_string()),
        Just("<table><tr><td>".to_string()),
        Just("<ul><li>Toits du Val SAS, RCS Tours 000 000 059".to_string()),
        Just("<a href='#m' rel=next>liste des partenaires</a><dialog id=m>".to_string()),
        Just("<iframe srcdoc='<form><input>'></iframe>".to_string()),
        Just("<button>Je valide</button>".to_string()),
        Just("<template><input></template>".to_string()),
        "\\PC{0,12}".prop_map(|text| text),
        "[a-z]{1,6}".prop_map(|tag| format!("<{tag} form='' role=switch aria-checked=true>")),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// Pieces that registration numbers are made of.
fn number_like() -> impl Strategy<Value = String> {
    let label = prop_oneof![
        Just("SIREN "),
        Just("RCS Paris "),
        Just("company number "),
        Just("FR"),
        Just("HRB "),
        Just("Amtsgericht Köln "),
        Just("CHE-"),
        Just("P. IVA "),
        Just("CIF B-"),
        Just("BE 0"),
        Just(" SAS, "),
    ];
    prop_oneof![
        label.prop_map(str::to_string),
        "[0-9]{1,14}",
        "[ .,;:]{1,3}"
    ]
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn any_markup_is_read(html in soup()) {
        read(&html);
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,400}") {
        for lexicon in ruleset().lexicons.iter() {
            let reading = lexicon.read(&text);
            for word in &reading.words {
                prop_assert!(text.get(word.start..word.end).is_some());
            }
        }
    }

    #[test]
    fn any_text_is_searched_for_numbers_and_names(text in "\\PC{0,300}", labels in prop::collection::vec(number_like(), 0..12)) {
        let entities = &ruleset().entities;
        for text in [text, labels.concat()] {
            let mut last = 0;
            for number in entities.numbers(&text) {
                prop_assert_eq!(text.get(number.start..number.end), Some(&*number.written));
                prop_assert!(number.start >= last, "one within another");
                last = number.end;
            }
            entities.names_number(&text, "123456782");
            entities.names_company(&text, "Exemple Banque SAS");
            entities.names_company("Exemple Banque SAS", &text);
        }
    }

    #[test]
    fn any_name_is_like_itself_and_likeness_goes_both_ways(one in "\\PC{0,40}", other in "\\PC{0,40}") {
        let entities = &ruleset().entities;
        prop_assert_eq!(entities.same_company(&one, &one), Likeness::Same);
        prop_assert_eq!(entities.same_company(&one, &other), entities.same_company(&other, &one));
    }

    #[test]
    fn dress_makes_no_other_company(words in prop::collection::vec("[A-Z][a-z]{5,9}", 1..4), form in 0usize..6) {
        let entities = &ruleset().entities;
        let name = words.join(" ");
        let plain = name.clone();
        let accented = name.replace('e', "é").replace('A', "À").replace('o', "ô");
        let form = ["SAS", "S.A.R.L.", "GmbH & Co. KG", "Ltd", "S.r.l.", "B.V."][form];
        let dressed = [
            name.to_uppercase(),
            name.to_lowercase(),
            accented,
            words.join("-"),
            words.concat(),
            format!("{name} {form}"),
            format!("{name}, {form}"),
            format!("{} {form}", name.to_uppercase()),
            format!("SARL {name}"),
            format!("Groupe {name}"),
        ];
        for other in dressed {
            prop_assert_eq!(entities.same_company(&plain, &other), Likeness::Same, "{} | {}", plain, other);
            if !other.starts_with("Groupe") {
                prop_assert_eq!(entities.names_company(&other, &plain), Likeness::Same, "{} | {}", other, plain);
            }
        }
        let longer = format!("{name} Banque {form}");
        prop_assert_eq!(entities.same_company(&plain, &longer), Likeness::Near);
        prop_assert_eq!(entities.names_company(&longer, &plain), Likeness::Near);
        let listed = format!("Alpha SA, {name} {form} et Omega SAS");
        prop_assert_eq!(entities.names_company(&listed, &plain), Likeness::Same);
    }

    #[test]
    fn any_bytes_are_decoded(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = decode_html(&bytes, Some("text/html; charset=x-unknown"));
    }

    #[test]
    fn any_snapshot_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), at in 0usize..100_000, with in any::<u8>()) {
        let _ = parse_snapshot(&bytes);
        // One byte of a real one changed.
        let mut real = include_bytes!("data/snapshot.json").to_vec();
        let place = at % real.len();
        real[place] = with;
        let _ = parse_snapshot(&real);
    }

    #[test]
    fn an_address_that_is_accepted_is_a_web_address(text in "\\PC{0,60}") {
        if let Ok(url) = parse_url(&text) {
            prop_assert!(matches!(url.scheme(), "http" | "https"));
            prop_assert!(url.has_host() && url.username().is_empty() && url.password().is_none());
        }
    }
}

#[test]
fn deep_and_wide_markup_is_bounded() {
    let abyss = format!(
        "<form><input type=email></form>{}",
        "<div>".repeat(1_000_000)
    );
    assert_eq!(read(&abyss), 1);
    let compares = format!(
        "<script>{}</script><form><input type=email></form>",
        "if(i<n)".repeat(10_000)
    );
    assert_eq!(read(&compares), 1);
    let loose = format!(
        "<button>x</button>{}<form></form>",
        "<input>".repeat(20_000)
    );
    read(&loose);
    let brands: String = (0..5_000)
        .map(|n| format!("<img alt='logo x{n}'><p>I agree to offers."))
        .collect();
    read(&brands);
    let deep = format!(
        "{}<form><input type=email>{}",
        "<div>".repeat(20_000),
        "</div>".repeat(20_000)
    );
    read(&deep);
    let wide = format!(
        "<form>{}</form>",
        "<label><input type=checkbox name=x>J'accepte</label>".repeat(5_000)
    );
    assert_eq!(read(&wide), 1);
}

#[test]
fn searching_names_and_numbers_is_bounded() {
    let entities = &ruleset().entities;
    for piece in [
        "SIREN ",
        "a ",
        "Exemple ",
        "company no ",
        "123 ",
        "S.A. ",
        "exemple et ",
        "(((",
    ] {
        let text = piece.repeat(100_000 / piece.len());
        entities.numbers(&text);
        entities.names_company(&text, "Exemple Exemple Banque");
        entities.names_company("Exemple", &text);
        entities.names_number(&text, "123123123");
    }
}
