//! Markdown drawn at random, of all that a dossier is made of.

#![allow(dead_code)]

use proptest::prelude::*;

/// Sentences that make the tool speak.
pub fn written() -> BoxedStrategy<String> {
    prop_oneof![
        Just("Un comité de suivi sera mis en place.".to_owned()),
        Just("Il sera tenu compte des avis dans la mesure du possible.".to_owned()),
        Just("Le budget est de XX euros ; le garant est [nom du garant].".to_owned()),
        Just("La réunion du 31 juin 2027 ouvre la concertation.".to_owned()),
        Just("Le CODER donnera un avis **très** _important_ (cf. annexe 3).".to_owned()),
        Just("Ne pensez\u{2011}vous pas que l’île mérite « mieux » ?".to_owned()),
        Just("Le pôle R&D, TODO &amp; suite : « [les débats][charte] ».".to_owned()),
        Just("Les citoyen·ne·s de l&#39;Oise &amp; d’ailleurs, `code` et [lien](absent.md).".to_owned()),
        Just("Œuvre, cœur, ﬁn, é décomposé e\u{301}, émoji 🗳️ et 漢字.".to_owned()),
        Just("Coût : 12\u{a0}000\u{202f}€, soit 3\u{a0}% de plus\\| et \\*pas\\* d’emphase.".to_owned()),
    ]
    .boxed()
}

/// Such sentences, and marks without sense that try to make it stumble.
pub fn any() -> BoxedStrategy<String> {
    prop_oneof![10 => written(), 1 => "[ -~éèàçœ«»’…–]{0,60}"].boxed()
}

fn block(sentence: &BoxedStrategy<String>) -> BoxedStrategy<String> {
    let sentence = || sentence.clone();
    let sentences = prop::collection::vec(sentence(), 1..4).prop_map(|s| s.join(" ")).boxed();
    prop_oneof![
        4 => sentences.clone(),
        1 => sentences.clone().prop_map(|s| s.replace(' ', "\n")),
        1 => (1usize..5, sentence()).prop_map(|(n, s)| format!("{} {}", "#".repeat(n), s.replace('\n', " "))),
        1 => sentence().prop_map(|s| format!("{}\n===", s.replace('\n', " "))),
        1 => prop::collection::vec(sentence(), 1..4).prop_map(|items| items.iter().map(|i| format!("- {i}\n")).collect()),
        1 => prop::collection::vec(sentence(), 1..4).prop_map(|items| items.iter().enumerate().map(|(n, i)| format!("{}. {i}\n   - {i}\n", n + 1)).collect()),
        1 => prop::collection::vec(sentence(), 2..4).prop_map(|c| format!("| Qui | Quoi |\n|---|---|\n| {} | {} |\n", c[0].replace('|', "\\|"), c[1].replace('|', "\\|"))),
        1 => sentences.prop_map(|s| format!("> {s}\n> > {s}")),
        1 => sentence().prop_map(|s| format!("**{}**", s.replace("**", ""))),
        1 => sentence().prop_map(|s| format!("Texte[^1].\n\n[^1]: {s}")),
        1 => Just("<!-- un comité -->".to_owned()),
        1 => Just("[charte]: absente.md".to_owned()),
        1 => Just("<figure><img src=\"plan.png\"></figure>".to_owned()),
        1 => Just("```\nUn comité de suivi\n```".to_owned()),
    ]
    .boxed()
}

/// A dossier of a few blocks made of sentences, with or without front matter, as several systems write it.
pub fn document(sentence: &BoxedStrategy<String>) -> impl Strategy<Value = String> + use<> {
    let yes = prop::bool::ANY;
    (prop::collection::vec(block(sentence), 0..8), yes, yes, yes).prop_map(|(blocks, crlf, bom, matter)| {
        let mut text = blocks.join("\n\n");
        if matter {
            text = format!("---\ntitle: Essai — é\n---\n\n{text}");
        }
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        if bom {
            text.insert(0, '\u{feff}');
        }
        text
    })
}
