//! The sample sentences of a lexicon, held against what it reads in them.

use super::{Lexicon, Sample, Sense};

/// A sample that does not mean what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongSample<'a> {
    pub text: &'a str,
    /// Senses that it should have and has not, or that there are none of.
    pub lacks: Vec<&'a str>,
    /// Senses that it must not have and has.
    pub has: Vec<&'a str>,
}

impl Lexicon {
    /// The samples that are read otherwise than they say.
    pub fn wrong_samples(&self) -> Vec<WrongSample<'_>> {
        let wrong = self.samples.iter().map(|sample| self.compare(sample));
        wrong
            .filter(|sample| !(sample.lacks.is_empty() && sample.has.is_empty()))
            .collect()
    }

    fn compare<'a>(&self, sample: &'a Sample) -> WrongSample<'a> {
        let reading = self.read(&sample.text);
        let sense = |path: &str| {
            let (table, key) = path.split_once('.')?;
            Sense::named(table, key)
        };
        let has = |path: &&str| sense(path).is_some_and(|sense| reading.has(sense));
        let paths = |paths: &'a [String]| paths.iter().map(String::as_str);
        WrongSample {
            text: &sample.text,
            lacks: paths(&sample.means).filter(|path| !has(path)).collect(),
            has: paths(&sample.not).filter(|path| has(path)).collect(),
        }
    }
}
