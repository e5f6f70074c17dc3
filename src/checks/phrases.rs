//! From parsed patterns to the engine: phrases as code, classes ordered by dependency.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use hashbrown::HashMap;

use super::engine::{AnyOf, Conjunct, Engine, Lists, NOTHING, PatternId, PhraseId, Phrases, op, with_wider};
use super::frequency::Frequencies;
use super::lexicon::{ClassId, Lexicon, LexiconBuilder, Symbol};
use super::mistakes;
use super::pattern::{Element, Name, Pattern, PatternError, Place, parse};
use super::sieves::{Anchors, Sieves};
use crate::lang::Text;

/// Sentences under a heading, about, for each that holds the same words.
const UNDER: u32 = 2;
/// Sentences near one, itself included: two before and two after.
const NEAR: u32 = 5;
/// Deepest nesting of classes in classes.
const MOST_LEVELS: u8 = 40;

/// A family of classes as a symbol of an [`Element`]: the first, and one past the last.
fn family_code(classes: Range<ClassId>) -> Symbol {
    Symbol::from(classes.start) | Symbol::from(classes.end) << 16
}

pub(super) fn family_range(code: Symbol) -> Range<ClassId> {
    code as ClassId..(code >> 16) as ClassId
}

/// An engine in the making.
#[derive(Debug, Default)]
pub struct EngineBuilder {
    /// Words, verbs, classes.
    pub lexicon: LexiconBuilder,
    class_phrases: Vec<(ClassId, Vec<Element<Symbol>>)>,
    phrases: Vec<Vec<Element<Symbol>>>,
    phrase_of: HashMap<Vec<Element<Symbol>>, PhraseId>,
    patterns: Vec<Vec<Conjunct>>,
    pattern_of: HashMap<String, PatternId>,
    /// The patterns whose occurrences are asked for; of the others, only the sections under their headings.
    wanted: BTreeSet<PatternId>,
    lists: Vec<Vec<PatternId>>,
    list_of: HashMap<Vec<PatternId>, AnyOf>,
}

impl EngineBuilder {
    /// An engine without patterns, whose classes are those of `lexicon`.
    #[must_use]
    pub fn new(lexicon: LexiconBuilder) -> Self {
        Self { lexicon, ..Self::default() }
    }

    /// Adds a phrase to a class.
    ///
    /// # Errors
    /// A mistake in the phrase, with its place.
    pub fn add_class_phrase(&mut self, class: ClassId, text: &str) -> Result<(), PatternError> {
        let pattern = parse(text)?;
        let [(Place::Here, _)] = pattern.conjuncts.as_slice() else {
            return Err(PatternError { at: 0, message: mistakes::PLAIN_PHRASES.both(&[]) });
        };
        for (_, elements) in pattern.conjuncts {
            let phrase = self.resolve(elements)?;
            self.class_phrases.extend(apart(phrase).into_iter().map(|phrase| (class, phrase)));
        }
        Ok(())
    }

    /// Adds a pattern of a check; the same text is compiled once.
    ///
    /// # Errors
    /// A mistake in the pattern, with its place.
    pub fn add_pattern(&mut self, text: &str) -> Result<PatternId, PatternError> {
        let id = self.add_headings(text)?;
        self.wanted.insert(id);
        Ok(id)
    }

    /// Adds a pattern of which only the sections under its headings are asked for.
    ///
    /// # Errors
    /// A mistake in the pattern, with its place.
    pub fn add_headings(&mut self, text: &str) -> Result<PatternId, PatternError> {
        if let Some(&id) = self.pattern_of.get(text) {
            return Ok(id);
        }
        let Pattern { conjuncts } = parse(text)?;
        let mut compiled = Vec::new();
        for (place, elements) in conjuncts {
            let phrase = self.resolve(elements)?;
            let number = self.phrases.len() as PhraseId;
            let id = *self.phrase_of.entry(phrase.clone()).or_insert(number);
            if id == number {
                self.phrases.push(phrase);
            }
            compiled.push(Conjunct { place, phrase: id });
        }
        let id = self.patterns.len() as PatternId;
        self.patterns.push(compiled);
        self.pattern_of.insert(text.to_owned(), id);
        Ok(id)
    }

    /// Adds a list of patterns; the same list has one number.
    pub fn add_list(&mut self, patterns: Vec<PatternId>) -> AnyOf {
        let lists = &mut self.lists;
        *self.list_of.entry(patterns).or_insert_with_key(|patterns| {
            lists.push(patterns.clone());
            lists.len() as AnyOf - 1
        })
    }

