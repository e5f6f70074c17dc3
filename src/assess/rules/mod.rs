//! The rules: each looks at one place in the text. What a rule says of itself, its messages, its patterns and its examples are
//! data (`checks/regles/`); how it looks is here, one file a rule.

mod acronyms;
mod amounts;
mod dates;
mod early_decision;
mod empty_section;
mod head_counts;
mod placeholder;
mod references;
mod stated_totals;
mod sums;
mod timeline;
mod undefined_body;
mod weak_commitment;
mod wording;

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use crate::annotate::Annotations;
use crate::annotate::numbers::Number;
use crate::annotate::time::{DateMention, Precision};
use crate::checks::engine::AnyOf;
use crate::checks::format::references_in;
use crate::checks::inflect::mood;
use crate::checks::lexicon::ClassId;
use crate::checks::{Catalogue, CheckError, Rule, mistakes, place};
use crate::diagnostics::fingerprint::{self, Fingerprints};
use crate::diagnostics::{Diagnostic, Kind, Label, MOST_PASSAGES, ProcessType};
use crate::dossier::{Block, BlockKind, Dossier, SentenceId};
use crate::lang::{Lang, Text};
use crate::text::{Span, Token, TokenKind};

use super::criteria::Blank;
use super::hits::{Hit, Hits};
use super::scope::Outside;
use super::subjects::Subjects;

/// What a rule looks at.
pub struct Context<'a> {
    /// The dossier.
    pub dossier: &'a Dossier,
    /// What its French says.
    pub annotations: &'a Annotations,
    /// Where the patterns are.
    pub hits: &'a Hits,
    /// What speaks of the project, not of its participation.
    pub subjects: &'a Subjects,
    /// The catalogue.
    pub catalogue: &'a Catalogue,
    /// Language of messages.
    pub lang: Lang,
    /// The rule at work.
    look: &'static Look,
    /// Its named patterns.
    pub patterns: &'a BTreeMap<String, AnyOf>,
    /// What several rules ask for.
    shared: &'a Shared,
}

/// What several rules ask for, looked for once.
#[derive(Debug)]
struct Shared {
    placeholders: Vec<placeholder::Placeholders>,
    /// The tables, each as its rows below the header.
    tables: Vec<Vec<SentenceId>>,
}

static NOTHING_SHARED: Shared = Shared { placeholders: Vec::new(), tables: Vec::new() };

/// One occurrence.
#[derive(Debug, Clone, Default)]
pub struct Finding {
    /// The words concerned.
    pub primary: Span,
    /// Name of the message in the rule's file.
    pub message: &'static str,
    /// What fills its blanks, by name.
    pub blanks: Vec<(&'static str, String)>,
    /// Name of the message shown at the primary place; none when empty.
    pub primary_label: &'static str,
    /// Other places: span, name of the message shown there.
    pub labels: Vec<(Span, &'static str)>,
    /// Name of the message that replaces the rule's general help; none when empty.
    pub help: &'static str,
}

impl Finding {
    /// Parts that do not add up to the total stated for them: the places and the values of the total and of the parts.
    fn of_sum((place, total): (Span, String), (parts, sum): (Span, String)) -> Self {
        Self {
            primary: place,
            message: "somme",
            primary_label: "total-ici",
            labels: vec![(parts, "parts-ici")],
            blanks: vec![("total", total), ("somme", sum)],
            ..Self::default()
        }
    }

    /// The same, where the parts stand in rows or items and the last one is shown.
    fn up_to_there(mut self) -> Self {
        self.labels.iter_mut().for_each(|(_, name)| *name = "jusqu-ici");
        self
    }
}

type Check = fn(&Context<'_>) -> Vec<Finding>;

/// The rule that is asked before all others.
const OUT_OF_SCOPE: &str = "dossier.hors-champ";

/// The rule whose patterns tell what is left to fill in, which several others ask for.
const PLACEHOLDERS: &str = "redaction.a-completer";

/// Findings that a rule looks for: one more tells that there are others.
const SOUGHT: usize = MOST_PASSAGES + 1;

/// A whole number with its thousands apart.
fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// Whether neither of two numbers is so many times the other.
fn alike(ratio: f64, a: f64, b: f64) -> bool {
    a < ratio * b && b < ratio * a
}

/// Whether a word names something, as opposed to an article or a preposition.
fn is_content(word: &str) -> bool {
    const SMALL: [&str; 28] = [
        "le", "la", "l", "les", "un", "une", "du", "de", "des", "d", "ce", "cet", "cette", "ces", "a", "au", "aux", "en", "et", "pour", "par", "dans", "s",
        "se", "n", "ne", "y", "qui",
    ];
    word.starts_with(char::is_alphanumeric) && !SMALL.contains(&word)
}

/// Tokens between a number and what it is told with, at most.
const NEAR: u32 = 14;

/// What introduces the words of somebody else, between quotes or not; and what follows those between quotes. See [`Context::reported`].
const CITED: &str = "parole.citee";
const TOLD: &str = "parole.rapportee";
const CITED_BEFORE: &str = "parole.citee-avant";
const REPORTED: &[&str] = &[CITED, TOLD, CITED_BEFORE];

/// How a rule looks, and what it asks of its file and of the vocabulary.
struct Look {
    id: &'static str,
    check: Check,
    /// Lists of patterns, by name; one that its file does not have is empty.
    patterns: &'static [&'static str],
    /// Messages, by name.
    messages: &'static [&'static str],
    /// Families of classes.
    classes: &'static [&'static str],
}

