//! What Markdown and HTML say without words of the text, and what looks like markup and is not.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use cadrage::diagnostics::{ProcessType, Verdict};
use cadrage::dossier::BlockKind;
use common::{assessed, dossier, reported, verdict};

fn note(body: &str) -> cadrage::diagnostics::DossierReport {
    assessed(&format!("# Concertation sur la gare\n\n{body}\n"), ProcessType::Autre)
}

#[test]
fn links_by_reference_are_no_placeholders() {
    let links = "Voir [la charte des débats][charte], [le site][] et [le plan] ; écrire à [nom du garant].";
    let defined = note(&format!("{links}\n\n[charte]: https://exemple.fr/charte\n[le site]: https://exemple.fr\n  [Le  Plan]: <https://exemple.fr/plan>"));
    assert_eq!(reported(&defined, "redaction.a-completer"), ["[nom du garant]"]);
    for rest in ["", "\n\n[charte]: à compléter\n"] {
        let undefined = note(&format!("{links}{rest}"));
        assert!(reported(&undefined, "redaction.a-completer").len() >= 3, "{rest}");
    }
    let urls: Vec<&str> = defined.dossier.links.iter().map(|link| link.url.as_str()).collect();
    assert_eq!(urls, ["https://exemple.fr/charte", "https://exemple.fr", "https://exemple.fr/plan"]);
}

#[test]
fn brackets_of_other_tools_are_no_placeholders() {
    for text in ["[[Page du wiki]]", "[TOC]", "[@martin2020]", "`TODO`", "`[nom]`", "<code>x</code> `{{ page.title }}`"] {
        assert_eq!(reported(&note(text), "redaction.a-completer"), [""; 0], "{text}");
    }
}

#[test]
fn an_ampersand_begins_an_entity_only_where_one_stands() {
    assert_eq!(reported(&note("Le pôle R&D, TODO &amp; suite."), "redaction.a-completer"), ["TODO"]);
}

#[test]
fn an_escaped_bar_parts_no_cells() {
    let table = "| Lot | Coût |\n|---|---|\n| Lot 1 \\| 2 | 5 000 € |\n| Impression | 3 000 € |\n| Total | 8 000 € |";
    assert_eq!(reported(&note(table), "coherence.montants"), [""; 0]);
    assert_eq!(reported(&note(&table.replace("8 000", "9 000")), "coherence.montants").len(), 1);
}

#[test]
fn what_has_no_words_is_content() {
    for content in
        ["<img src=\"plan.png\">", "<figure><iframe src=\"film\"></iframe></figure>", "<p align=\"center\"><VIDEO src=\"x\"></VIDEO></p>", "![plan](p.png)"]
    {
        assert_eq!(reported(&note(&format!("## Plan\n\n{content}")), "redaction.section-vide"), [""; 0], "{content}");
    }
    assert_eq!(reported(&note("## Plan\n\n<div></div>"), "redaction.section-vide").len(), 1);
}

#[test]
fn style_and_scripts_say_nothing() {
    let text = "<style>\n.a { content: \"[nom du garant]\" }\n</style>\n\n<script>let a = \"[nom du lieu]\"</script>";
    assert_eq!(reported(&note(text), "redaction.a-completer"), [""; 0]);
}

#[test]
fn an_address_counts_though_a_link_hides_it() {
    let contact = |address: &str| verdict(&note(&format!("Contact : [nous écrire]({address}).")), "gouvernance.contact");
    assert_eq!(contact("mailto:participation@ville.fr"), Verdict::Satisfied);
    assert_eq!(contact("tel:+33102030405"), Verdict::Satisfied);
    assert_ne!(contact("https://exemple.fr"), Verdict::Satisfied);
}

#[test]
fn a_bold_line_is_the_label_of_what_is_under_it() {
    let headings = |body: &str| -> Vec<String> {
        let report = note(body);
        let dossier = &report.dossier;
        let headings = dossier.sections.iter().filter_map(|section| section.heading).skip(1);
        headings.map(|block| dossier.slice(dossier.blocks[block as usize].span).to_owned()).collect()
    };
    for form in [
        "**Garant**\nMme Odile Ferrer, nommée par la CNDP.",
        "**Garant**  \nMme Odile Ferrer.\nElle est joignable.",
        "**Garant**\\\n12 personnes.",
        "**Garant**\r\nMme Odile Ferrer.",
    ] {
        assert_eq!(headings(form).len(), 1, "{form}");
        assert!(headings(form)[0].starts_with("**Garant"), "{form}");
    }
    for prose in
        ["**La garante**\nreçoit les réclamations.", "**Mme Odile Ferrer,**\nGarante.", "**Total : 3**\n**Dont élus : 2**", "Une **garante**\nMme Ferrer."]
    {
        assert_eq!(headings(prose), [""; 0], "{prose}");
    }
}

#[test]
fn a_form_is_read_under_its_labels() {
    let report = note("**Garant**\nMme Odile Ferrer, ancienne magistrate ; elle reçoit les réclamations et publie ses observations.");
    assert_eq!(verdict(&report, "gouvernance.garant"), Verdict::Satisfied);
}