    fn resolve(&mut self, elements: Vec<Element<Name>>) -> Result<Vec<Element<Symbol>>, PatternError> {
        elements.into_iter().map(|e| self.resolve_one(e)).collect()
    }

    fn resolve_one(&mut self, element: Element<Name>) -> Result<Element<Symbol>, PatternError> {
        Ok(match element {
            Element::Stem(word) => Element::Stem(self.lexicon.intern_stem(&word.text)),
            Element::Exact(word) => Element::Exact(self.lexicon.intern_exact(&word.text)),
            Element::Mark(mark) => {
                self.lexicon.intern_mark(mark);
                Element::Mark(mark)
            }
            Element::Verb(verb, moods) => match self.lexicon.verb(&verb.text) {
                Some(symbol) => Element::Verb(symbol, moods),
                None => return Err(PatternError { at: verb.at, message: mistakes::NO_VERB.both(&[("verb", &verb.text)]) }),
            },
            Element::Class(name) => Element::Class(self.family(&name)?),
            Element::Any(branches) => Element::Any(branches.into_iter().map(|b| self.resolve(b)).collect::<Result<_, _>>()?),
            Element::Optional(inner) => Element::Optional(self.resolve(inner)?),
            Element::Gap(most) => Element::Gap(most),
            Element::Word => Element::Word,
            Element::Start => Element::Start,
            Element::End => Element::End,
        })
    }

    fn family(&self, Name { text: name, at }: &Name) -> Result<Symbol, PatternError> {
        // neither a vague date nor that of a law is a date: patterns that look for one would find it under that name
        let known = match name.as_str() {
            "date.vague" => "date-vague",
            "date.texte" => "date-texte",
            name => name,
        };
        let family = Some(self.lexicon.family(known));
        family.filter(|classes| !classes.is_empty()).map(family_code).ok_or_else(|| {
            let near = self.lexicon.nearest_class(name).map(|near| mistakes::DID_YOU_MEAN.both(&[("name", &format!("@{near}"))]));
            let near = |lang| near.as_ref().map(|near| format!(" ({})", near.get(lang))).unwrap_or_default();
            PatternError { at: *at, message: Text::each(|lang| mistakes::NO_CLASS.fill(lang, &[("name", &name), ("near", &near(lang))])) }
        })
    }

