//! What the tests of several rooms share: a report made by hand, and the freshness of what is made from the code.

use std::path::Path;

use crate::checks::{Catalogue, Theme};
use crate::diagnostics::{CriterionResult, Diagnostic, DossierReport, Fix, Kind, Label, ProcessType, Reason, Report, RunError, Severity, TypeSource, Verdict};
use crate::dossier::{Dossier, Source};
use crate::lang::Text;
use crate::text::{FileId, Span};

const README: &str = "\u{feff}# Convention citoyenne sur l’eau — 日本\n\
\n\
Le conseil départemental organise une convention citoyenne.\n\
\n\
## Gouvernance\n\
\n\
La démarche s’inscrit dans le projet de territoire, dont la révision a été décidée en 2025 après deux années de sécheresse, et elle prolonge les ateliers tenus dans les cantons\u{a0}; un comité de pilotage suivra la démarche et se réunira aussi souvent que nécessaire, en lien avec les services du département, les communes, l’agence de l’eau et les associations qui le souhaitent, afin que chacun puisse être informé de l’avancée des travaux.\n\
\n\
- Le comité de pilotage est présidé par la vice-présidente.\n\
\n\
## Suites données\n\
\n\
Dans la mesure du possible, le conseil départemental\n\
tiendra compte des avis exprimés et\n\
publiera une réponse.\n";

const CALENDAR: &str = "# Calendrier\n\
\n\
| Étape | Date |\n\
|---|---|\n\
| Lancement | 3 mars 2027 |\n\
| Réponse | à compléter |\n";

/// The first place of `words` in file `file` of `dossier`.
pub(crate) fn find(dossier: &Dossier, file: u32, words: &str) -> Span {
    let start = dossier.files[file as usize].text.find(words).unwrap_or_else(|| panic!("{words:?} is not in the file"));
    Span::new(FileId(file), start as u32, (start + words.len()) as u32)
}

/// A diagnostic with nothing beyond the necessary.
pub(crate) fn diagnostic(id: &str, severity: Severity, verdict: Option<Verdict>, message: &str, primary: Span) -> Diagnostic {
    Diagnostic {
        id: id.into(),
        kind: if verdict.is_some() { Kind::Criterion } else { Kind::Rule },
        severity,
        verdict,
        message: message.into(),
        primary,
        primary_label: String::new(),
        labels: Vec::new(),
        help: None,
        example: None,
        references: Vec::new(),
        fingerprint: format!("{:016x}", id.bytes().fold(7_u64, |h, b| h.wrapping_mul(31).wrapping_add(b.into()))),
        fix: None,
    }
}

fn criterion(id: &str, title: &str, severity: Severity, verdict: Verdict, evidence: Vec<Span>) -> CriterionResult {
    CriterionResult {
        id: id.into(),
        title: title.into(),
        theme: crate::checks::theme_of(id).into(),
        severity: (verdict != Verdict::NotApplicable).then_some(severity),
        verdict,
        suppressed: None,
        reasons: Vec::new(),
        evidence,
    }
}

/// A catalogue of three themes.
pub(crate) fn catalogue() -> Catalogue {
    let theme = |id: &str, fr: &'static str, en: &'static str| Theme {
        id: id.into(),
        title: Text { fr: fr.into(), en: en.into() },
        question: Text::default(),
        headings: Vec::new(),
    };
    Catalogue {
        themes: vec![
            theme("strategie", "Stratégie", "Strategy"),
            theme("gouvernance", "Gouvernance", "Governance"),
            theme("suites", "Suites données", "Follow-up"),
        ],
        ..Catalogue::default()
    }
}

/// A report on one dossier in two files, with a gap of every kind, and one path that could not be read.
pub(crate) fn report() -> Report {
    let sources = [("notes/eau/README.md", README), ("notes/eau/calendrier.md", CALENDAR)];
    let dossier = Dossier::from_sources("notes/eau", sources.map(|(path, text)| Source { path: path.into(), text: text.into() }).into());
    let errors = vec![RunError { path: "absent.md".into(), line: None, message: "absent.md\u{a0}: aucun fichier ni répertoire à cet emplacement".into() }];
    Report { dossiers: vec![dossier_report(dossier)], errors }
}

