//! From the files of `checks/` to the catalogue. The build does it once for those that ship with the tool.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

use serde::Deserialize;

use super::catalogue::{Catalogue, CheckError, Compiled};
use super::engine::{AnyOf, BUILTIN, MOST_PATTERNS, PatternId, WORD_LISTS};
use super::format::{Criterion, FactKind, Rule, Theme, Vocabulary, is_id, is_name, theme_of};
use super::inflect;
use super::lexicon::LexiconBuilder;
use super::mistakes;
use super::pattern::PatternError;
use super::phrases::EngineBuilder;
use super::place;
use super::plan::Plan;
use crate::lang::Text;
use crate::text::fold::fold;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Themes {
    theme: Vec<Theme>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts {
    fact: Vec<FactKind>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Detection {
    /// The criteria that only a framing document satisfies in number.
    #[serde(default)]
    criteria: Vec<String>,
    #[serde(default)]
    pattern: BTreeMap<String, Vec<String>>,
}

/// The keys below which patterns stand.
const PATTERNS: &[&str] = &["any", "not", "denial", "expected", "headings", "pattern"];

/// What makes a phrase one of headings.
const HEADING: &str = "# ";

/// A file of checks, read.
#[derive(Debug, Clone)]
pub struct File {
    /// Path as it is told in messages.
    pub path: String,
    /// Content.
    pub text: String,
}

/// The catalogue of `files`: a criterion, rule or theme of the same id replaces the earlier one, the classes of a vocabulary
/// add up.
///
/// # Errors
/// The first mistake in a file, at its place.
pub fn compile(files: Vec<File>) -> Result<Catalogue, CheckError> {
    let mut loader = Loading::default();
    for file in files {
        loader.read(file)?;
    }
    loader.compile()
}

/// Everything read, before compiling; each entry remembers its file for messages.
#[derive(Default)]
struct Loading {
    files: Vec<File>,
    vocabulary: Vec<(usize, Vocabulary)>,
    criteria: Vec<(usize, Criterion)>,
    rules: Vec<(usize, Rule)>,
    themes: Vec<(usize, Theme)>,
    detection: Vec<(usize, Detection)>,
    facts: Vec<FactKind>,
    plan: Plan,
    /// The criteria that a plan or a fact names, each with the file.
    named: Vec<(usize, String)>,
}

impl Loading {
    fn read(&mut self, file: File) -> Result<(), CheckError> {
        let at = self.files.len();
        let folder = Path::new(&file.path).parent().and_then(|p| p.file_name()).map(|n| n.to_string_lossy().into_owned());
        let name = Path::new(&file.path).file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        match (folder.as_deref(), name.as_str()) {
            (_, "themes.toml") => {
                let themes: Themes = parse(&file)?;
                for theme in themes.theme {
                    self.themes.retain(|(_, t)| t.id != theme.id);
                    self.themes.push((at, theme));
                }
            }
            (_, "faits.toml") => {
                let facts: Facts = parse(&file)?;
                self.named.extend(facts.fact.iter().flat_map(|fact| &fact.criteria).map(|id| (at, id.clone())));
                self.facts.retain(|f| facts.fact.iter().all(|new| new.id != f.id));
                self.facts.extend(facts.fact);
            }
            (_, "plan.toml") => {
                let plan: Plan = parse(&file)?;
                let named = plan.section.iter().flat_map(|s| &s.criteria).chain(plan.wording.keys());
                self.named.extend(named.map(|id| (at, id.clone())));
                self.plan.title.extend(plan.title);
                self.plan.section.retain(|s| plan.section.iter().all(|new| new.heading != s.heading));
                self.plan.section.extend(plan.section);
                self.plan.wording.extend(plan.wording);
            }
            (_, "detection.toml") => {
                let detection: Detection = parse(&file)?;
                self.named.extend(detection.criteria.iter().map(|id| (at, id.clone())));
                self.detection.push((at, detection));
            }
            (Some("vocabulaire"), _) => self.vocabulary.push((at, parse(&file)?)),
            (Some("regles"), _) => {
                let rule: Rule = parse(&file)?;
                self.rules.retain(|(_, r)| r.id != rule.id);
                self.rules.push((at, rule));
            }
            _ => {
                let criterion: Criterion = parse(&file)?;
                self.criteria.retain(|(_, c)| c.id != criterion.id);
                self.criteria.push((at, criterion));
            }
        }
        self.files.push(file);
        Ok(())
    }

    fn compile(mut self) -> Result<Catalogue, CheckError> {
        let classes: BTreeSet<&str> = self.vocabulary.iter().flat_map(|(_, v)| v.class.keys().map(String::as_str)).collect();
        let lexicon = LexiconBuilder::new(BUILTIN.iter().map(|(_, name)| *name).chain(classes));
        let mut engine = EngineBuilder::new(lexicon);
        for (file, vocabulary) in &self.vocabulary {
            for (verb, model) in &vocabulary.verbs {
                engine.lexicon.add_verb(verb, model).map_err(|message| self.verb_error(*file, (verb, model), message))?;
            }
            for (name, words) in &vocabulary.words {
                let Some((list, _)) = WORD_LISTS.iter().find(|(_, known)| known == name) else {
                    let help = mistakes::meant(name, WORD_LISTS.iter().map(|(_, known)| *known));
                    return Err(CheckError { help, ..self.at_key(*file, &["words"], name, mistakes::NO_WORD_LIST.both(&[("name", name)])) });
                };
                for word in &words.any {
                    engine.lexicon.add_word(*list, word).map_err(|message| self.at_value(*file, &["words"], (word, 0), message))?;
                }
            }
        }
        for (file, vocabulary) in &self.vocabulary {
            for (name, class) in &vocabulary.class {
                let Some(id) = engine.lexicon.class(name) else { continue };
                for phrase in &class.any {
                    engine.add_class_phrase(id, phrase).map_err(|e| self.pattern_error(*file, phrase, &e))?;
                }
            }
        }
        let theme_order: Vec<String> = self.themes.iter().map(|(_, t)| t.id.clone()).collect();
        let rank = |id: &str| theme_order.iter().position(|t| theme_of(id) == t).unwrap_or(theme_order.len());
        self.criteria.sort_by_key(|(_, c)| (rank(&c.id), c.order, c.id.clone()));
        self.rules.sort_by_key(|(_, r)| (r.order, r.id.clone()));
        self.know_ids()?;
        self.know_named()?;
        let mut out = Catalogue::default();
        for (file, criterion) in &self.criteria {
            let compiled = self.criterion(&mut engine, *file, criterion)?;
            out.compiled.push(compiled);
        }
        for (file, rule) in &self.rules {
            let mut named = BTreeMap::new();
            for (name, patterns) in &rule.pattern {
                named.insert(name.clone(), self.patterns(&mut engine, *file, patterns)?);
            }
            out.rule_patterns.push(named);
            out.rule_files.push(self.files[*file].clone());
        }
        for (file, theme) in &self.themes {
            out.theme_headings.push(self.headings(&mut engine, *file, &theme.headings)?);
        }
        let mut detected: BTreeMap<&String, Vec<PatternId>> = BTreeMap::new();
        for (file, detection) in &self.detection {
            out.detection_files.push(self.files[*file].clone());
            for (name, patterns) in &detection.pattern {
                detected.entry(name).or_default().extend(self.each(&mut engine, *file, patterns)?);
            }
        }
        for (name, patterns) in detected {
            let file = self.detection.first().map_or(0, |(file, _)| *file);
            out.detection.insert(name.clone(), self.list(&mut engine, file, patterns)?);
        }
        let own = self.criteria.iter().flat_map(|(_, c)| c.examples.iter().map(|e| e.text.as_str()));
        let sample = own.chain(self.rules.iter().flat_map(|(_, r)| r.examples.iter().map(|e| e.text.as_str())));
        out.engine = engine.finish(sample).map_err(|class| {
            let file = self.vocabulary.iter().find(|(_, v)| v.class.contains_key(&class)).map_or(0, |(file, _)| *file);
            self.at_key(file, &["class"], &class, mistakes::CIRCULAR_CLASS.both(&[("class", &class)]))
        })?;
        out.facts = self.facts;
        out.plan = self.plan;
        let telling: BTreeSet<&String> = self.detection.iter().flat_map(|(_, detection)| &detection.criteria).collect();
        out.telling = (0..).zip(&self.criteria).filter(|(_, (_, c))| telling.contains(&c.id)).map(|(at, _)| at).collect();
        out.criteria = self.criteria.into_iter().map(|(_, c)| c).collect();
        out.rules = self.rules.into_iter().map(|(_, r)| r).collect();
        out.themes = self.themes.into_iter().map(|(_, t)| t).collect();
        Ok(out)
    }

    /// Every id must be one: others would name files elsewhere, and could be said in no option.
    fn know_ids(&self) -> Result<(), CheckError> {
        let ids = self.criteria.iter().map(|(file, c)| (*file, &c.id)).chain(self.rules.iter().map(|(file, r)| (*file, &r.id)));
        let themes = self.themes.iter().map(|(file, t)| (*file, &t.id)).filter(|(_, id)| !is_name(id)).map(|wrong| (wrong, mistakes::NO_THEME_ID));
        let wrong = ids.filter(|(_, id)| !is_id(id)).map(|wrong| (wrong, mistakes::NO_ID)).chain(themes).next();
        wrong.map_or(Ok(()), |((file, id), message)| Err(self.at_value(file, &["id"], (id, 0), message.both(&[("id", id)]))))
    }

    /// Every criterion that is named elsewhere must exist.
    fn know_named(&self) -> Result<(), CheckError> {
        let unknown = self.named.iter().find(|(_, id)| self.criteria.iter().all(|(_, c)| c.id != *id));
        let Some((file, id)) = unknown else { return Ok(()) };
        let help = mistakes::meant(id, self.criteria.iter().map(|(_, c)| c.id.as_str()));
        let message = || mistakes::NO_CRITERION.both(&[("id", id)]);
        let named = self.at_value(*file, &["criteria"], (id, 0), message());
        let named = if named.span.is_some() { named } else { self.at_key(*file, &["wording"], id, message()) };
        Err(CheckError { help, ..named })
    }

    /// Patterns of headings.
    fn headings(&self, engine: &mut EngineBuilder, file: usize, patterns: &[String]) -> Result<AnyOf, CheckError> {
        let mut add = |p: &String| {
            engine.add_headings(&format!("{HEADING}{p}")).map_err(|e| {
                let at = e.at.saturating_sub(HEADING.len());
                self.pattern_error(file, p, &PatternError { at, ..e })
            })
        };
        let patterns = patterns.iter().map(&mut add).collect::<Result<_, _>>()?;
        self.list(engine, file, patterns)
    }

    fn patterns(&self, engine: &mut EngineBuilder, file: usize, patterns: &[String]) -> Result<AnyOf, CheckError> {
        let patterns = self.each(engine, file, patterns)?;
        self.list(engine, file, patterns)
    }

    fn list(&self, engine: &mut EngineBuilder, file: usize, patterns: Vec<PatternId>) -> Result<AnyOf, CheckError> {
        let too_many = || self.error(file, None, mistakes::TOO_MANY_PATTERNS.both(&[("most", &MOST_PATTERNS)]));
        let count = patterns.len();
        let list = engine.add_list(patterns);
        if count.max(list as usize) < MOST_PATTERNS { Ok(list) } else { Err(too_many()) }
    }

    fn each(&self, engine: &mut EngineBuilder, file: usize, patterns: &[String]) -> Result<Vec<PatternId>, CheckError> {
        patterns.iter().map(|p| engine.add_pattern(p).map_err(|e| self.pattern_error(file, p, &e))).collect()
    }

    fn criterion(&self, engine: &mut EngineBuilder, file: usize, criterion: &Criterion) -> Result<Compiled, CheckError> {
        let expected = self.headings(engine, file, &criterion.expected)?;
        let mut list = |patterns: &[String]| self.patterns(engine, file, patterns);
        let mut out = Compiled {
            expected,
            topic: list(&criterion.topic.any)?,
            topic_not: list(&criterion.topic.not)?,
            denial: list(&criterion.denial)?,
            ..Compiled::default()
        };
        for (name, piece) in &criterion.piece {
            out.pieces.insert(name.clone(), (list(&piece.any)?, list(&piece.not)?));
        }
        for proof in &criterion.satisfied_by {
            out.proofs.push((list(&proof.any)?, list(&proof.not)?));
        }
        for vague in &criterion.unclear_by {
            out.vagues.push((list(&vague.any)?, list(&vague.not)?));
        }
        for name in criterion.satisfied.iter().flatten() {
            if !criterion.piece.contains_key(name) {
                let help = mistakes::meant(name, criterion.piece.keys().map(String::as_str));
                return Err(CheckError { help, ..self.at_value(file, &["satisfied"], (name, 0), mistakes::NO_PIECE.both(&[("name", name)])) });
            }
        }
        Ok(out)
    }

    fn error(&self, file: usize, span: Option<Range<usize>>, message: Text) -> CheckError {
        let file = &self.files[file];
        CheckError::at(&file.path, &file.text, span, message)
    }

    /// An error shown at a key below one of the keys `under`.
    fn at_key(&self, file: usize, under: &[&str], name: &str, message: Text) -> CheckError {
        self.error(file, place::of_key(&self.files[file].text, under, name), message)
    }

    /// An error shown at a string below one of the keys `under`, from a byte of it on.
    fn at_value(&self, file: usize, under: &[&str], (value, at): (&str, usize), message: Text) -> CheckError {
        self.error(file, place::of_value(&self.files[file].text, under, value, at), message)
    }

    /// What is wrong in a table of verbs: the model where there is none of that name, the verb otherwise.
    fn verb_error(&self, file: usize, (verb, model): (&str, &str), message: Text) -> CheckError {
        let name = fold(model);
        if verb.contains('-') || name.is_empty() || inflect::models().any(|known| known == name) {
            return self.at_key(file, &["verbs"], verb, message);
        }
        CheckError { help: mistakes::meant(&name, inflect::models()), ..self.at_value(file, &["verbs"], (model, 0), message) }
    }

    fn pattern_error(&self, file: usize, pattern: &str, error: &PatternError) -> CheckError {
        let message = Text::each(|lang| mistakes::IN_PATTERN.fill(lang, &[("mistake", &error.message.get(lang)), ("pattern", &pattern)]));
        self.at_value(file, PATTERNS, (pattern, error.at), message)
    }
}

fn parse<T: for<'de> Deserialize<'de>>(file: &File) -> Result<T, CheckError> {
    toml::from_str(&file.text).map_err(|error| CheckError::at(&file.path, &file.text, error.span(), mistakes::told(error.message())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;

    #[test]
    fn a_list_without_end_is_an_error() {
        let rule = |count: usize| {
            let patterns: String = (0..count).map(|n| format!("\"mot{n}\",")).collect();
            let head = "id = \"essai.liste\"\norder = 1\nseverity = \"advice\"\nreferences = []\n";
            let said = "{ fr = \"a\", en = \"b\" }";
            let texts: String = ["title", "reports", "why", "help"].iter().map(|key| format!("{key} = {said}\n")).collect();
            File { path: "checks/regles/liste.toml".into(), text: format!("{head}{texts}[pattern]\nmot = [{patterns}]\n") }
        };
        assert!(compile(vec![rule(10)]).is_ok());
        let error = compile(vec![rule(MOST_PATTERNS)]).unwrap_err();
        assert!(error.message.fr.contains("32768"), "{error}");
    }

    #[test]
    fn a_list_of_words_is_one_the_code_knows_and_holds_single_words() {
        let listing = |text: &str| {
            let error = compile(vec![File { path: "checks/vocabulaire/noms.toml".into(), text: text.into() }]).err()?;
            let span = error.span.clone()?;
            Some((error.message.get(Lang::En).to_owned(), error.source_text[span].to_owned(), error.help.unwrap_or_default().get(Lang::En).to_owned()))
        };
        assert_eq!(listing("[words.prenom]\ndoc = \"\"\nany = [\"Zoé\"]\n"), None);
        let (_, at, help) = listing("[words.prenoms]\ndoc = \"\"\nany = []\n").unwrap();
        assert_eq!((at.as_str(), help.as_str()), ("prenoms", "did you mean “prenom”?"));
        let (message, at, _) = listing("[words.prenom]\ndoc = \"\"\nany = [\"Jean Marie\"]\n").unwrap();
        assert_eq!((message.as_str(), at.as_str()), ("“Jean Marie” is not a single word", "Jean Marie"));
    }

    #[test]
    fn a_model_that_does_not_exist_is_shown_with_the_nearest_that_does() {
        let listing = |verbs: &str| {
            let error = compile(vec![File { path: "checks/vocabulaire/verbes.toml".into(), text: format!("[verbs]\n{verbs}\n") }]).unwrap_err();
            let span = error.span.clone().unwrap();
            (error.source_text[span].to_owned(), error.message.get(Lang::En).to_owned(), error.help.unwrap_or_default().get(Lang::En).to_owned())
        };
        let (at, message, help) = listing("reprendre = \"prendr\"");
        assert_eq!((at.as_str(), message.as_str(), help.as_str()), ("prendr", "no conjugation named “prendr”", "did you mean “prendre”?"));
        let (at, message, help) = listing("reprendre = \"tenir\"");
        assert_eq!((at.as_str(), message.as_str(), help.as_str()), ("reprendre", "“reprendre” does not end in -enir like “tenir”", ""));
        assert_eq!(listing("mi-parcourir = \"couri\"").0, "mi-parcourir");
    }

    #[test]
    fn a_mistake_in_a_pattern_is_shown_where_it_is() {
        let themes = |headings: &str| {
            let text = format!(
                "# avis (\n[[theme]]\nid = \"a\"\ntitle = {{ fr = \"avis (\", en = \"b\" }}\nquestion = {{ fr = \"a\", en = \"b\" }}\nheadings = [{headings}]\n"
            );
            let error = compile(vec![File { path: "checks/themes.toml".into(), text }]).unwrap_err();
            let span = error.span.unwrap();
            (error.source_text[..span.start].lines().count(), error.source_text[span].to_owned())
        };
        assert_eq!(themes("\"avis (\""), (6, String::new()));
        assert_eq!(themes("\"l’avis <répondre>\""), (6, "répondre>".to_owned()));
        assert_eq!(themes("\"un \\\\: @lieu\""), (6, "@lieu".to_owned()));
    }
}
