//! The passages of a diagnostic, drawn by `codespan-reporting` from windows of their lines. The file, line and column
//! printed are the true ones.

use std::ops::Range;

use codespan_reporting::diagnostic::{Diagnostic as Drawing, Label as Mark, LabelStyle};
use codespan_reporting::files::{Error, Files};
use codespan_reporting::term::{Config, emit_to_write_style};

use super::ink::{Ink, Palette, level};
use super::line::Line;
use crate::diagnostics::Severity;
use crate::dossier::Dossier;
use crate::report::plain::{clip, visible, width};
use crate::text::{FileId, Span};

/// Bytes of a line beside what is marked in it that may be shown: more than any terminal is wide.
const BESIDE: usize = 2_000;
/// Bytes between the first and the last mark of a line beyond which the others are out of sight.
const WIDEST: usize = 50_000;

/// A marked place.
pub(super) struct Place<'a> {
    pub span: Span,
    pub primary: bool,
    pub message: &'a str,
}

/// Windows of the lines of one file.
struct Window {
    name: String,
    source: String,
    rows: Vec<Row>,
}

/// One line shown.
struct Row {
    /// Position in the drawing; a gap stands for the lines between.
    index: usize,
    /// 1-based line of the file.
    number: usize,
    range: Range<usize>,
    /// Bytes of `source` where marks begin, and their true columns.
    columns: Vec<(usize, usize)>,
}

/// All that a drawing needs.
struct Windows {
    files: Vec<Window>,
}