const NOTHING: Look = Look { id: "", check: |_| Vec::new(), patterns: &[], messages: &[], classes: &[] };

/// The rules.
const RULES: &[Look] = &[
    Look {
        id: PLACEHOLDERS,
        check: placeholder::check,
        patterns: &["mention", "mention-isolee", "en-suspens", "sauf", "bouton", "formulaire", "titre-formulaire"],
        messages: &["mention"],
        classes: &["crochet"],
    },
    Look { id: "redaction.section-vide", check: empty_section::check, patterns: &["dit", "sous-titre"], messages: &["vide"], ..NOTHING },
    Look {
        id: "redaction.engagement-flou",
        check: weak_commitment::check,
        patterns: &["auteur"],
        messages: &["attenue", "conditionnel", "sans-auteur", "qui", "quand", "reserve", "promesse", "auteur", "moment"],
        classes: REPORTED,
    },
    Look {
        id: "redaction.question-orientee",
        check: wording::question,
        patterns: &["mention", "acceptation", "sauf", "reponse"],
        messages: &["mention", "acceptation"],
        classes: REPORTED,
    },
    Look { id: "redaction.surpromesse", check: wording::promise, patterns: &["mention", "sauf", "leve"], messages: &["mention"], classes: REPORTED },
    Look {
        id: "coherence.dates",
        check: dates::check,
        patterns: &["participation", "seances", "reponse", "autre-reponse", "ouvre-ferme", "ouverture", "fermeture", "discontinu"],
        messages: &[
            "impossible",
            "aide-impossible",
            "jour",
            "aide-jour",
            "inversee",
            "debut",
            "fin",
            "aide-inversee",
            "duree",
            "duree-dite",
            "duree-vraie",
            "aide-duree",
            "reponse",
            "reponse-ici",
            "cloture-ici",
            "aide-reponse",
        ],
        ..NOTHING
    },
    Look {
        id: "coherence.decision-anticipee",
        check: early_decision::check,
        patterns: &["participation", "seances", "decision", "decision-nue", "sauf"],
        messages: &["anticipee", "decision-ici", "fin-ici"],
        classes: REPORTED,
    },
    Look {
        id: "coherence.effectifs",
        check: head_counts::check,
        patterns: &["fonde", "fonde-apres"],
        messages: &["effectif", "ici", "la", "somme", "total-ici", "parts-ici", "jusqu-ici", "aide-somme"],
        classes: &["groupe", "groupe.ensemble", "tous-ensemble", "corps.qui", "colonne-effectif", "livrable", "instance-a-part"],
    },
    Look {
        id: "coherence.montants",
        check: amounts::check,
        patterns: &["budget", "autre-budget", "sans-partage", "sans-addition"],
        messages: &[
            "somme",
            "total-ici",
            "parts-ici",
            "jusqu-ici",
            "taxe",
            "hors-taxe",
            "taux",
            "pourcentages",
            "deux-totaux",
            "ici",
            "la",
            "aide-deux-totaux",
            "aide-taxe",
        ],
        classes: &["tous-ensemble"],
    },
    Look {
        id: "coherence.renvoi",
        check: references::check,
        patterns: &["annexe", "partie", "article", "jointe", "dehors"],
        messages: &["annexe", "en-annexe", "partie", "article", "piece-jointe", "lien", "aussi"],
        classes: &["url"],
    },
    Look { id: "redaction.instance-non-definie", check: undefined_body::check, messages: &["instance", "ici"], classes: &["corps.composition"], ..NOTHING },
    Look {
        id: "redaction.sigle-non-defini",
        check: acronyms::check,
        messages: &["sigle"],
        classes: &["sigle", "sigle.courant", "capitales", "personne"],
        ..NOTHING
    },
    // it is asked before all others
    Look {
        id: OUT_OF_SCOPE,
        check: |_| Vec::new(),
        messages: &["hors-champ", Outside::SILENT, Outside::OTHER_KIND, Outside::OTHER_TITLE, Outside::PAST, "ici", "aide", "vide", "vide-aide"],
        ..NOTHING
    },
];

