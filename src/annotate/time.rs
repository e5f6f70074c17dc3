//! Dates, periods and delays in the forms French documents use.

use std::ops::Range;

use jiff::civil::{Date, Weekday};

use crate::dossier::{Dossier, Sentence};
use crate::text::{Token, TokenFlags, TokenKind};

use super::{TokenFacts, kinds, numbers};

/// Year of dates in a text that gives none: a leap year, so that 29 February exists.
pub const ASSUMED_YEAR: i16 = 2028;

/// How precise a date is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// To the day.
    Day,
    /// To the month.
    Month,
    /// A year, a season, a quarter, « la rentrée ».
    Vague,
}

/// A date of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateMention {
    /// Tokens, the weekday included.
    pub tokens: Range<u32>,
    /// How precise.
    pub precision: Precision,
    /// Weekday written before it.
    pub weekday: Option<Weekday>,
    /// Day of the month as written, even an impossible one.
    pub day: Option<u8>,
    /// 1 to 12.
    pub month: Option<u8>,
    /// As written, or carried from the context (see `year_carried`).
    pub year: Option<i16>,
    /// The year is not written there.
    pub year_carried: bool,
    /// The text gives no year at all: dates compare with each other, but not with the calendar.
    pub year_assumed: bool,
    /// It names a law, a decree…: « la loi n° 2018-938 du 30 octobre 2018 ».
    pub of_text: bool,
}

impl DateMention {
    /// The first day that the mention may mean; none without month or year, or for an impossible date.
    #[must_use]
    pub fn first_day(&self) -> Option<Date> {
        self.day_in(self.year?)
    }

    /// The same in a year that it does not give.
    #[must_use]
    pub fn day_in(&self, year: i16) -> Option<Date> {
        Date::new(year, self.month? as i8, self.day.map_or(1, |d| d as i8)).ok()
    }

    /// The last day that the mention may mean.
    #[must_use]
    pub fn last_day(&self) -> Option<Date> {
        match self.day {
            Some(_) => self.first_day(),
            None => self.first_day().map(Date::last_of_month),
        }
    }

    /// Whether the day does not exist in the month (« 31 juin »). 29 February is impossible only with its year written or carried.
    #[must_use]
    pub fn is_impossible(&self) -> bool {
        let (Some(day), Some(month)) = (self.day, self.month) else { return false };
        let year = self.year.unwrap_or(ASSUMED_YEAR);
        Date::new(year, month as i8, day as i8).is_err()
    }

    /// Days of its month, in its year.
    #[must_use]
    pub fn days_in_month(&self) -> Option<u8> {
        let first = Date::new(self.year.unwrap_or(ASSUMED_YEAR), self.month? as i8, 1).ok()?;
        Some(first.days_in_month() as u8)
    }
}

/// Two dates joined: « du 3 mai au 18 juin ». Indices in [`Times::dates`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// Beginning.
    pub from: usize,
    /// End.
    pub to: usize,
    /// Tokens of the whole.
    pub tokens: Range<u32>,
}

/// What is found about time.
#[derive(Debug, Default)]
pub struct Times {
    /// In order of the text.
    pub dates: Vec<DateMention>,
    /// In order of the text.
    pub periods: Vec<Period>,
    /// Bounded delays (« sous trois mois », « dans les deux mois »): tokens.
    pub delays: Vec<Range<u32>>,
    /// Lengths (« six semaines »): tokens, number of days at least and at most.
    pub durations: Vec<(Range<u32>, u32, u32)>,
}

impl Times {
    /// The period that a date, given by its index, begins or ends.
    #[must_use]
    pub fn period_of(&self, date: usize) -> Option<&Period> {
        // the two dates of a period follow each other
        let at = self.periods.partition_point(|p| p.to < date);
        self.periods.get(at).filter(|p| p.from == date || p.to == date)
    }
}

const MONTHS: [&str; 12] = ["janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre"];

/// Tokens that the reference of a law takes at most, between its name and its date: « (UE) n° 2016/679 ».
const REFERENCE: usize = 12;

/// Days by which a period must seem to go back for its first one to be of the month before, rather than a mistake.
const OTHER_MONTH: u8 = 15;

