//! A stored snapshot that somebody else made: parsed, read and judged without a panic.
#![no_main]

use std::sync::LazyLock;

use consentry::artifact::{Moment, PageRole, parse_snapshot};
use consentry::extract::{self, CapturedPage, MomentDom};
use consentry::pipeline::load_rules;
use consentry::ruleset::Ruleset;
use libfuzzer_sys::fuzz_target;

static RULES: LazyLock<Ruleset> = LazyLock::new(|| load_rules().expect("the built-in rules"));

fuzz_target!(|bytes: &[u8]| {
    let Ok(dom) = parse_snapshot(bytes) else { return };
    let captured = CapturedPage {
        id: "p1".into(),
        target: "t1".into(),
        url: "https://www.devis-clair.example/".into(),
        final_url: "https://www.devis-clair.example/".into(),
        http_status: Some(200),
        role: PageRole::Collection,
        rendered: true,
        moments: vec![MomentDom::new(Moment::Settled, "c", 1, dom)],
        visits: Vec::new(),
        gaps: Vec::new(),
        pixels: None,
    };
    extract::page(captured, &RULES.lexicons, &RULES.entities);
});
