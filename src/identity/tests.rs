//! What the persons are, whose turn it is, and what they answer.

use time::macros::date;

use super::*;
use crate::leaks::Field;

fn identities() -> Identities {
    Identities::parse(include_str!("../../rules/identity.toml")).unwrap_or_else(|e| panic!("{e}"))
}

const TODAY: Date = date!(2026 - 10 - 05);

/// What the person of a country answers first.
fn answer(country: &str, prompt: &Prompt) -> Option<Answer> {
    let all = identities();
    all.answer(all.of(country).unwrap(), prompt, TODAY)
}

fn typed(country: &str, prompt: &Prompt) -> String {
    match answer(country, prompt) {
        Some(Answer::Type(text)) => text,
        other => panic!("{other:?} for {prompt:?}"),
    }
}

/// A field of text.
fn field(category: Category) -> Prompt {
    Prompt::of(category, "text")
}

fn with_pattern(category: Category, pattern: &str) -> Prompt {
    Prompt {
        pattern: Some(pattern.to_string()),
        ..field(category)
    }
}

/// A select or a radio group, each option with a value of its own.
fn offering(category: Category, kind: &str, labels: &[&str]) -> Prompt {
    let option = |(at, label): (usize, &&str)| Choice {
        label: label.to_string(),
        value: if label.is_empty() || label.ends_with('…') {
            String::new()
        } else {
            format!("v{at}")
        },
        disabled: false,
    };
    Prompt {
        options: labels.iter().enumerate().map(option).collect(),
        ..Prompt::of(category, kind)
    }
}

fn chosen(country: &str, prompt: &Prompt) -> String {
    match answer(country, prompt) {
        Some(Answer::Choose(at)) => prompt.options[at].label.clone(),
        other => panic!("{other:?} for {prompt:?}"),
    }
}

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
    let file = include_str!("../../rules/identity.toml");
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

#[test]
fn text_fields_get_the_value_they_ask_for() {
    let cases = [
        (Category::Email, "mirabelle.nocturne4726@example.org"),
        (Category::Phone, "0639984726"),
        (Category::Name, "Ysaline Bréchandier"),
        (Category::FirstName, "Ysaline"),
        (Category::LastName, "Bréchandier"),
        (Category::Title, "Madame"),
        (Category::PostalAddress, "117 rue des Grives-Dormantes"),
        (Category::Postcode, "37000"),
        (Category::City, "Tours"),
        (Category::BirthDate, "17/03/1984"),
        (Category::Age, "42"),
        (Category::Job, "Employée"),
        (Category::Income, "32000"),
        (Category::Other, "Essai"),
    ];
    for (category, text) in cases {
        assert_eq!(typed("FR", &field(category)), text, "{category:?}");
    }
    assert!(typed("DE", &Prompt::of(Category::FreeText, "textarea")).contains("Test"));
    assert_eq!(typed("US", &field(Category::BirthDate)), "01/28/1984");
    assert_eq!(typed("DE", &field(Category::BirthDate)), "21.05.1984");
}

#[test]
fn patterns_and_lengths_choose_the_spelling() {
    let cases = [
        (Category::Phone, r"0[67](\s?\d{2}){4}", "0639984726"),
        (Category::Phone, r"0[1-5]\d{8}", "0199004726"),
        (
            Category::Phone,
            r"\d{2} \d{2} \d{2} \d{2} \d{2}",
            "06 39 98 47 26",
        ),
        (Category::Phone, r"\+33\d{9}", "+33639984726"),
        (Category::Phone, r"[1-9]\d{8}", "639984726"),
        (Category::Phone, r"^(\d\d\.){4}\d\d$", "06.39.98.47.26"),
        (Category::LastName, "[A-Za-z]+", "Brechandier"),
        (Category::LastName, "[A-Z ]+", "BRECHANDIER"),
        (Category::BirthDate, r"\d{4}-\d{2}-\d{2}", "1984-03-17"),
        (Category::BirthDate, r"\d{8}", "17031984"),
        (
            Category::PostalAddress,
            "[A-Za-z0-9 ]*",
            "117 rue des Grives Dormantes",
        ),
        (Category::Other, "[0-9]{5}", "50000"),
        // What JavaScript alone understands decides nothing.
        (Category::Phone, r"(?=.*\d)\d{10}", "0639984726"),
    ];
    for (category, pattern, text) in cases {
        assert_eq!(
            typed("FR", &with_pattern(category, pattern)),
            text,
            "{pattern}"
        );
    }
    assert_eq!(
        answer("FR", &with_pattern(Category::Email, "[a-z]+@corp\\.fr")),
        None
    );
    let short = |category, most| Prompt {
        maxlength: Some(most),
        ..field(category)
    };
    assert_eq!(typed("NL", &short(Category::Postcode, 6)), "3511XZ");
    assert_eq!(typed("FR", &short(Category::Phone, 9)), "639984726");
    assert_eq!(
        typed("GB", &short(Category::FreeText, 30)),
        "Test, please disregard."
    );
    assert_eq!(typed("GB", &short(Category::FreeText, 3)), "Thi");
    assert_eq!(answer("FR", &short(Category::Email, 5)), None);
}

