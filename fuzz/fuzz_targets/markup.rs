//! Received markup: decoded, parsed, read and judged by every rule without a panic.
#![no_main]

use std::sync::LazyLock;

use consentry::artifact::{Moment, PageRole, PageStatus, decode_html, parse_markup};
use consentry::checks::PageView;
use consentry::evaluate::{JudgedPage, Options, evaluate};
use consentry::extract::{self, CapturedPage, MomentDom};
use consentry::model::Request;
use consentry::pipeline::load_rules;
use consentry::ruleset::Ruleset;
use libfuzzer_sys::fuzz_target;

static RULES: LazyLock<Ruleset> = LazyLock::new(|| load_rules().expect("the built-in rules"));
const URL: &str = "https://www.devis-clair.example/";

fuzz_target!(|bytes: &[u8]| {
    let html = decode_html(bytes, None);
    let captured = CapturedPage {
        id: "p1".into(),
        target: "t1".into(),
        url: URL.into(),
        final_url: URL.into(),
        http_status: Some(200),
        role: PageRole::Collection,
        rendered: false,
        moments: vec![MomentDom::new(Moment::Markup, "c", 1, parse_markup(&html, URL))],
        visits: Vec::new(),
        gaps: Vec::new(),
        pixels: None,
    };
    let model = extract::page(captured, &RULES.lexicons, &RULES.entities);
    let view = PageView { status: PageStatus::Examined, http_status: Some(200), model: Some(&model) };
    let page = JudgedPage { url: URL, final_url: None, view };
    let options = Options {
        jurisdictions: RULES.packs.keys().cloned().collect(),
        request: Request { as_of: "2026-11-01".into(), ..Request::default() },
        law: Default::default(),
        language: "en".into(),
        only: Default::default(),
        disabled: Default::default(),
    };
    evaluate(&[page], &RULES, &options);
});