fn dossier_report(dossier: Dossier) -> DossierReport {
    let criteria = criteria(&dossier);
    let diagnostics = diagnostics(&dossier);
    let silenced = diagnostic("redaction.sigle-non-defini", Severity::Advice, None, "Un sigle n’est pas développé.", find(&dossier, 0, "agence de l’eau"));
    let suppressed = vec![(silenced, "nom d’usage".into())];
    DossierReport { criteria, diagnostics, suppressed, ..DossierReport::new(dossier, ProcessType::ConventionCitoyenne, TypeSource::Detected) }
}

fn criteria(dossier: &Dossier) -> Vec<CriterionResult> {
    let here = |file, words| vec![find(dossier, file, words)];
    let mut pilot = criterion("gouvernance.pilotage", "Pilotage et composition", Severity::Error, Verdict::Unclear, here(0, "comité de pilotage"));
    pilot.reasons = vec![Reason { id: "composition-absente".into(), label: "composition absente".into() }];
    let mut garant = criterion("gouvernance.garant", "Tiers garant", Severity::Warning, Verdict::Missing, Vec::new());
    garant.suppressed = Some("la CNDP n’est pas saisie".into());
    vec![
        criterion("strategie.contexte", "Contexte et origine de la démarche", Severity::Advice, Verdict::Satisfied, here(0, "deux années de sécheresse")),
        pilot,
        garant,
        criterion("gouvernance.contact", "Contact", Severity::Advice, Verdict::Missing, Vec::new()),
        criterion("gouvernance.roles", "Rôles des instances et articulation avec la décision", Severity::Warning, Verdict::Missing, Vec::new()),
        criterion("suites.engagement", "Engagement du commanditaire", Severity::Error, Verdict::Unclear, here(0, "tiendra compte des avis exprimés")),
        criterion("suites.suivi", "Suivi", Severity::Warning, Verdict::NotApplicable, Vec::new()),
        criterion("moyens.calendrier", "Calendrier", Severity::Error, Verdict::Satisfied, here(1, "3 mars 2027")),
    ]
}

fn diagnostics(dossier: &Dossier) -> Vec<Diagnostic> {
    let heading = find(dossier, 0, "Gouvernance");
    let mut contact = diagnostic("gouvernance.contact", Severity::Advice, Some(Verdict::Missing), "Aucun contact n’est indiqué.", heading);
    contact.help = Some("Indiquer une personne ou un service à joindre, avec une adresse.".into());
    contact.example = Some("Pour toute question\u{a0}: [nom], [adresse électronique].".into());
    let mut roles = diagnostic("gouvernance.roles", Severity::Warning, Some(Verdict::Missing), "Les rôles ne sont pas répartis.", heading);
    roles.help = Some(
        "Dire pour chaque instance ce qu’elle décide, ce qu’elle propose et ce qu’elle ne fait pas, puis comment ses conclusions parviennent à l’autorité qui décide et sous quel délai.".into(),
    );
    let mut todo = diagnostic("redaction.a-completer", Severity::Error, None, "Une mention reste à compléter.", find(dossier, 1, "à compléter"));
    todo.fix = Some(Fix { span: find(dossier, 1, "à compléter"), section: None, text: "[date]".into(), title: "Mettre un emplacement".into(), rank: (0, 0) });
    vec![contact, roles, pilot(dossier), commitment(dossier), todo]
}

