//! French inflection: the forms of a verb from its infinitive, and the light stem that unites a noun's or adjective's forms.
//!
//! Everything here is in folded letters (no accents, lower case). The one accent that decides something — « publie » or
//! « publié » — is looked at by the lexicon on the token itself.

/// Moods and tenses of a verb form, as bits; a form may have several.
pub mod mood {
    /// Infinitive.
    pub const INF: u16 = 1;
    /// Present indicative (and imperative).
    pub const PRES: u16 = 2;
    /// Future.
    pub const FUT: u16 = 4;
    /// Conditional.
    pub const COND: u16 = 8;
    /// Imperfect.
    pub const IMPF: u16 = 16;
    /// Present subjunctive.
    pub const SUBJ: u16 = 32;
    /// Past participle.
    pub const PP: u16 = 64;
    /// Present participle.
    pub const PPRES: u16 = 128;
    /// Simple past.
    pub const PAST: u16 = 256;
    /// First person singular.
    pub const P1S: u16 = 512;
    /// First person plural.
    pub const P1P: u16 = 1024;
    /// Second person.
    pub const P2: u16 = 2048;
    /// Third person.
    pub const P3: u16 = 4096;
    /// Any finite form of the indicative or the conditional or subjunctive.
    pub const FINITE: u16 = PRES | FUT | COND | IMPF | SUBJ | PAST;
}

use super::mistakes;
use crate::lang::Text;
use mood::{COND, FUT, IMPF, INF, P1P, P1S, P2, P3, PAST, PP, PPRES, PRES, SUBJ};

/// Persons of the six forms of a tense.
const PERSONS: [u16; 6] = [P1S, P2, P3, P1P, P2, P3];

