//! How much memory a process and its descendants take, sampled while they run. Linux only; elsewhere
//! everything is 0.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// KiB at one moment.
#[derive(Debug, Clone, Copy, Default)]
pub struct Memory {
    /// The process itself.
    pub own: u64,
    /// Its descendants, shared pages counted once (proportional set sizes).
    pub others: u64,
    pub threads: u64,
}

fn number(pid: u32, file: &str, key: &str) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/{file}")).ok()?;
    let line = text.lines().find(|line| line.starts_with(key))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn size(pid: u32) -> u64 {
    number(pid, "smaps_rollup", "Pss:")
        .or_else(|| number(pid, "status", "VmRSS:"))
        .unwrap_or(0)
}

/// What a process and its descendants take now.
pub fn of(root: u32) -> Memory {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        if let Ok(pid) = entry.file_name().to_string_lossy().parse::<u32>()
            && let Some(parent) = number(pid, "status", "PPid:")
        {
            children.entry(parent as u32).or_default().push(pid);
        }
    }
    let mut below = children.get(&root).cloned().unwrap_or_default();
    let mut at = 0;
    while let Some(&pid) = below.get(at) {
        below.extend(children.get(&pid).into_iter().flatten());
        at += 1;
    }
    Memory {
        own: number(root, "status", "VmRSS:").unwrap_or(0),
        others: below.into_iter().map(size).sum(),
        threads: number(root, "status", "Threads:").unwrap_or(0),
    }
}

/// Samples until asked for the peaks.
pub struct Watch {
    own: Arc<AtomicU64>,
    others: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
    sampler: Option<JoinHandle<()>>,
}

impl Watch {
    pub fn start(root: u32) -> Watch {
        let (own, others, stop) = <(Arc<AtomicU64>, Arc<AtomicU64>, Arc<AtomicBool>)>::default();
        let (to_own, to_others, ended) = (own.clone(), others.clone(), stop.clone());
        let sampler = std::thread::spawn(move || {
            while !ended.load(Ordering::Relaxed) {
                let now = of(root);
                to_own.fetch_max(now.own, Ordering::Relaxed);
                to_others.fetch_max(now.others, Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(50));
            }
        });
        Watch {
            own,
            others,
            stop,
            sampler: Some(sampler),
        }
    }

    /// The peaks since the start or the last call: of the process itself and of its descendants, in MiB.
    pub fn peaks(&self) -> (u64, u64) {
        let take = |peak: &AtomicU64| peak.swap(0, Ordering::Relaxed) / 1024;
        (take(&self.own), take(&self.others))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(sampler) = self.sampler.take() {
            let _ = sampler.join();
        }
    }
}
