//! Words, verbs and classes as symbols, and what a token of text is among them.

use std::ops::Range;

use hashbrown::HashMap;

use super::engine::WordList;
use super::inflect::{conjugate, mood, stem_into};
use super::mistakes;
use super::table::{Array, Strings};
use crate::lang::Text;
use crate::text::fold::fold;

/// A word, verb, class or mark that some pattern looks for.
pub type Symbol = u32;

/// No symbol: a word that no pattern looks for.
pub const NONE: Symbol = 0;
/// Any token at all.
pub const ANY: Symbol = 1;
const FIRST_FREE: Symbol = 2;

/// Marks the participle of a verb in -er, which ends in « é ».
const FIRST_GROUP_PP: u16 = 0x8000;

/// Number of a class of the vocabulary. The classes of a family have consecutive numbers.
pub type ClassId = u16;

/// An analysis of a word as a form of a verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// The verb.
    pub verb: Symbol,
    /// Its [`mood`] bits.
    pub mood: u16,
}

/// What is known of a string: as a stem, as an exact form, as the folded letters of an exact form, as an infinitive; the lists of words
/// that it is in, a bit each; then where its analyses as a form begin, and end.
const FACTS: usize = 7;

/// The words, verbs and classes that patterns look for.
#[derive(Debug, Default)]
pub struct Lexicon {
    /// Stems, exact words and verb forms.
    pub strings: Strings,
    /// `FACTS` numbers for each string.
    pub facts: Array,
    /// Analyses: verb, mood.
    pub forms: Array,
    /// Names of the classes.
    pub classes: Strings,
    /// The symbol of the first class, how many symbols there are, then pairs: a punctuation mark, its symbol.
    pub symbols: Array,
}

impl Lexicon {
    fn fact(&self, string: u32, at: usize) -> u32 {
        self.facts[string as usize * FACTS + at]
    }

    /// How many symbols there are.
    #[must_use]
    pub fn symbol_count(&self) -> usize {
        self.symbols.get(1).map_or(0, |count| *count as usize)
    }

    /// The symbol of a verb, where the vocabulary has it; folded infinitive.
    #[must_use]
    pub fn verb(&self, infinitive: &str) -> Option<Symbol> {
        self.strings.get(infinitive).map(|s| self.fact(s, 3)).filter(|s| *s != NONE)
    }

    /// A class by its full name.
    #[must_use]
    pub fn class(&self, name: &str) -> Option<ClassId> {
        self.classes.get(name).map(|id| id as ClassId)
    }

    /// The symbol that stands for a class.
    #[must_use]
    pub fn class_symbol(&self, id: ClassId) -> Symbol {
        self.symbols.first().map_or(NONE, |first| first + Symbol::from(id))
    }

    /// The class that a symbol stands for, if it is one.
    #[must_use]
    pub fn class_of_symbol(&self, symbol: Symbol) -> Option<ClassId> {
        let number = symbol.checked_sub(self.class_symbol(0))? as usize;
        (number < self.classes.len()).then_some(number as ClassId)
    }

    /// Whether a symbol stands for a class.
    #[must_use]
    pub fn is_class(&self, symbol: Symbol) -> bool {
        self.class_of_symbol(symbol).is_some()
    }

    /// The class `name` and every class `name.…`; empty where there is none.
    #[must_use]
    pub fn family(&self, name: &str) -> Range<ClassId> {
        family(&self.classes, name)
    }

    /// The symbol of a punctuation mark.
    #[must_use]
    pub fn mark(&self, mark: char) -> Symbol {
        let marks = self.symbols.get(2..).unwrap_or_default();
        marks.chunks_exact(2).find(|pair| pair[0] == mark as u32).map_or(NONE, |pair| pair[1])
    }

    /// Whether a folded word is in a list; of [`WordList::Established`], its stem.
    #[must_use]
    pub fn is_listed(&self, list: WordList, folded: &str) -> bool {
        self.lists(self.strings.get(folded), list)
    }

    fn lists(&self, string: Option<u32>, list: WordList) -> bool {
        string.is_some_and(|s| self.fact(s, 4) & 1 << list as u32 != 0)
    }

