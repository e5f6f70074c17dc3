//! From parsed patterns to the engine: phrases as code, classes ordered by dependency, the indices.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use super::engine::{
    AnyOf, CandidateParts, Conjunct, EVERYWHERE, Engine, Lists, MAX_SKIPS, NOTHING, Need, PatternId, PhraseId, Reach, SIGN_NUMBERS, Signs, encode_signs, op,
    sign,
};
use super::lexicon::{ANY, ClassId, LexiconBuilder, Symbol, WORD};
use super::mistakes;
use super::pattern::{Element, Name, Pattern, PatternError, Place, parse};
use crate::lang::Text;

/// Deepest nesting of classes in classes.
const MOST_LEVELS: u8 = 40;

/// A family of classes as a symbol of an [`Element`]: the first, and one past the last.
fn family_code(classes: Range<ClassId>) -> Symbol {
    Symbol::from(classes.start) | Symbol::from(classes.end) << 16
}

fn family_range(code: Symbol) -> Range<ClassId> {
    code as ClassId..(code >> 16) as ClassId
}

/// An engine in the making.
#[derive(Debug, Default)]
pub struct EngineBuilder {
    /// Words, verbs, classes.
    pub lexicon: LexiconBuilder,
    class_phrases: Vec<(ClassId, Vec<Element<Symbol>>)>,
    phrases: Vec<Vec<Element<Symbol>>>,
    phrase_of: HashMap<Vec<u32>, PhraseId>,
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
            let code = encode(&phrase, &self.lexicon);
            let number = self.phrases.len() as PhraseId;
            let id = *self.phrase_of.entry(code).or_insert(number);
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
        // a vague date is no date: patterns that look for one would find it under that name
        let family = Some(self.lexicon.family(if name == "date.vague" { "date-vague" } else { name }));
        family.filter(|classes| !classes.is_empty()).map(family_code).ok_or_else(|| {
            let near = self.lexicon.nearest_class(name).map(|near| mistakes::DID_YOU_MEAN.both(&[("name", &format!("@{near}"))]));
            let near = |lang| near.as_ref().map(|near| format!(" ({})", near.get(lang))).unwrap_or_default();
            PatternError { at: *at, message: Text::each(|lang| mistakes::NO_CLASS.fill(lang, &[("name", &name), ("near", &near(lang))])) }
        })
    }

    /// The engine.
    ///
    /// # Errors
    /// The name of a class that refers to itself, directly or through others.
    pub fn finish(self) -> Result<Engine, String> {
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
        let mut slots = SlotsBuilder::default();
        let classes = self.class_phrases.iter().map(|(class, phrase)| (phrase.as_slice(), level[*class as usize]));
        let class_index = self.index(classes.enumerate().filter(|(_, (phrase, _))| requires(phrase)), &mut slots, false);
        let mut phrases =
            |chosen: Vec<bool>| self.index(self.phrases.iter().map(|p| (p.as_slice(), 0)).enumerate().filter(|(id, _)| chosen[*id]), &mut slots, true);
        let (phrase_index, heading_index) = (phrases(here), phrases(heading));
        Ok(Engine {
            class_phrases: self.class_phrases.iter().map(|(_, phrase)| encode(phrase, &self.lexicon)).collect(),
            class_of: self.class_phrases.iter().map(|(class, _)| u32::from(*class)).collect(),
            phrases: self.phrases.iter().map(|phrase| encode(phrase, &self.lexicon)).collect(),
            patterns: self.patterns.iter().map(|conjuncts| conjuncts.iter().map(|c| c.encode()).collect::<Vec<_>>()).collect(),
            class_index,
            phrase_index,
            heading_index,
            slots: vec![slots.count()].into(),
            slots_of: slots.finish(self.lexicon.symbol_count()),
            patterns_with: with.into_iter().map(|list| list.into_iter().flat_map(|(id, first)| [id, first])).collect(),
            patterns_under: under.into_iter().collect(),
            lists: self.lists.into_iter().collect(),
            lists_with: lists_with.into_iter().collect(),
            lexicon: self.lexicon.finish(),
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

    /// Symbol → candidates, of the phrases given with their numbers and levels; `settled` when all classes are known where they
    /// are looked for.
    fn index<'a>(&self, phrases: impl Iterator<Item = (usize, (&'a [Element<Symbol>], u8))>, slots: &mut SlotsBuilder, settled: bool) -> Lists {
        let mut lists = vec![Vec::new(); self.lexicon.symbol_count()];
        for (id, (phrase, level)) in phrases {
            // what is to stand at the beginning of the sentence
            let (start, phrase) = phrase.split_first().filter(|(first, _)| **first == Element::Start).map_or((false, phrase), |(_, rest)| (true, rest));
            let firsts = self.ahead(phrase, &Ahead::NOTHING).firsts;
            let begun = phrase.first().is_some_and(|first| self.firsts(first).is_some());
            let mut needed = self.needed(phrase, begun, settled);
            // those first that are the least likely
            needed.sort_by_key(|(set, within)| set.len() * within.map_or(ANYWHERE, |within| within as usize + 1).min(ANYWHERE));
            let mut needs = needed.iter().map(|(set, within)| Need::new(slots.of(set), *within));
            let needs = std::array::from_fn(|_| needs.next().unwrap_or(Need::NOTHING));
            needed.sort_by_key(|(set, _)| set.len());
            let whole = !start && matches!(phrase, [element] if is_whole(element, settled));
            let mut needed: Vec<Signs> = needed.into_iter().map(|(set, _)| set.into_iter().fold(0, |signs, symbol| signs | sign(symbol))).collect();
            needed.sort_by_key(|signs| signs.count_ones());
            for (symbol, Second { reach, signs: second, late }) in firsts {
                let mut needed = needed.iter().copied();
                let (second, late) = match reach {
                    Reach::Rest if begun => (needed.next().unwrap_or(EVERYWHERE), false),
                    Reach::Rest => (EVERYWHERE, false),
                    _ => (second, late),
                };
                let rest = needed.find(|signs| *signs != second).unwrap_or(EVERYWHERE);
                lists[symbol as usize].push(CandidateParts { phrase: id as u32, reach, second, rest, level, late, start, whole, begun, needs });
            }
        }
        let encode = |mut list: Vec<CandidateParts>| {
            list.sort_by_key(|candidate| candidate.start);
            list.into_iter().flat_map(CandidateParts::encode).collect::<Vec<u32>>()
        };
        lists.into_iter().map(encode).collect()
    }

    /// What the elements of a phrase need, after the first one if that is what it has `begun` with: for each, the symbols that it may
    /// begin with, and how many tokens after the end of the first one's own first element that is at most, where that is known.
    fn needed(&self, phrase: &[Element<Symbol>], begun: bool, settled: bool) -> Vec<(BTreeSet<Symbol>, Option<u32>)> {
        let own = |element: &Element<Symbol>| self.firsts(element).filter(|set| settled || !set.iter().any(|s| self.lexicon.is_class(*s)));
        let (first, elements) = phrase.split_at(usize::from(begun).min(phrase.len()));
        // a class ends where its mark does, which is known where the phrase is tried
        let mut end = match first {
            [] => None,
            [Element::Class(_)] => Some(0),
            first => longest(first).map(|tokens| tokens.saturating_sub(1)),
        };
        let (mut needed, mut gap) = (Vec::new(), None);
        for element in elements {
            if let Element::Gap(most) = element {
                gap = Some(gap.unwrap_or(0) + u32::from(*most));
                continue;
            }
            let begins = end.map(|end| end + gap.take().unwrap_or(u32::from(MAX_SKIPS)));
            needed.extend(own(element).map(|set| (set, begins)));
            end = begins.zip(longest(std::slice::from_ref(element))).map(|(begins, tokens)| begins + tokens);
        }
        needed.sort();
        needed.dedup_by(|later, first| later.0 == first.0);
        needed
    }

    /// The symbols that an element must begin with; none where that may be anything, or nothing.
    fn firsts(&self, element: &Element<Symbol>) -> Option<BTreeSet<Symbol>> {
        Some(match element {
            Element::Stem(symbol) | Element::Exact(symbol) | Element::Verb(symbol, _) => BTreeSet::from([*symbol]),
            Element::Mark(mark) => BTreeSet::from([self.lexicon.mark(*mark)]),
            Element::Class(family) => family_range(*family).map(|class| self.lexicon.class_symbol(class)).collect(),
            Element::Any(branches) => {
                let mut all = BTreeSet::new();
                for branch in branches {
                    all.append(&mut self.firsts(branch.first()?)?);
                }
                all
            }
            Element::Optional(_) | Element::Gap(_) | Element::Word | Element::Start | Element::End => return None,
        })
    }

    /// What a phrase may begin with, before what comes `after` it; read backwards, so that each element is looked at once.
    fn ahead(&self, phrase: &[Element<Symbol>], after: &Ahead) -> Ahead {
        let last = phrase.iter().rev().fold(None, |after_it: Option<Ahead>, element| Some(self.before(element, after_it.as_ref().unwrap_or(after))));
        last.unwrap_or_else(|| after.clone())
    }

    /// What an element may begin with, before what comes `after` it.
    fn before(&self, element: &Element<Symbol>, after: &Ahead) -> Ahead {
        let single = |symbol: Symbol| Ahead {
            firsts: BTreeMap::from([(symbol, after.second)]),
            second: Second { reach: Reach::Near, signs: sign(symbol), late: false },
        };
        match element {
            Element::Stem(symbol) | Element::Exact(symbol) | Element::Verb(symbol, _) => single(*symbol),
            Element::Mark(mark) => single(self.lexicon.mark(*mark)),
            Element::Word => Ahead { second: Second::UNKNOWN, ..single(WORD) },
            Element::Class(family) => {
                let symbols = family_range(*family).map(|class| self.lexicon.class_symbol(class));
                let signs = symbols.clone().fold(0, |signs, symbol| signs | sign(symbol));
                Ahead { firsts: symbols.map(|symbol| (symbol, after.second)).collect(), second: Second { reach: Reach::Near, signs, late: true } }
            }
            Element::Any(branches) => branches.iter().map(|branch| self.ahead(branch, after)).reduce(Ahead::or).unwrap_or(Ahead::NOTHING),
            Element::Optional(inner) => self.ahead(inner, after).or(after.clone()),
            // only the first token of the sentence will do, which matching finds out at once
            Element::Start => Ahead { second: Second::UNKNOWN, ..after.clone() },
            Element::Gap(most) => {
                let reach = match usize::from(*most) + 1 {
                    _ if after.second.reach != Reach::Near => Reach::Rest,
                    tokens if tokens <= Reach::SHORT => Reach::Short,
                    tokens if tokens <= Reach::LONG => Reach::Long,
                    _ => Reach::Rest,
                };
                Ahead { second: Second { reach, ..after.second }, ..Ahead::anything() }
            }
            Element::End => Ahead::anything(),
        }
    }
}

