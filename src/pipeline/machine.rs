//! What the machine is, as far as a capture records it.

use std::path::Path;

use crate::artifact::Environment;

/// Operating system, kernel, architecture.
pub fn environment() -> Environment {
    let uname = rustix::system::uname();
    Environment {
        os: os_name().unwrap_or_else(|| std::env::consts::OS.to_string()),
        kernel: format!(
            "{} {}",
            uname.sysname().to_string_lossy(),
            uname.release().to_string_lossy()
        ),
        architecture: uname.machine().to_string_lossy().into_owned(),
        ..Environment::default()
    }
}

fn os_name() -> Option<String> {
    let text = std::fs::read_to_string("/etc/os-release").ok()?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
    Some(line.trim_matches('"').to_string())
}

/// Whether Chrome's own sandbox can be expected to work: not as root, not in a container.
pub fn sandbox_works() -> bool {
    no_sandbox_reason().is_none()
}

/// Why Chrome's sandbox has to be off, where it has to.
pub fn no_sandbox_reason() -> Option<&'static str> {
    if rustix::process::geteuid().is_root() {
        return Some("it runs as root");
    }
    let marks = ["/.dockerenv", "/run/.containerenv"];
    let control_group = std::fs::read_to_string("/proc/1/cgroup").unwrap_or_default();
    let names = ["docker", "kubepods", "containerd", "lxc"];
    let contained = marks.iter().any(|mark| Path::new(mark).exists())
        || names.iter().any(|name| control_group.contains(name));
    contained.then_some("it runs in a container")
}
