//! Foreign input never breaks the reading of it: markup, snapshots, addresses and words of any kind.

use consentry::artifact::{Moment, PageRole, decode_html, parse_markup, parse_snapshot};
use consentry::extract::{CapturedPage, MomentDom, page};
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
