//! What is no value, what is too much, and where in a request a value stands.

use super::*;

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
