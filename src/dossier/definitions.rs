//! Where the reference links of a file lead: `[charte]: charte.pdf`.

use hashbrown::HashMap;

use crate::text::each_line;
use crate::text::fold::fold;

/// Definitions of a file that are kept: no dossier has as many.
const MOST: usize = 10_000;

/// The definitions of a file, by what folded labels they have; the first of a label holds.
#[derive(Debug, Clone, Default)]
pub struct Definitions {
    urls: HashMap<String, String>,
}

impl Definitions {
    /// Those of `text`, a line each.
    pub fn of(text: &str) -> Self {
        let mut urls = HashMap::new();
        if memchr::memmem::find(text.as_bytes(), b"]:").is_some() {
            for (label, url) in each_line(text).filter_map(definition).take(MOST) {
                urls.entry(key(label)).or_insert_with(|| url.to_owned());
            }
        }
        Self { urls }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.urls.is_empty()
    }

    /// Where the links with `label` lead.
    pub fn url(&self, label: &str) -> Option<&str> {
        // brackets within brackets are no label, and are not read again and again
        (!label.contains(['[', ']'])).then(|| self.urls.get(&key(label)).map(String::as_str))?
    }
}

/// Labels are told apart neither by case nor by white space (CommonMark, « matches »).
fn key(label: &str) -> String {
    fold(&label.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The label and the address of `[label]: address`, indented by three spaces at most; not of a note.
fn definition(line: &str) -> Option<(&str, &str)> {
    let marked = line.trim_start_matches(' ');
    let (label, rest) = marked.strip_prefix('[').filter(|_| line.len() - marked.len() <= 3)?.split_once("]:")?;
    let (url, title) = rest.trim().split_once(char::is_whitespace).unwrap_or((rest.trim(), ""));
    // « [nom du garant]: à compléter » defines nothing
    let closed = title.trim().is_empty() || title.trim().starts_with(['"', '\'', '(']);
    let url = url.trim_start_matches('<').trim_end_matches('>');
    (closed && !label.trim().is_empty() && !label.starts_with('^') && !label.contains(['[', ']']) && !url.is_empty()).then_some((label, url))
}