/// Columns before the text: the line number, the border and blanks around it.
pub(super) fn gutter(dossier: &Dossier, places: &[Place<'_>]) -> usize {
    let lines = places.iter().map(|place| dossier.start(place.span).line);
    lines.max().unwrap_or(1).to_string().len()
}

/// Draws `places`, the primary one first, in `columns` columns.
pub(super) fn draw(dossier: &Dossier, places: &[Place<'_>], severity: Severity, columns: usize, palette: Palette) -> Vec<String> {
    let room = columns.saturating_sub(gutter(dossier, places) + 3).max(20);
    let mut windows = Windows { files: Vec::new() };
    let mut marks = Vec::new();
    for group in by_line(dossier, places) {
        windows.add(dossier, &group, room, &mut marks);
    }
    marks.sort_by_key(|mark| mark.style != LabelStyle::Primary);
    let drawing = Drawing::new(level(severity)).with_labels(marks);
    let mut ink = Ink::new(palette);
    // The windows hold every place marked in them, and the ink never fails.
    let drawn = emit_to_write_style(&mut ink, &Config::default(), &windows, &drawing);
    debug_assert!(drawn.is_ok(), "{drawn:?}");
    ink.into_lines()
}

/// The places in order of file and line, those that begin on the same line together.
fn by_line<'a, 'b>(dossier: &Dossier, places: &'b [Place<'a>]) -> Vec<Vec<&'b Place<'a>>> {
    let line = |place: &Place<'_>| (place.span.file, dossier.file(place.span.file).lines.line_of(place.span.start));
    let mut sorted: Vec<&Place<'_>> = places.iter().collect();
    sorted.sort_by_key(|place| line(place));
    sorted.chunk_by(|a, b| line(a) == line(b)).map(<[&Place<'_>]>::to_vec).collect()
}

impl Windows {
    fn add(&mut self, dossier: &Dossier, group: &[&Place<'_>], room: usize, marks: &mut Vec<Mark<usize>>) {
        let Some(first) = group.first() else { return };
        let file = first.span.file;
        let id = self.window(dossier, file);
        let window = &mut self.files[id];
        let number = dossier.start(first.span).line as usize;
        let spans: Vec<Range<usize>> = group.iter().map(|place| place.span.start as usize..place.span.end as usize).collect();
        let lead = lead(group, dossier, room);
        let excerpt = Line::read(&dossier.file(file).text, stretch(dossier, group)).excerpt(&spans, room, lead);
        let start = window.source.len();
        window.source.push_str(&excerpt.text);
        window.source.push('\n');
        let columns = group.iter().zip(&excerpt.marks).map(|(p, m)| (start + m.start, dossier.start(p.span).column as usize)).collect();
        window.rows.push(Row { index: window.next_index(number), number, range: start..window.source.len(), columns });
        for (place, mark) in group.iter().zip(&excerpt.marks) {
            let before = width(&excerpt.text[..mark.start]);
            let style = if place.primary { LabelStyle::Primary } else { LabelStyle::Secondary };
            let range = start + mark.start..start + mark.end;
            let message = clip(&visible(place.message), room.saturating_sub(before).max(20), true);
            let beside = before + width(&excerpt.text[mark.clone()]).max(1) + 1 + width(&message) <= room;
            if !beside && !message.is_empty() {
                // A second mark at the same place makes the message hang below instead of running over the edge.
                marks.push(Mark::new(style, id, range.clone()));
            }
            marks.push(Mark::new(style, id, range).with_message(message));
        }
    }

    fn window(&mut self, dossier: &Dossier, file: FileId) -> usize {
        let name = visible(&dossier.file(file).path).into_owned();
        if let Some(id) = self.files.iter().position(|window| window.name == name) {
            return id;
        }
        self.files.push(Window { name, source: String::new(), rows: Vec::new() });
        self.files.len() - 1
    }
}

impl Window {
    /// Neighbouring lines stay neighbours; others are so far apart that the drawing shows a break.
    fn next_index(&self, number: usize) -> usize {
        self.rows.last().map_or(0, |row| if number == row.number + 1 { row.index + 1 } else { row.index + 3 })
    }

    fn row(&self, index: usize) -> Result<&Row, Error> {
        self.rows.iter().find(|row| row.index == index).ok_or(Error::LineTooLarge { given: index, max: self.rows.len() })
    }
}

/// From the start of the group's line to the end of the last line that one of its places touches.
fn stretch(dossier: &Dossier, group: &[&Place<'_>]) -> Range<usize> {
    let Some(first) = group.first() else { return 0..0 };
    let file = dossier.file(first.span.file);
    let bom = if file.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let start = file.lines.line_start(file.lines.line_of(first.span.start)) as usize;
    let lead = floor(&file.text, (first.span.start as usize).saturating_sub(BESIDE));
    let start = start.max(lead);
    let reach = group.iter().map(|place| place.span.end as usize).max().unwrap_or(start).min(start + WIDEST);
    let most = floor(&file.text, reach + BESIDE);
    let reach = floor(&file.text, reach);
    let end = file.text[reach..most].find(['\n', '\r']).map_or(most, |at| reach + at);
    start.max(bom).min(end)..end
}

/// The last place of `text` at `at` or before where no character is cut.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// How many columns may stand before a lone mark so that its message still fits beside it.
fn lead(group: &[&Place<'_>], dossier: &Dossier, room: usize) -> usize {
    match group {
        [place] => {
            let marked = dossier.slice(place.span);
            let wide = width(&visible(&marked[..floor(marked, BESIDE)]));
            let message = width(place.message);
            let beside = room.saturating_sub(wide + 1 + message + 2);
            if beside > 0 { beside } else { room.saturating_sub(message + 2) }
        }
        _ => room,
    }
}

impl<'a> Files<'a> for Windows {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<&'a str, Error> {
        Ok(&self.file(id)?.name)
    }

    fn source(&'a self, id: usize) -> Result<&'a str, Error> {
        Ok(&self.file(id)?.source)
    }

    fn line_index(&'a self, id: usize, byte: usize) -> Result<usize, Error> {
        let file = self.file(id)?;
        let row = file.rows.iter().find(|row| row.range.contains(&byte)).or(file.rows.last());
        row.map(|row| row.index).ok_or(Error::FileMissing)
    }

    fn line_number(&'a self, id: usize, index: usize) -> Result<usize, Error> {
        Ok(self.file(id)?.row(index)?.number)
    }

    fn column_number(&'a self, id: usize, index: usize, byte: usize) -> Result<usize, Error> {
        let row = self.file(id)?.row(index)?;
        Ok(row.columns.iter().find(|(at, _)| *at == byte).map_or(1, |(_, column)| *column))
    }

    fn line_range(&'a self, id: usize, index: usize) -> Result<Range<usize>, Error> {
        Ok(self.file(id)?.row(index)?.range.clone())
    }
}

impl Windows {
    fn file(&self, id: usize) -> Result<&Window, Error> {
        self.files.get(id).ok_or(Error::FileMissing)
    }
}