/// The slots of what phrases need, in the making: the same set of symbols has one, from 1 on.
#[derive(Debug, Default)]
struct SlotsBuilder {
    slots: BTreeMap<BTreeSet<Symbol>, u32>,
}

impl SlotsBuilder {
    fn count(&self) -> u32 {
        self.slots.len() as u32 + 1
    }

    fn of(&mut self, set: &BTreeSet<Symbol>) -> u32 {
        let next = self.count();
        *self.slots.entry(set.clone()).or_insert(next)
    }

    /// Symbol → slots.
    fn finish(self, symbols: usize) -> Lists {
        let mut lists = vec![Vec::new(); symbols];
        for (set, slot) in self.slots {
            set.into_iter().for_each(|symbol| lists[symbol as usize].push(slot));
        }
        lists.into_iter().collect()
    }
}

/// What the second element of a phrase may be, and where.
#[derive(Debug, Clone, Copy)]
struct Second {
    reach: Reach,
    signs: Signs,
    late: bool,
}

impl Second {
    /// Anything.
    const UNKNOWN: Self = Self { reach: Reach::Rest, signs: Signs::MAX, late: false };

    fn or(self, other: Self) -> Self {
        Self { reach: self.reach.max(other.reach), signs: self.signs | other.signs, late: self.late || other.late }
    }
}

