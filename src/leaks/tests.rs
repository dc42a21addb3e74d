//! What is found, in which form, and what is not.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::*;

const FIRST: &str = "Ysaline";
const LAST: &str = "Bréchandier";
const EMAIL: &str = "mirabelle.nocturne4726@example.org";
const PHONE: &str = "06 39 98 47 26";
const STREET: &str = "117 rue des Grives-Dormantes";
const BORN: &str = "1984-03-17";

fn needles() -> Needles {
    Needles::new(&[
        (Field::FirstName, FIRST),
        (Field::LastName, LAST),
        (Field::FullName, "Ysaline Bréchandier"),
        (Field::Email, EMAIL),
        (Field::Phone, PHONE),
        (Field::Phone, "+33 6 39 98 47 26"),
        (Field::Street, STREET),
        (Field::BirthDate, BORN),
    ])
}

fn found(bytes: impl AsRef<[u8]>) -> Vec<Hit> {
    let search = needles().search(bytes.as_ref());
    assert!(search.complete);
    search.hits
}

/// The one form in which a field was found.
fn form(field: Field, bytes: impl AsRef<[u8]>) -> (Encoding, Vec<Layer>) {
    let hits = found(bytes.as_ref());
    let mut forms = hits
        .into_iter()
        .filter(|hit| hit.field == field)
        .map(|hit| hit.form);
    let form = forms
        .next()
        .unwrap_or_else(|| panic!("not found: {}", String::from_utf8_lossy(bytes.as_ref())));
    assert_eq!(forms.next(), None);
    (form.encoding, form.inside)
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn packed(layer: Layer, bytes: &[u8]) -> Vec<u8> {
    let level = Compression::default();
    match layer {
        Layer::Gzip => {
            let mut to = GzEncoder::new(Vec::new(), level);
            to.write_all(bytes).unwrap();
            to.finish().unwrap()
        }
        Layer::Zlib => {
            let mut to = ZlibEncoder::new(Vec::new(), level);
            to.write_all(bytes).unwrap();
            to.finish().unwrap()
        }
        _ => {
            let mut to = DeflateEncoder::new(Vec::new(), level);
            to.write_all(bytes).unwrap();
            to.finish().unwrap()
        }
    }
}

#[test]
fn each_value_is_found_as_people_and_programs_write_it() {
    let written = [
        (Field::FirstName, vec!["Ysaline", "YSALINE", "  ysaline "]),
        (
            Field::LastName,
            vec![
                "Bréchandier",
                "BRÉCHANDIER",
                "Brechandier",
                "bre\u{301}chandier",
            ],
        ),
        (
            Field::FullName,
            vec![
                "Ysaline Bréchandier",
                "ysaline_brechandier",
                "YSALINEBRECHANDIER",
            ],
        ),
        (
            Field::Email,
            vec![EMAIL, "Mirabelle.NOCTURNE4726@Example.ORG"],
        ),
        (
            Field::Phone,
            vec![
                PHONE,
                "0639984726",
                "06.39.98.47.26",
                "+33639984726",
                "+33 639984726",
                "0033639984726",
                "639984726",
            ],
        ),
        (
            Field::Street,
            vec![
                STREET,
                "117, RUE DES GRIVES DORMANTES",
                "117ruedesgrivesdormantes",
            ],
        ),
        (
            Field::BirthDate,
            vec![
                BORN,
                "17/03/1984",
                "03/17/1984",
                "17.3.1984",
                "19840317",
                "1984-03-16T23:00:00.000Z",
            ],
        ),
    ];
    for (field, spellings) in written {
        for text in spellings {
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
    let cases: Vec<(Vec<u8>, Encoding, Vec<Layer>)> = vec![
        (
            "e=mirabelle.nocturne4726%40example.org".into(),
            Encoding::UrlEncoded,
            vec![],
        ),
        (percent(EMAIL).into(), Encoding::UrlEncoded, vec![]),
        (twice.into(), Encoding::UrlEncoded, vec![Layer::UrlEncoded]),
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
            vec![Layer::UrlEncoded],
        ),
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
        (
            packed(Layer::Gzip, value.as_bytes()),
            Encoding::Plain,
            vec![Layer::Gzip],
        ),
        (
            packed(Layer::Zlib, value.as_bytes()),
            Encoding::Plain,
            vec![Layer::Zlib],
        ),
        (
            packed(Layer::Deflate, value.as_bytes()),
            Encoding::Plain,
            vec![Layer::Deflate],
        ),
    ];
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
            vec![
                EMAIL,
                " mirabelle.nocturne4726@example.org".trim(),
                "MIRABELLE.NOCTURNE4726@EXAMPLE.ORG",
            ],
        ),
        (
            Field::Phone,
            vec![
                "33639984726",
                "+33639984726",
                "0639984726",
                "639984726",
                "0033639984726",
                PHONE,
            ],
        ),
        (
            Field::LastName,
            vec!["bréchandier", "brechandier", "Bréchandier", "BRECHANDIER"],
        ),
        (
            Field::FullName,
            vec!["ysaline brechandier", "ysalinebréchandier"],
        ),
        (
            Field::BirthDate,
            vec!["19840317", "1984-03-17", "17/03/1984"],
        ),
        (
            Field::Street,
            vec!["117 rue des grives dormantes", "117ruedesgrivesdormantes"],
        ),
    ];
    for (field, texts) in spellings {
        for text in texts {
            let sent = format!("ud[x]={}", hex(Sha256::digest(text)));
            assert_eq!(form(field, sent), (Encoding::Sha256, vec![]), "{text}");
        }
    }
}

