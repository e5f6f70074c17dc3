//! How to look for many phrases at once: by which of their elements, and where they can begin.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;

use super::engine::{Anchored, Index, Lists, Need, sieve};
use super::frequency::Frequencies;
use super::lexicon::{ANY, ClassId, Lexicon, Symbol};
use super::pattern::Element;
use super::phrases::{Alternatives, any_of, family_range, sized};

/// Symbols of a set that is worth asking for when another was found: it spares little.
const SMALL: usize = 32;

/// Finds what to look for phrases by.
pub(super) struct Anchors<'a> {
    lexicon: &'a Lexicon,
    times: Frequencies,
}

impl<'a> Anchors<'a> {
    /// Those of words and verbs that come as often as `times` tells, and of classes that come as often as what their phrases, each
    /// after its class and the level of that, are anchored to.
    pub(super) fn new<'p>(lexicon: &'a Lexicon, times: Frequencies, phrases: impl Iterator<Item = (ClassId, u8, &'p [Element<Symbol>])>) -> Self {
        let mut out = Self { lexicon, times };
        let mut classes: BTreeMap<(u8, ClassId), Vec<&[Element<Symbol>]>> = BTreeMap::new();
        phrases.for_each(|(class, level, phrase)| classes.entry((level, class)).or_default().push(phrase));
        // those that refer to no other first
        for ((_, class), phrases) in classes {
            let sets = phrases.into_iter().filter_map(|phrase| out.anchor(phrase));
            let times = sets.fold(0, |sum: u32, set| sum.saturating_add(out.times.of(set)));
            out.times.set(lexicon.class_symbol(class), times);
        }
        out
    }

    /// The symbols one of which a phrase needs: of the sets that its elements are, the one that comes least; none where it may do
    /// without any.
    fn anchor(&self, phrase: &[Element<Symbol>]) -> Option<BTreeSet<Symbol>> {
        phrase.iter().filter_map(|element| self.needed(element)).min_by_key(|set| self.times.of(set.iter().copied()))
    }

    /// What to look for a phrase by: the symbols of its rarest element, each way of alternatives by itself, and those of the others, one of
    /// each of which it needs, with those of `outer`.
    fn ways(&self, phrase: &[Element<Symbol>], outer: &[BTreeSet<Symbol>]) -> Vec<(BTreeSet<Symbol>, Vec<BTreeSet<Symbol>>)> {
        let mut needed: Vec<_> = phrase.iter().filter_map(|element| Some((element, self.needed(element)?))).collect();
        let rarest = (0..needed.len()).min_by_key(|at| self.times.of(needed[*at].1.iter().copied()));
        let Some((element, anchor)) = rarest.map(|at| needed.swap_remove(at)) else { return vec![(anything(), outer.to_vec())] };
        let rest: Vec<_> = needed.into_iter().map(|(_, set)| set).chain(outer.iter().cloned()).collect();
        let Element::Any(branches) = element else { return vec![(anchor, rest)] };
        let (single, others): (Vec<_>, Vec<_>) =
            branches.iter().partition(|branch| matches!(branch.as_slice(), [element] if !matches!(element, Element::Any(_))));
        let mut out: Vec<_> = others.into_iter().flat_map(|branch| self.ways(branch, &rest)).collect();
        let single: BTreeSet<Symbol> = single.into_iter().flatten().filter_map(|element| self.needed(element)).flatten().collect();
        if !single.is_empty() {
            out.push((single, rest));
        }
        out
    }

    /// What it costs to need one of these symbols: how often it is in vain, and one symbol is looked at sooner than a set.
    fn cost(&self, set: &BTreeSet<Symbol>) -> u32 {
        self.times.of(set.iter().copied()).saturating_mul(1 + u32::from(set.len() > 1))
    }