#[test]
fn labels_and_placeholders_choose_too() {
    let labelled = |category, label: &str| Prompt {
        label: label.to_string(),
        ..field(category)
    };
    assert_eq!(
        typed("FR", &labelled(Category::Phone, "Téléphone fixe")),
        "0199004726"
    );
    assert_eq!(
        typed("FR", &labelled(Category::Phone, "Fixe ou portable")),
        "0639984726"
    );
    assert_eq!(
        typed("DE", &labelled(Category::PostalAddress, "Hausnummer")),
        "117"
    );
    assert_eq!(
        answer(
            "FR",
            &labelled(Category::PostalAddress, "Complément d'adresse")
        ),
        Some(Answer::Leave)
    );
    assert_eq!(
        typed("US", &labelled(Category::PostalAddress, "State")),
        "New York"
    );
    assert_eq!(typed("FR", &labelled(Category::Other, "Pays")), "France");
    let shown = |placeholder: &str| Prompt {
        placeholder: placeholder.to_string(),
        ..field(Category::BirthDate)
    };
    assert_eq!(typed("FR", &shown("JJ-MM-AAAA")), "17-03-1984");
    assert_eq!(typed("FR", &shown("YYYY/MM/DD")), "1984/03/17");
    assert_eq!(typed("DE", &shown("TT/MM/JJJJ")), "21/05/1984");
    let abroad = Prompt {
        placeholder: "+33 6 12 34 56 78".into(),
        ..field(Category::Phone)
    };
    assert_eq!(typed("FR", &abroad), "+33639984726");
    let token = |token: &str| Prompt {
        autocomplete: token.to_string(),
        ..field(Category::Other)
    };
    assert_eq!(typed("FR", &token("billing country")), "FR");
    assert_eq!(typed("FR", &token("tel-country-code")), "+33");
    assert_eq!(typed("FR", &token("bday-year")), "1984");
    assert_eq!(answer("FR", &token("address-line2")), Some(Answer::Leave));
}

#[test]
fn dates_and_numbers_stay_in_range_and_step() {
    let limited = |category, kind: &str, min: &str, max: &str, step: &str| {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_string());
        Prompt {
            min: given(min),
            max: given(max),
            step: given(step),
            ..Prompt::of(category, kind)
        }
    };
    let cases = [
        (
            limited(Category::BirthDate, "date", "", "2008-10-05", ""),
            "1984-03-17",
        ),
        (limited(Category::BirthDate, "month", "", "", ""), "1984-03"),
        (limited(Category::Other, "date", "", "", ""), "2026-11-04"),
        (
            limited(Category::Other, "date", "2027-01-01", "", ""),
            "2027-01-01",
        ),
        (
            limited(Category::Other, "date", "2026-10-06", "", "7"),
            "2026-10-06",
        ),
        (
            limited(Category::Other, "date", "", "2026-10-31", ""),
            "2026-10-31",
        ),
        (limited(Category::Other, "week", "", "", ""), "2026-W45"),
        (
            limited(Category::Other, "time", "14:00", "18:00", ""),
            "14:00",
        ),
        (
            limited(Category::Other, "datetime-local", "", "", ""),
            "2026-11-04T10:00",
        ),
        (limited(Category::Other, "number", "", "", ""), "20"),
        (limited(Category::Other, "number", "1", "5", ""), "3"),
        (
            limited(Category::Other, "number", "1000", "2000", "100"),
            "1000",
        ),
        (limited(Category::Other, "range", "0", "1", "0.1"), "1"),
        (limited(Category::Age, "number", "18", "75", ""), "42"),
        (limited(Category::Age, "number", "50", "75", ""), "50"),
        (
            limited(Category::Income, "number", "0", "", "1000"),
            "32000",
        ),
        (limited(Category::Postcode, "number", "", "", ""), "37000"),
        (limited(Category::BirthDate, "number", "1", "31", ""), "17"),
        (
            limited(Category::BirthDate, "number", "1900", "2010", ""),
            "1984",
        ),
    ];
    for (prompt, text) in cases {
        assert_eq!(typed("FR", &prompt), text, "{prompt:?}");
    }
    let nothing = [
        limited(Category::BirthDate, "date", "1990-01-01", "", ""),
        limited(Category::Other, "number", "9", "1", ""),
        limited(Category::Other, "date", "2030-01-01", "2029-01-01", ""),
    ];
    for prompt in nothing {
        assert_eq!(answer("FR", &prompt), None, "{prompt:?}");
    }
}

