//! Patterns compiled for matching many at a time: each is tried only on sentences that hold its rarest word.

use std::collections::HashMap;

use crate::checks::lexicon::{ClassId, Lexicon, Symbol};
use crate::checks::pattern::{Element, Pattern, PatternError, Place, parse};

/// Number of a pattern of a check.
pub type PatternId = u32;

/// A compiled conjunct.
#[derive(Debug)]
pub struct Conjunct {
    /// Where it is looked for.
    pub place: Place,
    /// What is looked for.
    pub phrase: Vec<Element<Symbol>>,
    /// For a heading: its number among all heading conjuncts.
    pub heading: u32,
}

/// A phrase of a class.
#[derive(Debug)]
pub struct ClassPhrase {
    /// The class.
    pub class: ClassId,
    /// The phrase.
    pub phrase: Vec<Element<Symbol>>,
    /// Classes it refers to are of lower levels.
    pub level: u8,
}

/// All patterns, with an index from symbols to those worth trying.
#[derive(Debug, Default)]
pub struct Engine {
    /// Words, verbs, classes.
    pub lexicon: Lexicon,
    /// What each `@name` used in a pattern stands for.
    pub families: Vec<Vec<ClassId>>,
    family_of: HashMap<String, u32>,
    /// Phrases of the vocabulary.
    pub class_phrases: Vec<ClassPhrase>,
    /// Deepest level among them.
    pub levels: u8,
    /// Patterns of the checks.
    pub patterns: Vec<Vec<Conjunct>>,
    known: HashMap<String, PatternId>,
    /// Heading conjuncts: pattern and place in it.
    pub headings: Vec<(PatternId, u32)>,
    /// Symbol → class phrases to try.
    pub class_index: Vec<Vec<u32>>,
    /// Symbol → patterns to try.
    pub pattern_index: Vec<Vec<PatternId>>,
    /// Symbol → heading conjuncts to try.
    pub heading_index: Vec<Vec<u32>>,
}

impl Engine {
    /// Adds a phrase to a class. Classes it refers to must be declared.
    ///
    /// # Errors
    /// A mistake in the phrase, with its place.
    pub fn add_class_phrase(&mut self, class: ClassId, text: &str) -> Result<(), PatternError> {
        let pattern = parse(text)?;
        let [(Place::Here, _)] = pattern.conjuncts.as_slice() else {
            return Err(PatternError { at: 0, message: "a class holds plain phrases: no +, #, ! or ~".into() });
        };
        for (_, elements) in pattern.conjuncts {
            let phrase = self.resolve(elements)?;
            self.class_phrases.push(ClassPhrase { class, phrase, level: 0 });
        }
        Ok(())
    }

    /// Adds a pattern of a check; the same text is compiled once.
    ///
    /// # Errors
    /// A mistake in the pattern, with its place.
    pub fn add_pattern(&mut self, text: &str) -> Result<PatternId, PatternError> {
        if let Some(&id) = self.known.get(text) {
            return Ok(id);
        }
        let Pattern { conjuncts } = parse(text)?;
        let id = self.patterns.len() as PatternId;
        let mut compiled = Vec::new();
        for (place, elements) in conjuncts {
            let phrase = self.resolve(elements)?;
            let mut heading = 0;
            if place == Place::Heading {
                heading = self.headings.len() as u32;
                self.headings.push((id, compiled.len() as u32));
            }
            compiled.push(Conjunct { place, phrase, heading });
        }
        self.patterns.push(compiled);
        self.known.insert(text.to_owned(), id);
        Ok(id)
    }

    fn resolve(&mut self, elements: Vec<Element<String>>) -> Result<Vec<Element<Symbol>>, PatternError> {
        elements.into_iter().map(|e| self.resolve_one(e)).collect()
    }