#[test]
fn what_identifies_nobody_is_no_needle() {
    let none = [
        (Field::FirstName, "Anne"),
        (Field::LastName, "Roux"),
        (Field::FullName, "Al Li"),
        (Field::BirthDate, "1984"),
        (Field::BirthDate, "17 mars"),
        (Field::Phone, "0639"),
        (Field::Email, "@"),
        (Field::Email, ""),
        (Field::Street, "12"),
    ];
    assert!(Needles::new(&none).is_empty());
    assert_eq!(Needles::new(&none).find(b"Anne Roux 1984 0639 @"), []);
    let short = Needles::new(&[(Field::FirstName, "Martin")]);
    assert_eq!(short.find(b"la Martinique, MARTINI, saint-martinien"), []);
    assert_eq!(short.find(b"name=Martin&").len(), 1);
    let numbers = "{\"id\":406399847261,\"a\":[20639984726,\"119840317\",198403170]}";
    assert_eq!(found(numbers), []);
}

#[test]
fn bombs_are_cut_and_told() {
    let zeros = packed(Layer::Gzip, &vec![0; 64 << 20]);
    let search = needles().search(&zeros);
    assert!(!search.complete);
    assert!(search.steps < 100 << 20, "{}", search.steps);
    // A bomb in a bomb, and what comes before the cut.
    let mut text = EMAIL.as_bytes().to_vec();
    text.resize(32 << 20, b'x');
    let search = needles().search(&packed(Layer::Gzip, &packed(Layer::Zlib, &text)));
    assert!(!search.complete);
    let inside = vec![Layer::Gzip, Layer::Zlib];
    let form = Form {
        encoding: Encoding::Plain,
        inside,
    };
    assert!(search.hits.contains(&Hit {
        field: Field::Email,
        form
    }));
}

#[test]
fn a_request_is_searched_in_all_its_parts() {
    let headers = [
        ("Cookie".to_string(), format!("u={}", percent(EMAIL))),
        (
            "content-type".to_string(),
            "multipart/form-data; boundary=\"--x7\"".to_string(),
        ),
    ];
    let mut body = b"----x7\r\nContent-Disposition: form-data; name=\"tel\"\r\n\r\n06 39 98 47 26\r\n----x7\r\ncontent-disposition: form-data; name=z; filename=z\r\n\r\n".to_vec();
    body.extend(packed(Layer::Deflate, STREET.as_bytes()));
    body.extend(b"\r\n----x7--\r\n");
    let url = format!(
        "https://{}.t.example/u/1984-03-17?m={}#{FIRST}",
        hex(LAST),
        hex(Md5::digest(EMAIL))
    );
    let result = needles().in_request(&url, &headers, &body);
    assert!(result.complete);
    let placed = |place: Place, field, encoding, inside: &[Layer]| Placed {
        place,
        field,
        form: Form {
            encoding,
            inside: inside.to_vec(),
        },
    };
    let cookie = || Place::Header("cookie".to_string());
    let expected = [
        placed(Place::Host, Field::LastName, Encoding::Hex, &[]),
        placed(Place::Path, Field::BirthDate, Encoding::Plain, &[]),
        placed(Place::Query, Field::Email, Encoding::Md5, &[]),
        placed(Place::Fragment, Field::FirstName, Encoding::Plain, &[]),
        placed(cookie(), Field::Email, Encoding::UrlEncoded, &[]),
        placed(Place::Body, Field::Phone, Encoding::Plain, &[]),
        placed(
            Place::Body,
            Field::Street,
            Encoding::Plain,
            &[Layer::Deflate],
        ),
    ];
    assert_eq!(result.hits, expected);
}

#[test]
fn a_body_that_cannot_be_read_is_told() {
    let sent = |encoding: &str, body: &[u8]| {
        let headers = [("Content-Encoding".to_string(), encoding.to_string())];
        needles()
            .in_request("https://t.example/", &headers, body)
            .complete
    };
    assert!(sent("gzip", &packed(Layer::Gzip, b"nothing")));
    assert!(sent("br", b""));
    assert!(!sent("br", b"anything"));
    assert!(!sent("gzip, x-own", b"anything"));
}

#[test]
fn records_keep_their_names() {
    let form = Form {
        encoding: Encoding::Sha256,
        inside: vec![Layer::UrlEncoded],
    };
    let hit = Placed {
        place: Place::Header("referer".into()),
        field: Field::BirthDate,
        form,
    };
    let json = r#"{"place":{"header":"referer"},"field":"birth_date","form":{"encoding":"sha256","inside":["url_encoded"]}}"#;
    assert_eq!(serde_json::to_string(&hit).unwrap(), json);
    assert_eq!(serde_json::from_str::<Placed>(json).unwrap(), hit);
    assert!(!format!("{:?}", needles()).contains("mirabelle"));
}
