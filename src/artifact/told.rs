//! Something told about a capture: why a page has its status, what is missing from it.
//!
//! A code with values, which a report puts into words of its language; or a text as it is, for what other
//! programs and systems say and for what captures of earlier versions stored.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// A code with values, or a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Told {
    Coded {
        /// Its words stand in `src/report/words/`, as `told-<code>`.
        code: String,
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        values: BTreeMap<String, Told>,
    },
    Text(String),
}

impl Told {
    /// What a code says.
    pub fn of(code: &str) -> Told {
        Told::Coded {
            code: code.to_string(),
            values: BTreeMap::new(),
        }
    }

    /// The same with a value that its words name.
    pub fn with(mut self, name: &str, value: impl Into<Told>) -> Told {
        if let Told::Coded { values, .. } = &mut self {
            values.insert(name.to_string(), value.into());
        }
        self
    }

    /// The same with a number that its words name.
    pub fn number(self, name: &str, value: impl fmt::Display) -> Told {
        self.with(name, value.to_string())
    }
}

impl From<&str> for Told {
    fn from(text: &str) -> Told {
        Told::Text(text.to_string())
    }
}

impl From<String> for Told {
    fn from(text: String) -> Told {
        Told::Text(text)
    }
}

/// For logs; people read a report's words.
impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Told::Text(text) => f.write_str(text),
            Told::Coded { code, values } => {
                f.write_str(code)?;
                for (name, value) in values {
                    write!(f, ", {name}: {value}")?;
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Told;

    #[test]
    fn what_earlier_versions_stored_is_still_read() {
        let old: Told = serde_json::from_str("\"the server answered 404\"").unwrap();
        assert_eq!(old, Told::from("the server answered 404"));
        let new = Told::of("server-error").number("status", 404);
        let text = serde_json::to_string(&new).unwrap();
        assert_eq!(text, r#"{"code":"server-error","values":{"status":"404"}}"#);
        assert_eq!(serde_json::from_str::<Told>(&text).unwrap(), new);
    }
}