fn look(id: &str) -> Option<&'static Look> {
    RULES.iter().find(|look| look.id == id)
}

/// Whether the rules of `catalogue` exist, and their files give what they ask for and nothing else.
///
/// # Errors
/// The first mistake, at its place.
pub fn verify(catalogue: &Catalogue) -> Result<(), CheckError> {
    catalogue.rules.iter().enumerate().try_for_each(|(at, rule)| {
        let file = catalogue.rule_files.get(at);
        let text = file.map_or("", |file| &file.text);
        let mistake = |span: Option<Range<usize>>, message: Text, help: Option<Box<Text>>| {
            let path = file.map_or(rule.id.as_str(), |file| &file.path);
            Err(CheckError { help, ..CheckError::at(path, text, span, message) })
        };
        let at_id = || place::of_value(text, &["id"], &rule.id, 0);
        let meant = |name: &str, known: &[&str]| mistakes::meant(name, known.iter().copied());
        let Some(look) = look(&rule.id) else {
            let ids: Vec<&str> = RULES.iter().map(|look| look.id).collect();
            return mistake(at_id(), mistakes::NO_RULE.both(&[("id", &rule.id)]), meant(&rule.id, &ids));
        };
        let patterns = catalogue.rule_patterns[at].keys().map(|name| ("pattern", name, look.patterns));
        let mut given = patterns.chain(rule.message.keys().map(|name| ("message", name, look.messages)));
        if let Some((what, name, asked)) = given.find(|(_, name, asked)| !asked.contains(&name.as_str())) {
            return mistake(place::of_key(text, &[what], name), mistakes::NOT_ASKED.both(&[("name", name)]), meant(name, asked));
        }
        match look.messages.iter().find(|name| !rule.message.contains_key(**name)) {
            Some(name) => mistake(at_id(), mistakes::NO_MESSAGE.both(&[("name", name)]), None),
            None => Ok(()),
        }
    })
}

/// The rules, made ready to look at one dossier.
pub struct Rules<'a> {
    /// What no rule has said anything of yet.
    context: Context<'a>,
    shared: Shared,
}

