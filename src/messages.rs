//! Every sentence the program itself says, in both languages. What is said of a criterion or a rule is in `checks/`.
//!
//! French follows its typography: a non-breaking space before `:` `;` `!` `?` and inside guillemets.

use jiff::civil::{Date, Weekday};

use crate::lang::{Lang, messages};
use crate::levels::{ProcessType, Severity, TypeSource, Verdict};

pub use crate::lang::Message;

/// A message that depends on a number `{n}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// For one (and, in French, for none).
    pub one: Message,
    /// For several.
    pub many: Message,
}

impl Counted {
    /// The message for `n` things.
    #[must_use]
    pub fn of(&self, lang: Lang, n: usize) -> String {
        let singular = n == 1 || (n == 0 && lang == Lang::Fr);
        let message = if singular { &self.one } else { &self.many };
        message.fill(lang, &[("n", &n)])
    }
}

macro_rules! counted {
    ($($(#[$doc:meta])* $name:ident: ($fr1:literal, $frn:literal), ($en1:literal, $enn:literal);)*) => {
        $($(#[$doc])* pub const $name: Counted = Counted {
            one: Message { fr: $fr1, en: $en1 },
            many: Message { fr: $frn, en: $enn },
        };)*
        #[cfg(test)]
        const ALL_COUNTED: &[(&str, Counted)] = &[$((stringify!($name), $name)),*];
    };
}

messages! {
    /// Severity.
    ERROR: "erreur", "error";
    /// Severity.
    WARNING: "avertissement", "warning";
    /// Severity.
    ADVICE: "conseil", "advice";
    /// Verdict.
    SATISFIED: "satisfait", "satisfied";
    /// Verdict.
    UNCLEAR: "imprécis", "unclear";
    /// Verdict.
    MISSING: "manquant", "missing";
    /// Verdict.
    NOT_APPLICABLE: "sans objet", "n/a";
    /// Process type.
    CONVENTION: "convention citoyenne", "citizens’ assembly";
    /// Process type.
    ATELIER: "atelier citoyen", "citizen workshop";
    /// Process type.
    CONSULTATION: "consultation en ligne", "online consultation";
    /// Process type.
    CONCERTATION: "concertation préalable", "prior consultation";
    /// Process type.
    BUDGET: "budget participatif", "participatory budget";
    /// Process type.
    AUTRE: "autre démarche", "other process";
    /// Where the type comes from.
    FROM_OPTION: "type indiqué par --type", "type given by --type";
    /// Where the type comes from.
    FROM_FRONT_MATTER: "type indiqué en tête du dossier", "type given in the front matter";
    /// Where the type comes from.
    FROM_CONFIG: "type indiqué par la configuration", "type given by the configuration";
    /// Where the type comes from.
    FROM_TEXT: "type reconnu dans le texte", "type recognised in the text";
    /// Where the type comes from.
    FROM_DEFAULT: "type non précisé", "type not stated";
    /// What stands between a heading word and what follows it.
    COLON: "\u{a0}: ", ": ";
    /// Words quoted.
    QUOTED: "«\u{a0}{text}\u{a0}»", "“{text}”";
    /// Introduces what to write.
    HELP: "aide", "help";
    /// Introduces the model, a wording that would do.
    EXAMPLE: "modèle", "model";
    /// Introduces what the criterion rests on.
    REFERENCE: "référence", "reference";
    /// Introduces the reasons of an unclear verdict.
    REASONS: "ce qui manque", "what is lacking";
    /// Introduces what has been set aside.
    SUPPRESSED: "Écarté avec un motif", "Set aside, with a reason";
    /// Head of the summary's first column.
    THEME: "Thème", "Theme";
    /// Last row of the summary.
    TOTAL: "Ensemble", "Total";
    /// Heads the last line.
    VERDICT: "Verdict", "Verdict";
    /// Overall verdict with errors.
    OVERALL_ERRORS: "cadrage insuffisant", "insufficient framing";
    /// Overall verdict with warnings and no error.
    OVERALL_WARNINGS: "cadrage à préciser", "framing needs detail";
    /// Overall verdict with advice only.
    OVERALL_ADVICE: "cadrage solide", "sound framing";
    /// Overall verdict without any gap.
    OVERALL_CLEAN: "cadrage complet, aucune lacune", "complete framing, no gap";
    /// Overall verdict with advice only, where gaps were left out.
    OVERALL_ADVICE_ASKED: "des conseils seulement, parmi les critères et règles retenus", "advice only, among the criteria and rules selected";
    /// Overall verdict without any gap in what was asked for, where there are others.
    OVERALL_NOTHING_ASKED: "aucune lacune parmi les critères et règles retenus", "no gap among the criteria and rules selected";
    /// Overall verdict without any gap but those that comments set aside.
    OVERALL_SET_ASIDE: "aucune autre lacune", "no other gap";
    /// Overall verdict with a baseline.
    OVERALL_NOTHING_NEW: "aucune lacune nouvelle", "no new gap";
    /// Overall verdict with a baseline that knows of other gaps.
    OVERALL_NEW: "du nouveau depuis l’état de référence", "something new since the baseline";
    /// Heads the gaps of the baseline that are no longer there.
    RESOLVED: "Résolu depuis l’état de référence", "Resolved since the baseline";
    /// After the last passage that a rule reports.
    MORE_OCCURRENCES: "Il y en a d’autres\u{a0}: une règle signale {most} passages au plus.", "There are others: a rule reports {most} passages at most.";
    /// Overall verdict of a document that frames nothing.
    OVERALL_OUT_OF_SCOPE: "ce document ne cadre pas de démarche participative", "this document frames no participation process";
    /// Where to read more.
    EXPLAIN_HINT: "Pour en savoir plus\u{a0}: cadrage explain {id}", "To learn more: cadrage explain {id}";
    /// Where to read what is left out.
    VERBOSE_HINT: "Pour tout lire\u{a0}: {command}", "To read everything: {command}";
    /// Facts: nothing was understood.
    FACTS_NONE: "rien n’en est dit", "nothing is said of it";
    /// Facts: the bodies.
    FACTS_BODIES: "Instances", "Bodies";
    /// Facts: the commitments.
    FACTS_COMMITMENTS: "Engagements (● ferme, ○ affaibli)", "Commitments (● firm, ○ weakened)";
    /// Facts: the dates.
    FACTS_TIMELINE: "Calendrier", "Timeline";
    /// A glob of the configuration that names no dossier.
    IDLE_GLOB: "ce motif de chemins ne désigne aucun dossier", "this glob names no dossier";
    /// What it could name.
    IDLE_GLOB_HELP: "un motif de chemins désigne, à partir du répertoire de ce fichier, des fichiers .md ou .markdown et des répertoires qui en contiennent", "a glob names, from the folder of this file on, .md or .markdown files and folders that hold some";
    /// After what is wrong with a configuration that can be done without.
    CONFIG_LEFT_OUT: "Ce fichier n’est pas pris en compte.", "This file is left out of account.";
    /// `cadrage init` where there is a configuration.
    CONFIG_EXISTS: "cadrage.toml existe déjà\u{a0}: il n’est pas remplacé", "cadrage.toml exists already: it is not replaced";
    /// A suppression comment without its reason.
    SUPPRESSION_WITHOUT_REASON: "Ce commentaire demande d’écarter une lacune sans dire pourquoi\u{a0}: il reste sans effet.", "This comment asks to set a gap aside without saying why: it has no effect.";
    /// What to write instead.
    SUPPRESSION_WITHOUT_REASON_HELP: "Ajoutez le motif après un tiret\u{a0}: <!-- cadrage: ignore [identifiant] — [motif] -->", "Add the reason after a dash: <!-- cadrage: ignore [id] — [reason] -->";
    /// A suppression comment that silences nothing.
    SUPPRESSION_UNUSED: "Ce commentaire n’écarte aucune lacune.", "This comment sets no gap aside.";
    /// What to do about it.
    SUPPRESSION_UNUSED_HELP: "Retirez-le\u{a0}; pour une règle, placez-le juste avant le passage concerné, ou dedans.", "Remove it; for a rule, put it just before the passage concerned, or inside.";
    /// A suppression comment whose first word means nothing to the tool.
    SUPPRESSION_UNKNOWN_COMMAND: "Ce commentaire s’adresse à l’outil, qui ne comprend pas {word}\u{a0}: il reste sans effet.", "This comment speaks to the tool, which does not understand {word}: it has no effect.";
    /// A suppression comment that is not understood.
    SUPPRESSION_UNKNOWN: "Ce commentaire nomme un identifiant ou une consigne qui n’existe pas\u{a0}: il reste sans effet.", "This comment names an id or a directive that does not exist: it has no effect.";
    /// What to write instead.
    SUPPRESSION_UNKNOWN_HELP: "Écrivez ignore, ou ignore-file pour tout le fichier, puis un identifiant de la liste que donne cadrage criteria\u{a0}: <!-- cadrage: ignore [identifiant] — [motif] -->", "Write ignore, or ignore-file for the whole file, then an id that cadrage criteria lists: <!-- cadrage: ignore [id] — [reason] -->";
    /// A suppression comment without a dash before its reason.
    SUPPRESSION_WITHOUT_DASH: "Rien ne sépare le motif de ce qui est écarté\u{a0}: ce commentaire reste sans effet.", "Nothing parts the reason from what is set aside: this comment has no effect.";
    /// What to write instead.
    SUPPRESSION_WITHOUT_DASH_HELP: "Mettez un tiret avant le motif\u{a0}: <!-- cadrage: {directive} — {reason} -->", "Put a dash before the reason: <!-- cadrage: {directive} — {reason} -->";
    /// A suppression comment that names nothing.
    SUPPRESSION_NO_ID: "Ce commentaire ne dit pas quoi écarter\u{a0}: il lui manque un identifiant, et il reste sans effet.", "This comment does not say what to set aside: it lacks an id, and has no effect.";
    /// A comment that asks for nothing.
    SUPPRESSION_NO_COMMAND: "Ce commentaire s’adresse à l’outil et ne lui demande rien\u{a0}: il reste sans effet.", "This comment speaks to the tool and asks nothing of it: it has no effect.";
    /// A suppression comment that names the fault of one.
    SUPPRESSION_OF_A_FAULT: "{id} ne s’écarte pas par un commentaire\u{a0}: celui-ci reste sans effet.", "{id} is not set aside by a comment: this one has no effect.";
    /// What to do instead.
    SUPPRESSION_OF_A_FAULT_HELP: "Corrigez le commentaire fautif, ou passez --ignore suppression.", "Put the faulty comment right, or give --ignore suppression.";
    /// A comment that nothing closes.
    OPEN_COMMENT: "Rien ne ferme ce commentaire\u{a0}: tout ce qui le suit est caché, et n’est pas évalué.", "Nothing closes this comment: all that follows is hidden, and not assessed.";
    /// The same, and how far.
    OPEN_COMMENT_TO: "Rien ne ferme ce commentaire\u{a0}: tout ce qui le suit, jusqu’à la ligne {line}, est caché et n’est pas évalué.", "Nothing closes this comment: all that follows, to line {line}, is hidden and not assessed.";
    /// What to do about it.
    OPEN_COMMENT_HELP: "Fermez-le par --> là où il doit finir.", "Close it with --> where it should end.";
    /// The same, and where.
    OPEN_COMMENT_AT: "Fermez-le par -->, par exemple à la fin de la ligne {line}.", "Close it with -->, for example at the end of line {line}.";
    /// Name of a fault.
    OPEN_COMMENT_TITLE: "Commentaire que rien ne ferme", "Comment that nothing closes";
    /// Name of a fault.
    SUPPRESSION_WITHOUT_REASON_TITLE: "Commentaire sans motif", "Comment without a reason";
    /// Name of a fault.
    SUPPRESSION_UNUSED_TITLE: "Commentaire qui n’écarte rien", "Comment that sets nothing aside";
    /// Name of a fault.
    SUPPRESSION_UNKNOWN_TITLE: "Commentaire incompris", "Comment not understood";
    /// Between two halves of a message.
    SEMICOLON: "\u{a0}; ", "; ";
    /// A selector that covers nothing.
    UNKNOWN_ID: "aucun critère, règle ni thème ne s’appelle {id}", "no criterion, rule or theme is called {id}";
    /// The selector that was probably meant.
    NEAREST_ID: "le plus proche est {id}", "the nearest one is {id}";
    /// Where the selectors are listed.
    LIST_HINT: "cadrage criteria en donne la liste", "cadrage criteria lists them";
    /// Heads the rules in the list of the catalogue.
    RULES: "Règles de rédaction et de cohérence", "Rules of wording and consistency";
    /// Part of an explanation.
    SEVERITY: "Gravité", "Severity";
    /// Part of an explanation.
    ASKS: "Ce qui est demandé", "What is asked";
    /// Part of an explanation.
    REPORTS: "Ce qui est signalé", "What is reported";
    /// Part of an explanation.
    WHY: "Pourquoi", "Why";
    /// Part of an explanation.
    WRITE: "Quoi écrire", "What to write";
    /// Part of an explanation.
    MODEL: "Modèle", "Model";
    /// Part of an explanation.
    EXAMPLES_SATISFIED: "Exemples qui suffisent", "Examples that satisfy";
    /// Part of an explanation.
    EXAMPLES_UNCLEAR: "Exemples trop imprécis", "Examples that are unclear";
    /// Part of an explanation.
    EXAMPLES_MISSING: "Ce qui ne compte pas", "What does not count";
    /// Part of an explanation.
    EXAMPLES_REPORTED: "Exemples signalés", "Examples that are reported";
    /// Before the first examples, for who reads English.
    EXAMPLES_IN_FRENCH: "(les exemples sont en français, comme les dossiers)", "(examples are in French, as dossiers are)";
    /// Part of an explanation.
    REFERENCES: "Références", "References";
    /// Head of a column: what a gap is about.
    CRITERION_OR_RULE: "Critère ou règle", "Criterion or rule";
    /// Head of a column: where.
    PLACE: "Passage", "Passage";
    /// Head of a column: what is wrong.
    FINDING: "Constat", "Finding";
    /// Head of a column of dossiers.
    DOSSIER: "Dossier", "Dossier";
    /// Heads the gaps.
    GAPS: "Lacunes", "Gaps";
    /// Heads what went wrong with the run.
    RUN_ERRORS: "Ce qui n’a pas pu être évalué", "What could not be assessed";
    /// Title of the page.
    REPORT_TITLE: "Rapport de cadrage", "Framing report";
    /// First link of the page.
    SKIP: "Aller au contenu", "Skip to content";
    /// Names the links to the parts of the page.
    CONTENTS: "Sommaire", "Contents";
    /// Heads the gaps of level error.
    FIRST: "À corriger d’abord", "To be put right first";
    /// A place in a file.
    LINE: "ligne\u{a0}{n}", "line {n}";
    /// Several places in a file.
    LINES: "lignes\u{a0}{n}", "lines {n}";
    /// Introduces the places where the same is to be said.
    LIKEWISE: "de même", "likewise";
    /// Heads the chart.
    BY_THEME: "Verdicts par thème", "Verdicts by theme";
    /// Heads the matrix.
    CRITERIA: "Critères", "Criteria";
    /// Head of a column: the criterion.
    CRITERION: "Critère", "Criterion";
    /// Head of a column: the passages that decided.
    EVIDENCE: "Ce que dit le dossier", "What the dossier says";
    /// Heads the text.
    DOSSIER_TEXT: "Texte du dossier", "Text of the dossier";
    /// How to read the text.
    DOSSIER_TEXT_NOTE: "Les passages en cause sont surlignés\u{a0}; chaque numéro mène à la lacune.", "The passages concerned are highlighted; each number leads to the gap.";
    /// Names a gap by its number.
    GAP_NUMBER: "Lacune {n}", "Gap {n}";
    /// How many criteria are satisfied.
    SATISFIED_OF: "Critères satisfaits\u{a0}: {n} sur {total} applicables", "Criteria satisfied: {n} of {total} applicable";
    /// What the paths of a report are relative to.
    WORKING_FOLDER: "Répertoire où l’outil a été lancé", "Folder the tool was run in";
    /// A fix.
    FIX_IN_SECTION: "Compléter la section «\u{a0}{section}\u{a0}»", "Complete the section “{section}”";
    /// A fix.
    FIX_NEW_SECTION: "Ajouter une section «\u{a0}{section}\u{a0}»", "Add a section “{section}”";
    /// In an editor: a change for one criterion.
    CHANGE_FOR: "{change}\u{a0}: {title}", "{change}: {title}";
    /// In an editor: a change.
    USE_MODEL: "Remplacer la phrase par le modèle", "Replace the sentence with the model";
    /// In an editor: a change.
    USE_MODEL_FOR_WORDS: "Remplacer ces mots par le modèle", "Replace these words with the model";
    /// In an editor: a change.
    ADD_MODEL: "Insérer le modèle après la phrase", "Insert the model after the sentence";
    /// In an editor: a change.
    SUPPRESS: "Écarter avec un motif, à compléter", "Set aside with a reason, to be filled in";
    /// In an editor: a command.
    OPEN_EXPLANATION: "Expliquer", "Explain";
    /// In an editor: the score of a theme.
    THEME_SCORE: "{theme}\u{a0}: {n}/{total}", "{theme}: {n}/{total}";
    /// In an editor: heads what is settled or expected under a heading.
    UNDER_HEADING: "Critères traités ou attendus ici", "Criteria settled or expected here";
    /// In an editor: an assessment that broke down.
    ASSESSMENT_FAILED: "L’évaluation de ce dossier a échoué\u{a0}: l’erreur vient de l’outil, pas de votre dossier. Vos textes ne sont pas touchés.", "The assessment of this dossier broke down: the fault is in the tool, not in your dossier. Your texts are untouched.";
    /// After `--fix`, by file.
    FIXED: "{path}\u{a0}: modèles ajoutés, à compléter ({n})", "{path}: models added, to be filled in ({n})";
    /// After `--fix`, where a file is part of several dossiers.
    FIXED_ALREADY: "{path}\u{a0}: modèles déjà ajoutés, pour un autre dossier de cette commande\u{a0}; relancez-la pour celui-ci", "{path}: models added already, for another dossier of this command; run it again for this one";
    /// A file changed between reading and writing.
    CHANGED_MEANWHILE: "{path} a changé pendant l’évaluation\u{a0}: il n’a pas été corrigé", "{path} changed while it was assessed: it was not fixed";
    /// `--fix` on standard input.
    NO_FIX_ON_STDIN: "--fix ne peut pas corriger l’entrée standard\u{a0}; --diff montre ce qu’il ferait", "--fix cannot fix standard input; --diff shows what it would do";
    /// `--stdin-filename` without `-`.
    NAMED_STDIN_NOT_READ: "--stdin-filename nomme l’entrée standard, que rien ne demande de lire\u{a0}: ajoutez «\u{a0}-\u{a0}» aux chemins", "--stdin-filename names standard input, which nothing asks to be read: add “-” to the paths";
    /// `--diff` and a report, both on standard output.
    DIFF_WITH_REPORT: "--diff s’écrit sur la sortie standard, où ce rapport ne peut pas aller aussi\u{a0}: donnez-lui un fichier, --output FICHIER", "--diff is written to standard output, where this report cannot go as well: give it a file, --output FILE";
    /// Two reports for one file, or two for standard output (`-`).
    ONE_REPORT_A_PLACE: "deux rapports ne peuvent pas aller au même endroit\u{a0}: {path}", "two reports cannot go to the same place: {path}";
    /// A report that would overwrite a file that the run reads.
    OUTPUT_IS_READ: "{path} est lu par cette évaluation\u{a0}: un rapport ne peut pas le remplacer", "{path} is read by this run: a report cannot replace it";
    /// A file that `new` would overwrite.
    FILE_EXISTS: "{path} existe déjà\u{a0}: il n’a pas été remplacé", "{path} already exists: it was not replaced";
    /// A baseline that cannot be read.
    BAD_BASELINE: "{path}\u{a0}: ce n’est pas un état de référence écrit par l’outil ({message})", "{path}: not a baseline written by the tool ({message})";
    /// A baseline of a later version.
    LATER_BASELINE: "version {version} inconnue", "unknown version {version}";
    /// After `--write-baseline`.
    BASELINE_WRITTEN: "{path}\u{a0}: état de référence écrit ({n})", "{path}: baseline written ({n})";
    /// What the bar of a long run counts.
    DOSSIERS_WORD: "dossiers", "dossiers";
    /// Part of a page: the examples of a verdict.
    EXAMPLES_NOT_APPLICABLE: "Ce qui exempte", "What counts as an exemption";
    /// Part of a page: examples.
    EXAMPLES_NOT_REPORTED: "Exemples non signalés", "Examples that are not reported";
    /// The words that a rule reports in an example.
    REPORTED: "Signalé", "Reported";
    /// Head of a column.
    PROCESS_TYPE: "Type de démarche", "Type of process";
    /// Head of a column.
    TITLE: "Intitulé", "Title";
    /// What a page is about.
    RULE: "Règle", "Rule";
    /// Part of a page: the messages of a criterion.
    SAID: "Ce que l’outil en dit", "What the tool says";
    /// Part of a page.
    REASONS_OF_UNCLEAR: "Raisons d’un verdict imprécis", "Reasons for an unclear verdict";
    /// Part of the index: the reasons that are no criterion's own.
    COMMON_REASONS: "Raisons que tout critère peut donner", "Reasons that any criterion may give";
    /// What is said of them.
    COMMON_REASONS_INTRO: "Un verdict imprécis peut avoir, outre les raisons propres au critère, l’une de celles-ci.", "An unclear verdict may have, besides the reasons of the criterion, one of these.";
    /// Leads from the page of a criterion to them.
    COMMON_REASONS_LINK: "[Raisons que tout critère peut donner]({place})", "[Reasons that any criterion may give]({place})";
    /// Reason.
    TO_FILL: "blancs à remplir", "blanks to fill in";
    /// Reason.
    SET_ASIDE_BARELY: "écarté sans motif", "set aside without a reason";
    /// Reason.
    PUT_OFF: "renvoyé à plus tard", "postponed";
    /// Reason.
    HEDGED: "formule atténuée", "hedged wording";
    /// Part of a page.
    SET_ASIDE: "L’écarter avec un motif", "Set it aside, with a reason";
    /// How to write a suppression.
    SET_ASIDE_HOW: "Un commentaire dans le dossier écarte la lacune\u{a0}; le motif est exigé et figure dans les rapports.", "A comment in the dossier sets the gap aside; the reason is required and shown in reports.";
    /// The blank of a suppression.
    SET_ASIDE_REASON: "[motif]", "[reason]";
    /// Title of the index of pages.
    CATALOGUE_TITLE: "Critères et règles", "Criteria and rules";
    /// Begins the index of pages.
    CATALOGUE_INTRO: "Ce que l’outil cherche dans un dossier, thème par thème. Un critère porte sur le dossier entier\u{a0}; une règle, sur un endroit du texte. La gravité est celle du cas général\u{a0}: chaque page la donne pour chaque type de démarche.", "What the tool looks for in a dossier, theme by theme. A criterion bears on the whole dossier; a rule, on one place in the text. The severity is the usual one: each page gives it for every type of process.";
    /// Part of the index.
    SUPPRESSION_FAULTS: "Commentaires fautifs", "Faulty comments";
    /// What is said of them.
    SUPPRESSION_FAULTS_INTRO: "Un commentaire qui devrait écarter une lacune et qui est fautif est lui-même signalé, comme tout commentaire que rien ne ferme.", "A faulty comment, which was to set a gap aside, is itself reported, as is any comment that nothing closes.";
    /// Second line of a page.
    PAGE_NOTICE: "Page écrite par «\u{a0}cadrage docs\u{a0}» d’après checks/\u{a0}: ne pas la modifier", "Written by “cadrage docs” from checks/: not to be edited";
    /// A page that lacked.
    PAGE_MISSING: "absente\u{a0}: {path}", "missing: {path}";
    /// A page that says something else.
    PAGE_STALE: "périmée\u{a0}: {path}", "stale: {path}";
    /// A page about nothing.
    PAGE_SUPERFLUOUS: "en trop\u{a0}: {path}", "superfluous: {path}";
    /// A page that was written.
    PAGE_WRITTEN: "écrite\u{a0}: {path}", "written: {path}";
    /// A page about nothing that was removed.
    PAGE_REMOVED: "supprimée\u{a0}: {path}", "removed: {path}";
    /// A file in the place of a page.
    NOT_OUR_PAGE: "{path} n’a pas été écrit par «\u{a0}cadrage docs\u{a0}»\u{a0}: il n’est pas remplacé", "{path} was not written by “cadrage docs”: it is not replaced";
    /// A path without anything.
    NOT_FOUND: "{path}\u{a0}: aucun fichier ni répertoire à cet emplacement", "{path}: no such file or folder";
    /// A folder without a text.
    NO_MARKDOWN: "{path}\u{a0}: aucun fichier Markdown (.md, .markdown) dans ce répertoire", "{path}: no Markdown file (.md, .markdown) in this folder";
    /// A text in another encoding.
    NOT_UTF8_AT: "{path}:{line}\u{a0}: le texte n’est pas en UTF-8 (octet {offset})", "{path}:{line}: not valid UTF-8 (byte {offset})";
    /// The encoding of a text, guessed.
    LOOKS_LIKE: "\u{a0}: le fichier semble être en {encoding}\u{a0}; réenregistrez-le en UTF-8", ": the file looks like {encoding}; save it again as UTF-8";
    /// A document of a word processor or a spreadsheet.
    OFFICE_DOCUMENT: "c’est un document Word (ou ODT, RTF, un classeur…), pas un texte\u{a0}; enregistrez-le en Markdown (.md)", "this is a Word document (or ODT, RTF, a spreadsheet…), not a text; save it as Markdown (.md)";
    /// A PDF.
    PDF_DOCUMENT: "c’est un PDF, pas un texte\u{a0}; donnez le document dont il est tiré, enregistré en Markdown (.md)", "this is a PDF, not a text; give the document that it was made from, saved as Markdown (.md)";
    /// A text over the limit.
    TOO_LARGE: "{path}\u{a0}: {size} octets, plus que la limite de {limit} (--max-file-size)", "{path}: {size} bytes, more than the limit of {limit} (--max-file-size)";
    /// Standard input over the limit, of which no more is read.
    MORE_THAN: "{path}\u{a0}: plus que la limite de {limit} octets (--max-file-size)", "{path}: more than the limit of {limit} bytes (--max-file-size)";
    /// A text of little else than signs.
    CROWDED_SIGNS: "{path}\u{a0}: ce fichier n’est presque fait que de signes\u{a0}: plus de {limit} se suivent de près, chaque guillemet droit comptant pour deux (un pour huit octets de --max-file-size)", "{path}: this file is made of little else than signs: more than {limit} follow each other closely, a straight quotation mark counting for two (one for eight bytes of --max-file-size)";
    /// A text of little else than ends of lines.
    CROWDED_LINES: "{path}\u{a0}: ce fichier a plus de {limit} lignes (une pour trente-deux octets de --max-file-size)\u{a0}; un dossier en a quelques milliers", "{path}: this file has more than {limit} lines (one for thirty-two bytes of --max-file-size); a dossier has a few thousand";
    /// A text of tables as large as no dossier has them.
    CROWDED_CELLS: "{path}\u{a0}: ce fichier a plus de {limit} cellules de tableau (une pour seize octets de --max-file-size)\u{a0}; un dossier en a quelques centaines", "{path}: this file has more than {limit} cells of tables (one for sixteen bytes of --max-file-size); a dossier has a few hundred";
    /// A device, a pipe…
    NEITHER_FILE_NOR_FOLDER: "{path}\u{a0}: ni un fichier ni un répertoire", "{path}: neither a file nor a folder";
    /// A device, a pipe of a shell.
    STANDARD_INPUT: "{path}\u{a0}: ni un fichier ni un répertoire\u{a0}; pour lire ce qu’une commande écrit, donnez-le à l’entrée standard\u{a0}: commande | cadrage check -", "{path}: neither a file nor a folder; to read what a command writes, give it to standard input: command | cadrage check -";
    /// A configuration, a baseline or checks in another encoding.
    NOT_UTF8: "le texte n’est pas en UTF-8 (ligne {line})", "not valid UTF-8 (line {line})";
    /// A configuration, a baseline or checks that are a folder, a device…
    NOT_A_FILE: "ce n’est pas un fichier", "not a file";
    /// Refused by the system.
    NO_SUCH_FILE: "aucun fichier ni répertoire à cet emplacement", "no such file or folder";
    /// Refused by the system.
    PERMISSION_DENIED: "l’accès est refusé", "permission denied";
    /// Refused by the system.
    IS_A_FOLDER: "c’est un répertoire", "this is a folder";
    /// Refused by the system.
    NOT_A_FOLDER: "une partie de ce chemin n’est pas un répertoire", "a part of this path is not a folder";
    /// Refused by the system.
    LINKS_IN_A_CIRCLE: "ce lien ne mène qu’à lui-même", "this link leads to nothing but itself";
    /// Refused by the system.
    NO_SPACE_LEFT: "il n’y a plus de place sur le disque", "no space left on the disk";
    /// Refused by the system.
    READ_ONLY: "ce disque est en lecture seule", "this disk is read-only";
    /// A configuration, a baseline or checks over the limit.
    MORE_BYTES: "plus de {limit} octets", "more than {limit} bytes";
    /// Front matter over the limit.
    LONG_FRONT_MATTER: "l’en-tête fait plus de {limit} octets", "the front matter has more than {limit} bytes";
    /// Front matter that nothing ends.
    OPEN_FRONT_MATTER: "rien ne ferme cet en-tête, qui n’est donc pas lu\u{a0}: répétez cette ligne sous la dernière clé", "nothing ends this front matter, which is not read: repeat this line below the last key";
    /// The type of a file, in a dossier of several.
    OTHER_TYPE: "ce type contredit celui de {path} ({type}), qui l’emporte", "this type contradicts that of {path} ({type}), which prevails";
    /// The options of a file, in a dossier of several.
    OTHER_OPTIONS: "ces options diffèrent de celles de {path}, qui l’emportent", "these options differ from those of {path}, which prevail";
    /// A glob of the configuration.
    BAD_GLOB: "ce motif de chemins n’est pas valide\u{a0}: {message}", "this glob is not valid: {message}";
    /// Alternatives within alternatives of a glob.
    DEEP_GLOB: "ce motif de chemins n’est pas valide\u{a0}: plus de {most} accolades l’une dans l’autre", "this glob is not valid: more than {most} braces within one another";
    /// An exception of the configuration that concerns nothing.
    NO_PATHS: "cette exception ne concerne aucun dossier\u{a0}: il lui faut des chemins, paths = [\"notes/*\"]", "this exception concerns no dossier: it needs paths = [\"notes/*\"]";
    /// `moyens.budget = "error"`.
    UNQUOTED_ID: "un identifiant s’écrit entre guillemets\u{a0}: \"{id}\" = …", "an id is put in quotation marks: \"{id}\" = …";
    /// An address of the configuration.
    BAD_ADDRESS: "une adresse qui contient {id} est attendue\u{a0}: https://…/{id}", "an address with {id} in it is expected: https://…/{id}";
    /// What to write for `--output-format`.
    A_FORMAT_AND_A_FILE: "écrivez par exemple html=rapport.html", "write for example html=report.html";
    /// What to write for `--output-format`.
    A_KNOWN_FORMAT: "les formats sont {names}", "the formats are {names}";
    /// What to write for `--severity`.
    AN_ID_AND_A_LEVEL: "écrivez par exemple moyens.budget=advice", "write for example moyens.budget=advice";
    /// What to write for `--severity`.
    A_KNOWN_LEVEL: "les niveaux sont {names}", "the levels are {names}";
    /// What to write for `--jobs`.
    A_JOB_NUMBER: "un nombre de 1 à {most} est attendu", "a number from 1 to {most} is expected";
    /// What to write for `--max-file-size`.
    A_SIZE: "écrivez par exemple 500ko, 5Mo ou 2MiB", "write for example 500kB, 5MB or 2MiB";
    /// What to write for `--max-file-size`.
    A_SIZE_WITHIN: "de 1 octet à 1 Go", "from 1 byte to 1 GB";
    /// Day of the week.
    MONDAY: "lundi", "Monday";
    /// Day of the week.
    TUESDAY: "mardi", "Tuesday";
    /// Day of the week.
    WEDNESDAY: "mercredi", "Wednesday";
    /// Day of the week.
    THURSDAY: "jeudi", "Thursday";
    /// Day of the week.
    FRIDAY: "vendredi", "Friday";
    /// Day of the week.
    SATURDAY: "samedi", "Saturday";
    /// Day of the week.
    SUNDAY: "dimanche", "Sunday";
    /// Month.
    JANUARY: "janvier", "January";
    /// Month.
    FEBRUARY: "février", "February";
    /// Month.
    MARCH: "mars", "March";
    /// Month.
    APRIL: "avril", "April";
    /// Month.
    MAY: "mai", "May";
    /// Month.
    JUNE: "juin", "June";
    /// Month.
    JULY: "juillet", "July";
    /// Month.
    AUGUST: "août", "August";
    /// Month.
    SEPTEMBER: "septembre", "September";
    /// Month.
    OCTOBER: "octobre", "October";
    /// Month.
    NOVEMBER: "novembre", "November";
    /// Month.
    DECEMBER: "décembre", "December";
    /// Joins the counts of the last line.
    AND: " et ", " and ";
}

counted! {
    /// Heads a block of missing criteria.
    EXPECTED_HERE:
        ("{n} élément attendu ici ne figure pas dans le dossier", "{n} éléments attendus ici ne figurent pas dans le dossier"),
        ("{n} item expected here is not in the dossier", "{n} items expected here are not in the dossier");
    /// A length.
    DAYS: ("{n} jour", "{n} jours"), ("{n} day", "{n} days");
    /// Severity count.
    ERRORS: ("{n} erreur", "{n} erreurs"), ("{n} error", "{n} errors");
    /// Severity count.
    WARNINGS: ("{n} avertissement", "{n} avertissements"), ("{n} warning", "{n} warnings");
    /// Severity count.
    ADVICES: ("{n} conseil", "{n} conseils"), ("{n} piece of advice", "{n} pieces of advice");
    /// Known gaps, in a summary.
    KNOWN_GAPS:
        ("{n} lacune déjà dans l’état de référence", "{n} lacunes déjà dans l’état de référence"),
        ("{n} gap already in the baseline", "{n} gaps already in the baseline");
    /// Gaps that comments silence, in a summary.
    SET_ASIDE_GAPS:
        ("{n} écartée avec un motif", "{n} écartées avec un motif"),
        ("{n} gap set aside with a reason", "{n} gaps set aside with a reason");
    /// Resolved gaps, in a summary.
    RESOLVED_GAPS:
        ("{n} lacune résolue depuis", "{n} lacunes résolues depuis"),
        ("{n} gap resolved since", "{n} gaps resolved since");
    /// In an editor: a change for several criteria.
    WRITE_SKELETONS:
        ("Écrire le modèle de l’élément manquant", "Écrire les modèles des {n} éléments manquants"),
        ("Write the model of the missing item", "Write the models of the {n} missing items");
    /// Ends a list of places.
    MORE_PLACES: ("… et {n} autre", "… et {n} autres"), ("… and {n} other", "… and {n} others");
    /// Gap count.
    GAP_COUNT: ("{n} lacune", "{n} lacunes"), ("{n} gap", "{n} gaps");
    /// Dossier count.
    DOSSIERS: ("{n} dossier", "{n} dossiers"), ("{n} dossier", "{n} dossiers");
}

/// The word for a severity.
#[must_use]
pub const fn severity(severity: Severity) -> Message {
    match severity {
        Severity::Error => ERROR,
        Severity::Warning => WARNING,
        Severity::Advice => ADVICE,
    }
}

/// The word for how serious a gap is in a type of process; `None` where the type exempts from it.
#[must_use]
pub const fn level(level: Option<Severity>) -> Message {
    match level {
        Some(level) => severity(level),
        None => NOT_APPLICABLE,
    }
}

/// The word for a verdict.
#[must_use]
pub const fn verdict(verdict: Verdict) -> Message {
    match verdict {
        Verdict::Satisfied => SATISFIED,
        Verdict::Unclear => UNCLEAR,
        Verdict::Missing => MISSING,
        Verdict::NotApplicable => NOT_APPLICABLE,
    }
}

/// The name of a process type.
#[must_use]
pub const fn process_type(process_type: ProcessType) -> Message {
    match process_type {
        ProcessType::ConventionCitoyenne => CONVENTION,
        ProcessType::AtelierCitoyen => ATELIER,
        ProcessType::ConsultationEnLigne => CONSULTATION,
        ProcessType::ConcertationPrealable => CONCERTATION,
        ProcessType::BudgetParticipatif => BUDGET,
        ProcessType::Autre => AUTRE,
    }
}

/// Where the process type comes from.
#[must_use]
pub const fn type_source(source: TypeSource) -> Message {
    match source {
        TypeSource::Option => FROM_OPTION,
        TypeSource::FrontMatter => FROM_FRONT_MATTER,
        TypeSource::Config => FROM_CONFIG,
        TypeSource::Detected => FROM_TEXT,
        TypeSource::Default => FROM_DEFAULT,
    }
}

/// The name of a day of the week.
#[must_use]
pub const fn weekday(day: Weekday) -> Message {
    match day {
        Weekday::Monday => MONDAY,
        Weekday::Tuesday => TUESDAY,
        Weekday::Wednesday => WEDNESDAY,
        Weekday::Thursday => THURSDAY,
        Weekday::Friday => FRIDAY,
        Weekday::Saturday => SATURDAY,
        Weekday::Sunday => SUNDAY,
    }
}

/// A date in full: « 1er juin 2027 », “1 June 2027”.
#[must_use]
pub fn date(date: Date, lang: Lang) -> String {
    format!("{} {}", day(date, lang), date.year())
}

/// A date in words, without its year.
#[must_use]
pub fn day(date: Date, lang: Lang) -> String {
    let ordinal = if date.day() == 1 && lang == Lang::Fr { "er" } else { "" };
    format!("{}{ordinal} {}", date.day(), month(date.month() as u8, lang))
}

/// The name of a month, 1 to 12.
#[must_use]
pub fn month(month: u8, lang: Lang) -> &'static str {
    let months = [JANUARY, FEBRUARY, MARCH, APRIL, MAY, JUNE, JULY, AUGUST, SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER];
    months[usize::from(month.clamp(1, 12)) - 1].get(lang)
}

/// `text` between the quotation marks of `lang`.
#[must_use]
pub fn quoted(lang: Lang, text: &str) -> String {
    QUOTED.fill(lang, &[("text", &text)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::mistakes;

    fn blanks(text: &str) -> Vec<&str> {
        let mut found: Vec<&str> = text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect();
        found.sort_unstable();
        found
    }

    fn every() -> impl Iterator<Item = (&'static str, Message)> {
        let counted = ALL_COUNTED.iter().flat_map(|(name, c)| [(*name, c.one), (*name, c.many)]);
        ALL.iter().chain(mistakes::ALL).copied().chain(counted)
    }

    #[test]
    fn every_message_exists_in_both_languages_with_the_same_blanks() {
        for (name, message) in every() {
            assert!(!message.fr.trim().is_empty(), "{name} has no French");
            assert!(!message.en.trim().is_empty(), "{name} has no English");
            assert_eq!(blanks(message.fr), blanks(message.en), "{name}");
        }
    }

    #[test]
    fn the_languages_differ_but_for_words_that_are_the_same() {
        let same: Vec<&str> = every().filter(|(_, message)| message.fr == message.en).map(|(name, _)| name).collect();
        assert_eq!(same, ["VERDICT", "PLACE", "DOSSIER", "DOSSIERS_WORD", "DOSSIERS", "DOSSIERS"]);
    }

    #[test]
    fn french_typography_is_kept() {
        for (name, message) in every() {
            for mark in [" :", " ;", " !", " ?", "« ", " »"] {
                assert!(!message.fr.contains(mark), "{name}: breaking space in {:?}", message.fr);
            }
            assert!(!message.fr.contains('\''), "{name}: typewriter apostrophe in {:?}", message.fr);
        }
    }

    #[test]
    fn none_is_singular_in_french_and_plural_in_english() {
        assert_eq!(ERRORS.of(Lang::Fr, 0), "0 erreur");
        assert_eq!(ERRORS.of(Lang::En, 0), "0 errors");
        assert_eq!(ERRORS.of(Lang::Fr, 2), "2 erreurs");
    }

    #[test]
    fn a_value_is_not_read_for_blanks() {
        assert_eq!(QUOTED.fill(Lang::En, &[("text", &"{text}")]), "“{text}”");
    }
}
