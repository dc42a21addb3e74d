//! A Chrome with neither our flags nor our gate: what a page does when nothing holds it. It resolves no
//! name, so that nothing beyond loopback is reached.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use consentry::browser::{Chrome, find_chrome};
use rustix::process::{Pid, Signal, kill_process_group};

pub struct Bare {
    process: Child,
    _profile: tempfile::TempDir,
}

impl Bare {
    /// Opens a page and keeps it open until dropped.
    pub fn open(url: &str) -> Bare {
        let named = std::env::var("CHROME").ok();
        let path = std::env::var("PATH").ok();
        let Ok(Chrome::Program(program, _)) = find_chrome(named.as_deref(), path.as_deref()) else {
            panic!("this test needs a Chrome that it can start");
        };
        let profile = tempfile::tempdir().expect("a folder");
        let process = Command::new(program)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.*",
                "--remote-debugging-port=0",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg(url)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Distributions wrap Chrome in a script: all of it ends together.
            .process_group(0)
            .spawn()
            .expect("Chrome starts");
        Bare {
            process,
            _profile: profile,
        }
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        if let Some(group) = i32::try_from(self.process.id())
            .ok()
            .and_then(Pid::from_raw)
        {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.process.wait();
    }
}
