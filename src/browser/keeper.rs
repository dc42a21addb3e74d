//! One Chrome for all visits: started when first needed, replaced when it is gone or used up.

use std::sync::Arc;

use tokio::sync::Mutex;

use super::find::ChromeError;
use super::launch::{Browser, LaunchSettings};

/// A browser that has served this many visits is replaced: long-lived ones grow.
const VISITS_PER_BROWSER: u32 = 200;

/// Hands out the browser.
pub struct Keeper {
    settings: LaunchSettings,
    current: Mutex<Option<(Arc<Browser>, u32)>>,
}

impl Keeper {
    pub fn new(settings: LaunchSettings) -> Self {
        Keeper {
            settings,
            current: Mutex::new(None),
        }
    }

    /// The browser for one visit. Visits that still hold the old one finish with it.
    ///
    /// # Errors
    /// Where Chrome does not start.
    pub async fn browser(&self) -> Result<Arc<Browser>, ChromeError> {
        let mut current = self.current.lock().await;
        if let Some((browser, visits)) = current.as_mut()
            && !browser.is_gone()
            && *visits < VISITS_PER_BROWSER
        {
            *visits += 1;
            return Ok(browser.clone());
        }
        *current = None;
        let browser = Arc::new(Browser::launch(&self.settings).await?);
        *current = Some((browser.clone(), 1));
        Ok(browser)
    }

    /// Gives up on a browser that hangs: the next visit starts another.
    pub async fn discard(&self, browser: &Arc<Browser>) {
        let mut current = self.current.lock().await;
        if current
            .as_ref()
            .is_some_and(|(held, _)| Arc::ptr_eq(held, browser))
        {
            *current = None;
        }
    }

    /// Ends the browser, if one runs.
    pub async fn close(&self) {
        *self.current.lock().await = None;
    }
}