    /// The engine, for texts like those of the `sample`.
    ///
    /// # Errors
    /// The name of a class that refers to itself, directly or through others.
    pub fn finish<'a>(self, sample: impl IntoIterator<Item = &'a str>) -> Result<Engine, String> {
        let level = self.levels()?;
        let lexicon = self.lexicon.finish();
        let classes = self.class_phrases.iter().map(|(class, phrase)| (*class, level[*class as usize], phrase.as_slice()));
        let mut sieves = Sieves::new(Anchors::new(&lexicon, Frequencies::in_texts(sample, &lexicon), classes.clone()));
        let Triggers { uses, with, beside, after, near, under } = Triggers::of(&self.patterns, &self.wanted, &self.phrases, &sieves);
        let mut lists_with = vec![Vec::new(); self.patterns.len()];
        for (list, patterns) in (0..).zip(&self.lists) {
            (0..).zip(patterns).for_each(|(place, pattern)| lists_with[*pattern as usize].extend([list, place]));
        }
        let mut wider = vec![Vec::new(); lexicon.classes.len()];
        for (class, _, phrase) in classes.clone() {
            if let [Element::Class(family)] = phrase {
                family_range(*family).for_each(|narrower| wider[usize::from(narrower)].push(u32::from(class)));
            }
        }
        let classes = (0..).zip(classes).filter(|(_, (.., phrase))| requires(phrase) && !matches!(phrase, [Element::Class(_)]));
        let wider: Lists = wider.into_iter().collect();
        let marked = |phrases: Vec<u32>| with_wider(phrases.into_iter().map(|phrase| self.class_phrases[phrase as usize].0), &wider);
        let class_index = sieves.index(classes.map(|(id, (_, level, phrase))| (id, phrase, level)), false, marked);
        let mut phrases = |chosen: &dyn Fn(&Uses) -> bool| {
            let all = (0..).zip(&self.phrases).zip(&uses).filter(|(_, uses)| chosen(uses));
            sieves.index(all.map(|((id, phrase), _)| (id, phrase.as_slice(), 0)), true, |whole| whole)
        };
        let (phrase_index, heading_index) = (phrases(&|uses| uses.first), phrases(&|uses| uses.heading));
        let secondary_index = phrases(&Uses::secondary);
        let bits = uses.chunks(u32::BITS as usize).map(|chunk| (0..).zip(chunk).fold(0, |bits, (at, uses)| bits | u32::from(uses.secondary()) << at));
        Ok(Engine {
            class_phrases: Phrases(self.class_phrases.iter().map(|(_, phrase)| lay_out(phrase, &mut sieves, &lexicon)).collect()),
            class_of: self.class_phrases.iter().map(|(class, _)| u32::from(*class)).collect(),
            phrases: Phrases(self.phrases.iter().map(|phrase| lay_out(phrase, &mut sieves, &lexicon)).collect()),
            class_firsts: self.class_phrases.iter().map(|(_, phrase)| sieves.first(phrase, false).encode()).collect(),
            firsts: self.phrases.iter().map(|phrase| sieves.first(phrase, true).encode()).collect(),
            sets: sieves.finish(),
            patterns: self.patterns.iter().map(|conjuncts| in_order(conjuncts, &uses)).collect(),
            class_index,
            wider,
            phrase_index,
            heading_index,
            secondary_index,
            secondary: bits.collect::<Vec<u32>>().into(),
            patterns_with: with.into_iter().collect(),
            beside: beside.into_iter().collect(),
            patterns_after: after.into_iter().collect(),
            patterns_near: near.into_iter().collect(),
            patterns_under: under.into_iter().collect(),
            lists: self.lists.into_iter().collect(),
            lists_with: lists_with.into_iter().collect(),
            lexicon,
        })
    }

    /// For each class, how deep the classes are that its phrases refer to.
    fn levels(&self) -> Result<Vec<u8>, String> {
        let count = self.lexicon.class_count();
        let mut uses = vec![BTreeSet::new(); count];
        for (class, phrase) in &self.class_phrases {
            let mut families = Vec::new();
            collect_families(phrase, &mut families);
            uses[*class as usize].extend(families.into_iter().flat_map(family_range));
        }
        let mut level = vec![0_u8; count];
        for round in 0..=count {
            let mut changed = false;
            for class in 0..count {
                let needed = uses[class].iter().map(|&u| level[u as usize].saturating_add(1)).max().unwrap_or(0);
                if needed > level[class] {
                    level[class] = needed;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
            if round == count || level.iter().any(|l| *l > MOST_LEVELS) {
                let at = level.iter().enumerate().max_by_key(|(_, l)| **l).map_or(0, |(c, _)| c);
                return Err(self.lexicon.class_name(at as ClassId).to_owned());
            }
        }
        Ok(level)
    }
}

/// What a phrase is looked for as.
#[derive(Debug, Clone, Copy, Default)]
struct Uses {
    /// Where it is found, its patterns are tried.
    first: bool,
    /// As a heading.
    heading: bool,
    /// Where another phrase of its pattern is found.
    beside: bool,
}

impl Uses {
    const fn secondary(&self) -> bool {
        self.beside && !self.first
    }
}

/// Where patterns are tried: each where the one of its phrases that comes least is found. By phrase.
struct Triggers {
    uses: Vec<Uses>,
    /// In the sentence: each pattern, and what to ask of it first.
    with: Vec<Vec<u32>>,
    /// The secondary phrases to look for there.
    beside: Vec<Vec<PhraseId>>,
    /// In those that the sentence introduces.
    after: Vec<Vec<PatternId>>,
    /// In those near it.
    near: Vec<Vec<PatternId>>,
    /// Under a heading.
    under: Vec<Vec<PatternId>>,
}

impl Triggers {
    fn of(patterns: &[Vec<Conjunct>], wanted: &BTreeSet<PatternId>, phrases: &[Vec<Element<Symbol>>], sieves: &Sieves<'_>) -> Self {
        // where there is something to choose
        let mut times = vec![None; phrases.len()];
        for conjunct in patterns.iter().filter(|conjuncts| conjuncts.len() > 1).flatten() {
            let phrase = conjunct.phrase as usize;
            times[phrase].get_or_insert_with(|| sieves.frequency(&phrases[phrase]));
        }
        let frequency = |conjunct: &Conjunct| times[conjunct.phrase as usize].unwrap_or(0);
        // where a phrase is found, so many sentences are looked at
        let cost = |conjunct: &Conjunct| match conjunct.place {
            Place::Here => frequency(conjunct),
            Place::Heading => frequency(conjunct).saturating_mul(UNDER),
            Place::Near => frequency(conjunct).saturating_mul(NEAR),
            Place::Not | Place::NotUnder => u32::MAX,
        };
        let driver = |conjuncts: &[Conjunct]| conjuncts.iter().filter(|c| !c.place.denies()).min_by_key(|c| cost(c)).copied();
        let none = vec![Vec::new(); phrases.len()];
        let mut out =
            Self { uses: vec![Uses::default(); phrases.len()], with: none.clone(), beside: none.clone(), after: none.clone(), near: none.clone(), under: none };
        let mut tried = Vec::new();
        for (id, conjuncts) in (0..).zip(patterns) {
            let mut own = conjuncts.iter().filter(|c| c.place == Place::Here).peekable();
            let wanted = wanted.contains(&id) && (own.peek().is_none() || own.any(|c| requires(&phrases[c.phrase as usize])));
            for conjunct in conjuncts {
                let uses = &mut out.uses[conjunct.phrase as usize];
                uses.heading |= conjunct.place.in_headings();
                uses.beside |= wanted && !conjunct.place.in_headings();
            }
            let Some(driver) = driver(conjuncts).filter(|_| wanted) else { continue };
            // to look for it in the sentences near many others would take longer
            let often = cost(&driver).saturating_mul(NEAR);
            for near in conjuncts.iter().filter(|c| c.place == Place::Near && frequency(c) <= often) {
                out.uses[near.phrase as usize].first = true;
            }
            let phrase = driver.phrase as usize;
            if driver.place == Place::Heading {
                out.under[phrase].push(id);
                continue;
            }
            out.uses[phrase].first = true;
            if driver.place == Place::Near {
                out.near[phrase].push(id);
                out.after[phrase].push(id);
                continue;
            }
            if conjuncts.iter().filter(|c| c.place == Place::Here).count() > 1 {
                out.after[phrase].push(id);
            }
            tried.push((id, driver.phrase, conjuncts));
        }
        for (id, phrase, conjuncts) in tried {
            let at_hand = |c: &&Conjunct| c.phrase != phrase && (c.place == Place::Heading || c.place == Place::Here && out.uses[c.phrase as usize].first);
            let first = conjuncts.iter().filter(at_hand).min_by_key(|c| frequency(c)).map_or(NOTHING, |c| c.encode());
            out.with[phrase as usize].extend([id, first]);
            let secondary = |c: &&Conjunct| matches!(c.place, Place::Here | Place::Not) && out.uses[c.phrase as usize].secondary();
            out.beside[phrase as usize].extend(conjuncts.iter().filter(secondary).map(|c| c.phrase));
        }
        for phrases in &mut out.beside {
            phrases.sort_unstable();
            phrases.dedup();
        }
        out
    }
}

/// The conjuncts of a pattern: what is known first, what is to be looked for in other sentences last.
fn in_order(conjuncts: &[Conjunct], uses: &[Uses]) -> Vec<u32> {
    let mut out = conjuncts.to_vec();
    out.sort_by_key(|conjunct| match conjunct.place {
        Place::Heading | Place::NotUnder => 0,
        Place::Here if uses[conjunct.phrase as usize].first => 1,
        Place::Here => 2,
        Place::Not => 3,
        Place::Near => 4,
    });
    out.into_iter().map(Conjunct::encode).collect()
}

/// The phrases of which a phrase of alternatives is one or another: those of one word each together, so that each is looked for by what it
/// holds.
fn apart(phrase: Vec<Element<Symbol>>) -> Vec<Vec<Element<Symbol>>> {
    let [Element::Any(branches)] = phrase.as_slice() else { return vec![phrase] };
    let of_one_word = |branch: &&Vec<_>| matches!(branch.as_slice(), [Element::Stem(_) | Element::Exact(_) | Element::Mark(_) | Element::Verb(_, 0)]);
    let (words, others): (Vec<_>, Vec<_>) = branches.iter().partition(of_one_word);
    let words = (!words.is_empty()).then(|| vec![Element::Any(words.into_iter().cloned().collect())]);
    others.into_iter().cloned().chain(words).collect()
}

/// Whether a phrase requires some word, verb or class: one that does not would be found everywhere, and is looked for nowhere.
fn requires(phrase: &[Element<Symbol>]) -> bool {
    phrase.iter().any(|element| match element {
        Element::Stem(_) | Element::Exact(_) | Element::Verb(..) | Element::Class(_) => true,
        Element::Any(branches) => branches.iter().all(|branch| requires(branch)),
        _ => false,
    })
}

fn collect_families(phrase: &[Element<Symbol>], out: &mut Vec<Symbol>) {
    for element in phrase {
        match element {
            Element::Class(family) => out.push(*family),
            Element::Any(branches) => branches.iter().for_each(|b| collect_families(b, out)),
            Element::Optional(inner) => collect_families(inner, out),
            _ => {}
        }
    }
}

fn lay_out(phrase: &[Element<Symbol>], sieves: &mut Sieves<'_>, lexicon: &Lexicon) -> Vec<u32> {
    Phrases::lay_out(sieves.sieve(phrase), encode(phrase, lexicon))
}

/// A phrase as code: see [`op`].
fn encode(phrase: &[Element<Symbol>], lexicon: &Lexicon) -> Vec<u32> {
    let mut out = Vec::new();
    for element in phrase {
        match element {
            Element::Stem(symbol) => out.push(op::STEM | symbol << 4),
            Element::Exact(symbol) => out.push(op::EXACT | symbol << 4),
            Element::Mark(mark) => out.push(op::EXACT | lexicon.mark(*mark) << 4),
            Element::Verb(symbol, moods) => out.extend([op::VERB | symbol << 4, u32::from(*moods)]),
            Element::Class(family) => out.extend([op::CLASS | 1 << 4, *family]),
            Element::Any(branches) => {
                let Alternatives { families, tokens, others } = Alternatives::of(branches, lexicon);
                let mut codes: Vec<Vec<u32>> = others.into_iter().map(|branch| encode(branch, lexicon)).collect();
                if !families.is_empty() {
                    codes.push([vec![op::CLASS | (families.len() as u32) << 4], families].concat());
                }
                if !tokens.is_empty() {
                    let head = op::SET | (tokens.len() as u32) << 4;
                    codes.push([head].into_iter().chain(tokens.keys().copied()).chain(tokens.values().map(|moods| u32::from(*moods))).collect());
                }
                out.extend(any_of(codes));
            }
            Element::Optional(inner) => out.extend(sized(op::OPTIONAL, encode(inner, lexicon))),
            Element::Gap(most) => out.push(op::GAP | u32::from(*most) << 4),
            Element::Word => out.push(op::WORD),
            Element::Start => out.push(op::START),
            Element::End => out.push(op::END),
        }
    }
    out
}

/// Alternatives as code, each after its length; the only one as it is.
pub(super) fn any_of(mut codes: Vec<Vec<u32>>) -> Vec<u32> {
    if let [code] = codes.as_mut_slice() {
        return std::mem::take(code);
    }
    sized(op::ANY, codes.into_iter().flat_map(|code| [vec![code.len() as u32], code].concat()).collect())
}

/// Code after what it is, and its length.
pub(super) fn sized(op: u32, code: Vec<u32>) -> Vec<u32> {
    [vec![op | (code.len() as u32) << 4], code].concat()
}

/// Alternatives sorted out: what is a class, or one token, whichever it is, is looked up at once.
pub(super) struct Alternatives<'a> {
    pub families: Vec<Symbol>,
    /// Symbols, each with its moods.
    pub tokens: BTreeMap<Symbol, u16>,
    pub others: Vec<&'a [Element<Symbol>]>,
}

