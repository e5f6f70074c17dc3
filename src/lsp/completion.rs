//! What can be written next: ids in suppression comments, keys and values in front matter.

use lsp_types::{CompletionItem, CompletionItemKind, CompletionItemTextEdit, Documentation, MarkupContent, MarkupKind, TextEdit};

use super::encoding::Places;
use super::pages;
use super::scene::Client;
use crate::diagnostics::suppression::Directive;
use crate::diagnostics::{ProcessType, Severity};
use crate::messages;
use crate::session::Session;

/// What may stand at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// The command of a comment.
    Command,
    /// An id or a theme.
    Id,
    /// A key of front matter.
    Key(&'static [&'static str]),
    /// A type of process.
    Type,
    /// A severity.
    Severity,
}

const TOP: &[&str] = &["type", "cadrage"];
const OPTIONS: &[&str] = &["select", "ignore", "severity"];

/// What to offer at byte `offset`; `reported` are the ids of the gaps of the dossier, offered first.
#[must_use]
pub fn complete(places: Places, offset: u32, session: &Session, reported: &[&str], client: Client) -> Vec<CompletionItem> {
    let before = &places.text[..offset as usize];
    let Some(wanted) = in_comment(before).or_else(|| in_front_matter(before)) else { return Vec::new() };
    let (start, end) = word(places.text, offset as usize);
    let range = places.range(start as u32, end as u32);
    let quoted = needs_quotes(before, start, wanted);
    let written = |insert: String| if quoted { format!("\"{insert}\"") } else { insert };
    let lang = session.lang;
    let item = |label: &str, kind: CompletionItemKind, detail: &str, insert: String, rank: u8| CompletionItem {
        label: label.to_owned(),
        kind: Some(kind),
        detail: (!detail.is_empty()).then(|| detail.to_owned()),
        filter_text: Some(label.to_owned()),
        sort_text: Some(format!("{rank}{label}")),
        text_edit: Some(CompletionItemTextEdit::TextEdit(TextEdit { range, new_text: written(insert) })),
        ..CompletionItem::default()
    };
    let plain = |labels: &[&str], kind: CompletionItemKind| labels.iter().map(|l| item(l, kind, "", (*l).to_owned(), 0)).collect::<Vec<_>>();
    match wanted {
        Wanted::Command => {
            let space = if places.text[end..].starts_with([' ', '\u{a0}']) { "" } else { " " };
            ["ignore", "ignore-file"].iter().map(|c| item(c, CompletionItemKind::Keyword, "", format!("{c}{space}"), 0)).collect()
        }
        Wanted::Key(keys) => plain(keys, CompletionItemKind::Property),
        Wanted::Severity => plain(&Severity::ALL.map(Severity::id), CompletionItemKind::EnumMember),
        Wanted::Type => {
            let types = ProcessType::ALL.iter();
            types.map(|t| item(t.id(), CompletionItemKind::EnumMember, messages::process_type(*t).get(lang), t.id().to_owned(), 0)).collect()
        }
        Wanted::Id => {
            let catalogue = &session.catalogue;
            let criteria = catalogue.criteria.iter().map(|c| (&c.id, &c.title));
            let rules = catalogue.rules.iter().map(|r| (&r.id, &r.title));
            let themes = catalogue.themes.iter().map(|t| (&t.id, &t.title));
            let entry = |(id, title): (&String, &crate::lang::Text), rank: u8| {
                let rank = if reported.contains(&id.as_str()) { 0 } else { rank };
                let about = pages::summary(session, id);
                let said = client.markdown_completion && !about.is_empty();
                let about = Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value: about });
                let documentation = said.then_some(about);
                CompletionItem { documentation, ..item(id, CompletionItemKind::Value, title.get(lang), id.clone(), rank) }
            };
            criteria.chain(rules).map(|e| entry(e, 1)).chain(themes.map(|e| entry(e, 2))).collect()
        }
    }
}

/// The word that byte `offset` stands in, or at an end of: all of it is replaced. A dash that begins a reason or ends a comment is no
/// part of one.
fn word(text: &str, offset: usize) -> (usize, usize) {
    let other = |c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
    let before = &text[..offset];
    let start = before.rfind(other).map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    let rest = &text[offset..];
    let rest = &rest[..rest.find(other).unwrap_or(rest.len())];
    let rest = &rest[..rest.find("--").unwrap_or(rest.len())];
    (start, offset + rest.trim_end_matches('-').len())
}