fn pilot(dossier: &Dossier) -> Diagnostic {
    let message = "Une instance de pilotage est nommée, mais le dossier ne dit nulle part qui y siège.";
    let mut pilot = diagnostic("gouvernance.pilotage", Severity::Error, Some(Verdict::Unclear), message, find(dossier, 0, "comité de pilotage"));
    pilot.primary_label = "l’instance est nommée ici".into();
    pilot.labels = vec![Label { span: find(dossier, 0, "Le comité de pilotage est présidé"), message: "aucune composition ici non plus".into() }];
    pilot.help = Some("Nommer les membres de l’instance et dire à quel titre ils y siègent.".into());
    pilot.example = Some("Le comité de pilotage, présidé par [nom], réunit [membres]\u{a0}; il se réunit [rythme].".into());
    pilot.references = vec!["Guide « Concevoir une démarche de participation citoyenne » (DITP, 2024)".into()];
    pilot
}

fn commitment(dossier: &Dossier) -> Diagnostic {
    let sentence = "Dans la mesure du possible, le conseil départemental\ntiendra compte des avis exprimés et\npubliera une réponse.";
    let mut commitment =
        diagnostic("suites.engagement", Severity::Error, Some(Verdict::Unclear), "L’engagement du commanditaire est atténué.", find(dossier, 0, sentence));
    commitment.primary_label = "engagement sans portée".into();
    commitment.labels = vec![Label { span: find(dossier, 0, "Dans la mesure du possible"), message: "formule atténuée".into() }];
    commitment.help = Some("Écrire ce que l’autorité fera, sans réserve.".into());
    commitment
}

/// Fails when the committed file at `path` is not `fresh`; writes it when `CADRAGE_BLESS` is set.
pub(crate) fn assert_fresh(path: &str, fresh: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("CADRAGE_BLESS").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, fresh).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(committed == fresh, "{path} is stale: run the tests with CADRAGE_BLESS=1 and commit it");
}

/// A report on one file at `path` with one rule hit at `words`, which the message repeats.
pub(crate) fn with_text(path: &str, text: &str, words: &str) -> Report {
    let dossier = Dossier::from_sources(path, vec![Source { path: path.into(), text: text.into() }]);
    let mut hit = diagnostic("redaction.a-completer", Severity::Error, None, &format!("À compléter\u{a0}: {text}"), find(&dossier, 0, words));
    hit.primary_label = text.into();
    hit.labels = vec![Label { span: find(&dossier, 0, words), message: text.into() }];
    hit.help = Some(text.into());
    hit.example = Some(text.into());
    hit.references = vec![text.into()];
    let criteria = vec![criterion("strategie.contexte", text, Severity::Advice, Verdict::Satisfied, vec![hit.primary])];
    let report = DossierReport { criteria, diagnostics: vec![hit], ..DossierReport::new(dossier, ProcessType::Autre, TypeSource::Default) };
    Report { dossiers: vec![report], errors: vec![RunError { path: path.into(), line: Some(3), message: text.into() }] }
}

/// Text that would act on a page, a log, a terminal, a table, a document of markup or its reader.
const HOSTILE: &str = "# Note \u{1b}[31mrouge\u{1b}[0m <script>alert(1)</script>\n\n\
::error::faux | cellule `code` ``` ]]> --> [lien](https://exemple.fr) \u{202e}tnemeganeart\u{2066} @nom &amp; 100 % %0A \u{9b}2J '\"\u{7}\u{0}\u{ffff}\n\n\
::warning file=x::à compléter {{x}}\n";

const HOSTILE_PATH: &str = "notes/l’eau, 100 %\n::error::<b>|`\"'\u{1b}[1m\u{202e}]]>.md";

/// [`HOSTILE_PATH`] percent-encoded.
pub(crate) const HOSTILE_URI: &str = "notes/l%E2%80%99eau%2C%20100%20%25%0A%3A%3Aerror%3A%3A%3Cb%3E%7C%60%22%27%1B%5B1m%E2%80%AE%5D%5D%3E.md";

/// A report on a hostile text in a hostile path; every message repeats the text.
pub(crate) fn hostile() -> Report {
    let mut report = with_text(HOSTILE_PATH, HOSTILE, "à compléter");
    let dossier = &mut report.dossiers[0];
    dossier.suppressed = vec![(dossier.diagnostics[0].clone(), HOSTILE.into())];
    report
}
