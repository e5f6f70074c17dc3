//! Applying fixes to the text of a file.

use super::{Diagnostic, Fix};
use crate::text::FileId;

/// `text`, the content of `file`, with the fixes of `diagnostics` that concern it; `None` when none does. Every byte outside of
/// the replaced spans stays. A fix that overlaps an earlier one is left out.
#[must_use]
pub fn apply<'a>(text: &str, file: FileId, diagnostics: impl IntoIterator<Item = &'a Diagnostic>) -> Option<String> {
    let mut fixes: Vec<&Fix> = diagnostics.into_iter().filter_map(|d| d.fix.as_ref()).filter(|fix| fix.span.file == file).collect();
    if fixes.is_empty() {
        return None;
    }
    // at one place: what goes in the section that ends there, then the new sections
    fixes.sort_by_key(|fix| (fix.span.start, fix.section.is_some(), fix.rank));
    let mut out = String::with_capacity(text.len() + fixes.iter().map(|fix| fix.text.len() + 100).sum::<usize>());
    let (mut copied, mut last_section) = (0, None);
    for fix in fixes {
        let (start, end) = (fix.span.start as usize, fix.span.end as usize);
        let Some(kept) = text.get(copied..start) else { continue };
        if !kept.is_empty() {
            last_section = None;
        }
        out.push_str(kept);
        if fix.section.as_ref() != last_section {
            out.push_str(fix.section.as_deref().unwrap_or_default());
        }
        out.push_str(&fix.text);
        last_section = fix.section.as_ref();
        copied = end;
    }
    out.push_str(&text[copied..]);
    Some(out)
}