impl<'a> Rules<'a> {
    /// Looks for what several rules ask for.
    #[must_use]
    pub fn new(dossier: &'a Dossier, annotations: &'a Annotations, hits: &'a Hits, subjects: &'a Subjects, catalogue: &'a Catalogue, lang: Lang) -> Self {
        let first = catalogue.rules.iter().position(|rule| rule.id == PLACEHOLDERS);
        let patterns = first.map_or(NO_PATTERNS, |rule| &catalogue.rule_patterns[rule]);
        let context =
            Context { dossier, annotations, hits, subjects, catalogue, lang, look: look(PLACEHOLDERS).unwrap_or(&NOTHING), patterns, shared: &NOTHING_SHARED };
        let shared = Shared { placeholders: placeholder::all(&context), tables: tables(dossier) };
        Self { context, shared }
    }

    /// What the rule at work looks at.
    fn context(&self, look: &'static Look, patterns: &'a BTreeMap<String, AnyOf>) -> Context<'_> {
        Context { look, patterns, shared: &self.shared, ..self.context }
    }

    /// Runs every rule of the catalogue.
    #[must_use]
    pub fn run(&self, process_type: ProcessType) -> Vec<Diagnostic> {
        let (mut out, mut fingerprints) = (Vec::new(), Fingerprints::default());
        let catalogue = self.context.catalogue;
        for (rule, patterns) in catalogue.rules.iter().zip(&catalogue.rule_patterns) {
            let Some(look) = look(&rule.id) else { continue };
            if rule.not_for.contains(&process_type) {
                continue;
            }
            let context = self.context(look, patterns);
            let findings = (look.check)(&context);
            let others = findings.len() > MOST_PASSAGES;
            for finding in findings.into_iter().take(MOST_PASSAGES) {
                let fingerprint = fingerprints.next(&rule.id, context.dossier, Some(finding.primary));
                out.push(diagnostic(&context, rule, finding, fingerprint));
            }
            if let Some(last) = out.last_mut().filter(|_| others) {
                last.tell_of_others(context.lang);
            }
        }
        out
    }

    /// For each sentence, whether it holds a placeholder: it is then no evidence of anything.
    #[must_use]
    pub fn blanks(&self) -> Vec<Blank> {
        placeholder::blanks(&self.context(&NOTHING, NO_PATTERNS))
    }

    /// The rule that speaks instead of all others when the document frames no participation; nothing where the catalogue has no such rule.
    #[must_use]
    pub fn out_of_scope(&self, outside: &Outside, process_type: ProcessType) -> Vec<Diagnostic> {
        let Context { dossier, catalogue, .. } = self.context;
        let mut rules = catalogue.rules.iter().zip(&catalogue.rule_patterns);
        let Some((rule, patterns)) = rules.find(|(rule, _)| rule.id == OUT_OF_SCOPE) else { return Vec::new() };
        let context = self.context(look(OUT_OF_SCOPE).unwrap_or(&NOTHING), patterns);
        let primary = super::title_span(dossier);
        let finding = if dossier.blocks.is_empty() {
            Finding { primary, message: "vide", help: "vide-aide", ..Finding::default() }
        } else {
            let help = if process_type == ProcessType::Autre { "" } else { "aide" };
            let labels = outside.passages.iter().map(|hit| (context.words(hit), "ici")).filter(|(span, _)| *span != primary).collect();
            let blanks = vec![("type", process_type.id().to_owned())];
            Finding { primary, message: "hors-champ", primary_label: outside.why, labels, blanks, help }
        };
        vec![diagnostic(&context, rule, finding, fingerprint::of(&rule.id, dossier, Some(primary)))]
    }

    /// For each file, whether it says nothing besides placeholders.
    #[must_use]
    pub fn idle(&self) -> Vec<bool> {
        placeholder::idle(&self.context(&NOTHING, NO_PATTERNS))
    }
}

static NO_PATTERNS: &BTreeMap<String, AnyOf> = &BTreeMap::new();

