//! Asks whether turning a control on says yes (`opt_in`) or no (`opt_out`).

use crate::model::Polarity;

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "control-polarity",
    subjects: &[SubjectKind::Control],
    values: &[],
    build: |parameters| {
        parameters.only(&["is"])?;
        let wanted = match parameters.one_of("is", &["opt_in", "opt_out"])?.as_str() {
            "opt_in" => Polarity::OptIn,
            _ => Polarity::OptOut,
        };
        parameters.asking(move |subject: &Subject| match subject.control {
            Some(control) if control.polarity == wanted => Answer::Yes(Observed::default()),
            _ => Answer::No(Observed::default()),
        })
    },
};
