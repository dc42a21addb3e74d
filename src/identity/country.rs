//! Which country's person a site gets.

use super::Identities;

impl Identities {
    /// The country that a site asks for: by the end of its host's name; else by the language of the form
    /// and its region (`fr-BE`), the visitor's own region where the language is spoken there, or the
    /// country that the language says; else by the visitor's region.
    ///
    /// `lang` and `locale` are BCP 47 tags; `en` alone is Great Britain, whoever knows of America passes
    /// `en-US`.
    pub fn country_for(&self, host: &str, lang: Option<&str>, locale: &str) -> &str {
        let by_host = || {
            let end = host
                .trim_end_matches('.')
                .rsplit('.')
                .next()?
                .to_ascii_lowercase();
            self.first(|person| person.domains.contains(&end))
        };
        let (_, home) = tag(locale);
        let home = home
            .and_then(|region| self.persons.get_key_value(&region))
            .map(|(known, _)| known.as_str());
        let by_language = || {
            let (language, region) = tag(lang?);
            let speaks = |country: &str| {
                self.of(country)
                    .is_some_and(|person| person.speaks.contains(&language))
            };
            let regional = region.and_then(|region| self.persons.get_key_value(&region));
            regional
                .map(|(known, _)| known.as_str())
                .or_else(|| home.filter(|country| speaks(country)))
                .or_else(|| self.first(|person| person.default_for.contains(&language)))
        };
        by_host()
            .or_else(by_language)
            .or(home)
            .unwrap_or(&self.default)
    }

    fn first(&self, fits: impl Fn(&super::Person) -> bool) -> Option<&str> {
        let found = self.persons.iter().find(|(_, person)| fits(person));
        found.map(|(country, _)| country.as_str())
    }
}

/// Language and region of a tag: `fr-Latn-BE` and `fr_BE.UTF-8` are `fr` and `BE`.
fn tag(tag: &str) -> (String, Option<String>) {
    let plain = tag.split(['.', '@']).next().unwrap_or_default();
    let mut parts = plain.split(['-', '_']).map(str::trim);
    let language = parts.next().unwrap_or_default().to_ascii_lowercase();
    let is_region = |part: &&str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_alphabetic());
    let region = parts.find(is_region).map(str::to_ascii_uppercase);
    // The United Kingdom is GB in ISO 3166-1; people write UK.
    let region = region.map(|region| {
        if region == "UK" {
            "GB".to_string()
        } else {
            region
        }
    });
    (language, region)
}
