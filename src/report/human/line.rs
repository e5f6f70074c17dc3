//! A line of a dossier as it is shown: made safe, its line ends flattened, cut to a window around what is marked.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use crate::report::plain::placeholder;

/// Stands where text is left out.
const ELLIPSIS: char = '…';
/// Columns that an ellipsis with its blanks takes, on both sides of a segment.
const ELLIPSES: usize = 4;
/// Marks nearer than this are shown in one segment.
const NEAR: usize = 12;
/// A mark is never cut below this many columns.
const LEAST: usize = 12;

/// One character as shown.
struct Glyph {
    shown: char,
    /// Its first byte in the file.
    source: usize,
    /// Columns before it.
    column: usize,
}

/// A stretch of a file, ready to be shown on one line.
pub(super) struct Line {
    glyphs: Vec<Glyph>,
    columns: usize,
}

/// What is printed of a line, with the places of the marks in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    pub text: String,
    pub marks: Vec<Range<usize>>,
}

impl Line {
    /// Reads `text[range]`; a line end with the blanks and quotation marks of the next line's margin becomes one space.
    pub(super) fn read(text: &str, range: Range<usize>) -> Self {
        let mut line = Self { glyphs: Vec::new(), columns: 0 };
        let mut margin = false;
        for (at, c) in text[range.clone()].char_indices() {
            let newline = matches!(c, '\n' | '\r');
            if margin && (newline || c.is_whitespace() || c == '>') {
                continue;
            }
            margin = newline;
            let source = range.start + at;
            match placeholder(c) {
                Some(shown) => shown.chars().for_each(|c| line.push(c, source)),
                None => line.push(c, source),
            }
        }
        while line.glyphs.last().is_some_and(|g| g.shown.is_whitespace()) {
            line.columns = line.glyphs.pop().map_or(0, |g| g.column);
        }
        line
    }

    fn push(&mut self, shown: char, source: usize) {
        self.glyphs.push(Glyph { shown, source, column: self.columns });
        self.columns += shown.width().unwrap_or(0);
    }

    /// Cuts the line to `room` columns around `marks` (bytes of the file), at most `lead` columns before a lone mark.
    pub(super) fn excerpt(&self, marks: &[Range<usize>], room: usize, lead: usize) -> Excerpt {
        let places: Vec<Range<usize>> = marks.iter().map(|mark| self.glyph_at(mark.start)..self.glyph_at(mark.end)).collect();
        let segments = if self.columns <= room { std::iter::once(0..self.glyphs.len()).collect() } else { self.segments(&places, room, lead) };
        self.assemble(&segments, &places)
    }

    fn glyph_at(&self, source: usize) -> usize {
        self.glyphs.partition_point(|g| g.source < source)
    }

    fn column(&self, glyph: usize) -> usize {
        self.glyphs.get(glyph).map_or(self.columns, |g| g.column)
    }

    fn wide(&self, range: &Range<usize>) -> usize {
        self.column(range.end) - self.column(range.start)
    }

    fn segments(&self, places: &[Range<usize>], room: usize, lead: usize) -> Vec<Range<usize>> {
        let mut segments = self.joined(places.to_vec(), NEAR);
        let share = (room / segments.len().max(1)).saturating_sub(ELLIPSES).max(LEAST);
        for segment in &mut segments {
            if self.wide(segment) > share {
                segment.end = self.back_to_word(self.last_within(segment.start, share), segment.start);
            }
        }
        let used: usize = segments.iter().map(|s| self.wide(s) + ELLIPSES).sum();
        let slack = room.saturating_sub(used) / segments.len().max(1);
        let grown = segments.into_iter().map(|segment| self.grow(segment, slack, lead)).collect();
        self.joined(grown, 2)
    }

    /// `ranges` in order, those that lie within `near` columns of each other made one.
    fn joined(&self, mut ranges: Vec<Range<usize>>, near: usize) -> Vec<Range<usize>> {
        ranges.sort_by_key(|r| (r.start, r.end));
        let mut out: Vec<Range<usize>> = Vec::new();
        for range in ranges {
            match out.last_mut() {
                Some(last) if self.column(range.start) <= self.column(last.end) + near => last.end = last.end.max(range.end),
                _ => out.push(range),
            }
        }
        out
    }

    /// Adds about `slack` columns of context around `segment`, a third of it before, in whole words.
    fn grow(&self, segment: Range<usize>, slack: usize, lead: usize) -> Range<usize> {
        let before = (slack / 3).min(lead);
        let from = self.column(segment.start).saturating_sub(before);
        let mut start = self.glyphs.partition_point(|g| g.column < from);
        while start > 0 && start < segment.start && !self.begins_word(start) {
            start += 1;
        }
        let after = slack - (self.column(segment.start) - self.column(start)).min(slack);
        let end = self.back_to_word(self.last_within(segment.end, after), segment.end);
        start..end
    }

    /// The furthest glyph from `start` such that what is between takes at most `columns`.
    fn last_within(&self, start: usize, columns: usize) -> usize {
        let limit = self.column(start) + columns;
        (start..self.glyphs.len()).find(|&g| self.column(g + 1) > limit).unwrap_or(self.glyphs.len())
    }

