//! Who the persons are, which of them a site gets, and what of them is looked for.

use super::*;
use crate::leaks::Field;

#[test]
fn each_country_has_a_person_that_nobody_is() {
    let all = identities();
    let known: Vec<&str> = all.countries().collect();
    assert_eq!(
        known,
        [
            "AT", "BE", "CA", "CH", "DE", "ES", "FR", "GB", "IE", "IT", "LU", "NL", "US"
        ]
    );
    let mut values = std::collections::BTreeSet::new();
    for country in known {
        let person = all.of(country).unwrap();
        assert_eq!(person.code, country);
        assert_eq!(person.birth_date.year(), 1984, "{country}");
        assert!(
            person.address.contains(&person.street)
                && person.address.contains(&person.house_number)
        );
        assert!(person.message[0].len() > person.message[1].len());
        for number in [&person.mobile, &person.landline] {
            assert!(number.source.len() > 40, "{country}");
            assert!(values.insert(number.e164()), "{country}");
        }
        for value in [&person.last_name, &person.first_name, &person.email] {
            assert!(values.insert(value.clone()), "{value}");
        }
        assert!(!all.passwords.is_empty());
    }
}

#[test]
fn numbers_are_of_the_ranges_that_regulators_reserve() {
    let reserved = [
        ("FR", "+3363998", "+3319900"),
        ("GB", "+447700900", "+442079460"),
        ("DE", "+49176040690", "+493023125"),
        ("US", "+15185550", "+15185550"),
        ("CA", "+16135550", "+16135550"),
        ("IE", "+353", "+3532091"),
    ];
    let all = identities();
    for (country, mobile, landline) in reserved {
        let person = all.of(country).unwrap();
        assert!(person.mobile.e164().starts_with(mobile), "{country}");
        assert!(person.landline.e164().starts_with(landline), "{country}");
    }
}

#[test]
fn postcodes_have_their_country_s_shape() {
    let shapes = [
        ("FR", r"37\d{3}"),
        ("BE", r"\d{4}"),
        ("CH", r"\d{4}"),
        ("LU", r"\d{4}"),
        ("DE", r"\d{5}"),
        ("AT", r"\d{4}"),
        ("ES", r"50\d{3}"),
        ("IT", r"\d{5}"),
        ("NL", r"\d{4} [A-Z]{2}"),
        ("GB", r"YO\d \d[ABD-HJLNP-UW-Z]{2}"),
        ("IE", r"[A-Z]\d\d [AC-FHKNPRTV-Y\d]{4}"),
        ("US", r"\d{5}"),
        ("CA", r"[A-Z]\d[A-Z] \d[A-Z]\d"),
    ];
    let all = identities();
    for (country, shape) in shapes {
        let shape = regex::Regex::new(&format!("^{shape}$")).unwrap();
        assert!(
            shape.is_match(&all.of(country).unwrap().postcode),
            "{country}"
        );
    }
}

#[test]
fn what_is_wrong_with_a_file_is_told_where_it_stands() {
    let file = include_str!("../../../rules/identity.toml");
    let wrong = |from: &str, to: &str| {
        let changed = file.replacen(from, to, 1);
        assert_ne!(changed, file, "{from}");
        let error = Identities::parse(&changed).unwrap_err();
        (
            changed[error.at..].chars().take(20).collect::<String>(),
            error.problem,
        )
    };
    let (at, problem) = wrong("format = 1", "format = 2");
    assert!(
        at.starts_with('2') && problem.contains("format 1"),
        "{at} {problem}"
    );
    let (at, problem) = wrong("income = 32000", "incomes = 32000");
    assert!(
        at.starts_with("incomes") && problem.contains("unknown field"),
        "{at} {problem}"
    );
    let (at, problem) = wrong("mirabelle.nocturne4726@example.org", "somebody@gmail.com");
    assert!(
        at.starts_with("\"somebody") && problem.contains("may belong"),
        "{at} {problem}"
    );
    let (at, problem) = wrong("\"Ysaline\"", "\"Anne\"");
    assert!(
        at.starts_with("\"Anne\"") && problem.contains("too short"),
        "{at} {problem}"
    );
    let (at, problem) = wrong("1984-03-17", "2012-03-17");
    assert!(
        at.starts_with("\"2012") && problem.contains("child"),
        "{at} {problem}"
    );
    let (_, problem) = wrong("+33 6 39 98 47 26", "+33 6 39 98 47 27");
    assert!(problem.contains("another number"), "{problem}");
    let (at, problem) = wrong("default = \"GB\"", "default = \"ZZ\"");
    assert!(
        at.starts_with("\"ZZ\"") && problem.contains("no person"),
        "{at} {problem}"
    );
    assert!(Identities::parse("").is_err());
}

