//! Words, verbs and classes as symbols, and what a token of text is among them.

use std::collections::HashMap;

use super::inflect::{conjugate, mood, stem_into};
use crate::text::fold::fold;

/// A word, verb or class that some pattern looks for.
pub type Symbol = u32;

/// No symbol: a word that no pattern looks for.
pub const NONE: Symbol = 0;

/// Marks the participle of a verb in -er, which ends in « é ».
const FIRST_GROUP_PP: u16 = 0x8000;

/// Number of a class of the vocabulary.
pub type ClassId = u16;

/// An analysis of a word as a form of a verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// The verb.
    pub verb: Symbol,
    /// Its [`mood`] bits.
    pub mood: u16,
}

/// The words, verbs and classes that patterns look for.
#[derive(Debug, Default)]
pub struct Lexicon {
    stems: HashMap<Box<str>, Symbol>,
    exact: HashMap<Box<str>, Symbol>,
    /// Exact words by folded form, for text in capitals.
    exact_folded: HashMap<Box<str>, Symbol>,
    verbs: HashMap<Box<str>, Symbol>,
    forms: HashMap<Box<str>, Vec<Form>>,
    classes: HashMap<Box<str>, ClassId>,
    class_names: Vec<Box<str>>,
    class_symbols: Vec<Symbol>,
    next: Symbol,
}

impl Lexicon {
    fn fresh(&mut self) -> Symbol {
        self.next += 1;
        self.next
    }

    /// How many symbols there are; they are numbered from 1.
    #[must_use]
    pub fn symbol_count(&self) -> usize {
        self.next as usize + 1
    }

    /// The symbol of a word of a pattern, any number and gender.
    pub fn intern_stem(&mut self, word: &str) -> Symbol {
        let mut stem = String::new();
        stem_into(&fold(word), &mut stem);
        if let Some(&symbol) = self.stems.get(stem.as_str()) {
            return symbol;
        }
        let symbol = self.fresh();
        self.stems.insert(stem.into(), symbol);
        symbol
    }

    /// The symbol of a word of a pattern, this very form.
    pub fn intern_exact(&mut self, word: &str) -> Symbol {
        if let Some(&symbol) = self.exact.get(word) {
            return symbol;
        }
        let symbol = self.fresh();
        self.exact.insert(word.into(), symbol);
        self.exact_folded.insert(fold(word).into(), symbol);
        symbol
    }

    /// Adds a verb with all its forms.
    ///
    /// # Errors
    /// When the model does not exist or does not fit.
    pub fn add_verb(&mut self, infinitive: &str, model: &str) -> Result<Symbol, String> {
        let infinitive = fold(infinitive);
        let forms = conjugate(&infinitive, &fold(model))?;
        if let Some(&symbol) = self.verbs.get(infinitive.as_str()) {
            return Ok(symbol);
        }
        let symbol = self.fresh();
        self.verbs.insert(infinitive.into(), symbol);
        let first_group = model.is_empty() && forms[0].0.ends_with("er");
        for (form, mut mood) in forms {
            if first_group && mood & mood::PP != 0 {
                mood |= FIRST_GROUP_PP;
            }
            let analyses = self.forms.entry(form.into()).or_default();
            match analyses.iter_mut().find(|a| a.verb == symbol && (a.mood & mood::PP == 0) == (mood & mood::PP == 0)) {
                Some(known) => known.mood |= mood,
                None => analyses.push(Form { verb: symbol, mood }),
            }
        }
        Ok(symbol)
    }

    /// The symbol of a verb, where the vocabulary has it; folded infinitive.
    #[must_use]
    pub fn verb(&self, infinitive: &str) -> Option<Symbol> {
        self.verbs.get(infinitive).copied()
    }

    /// Declares a class.
    pub fn add_class(&mut self, name: &str) -> ClassId {
        if let Some(&id) = self.classes.get(name) {
            return id;
        }
        let id = self.class_names.len() as ClassId;
        let symbol = self.fresh();
        self.classes.insert(name.into(), id);
        self.class_names.push(name.into());
        self.class_symbols.push(symbol);
        id
    }

    /// A class by its full name.
    #[must_use]
    pub fn class(&self, name: &str) -> Option<ClassId> {
        self.classes.get(name).copied()
    }

    /// Name of a class.
    #[must_use]
    pub fn class_name(&self, id: ClassId) -> &str {
        &self.class_names[id as usize]
    }

    /// How many classes there are.
    #[must_use]
    pub fn class_count(&self) -> usize {
        self.class_names.len()
    }

    /// The symbol that stands for a class.
    #[must_use]
    pub fn class_symbol(&self, id: ClassId) -> Symbol {
        self.class_symbols[id as usize]
    }

    /// The class `name` and every class `name.…`.
    #[must_use]
    pub fn family(&self, name: &str) -> Vec<ClassId> {
        let below = |c: &str| c.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        (0..self.class_names.len() as ClassId).filter(|&id| below(self.class_name(id))).collect()
    }

    /// The nearest class name, for a message.
    #[must_use]
    pub fn nearest_class(&self, name: &str) -> Option<&str> {
        crate::text::distance::nearest(name, self.class_names.iter().map(|n| &**n))
    }

    /// The stem symbol of a folded word of text; `buffer` is scratch space.
    #[must_use]
    pub fn stem_of(&self, folded: &str, buffer: &mut String) -> Symbol {
        stem_into(folded, buffer);
        self.stems.get(buffer.as_str()).copied().unwrap_or(NONE)
    }

    /// The exact symbol of a word of text.
    #[must_use]
    pub fn exact_of(&self, lower: &str, folded: &str, capitals: bool) -> Symbol {
        let found = self.exact.get(lower).or_else(|| if capitals { self.exact_folded.get(folded) } else { None });
        found.copied().unwrap_or(NONE)
    }

    /// The verbs a word of text may be a form of. A final « é » tells a participle from a present, unless the word is in
    /// capitals, which carry no accents.
    pub fn forms_of<'a>(&'a self, lower: &str, folded: &str, capitals: bool) -> impl Iterator<Item = Form> + use<'a> {
        let ending = lower.trim_end_matches(['s', 'S']);
        let acute = ending.ends_with('é') || ending.ends_with("ée");
        let mute = !acute && folded.trim_end_matches('s').ends_with('e') && !capitals;
        self.forms.get(folded).into_iter().flatten().copied().filter(move |form| {
            let participle = form.mood & mood::PP != 0;
            // only first-group participles end in é; « faite », « prise » end in a mute e and have no é to show
            (!acute || participle) && (!mute || form.mood & FIRST_GROUP_PP == 0)
        })
    }
}
