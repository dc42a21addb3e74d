//! Has a browser print a report that is written: the last thing to be done with a judgement, so that nothing
//! is lost where it fails.

use std::time::Duration;

use crate::browser::{
    Browser, Chrome, ChromeError, LaunchSettings, PrintError, Sheets, find_chrome,
};
use crate::capture::Folder;
use crate::gate::OwnPorts;
use crate::report::{Format, Printed};

use super::machine;
use super::publish::{Written, write_json};

/// What printing may take, once Chrome has started.
const PRINT_TIME: Duration = Duration::from_secs(120);

/// The browser that prints.
#[derive(Debug)]
pub struct Printer {
    chrome: Chrome,
}

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum NotPrinted {
    #[error(transparent)]
    Chrome(#[from] ChromeError),
    #[error(transparent)]
    Print(#[from] PrintError),
    #[error("it cannot be written: {0}")]
    Unwritable(#[from] std::io::Error),
}

impl Printer {
    /// Finds the browser, so that its absence is known before anything is captured. `given` and `path` as
    /// for [`find_chrome`].
    ///
    /// # Errors
    /// Where there is none.
    pub fn find(given: Option<&str>, path: Option<&str>) -> Result<Printer, ChromeError> {
        find_chrome(given, path).map(|chrome| Printer { chrome })
    }

    /// Prints what was written beside it, and lists the PDF in `report.json`. A PDF that stands there already
    /// is of the same judgement.
    ///
    /// # Errors
    /// Where it does not print; the report stands as it was written.
    pub async fn print(&self, written: &mut Written) -> Result<(), NotPrinted> {
        let Some(printed) = written.to_print.take() else {
            return Ok(());
        };
        let pdf = self.pdf(printed).await?;
        let folder = Folder::new(&written.folder);
        folder.write(Format::Pdf.file(), &pdf)?;
        written.list_pdf(true);
        folder.write_with("report.json", |to| write_json(&written.report, to))?;
        Ok(())
    }

    async fn pdf(&self, printed: Printed) -> Result<Vec<u8>, NotPrinted> {
        let browser = Browser::launch(&LaunchSettings {
            chrome: self.chrome.clone(),
            sandbox: machine::sandbox_works(),
            own_ports: OwnPorts::default(),
        })
        .await?;
        let sheets = Sheets {
            html: printed.html,
            header: printed.header,
            footer: printed.footer,
        };
        Ok(browser.print(&sheets, PRINT_TIME).await?)
    }
}