/// A conjugation: what is taken off the infinitive, and what is put on for each tense.
struct Model {
    name: &'static str,
    strip: &'static str,
    present: [&'static str; 6],
    future: &'static str,
    imperfect: &'static str,
    participle: &'static str,
    subjunctive: (&'static str, &'static str),
}

const MODELS: &[Model] = &[
    model("finir", "ir", ["is", "is", "it", "issons", "issez", "issent"], "ir", "iss", "i", ("iss", "iss")),
    model("rendre", "re", ["s", "s", "", "ons", "ez", "ent"], "r", "", "u", ("", "")),
    model("tenir", "enir", ["iens", "iens", "ient", "enons", "enez", "iennent"], "iendr", "en", "enu", ("ienn", "en")),
    model("prendre", "endre", ["ends", "ends", "end", "enons", "enez", "ennent"], "endr", "en", "is", ("enn", "en")),
    model("mettre", "ettre", ["ets", "ets", "et", "ettons", "ettez", "ettent"], "ettr", "ett", "is", ("ett", "ett")),
    model("battre", "ttre", ["ts", "ts", "t", "ttons", "ttez", "ttent"], "ttr", "tt", "ttu", ("tt", "tt")),
    model("faire", "aire", ["ais", "ais", "ait", "aisons", "aites", "ont"], "er", "ais", "ait", ("ass", "ass")),
    model("voir", "oir", ["ois", "ois", "oit", "oyons", "oyez", "oient"], "err", "oy", "u", ("oi", "oy")),
    model("prevoir", "oir", ["ois", "ois", "oit", "oyons", "oyez", "oient"], "oir", "oy", "u", ("oi", "oy")),
    model("recevoir", "cevoir", ["cois", "cois", "coit", "cevons", "cevez", "coivent"], "cevr", "cev", "cu", ("coiv", "cev")),
    model("devoir", "evoir", ["ois", "ois", "oit", "evons", "evez", "oivent"], "evr", "ev", "u", ("oiv", "ev")),
    model("pouvoir", "ouvoir", ["eux", "eux", "eut", "ouvons", "ouvez", "euvent"], "ourr", "ouv", "u", ("uiss", "uiss")),
    model("vouloir", "ouloir", ["eux", "eux", "eut", "oulons", "oulez", "eulent"], "oudr", "oul", "oulu", ("euill", "oul")),
    model("savoir", "avoir", ["ais", "ais", "ait", "avons", "avez", "avent"], "aur", "av", "u", ("ach", "ach")),
    model("valoir", "aloir", ["aux", "aux", "aut", "alons", "alez", "alent"], "audr", "al", "alu", ("aill", "al")),
    model("ecrire", "re", ["s", "s", "t", "vons", "vez", "vent"], "r", "v", "t", ("v", "v")),
    model("lire", "ire", ["is", "is", "it", "isons", "isez", "isent"], "ir", "is", "u", ("is", "is")),
    model("dire", "re", ["s", "s", "t", "sons", "tes", "sent"], "r", "s", "t", ("s", "s")),
    model("conduire", "re", ["s", "s", "t", "sons", "sez", "sent"], "r", "s", "t", ("s", "s")),
    model("suffire", "re", ["s", "s", "t", "sons", "sez", "sent"], "r", "s", "", ("s", "s")),
    model("suivre", "ivre", ["is", "is", "it", "ivons", "ivez", "ivent"], "ivr", "iv", "ivi", ("iv", "iv")),
    model("vivre", "ivre", ["is", "is", "it", "ivons", "ivez", "ivent"], "ivr", "iv", "ecu", ("iv", "iv")),
    model("ouvrir", "rir", ["re", "res", "re", "rons", "rez", "rent"], "rir", "r", "ert", ("r", "r")),
    model("cueillir", "ir", ["e", "es", "e", "ons", "ez", "ent"], "er", "", "i", ("", "")),
    model("connaitre", "aitre", ["ais", "ais", "ait", "aissons", "aissez", "aissent"], "aitr", "aiss", "u", ("aiss", "aiss")),
    model("naitre", "aitre", ["ais", "ais", "ait", "aissons", "aissez", "aissent"], "aitr", "aiss", "e", ("aiss", "aiss")),
    model("joindre", "ndre", ["ns", "ns", "nt", "gnons", "gnez", "gnent"], "ndr", "gn", "nt", ("gn", "gn")),
    model("resoudre", "udre", ["us", "us", "ut", "lvons", "lvez", "lvent"], "udr", "lv", "lu", ("lv", "lv")),
    model("courir", "ir", ["s", "s", "t", "ons", "ez", "ent"], "r", "", "u", ("", "")),
    model("partir", "tir", ["s", "s", "t", "tons", "tez", "tent"], "tir", "t", "ti", ("t", "t")),
    model("dormir", "mir", ["s", "s", "t", "mons", "mez", "ment"], "mir", "m", "mi", ("m", "m")),
    model("servir", "vir", ["s", "s", "t", "vons", "vez", "vent"], "vir", "v", "vi", ("v", "v")),
    model("acquerir", "erir", ["iers", "iers", "iert", "erons", "erez", "ierent"], "err", "er", "is", ("ier", "er")),
    model("conclure", "re", ["s", "s", "t", "ons", "ez", "ent"], "r", "", "", ("", "")),
    model("inclure", "re", ["s", "s", "t", "ons", "ez", "ent"], "r", "", "s", ("", "")),
    model("croire", "oire", ["ois", "ois", "oit", "oyons", "oyez", "oient"], "oir", "oy", "u", ("oi", "oy")),
    model("plaire", "aire", ["ais", "ais", "ait", "aisons", "aisez", "aisent"], "air", "ais", "u", ("ais", "ais")),
    model("rompre", "re", ["s", "s", "t", "ons", "ez", "ent"], "r", "", "u", ("", "")),
    model("convaincre", "cre", ["cs", "cs", "c", "quons", "quez", "quent"], "cr", "qu", "cu", ("qu", "qu")),
    model("aller", "aller", ["vais", "vas", "va", "allons", "allez", "vont"], "ir", "all", "alle", ("aill", "all")),
    model("avoir", "avoir", ["ai", "as", "a", "avons", "avez", "ont"], "aur", "av", "eu", ("ai", "ay")),
    model("etre", "etre", ["suis", "es", "est", "sommes", "etes", "sont"], "ser", "et", "ete", ("soi", "soy")),
    model("falloir", "falloir", ["", "", "faut", "", "", ""], "faudr", "fall", "fallu", ("faill", "fall")),
];

const fn model(
    name: &'static str,
    strip: &'static str,
    present: [&'static str; 6],
    future: &'static str,
    imperfect: &'static str,
    participle: &'static str,
    subjunctive: (&'static str, &'static str),
) -> Model {
    Model { name, strip, present, future, imperfect, participle, subjunctive }
}

/// The names of the models: what a verb of the vocabulary may be conjugated like.
pub fn models() -> impl Iterator<Item = &'static str> {
    MODELS.iter().map(|m| m.name)
}

/// The forms of the verb `infinitive` (folded letters), each with its [`mood`] bits. `model` names an irregular
/// conjugation; empty, the infinitive's ending decides (`-er`, `-ir` like finir, `-re` like rendre).
///
/// # Errors
/// A model that does not exist, or that does not fit the infinitive's ending.
pub fn conjugate(infinitive: &str, model: &str) -> Result<Vec<(String, u16)>, Text> {
    let name = match model {
        "" if infinitive.ends_with("er") => return Ok(first_group(infinitive)),
        "" if infinitive.ends_with("ir") => "finir",
        "" if infinitive.ends_with("re") => "rendre",
        "" => return Err(mistakes::NO_INFINITIVE.both(&[("verb", &infinitive)])),
        other => other,
    };
    let model = MODELS.iter().find(|m| m.name == name).ok_or_else(|| mistakes::NO_CONJUGATION.both(&[("name", &name)]))?;
    let other_ending = || mistakes::OTHER_ENDING.both(&[("verb", &infinitive), ("ending", &model.strip), ("name", &name)]);
    let stem = infinitive.strip_suffix(model.strip).ok_or_else(other_ending)?;
    let mut forms = Forms { stem, out: vec![(infinitive.to_owned(), INF)] };
    for (ending, person) in model.present.iter().zip(PERSONS) {
        if !(ending.is_empty() && name == "falloir") {
            forms.push("", ending, PRES | person);
        }
    }
    forms.tenses(model.future, model.imperfect, model.subjunctive, name != "etre" && name != "avoir");
    if name == "etre" || name == "avoir" {
        let subjunctive: [&str; 6] =
            if name == "etre" { ["sois", "sois", "soit", "soyons", "soyez", "soient"] } else { ["aie", "aies", "ait", "ayons", "ayez", "aient"] };
        for (form, person) in subjunctive.into_iter().zip(PERSONS) {
            forms.out.push((form.to_owned(), SUBJ | person));
        }
        let (past, plural, present) = if name == "etre" { ("fut", "furent", "etant") } else { ("eut", "eurent", "ayant") };
        forms.out.push((past.to_owned(), PAST | P3));
        forms.out.push((plural.to_owned(), PAST | P3));
        forms.out.push((present.to_owned(), PPRES));
    } else {
        forms.push(model.imperfect, "ant", PPRES);
    }
    forms.participles(model.participle);
    Ok(forms.out)
}

struct Forms<'a> {
    stem: &'a str,
    out: Vec<(String, u16)>,
}

