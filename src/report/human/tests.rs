use super::*;
use crate::diagnostics::Report;
use crate::lang::Lang;
use crate::report::Format;
use crate::report::plain::width;
use crate::testing;

fn output(report: &Report, options: &RenderOptions) -> String {
    let mut bytes = Vec::new();
    crate::report::render(Format::Human, report, &testing::catalogue(), options, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn in_french() {
    insta::assert_snapshot!(output(&testing::report(), &RenderOptions::default()));
}

#[test]
fn in_english_unfolded() {
    insta::assert_snapshot!(output(&testing::report(), &RenderOptions { lang: Lang::En, verbose: true, ..RenderOptions::default() }));
}

#[test]
fn with_colour() {
    let plain = output(&testing::report(), &RenderOptions::default());
    let coloured = output(&testing::report(), &RenderOptions { color: true, ..RenderOptions::default() });
    assert_ne!(plain, coloured);
    assert_eq!(plain, anstream::adapter::strip_str(&coloured).to_string());
    insta::assert_snapshot!(coloured.replace('\u{1b}', "␛"));
}

#[test]
fn quietly() {
    let quiet = output(&testing::report(), &RenderOptions { quiet: true, ..RenderOptions::default() });
    assert_eq!(quiet, "notes/eau\u{a0}: cadrage insuffisant — 3 erreurs, 1 avertissement et 1 conseil\n");
}

#[test]
fn what_is_said_again_and_again_is_listed() {
    let shown = |mentions: usize, options: &RenderOptions| {
        let mut report = testing::with_text("note.md", &"à compléter\n\n".repeat(mentions), "à compléter");
        let dossier = &mut report.dossiers[0];
        let hit = dossier.diagnostics.remove(0);
        let spans = dossier.dossier.blocks.iter().map(|block| block.span);
        dossier.diagnostics = spans.map(|primary| Diagnostic { primary, message: "À compléter.".into(), help: None, ..hit.clone() }).collect();
        output(&report, options)
    };
    let headers = |text: &str| text.matches("[redaction.a-completer]").count();
    let (ten, twelve, many) = (shown(10, &RenderOptions::default()), shown(12, &RenderOptions::default()), shown(200, &RenderOptions::default()));
    assert!(headers(&ten) == 10 && !ten.contains("de même"), "{ten}");
    assert!(headers(&twelve) == 10 && twelve.contains("\n   = de même, lignes\u{a0}21, 23\n"), "{twelve}");
    let listed: Vec<&str> = many.lines().skip_while(|line| !line.contains("de même")).take(3).collect();
    assert!(headers(&many) == 10 && listed[1].ends_with("… et 160 autres") && listed[2].is_empty(), "{listed:#?}");
    let verbose = shown(12, &RenderOptions { verbose: true, ..RenderOptions::default() });
    assert!(headers(&verbose) == 12 && !verbose.contains("de même"), "{verbose}");
}

#[test]
fn what_is_left_out_can_be_asked_for() {
    let mut report = testing::report();
    let shown = |report: &Report, verbose: bool| output(report, &RenderOptions { verbose, ..RenderOptions::default() }).contains("--verbose");
    assert!(shown(&report, false) && !shown(&report, true));
    report.dossiers[0].diagnostics.retain(|d| d.id == "redaction.a-completer");
    assert!(!shown(&report, false));
}

#[test]
fn nothing_runs_over_the_edge() {
    for columns in [80, 100, 160] {
        for verbose in [false, true] {
            let text = output(&testing::report(), &RenderOptions { width: columns, verbose, ..RenderOptions::default() });
            let wide: Vec<&str> = text.lines().filter(|line| width(line) > columns).collect();
            assert!(wide.is_empty(), "{columns}: {wide:#?}");
        }
    }
}

#[test]
fn hostile_text_is_inert() {
    let text = "# Titre \u{1b}[31mrouge\u{1b}[0m\n\nUn \u{202e}tnemeganeart \u{9b}2J à compléter\u{7}.\n";
    let report = testing::with_text("notes/\u{1b}]0;x\u{7}.md", text, "à compléter");
    for color in [false, true] {
        let shown = output(&report, &RenderOptions { color, ..RenderOptions::default() });
        let plain = anstream::adapter::strip_str(&shown).to_string();
        assert!(!plain.chars().any(|c| (c.is_control() && c != '\n') || crate::report::plain::is_bidi_control(c)), "{plain:?}");
        assert!(plain.contains("Un ‹U+202E›tnemeganeart ‹U+009B›2J à compléter␇."), "{plain}");
    }
}

#[test]
fn ids_are_links_for_terminals_that_follow_them() {
    let options = RenderOptions { color: true, pages: Some("https://exemple.fr/{id}".into()), ..RenderOptions::default() };
    let text = output(&testing::report(), &options);
    assert!(text.contains("\u{1b}]8;;https://exemple.fr/redaction.a-completer\u{1b}\\"), "{text:?}");
    let plain = output(&testing::report(), &RenderOptions { pages: options.pages, ..RenderOptions::default() });
    assert!(!plain.contains('\u{1b}'), "{plain:?}");
}
