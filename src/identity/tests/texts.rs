//! What is typed into fields of text, and what into none.

use super::*;

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
