//! What reads like a heading without being one: the words before the colon of an item « Contact : Mme Roy », before the bar of a table
//! row, the bold beginning of an item, the line that introduces a list. A pattern that asks for a heading is content with it.

use crate::dossier::{BlockKind, Dossier, SentenceId};
use crate::text::{TokenFlags, TokenKind};

/// Words of a label, at most: more say something.
const MOST_WORDS: usize = 7;
/// Words of the bold sentence that opens an item, at most: it may be a question.
const MOST_BOLD: usize = 14;
/// Tokens that are looked at, at most: what introduces a list is looked at for each of its items.
const MOST_TOKENS: usize = 40;

/// How many tokens of a sentence are its label; 0 where it has none.
#[must_use]
pub fn label(dossier: &Dossier, sentence: SentenceId) -> usize {
    let data = &dossier.sentences[sentence as usize];
    let block = &dossier.blocks[data.block as usize];
    if matches!(block.kind, BlockKind::Heading { .. }) {
        return 0;
    }
    let tokens = &dossier.tokens[data.tokens.start as usize..data.tokens.end as usize];
    let mut words = 0;
    for (at, token) in tokens.iter().take(MOST_TOKENS).enumerate() {
        if token.kind != TokenKind::Punct {
            words += 1;
        } else if matches!(dossier.folded(token), ":" | "|") && words > 0 {
            // « Un point de vigilance : le nombre d'inscrits. »: a paragraph that goes on has no label
            let stands = !matches!(block.kind, BlockKind::Paragraph) || at + 1 == tokens.len();
            return if stands && words <= MOST_WORDS { at } else { 0 };
        }
    }
    if words == 0 || words > MOST_BOLD || tokens.len() > MOST_TOKENS {
        return 0;
    }
    let opens = block.sentences.start == sentence && block.sentences.len() > 1 && matches!(block.kind, BlockKind::ListItem);
    let bold = || tokens.iter().all(|token| token.kind == TokenKind::Punct || token.flags.has(TokenFlags::STRONG));
    if opens && bold() { tokens.len() } else { 0 }
}

/// The labels that stand over a sentence: its own, the bold sentence that opens its item, the line that introduces its list. For each, its
/// sentence and how many tokens of that it is.
pub fn over(dossier: &Dossier, sentence: SentenceId) -> impl Iterator<Item = (SentenceId, usize)> {
    let block = &dossier.blocks[dossier.sentences[sentence as usize].block as usize];
    let labelled = |sentence: SentenceId| Some((sentence, label(dossier, sentence))).filter(|(_, tokens)| *tokens > 0);
    let length = |sentence: SentenceId| dossier.sentences[sentence as usize].tokens.len();
    let opening = Some(block.sentences.start).filter(|first| *first != sentence).and_then(labelled).filter(|(first, tokens)| *tokens == length(*first));
    // nothing but a mark comes after the label of a line that introduces
    let lead_in = block.lead_in.and_then(labelled).filter(|(lead_in, tokens)| tokens + 1 == length(*lead_in));
    [labelled(sentence), opening, lead_in].into_iter().flatten()
}
