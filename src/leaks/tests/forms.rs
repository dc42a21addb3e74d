//! Every form of every value.

use super::*;

#[test]
fn each_value_is_found_as_people_and_programs_write_it() {
    let written = [
        (Field::FirstName, "Ysaline|YSALINE|  ysaline "),
        (
            Field::LastName,
            "Bréchandier|BRÉCHANDIER|Brechandier|bre\u{301}chandier",
        ),
        (
            Field::FullName,
            "Ysaline Bréchandier|ysaline_brechandier|YSALINEBRECHANDIER",
        ),
        (
            Field::Email,
            "mirabelle.nocturne4726@example.org|Mirabelle.NOCTURNE4726@Example.ORG",
        ),
        (
            Field::Phone,
            "06 39 98 47 26|0639984726|06.39.98.47.26|639984726",
        ),
        (Field::Phone, "+33639984726|+33 639984726|0033639984726"),
        (
            Field::Street,
            "117 rue des Grives-Dormantes|117, RUE DES GRIVES DORMANTES",
        ),
        (Field::Street, "117ruedesgrivesdormantes"),
        (
            Field::BirthDate,
            "1984-03-17|17/03/1984|03/17/1984|17.3.1984|19840317",
        ),
        (Field::BirthDate, "1984-03-16T23:00:00.000Z"),
    ];
    for (field, spellings) in written {
        for text in spellings.split('|') {
            let written = format!("a=1&b={text}&c");
            assert_eq!(form(field, written), (Encoding::Plain, vec![]), "{text}");
        }
    }
    assert_eq!(
        form(Field::LastName, b"n=Br\xe9chandier"),
        (Encoding::Plain, vec![])
    );
}

#[test]
fn each_encoding_is_told() {
    let value = "x mirabelle.nocturne4726@example.org y";
    let twice = percent(&percent(EMAIL));
    let url = || vec![Layer::UrlEncoded];
    are(vec![
        (
            "e=mirabelle.nocturne4726%40example.org".into(),
            Encoding::UrlEncoded,
            vec![],
        ),
        (percent(EMAIL).into(), Encoding::UrlEncoded, vec![]),
        (twice.into(), Encoding::UrlEncoded, url()),
        (STANDARD.encode(value).into(), Encoding::Base64, vec![]),
        (
            URL_SAFE_NO_PAD.encode(value).into(),
            Encoding::Base64,
            vec![],
        ),
        (hex(EMAIL).into(), Encoding::Hex, vec![]),
        (hex(EMAIL).to_uppercase().into(), Encoding::Hex, vec![]),
        (
            r#"{"e":"mirabelle.nocturne4726\u0040example.org"}"#.into(),
            Encoding::Escaped,
            vec![],
        ),
        (
            "mirabelle.nocturne4726&#64;example.org".into(),
            Encoding::Escaped,
            vec![],
        ),
        (
            "mirabelle.nocturne4726&commat;example&period;org".into(),
            Encoding::Escaped,
            vec![],
        ),
        (
            r"mirabelle.nocturne4726\u0040example%2Eorg".into(),
            Encoding::Escaped,
            url(),
        ),
    ]);
}

#[test]
fn hashes_and_packed_bytes_are_told() {
    let packed = |layer| packed(layer, format!("x {EMAIL} y").as_bytes());
    are(vec![
        (hex(Md5::digest(EMAIL)).into(), Encoding::Md5, vec![]),
        (
            hex(Sha1::digest(EMAIL)).to_uppercase().into(),
            Encoding::Sha1,
            vec![],
        ),
        (hex(Sha256::digest(EMAIL)).into(), Encoding::Sha256, vec![]),
        (
            STANDARD.encode(Sha256::digest(EMAIL)).into(),
            Encoding::Sha256,
            vec![],
        ),
        (
            URL_SAFE.encode(Sha1::digest(EMAIL)).into(),
            Encoding::Sha1,
            vec![],
        ),
        (Md5::digest(EMAIL).to_vec(), Encoding::Md5, vec![]),
        (packed(Layer::Gzip), Encoding::Plain, vec![Layer::Gzip]),
        (packed(Layer::Zlib), Encoding::Plain, vec![Layer::Zlib]),
        (
            packed(Layer::Deflate),
            Encoding::Plain,
            vec![Layer::Deflate],
        ),
    ]);
}