/// The month a folded word names, abbreviations included.
#[must_use]
pub fn month(word: &str) -> Option<u8> {
    if let Some(at) = MONTHS.iter().position(|m| *m == word) {
        return Some(at as u8 + 1);
    }
    Some(match word {
        "janv" => 1,
        "fev" | "fevr" => 2,
        "avr" => 4,
        "juil" => 7,
        "sept" => 9,
        "oct" => 10,
        "nov" => 11,
        "dec" => 12,
        _ => return None,
    })
}

/// The year that a number of four figures writes.
#[must_use]
pub fn year(word: &str) -> Option<i16> {
    word.parse().ok().filter(|year| (1900..=2100).contains(year))
}

/// The day of the week a folded word names.
#[must_use]
pub fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "lundi" => Weekday::Monday,
        "mardi" => Weekday::Tuesday,
        "mercredi" => Weekday::Wednesday,
        "jeudi" => Weekday::Thursday,
        "vendredi" => Weekday::Friday,
        "samedi" => Weekday::Saturday,
        "dimanche" => Weekday::Sunday,
        _ => return None,
    })
}

/// The day of the week a folded word abbreviates.
fn abbreviated_weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "lun" => Weekday::Monday,
        "mar" => Weekday::Tuesday,
        "mer" => Weekday::Wednesday,
        "jeu" => Weekday::Thursday,
        "ven" | "vend" => Weekday::Friday,
        "sam" => Weekday::Saturday,
        "dim" => Weekday::Sunday,
        _ => return None,
    })
}

/// Whether a folded word is a season or a part of the year.
#[must_use]
pub fn is_season(word: &str) -> bool {
    matches!(word, "printemps" | "ete" | "automne" | "hiver" | "rentree" | "trimestre" | "semestre")
}

/// Adds what a sentence says about time to `times`; of its tokens `facts` are known. Years that are not written come later: see
/// [`carry_years`].
pub(super) fn sentence(dossier: &Dossier, facts: &[TokenFacts], sentence: &Sentence, times: &mut Times) {
    Finder { dossier, facts, end: sentence.tokens.end as usize, start: sentence.tokens.start as usize, times }.run();
}

struct Finder<'a> {
    dossier: &'a Dossier,
    facts: &'a [TokenFacts],
    start: usize,
    end: usize,
    times: &'a mut Times,
}