#[test]
fn the_country_is_told_by_host_then_language_then_locale() {
    let all = identities();
    let cases = [
        ("www.devis.fr", None, "en-US", "FR"),
        ("quotes.co.uk", Some("fr"), "fr-FR", "GB"),
        ("a.be.", Some("nl"), "", "BE"),
        ("a.us", None, "", "US"),
        ("a.com", Some("fr"), "en-GB", "FR"),
        ("a.com", Some("fr-BE"), "fr-FR", "BE"),
        ("a.com", Some("fr"), "fr-CH", "CH"),
        ("a.com", Some("de"), "fr-FR", "DE"),
        ("a.com", Some("en"), "fr-FR", "GB"),
        ("a.com", Some("en"), "en-US", "US"),
        ("a.com", Some("en-US"), "fr-FR", "US"),
        ("a.com", Some("lb"), "en-GB", "LU"),
        ("a.com", Some("en_UK"), "", "GB"),
        ("a.com", None, "nl_NL.UTF-8", "NL"),
        ("a.com", Some("pl"), "it-IT", "IT"),
        ("a.com", Some("pl"), "pl-PL", "GB"),
        ("", None, "", "GB"),
        ("127.0.0.1", Some("es"), "C", "ES"),
    ];
    for (host, lang, locale, country) in cases {
        assert_eq!(
            all.country_for(host, lang, locale),
            country,
            "{host} {lang:?} {locale}"
        );
    }
}

#[test]
fn identifying_values_are_found_and_the_others_are_not() {
    let all = identities();
    for country in all.countries() {
        let person = all.of(country).unwrap();
        let needles = person.needles();
        for (field, value) in person.identifying() {
            let hits = needles.find(value.as_bytes());
            assert!(
                hits.iter().any(|hit| hit.field == field),
                "{country} {value}"
            );
        }
        for value in [
            &person.postcode,
            &person.city,
            &person.company,
            &person.job,
            &person.message[0],
        ] {
            assert_eq!(needles.find(value.as_bytes()), [], "{country} {value}");
        }
        let email = needles.find(person.email.as_bytes());
        assert!(
            email.iter().all(|hit| hit.field == Field::Email),
            "{country} {email:?}"
        );
        // Nor does another country's person.
        let other = all.of(if country == "GB" { "FR" } else { "GB" }).unwrap();
        let said = format!(
            "{} {} {}",
            other.email, other.mobile.national, other.last_name
        );
        assert_eq!(needles.find(said.as_bytes()), [], "{country}");
    }
}

#[test]
fn whatever_is_typed_is_looked_for() {
    let all = identities();
    let categories = [
        (Category::Email, Field::Email),
        (Category::Phone, Field::Phone),
        (Category::Name, Field::FullName),
        (Category::FirstName, Field::FirstName),
        (Category::LastName, Field::LastName),
        (Category::PostalAddress, Field::Street),
        (Category::BirthDate, Field::BirthDate),
    ];
    for country in all.countries() {
        let person = all.of(country).unwrap();
        let needles = person.needles();
        for (category, field) in categories {
            for kind in ["text", "date"] {
                for answer in all.answers(person, &Prompt::of(category, kind), TODAY) {
                    let Answer::Type(text) = answer else {
                        panic!("{answer:?}")
                    };
                    let hits = needles.find(text.as_bytes());
                    let wanted = kind == "text" || category == Category::BirthDate;
                    let found = hits.iter().any(|hit| hit.field == field);
                    assert!(found || !wanted, "{country} {category:?} {text}");
                }
            }
        }
    }
}
