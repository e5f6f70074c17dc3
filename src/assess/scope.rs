//! Whether the document frames a participation process at all, and of which type. What to look for is in `checks/detection.toml`.

use std::cell::LazyCell;

use crate::annotate::{Annotations, TokenFacts, kinds};
use crate::checks::format::Mode;
use crate::checks::{Catalogue, CheckError, mistakes, place};
use crate::diagnostics::ProcessType;
use crate::dossier::{BlockKind, Dossier, SentenceId};
use crate::text::Token;

use super::criteria::Blank;
use super::hits::{Hit, Hits};

/// What is looked at.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// The dossier.
    dossier: &'a Dossier,
    /// What its French says.
    annotations: &'a Annotations,
    /// Where the patterns are.
    hits: &'a Hits,
    /// The catalogue.
    catalogue: &'a Catalogue,
    /// For each sentence, what placeholders leave of it.
    blanks: &'a [Blank],
    /// Whether the document has a heading of the first rank.
    titled: bool,
}

/// Weight of a title against a sentence.
const TITLE: usize = 4;
/// Weight of any other heading.
const HEADING: usize = 2;
/// One sentence in so many, of those with a verb, announces a participation where the document frames one: the framings that the tests
/// and trials hold announce it more often, most other documents more seldom.
const SENTENCES: usize = 16;
/// In fewer sentences, it need only be named…
const SHORT: usize = 12;
/// … in as many as this, of which the title counts for several.
const LEAST: usize = 2;
/// Fewer sentences than this of another kind of document tell nothing: any document has some.
const OTHER: usize = 2;
/// So many sentences that set the terms of a process outweigh a title that documents of other kinds bear.
const TERMS: usize = 2;

/// Passages that sound like another kind of document, at most so many of which are shown.
const SHOWN: usize = 3;

/// Why a document frames no participation process.
#[derive(Debug)]
pub struct Outside {
    /// The name of the reason.
    pub why: &'static str,
    /// Where it is to be seen, if it is.
    pub passages: Vec<Hit>,
}

impl Outside {
    /// No participation is announced.
    pub const SILENT: &'static str = "muet";
    /// It speaks as another kind of document does.
    pub const OTHER_KIND: &'static str = "autre-genre";
    /// Its title announces another kind of document.
    pub const OTHER_TITLE: &'static str = "autre-titre";
    /// It tells of what has been done.
    pub const PAST: &'static str = "passe";
}

/// The names of the signs that tell no type of process.
const SIGNS: [&str; 7] = ["participation", "appel", "autre-genre", "conditions", "titre-cadrage", "titre-autre", "titre-ambigu"];

/// The types of process that are told by their signs, which have the name of the type.
fn told_types() -> impl Iterator<Item = ProcessType> {
    ProcessType::ALL.into_iter().filter(|kind| *kind != ProcessType::Autre)
}

fn signs() -> impl Iterator<Item = &'static str> {
    SIGNS.into_iter().chain(told_types().map(ProcessType::id))
}

/// Whether the signs that `catalogue` gives are all asked for.
///
/// # Errors
/// The first that is not, at its place.
pub fn verify(catalogue: &Catalogue) -> Result<(), CheckError> {
    let Some(name) = catalogue.detection.keys().find(|name| signs().all(|sign| sign != name.as_str())) else { return Ok(()) };
    let mut places = catalogue.detection_files.iter().filter_map(|file| Some((file, place::of_key(&file.text, &["pattern"], name)?)));
    let (file, span) = places.next().unzip();
    let (path, text) = file.map_or(("", ""), |file| (&file.path, &file.text));
    let error = CheckError::at(path, text, span, mistakes::NO_SIGNS.both(&[("name", name)]));
    Err(CheckError { help: mistakes::meant(name, signs()), ..error })
}

/// Sentences with a verb in the future, in the past, and with any finite verb.
struct Tenses {
    future: usize,
    past: usize,
    all: usize,
}

impl Tenses {
    /// Some sentences promise or announce: a verb in the future.
    const fn look_ahead(&self) -> bool {
        self.future * 4 > self.all
    }

    /// A story of what has been done: the past almost everywhere.
    const fn tell(&self) -> bool {
        self.past * 2 > self.all && self.future * 8 < self.all
    }
}

impl<'a> Scope<'a> {
    /// What is looked at in `dossier`.
    #[must_use]
    pub fn new(dossier: &'a Dossier, annotations: &'a Annotations, hits: &'a Hits, catalogue: &'a Catalogue, blanks: &'a [Blank]) -> Self {
        let titled = dossier.blocks.iter().any(|block| matches!(block.kind, BlockKind::Heading { level: 1 }));
        Self { dossier, annotations, hits, catalogue, blanks, titled }
    }

