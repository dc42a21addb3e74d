//! A lexicon file and a text to read with it, in one input: the first line ends the file.
#![no_main]

use consentry::lexicon::Lexicons;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str)| {
    let (file, text) = input;
    if let Ok(lexicons) = Lexicons::load([("own.toml", file)]) {
        for lexicon in lexicons.iter() {
            lexicon.read(text);
            lexicon.explain(text);
        }
    }
});