impl Finder<'_> {
    fn token(&self, at: usize) -> Option<&Token> {
        (at >= self.start && at < self.end).then(|| &self.dossier.tokens[at])
    }

    fn text(&self, at: usize) -> &str {
        self.token(at).map_or("", |t| self.dossier.folded(t))
    }

    /// A day of the month in digits: `12`, `1er`.
    fn day(&self, at: usize) -> Option<u8> {
        let token = self.token(at).filter(|t| t.kind == TokenKind::Number)?;
        let text = self.dossier.folded(token);
        let bare = text.strip_suffix("er").unwrap_or(text);
        bare.parse().ok().filter(|d| (1..=31).contains(d) && bare.len() <= 2)
    }

    /// Four figures in a row: « 2 000 » is a number.
    fn year(&self, at: usize) -> Option<i16> {
        let token = self.token(at).filter(|t| t.kind == TokenKind::Number && t.end - t.start == 4)?;
        year(self.dossier.folded(token))
    }

    /// A month name at `at`, and the token after it (an abbreviation's point is passed).
    fn month(&self, at: usize) -> Option<(u8, usize)> {
        let name = self.text(at);
        let month = month(name)?;
        let full = MONTHS.contains(&name);
        Some((month, if !full && self.text(at + 1) == "." { at + 2 } else { at + 1 }))
    }

    fn run(&mut self) {
        let first = self.times.dates.len();
        let mut at = self.start;
        while at < self.end {
            // a word is a month, a season, a number, or nothing of what is looked for here
            if self.dossier.tokens[at].kind != TokenKind::Number && self.facts[at].kinds & kinds::TIME == 0 {
                at += 1;
                continue;
            }
            let next =
                self.numeric(at).or_else(|| self.days_and_month(at)).or_else(|| self.month_alone(at)).or_else(|| self.vague(at)).or_else(|| self.length(at));
            at = next.unwrap_or(at + 1);
        }
        self.join_periods(first);
    }

    fn push(&mut self, tokens: Range<usize>, precision: Precision, weekday: Option<Weekday>, day: Option<u8>, month: Option<u8>, year: Option<i16>) {
        let of_text = precision == Precision::Day && self.names_a_text(tokens.start);
        let tokens = tokens.start as u32..tokens.end as u32;
        self.times.dates.push(DateMention { tokens, precision, weekday, day, month, year, year_carried: false, year_assumed: false, of_text });
    }

    /// A day in digits, with the day of the week before it.
    fn push_day(&mut self, tokens: Range<usize>, day: u8, month: u8, year: Option<i16>) {
        let named = self.weekday_before(tokens.start);
        let start = named.map_or(tokens.start, |(_, from)| from);
        self.push(start..tokens.end, Precision::Day, named.map(|(weekday, _)| weekday), Some(day), Some(month), year);
    }

    /// `12/03/2027`, `12-03-2027`, `12.03.2027`, `12/03`, `2027-03-12`.
    fn numeric(&mut self, at: usize) -> Option<usize> {
        // « 12.03.2027 »: the tokens are « 12.03 », « . », « 2027 »
        if let (Some((day, month)), ".", Some(year)) = (dotted(self.text(at)), self.text(at + 1), self.year(at + 2)) {
            self.push_day(at..at + 3, day, month, Some(year));
            return Some(at + 3);
        }
        // « 2027-03-12 »
        if let (Some(year), "-", Some(month), "-", Some(day)) = (self.year(at), self.text(at + 1), self.day(at + 2), self.text(at + 3), self.day(at + 4))
            && month <= 12
            && (at + 1..at + 5).all(|i| self.token(i).is_some_and(|t| !t.flags.has(TokenFlags::SPACE_BEFORE)))
        {
            self.push_day(at..at + 5, day, month, Some(year));
            return Some(at + 5);
        }
        let day = self.day(at)?;
        let mark = self.text(at + 1);
        if !matches!(mark, "/" | "-") || self.token(at + 1)?.flags.has(TokenFlags::SPACE_BEFORE) {
            return None;
        }
        let month = self.day(at + 2).filter(|m| *m <= 12)?;
        let written = self.token(at + 2).map_or(0, |t| t.end - t.start);
        if self.text(at + 3) == mark {
            let year = self.year(at + 4).or_else(|| {
                let short: i16 = self.text(at + 4).parse().ok()?;
                (self.text(at + 4).len() == 2 && short >= 20).then_some(2000 + short)
            })?;
            self.push_day(at..at + 5, day, month, Some(year));
            return Some(at + 5);
        }
        // « 12/03 » only with both figures written out; « 24/24 », « 1/4 » are no dates
        let plain = mark == "/" && written == 2 && self.token(at).is_some_and(|t| t.end - t.start == 2);
        if !plain {
            return None;
        }
        self.push_day(at..at + 3, day, month, None);
        Some(at + 3)
    }

    /// Whether the date that begins at `at` is that of a law, a decree…: « du décret n° 2016-532 du 27 avril 2016 », « des arrêtés du 3 et
    /// du 9 mai ».
    fn names_a_text(&self, at: usize) -> bool {
        let Some(mut before) = at.checked_sub(1) else { return false };
        let follows = self.times.dates.last().is_some_and(|last| {
            let between = last.tokens.end as usize..at;
            last.of_text
                && last.tokens.start as usize >= self.start
                && matches!(between.map(|i| self.text(i)).collect::<Vec<_>>().as_slice(), ["et"] | ["et", "du"])
        });
        if follows {
            return true;
        }
        if self.text(before) != "du" {
            return false;
        }
        let mut numbered = false;
        for _ in 0..REFERENCE {
            let Some(earlier) = before.checked_sub(1) else { return false };
            before = earlier;
            match self.text(before) {
                "loi" | "lois" | "decret" | "decrets" | "ordonnance" | "ordonnances" | "arrete" | "arretes" | "directive" | "circulaire" => return true,
                // what a council will adopt has a date of its own
                "deliberation" | "reglement" | "decision" => return numbered,
                "n" | "no" | "°" | "nº" | "-" | "/" | "(" | ")" | "." | "ue" | "ce" | "cee" | "en" | "date" | "du" | "premier" | "ministre" => {}
                "organique" | "constitutionnelle" | "prefectoraux" | "ministeriels" | "municipaux" | "ministeriel" | "interministeriel" | "prefectoral"
                | "municipal" | "europeenne" | "europeen" | "cadre" => {}
                _ if self.token(before).is_some_and(|t| t.kind == TokenKind::Number) => numbered = true,
                _ => return false,
            }
        }
        false
    }

    /// The day of the week before `at`, and where it begins: « mercredi », « mer. », « | Mer ».
    fn weekday_before(&self, at: usize) -> Option<(Weekday, usize)> {
        let before = at.checked_sub(1)?;
        if let Some(named) = weekday(self.text(before)) {
            return Some((named, before));
        }
        let dotted = self.text(before) == ".";
        let word = before.checked_sub(usize::from(dotted))?;
        let earlier = word.checked_sub(1).map_or("", |earlier| self.text(earlier));
        // « la mer »
        let alone = matches!(earlier, "" | "|") || dotted && earlier != "la";
        abbreviated_weekday(self.text(word)).filter(|_| alone).map(|named| (named, word))
    }

    /// « Samedi et dimanche », before `at`: the days of the week named in a row, where there are several.
    fn weekdays_before(&self, at: usize) -> Vec<Weekday> {
        let mut out = Vec::new();
        let mut next = at;
        while let Some(day) = next.checked_sub(1).and_then(|before| weekday(self.text(before))) {
            out.push(day);
            next -= 1;
            let joins = next.checked_sub(1).is_some_and(|before| matches!(self.text(before), "et" | "," | "ou" | "-" | "–" | "/"));
            next -= usize::from(joins);
            if !joins {
                break;
            }
        }
        out.reverse();
        out
    }

    /// `12 mars 2027`, `1er–15 mars`, `16 et 17 janvier`, `du 3 au 15 mars`, `du 28 au 3 mars`.
    fn days_and_month(&mut self, at: usize) -> Option<usize> {
        let day = self.day(at)?;
        let led = self.weekday_before(at);
        let mut days = vec![(at, day, led.map(|(weekday, _)| weekday))];
        let (mut next, mut joint) = (at + 1, "");
        let month = loop {
            if let Some(month) = self.month(next) {
                break month;
            }
            joint = self.text(next);
            let joins = matches!(joint, "-" | "–" | "—" | "et" | "au" | "ou" | "," | "/");
            if !joins || days.len() > 8 {
                return None;
            }
            let mut after = next + 1;
            while matches!(self.text(after), "le" | "au" | "les" | "du") {
                after += 1;
            }
            let named = weekday(self.text(after));
            if named.is_some() {
                after += 1;
            }
            days.push((after, self.day(after)?, named));
            next = after + 1;
        };
        let (month, mut end) = month;
        let year = self.year(end);
        if year.is_some() {
            end += 1;
        }
        // « samedi et dimanche 6 et 7 mars »: one each; « les samedis 6 et 13 mars »: all of them
        let named = self.weekdays_before(at);
        let plural = |before: usize| at.checked_sub(before).and_then(|token| self.text(token).strip_suffix('s')).and_then(weekday);
        let every = plural(1);
        if every.is_some() {
            // « les lundis et mardis 1er, 2, 8 et 9 »: one of them each, who knows which
            let every = every.filter(|_| plural(3).is_none());
            days.iter_mut().for_each(|day| day.2 = every);
        } else if named.len() > 1 {
            let each = named.len() == days.len();
            days.iter_mut().zip(0..).for_each(|(day, i)| day.2 = each.then(|| named[i]));
        }
        // « du 28 au 3 mars »: of the month before, left out
        let across = matches!(joint, "-" | "–" | "—" | "au") && matches!(days.as_slice(), [(_, from, _), (_, to, _)] if *from >= to + OTHER_MONTH);
        let count = days.len();
        for (i, (token, day, named)) in days.into_iter().enumerate() {
            let before = token.checked_sub(1).map_or("", |before| self.text(before));
            let start = match led {
                Some((_, from)) if i == 0 && named.is_some() => from,
                _ => token - usize::from(named.is_some() && weekday(before).is_some() || i == 0 && every.is_some()),
            };
            let stop = if i + 1 == count { end } else { token + 1 };
            let (month, year) = match (across && i == 0, month) {
                (true, 1) => (12, year.map(|year| year - 1)),
                (true, _) => (month - 1, year),
                (false, _) => (month, year),
            };
            self.push(start..stop, Precision::Day, named, Some(day), Some(month), year);
        }
        Some(end)
    }

    /// `mai 2027`, `en mai`, `mi-mai`, `mars – mai 2027`.
    fn month_alone(&mut self, at: usize) -> Option<usize> {
        let (month, mut end) = self.month(at)?;
        let token = self.token(at)?;
        let name = self.dossier.folded(token);
        // « sept » and « dec » alone are a number and an abbreviation; « mai » in « mai 68 » matters little
        if !MONTHS.contains(&name) && self.text(at + 1) != "." {
            return None;
        }
        let year = self.year(end);
        if year.is_some() {
            end += 1;
        }
        let before = at.checked_sub(1).map_or("", |b| self.text(b));
        let part = matches!(before, "mi" | "debut" | "fin" | "courant");
        // « Un habitant sur sept. » ends with a number, « | sept. » is a cell
        let ends = end >= self.end && before != "|";
        if name == "sept" && year.is_none() && ends && !part && !matches!(before, "en" | "des" | "depuis" | "a") {
            return None;
        }
        let start = if part { at - 1 } else { at };
        self.push(start..end, Precision::Month, None, None, Some(month), year);
        Some(end)
    }

    /// A year alone, a season. « 2000 habitants » counts; of other things, round numbers only are taken to.
    fn vague(&mut self, at: usize) -> Option<usize> {
        let text = self.text(at);
        let season = is_season(text);
        if season && !(text == "ete" && (self.dossier.lower(self.token(at)?) != "été" || self.has_been(at))) {
            let year = self.year(at + 1);
            let end = at + 1 + usize::from(year.is_some());
            self.push(at..end, Precision::Vague, None, None, None, year);
            return Some(end);
        }
        let year = self.year(at)?;
        let before = at.checked_sub(1).map_or("", |b| self.text(b));
        let next = self.text(at + 1);
        let counts = matches!(next, "€" | "euros" | "%" | "habitants" | "logements" | "m" | "m2" | "personnes" | "votants" | "participants" | "foyers")
            || year % 50 == 0 && next.len() > 3 && next.ends_with('s');
        if counts || matches!(before, "n" | "°" | "art" | "article" | "page" | "p" | "no") || matches!(before, "." | "," | "/") && at > self.start {
            return None;
        }
        self.push(at..at + 1, Precision::Vague, None, None, None, Some(year));
        Some(at + 1)
    }

    /// « A été », « n'ont pas encore été »: the participle.
    fn has_been(&self, at: usize) -> bool {
        let has = |text: &str| {
            matches!(
                text,
                "a" | "ont" | "ai" | "avons" | "avez" | "avait" | "avaient" | "aura" | "auront" | "ayant" | "avoir" | "aurait" | "auraient" | "ait" | "aient"
            )
        };
        let before = || (at.saturating_sub(4).max(self.start)..at).rev().map(|i| self.text(i));
        before().next().is_some_and(|last| !matches!(last, "l" | "d" | "cet" | "un" | "en" | "chaque")) && before().any(has)
    }

    /// Lengths and delays: `six semaines`, `sous trois mois`, `dans les deux mois`.
    fn length(&mut self, at: usize) -> Option<usize> {
        let token = self.token(at)?;
        let (value, used) = match token.kind {
            TokenKind::Number => (numbers::digits(self.dossier.folded(token))?, 1),
            TokenKind::Word if self.facts[at].kinds & kinds::NUMBER != 0 => numbers::words((at..self.end.min(at + 8)).map(|i| self.text(i)))?,
            _ => return None,
        };
        let mut unit_at = at + used;
        if matches!(self.text(unit_at), "a" | "ou") {
            // « deux à trois semaines »: the longer one counts
            let more = numbers::words((unit_at + 1..self.end.min(unit_at + 7)).map(|i| self.text(i))).map(|(_, used)| used);
            let digits = self.token(unit_at + 1).is_some_and(|t| t.kind == TokenKind::Number).then_some(1);
            unit_at += 1 + more.or(digits)?;
        }
        if matches!(self.text(unit_at), "petits" | "bons" | "grosses" | "prochains" | "prochaines" | "premiers" | "premieres" | "longs") {
            unit_at += 1;
        }
        let days = match self.text(unit_at) {
            "jour" | "jours" | "journee" | "journees" => 1.0,
            "semaine" | "semaines" => 7.0,
            "mois" => 30.0,
            "an" | "ans" | "annee" | "annees" => 365.0,
            "trimestre" | "trimestres" => 91.0,
            "heure" | "heures" | "h" => 0.05,
            _ => return None,
        };
        let mut end = unit_at + 1;
        let mut length = value * days;
        // months and years have no one length
        let mut slack = if days > 20.0 { value.ceil() as u32 } else { 0 };
        if days == 365.0
            && let Some((months, past)) = self.months_more(end)
        {
            (length, slack, end) = (length + months * 30.5, slack + months.ceil() as u32, past);
        }
        let length = length.round() as u32;
        self.times.durations.push((at as u32..end as u32, length.saturating_sub(slack), length.saturating_add(slack)));
        self.delay(at, end);
        Some(end)
    }

    /// « Deux ans et sept mois »: the months, and where they end.
    fn months_more(&self, at: usize) -> Option<(f64, usize)> {
        let first = at + 1;
        let words = || numbers::words((first..self.end.min(first + 4)).map(|i| self.text(i)));
        let (months, used) = numbers::digits(self.text(first)).map(|months| (months, 1)).or_else(words)?;
        let past = first + used;
        (self.text(at) == "et" && self.text(past) == "mois").then_some((months, past + 1))
    }

    /// Whether the length at `from..to` is a bounded delay, by the words around it.
    fn delay(&mut self, from: usize, to: usize) {
        let mut before = from;
        while before > self.start && matches!(self.text(before - 1), "les" | "un" | "de" | "d" | "des" | "le" | "maximum" | "maximal" | "environ") {
            before -= 1;
        }
        let lead = before.checked_sub(1).map_or("", |b| self.text(b));
        let led = matches!(lead, "sous" | "dans" | "delai" | "ici" | "avant" | "maximal" | "bout" | "tard" | "inferieur")
            || lead == "a" && self.text(to) == "compter";
        let tail = self.text(to);
        let tail2 = self.text(to + 1);
        let anchored = matches!(tail, "apres" | "suivant" | "avant" | "maximum" | "durant")
            || tail == "au" && matches!(tail2, "plus" | "maximum")
            || tail == "a" && matches!(tail2, "compter" | "partir" | "l")
            || tail == "qui" && matches!(tail2, "suivent" | "suit" | "suivront" | "precedent")
            || tail == "plus" && tail2 == "tard";
        // « dans les quatre quartiers » has no unit; « dans deux départements » neither: only lengths come here
        if led || anchored {
            let start = if led { before - 1 } else { from };
            self.times.delays.push(start as u32..to as u32);
        }
    }

    /// Joins neighbouring dates of the sentence into periods.
    fn join_periods(&mut self, first: usize) {
        let mut at = first;
        while at + 1 < self.times.dates.len() {
            let (a, b) = (&self.times.dates[at], &self.times.dates[at + 1]);
            let (from, to) = (a.tokens.end as usize, b.tokens.start as usize);
            let between: Vec<&str> = (from..to).map(|i| self.text(i)).filter(|w| !matches!(*w, "le" | "," | "la" | "l")).collect();
            let before = (a.tokens.start as usize).checked_sub(1).map_or("", |i| self.text(i));
            let shared = from > to || between.is_empty();
            let joined = match between.as_slice() {
                ["au"] | ["jusqu", "au"] | ["jusqu", "a"] | ["a"] => a.month.is_some(),
                ["–"] | ["—"] | ["-"] => true,
                ["et"] => before == "entre" || self.text((a.tokens.start as usize).saturating_sub(2)) == "entre",
                _ => false,
            };
            if joined && !shared && a.precision <= Precision::Month && b.precision <= Precision::Month {
                let tokens = a.tokens.start..b.tokens.end;
                self.times.periods.push(Period { from: at, to: at + 1, tokens });
                at += 2;
            } else {
                at += 1;
            }
        }
    }
}

