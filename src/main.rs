use std::sync::Arc;
use consentry::artifact::*;
use consentry::capture::*;
use consentry::browser::*;
use consentry::crawl::CrawlSettings;
use consentry::fetch::*;
use consentry::gate::*;
use consentry::pipeline::{CaptureOptions, JudgeOptions, capture, load_rules};
use consentry::report::Audience;
use consentry::target::*;
use std::time::Duration;
#[tokio::main]
async fn main() {
    let args: Vec<String> = std::env::args().collect();
    let get = |n: &str| args.iter().position(|a| a == n).map(|i| args[i + 1].clone());
    let list = std::fs::read_to_string(get("--list").unwrap()).unwrap();
    let out = get("--out").unwrap();
    let targets: Vec<Target> = list.lines().enumerate().map(|(i, l)| Target { id: format!("t{}", i + 1), url: parse_url(l).unwrap(), vendor: None }).collect();
    let policy = Policy { private_network: PrivateNetwork::Allowed, only_hosts: Some(["127.0.0.1".to_string()].into()), ..Default::default() };
    let fetcher = Fetcher::new(FetchSettings { policy: policy.clone(), user_agent: "x".into(), accept_language: "fr".into(), timeout: std::time::Duration::from_secs(30), body_limit: 16 << 20 }).await.unwrap();
    let ruleset = load_rules().unwrap();
    let folder = Folder::new(&out);
    let (_tx, rx) = tokio::sync::watch::channel(false);
    let is_static = args.contains(&"--static".to_string());
    let settings = CaptureSettings { markup_only: is_static, max_pages: 1, depth: 0, rate: 1000.0, ignore_robots: false, no_third_parties: true, also_hosts: vec![], private_network: "yes".into(), profiles: vec![], locale: "fr".into(), user_agent: "x".into(), timeout_seconds: 60, settle_quiet_ms: 0, settle_least_ms: 0, settle_most_ms: 0 };
    let keeper = Arc::new(Keeper::new(LaunchSettings { chrome: find_chrome(None, std::env::var("PATH").ok().as_deref()).unwrap(), sandbox: false, own_ports: Default::default() }));
    let visitor = if is_static { Visitor::Plain(Plain { fetcher: fetcher.clone(), folder: folder.clone() }) } else {
        Visitor::Rendered(Box::new(Rendered { keeper: keeper.clone(), folder: folder.clone(), policy, session: SessionSettings { viewport: Viewport { width: 1280, height: 800, scale: 1.0 }, user_agent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36".into(), locale: "fr-FR".into(), accept_language: "fr".into(), settle_quiet: Duration::from_millis(500), settle_least: Duration::from_millis(1000), settle_most: Duration::from_secs(10) }, timeout: Duration::from_secs(60) }))
    };
    capture(CaptureOptions { targets, crawl: CrawlSettings { max_pages: 1, depth: 0, rate: 1000.0, ignore_robots: false, also_hosts: vec![] }, settings, fetcher, visitor, jobs: 2, environment: Environment::default() }, &folder, &ruleset, rx, Arc::new(|_| {})).await.unwrap();
    keeper.close().await;
    let judged = consentry::pipeline::judge(&folder, &ruleset, &JudgeOptions { jurisdictions: vec!["eu".into(), "fr".into()], as_of: None, audience: Audience::Consumer, channels: vec![], buyers: vec![], language: "en".into(), only: Default::default(), disabled: Default::default() }).unwrap();
    std::fs::write(format!("{out}/report.json"), serde_json::to_vec_pretty(&judged.report).unwrap()).unwrap();
}