/// What a phrase may begin with.
#[derive(Debug, Clone)]
struct Ahead {
    /// The symbols, each with what tells that the rest may match after it.
    firsts: BTreeMap<Symbol, Second>,
    /// What tells, after the first element of another phrase, that this one may match as its rest.
    second: Second,
}

impl Ahead {
    /// The end of the phrase.
    const NOTHING: Self = Self { firsts: BTreeMap::new(), second: Second::UNKNOWN };

    /// Any token; what a gap leads to may stand at the first one itself.
    fn anything() -> Self {
        Self { firsts: BTreeMap::from([(ANY, Second::UNKNOWN)]), second: Second::UNKNOWN }
    }

    fn or(mut self, other: Self) -> Self {
        for (first, second) in other.firsts {
            self.firsts.entry(first).and_modify(|known| *known = known.or(second)).or_insert(second);
        }
        Self { second: self.second.or(other.second), ..self }
    }
}

/// Tokens of a sentence, about.
const ANYWHERE: usize = 25;

/// The most tokens that elements take, small words between them included; nothing where a class may take any number.
fn longest(elements: &[Element<Symbol>]) -> Option<u32> {
    let skips = u32::from(MAX_SKIPS) * elements.len().saturating_sub(1) as u32;
    let each = elements.iter().map(|element| match element {
        Element::Stem(_) | Element::Exact(_) | Element::Mark(_) | Element::Verb(..) | Element::Word => Some(1),
        Element::Class(_) => None,
        Element::Any(branches) => branches.iter().map(|branch| longest(branch)).try_fold(0, |most, tokens| Some(tokens?.max(most))),
        Element::Optional(inner) => longest(inner),
        Element::Gap(most) => Some(u32::from(*most)),
        Element::Start | Element::End => Some(0),
    });
    each.sum::<Option<u32>>().map(|tokens| tokens + skips)
}