impl<'a> Alternatives<'a> {
    pub fn of(branches: &'a [Vec<Element<Symbol>>], lexicon: &Lexicon) -> Self {
        let mut out = Self { families: Vec::new(), tokens: BTreeMap::new(), others: Vec::new() };
        for branch in branches {
            if let [Element::Class(family)] = branch.as_slice() {
                out.families.push(*family);
            } else if let Some(found) = singles(branch, lexicon) {
                for (symbol, moods) in found {
                    let known = out.tokens.entry(symbol).or_insert(moods);
                    *known = if *known == 0 || moods == 0 { 0 } else { *known | moods };
                }
            } else {
                out.others.push(branch);
            }
        }
        out
    }
}

/// The symbols, with their moods, of a phrase that is one word, mark or verb, whichever of them; none for any other phrase.
fn singles(phrase: &[Element<Symbol>], lexicon: &Lexicon) -> Option<Vec<(Symbol, u16)>> {
    match phrase {
        [Element::Stem(symbol) | Element::Exact(symbol)] => Some(vec![(*symbol, 0)]),
        [Element::Verb(symbol, moods)] => Some(vec![(*symbol, *moods)]),
        [Element::Mark(mark)] => Some(vec![(lexicon.mark(*mark), 0)]),
        [Element::Any(branches)] => {
            let all: Option<Vec<_>> = branches.iter().map(|branch| singles(branch, lexicon)).collect();
            all.map(|all| all.concat())
        }
        _ => None,
    }
}
