//! Pages that a site lists itself (sitemaps.org protocol), bounded in number, size and nesting.

use quick_xml::Reader;
use quick_xml::events::Event;
use url::Url;

use crate::fetch::Fetcher;
use crate::target;

/// Sitemap files that are read for one site.
const MOST_FILES: usize = 4;
/// Addresses that are read from one file.
const MOST_ADDRESSES: usize = 5_000;

/// The pages of a site's sitemaps, same site only.
pub async fn pages(home: &Url, declared: Vec<Url>, fetcher: &Fetcher) -> Vec<Url> {
    let mut files = declared;
    if files.is_empty() {
        files.extend(home.join("/sitemap.xml").ok());
    }
    let site = target::site(&target::host(home));
    let own = |url: &Url| target::site(&target::host(url)) == site;
    let mut pages = Vec::new();
    let mut read = 0;
    while read < files.len().min(MOST_FILES) {
        let file = files[read].clone();
        read += 1;
        if !own(&file) {
            continue;
        }
        let Ok(fetched) = fetcher.get(&file).await else {
            continue;
        };
        if fetched.status != 200 {
            continue;
        }
        let (found, nested) = addresses(&fetched.body);
        pages.extend(found.into_iter().filter(own));
        files.extend(nested);
    }
    pages
}

/// The `<loc>` of pages, and those of nested sitemaps. Malformed XML ends the reading, nothing more.
fn addresses(xml: &[u8]) -> (Vec<Url>, Vec<Url>) {
    let mut reader = Reader::from_reader(xml);
    let mut buffer = Vec::new();
    let (mut pages, mut nested) = (Vec::new(), Vec::new());
    let mut in_index = false;
    let mut address: Option<String> = None;
    while pages.len() + nested.len() < MOST_ADDRESSES {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) => match tag.local_name().as_ref() {
                "sitemapindex" => in_index = true,
                "loc" => address = Some(String::new()),
                _ => {}
            },
            Ok(Event::End(_)) => {
                if let Some(url) = address.take().and_then(|text| Url::parse(text.trim()).ok()) {
                    if in_index { &mut nested } else { &mut pages }.push(url);
                }
            }
            Ok(Event::Text(text)) => {
                if let Some(address) = &mut address {
                    address.push_str(&text);
                }
            }
            // Addresses hold no other entity than `&amp;`.
            Ok(Event::GeneralRef(_)) => {
                if let Some(address) = &mut address {
                    address.push('&');
                }
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
        buffer.clear();
    }
    (pages, nested)
}

#[cfg(test)]
mod tests {
    use super::addresses;

    #[test]
    fn pages_and_nested_files() {
        let (pages, nested) = addresses(
            b"<urlset><url><loc> https://a.example/devis </loc></url><url><loc>nonsense</loc></url></urlset>",
        );
        assert_eq!((pages.len(), nested.len()), (1, 0));
        let (pages, nested) = addresses(
            b"<sitemapindex><sitemap><loc>https://a.example/s1.xml</loc></sitemap></sitemapindex>",
        );
        assert_eq!((pages.len(), nested.len()), (0, 1));
        assert_eq!(addresses(b"<urlset><url><loc>https://a.exa").0.len(), 0);
    }
}