/// Whether an element is one token or, where all classes are known, one class, and whatever the mood.
fn is_whole(element: &Element<Symbol>, settled: bool) -> bool {
    match element {
        Element::Stem(_) | Element::Exact(_) | Element::Mark(_) | Element::Verb(_, 0) => true,
        Element::Class(_) => settled,
        Element::Any(branches) => branches.iter().all(|branch| matches!(branch.as_slice(), [element] if is_whole(element, settled))),
        _ => false,
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
fn encode(phrase: &[Element<Symbol>], lexicon: &LexiconBuilder) -> Vec<u32> {
    let mut out = Vec::new();
    for (at, element) in phrase.iter().enumerate() {
        match element {
            Element::Stem(symbol) => out.push(op::STEM | symbol << 4),
            Element::Exact(symbol) => out.push(op::EXACT | symbol << 4),
            Element::Mark(mark) => out.push(op::EXACT | lexicon.mark(*mark) << 4),
            Element::Verb(symbol, moods) => out.extend([op::VERB | symbol << 4, u32::from(*moods)]),
            Element::Class(family) => out.extend([op::CLASS | 1 << 4, *family]),
            Element::Any(branches) => {
                // what is a class, or one token, whichever it is, is looked up at once
                let mut families = Vec::new();
                let mut tokens = Vec::new();
                let mut codes = Vec::new();
                for branch in branches {
                    if let [Element::Class(family)] = branch.as_slice() {
                        families.push(*family);
                    } else if let Some(found) = singles(branch, lexicon) {
                        tokens.extend(found);
                    } else {
                        codes.push(encode(branch, lexicon));
                    }
                }
                if !families.is_empty() {
                    codes.push([vec![op::CLASS | (families.len() as u32) << 4], families].concat());
                }
                if !tokens.is_empty() {
                    codes.push(encode_set(&tokens));
                }
                if let [code] = codes.as_mut_slice() {
                    out.append(code);
                    continue;
                }
                let length: usize = codes.iter().map(|code| code.len() + 1).sum();
                out.push(op::ANY | ((length + SIGN_NUMBERS) as u32) << 4);
                out.extend(encode_signs(first_signs(element, lexicon)));
                for code in codes {
                    out.push(code.len() as u32);
                    out.extend(code);
                }
            }
            Element::Optional(inner) => {
                let code = encode(inner, lexicon);
                out.push(op::OPTIONAL | (code.len() as u32) << 4);
                out.extend(code);
            }
            Element::Gap(most) => {
                out.push(op::GAP | u32::from(*most) << 4);
                out.extend(encode_signs(phrase.get(at + 1).map_or(Signs::MAX, |next| first_signs(next, lexicon))));
            }
            Element::Word => out.push(op::WORD),
            Element::Start => out.push(op::START),
            Element::End => out.push(op::END),
        }
    }
    out
}

/// One token, whichever of these symbols, in these moods.
fn encode_set(tokens: &[(Symbol, u16)]) -> Vec<u32> {
    let mut set: BTreeMap<Symbol, u16> = BTreeMap::new();
    for &(symbol, moods) in tokens {
        set.entry(symbol).and_modify(|known| *known = if *known == 0 || moods == 0 { 0 } else { *known | moods }).or_insert(moods);
    }
    let mut out = vec![op::SET | (set.len() as u32) << 4];
    out.extend(encode_signs(set.keys().fold(0, |signs, symbol| signs | sign(*symbol))));
    out.extend(set.keys());
    out.extend(set.values().map(|moods| u32::from(*moods)));
    out
}

/// The symbols, with their moods, of a phrase that is one word, mark or verb, whichever of them; none for any other phrase.
fn singles(phrase: &[Element<Symbol>], lexicon: &LexiconBuilder) -> Option<Vec<(Symbol, u16)>> {
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

/// The signs of what an element may begin with; all of them where that may be anything, or nothing.
fn first_signs(element: &Element<Symbol>, lexicon: &LexiconBuilder) -> Signs {
    match element {
        Element::Stem(symbol) | Element::Exact(symbol) | Element::Verb(symbol, _) => sign(*symbol),
        Element::Mark(mark) => sign(lexicon.mark(*mark)),
        Element::Class(family) => family_range(*family).fold(0, |signs, class| signs | sign(lexicon.class_symbol(class))),
        Element::Any(branches) => branches.iter().fold(0, |signs, branch| signs | branch.first().map_or(Signs::MAX, |first| first_signs(first, lexicon))),
        Element::Optional(_) | Element::Gap(_) | Element::Word | Element::Start | Element::End => Signs::MAX,
    }
}