/// Whether what is written must bring its own quotation marks: in TOML, where a value is never bare, nor a key with a dot in it.
fn needs_quotes(before: &str, start: usize, wanted: Wanted) -> bool {
    let toml = before.trim_start_matches('\u{feff}').starts_with("+++") && in_front_matter(before) == Some(wanted);
    toml && matches!(wanted, Wanted::Type | Wanted::Severity | Wanted::Id) && !before[..start].ends_with(['"', '\''])
}

/// Within `<!-- cadrage: …`, before the dash of the reason.
fn in_comment(before: &str) -> Option<Wanted> {
    let open = before.rfind("<!--")?;
    let inside = &before[open + 4..];
    if inside.contains("-->") {
        return None;
    }
    let directive = Directive::read(inside).filter(|directive| directive.colon)?;
    if directive.rest.is_empty() {
        return Some(Wanted::Command);
    }
    (directive.whole_file().is_some() && directive.parts().1.is_none()).then_some(Wanted::Id)
}

/// Within the front matter that opens the text.
fn in_front_matter(before: &str) -> Option<Wanted> {
    let text = before.trim_start_matches('\u{feff}');
    let (yaml, body) = match (text.strip_prefix("---"), text.strip_prefix("+++")) {
        (Some(body), _) => (true, body),
        (_, Some(body)) => (false, body),
        _ => return None,
    };
    let body = body.strip_prefix("\r\n").or_else(|| body.strip_prefix('\n'))?;
    let fence = if yaml { "---" } else { "+++" };
    if body.lines().any(|line| line.trim_end() == fence) {
        return None;
    }
    let mut lines: Vec<&str> = body.split('\n').collect();
    let line = lines.pop()?;
    if yaml { in_yaml(&lines, line) } else { in_toml(&lines, line) }
}

fn in_yaml(above: &[&str], line: &str) -> Option<Wanted> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    // the keys that the line stands under, the nearest first
    let mut parents = Vec::new();
    let mut limit = indent(line);
    let item = line.trim_start().starts_with('-');
    for other in above.iter().rev().filter(|l| !l.trim().is_empty() && !l.trim_start().starts_with('-')) {
        let depth = indent(other);
        if depth < limit || (item && parents.is_empty() && depth == limit) {
            parents.extend(other.trim().split_once(':').map(|(key, _)| key));
            limit = depth;
        }
    }
    let key = line.trim_start().split_once(':').map(|(key, _)| key.trim().trim_matches(['"', '\'']));
    match (parents.as_slice(), key) {
        ([], None) if !item => Some(Wanted::Key(TOP)),
        ([], Some("type")) => Some(Wanted::Type),
        (["cadrage"], None) if !item => Some(Wanted::Key(OPTIONS)),
        (["cadrage"], Some("select" | "ignore")) | (["select" | "ignore", "cadrage"], None) => Some(Wanted::Id),
        (["severity", "cadrage"], None) => Some(Wanted::Id),
        (["severity", "cadrage"], Some(_)) => Some(Wanted::Severity),
        _ => None,
    }
}