    fn named(&self, name: &str) -> Vec<Hit> {
        debug_assert!(signs().any(|sign| sign == name), "{name}");
        let mut hits = self.catalogue.detection.get(name).map(|list| self.hits.any(*list)).unwrap_or_default();
        hits.retain(|hit| !self.is_to_fill(hit.sentence));
        hits
    }

    /// A sentence with blanks in square brackets, which a template proposes: it speaks neither for a participation nor against one, lest a
    /// skeleton change what the document is taken for. A heading tells what is under it all the same.
    fn is_to_fill(&self, sentence: SentenceId) -> bool {
        let data = &self.dossier.sentences[sentence as usize];
        let heading = matches!(self.dossier.blocks[data.block as usize].kind, BlockKind::Heading { .. });
        let bracket = || self.dossier.tokens[data.tokens.start as usize..data.tokens.end as usize].iter().any(|token| self.dossier.folded(token) == "[");
        self.blanks[sentence as usize] != Blank::No && !heading && bracket()
    }

    /// A title, or one of the first lines where the document has no heading of the first rank.
    fn is_title(&self, sentence: SentenceId) -> bool {
        let data = &self.dossier.sentences[sentence as usize];
        self.dossier.is_title(sentence)
            || !self.titled && data.block < 4 && data.tokens.len() < 25 && !matches!(self.dossier.blocks[data.block as usize].kind, BlockKind::TableRow { .. })
    }

    /// A heading under which nothing stands but what is to fill in: the words of a skeleton are not read as sentences (« risques » is no verb).
    fn heads_blanks(&self, sentence: SentenceId) -> bool {
        let block = self.dossier.sentences[sentence as usize].block;
        let section = &self.dossier.sections[self.dossier.blocks[block as usize].section as usize];
        let under = || section.blocks.start as usize + 1..section.blocks.end as usize;
        section.heading == Some(block) && !under().is_empty() && self.dossier.blocks[under()].iter().all(|b| b.sentences.clone().all(|s| self.is_to_fill(s)))
    }

    fn weight(&self, hits: &[Hit]) -> usize {
        let weigh = |hit: &Hit| match self.dossier.blocks[self.dossier.sentences[hit.sentence as usize].block as usize].kind {
            _ if self.is_title(hit.sentence) => TITLE,
            BlockKind::Heading { .. } => HEADING,
            _ => 1,
        };
        hits.iter().map(weigh).sum()
    }

    /// Why the document frames no participation process, if it frames none; it satisfies so many of the criteria that tell one.
    ///
    /// What satisfies two fifths of them frames one, whatever its words, unless its title or its tenses say otherwise: of the whole
    /// framings that the tests and trials hold, nearly all do; of eighty other documents, three. Of the rest, those are out that announce no
    /// participation, or speak more often as another kind of document does.
    #[must_use]
    pub fn outside(&self, told: usize) -> Option<Outside> {
        let outside = |why| Some(Outside { why, passages: Vec::new() });
        let titled = |hits: &[Hit]| hits.iter().any(|h| self.is_title(h.sentence));
        let in_title = |name: &str| titled(&self.named(name));
        let framing = in_title("titre-cadrage");
        let framed = told > 0 && told * 5 >= self.catalogue.telling.len() * 2;
        let participation = self.named("participation");
        let (announced, named) = (self.asserted("appel"), self.weight(&participation));
        if announced == 0 && named == 0 && !framing {
            return outside(Outside::SILENT);
        }
        let tenses = LazyCell::new(|| self.tenses());
        if !framed {
            // a title that says so is worth a sentence
            let announced = announced + usize::from(framing) + usize::from(titled(&participation));
            let sentences = tenses.all;
            let mut other = self.named("autre-genre");
            if other.len() >= OTHER && other.len() > announced {
                other.truncate(SHOWN);
                return Some(Outside { why: Outside::OTHER_KIND, passages: other });
            }
            if announced < sentences.div_ceil(SENTENCES).max(1) && (sentences >= SHORT || named < LEAST) {
                return outside(if tenses.tell() { Outside::PAST } else { Outside::SILENT });
            }
        }
        // « Le budget participatif, mode d'emploi » is that of a process where it sets the terms of one
        let ambiguous = || !framed && in_title("titre-ambigu") && self.asserted("conditions") < TERMS;
        let other_title = || in_title("titre-autre") || ambiguous();
        if framing {
            None
        } else if other_title() && !tenses.look_ahead() {
            outside(Outside::OTHER_TITLE)
        } else if tenses.tell() {
            outside(Outside::PAST)
        } else {
            None
        }
    }

    /// The sentences that have a sign, neither denied nor of what is past.
    fn asserted(&self, name: &str) -> usize {
        let past = |hit: &&Hit| self.annotations.modes[hit.sentence as usize].has(Mode::Past) || hit.denied();
        self.named(name).iter().filter(|hit| !past(hit)).count()
    }

