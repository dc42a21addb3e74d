//! The names and values of a request, from its address and its body.
//!
//! It reads what forms and scripts send: URL-encoded, multipart, JSON, plain text. It must not know what
//! any of them means.

use serde_json::Value;
use url::form_urlencoded;

/// Fields of one request that are kept, and characters of a value.
const MOST_FIELDS: usize = 300;
const LONGEST: usize = 500;
/// How deep JSON is looked into.
const DEEPEST: usize = 8;

/// The fields of a request, those of the address first.
pub fn payload_fields(url: &str, content_type: Option<&str>, body: &[u8]) -> Vec<(String, String)> {
    let mut out = Fields::default();
    if let Ok(url) = url::Url::parse(url) {
        out.pairs(url.query_pairs());
    }
    let kind = content_type.unwrap_or_default().to_ascii_lowercase();
    let text = String::from_utf8_lossy(body);
    let trimmed = text.trim();
    if kind.starts_with("multipart/form-data") {
        multipart(content_type.unwrap_or_default(), &text, &mut out);
    } else if kind.contains("json") || trimmed.starts_with(['{', '[']) {
        match serde_json::from_str::<Value>(trimmed) {
            Ok(value) => json("", &value, 0, &mut out),
            Err(_) => out.add("", trimmed),
        }
    } else if kind.contains("urlencoded")
        || (trimmed.contains('=') && !trimmed.contains(['\n', '<']))
    {
        out.pairs(form_urlencoded::parse(trimmed.as_bytes()));
    } else if !trimmed.is_empty() {
        out.add("", trimmed);
    }
    out.0
}

#[derive(Default)]
struct Fields(Vec<(String, String)>);

impl Fields {
    fn add(&mut self, name: &str, value: &str) {
        if self.0.len() < MOST_FIELDS {
            let cut = |text: &str| text.chars().take(LONGEST).collect();
            self.0.push((cut(name), cut(value)));
        }
    }

    fn pairs<'a>(
        &mut self,
        pairs: impl Iterator<Item = (std::borrow::Cow<'a, str>, std::borrow::Cow<'a, str>)>,
    ) {
        for (name, value) in pairs {
            self.add(&name, &value);
        }
    }
}

/// `a.b[0]` for the first of the list `b` in `a`.
fn json(name: &str, value: &Value, depth: usize, out: &mut Fields) {
    if depth > DEEPEST || out.0.len() >= MOST_FIELDS {
        return;
    }
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let below = if name.is_empty() {
                    key.clone()
                } else {
                    format!("{name}.{key}")
                };
                json(&below, value, depth + 1, out);
            }
        }
        Value::Array(list) => {
            for (at, value) in list.iter().enumerate() {
                json(&format!("{name}[{at}]"), value, depth + 1, out);
            }
        }
        Value::String(text) => out.add(name, text),
        Value::Null => out.add(name, ""),
        other => out.add(name, &other.to_string()),
    }
}

/// RFC 7578, as browsers write it.
fn multipart(content_type: &str, text: &str, out: &mut Fields) {
    let Some(boundary) = content_type
        .split(';')
        .find_map(|part| part.trim().strip_prefix("boundary="))
    else {
        return;
    };
    let mark = format!("--{}", boundary.trim_matches('"'));
    for part in text.split(mark.as_str()).skip(1) {
        let Some((head, value)) = part.split_once("\r\n\r\n") else {
            continue;
        };
        let name = head
            .split(';')
            .find_map(|piece| piece.trim().strip_prefix("name="))
            .map(|name| name.lines().next().unwrap_or_default().trim_matches('"'));
        if let Some(name) = name {
            out.add(name, value.strip_suffix("\r\n").unwrap_or(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::payload_fields;

    fn fields(kind: &str, body: &str) -> Vec<(String, String)> {
        payload_fields("https://a.example/x?src=ad", Some(kind), body.as_bytes())
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_string(), value.to_string())
    }

    #[test]
    fn the_shapes_that_forms_and_scripts_send() {
        let ad = pair("src", "ad");
        assert_eq!(
            fields("application/x-www-form-urlencoded", "email=a%40b&optin=1"),
            [ad.clone(), pair("email", "a@b"), pair("optin", "1")]
        );
        assert_eq!(
            fields(
                "application/json",
                r#"{"lead":{"email":"a@b","tags":["x"]},"optin":true}"#
            ),
            [
                ad.clone(),
                pair("lead.email", "a@b"),
                pair("lead.tags[0]", "x"),
                pair("optin", "true")
            ]
        );
        assert_eq!(
            fields("text/plain;charset=UTF-8", r#"{"a":null}"#),
            [ad.clone(), pair("a", "")]
        );
        let parts = "--q\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\na@b\r\n\
                     --q\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\
                     Content-Type: text/plain\r\n\r\nhello\r\n--q--\r\n";
        assert_eq!(
            fields("multipart/form-data; boundary=q", parts),
            [ad, pair("email", "a@b"), pair("f", "hello")]
        );
    }
}