    /// A word of text in lower case, and folded; `buffer` is where its stem is written.
    #[must_use]
    pub fn word(&self, lower: &str, folded: &str, capitals: bool, buffer: &mut String) -> Word<'_> {
        stem_into(folded, buffer);
        let folded_as = self.strings.get(folded);
        let known_as = |form: &str| if form == folded { folded_as } else { self.strings.get(form) };
        Word { lexicon: self, folded: folded_as, lower: known_as(lower), stem: known_as(buffer), capitals }
    }

    /// The verbs a word of text may be a form of. A final « é » tells a participle from a present, unless the word is in
    /// capitals, which carry no accents.
    pub fn forms_of<'a>(&'a self, lower: &str, folded: &str, capitals: bool) -> impl Iterator<Item = Form> + use<'a> {
        self.forms_at(self.strings.get(folded), lower, folded, capitals)
    }

    fn forms_at<'a>(&'a self, string: Option<u32>, lower: &str, folded: &str, capitals: bool) -> impl Iterator<Item = Form> + use<'a> {
        let ending = lower.trim_end_matches(['s', 'S']);
        let acute = ending.ends_with('é') || ending.ends_with("ée");
        let mute = !acute && folded.trim_end_matches('s').ends_with('e') && !capitals;
        let range = string.map_or(0..0, |s| self.fact(s, 5) as usize..self.fact(s, 6) as usize);
        let forms = self.forms[range].chunks_exact(2).map(|pair| Form { verb: pair[0], mood: pair[1] as u16 });
        forms.filter(move |form| {
            let participle = form.mood & mood::PP != 0;
            // only first-group participles end in é; « faite », « prise » end in a mute e and have no é to show
            (!acute || participle) && (!mute || form.mood & FIRST_GROUP_PP == 0)
        })
    }

    /// The symbol of a word of a pattern, any number and gender; a new one for a word that no pattern has.
    pub fn intern_stem(&mut self, word: &str) -> Symbol {
        let stem = stem_of_pattern(word);
        let string = self.strings.get(&stem).unwrap_or_else(|| {
            let none = self.forms.len() as u32;
            self.facts.to_mut().extend([NONE, NONE, NONE, NONE, NONE, none, none]);
            self.strings.push(&stem)
        });
        let known = self.fact(string, 0);
        if known != NONE {
            return known;
        }
        let symbols = self.symbols.to_mut();
        let symbol = symbols[1];
        symbols[1] += 1;
        self.facts.to_mut()[string as usize * FACTS] = symbol;
        symbol
    }
}

/// A word of text, each of its forms looked up once.
#[derive(Debug, Clone, Copy)]
pub struct Word<'a> {
    lexicon: &'a Lexicon,
    /// The strings that it is.
    folded: Option<u32>,
    lower: Option<u32>,
    stem: Option<u32>,
    /// Whether it may have lost its accents to capitals.
    capitals: bool,
}

impl Word<'_> {
    /// The symbol of its stem.
    #[must_use]
    pub fn stem(&self) -> Symbol {
        self.stem.map_or(NONE, |s| self.lexicon.fact(s, 0))
    }

    /// The symbol of its very form.
    #[must_use]
    pub fn exact(&self) -> Symbol {
        let exact = self.lower.map_or(NONE, |s| self.lexicon.fact(s, 1));
        if exact == NONE && self.capitals { self.folded.map_or(NONE, |s| self.lexicon.fact(s, 2)) } else { exact }
    }

    /// The verbs that it may be a form of: see [`Lexicon::forms_of`].
    pub fn forms(&self, lower: &str, folded: &str) -> impl Iterator<Item = Form> {
        self.lexicon.forms_at(self.folded, lower, folded, self.capitals)
    }

    /// Whether it is in a list: see [`Lexicon::is_listed`].
    #[must_use]
    pub fn is_listed(&self, list: WordList) -> bool {
        self.lexicon.lists(if list == WordList::Established { self.stem } else { self.folded }, list)
    }
}

/// The stem of a word of a pattern.
fn stem_of_pattern(word: &str) -> String {
    let mut stem = String::new();
    stem_into(&fold(word), &mut stem);
    stem
}

/// The classes of a family among class names in family order; empty where there is none.
fn family(classes: &Strings, name: &str) -> Range<ClassId> {
    let before = |id: ClassId| family_order(classes.at(id.into())).lt(family_order(name));
    let (mut from, mut to) = (0, classes.len() as ClassId);
    while from < to {
        let middle = from.midpoint(to);
        if before(middle) { from = middle + 1 } else { to = middle }
    }
    let member = |id: &ClassId| classes.at((*id).into()).strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    from..from + (from..classes.len() as ClassId).take_while(member).count() as ClassId
}

/// The order in which a class comes just before those below it.
fn family_order(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().map(|byte| if byte == b'.' { 0 } else { byte })
}

/// A lexicon in the making.
#[derive(Debug, Default)]
pub struct LexiconBuilder {
    strings: Vec<String>,
    numbers: HashMap<String, usize>,
    facts: Vec<[u32; 5]>,
    forms: Vec<Vec<Form>>,
    marks: Vec<(char, Symbol)>,
    classes: Strings,
    first_class: Symbol,
    next: Symbol,
}

