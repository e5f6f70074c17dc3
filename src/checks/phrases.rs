//! From parsed patterns to the engine: phrases as code, classes ordered by dependency.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use super::engine::{AnyOf, Conjunct, Engine, NOTHING, PatternId, PhraseId, op};
use super::frequency::Frequencies;
use super::lexicon::{ClassId, Lexicon, LexiconBuilder, Symbol};
use super::mistakes;
use super::pattern::{Element, Name, Pattern, PatternError, Place, parse};
use super::sieves::{Anchors, Sieves};
use crate::lang::Text;

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
            self.class_phrases.push((class, phrase));
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
        let count = self.phrases.len();
        let (mut here, mut heading) = (vec![false; count], vec![false; count]);
        let (mut with, mut under) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        let mut shares = vec![0; count];
        self.patterns.iter().flatten().for_each(|c| shares[c.phrase as usize] += 1);
        for (id, conjuncts) in (0..).zip(&self.patterns) {
            let mut own = conjuncts.iter().filter(|c| c.place == Place::Here).map(|c| &self.phrases[c.phrase as usize]).peekable();
            let wanted = self.wanted.contains(&id) && (own.peek().is_none() || own.any(|phrase| requires(phrase)));
            for conjunct in conjuncts {
                let phrase = conjunct.phrase as usize;
                heading[phrase] |= conjunct.place == Place::Heading;
                here[phrase] |= wanted && conjunct.place != Place::Heading;
                if wanted && conjunct.place == Place::Here {
                    with[phrase].push((id, self.first_of(conjuncts, conjunct.phrase, &shares)));
                }
            }
            let first = conjuncts.first().filter(|c| c.place == Place::Heading && wanted);
            if let Some(first) = first.filter(|_| conjuncts.iter().all(|c| c.place != Place::Here)) {
                under[first.phrase as usize].push(id);
            }
        }
        with.iter_mut().for_each(Vec::dedup);
        let mut lists_with = vec![Vec::new(); self.patterns.len()];
        for (list, patterns) in (0..).zip(&self.lists) {
            (0..).zip(patterns).for_each(|(place, pattern)| lists_with[*pattern as usize].extend([list, place]));
        }
        let lexicon = self.lexicon.finish();
        let classes = self.class_phrases.iter().map(|(class, phrase)| (*class, level[*class as usize], phrase.as_slice()));
        let mut sieves = Sieves::new(Anchors::new(&lexicon, Frequencies::in_texts(sample, &lexicon), classes.clone()));
        let classes = (0..).zip(classes).filter(|(_, (.., phrase))| requires(phrase));
        let class_index = sieves.index(classes.map(|(id, (_, level, phrase))| (id, phrase, level)), false);
        let mut phrases = |chosen: Vec<bool>| {
            let all = (0..).zip(&self.phrases).zip(chosen).filter(|(_, chosen)| *chosen);
            sieves.index(all.map(|((id, phrase), _)| (id, phrase.as_slice(), 0)), true)
        };
        let (phrase_index, heading_index) = (phrases(here), phrases(heading));
        Ok(Engine {
            class_phrases: self.class_phrases.iter().map(|(_, phrase)| encode(phrase, &lexicon)).collect(),
            class_of: self.class_phrases.iter().map(|(class, _)| u32::from(*class)).collect(),
            phrases: self.phrases.iter().map(|phrase| encode(phrase, &lexicon)).collect(),
            class_sieves: self.class_phrases.iter().map(|(_, phrase)| sieves.sieve(phrase)).collect(),
            sieves: self.phrases.iter().map(|phrase| sieves.sieve(phrase)).collect(),
            class_firsts: self.class_phrases.iter().map(|(_, phrase)| sieves.first(phrase, false).encode()).collect(),
            firsts: self.phrases.iter().map(|phrase| sieves.first(phrase, true).encode()).collect(),
            sets: sieves.finish(),
            patterns: self.patterns.iter().map(|conjuncts| conjuncts.iter().map(|c| c.encode()).collect::<Vec<_>>()).collect(),
            class_index,
            phrase_index,
            heading_index,
            patterns_with: with.into_iter().map(|list| list.into_iter().flat_map(|(id, first)| [id, first])).collect(),
            patterns_under: under.into_iter().collect(),
            lists: self.lists.into_iter().collect(),
            lists_with: lists_with.into_iter().collect(),
            lexicon,
        })
    }

    /// What to ask first of a pattern one phrase of which is there: of what else it needs, what the fewest others need.
    fn first_of(&self, conjuncts: &[Conjunct], phrase: PhraseId, shares: &[u32]) -> u32 {
        let others = conjuncts.iter().filter(|c| c.phrase != phrase && matches!(c.place, Place::Here | Place::Heading));
        others.min_by_key(|c| shares[c.phrase as usize]).map_or(NOTHING, |c| c.encode())
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
