//! A site's robots.txt.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    consentry::crawl::robots_allow(bytes, "https://www.devis-clair.example/devis");
});