impl LexiconBuilder {
    /// A lexicon with these classes.
    #[must_use]
    pub fn new<'a>(classes: impl IntoIterator<Item = &'a str>) -> Self {
        let mut names: Vec<&str> = classes.into_iter().collect();
        names.sort_by(|a, b| family_order(a).cmp(family_order(b)));
        names.dedup();
        let classes = Strings::new(names.iter().copied());
        Self { first_class: FIRST_FREE, next: FIRST_FREE + names.len() as Symbol, classes, ..Self::default() }
    }

    fn fresh(&mut self) -> Symbol {
        self.next += 1;
        self.next - 1
    }

    fn number(&mut self, string: &str) -> usize {
        if let Some(&number) = self.numbers.get(string) {
            return number;
        }
        let number = self.strings.len();
        self.strings.push(string.to_owned());
        self.numbers.insert(string.to_owned(), number);
        self.facts.push([NONE; 5]);
        self.forms.push(Vec::new());
        number
    }

    fn intern(&mut self, string: &str, fact: usize) -> Symbol {
        let number = self.number(string);
        if self.facts[number][fact] == NONE {
            self.facts[number][fact] = self.fresh();
        }
        self.facts[number][fact]
    }

    /// The symbol of a word of a pattern, any number and gender.
    pub fn intern_stem(&mut self, word: &str) -> Symbol {
        self.intern(&stem_of_pattern(word), 0)
    }

    /// The symbol of a word of a pattern, this very form.
    pub fn intern_exact(&mut self, word: &str) -> Symbol {
        let known = self.numbers.get(word).map_or(NONE, |&n| self.facts[n][1]);
        let symbol = self.intern(word, 1);
        if known == NONE {
            let folded = self.number(&fold(word));
            self.facts[folded][2] = symbol;
        }
        symbol
    }

    /// The symbol of a punctuation mark.
    pub fn intern_mark(&mut self, mark: char) -> Symbol {
        if let Some((_, symbol)) = self.marks.iter().find(|(known, _)| *known == mark) {
            return *symbol;
        }
        let symbol = self.fresh();
        self.marks.push((mark, symbol));
        symbol
    }

    /// Adds a word to a list.
    ///
    /// # Errors
    /// When it is not a single word, which no token could be.
    pub fn add_word(&mut self, list: WordList, word: &str) -> Result<(), Text> {
        if !word.chars().all(char::is_alphabetic) || word.is_empty() {
            return Err(mistakes::NOT_ONE_WORD.both(&[("word", &word)]));
        }
        let folded = fold(word);
        let mut stem = String::new();
        stem_into(&folded, &mut stem);
        let number = self.number(if list == WordList::Established { &stem } else { &folded });
        self.facts[number][4] |= 1 << list as u32;
        Ok(())
    }

    /// Adds a verb with all its forms.
    ///
    /// # Errors
    /// When the model does not exist or does not fit, or the verb is two words.
    pub fn add_verb(&mut self, infinitive: &str, model: &str) -> Result<(), Text> {
        if let Some((first, verb)) = infinitive.split_once('-') {
            return Err(mistakes::HYPHEN.both(&[("verb", &verb), ("first", &first)]));
        }
        let infinitive = fold(infinitive);
        let forms = conjugate(&infinitive, &fold(model))?;
        if self.verb(&infinitive).is_some() {
            return Ok(());
        }
        let symbol = self.intern(&infinitive, 3);
        let first_group = model.is_empty() && forms[0].0.ends_with("er");
        for (form, mut mood) in forms {
            if first_group && mood & mood::PP != 0 {
                mood |= FIRST_GROUP_PP;
            }
            let number = self.number(&form);
            let analyses = &mut self.forms[number];
            match analyses.iter_mut().find(|a| a.verb == symbol && (a.mood & mood::PP == 0) == (mood & mood::PP == 0)) {
                Some(known) => known.mood |= mood,
                None => analyses.push(Form { verb: symbol, mood }),
            }
        }
        Ok(())
    }

    /// The symbol of a verb, where the vocabulary has it; folded infinitive.
    #[must_use]
    pub fn verb(&self, infinitive: &str) -> Option<Symbol> {
        self.numbers.get(infinitive).map(|&n| self.facts[n][3]).filter(|s| *s != NONE)
    }

    /// A class by its full name.
    #[must_use]
    pub fn class(&self, name: &str) -> Option<ClassId> {
        self.classes.get(name).map(|id| id as ClassId)
    }

    /// Name of a class.
    #[must_use]
    pub fn class_name(&self, id: ClassId) -> &str {
        self.classes.at(id.into())
    }

    /// How many classes there are.
    #[must_use]
    pub fn class_count(&self) -> usize {
        self.classes.len()
    }

    /// The class `name` and every class `name.…`; empty where there is none.
    #[must_use]
    pub fn family(&self, name: &str) -> Range<ClassId> {
        family(&self.classes, name)
    }

    /// The nearest class name, for a message.
    #[must_use]
    pub fn nearest_class(&self, name: &str) -> Option<&str> {
        crate::text::distance::nearest(name, (0..self.classes.len() as u32).map(|id| self.classes.at(id)))
    }

    /// The lexicon.
    #[must_use]
    pub fn finish(self) -> Lexicon {
        let (mut facts, mut forms) = (Vec::new(), Vec::new());
        for (known, analyses) in self.facts.iter().zip(&self.forms) {
            facts.extend(known);
            facts.push(forms.len() as u32);
            forms.extend(analyses.iter().flat_map(|form| [form.verb, form.mood.into()]));
            facts.push(forms.len() as u32);
        }
        let mut symbols = vec![self.first_class, self.next];
        symbols.extend(self.marks.iter().flat_map(|&(mark, symbol)| [mark as u32, symbol]));
        Lexicon {
            strings: Strings::new(self.strings.iter().map(String::as_str)),
            facts: facts.into(),
            forms: forms.into(),
            classes: self.classes,
            symbols: symbols.into(),
        }
    }
}
