//! Answers within ranges, and among those that are offered.

use super::*;

/// A field with limits, each where it is not empty.
fn limited(category: Category, kind: &str, min: &str, max: &str, step: &str) -> Prompt {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_string());
    Prompt {
        min: given(min),
        max: given(max),
        step: given(step),
        ..Prompt::of(category, kind)
    }
}

#[test]
fn dates_and_numbers_stay_in_range_and_step() {
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
        (limited(Category::Other, "range", "0", "1", "0.1"), "0.6"),
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
}

#[test]
fn where_nothing_is_in_range_nothing_is_typed() {
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
}

#[test]
fn ages_fall_into_ranges() {
    let ages = ["Moins de 25 ans", "25-34", "35 à 44 ans", "65 ans et plus"];
    assert_eq!(
        chosen("FR", &offering(Category::Age, "select", &ages)),
        "35 à 44 ans"
    );
    let two = ["18-25", "Plus de 25 ans"];
    assert_eq!(
        chosen("FR", &offering(Category::Age, "radio", &two)),
        "Plus de 25 ans"
    );
    let years = ["40", "41", "42"];
    assert_eq!(
        chosen("FR", &offering(Category::Age, "select", &years)),
        "42"
    );
}

#[test]
fn months_are_known_by_name_and_number() {
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
}

#[test]
fn options_that_cannot_be_chosen_are_passed_over() {
    let mut off = offering(Category::Other, "select", &["A", "B"]);
    off.options[0].disabled = true;
    assert_eq!(chosen("FR", &off), "B");
    off.options[1].disabled = true;
    assert_eq!(answer("FR", &off), Some(Answer::Leave));
}