fn tables(dossier: &Dossier) -> Vec<Vec<SentenceId>> {
    let mut out: Vec<Vec<SentenceId>> = Vec::new();
    let mut before = None;
    for (id, block) in (0..).zip(&dossier.blocks).filter(|(_, block)| matches!(block.kind, BlockKind::TableRow { header: false })) {
        let continues = before == Some((id - 1, block.header));
        match out.last_mut().filter(|_| continues) {
            Some(rows) => rows.extend(block.sentences.clone()),
            None => out.push(block.sentences.clone().collect()),
        }
        before = Some((id, block.header));
    }
    out
}

fn diagnostic(context: &Context<'_>, rule: &Rule, finding: Finding, fingerprint: String) -> Diagnostic {
    let text = |name: &str| {
        debug_assert!(name.is_empty() || context.look.messages.contains(&name), "{name}");
        let template = rule.message.get(name).map_or("", |t| t.get(context.lang));
        finding.blanks.iter().fold(template.to_owned(), |text, (blank, value)| text.replace(&format!("{{{blank}}}"), value))
    };
    let message = if finding.message.is_empty() { rule.title.get(context.lang).to_owned() } else { text(finding.message) };
    let help = if finding.help.is_empty() { rule.help.get(context.lang).to_owned() } else { text(finding.help) };
    Diagnostic {
        id: rule.id.clone(),
        kind: Kind::Rule,
        severity: rule.severity,
        verdict: None,
        message,
        primary: finding.primary,
        primary_label: text(finding.primary_label),
        labels: finding.labels.iter().map(|(span, name)| Label { span: *span, message: text(name) }).collect(),
        help: Some(help),
        example: None,
        references: references_in(&rule.references, context.lang).map(str::to_owned).collect(),
        fingerprint,
        fix: None,
    }
}

impl<'a> Context<'a> {
    /// The hits of a named list of patterns of the rule.
    #[must_use]
    pub fn named(&self, name: &str) -> Vec<Hit> {
        debug_assert!(self.look.patterns.contains(&name), "{name}");
        self.patterns.get(name).map(|list| self.hits.any(*list)).unwrap_or_default()
    }

    /// The sentences in which a pattern of a named list of the rule is found.
    #[must_use]
    pub fn sentences_with(&self, name: &str) -> HashSet<SentenceId> {
        self.named(name).iter().map(|hit| hit.sentence).collect()
    }

