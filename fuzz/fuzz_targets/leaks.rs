//! What a page wants to send: searched for the test identity's values without a panic, and within bounds.
#![no_main]

use std::sync::LazyLock;

use consentry::leaks::Needles;
use consentry::pipeline::load_rules;
use libfuzzer_sys::fuzz_target;

static NEEDLES: LazyLock<Needles> = LazyLock::new(|| {
    let rules = load_rules().expect("the built-in rules");
    rules.identities.of("FR").expect("a person for France").needles()
});

fuzz_target!(|input: (&str, &str, &[u8])| {
    let (url, kind, body) = input;
    let headers = [("content-type".to_string(), kind.to_string())];
    NEEDLES.in_request(url, &headers, body);
    let steps = NEEDLES.search(body).steps;
    assert!(steps < 2_000 * body.len() as u64 + (1 << 28));
});
