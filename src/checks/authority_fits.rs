//! Asks whether the supervisory authority that the form or its privacy notice names is that of the
//! controller's country: the country of its legal form or number, else those where the form's language is
//! spoken. One of several is enough; words such as "the supervisory authority" name none.
//!
//! `authorities` gives their names by country, `languages` the countries by language. Which authority leads
//! for a group of companies it cannot know.

use std::collections::BTreeMap;

use crate::finding::Measure;
use crate::lexicon::{Word, plain_words};
use crate::model::{Passage, Where};

use super::{Answer, Check, Observed, Parameters, Part, Subject, SubjectKind};

const PLACES: [Where; 2] = [Where::Form, Where::PrivacyNotice];

pub static CHECK: Check = Check {
    id: "authority-fits",
    subjects: &[SubjectKind::Form],
    values: &["problem", "authority_named", "country"],
    build: |parameters| {
        let wanted = Wanted::new(parameters)?;
        parameters.asking(move |subject: &Subject| ask(subject, &wanted))
    },
};

struct Wanted {
    /// All of it as one text.
    question: String,
    /// Country, the name as written, its words.
    authorities: Vec<(String, String, Vec<String>)>,
    languages: BTreeMap<String, Vec<String>>,
}

type Names = BTreeMap<String, Vec<String>>;

impl Wanted {
    fn new(parameters: &Parameters) -> Result<Wanted, String> {
        parameters.only(&["authorities", "languages"])?;
        let lists = |key: &str| -> Result<Names, String> {
            let given = parameters.table.get(key).cloned();
            let given = given.ok_or_else(|| format!("`{key}` must be given"))?;
            given.try_into().map_err(|_| {
                format!("`{key}` must give a list for each name: {{ fr = [\"CNIL\"] }}")
            })
        };
        let authorities = lists("authorities")?
            .into_iter()
            .flat_map(|(country, names)| {
                let named = move |name: String| (country.clone(), name.clone(), plain_words(&name));
                names.into_iter().map(named)
            });
        Ok(Wanted {
            question: parameters.question("authority-fits"),
            authorities: authorities.collect(),
            languages: lists("languages")?,
        })
    }

    /// The authorities that a text names, each with its line, once for a whole page.
    fn named<'a>(&self, subject: &Subject<'a>, part: Part<'a>) -> Vec<(&'a Passage, &str, &str)> {
        let found = subject.of(part, &self.question, |lines| -> Vec<(usize, usize)> {
            let all = self.authorities.iter().enumerate();
            all.filter_map(|(number, (.., words))| {
                let at = lines
                    .iter()
                    .position(|line| holds(&line.reading.words, words))?;
                Some((at, number))
            })
            .collect()
        });
        let known = found.iter().filter_map(|&(at, number)| {
            let (country, name, _) = self.authorities.get(number)?;
            Some((subject.line(part, at)?, country.as_str(), name.as_str()))
        });
        known.collect()
    }
}

fn ask(subject: &Subject, wanted: &Wanted) -> Answer {
    let countries = countries(subject, wanted);
    let mut other = None;
    for place in PLACES {
        for part in subject.text(place).read {
            for (line, country, name) in wanted.named(subject, part) {
                if countries.iter().any(|known| known == country) {
                    return Answer::Yes(Observed::default());
                }
                other.get_or_insert((line, name));
            }
        }
    }
    let Some((line, name)) = other.filter(|_| !countries.is_empty()) else {
        return Answer::Yes(Observed::default());
    };
    Answer::No(
        Observed::default()
            .with("problem", Measure::Word("wrong_authority"))
            .with("authority_named", Measure::Text(name.to_string()))
            .with(
                "country",
                Measure::Text(countries.join(", ").to_uppercase()),
            )
            .seeing(subject.see_passage(line)),
    )
}

/// Where the controller sits, as far as its name or else the language tells; empty where neither does.
fn countries(subject: &Subject, wanted: &Wanted) -> Vec<String> {
    let own = subject.form.controllers.iter().chain(&subject.page.parties);
    let notices = subject.text(Where::PrivacyNotice).read;
    let theirs = notices.iter().flat_map(|notice| &notice.page.parties);
    let mut named = own
        .chain(theirs)
        .filter_map(|named| named.party.country.as_ref());
    if let Some(country) = named.find(|country| *country != "eu") {
        return vec![country.clone()];
    }
    let language = subject.form.language.as_deref().unwrap_or_default();
    wanted.languages.get(language).cloned().unwrap_or_default()
}

/// Whether words stand one after the other in a text.
fn holds(text: &[Word], words: &[String]) -> bool {
    let same = |window: &[Word]| {
        window
            .iter()
            .zip(words)
            .all(|(word, wanted)| *word.plain == **wanted)
    };
    !words.is_empty() && text.windows(words.len()).any(same)
}