#[test]
fn a_label_in_bold_is_read_with_its_value() {
    for (id, text) in [
        ("coherence.decision-anticipee", "**Consultation** : du 4 janvier au 12 mars 2027\n\n**Délibération approuvant le projet** : 11 février 2027"),
        ("coherence.dates", "**Ouverture :** 12 juin 2027\n\n**Clôture :** 2 juin 2027"),
        ("coherence.montants", "- Animation : 9 000 €\n- Salles : 3 500 €\n\n**Total : 15 000 €**"),
    ] {
        for written in [text, &text.replace("**", "")] {
            assert_eq!(reported(&note(written), id).len(), 1, "{written}");
        }
    }
}

#[test]
fn an_image_written_in_its_address_has_no_words() {
    let image = |title: &str| format!("![plan](data:image/png;base64,{}/AW+XX{title})", "QUJD".repeat(20_000));
    for text in [image(""), image(" \"Le plan\""), format!("[{}](https://exemple.fr)", image("").replace(&"QUJD".repeat(20_000), "QUJD"))] {
        let report = note(&format!("Le plan est joint.\n\n{text}\n\nVoir [la charte](https://exemple.fr)."));
        assert_eq!(reported(&report, "redaction.sigle-non-defini"), [""; 0]);
        assert_eq!(reported(&report, "redaction.a-completer"), [""; 0]);
        assert_eq!(report.dossier.links.last().unwrap().url, "https://exemple.fr");
    }
    // what holds several words is no address
    let prose = note(&format!("[Le comité](qui sera {}TODO)", "précisé ".repeat(500)));
    assert_eq!(reported(&prose, "redaction.a-completer"), ["TODO"]);
}

#[test]
fn a_line_broken_on_purpose_is_read_on() {
    for end in ["\n", "  \n", "\\\n", "\\\r\n"] {
        let report = note(&format!("La réunion se tient le 31{end}juin 2027."));
        assert_eq!(reported(&report, "coherence.dates").len(), 1, "{end:?}");
    }
}

#[test]
fn a_sum_cut_by_the_end_of_a_line_is_one_sum() {
    let sums =
        |rest: &str| note(&format!("La démarche dispose de 118 000 € : 64{rest} pour l’animation, 31 000 € pour les indemnités et 23 000 € pour les salles."));
    for rest in ["\n000 €", "\n000 euros", "\r\n000\n€"] {
        assert_eq!(reported(&sums(rest), "coherence.montants"), [""; 0], "{rest:?}");
    }
    assert_eq!(reported(&sums("\n500 €"), "coherence.montants").len(), 1, "64 500 is not 64 000");
    let list = note("Budget par réunion, pour la réunion 3\n120 habitants invités.");
    assert!(list.dossier.tokens.iter().any(|token| list.dossier.slice(cadrage::text::Span::new(cadrage::text::FileId(0), token.start, token.end)) == "120"));
}

#[test]
fn the_lines_of_old_files_are_lines() {
    let text = "---\ntype: budget-participatif\n---\n# Budget participatif\n\nVoir [le plan][p].\n\n[p]: absent.png\n";
    for end in ["\r", "\r\n"] {
        let report = assessed(&text.replace('\n', end), ProcessType::Autre);
        assert!(report.dossier.files[0].front_matter.is_some(), "{end:?}");
        assert_eq!(report.dossier.links[0].url, "absent.png", "{end:?}");
    }
}

#[test]
fn bullets_typed_in_the_text_are_a_list() {
    let members = "• la maire\n• deux adjoints\n• le directeur des services";
    for text in [
        format!("Le comité de pilotage réunit :\n{members}\n"),
        format!("Le comité de pilotage réunit :\n\n{members}\n"),
        format!("Le comité de pilotage réunit :\n\n{}\n", members.replace('\n', "\n\n")),
        format!("**Le comité de pilotage réunit :**\n\n{members}\n"),
        format!("Le comité de pilotage réunit <b>ceux-ci</b>\n{members}\n"),
        format!("> Le comité de pilotage réunit :\n> {}\n", members.replace('\n', "\n> ")),
        format!("Le comité de pilotage réunit :\r\n{}\r\n", members.replace('\n', "\r\n").replace('•', "–")),
    ] {
        let dossier = dossier(&text);
        let items: Vec<_> = dossier.blocks.iter().filter(|block| matches!(block.kind, BlockKind::ListItem)).collect();
        let said: Vec<&str> = items.iter().map(|item| dossier.slice(item.span)).collect();
        assert_eq!(said, ["la maire", "deux adjoints", "le directeur des services"], "{text}");
        assert!(items.iter().all(|item| item.lead_in == Some(0)), "{text}");
        let introduction = dossier.slice(dossier.blocks[0].span);
        assert!(introduction.ends_with([':', '*']) || introduction.ends_with("</b>"), "{introduction}");
    }
}

#[test]
fn a_list_typed_within_another_is_introduced_by_its_item() {
    let composed = "Instances :\n• Comité de pilotage :\n  ◦ la maire\n  ◦ deux adjoints\n• Comité de suivi";
    assert_eq!(reported(&note(composed), "redaction.instance-non-definie"), ["Comité de suivi"]);
    // a quotation ends the list; a mark may hold a sign and no more
    let items = |text: &str| -> Vec<String> {
        let dossier = dossier(text);
        let items = dossier.blocks.iter().filter(|block| matches!(block.kind, BlockKind::ListItem) && block.lead_in.is_none());
        items.map(|item| dossier.slice(item.span).to_owned()).collect()
    };
    assert_eq!(items("• >\n• b"), [">", "b"]);
    assert_eq!(items("– >\n– b"), [">", "b"]);
    assert_eq!(items("Réunis :\n\n> • a\n\n• b"), ["a", "b"]);
}