/// The e-mail is found in each of the bytes, in this form.
fn are(cases: Vec<(Vec<u8>, Encoding, Vec<Layer>)>) {
    for (bytes, encoding, inside) in cases {
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        assert_eq!(form(Field::Email, &bytes), (encoding, inside), "{shown}");
    }
}

#[test]
fn values_within_packed_and_encoded_json_are_found() {
    let json = format!(r#"{{"user":{{"mail":"{EMAIL}","phone":"+33639984726"}},"v":"é"}}"#);
    let expected = (Encoding::Base64, vec![]);
    assert_eq!(
        form(Field::Email, format!("d={}", STANDARD.encode(&json))),
        expected
    );
    // A path is of the letters of base64 too: it hides where the run starts.
    for before in ["/v1/", "/collect/", "/x", "data/a/"] {
        let path = format!("{before}{}", STANDARD_NO_PAD.encode(&json));
        assert_eq!(form(Field::Email, path), expected, "{before}");
    }
    let in_url = format!("d={}", percent(&STANDARD.encode(&json)));
    assert_eq!(
        form(Field::Email, in_url),
        (Encoding::Base64, vec![Layer::UrlEncoded])
    );
    let zipped = STANDARD.encode(packed(Layer::Gzip, json.as_bytes()));
    assert_eq!(
        form(Field::Email, &zipped),
        (Encoding::Plain, vec![Layer::Base64, Layer::Gzip])
    );
    let deflated = URL_SAFE_NO_PAD.encode(packed(Layer::Deflate, json.as_bytes()));
    assert_eq!(
        form(Field::Email, &deflated),
        (Encoding::Plain, vec![Layer::Base64, Layer::Deflate])
    );
    let hashed = STANDARD.encode(format!(r#"{{"em":"{}"}}"#, hex(Sha256::digest(EMAIL))));
    assert_eq!(
        form(Field::Email, &hashed),
        (Encoding::Sha256, vec![Layer::Base64])
    );
    let nested =
        serde_json::to_string(&serde_json::to_string(&json.replace('@', "\\u0040")).unwrap())
            .unwrap();
    assert_eq!(
        form(Field::Email, &nested),
        (Encoding::Escaped, vec![Layer::Escaped; 2])
    );
}

#[test]
fn base64_is_found_at_each_alignment() {
    for before in 0..8 {
        for value in [EMAIL, FIRST, PHONE, STREET, BORN] {
            let text = format!("{}{value}|after", "~".repeat(before));
            for encoded in [STANDARD.encode(&text), URL_SAFE_NO_PAD.encode(&text)] {
                let hits = found(format!("\"{encoded}\""));
                assert!(!hits.is_empty(), "{before} {value}");
                assert!(
                    hits.iter().all(|hit| hit.form.encoding == Encoding::Base64),
                    "{hits:?}"
                );
            }
        }
    }
}

#[test]
fn layers_are_taken_off_to_a_depth() {
    let wrapped = |times: usize| (0..times).fold(EMAIL.to_string(), |text, _| percent(&text));
    let expected = (Encoding::UrlEncoded, vec![Layer::UrlEncoded; DEPTH - 1]);
    assert_eq!(form(Field::Email, wrapped(DEPTH)), expected);
    assert!(found(wrapped(DEPTH + 1)).is_empty());
}

#[test]
fn hashes_of_the_usual_spellings_are_found() {
    let spellings = [
        (
            Field::Email,
            "mirabelle.nocturne4726@example.org|MIRABELLE.NOCTURNE4726@EXAMPLE.ORG",
        ),
        (
            Field::Phone,
            "33639984726|+33639984726|0639984726|639984726|0033639984726|06 39 98 47 26",
        ),
        (
            Field::LastName,
            "bréchandier|brechandier|Bréchandier|BRECHANDIER",
        ),
        (Field::FullName, "ysaline brechandier|ysalinebréchandier"),
        (Field::BirthDate, "19840317|1984-03-17|17/03/1984"),
        (
            Field::Street,
            "117 rue des grives dormantes|117ruedesgrivesdormantes",
        ),
    ];
    for (field, texts) in spellings {
        for text in texts.split('|') {
            let sent = format!("ud[x]={}", hex(Sha256::digest(text)));
            assert_eq!(form(field, sent), (Encoding::Sha256, vec![]), "{text}");
        }
    }
}
