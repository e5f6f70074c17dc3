//! The language a reader is spoken to in. Identifiers never change with it.

use std::borrow::Cow;
use std::fmt::{Display, Write as _};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// French, the default.
    #[default]
    Fr,
    /// English.
    En,
}

/// A name that is that of no language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownLang;

impl Lang {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Fr, Self::En];

    /// The name used in options, configuration and reports: that of ISO 639.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }
}

impl FromStr for Lang {
    type Err = UnknownLang;

    fn from_str(name: &str) -> Result<Self, UnknownLang> {
        Self::ALL.into_iter().find(|lang| lang.id() == name).ok_or(UnknownLang)
    }
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// French.
    pub fr: Cow<'static, str>,
    /// English.
    pub en: Cow<'static, str>,
}

impl Text {
    /// The text in `lang`.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Fr => &self.fr,
            Lang::En => &self.en,
        }
    }

    /// What `say` says in each language.
    #[must_use]
    pub fn each(say: impl Fn(Lang) -> String) -> Self {
        Self { fr: say(Lang::Fr).into(), en: say(Lang::En).into() }
    }

    /// What is said in the same words to everybody: those of the system, of a library.
    #[must_use]
    pub fn same(words: impl Display) -> Self {
        Self::each(|_| words.to_string())
    }
}

/// A message in both languages, with `{blanks}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message {
    /// French.
    pub fr: &'static str,
    /// English.
    pub en: &'static str,
}

impl Message {
    /// The message in `lang`, its blanks left as they are.
    #[must_use]
    pub const fn get(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Fr => self.fr,
            Lang::En => self.en,
        }
    }

    /// The message in `lang` with its blanks filled.
    #[must_use]
    pub fn fill(&self, lang: Lang, blanks: &[(&str, &dyn Display)]) -> String {
        let mut rest = self.get(lang);
        let mut out = String::with_capacity(2 * rest.len());
        while let Some(open) = rest.find('{') {
            let Some(close) = rest[open..].find('}').map(|at| open + at) else { break };
            out.push_str(&rest[..open]);
            let name = &rest[open + 1..close];
            match blanks.iter().find(|(blank, _)| *blank == name) {
                // a String is always written to
                Some((_, value)) => drop(write!(out, "{value}")),
                None => out.push_str(&rest[open..=close]),
            }
            rest = &rest[close + 1..];
        }
        out.push_str(rest);
        out
    }

    /// The message in both languages, its blanks filled.
    #[must_use]
    pub fn both(&self, blanks: &[(&str, &dyn Display)]) -> Text {
        Text::each(|lang| self.fill(lang, blanks))
    }
}

/// Declares messages: `NAME: "en français", "in English";`.
macro_rules! messages {
    ($($(#[$doc:meta])* $name:ident: $fr:literal, $en:literal;)*) => {
        $($(#[$doc])* pub const $name: Message = Message { fr: $fr, en: $en };)*
        #[cfg(test)]
        pub(crate) const ALL: &[(&str, Message)] = &[$((stringify!($name), $name)),*];
    };
}
pub(crate) use messages;