impl Forms<'_> {
    fn push(&mut self, base: &str, ending: &str, bits: u16) {
        self.out.push((format!("{}{base}{ending}", self.stem), bits));
    }

    fn tenses(&mut self, future: &str, imperfect: &str, subjunctive: (&str, &str), with_subjunctive: bool) {
        for (ending, person) in ["ai", "as", "a", "ons", "ez", "ont"].into_iter().zip(PERSONS) {
            self.push(future, ending, FUT | person);
        }
        for (ending, person) in ["ais", "ais", "ait", "ions", "iez", "aient"].into_iter().zip(PERSONS) {
            self.push(future, ending, COND | person);
            self.push(imperfect, ending, IMPF | person);
        }
        if with_subjunctive {
            for (at, (ending, person)) in ["e", "es", "e", "ions", "iez", "ent"].into_iter().zip(PERSONS).enumerate() {
                self.push(if matches!(at, 3 | 4) { subjunctive.1 } else { subjunctive.0 }, ending, SUBJ | person);
            }
        }
    }

    fn participles(&mut self, base: &str) {
        for ending in ["", "e", "s", "es"] {
            let plural = ending == "s" && (base.ends_with('s') || base.is_empty() && self.stem.ends_with('s'));
            if !plural {
                self.push(base, ending, PP);
            }
        }
    }
}

/// Verbs in -eler and -eter that double their consonant.
const DOUBLING: &[&str] = &["appel", "rappel", "jet", "rejet", "projet", "renouvel", "feuillet"];

fn first_group(infinitive: &str) -> Vec<(String, u16)> {
    let stem = &infinitive[..infinitive.len() - 2];
    let soft = if stem.ends_with('g') { format!("{stem}e") } else { stem.to_owned() };
    // before a mute e: « emploie », « appelle »
    let mute = if let Some(base) = stem.strip_suffix('y').filter(|_| !stem.ends_with("ey")) {
        format!("{base}i")
    } else if DOUBLING.iter().any(|d| stem.ends_with(d)) {
        format!("{stem}{}", &stem[stem.len() - 1..])
    } else {
        stem.to_owned()
    };
    let mut out = vec![(infinitive.to_owned(), INF)];
    let mut push = |base: &str, ending: &str, bits: u16| out.push((format!("{base}{ending}"), bits));
    for (at, (ending, person)) in ["e", "es", "e", "ons", "ez", "ent"].into_iter().zip(PERSONS).enumerate() {
        let base = if at == 3 {
            soft.as_str()
        } else if at == 4 {
            stem
        } else {
            mute.as_str()
        };
        push(base, ending, PRES | person | if at == 3 || at == 4 { 0 } else { SUBJ });
    }
    let future = stem.strip_suffix("envoy").map_or_else(|| format!("{mute}er"), |base| format!("{base}enverr"));
    for (ending, person) in ["ai", "as", "a", "ons", "ez", "ont"].into_iter().zip(PERSONS) {
        push(&future, ending, FUT | person);
    }
    for (ending, person) in ["ais", "ais", "ait", "ions", "iez", "aient"].into_iter().zip(PERSONS) {
        push(&future, ending, COND | person);
        let hard = ending.starts_with('i');
        push(if hard { stem } else { &soft }, ending, IMPF | person | if hard { SUBJ } else { 0 });
    }
    push(&soft, "ant", PPRES);
    push(&soft, "a", PAST | P3);
    push(stem, "erent", PAST | P3);
    for ending in ["e", "ee", "es", "ees"] {
        push(stem, ending, PP);
    }
    out
}