#[test]
fn the_fitting_option_is_chosen() {
    let years: Vec<String> = (1930..2009).rev().map(|year| year.to_string()).collect();
    let mut years: Vec<&str> = years.iter().map(String::as_str).collect();
    years.insert(0, "Année…");
    let days: Vec<String> = (1..=31).map(|day| format!("{day:02}")).collect();
    let days: Vec<&str> = days.iter().map(String::as_str).collect();
    let cases = [
        (
            offering(Category::Title, "radio", &["M.", "Mme", "Autre"]),
            "Mme",
        ),
        (
            offering(
                Category::Title,
                "select",
                &["Civilité…", "Monsieur", "Madame"],
            ),
            "Madame",
        ),
        (
            offering(Category::Gender, "radio", &["Homme", "Femme"]),
            "Femme",
        ),
        (
            offering(
                Category::Age,
                "select",
                &["Moins de 25 ans", "25-34", "35 à 44 ans", "65 ans et plus"],
            ),
            "35 à 44 ans",
        ),
        (
            offering(Category::Age, "select", &["18-25", "Plus de 25 ans"]),
            "Plus de 25 ans",
        ),
        (
            offering(Category::Other, "select", &["Pays…", "Belgique", "France"]),
            "France",
        ),
        (offering(Category::BirthDate, "select", &years), "1984"),
        (offering(Category::BirthDate, "select", &days), "17"),
        (
            offering(Category::Phone, "select", &["+32", "France (+33)"]),
            "France (+33)",
        ),
        (
            offering(
                Category::Other,
                "select",
                &["Choisissez", "Maison", "Appartement"],
            ),
            "Maison",
        ),
        (
            offering(Category::Other, "select", &["--", "", "Oui", "Non"]),
            "Oui",
        ),
        (
            offering(Category::Other, "radio", &["Propriétaire", "Locataire"]),
            "Propriétaire",
        ),
    ];
    for (prompt, label) in cases {
        assert_eq!(chosen("FR", &prompt), label, "{prompt:?}");
    }
    let months = |labels: &[&str]| {
        let prompt = offering(Category::BirthDate, "select", labels);
        Prompt {
            label: "Geburtsmonat / Monat".into(),
            ..prompt
        }
    };
    assert_eq!(
        chosen("DE", &months(&["Monat…", "April", "Mai", "Juni"])),
        "Mai"
    );
    assert_eq!(chosen("DE", &months(&["Apr.", "05", "06"])), "05");
    let mut off = offering(Category::Other, "select", &["A", "B"]);
    off.options[0].disabled = true;
    assert_eq!(chosen("FR", &off), "B");
    off.options[1].disabled = true;
    assert_eq!(answer("FR", &off), Some(Answer::Leave));
}

#[test]
fn some_fields_are_left_and_some_nobody_can_answer() {
    for kind in ["hidden", "checkbox", "file", "submit", "search"] {
        assert_eq!(
            answer("FR", &Prompt::of(Category::Other, kind)),
            Some(Answer::Leave),
            "{kind}"
        );
    }
    let secret = [
        ("g-recaptcha-response", ""),
        ("otp_code", ""),
        ("x", "Code de vérification reçu par SMS"),
        ("f", "IBAN"),
    ];
    for (name, label) in secret {
        let prompt = Prompt {
            name: name.into(),
            label: label.into(),
            ..field(Category::Other)
        };
        assert_eq!(answer("FR", &prompt), None, "{name} {label}");
    }
    let one_time = Prompt {
        autocomplete: "one-time-code".into(),
        ..field(Category::Other)
    };
    assert_eq!(answer("FR", &one_time), None);
    let password = Prompt::of(Category::Other, "password");
    let again = Prompt {
        label: "Confirmez".into(),
        ..password.clone()
    };
    assert_eq!(typed("FR", &password), typed("FR", &again));
    let plain = Prompt {
        pattern: Some("[A-Za-z0-9]{8,}".into()),
        ..password
    };
    assert_eq!(typed("FR", &plain), "BrumeLanterne7294");
    let confirm = Prompt {
        label: "Confirmez votre e-mail".into(),
        ..Prompt::of(Category::Email, "email")
    };
    assert_eq!(typed("FR", &confirm), "mirabelle.nocturne4726@example.org");
}

#[test]
fn hostile_limits_and_patterns_are_survived() {
    let patterns = [
        "((((a{1000}){1000}){1000}){1000})",
        "(",
        ")",
        "a)|(b",
        "[",
        "\\",
        "(?<x>",
        "*",
        &"(".repeat(5000),
    ];
    for pattern in patterns {
        answer("FR", &with_pattern(Category::FirstName, pattern));
    }
    assert_eq!(
        typed("FR", &with_pattern(Category::FirstName, ")|(")),
        "Ysaline"
    );
    for text in [
        "1e308",
        "-1e308",
        "NaN",
        "inf",
        "",
        "0x10",
        "9".repeat(400).as_str(),
        "\u{0}",
    ] {
        for kind in ["number", "range", "date", "month", "week", "time", "text"] {
            let given = Some(text.to_string());
            let prompt = Prompt {
                min: given.clone(),
                max: given.clone(),
                step: given,
                ..Prompt::of(Category::Age, kind)
            };
            answer("FR", &prompt);
        }
    }
    let none = Prompt {
        minlength: Some(usize::MAX),
        maxlength: Some(0),
        ..field(Category::FreeText)
    };
    assert_eq!(answer("FR", &none), None);
    assert_eq!(
        answer("FR", &Prompt::of(Category::Other, "select")),
        Some(Answer::Leave)
    );
}