/// `12.03`: a day and a month.
fn dotted(text: &str) -> Option<(u8, u8)> {
    let (day, month) = text.split_once('.')?;
    let (day, month) = (day.parse().ok()?, month.parse().ok()?);
    ((1..=31).contains(&day) && (1..=12).contains(&month)).then_some((day, month))
}

/// Gives dates without a year the year that the context implies: of the other end of their period, else of the dates
/// before and after them in the same block, else of the dossier when it speaks of one year only.
pub(super) fn carry_years(dossier: &Dossier, times: &mut Times) {
    for period in &times.periods {
        let (from, to) = (&times.dates[period.from], &times.dates[period.to]);
        let around = i16::from(from.month > to.month);
        let (at, year, other) = match (from.year, to.year) {
            (None, Some(year)) => (period.from, year - around, year),
            (Some(year), None) => (period.to, year + around, year),
            _ => continue,
        };
        let date = &mut times.dates[at];
        // « du lundi 5 avril au vendredi 12 mars 2027 »: the weekday tells the year
        let told = [year, other].into_iter().find(|year| date.weekday.is_some() && date.weekday == date.day_in(*year).map(Date::weekday));
        date.year = told.or(Some(year));
        date.year_carried = told.is_none();
    }
    let blocks: Vec<usize> = times
        .dates
        .iter()
        .map(|d| dossier.sentences.partition_point(|s| s.tokens.end <= d.tokens.start))
        .map(|s| dossier.sentences.get(s).map_or(0, |s| s.block as usize))
        .collect();
    // the year of a law is not that of what is done under it
    let written: Vec<Option<i16>> = times.dates.iter().map(|d| d.year.filter(|_| !d.year_carried && !d.of_text && d.month.is_some())).collect();
    let mut years: Vec<i16> = written.iter().flatten().copied().collect();
    years.sort_unstable();
    years.dedup();
    // no year anywhere: the dates are of one year, unless a period runs into the next
    let within_a_year = !times.periods.iter().any(|p| times.dates[p.from].month > times.dates[p.to].month);
    let only = match years.as_slice() {
        [] if within_a_year => Some(ASSUMED_YEAR),
        [year] => Some(*year),
        _ => None,
    };
    // the nearest written year of the block: of a date before, else of one after
    let mut next = vec![None; written.len()];
    for at in (0..written.len().saturating_sub(1)).rev() {
        next[at] = written[at + 1].map(|_| at + 1).or(next[at + 1]).filter(|next| blocks[*next] == blocks[at]);
    }
    let mut last = None;
    for at in 0..times.dates.len() {
        if written[at].is_some() {
            last = Some(at);
        } else if times.dates[at].year.is_none() && times.dates[at].month.is_some() {
            let month = times.dates[at].month;
            // « le 15 décembre 2026, le 20 janvier »: half a year back is the next year
            let back = |early: Option<u8>, late: Option<u8>| i16::from(early.zip(late).is_some_and(|(early, late)| late + 6 <= early));
            let before =
                last.filter(|last| blocks[*last] == blocks[at]).map(|last: usize| written[last].map(|year| year + back(times.dates[last].month, month)));
            let after = || next[at].map(|next: usize| written[next].map(|year| year - back(month, times.dates[next].month)));
            let near = before.or_else(after).flatten();
            let date = &mut times.dates[at];
            date.year = near.or(only);
            date.year_carried = date.year.is_some();
            date.year_assumed = date.year_carried && years.is_empty();
        }
    }
}