/// A light stem of a folded noun or adjective: without the marks of plural and feminine, so that « citoyennes » and
/// « citoyen », « consultative » and « consultatif », « animatrice » and « animateur » meet. Short words are left alone.
pub fn stem_into(word: &str, out: &mut String) {
    out.clear();
    out.push_str(word);
    // « lu », « lue », « lus », « lues »
    for ending in ["ue", "us", "ues"] {
        if word.len() == ending.len() + 1 && word.ends_with(ending) {
            out.truncate(2);
            return;
        }
    }
    if word.len() <= 3 || !word.is_ascii() {
        return;
    }
    if out.ends_with("aux") && !out.ends_with("eaux") && out.len() > 4 {
        out.truncate(out.len() - 2);
        out.push('l');
        return;
    }
    if out.ends_with(['s', 'x']) {
        out.pop();
    }
    let mut dropped = 0;
    while dropped < 2 && out.len() > 3 && out.ends_with('e') {
        out.pop();
        dropped += 1;
    }
    // « transmis » has lost its mark of plural above, « transmise » has not
    if out.len() > 3 && out.ends_with("is") {
        out.pop();
    }
    for (from, to) in [("iqu", "ic"), ("iv", "if"), ("eus", "eu"), ("tric", "teur")] {
        if let Some(base) = out.strip_suffix(from) {
            let len = base.len();
            if len > 1 {
                out.truncate(len);
                out.push_str(to);
                return;
            }
        }
    }
    let bytes = out.as_bytes();
    if bytes.len() > 3 && bytes[bytes.len() - 1] == bytes[bytes.len() - 2] && matches!(bytes[bytes.len() - 1], b'n' | b'l' | b't' | b's') {
        out.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(verb: &str, model: &str, form: &str, bits: u16) {
        let forms = conjugate(verb, model).unwrap();
        assert!(forms.iter().any(|(f, m)| f == form && m & bits == bits), "{verb}: {form} {bits:b} not in {forms:?}");
    }

    #[test]
    fn conjugates() {
        has("repondre", "", "repondra", FUT | P3);
        has("repondre", "", "repondrait", COND);
        has("repondre", "", "repond", PRES | P3);
        has("publier", "", "publieront", FUT);
        has("engager", "", "engageons", PRES);
        has("engager", "", "engageait", IMPF);
        has("annoncer", "", "annoncees", PP);
        has("tenir", "tenir", "tiendra", FUT);
        has("prendre", "prendre", "prises", PP);
        has("soumettre", "mettre", "soumis", PP);
        has("faire", "faire", "fera", FUT);
        has("voir", "voir", "verra", FUT);
        has("recevoir", "recevoir", "recoivent", PRES);
        has("pouvoir", "pouvoir", "pourra", FUT);
        has("pouvoir", "pouvoir", "pourraient", COND);
        has("inscrire", "ecrire", "inscrits", PP);
        has("ouvrir", "ouvrir", "ouverte", PP);
        has("etre", "etre", "seront", FUT);
        has("etre", "etre", "soit", SUBJ);
        has("appeler", "", "appelle", PRES);
        has("employer", "", "emploie", PRES);
        has("renvoyer", "", "renvoie", PRES);
        has("renvoyer", "", "renverra", FUT);
        has("envoyer", "", "enverraient", COND);
        has("dormir", "dormir", "dormira", FUT);
        has("rejoindre", "joindre", "rejoignent", PRES);
        has("suivre", "suivre", "suivies", PP);
        has("aller", "aller", "iront", FUT);
        has("conclure", "conclure", "conclue", PP);
    }

    #[test]
    fn stems_unite_number_and_gender() {
        let same = |a: &str, b: &str| {
            let (mut x, mut y) = (String::new(), String::new());
            stem_into(a, &mut x);
            stem_into(b, &mut y);
            assert_eq!(x, y, "{a} / {b}");
        };
        same("citoyennes", "citoyen");
        same("consultative", "consultatif");
        same("animatrice", "animateur");
        same("publiques", "public");
        same("tirees", "tire");
        same("locaux", "local");
        same("niveaux", "niveau");
        same("nombreuses", "nombreux");
        same("officielle", "officiel");
        same("premieres", "premier");
        same("lues", "lu");
        same("prises", "pris");
        same("transmise", "transmis");
        same("mise", "mis");
    }
}
