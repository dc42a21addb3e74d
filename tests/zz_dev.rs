use consentry::lexicon::Lexicons;
#[test]
fn dev() {
    let lang = std::env::var("L").unwrap();
    let text = std::env::var("T").unwrap();
    let p = format!("rules/lexicon/{lang}.toml");
    let s = std::fs::read_to_string(&p).unwrap();
    let l = Lexicons::load([(p.as_str(), s.as_str())]).unwrap();
    for (sense, pat, met) in l.get(&lang).unwrap().explain(&text) { println!("{:<18} {:<60} «{}»", sense.path(), pat, met); }
}
