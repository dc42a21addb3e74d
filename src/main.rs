use std::sync::Arc;
use consentry::artifact::*;
use consentry::capture::Folder;
use consentry::crawl::CrawlSettings;
use consentry::fetch::*;
use consentry::gate::*;
use consentry::pipeline::*;
use consentry::report::Audience;
use consentry::target::*;
#[tokio::main]
async fn main() {
    let args: Vec<String> = std::env::args().collect();
    let get = |n: &str| args.iter().position(|a| a == n).map(|i| args[i + 1].clone());
    let list = std::fs::read_to_string(get("--list").unwrap()).unwrap();
    let out = get("--out").unwrap();
    let targets: Vec<Target> = list.lines().enumerate().map(|(i, l)| Target { id: format!("t{}", i + 1), url: parse_url(l).unwrap(), vendor: None }).collect();
    let policy = Policy { private_network: PrivateNetwork::Allowed, ..Default::default() };
    let fetcher = Fetcher::new(FetchSettings { policy, user_agent: "x".into(), accept_language: "fr".into(), timeout: std::time::Duration::from_secs(30), body_limit: 16 << 20 }).await.unwrap();
    let ruleset = load_rules().unwrap();
    let folder = Folder::new(&out);
    let (_tx, rx) = tokio::sync::watch::channel(false);
    let settings = CaptureSettings { markup_only: true, max_pages: 1, depth: 0, rate: 1000.0, ignore_robots: false, no_third_parties: true, also_hosts: vec![], private_network: "yes".into(), profiles: vec![], locale: "fr".into(), user_agent: "x".into(), timeout_seconds: 60, settle_quiet_ms: 0, settle_least_ms: 0, settle_most_ms: 0 };
    capture(CaptureOptions { targets, crawl: CrawlSettings { max_pages: 1, depth: 0, rate: 1000.0, ignore_robots: false, also_hosts: vec![] }, settings, fetcher, jobs: 4, environment: Environment::default() }, &folder, &ruleset, rx, Arc::new(|_| {})).await.unwrap();
    let t = std::time::Instant::now();
    let judged = consentry::pipeline::judge(&folder, &ruleset, &JudgeOptions { jurisdictions: vec!["eu".into(), "fr".into()], as_of: None, audience: Audience::Consumer, channels: vec![], buyers: vec![], language: "en".into(), only: Default::default(), disabled: Default::default() }).unwrap();
    eprintln!("judged in {:?}", t.elapsed());
    std::fs::write(format!("{out}/report.json"), serde_json::to_vec_pretty(&judged.report).unwrap()).unwrap();
}
