//! A linked PDF file, read in this process: the scanner reads it in one of its own, with limits.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = consentry::capture::pdf::read(bytes.to_vec());
});