    /// The hits of all patterns of a named list of the rule, several a sentence where several are found there.
    #[must_use]
    pub fn every(&self, name: &str) -> &'a [Hit] {
        debug_assert!(self.look.patterns.contains(&name), "{name}");
        self.patterns.get(name).map_or(&[], |list| self.hits.all(*list))
    }

    /// The classes of a family that the rule asks for.
    #[must_use]
    pub fn classes(&self, family: &str) -> Range<ClassId> {
        debug_assert!(self.look.classes.contains(&family), "{family}");
        self.catalogue.engine.lexicon.family(family)
    }

    /// Folded text of token `at`; empty past the end.
    #[must_use]
    pub fn text(&self, at: u32) -> &'a str {
        self.dossier.tokens.get(at as usize).map_or("", |t| self.dossier.folded(t))
    }

    /// Folded text of the token that follows `tokens`, `further` tokens on; empty past the end of their sentence.
    #[must_use]
    pub fn after(&self, tokens: &Range<u32>, further: u32) -> &'a str {
        let at = tokens.end + further;
        if at < self.dossier.sentences[self.sentence_of(tokens.start) as usize].tokens.end { self.text(at) } else { "" }
    }

    /// Folded text of the token before `tokens`, `further` tokens back; empty past the beginning of their sentence.
    #[must_use]
    pub fn before(&self, tokens: &Range<u32>, further: u32) -> &'a str {
        let start = self.dossier.sentences[self.sentence_of(tokens.start) as usize].tokens.start;
        if tokens.start - start > further { self.text(tokens.start - 1 - further) } else { "" }
    }

    /// Whether token `at` is a verb in the present, the future or the conditional, and no participle.
    #[must_use]
    pub fn is_conjugated(&self, at: u32) -> bool {
        let conjugated = mood::PRES | mood::FUT | mood::COND;
        self.token(at).is_some() && self.annotations.analyses(at).iter().any(|form| form.mood & conjugated != 0 && form.mood & mood::PP == 0)
    }

    /// Whether token `at` is a number in digits.
    #[must_use]
    pub fn is_number(&self, at: u32) -> bool {
        self.token(at).is_some_and(|token| token.kind == TokenKind::Number)
    }

    /// Token `at`.
    #[must_use]
    pub fn token(&self, at: u32) -> Option<&'a Token> {
        self.dossier.tokens.get(at as usize)
    }

    /// Bytes of tokens `start..end` of a sentence.
    #[must_use]
    pub fn span(&self, sentence: SentenceId, start: u32, end: u32) -> Span {
        self.dossier.words(sentence, &(start..end))
    }

    /// Bytes of tokens of one sentence, whichever it is.
    #[must_use]
    pub fn place(&self, tokens: &Range<u32>) -> Span {
        self.dossier.words(self.sentence_of(tokens.start), tokens)
    }

    /// The number that fills a cell of a row.
    #[must_use]
    pub fn number_in(&self, row: SentenceId, column: usize) -> Option<&'a Number> {
        let cell = self.block(row).cells.get(column)?;
        let all = &self.annotations.entities.numbers;
        all.get(all.partition_point(|number| number.tokens.start < cell.start)).filter(|number| number.tokens == *cell)
    }

    /// Bytes of the words of a hit.
    #[must_use]
    pub fn words(&self, hit: &Hit) -> Span {
        self.dossier.words(hit.sentence, &hit.tokens(self.dossier))
    }

    /// The block of a sentence.
    #[must_use]
    pub fn block(&self, sentence: SentenceId) -> &'a Block {
        &self.dossier.blocks[self.dossier.sentences[sentence as usize].block as usize]
    }

    /// What the block of a sentence is.
    #[must_use]
    pub fn kind(&self, sentence: SentenceId) -> &'a BlockKind {
        &self.block(sentence).kind
    }

    /// Whether a row of a table is that of the total.
    #[must_use]
    pub fn is_total(&self, row: SentenceId) -> bool {
        let first = self.dossier.sentences[row as usize].tokens.start;
        let says = |i: u32| match self.text(i) {
            "total" | "totaux" | "cumul" => true,
            // « ensemble vocal »
            "ensemble" => matches!(self.text(i + 1), ":" | "|"),
            "global" | "globale" => matches!(i.checked_sub(1).map_or("", |before| self.text(before)), "montant" | "budget" | "cout" | "somme" | "enveloppe"),
            _ => false,
        };
        !self.is_subtotal(row) && (first..first + 3).any(says)
    }

    /// The lists of two items or more, each with the block that follows it.
    pub fn lists(&self) -> impl Iterator<Item = (&'a [Block], Option<&'a Block>)> + use<'a> {
        let blocks = &self.dossier.blocks;
        let same = |a: &Block, b: &Block| a.kind == b.kind && a.section == b.section && a.lead_in == b.lead_in;
        let mut end = 0;
        let lists = blocks.chunk_by(same).map(move |items| {
            end += items.len();
            (items, blocks.get(end))
        });
        lists.filter(|(items, _)| matches!(items[0].kind, BlockKind::ListItem) && items.len() > 1)
    }

    /// The sentence of the paragraph below a list that gives its total: « Total : 15 500 € », « Soit un budget de 27 000 € ».
    #[must_use]
    pub fn total_below(&self, block: Option<&Block>) -> Option<SentenceId> {
        let sentence = block.filter(|block| matches!(block.kind, BlockKind::Paragraph))?.sentences.clone().next()?;
        let first = self.dossier.sentences[sentence as usize].tokens.start;
        (self.text(first) == "soit" || self.is_total(sentence)).then_some(sentence)
    }

    /// Whether a row of a table is the total of some rows before it.
    #[must_use]
    pub fn is_subtotal(&self, row: SentenceId) -> bool {
        let first = self.dossier.sentences[row as usize].tokens.start;
        matches!(self.text(first), "sous" | "s") && (first + 1..first + 3).any(|i| matches!(self.text(i), "total" | "totaux"))
    }

    /// Whether a date to the day stands among some tokens, its year written with it where that is asked for.
    #[must_use]
    pub fn holds_a_day(&self, tokens: &Range<u32>, with_year: bool) -> bool {
        let dates = &self.annotations.entities.times.dates;
        let dates = &dates[dates.partition_point(|date| date.tokens.start < tokens.start)..];
        let whole = |date: &DateMention| date.precision == Precision::Day && (!with_year || date.year.is_some());
        dates.iter().take_while(|date| date.tokens.end <= tokens.end).any(whole)
    }

    /// The mark that opens what comes after some tokens, between `open` and `close`, where nothing closes it among them.
    #[must_use]
    pub fn opened(&self, before: Range<u32>, open: &str, close: &str) -> Option<u32> {
        before.rev().find(|&i| self.text(i) == open || self.text(i) == close).filter(|&i| self.text(i) == open)
    }

    /// Whether `words` of a sentence are told as those of somebody else: an opponent, a leaflet, an earlier slogan. Who wrote the dossier
    /// neither asks, promises nor announces them.
    #[must_use]
    pub fn reported(&self, sentence: SentenceId, words: &Range<u32>) -> bool {
        let Range { start: first, end: last } = self.dossier.sentences[sentence as usize].tokens;
        let [cited, cited_before, told] = [CITED, CITED_BEFORE, TOLD].map(|family| self.classes(family));
        let quotes = [("«", "»"), ("“", "”")];
        let open = quotes.iter().find_map(|(open, close)| Some((self.opened(first..words.start, open, close)?, *close)));
        let closing = open.and_then(|(_, close)| (words.end..last).find(|&i| self.text(i) == close));
        let clause = (first..words.start).rev().find(|&i| self.text(i) == ";").map_or(first, |i| i + 1);
        self.annotations.marks_of(sentence).any(|mark| {
            told.contains(&mark.class) && (clause..=words.start).contains(&mark.end)
                || cited.contains(&mark.class) && open.is_some_and(|(open, _)| mark.end <= open + 1)
                || cited_before.contains(&mark.class) && closing == Some(mark.start)
        })
    }

    /// Whether a negation governs the words of a hit, among them or not: « le début des travaux n'est pas fixé au 15 mai ».
    #[must_use]
    pub fn denied(&self, hit: &Hit) -> bool {
        let Range { start, end } = hit.tokens(self.dossier);
        hit.denied() || self.annotations.negations.deny_within(self.dossier, start, end)
    }

    /// Words that begin with a verb, with the small words before it that belong to it: « s'efforcera », « ne pourra ».
    #[must_use]
    pub fn with_clitics(&self, words: &Range<u32>) -> Range<u32> {
        let mut start = words.start;
        while matches!(self.before(&(start..words.end), 0), "s" | "se" | "n" | "ne") {
            start -= 1;
        }
        start..words.end
    }

    /// The sentence that holds token `at`.
    #[must_use]
    pub fn sentence_of(&self, at: u32) -> SentenceId {
        self.dossier.sentences.partition_point(|s| s.tokens.end <= at) as SentenceId
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_gives_all_that_the_rules_ask_for() {
        let catalogue = Catalogue::builtin().unwrap();
        verify(&catalogue).unwrap();
        for look in RULES {
            let at = catalogue.rules.iter().position(|rule| rule.id == look.id).unwrap();
            let lists: Vec<&str> = catalogue.rule_patterns[at].keys().map(String::as_str).collect();
            assert!(look.patterns.iter().all(|name| lists.contains(name)), "{}: {lists:?}", look.id);
            let absent = look.classes.iter().find(|family| catalogue.engine.lexicon.family(family).is_empty());
            assert_eq!(absent, None, "{}", look.id);
        }
    }
}
