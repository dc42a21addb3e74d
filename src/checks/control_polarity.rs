//! Asks whether turning a control on says yes (`opt_in`) or no (`opt_out`).

use crate::model::Polarity;

use super::{Answer, Ask, Check, Observed, Subject, SubjectKind};

pub struct ControlPolarity;

struct Is(Polarity);

impl Check for ControlPolarity {
    fn id(&self) -> &'static str {
        "control-polarity"
    }

    fn subjects(&self) -> &'static [SubjectKind] {
        &[SubjectKind::Control]
    }

    fn values(&self) -> &'static [&'static str] {
        &[]
    }

    fn build(&self, parameters: &toml::Table) -> Result<Box<dyn Ask>, String> {
        let wanted = parameters.get("is").and_then(toml::Value::as_str);
        if parameters.len() > 1 {
            return Err("the only parameter is `is`".to_string());
        }
        match wanted {
            Some("opt_in") => Ok(Box::new(Is(Polarity::OptIn))),
            Some("opt_out") => Ok(Box::new(Is(Polarity::OptOut))),
            _ => Err("`is` must be \"opt_in\" or \"opt_out\"".to_string()),
        }
    }
}

impl Ask for Is {
    fn ask(&self, subject: &Subject) -> Answer {
        match subject.control {
            Some(control) if control.polarity == self.0 => Answer::Yes(Observed::default()),
            _ => Answer::No(Observed::default()),
        }
    }
}