fn in_toml(above: &[&str], line: &str) -> Option<Wanted> {
    let table = above.iter().rev().find_map(|l| l.trim().strip_prefix('[')?.strip_suffix(']')).unwrap_or("");
    let key = line.split_once('=').map(|(key, _)| key.trim());
    match (table, key) {
        ("", None) => Some(Wanted::Key(TOP)),
        ("", Some("type")) => Some(Wanted::Type),
        ("cadrage", None) => Some(Wanted::Key(OPTIONS)),
        ("cadrage", Some("select" | "ignore")) | ("cadrage.severity", None) => Some(Wanted::Id),
        ("cadrage.severity", Some(_)) => Some(Wanted::Severity),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_wanted_before_the_reason_only() {
        assert_eq!(in_comment("texte <!-- cadrage: ignore gouv"), Some(Wanted::Id));
        assert_eq!(in_comment("<!-- cadrage: ignore moyens.budget, "), Some(Wanted::Id));
        assert_eq!(in_comment("<!-- cadrage: ign"), Some(Wanted::Command));
        assert_eq!(in_comment("<!-- cadrage : ignore suites.reponse-"), Some(Wanted::Id));
        assert_eq!(in_comment("<!-- cadrage: ignore moyens.budget — vot"), None);
        assert_eq!(in_comment("<!-- cadrage : ignore moyens.budget\u{a0}: vot"), None);
        assert_eq!(in_comment("<!-- cadrage: ignore x --> texte"), None);
        assert_eq!(in_comment("<!-- une note"), None);
    }

    /// The text once a proposal is taken; the cursor is at the bar.
    fn taken(marked: &str, label: &str) -> String {
        let session = Session { catalogue: crate::checks::Catalogue::load_with(&[], &[]).unwrap(), ..Session::default() };
        let at = marked.find('|').unwrap();
        let text = marked.replacen('|', "", 1);
        let lines = crate::text::LineIndex::new(&text);
        let places = Places { text: &text, lines: &lines, encoding: crate::lsp::encoding::Encoding::Utf8, skip_bom: false };
        let items = complete(places, at as u32, &session, &[], Client::default());
        let item = items.into_iter().find(|item| item.label == label).unwrap_or_else(|| panic!("{marked}: {label}"));
        let Some(CompletionItemTextEdit::TextEdit(edit)) = item.text_edit else { panic!("{marked}") };
        let (start, end) = (places.offset(edit.range.start) as usize, places.offset(edit.range.end) as usize);
        format!("{}{}{}", &text[..start], edit.new_text, &text[end..])
    }

    #[test]
    fn the_whole_word_is_replaced() {
        for (marked, label, wanted) in [
            ("<!-- cadrage: ignore gouv|ernance.garant -->", "gouvernance.garant", "<!-- cadrage: ignore gouvernance.garant -->"),
            ("<!-- cadrage: ignore moy|-->", "moyens.budget", "<!-- cadrage: ignore moyens.budget-->"),
            ("<!-- cadrage: ignore moy|— voté -->", "moyens.budget", "<!-- cadrage: ignore moyens.budget— voté -->"),
            ("<!-- cadrage: ign|o moyens.budget -->", "ignore", "<!-- cadrage: ignore moyens.budget -->"),
            ("<!-- cadrage: ig|", "ignore", "<!-- cadrage: ignore "),
            ("---\ntype: con|certation\n---\n", "atelier-citoyen", "---\ntype: atelier-citoyen\n---\n"),
        ] {
            assert_eq!(taken(marked, label), wanted);
        }
    }

    #[test]
    fn what_is_written_in_toml_is_quoted() {
        for (marked, label, wanted) in [
            ("+++\ntype = |\n+++\n", "atelier-citoyen", "+++\ntype = \"atelier-citoyen\"\n+++\n"),
            ("+++\ntype = \"ate|\"\n+++\n", "atelier-citoyen", "+++\ntype = \"atelier-citoyen\"\n+++\n"),
            ("+++\n[cadrage]\nignore = [moy|]\n+++\n", "moyens.budget", "+++\n[cadrage]\nignore = [\"moyens.budget\"]\n+++\n"),
            ("+++\n[cadrage.severity]\nmoy|\n+++\n", "moyens.budget", "+++\n[cadrage.severity]\n\"moyens.budget\"\n+++\n"),
            ("+++\n[cadrage.severity]\n\"moyens.budget\" = |\n+++\n", "advice", "+++\n[cadrage.severity]\n\"moyens.budget\" = \"advice\"\n+++\n"),
            ("+++\nty|\n+++\n", "type", "+++\ntype\n+++\n"),
            ("+++\n+++\n<!-- cadrage: ignore moy|", "moyens.budget", "+++\n+++\n<!-- cadrage: ignore moyens.budget"),
        ] {
            assert_eq!(taken(marked, label), wanted);
        }
    }

    #[test]
    fn front_matter_wants_keys_then_values() {
        assert_eq!(in_front_matter("---\nti"), Some(Wanted::Key(TOP)));
        assert_eq!(in_front_matter("---\ntype: con"), Some(Wanted::Type));
        assert_eq!(in_front_matter("---\ntitle: x\ncadrage:\n  "), Some(Wanted::Key(OPTIONS)));
        assert_eq!(in_front_matter("---\ncadrage:\n  ignore:\n    - moy"), Some(Wanted::Id));
        assert_eq!(in_front_matter("---\ncadrage:\n  ignore: [moy"), Some(Wanted::Id));
        assert_eq!(in_front_matter("---\ncadrage:\n  severity:\n    moy"), Some(Wanted::Id));
        assert_eq!(in_front_matter("---\ncadrage:\n  severity:\n    moyens.budget: adv"), Some(Wanted::Severity));
        assert_eq!(in_front_matter("---\ntitle: un ti"), None);
        assert_eq!(in_front_matter("---\ntype: autre\n---\n\nty"), None);
        assert_eq!(in_front_matter("# Titre\n\nty"), None);
    }

    #[test]
    fn front_matter_in_toml_too() {
        assert_eq!(in_front_matter("+++\ntype = \"con"), Some(Wanted::Type));
        assert_eq!(in_front_matter("+++\n[cadrage]\nign"), Some(Wanted::Key(OPTIONS)));
        assert_eq!(in_front_matter("+++\n[cadrage.severity]\n\"moyens\" = \"ad"), Some(Wanted::Severity));
    }
}
