//! The lexicons' own sample sentences, and what one language has that another lacks.

use consentry::lexicon::{Lexicons, SENSES};

fn lexicons() -> Lexicons {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/lexicon");
    let files: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    Lexicons::load(files.iter().map(|(n, t)| (n.as_str(), t.as_str()))).unwrap()
}

#[test]
fn samples_mean_what_they_say() {
    for lexicon in lexicons().iter() {
        assert!(lexicon.samples.len() >= 6, "{}", lexicon.language);
        let wrong = lexicon.wrong_samples();
        assert!(wrong.is_empty(), "{}: {wrong:#?}", lexicon.language);
    }
}

#[test]
fn every_language_has_every_sense() {
    for lexicon in lexicons().iter() {
        let covered = lexicon.covers();
        let missing: Vec<String> = SENSES
            .iter()
            .filter(|(sense, _, _)| !covered.contains(sense))
            .map(|(sense, _, _)| sense.path())
            .collect();
        assert!(missing.is_empty(), "{}: {missing:?}", lexicon.language);
    }
}