    fn resolve_one(&mut self, element: Element<String>) -> Result<Element<Symbol>, PatternError> {
        Ok(match element {
            Element::Stem(word) => Element::Stem(self.lexicon.intern_stem(&word)),
            Element::Exact(word) => Element::Exact(self.lexicon.intern_exact(&word)),
            Element::Mark(mark) => Element::Mark(mark),
            Element::Verb(verb, moods) => match self.lexicon.verb(&verb) {
                Some(symbol) => Element::Verb(symbol, moods),
                None => return Err(PatternError { at: 0, message: format!("the verb « {verb} » is in no [verbs] table of the vocabulary") }),
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

    fn family(&mut self, name: &str) -> Result<u32, PatternError> {
        if let Some(&family) = self.family_of.get(name) {
            return Ok(family);
        }
        let classes = self.lexicon.family(if name == "date.vague" { "date-vague" } else { name });
        if classes.is_empty() {
            let near = self.lexicon.nearest_class(name).map(|n| format!(" (did you mean @{n}?)")).unwrap_or_default();
            return Err(PatternError { at: 0, message: format!("no class @{name} in the vocabulary{near}") });
        }
        let family = self.families.len() as u32;
        self.families.push(classes);
        self.family_of.insert(name.to_owned(), family);
        Ok(family)
    }

    /// Orders the classes by dependency and builds the indices. To be called once, after everything is added.
    ///
    /// # Errors
    /// The name of a class that refers to itself, directly or through others.
    pub fn finish(&mut self) -> Result<(), String> {
        self.level_classes()?;
        let symbols = self.lexicon.symbol_count();
        self.class_index = vec![Vec::new(); symbols];
        self.pattern_index = vec![Vec::new(); symbols];
        self.heading_index = vec![Vec::new(); symbols];
        for (id, phrase) in self.class_phrases.iter().enumerate() {
            for symbol in self.triggers(&phrase.phrase) {
                self.class_index[symbol as usize].push(id as u32);
            }
        }
        for (id, conjuncts) in self.patterns.iter().enumerate() {
            let best = conjuncts.iter().filter(|c| c.place == Place::Here).max_by_key(|c| self.rarity(&c.phrase));
            for symbol in best.map(|c| self.triggers(&c.phrase)).unwrap_or_default() {
                self.pattern_index[symbol as usize].push(id as PatternId);
            }
            for conjunct in conjuncts.iter().filter(|c| c.place == Place::Heading) {
                for symbol in self.triggers(&conjunct.phrase) {
                    self.heading_index[symbol as usize].push(conjunct.heading);
                }
            }
        }
        for list in self.class_index.iter_mut().chain(&mut self.pattern_index).chain(&mut self.heading_index) {
            list.sort_unstable();
            list.dedup();
        }
        Ok(())
    }

    fn level_classes(&mut self) -> Result<(), String> {
        let count = self.lexicon.class_count();
        let mut uses = vec![Vec::new(); count];
        for phrase in &self.class_phrases {
            let mut families = Vec::new();
            collect_families(&phrase.phrase, &mut families);
            for family in families {
                uses[phrase.class as usize].extend(self.families[family as usize].iter().copied());
            }
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
            if round == count || level.iter().any(|l| *l > 40) {
                let at = level.iter().enumerate().max_by_key(|(_, l)| **l).map_or(0, |(c, _)| c);
                return Err(self.lexicon.class_name(at as ClassId).to_owned());
            }
        }
        for phrase in &mut self.class_phrases {
            phrase.level = level[phrase.class as usize];
        }
        self.levels = level.into_iter().max().unwrap_or(0);
        Ok(())
    }

    /// How rare the rarest required element of a phrase is likely to be.
    fn rarity(&self, phrase: &[Element<Symbol>]) -> u8 {
        phrase.iter().map(|e| self.element_rarity(e)).max().unwrap_or(0)
    }

    fn element_rarity(&self, element: &Element<Symbol>) -> u8 {
        match element {
            Element::Exact(_) => 6,
            Element::Stem(_) => 7,
            Element::Verb(..) => 5,
            Element::Class(family) => {
                if self.families[*family as usize].len() > 3 {
                    2
                } else {
                    3
                }
            }
            Element::Any(branches) => branches.iter().map(|b| self.rarity(b)).min().unwrap_or(0),
            _ => 0,
        }
    }

    /// Symbols one of which must be in the sentence for the phrase to match.
    fn triggers(&self, phrase: &[Element<Symbol>]) -> Vec<Symbol> {
        let Some(best) = phrase.iter().max_by_key(|e| self.element_rarity(e)) else { return Vec::new() };
        match best {
            Element::Stem(symbol) | Element::Exact(symbol) | Element::Verb(symbol, _) => vec![*symbol],
            Element::Class(family) => self.families[*family as usize].iter().map(|&c| self.lexicon.class_symbol(c)).collect(),
            Element::Any(branches) => branches.iter().flat_map(|b| self.triggers(b)).collect(),
            _ => Vec::new(),
        }
    }
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
