use std::collections::BTreeSet;

use super::*;
use crate::testing;

fn output(report: &Report, lang: Lang) -> String {
    let mut bytes = Vec::new();
    render(report, &testing::catalogue(), &RenderOptions { lang, ..RenderOptions::default() }, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// The values of `attribute`, which the page always quotes.
fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    page.split(start.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

fn tags(page: &str) -> BTreeSet<&str> {
    page.split('<').skip(1).filter_map(|tag| tag.split([' ', '>']).next()).collect()
}

#[test]
fn in_french() {
    let page = output(&testing::report(), Lang::Fr).replace(STYLE, "").replace(env!("CARGO_PKG_VERSION"), "VERSION");
    insta::assert_snapshot!(page.replace("><", ">\n<"));
}

#[test]
fn in_english() {
    let page = output(&testing::report(), Lang::En);
    for words in ["<html lang=\"en\">", "insufficient framing", "What the dossier says", "Follow-up", "Gap 1"] {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn every_link_leads_somewhere_on_the_page_and_no_id_comes_twice() {
    let mut report = testing::report();
    report.dossiers.extend(testing::report().dossiers);
    let page = output(&report, Lang::Fr);
    let ids = values(&page, "id");
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len());
    for link in values(&page, "href") {
        assert!(link.strip_prefix('#').is_some_and(|id| unique.contains(id)), "{link}");
    }
    assert_eq!(page.matches("<h1>").count(), 1);
}

#[test]
fn the_text_is_whole_and_its_gaps_are_marked() {
    let page = output(&testing::report(), Lang::Fr);
    assert!(page.contains("<mark class=\"error\">tiendra compte des avis exprimés et\npubliera une réponse.</mark><sup class=\"refs\">"), "{page}");
    assert!(page.contains("<mark class=\"warning\">Gouvernance</mark><sup class=\"refs\"><a href=\"#d1-gap-1\" aria-label=\"Lacune 1\">1</a><a"), "{page}");
    let report = testing::report();
    for (file, shown) in report.dossiers[0].dossier.files.iter().zip(page.split("<pre ").skip(1)) {
        let shown = shown.split("</pre>").next().unwrap().split_once('>').unwrap().1;
        let mut text = String::new();
        let mut reference = false;
        for part in shown.split('<') {
            let (tag, words) = part.split_once('>').unwrap_or(("", part));
            reference = tag.starts_with("sup") || (reference && tag != "/sup");
            text.push_str(if reference { "" } else { words });
        }
        assert_eq!(html_escape::decode_html_entities(&text), visible_text(&file.text));
    }
}

fn visible_text(text: &str) -> String {
    crate::report::plain::visible_lines(text)
}

#[test]
fn hostile_text_is_inert() {
    let page = output(&testing::hostile(), Lang::Fr);
    crate::report::plain::assert_inert(&page);
    assert_eq!(tags(&page).difference(&tags(&output(&testing::report(), Lang::Fr))).count(), 0, "{page}");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{page}");
    assert!(values(&page, "href").iter().all(|link| link.starts_with('#')));
    for request in [" src=", "url(", "@import", "<link", "<script"] {
        assert!(!page.contains(request), "{request}");
    }
}