    fn tenses(&self) -> Tenses {
        let (mut future, mut past, mut all) = (0, 0, 0);
        for (_, sentence) in (0..).zip(&self.dossier.sentences).filter(|(id, _)| !self.is_to_fill(*id) && !self.heads_blanks(*id)) {
            let tokens = sentence.tokens.start as usize..sentence.tokens.end as usize;
            let facts = &self.annotations.facts[tokens.clone()];
            let kinds = facts.iter().fold(0, |kinds, facts| kinds | facts.kinds);
            let is_future = kinds & kinds::FUTURE != 0;
            let is_past = !is_future && self.is_past(&self.dossier.tokens[tokens], facts);
            future += usize::from(is_future);
            past += usize::from(is_past);
            all += usize::from(is_future || is_past || kinds & kinds::PRESENT != 0);
        }
        Tenses { future, past, all }
    }

    /// « A réuni », « se sont tenus », « était ».
    fn is_past(&self, tokens: &[Token], facts: &[TokenFacts]) -> bool {
        let text = |at: usize| self.dossier.folded(&tokens[at]);
        let compound = |at: usize| {
            let auxiliary = facts[at].kinds & kinds::PRESENT != 0
                && (matches!(text(at), "a" | "ont" | "avons" | "ai") || at > 0 && matches!(text(at), "est" | "sont") && matches!(text(at - 1), "s" | "se"));
            // « a lieu du 3 mai »: no « dû »
            let participle = |j: usize| facts[j].kinds & kinds::PARTICIPLE != 0 && text(j) != "du" || text(j) == "ete";
            auxiliary && (at + 1..tokens.len().min(at + 4)).any(participle)
        };
        let imperfect = |at: usize| !facts[at].forms.is_empty() && matches!(text(at), "avait" | "avaient" | "etait" | "etaient");
        (0..tokens.len()).any(|at| compound(at) || imperfect(at))
    }

    /// The type of process that the title alone names, or that the text speaks of most; [`ProcessType::Autre`] where none stands out.
    #[must_use]
    pub fn process_type(&self) -> ProcessType {
        let hits: Vec<(Vec<Hit>, ProcessType)> = told_types().map(|kind| (self.named(kind.id()), kind)).collect();
        // « Convention citoyenne sur… »: its own title says so
        let mut titled = hits.iter().filter(|(hits, _)| hits.iter().any(|hit| self.dossier.is_title(hit.sentence)));
        if let (Some((_, kind)), None) = (titled.next(), titled.next()) {
            return *kind;
        }
        let mut scores: Vec<(usize, ProcessType)> = hits.iter().map(|(hits, kind)| (self.weight(hits), *kind)).collect();
        scores.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        match scores.as_slice() {
            [(first, kind), (second, _), ..] if *first > *second && (*first >= 3 || *second == 0) => *kind,
            _ => ProcessType::Autre,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Memory, Subjects, rules::Rules};
    use super::*;
    use crate::dossier::Source;
    use crate::lang::Lang;

    #[test]
    fn the_catalogue_gives_every_sign_that_is_asked_for() {
        let catalogue = Catalogue::builtin().unwrap();
        assert!(verify(&catalogue).is_ok());
        assert_eq!(signs().find(|sign| !catalogue.detection.contains_key(*sign)), None);
    }

    #[test]
    fn what_the_plan_writes_is_no_sign_of_anything() {
        let catalogue = Catalogue::builtin().unwrap();
        for process_type in ProcessType::ALL {
            let skeleton = catalogue.plan.dossier(&catalogue.criteria, process_type);
            // the title is the author's: no fix writes it
            let text = skeleton.lines().filter(|line| !line.starts_with("# ")).collect::<Vec<_>>().join("\n");
            let dossier = Dossier::from_sources("note.md", vec![Source { path: "note.md".into(), text }]);
            let annotations = Annotations::new(&dossier, &catalogue.engine, &Memory::default().texts);
            let hits = Hits::find(&dossier, &annotations, &catalogue.engine, &Memory::default());
            let subjects = Subjects::new(&dossier, &annotations, &catalogue);
            let blanks = Rules::new(&dossier, &annotations, &hits, &subjects, &catalogue, Lang::Fr).blanks();
            let scope = Scope::new(&dossier, &annotations, &hits, &catalogue, &blanks);
            let found: Vec<&str> = signs().flat_map(|sign| scope.named(sign)).map(|hit| dossier.slice(dossier.sentences[hit.sentence as usize].span)).collect();
            assert_eq!(found, [""; 0], "{process_type:?}");
            assert_eq!(scope.tenses().all, 0, "{process_type:?}");
        }
    }
}