    /// The end of the last whole word of `least..end`; `end` when a word fills it.
    fn back_to_word(&self, end: usize, least: usize) -> usize {
        if end >= self.glyphs.len() || self.is_blank(end) {
            return end;
        }
        let mut word_end = end;
        while word_end > least && !self.is_blank(word_end - 1) {
            word_end -= 1;
        }
        if word_end > least {
            return word_end - 1;
        }
        // What is marked is one long word: cut it. What follows a mark is left out instead.
        if self.is_blank(least) || least == 0 || self.column(end) - self.column(least) >= LEAST { end } else { least }
    }

    fn begins_word(&self, glyph: usize) -> bool {
        glyph == 0 || (self.is_blank(glyph - 1) && !self.is_blank(glyph))
    }

    fn is_blank(&self, glyph: usize) -> bool {
        self.glyphs.get(glyph).is_some_and(|g| g.shown == ' ')
    }

    fn assemble(&self, segments: &[Range<usize>], places: &[Range<usize>]) -> Excerpt {
        let mut text = String::new();
        let mut marks = vec![0..0; places.len()];
        for (at, segment) in segments.iter().enumerate() {
            match at {
                0 if segment.start == 0 => {}
                0 => text.extend([ELLIPSIS, ' ']),
                _ => text.extend([' ', ELLIPSIS, ' ']),
            }
            for glyph in segment.clone() {
                self.open_and_close(&mut marks, places, segment, glyph, text.len());
                text.push(self.glyphs[glyph].shown);
            }
            self.open_and_close(&mut marks, places, segment, segment.end, text.len());
        }
        if segments.last().is_some_and(|s| s.end < self.glyphs.len()) {
            text.extend([' ', ELLIPSIS]);
        }
        Excerpt { text, marks }
    }

    fn open_and_close(&self, marks: &mut [Range<usize>], places: &[Range<usize>], segment: &Range<usize>, glyph: usize, at: usize) {
        for (mark, place) in marks.iter_mut().zip(places) {
            if place.start < segment.start || place.start > segment.end {
                continue;
            }
            if glyph == place.start && (glyph < segment.end || place.start == segment.end) {
                *mark = at..at;
            }
            if glyph > place.start && glyph == place.end.min(segment.end) {
                mark.end = at;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, words: &[&str], room: usize) -> (String, Vec<String>) {
        let marks: Vec<Range<usize>> = words.iter().map(|w| text.find(w).unwrap()).zip(words).map(|(at, w)| at..at + w.len()).collect();
        let excerpt = Line::read(text, 0..text.len()).excerpt(&marks, room, room);
        let marked = excerpt.marks.iter().map(|m| excerpt.text[m.clone()].to_owned()).collect();
        assert!(crate::report::plain::width(&excerpt.text) <= room.max(16), "{:?} is wider than {room}", excerpt.text);
        (excerpt.text, marked)
    }

    const LONG: &str = "La démarche s’inscrit dans le projet de territoire, dont la révision a été décidée, et un comité de pilotage suivra la démarche aussi souvent que nécessaire.";

    #[test]
    fn a_short_line_is_shown_whole() {
        assert_eq!(cut("## Gouvernance", &["Gouvernance"], 60), ("## Gouvernance".into(), vec!["Gouvernance".into()]));
        assert_eq!(cut("", &[""], 60), (String::new(), vec![String::new()]));
    }

    #[test]
    fn a_long_line_is_cut_at_words_around_the_mark() {
        let (text, marked) = cut(LONG, &["comité de pilotage"], 60);
        assert_eq!(text, "… et un comité de pilotage suivra la démarche aussi …");
        assert_eq!(marked, ["comité de pilotage"]);
    }

    #[test]
    fn two_marks_far_apart_share_the_line() {
        let (text, marked) = cut(LONG, &["démarche", "souvent"], 70);
        assert_eq!(text, "La démarche s’inscrit dans le … aussi souvent que nécessaire.");
        assert_eq!(marked, ["démarche", "souvent"]);
    }

    #[test]
    fn a_mark_wider_than_the_window_is_cut() {
        let (text, marked) = cut(LONG, &[LONG], 40);
        assert_eq!(text, "La démarche s’inscrit dans le projet …");
        assert_eq!(marked, ["La démarche s’inscrit dans le projet"]);
    }

    #[test]
    fn lines_are_flattened_with_their_margins() {
        let text = "> selon le\r\n>   possible\tet";
        assert_eq!(cut(text, &["le\r\n>   possible"], 60), ("> selon le possible et".into(), vec!["le possible".into()]));
    }

    proptest::proptest! {
        #[test]
        fn any_mark_of_any_text_has_a_place(text in "[a-z é日\u{a0}\u{202e}\u{1b}\n>]{0,200}", a in 0usize..400, b in 0usize..400, room in 10usize..90) {
            let boundary = |mut at: usize| {
                at = at.min(text.len());
                while !text.is_char_boundary(at) { at -= 1; }
                at
            };
            let (a, b) = (boundary(a.min(b)), boundary(a.max(b)));
            let excerpt = Line::read(&text, 0..text.len()).excerpt(&[a..b, b..b], room, room);
            for mark in &excerpt.marks {
                proptest::prop_assert!(excerpt.text.get(mark.clone()).is_some());
            }
            proptest::prop_assert!(!excerpt.text.chars().any(char::is_control));
            proptest::prop_assert!(crate::report::plain::width(&excerpt.text) <= room.max(60));
        }
    }
}