    /// The symbols that a phrase may begin with; none where that may be any token.
    fn firsts(&self, phrase: &[Element<Symbol>]) -> Option<BTreeSet<Symbol>> {
        let mut all = BTreeSet::new();
        for element in phrase {
            match element {
                Element::Any(branches) => {
                    for branch in branches {
                        all.append(&mut self.firsts(branch)?);
                    }
                    return Some(all);
                }
                Element::Optional(inner) => all.append(&mut self.firsts(inner)?),
                Element::Start => {}
                Element::Gap(_) | Element::Word | Element::End => return None,
                _ => {
                    all.append(&mut self.needed(element)?);
                    return Some(all);
                }
            }
        }
        // what comes after it
        None
    }

    /// Whether it is known from the words alone where these symbols stand.
    fn settled(&self, symbols: &BTreeSet<Symbol>) -> bool {
        !symbols.iter().any(|symbol| self.lexicon.is_class(*symbol))
    }

    /// The symbols one of which an element needs.
    fn needed(&self, element: &Element<Symbol>) -> Option<BTreeSet<Symbol>> {
        Some(match element {
            Element::Stem(symbol) | Element::Exact(symbol) | Element::Verb(symbol, _) => BTreeSet::from([*symbol]),
            Element::Mark(mark) => BTreeSet::from([self.lexicon.mark(*mark)]),
            Element::Class(family) => family_range(*family).map(|class| self.lexicon.class_symbol(class)).collect(),
            Element::Any(branches) => {
                let mut all = BTreeSet::new();
                for branch in branches {
                    all.append(&mut self.anchor(branch)?);
                }
                all
            }
            Element::Optional(_) | Element::Gap(_) | Element::Word | Element::Start | Element::End => return None,
        })
    }
}

/// What is looked for everywhere.
fn anything() -> BTreeSet<Symbol> {
    BTreeSet::from([ANY])
}

/// Writes the sieves of phrases: see [`sieve`].
pub(super) struct Sieves<'a> {
    anchors: Anchors<'a>,
    /// The number of each set of symbols.
    sets: HashMap<Vec<Symbol>, u32>,
}

impl<'a> Sieves<'a> {
    pub(super) fn new(anchors: Anchors<'a>) -> Self {
        Self { anchors, sets: HashMap::new() }
    }

    /// How often what a phrase needs comes, about: its rarest element.
    pub(super) fn frequency(&self, phrase: &[Element<Symbol>]) -> u32 {
        self.anchors.anchor(phrase).map_or(u32::MAX, |set| self.anchors.times.of(set))
    }

    /// The index of phrases, with their numbers and levels; `settled` when all classes are known where they are looked for. Those that a
    /// symbol is the whole of are told as `told`.
    pub(super) fn index<'p>(
        &mut self,
        phrases: impl Iterator<Item = (u32, &'p [Element<Symbol>], u8)>,
        settled: bool,
        told: impl Fn(Vec<u32>) -> Vec<u32>,
    ) -> Index {
        let lexicon = self.anchors.lexicon;
        let (mut whole, mut anchored) = (vec![Vec::new(); lexicon.symbol_count()], vec![Vec::new(); lexicon.symbol_count()]);
        for (id, phrase, level) in phrases {
            if let [element] = phrase
                && is_whole(element, settled)
            {
                self.anchors.needed(element).into_iter().flatten().for_each(|symbol| whole[symbol as usize].push(id));
                continue;
            }
            let opening =
                matches!(phrase.first(), Some(Element::Start)) && self.anchors.firsts(phrase).is_some_and(|set| settled || self.anchors.settled(&set));
            for (anchor, rest) in self.anchors.ways(phrase, &[]) {
                let mut rest: Vec<_> = rest.into_iter().filter(|set| *set != anchor && (settled || self.anchors.settled(set))).collect();
                rest.sort_by_key(|set| self.anchors.cost(set));
                rest.dedup();
                let mut rest = rest.into_iter();
                let need = rest.next().unwrap_or_else(anything);
                let other = rest.find(|set| set.len() <= SMALL).unwrap_or_else(anything);
                let numbers = Anchored { phrase: id, level, opening, needs: [need, other].map(|set| self.need(set)) }.encode();
                anchor.into_iter().for_each(|symbol| anchored[symbol as usize].push(numbers));
            }
        }
        // those that need the same in a row, single symbols first: the answers follow a pattern
        for list in &mut anchored {
            list.sort_unstable_by_key(|[phrase, need, other]| (need & 1, *need, *other, *phrase));
            list.dedup();
        }
        Index(whole.into_iter().zip(anchored).map(|(whole, anchored)| Index::lay_out(told(whole), anchored)).collect())
    }

