//! Shows how a dossier is cut: sections, blocks, sentences.
fn main() {
    for path in std::env::args().skip(1) {
        let (dossier, _) = cadrage::dossier::Loader::default().load(&path, None).unwrap();
        for (i, b) in dossier.blocks.iter().enumerate() {
            println!("[{i}] {:?} sec {} lead {:?} hdr {:?}", b.kind, b.section, b.lead_in, b.header);
            for s in b.sentences.clone() {
                let s = &dossier.sentences[s as usize];
                let words: Vec<_> = dossier.tokens[s.tokens.start as usize..s.tokens.end as usize].iter().map(|t| dossier.folded(t)).collect();
                println!("      {}: {}", dossier.start(s.span).line, words.join(" "));
            }
        }
    }
}