    /// What a phrase begins with, as far as that is known where it is looked for: see [`Self::index`].
    pub(super) fn first(&mut self, phrase: &[Element<Symbol>], settled: bool) -> Need {
        let first = self.anchors.firsts(phrase).filter(|set| settled || self.anchors.settled(set));
        self.need(first.unwrap_or_else(anything))
    }

    /// The sieve of a phrase.
    pub(super) fn sieve(&mut self, phrase: &[Element<Symbol>]) -> Vec<u32> {
        let mut out = Vec::new();
        for element in phrase.iter().rev() {
            match element {
                Element::Stem(symbol) | Element::Exact(symbol) | Element::Verb(symbol, _) => out.push(sieve::TOKEN | symbol << 4),
                Element::Mark(mark) => out.push(sieve::TOKEN | self.anchors.lexicon.mark(*mark) << 4),
                Element::Class(family) => out.push(self.classes(&[*family])),
                Element::Any(branches) => {
                    let Alternatives { families, tokens, others } = Alternatives::of(branches, self.anchors.lexicon);
                    let mut codes: Vec<Vec<u32>> = others.into_iter().map(|branch| self.sieve(branch)).collect();
                    if !families.is_empty() {
                        codes.push(vec![self.classes(&families)]);
                    }
                    if !tokens.is_empty() {
                        codes.push(vec![match self.need(tokens.into_keys().collect()) {
                            Need::One(symbol) => sieve::TOKEN | symbol << 4,
                            Need::Set(number) => sieve::TOKEN_SET | number << 4,
                        }]);
                    }
                    out.extend(any_of(codes));
                }
                Element::Optional(inner) => out.extend(sized(sieve::OPTIONAL, self.sieve(inner))),
                Element::Gap(most) => out.push(sieve::GAP | u32::from(*most) << 4),
                Element::Word => out.push(sieve::WORD),
                Element::Start => out.push(sieve::START),
                Element::End => out.push(sieve::END),
            }
        }
        out
    }

    fn classes(&mut self, families: &[Symbol]) -> u32 {
        let lexicon = self.anchors.lexicon;
        let symbols = families.iter().flat_map(|family| family_range(*family)).map(|class| lexicon.class_symbol(class)).collect();
        match self.need(symbols) {
            Need::One(symbol) => sieve::CLASS | symbol << 4,
            Need::Set(number) => sieve::CLASS_SET | number << 4,
        }
    }

    fn need(&mut self, symbols: BTreeSet<Symbol>) -> Need {
        let symbols: Vec<Symbol> = symbols.into_iter().collect();
        if let [symbol] = symbols.as_slice() {
            return Need::One(*symbol);
        }
        let next = self.sets.len() as u32;
        Need::Set(*self.sets.entry(symbols).or_insert(next))
    }

    /// The sets, in the order of their numbers; the symbols that come most first, which are the soonest found.
    pub(super) fn finish(self) -> Lists {
        let mut sets: Vec<(Vec<Symbol>, u32)> = self.sets.into_iter().collect();
        sets.sort_unstable_by_key(|(_, number)| *number);
        sets.iter_mut().for_each(|(symbols, _)| symbols.sort_by_key(|symbol| Reverse(self.anchors.times.of([*symbol]))));
        sets.into_iter().map(|(symbols, _)| symbols).collect()
    }
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
