//! An editor at work on a folder: files are opened, closed and repaired, and what is offered is done.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;
#[path = "common/document.rs"]
mod document;
#[path = "common/edits.rs"]
mod edits;

use std::collections::HashMap;
use std::fs;
use std::thread::JoinHandle;
use std::time::Duration;

use cadrage::diagnostics::{ProcessType, suppression};
use cadrage::dossier::BlockKind;
use cadrage::lang::Lang;
use cadrage::lsp::{Settings, serve};
use common::binary::OWN_CHECK;
use common::{assessed, catalogue, dossier};
use document::{document, written};
use edits::{Piece, blocks, stays};
use lsp_server::{Connection, Message, Notification, Request};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

const NOTE: &str = "# Concertation sur la place du marché\n\nLa Ville invite les habitants à la concertation du 3 mai au 20 juin 2027.\n\n\
## Gouvernance\n\nUn comité de suivi sera mis en place.\n";

/// An editor in the same process as its server.
struct Editor {
    connection: Option<Connection>,
    server: Option<JoinHandle<std::io::Result<bool>>>,
    folder: TempDir,
    asked: i32,
    versions: HashMap<String, i32>,
    /// By address, what is shown.
    shown: HashMap<String, Vec<Value>>,
    /// The addresses for which something was shown, in order.
    published: Vec<String>,
    /// What was told to the log.
    log: Vec<String>,
}

impl Editor {
    fn new(files: &[(&str, &str)]) -> Self {
        let (server, client) = Connection::memory();
        let server = std::thread::spawn(move || serve(&server, Settings::default()));
        let folder = common::binary::folder(files);
        let mut editor = Self {
            connection: Some(client),
            server: Some(server),
            folder,
            asked: 0,
            versions: HashMap::new(),
            shown: HashMap::new(),
            published: Vec::new(),
            log: Vec::new(),
        };
        editor.ask("initialize", json!({ "capabilities": { "general": { "positionEncodings": ["utf-8"] } } }));
        editor
    }

    fn uri(&self, name: &str) -> String {
        Url::from_file_path(fs::canonicalize(self.folder.path()).unwrap().join(name)).unwrap().into()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn tell(&self, method: &str, parameters: Value) {
        self.connection.as_ref().unwrap().sender.send(Notification::new(method.into(), parameters).into()).unwrap();
    }

    fn ask(&mut self, method: &str, parameters: Value) -> Value {
        self.asked += 1;
        self.connection.as_ref().unwrap().sender.send(Request::new(self.asked.into(), method.into(), parameters).into()).unwrap();
        loop {
            if let Some(Message::Response(response)) = self.next(Duration::from_secs(60)) {
                return response.response_result.unwrap();
            }
        }
    }

    /// The next message, what it shows noted; none when nothing is said for `pause`.
    fn next(&mut self, pause: Duration) -> Option<Message> {
        let message = self.connection.as_ref().unwrap().receiver.recv_timeout(pause).ok()?;
        if let Message::Notification(Notification { method, params }) = &message {
            match method.as_str() {
                "textDocument/publishDiagnostics" => {
                    let uri = params["uri"].as_str().unwrap().to_owned();
                    self.published.push(uri.clone());
                    self.shown.insert(uri, params["diagnostics"].as_array().unwrap().clone());
                }
                "window/logMessage" => self.log.push(params["message"].as_str().unwrap().to_owned()),
                _ => {}
            }
        }
        Some(message)
    }

    /// What is shown of a file once the server has nothing more to say; waited for until it is as wanted.
    fn shown(&mut self, name: &str, wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let uri = self.uri(name);
        for _ in 0..60 {
            while self.next(Duration::from_millis(400)).is_some() {}
            if self.shown.get(&uri).is_some_and(|shown| wanted(shown)) {
                break;
            }
        }
        self.shown.get(&uri).cloned().unwrap_or_default()
    }

    fn open(&mut self, name: &str, text: &str) {
        self.versions.insert(name.to_owned(), 0);
        self.tell("textDocument/didOpen", json!({ "textDocument": { "uri": self.uri(name), "languageId": "markdown", "version": 0, "text": text } }));
    }

    fn change(&mut self, name: &str, text: &str) {
        let version = self.versions.get_mut(name).unwrap();
        *version += 1;
        let version = *version;
        self.tell("textDocument/didChange", json!({ "textDocument": { "uri": self.uri(name), "version": version }, "contentChanges": [{ "text": text }] }));
    }

    fn close(&self, name: &str) {
        self.tell("textDocument/didClose", json!({ "textDocument": { "uri": self.uri(name) } }));
    }

    /// A file on the disk has changed.
    fn saved(&self, name: &str) {
        self.tell("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": self.uri(name), "type": 2 }] }));
    }

    /// What is offered anywhere in a file: title, id of what it is about, the text once it is done.
    fn offered(&mut self, name: &str, text: &str) -> Vec<(String, String, String)> {
        let uri = self.uri(name);
        let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": text.lines().count() + 1, "character": 0 } });
        let context = json!({ "diagnostics": [] });
        let actions = self.ask("textDocument/codeAction", json!({ "textDocument": { "uri": uri }, "range": range, "context": context }));
        let done = |action: &Value| {
            let edits = action["edit"]["changes"][&uri].as_array()?;
            let id = action["diagnostics"][0]["code"].as_str().unwrap();
            Some((action["title"].as_str().unwrap().to_owned(), id.to_owned(), applied(text, edits)))
        };
        actions.as_array().unwrap().iter().filter_map(done).collect()
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let connection = self.connection.take().unwrap();
        let _ = connection.sender.send(Request::new(0.into(), "shutdown".into(), Value::Null).into());
        let _ = connection.sender.send(Notification::new("exit".into(), Value::Null).into());
        let left = self.server.take().unwrap().join();
        if !std::thread::panicking() {
            assert!(left.unwrap().unwrap());
        }
    }
}

/// `text` with edits whose places count bytes.
fn applied(text: &str, edits: &[Value]) -> String {
    let lines: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let offset = |place: &Value| {
        let at = |key: &str| place[key].as_u64().unwrap() as usize;
        lines.get(at("line")).map_or(text.len(), |start| start + at("character"))
    };
    let mut edits: Vec<(usize, usize, &str)> =
        edits.iter().map(|edit| (offset(&edit["range"]["start"]), offset(&edit["range"]["end"]), edit["newText"].as_str().unwrap())).collect();
    edits.sort_unstable();
    edits.iter().rev().fold(text.to_owned(), |mut text, (start, end, new)| {
        text.replace_range(start..end, new);
        text
    })
}

fn has(id: &str) -> impl Fn(&[Value]) -> bool {
    move |shown: &[Value]| shown.iter().any(|d| d["code"] == id)
}

#[test]
fn checks_that_are_repaired_are_read_again() {
    let mut editor =
        Editor::new(&[("cadrage.toml", "checks = [\"criteres\"]\n"), ("criteres/moyens/salle.toml", "id = \"moyens.salle\"\n"), ("note.md", NOTE)]);
    editor.open("note.md", NOTE);
    assert_eq!(editor.shown("criteres/moyens/salle.toml", |shown| !shown.is_empty()).len(), 1);
    editor.write("criteres/moyens/salle.toml", OWN_CHECK);
    editor.saved("criteres/moyens/salle.toml");
    let gaps = editor.shown("note.md", has("moyens.salle"));
    assert!(has("moyens.salle")(&gaps), "{gaps:?}");
    assert_eq!(editor.shown("criteres/moyens/salle.toml", <[Value]>::is_empty), [Value::Null; 0]);
    // another folder, at fault, then taken away
    editor.write("cadrage.toml", "checks = [\"autres\"]\nbaseline = \"connu.json\"\n");
    editor.saved("cadrage.toml");
    assert_eq!(editor.shown("cadrage.toml", |shown| !shown.is_empty()).len(), 1);
    fs::create_dir_all(editor.folder.path().join("autres/moyens")).unwrap();
    editor.write("autres/moyens/salle.toml", &OWN_CHECK.replace("salle", "lieu"));
    editor.saved("autres/moyens/salle.toml");
    assert!(has("moyens.lieu")(&editor.shown("note.md", has("moyens.lieu"))));
    // the baseline is told to lack, until it is there
    assert_eq!(editor.shown("cadrage.toml", |shown| !shown.is_empty()).len(), 1);
    editor.write("connu.json", "{\"schema_version\": 1, \"dossiers\": {}}\n");
    editor.saved("connu.json");
    assert_eq!(editor.shown("cadrage.toml", <[Value]>::is_empty), [Value::Null; 0]);
}

#[test]
fn what_several_dossiers_are_told_is_shown_once_and_until_the_last_is_closed() {
    let mut editor = Editor::new(&[("cadrage.toml", "selct = []\n"), ("a.md", NOTE), ("b.md", NOTE)]);
    editor.open("a.md", NOTE);
    editor.open("b.md", NOTE);
    let fault = editor.shown("cadrage.toml", |shown| !shown.is_empty());
    assert_eq!(fault.len(), 1, "{fault:?}");
    editor.close("b.md");
    assert_eq!(editor.shown("cadrage.toml", |shown| !shown.is_empty()), fault);
    editor.close("a.md");
    assert_eq!(editor.shown("cadrage.toml", <[Value]>::is_empty), [Value::Null; 0]);
    editor.open("b.md", NOTE);
    assert_eq!(editor.shown("cadrage.toml", |shown| !shown.is_empty()), fault);
    editor.write("cadrage.toml", "select = [\"moyens\"]\n");
    editor.saved("cadrage.toml");
    assert_eq!(editor.shown("cadrage.toml", <[Value]>::is_empty), [Value::Null; 0]);
    assert!(has("moyens.budget")(&editor.shown("b.md", has("moyens.budget"))));
}

#[test]
fn a_fault_in_the_configuration_leaves_the_dossiers_as_they_were() {
    let named = "dossiers = [\"notes/*\"]\n";
    let mut editor = Editor::new(&[("cadrage.toml", named), ("notes/bp/README.md", NOTE), ("notes/bp/suite.md", "## Budget\n\nÀ compléter.\n")]);
    editor.open("notes/bp/README.md", NOTE);
    let gaps = editor.shown("notes/bp/README.md", has("gouvernance.garant"));
    editor.open("notes/bp/suite.md", "## Budget\n\nÀ compléter.\n");
    let others = editor.shown("notes/bp/suite.md", has("redaction.a-completer"));
    editor.write("cadrage.toml", &format!("{named}selcet = [\"x\"]\n"));
    editor.saved("cadrage.toml");
    assert_eq!(editor.shown("cadrage.toml", |shown| !shown.is_empty()).len(), 1);
    assert_eq!(editor.shown("notes/bp/README.md", |_| true), gaps);
    assert_eq!(editor.shown("notes/bp/suite.md", |_| true), others);
}

#[test]
fn of_what_is_no_dossier_nothing_is_said() {
    let mut editor = Editor::new(&[("note.md", NOTE), ("cadrage.toml", "select = [\"moyens\"]\n")]);
    editor.open("note.md", NOTE);
    editor.shown("note.md", has("moyens.budget"));
    let page = editor.ask("workspace/executeCommand", json!({ "command": "cadrage.explain", "arguments": ["moyens.budget"] }))["uri"].clone();
    let text = fs::read_to_string(Url::parse(page.as_str().unwrap()).unwrap().to_file_path().unwrap()).unwrap();
    let git = Url::parse(&editor.uri("note.md").replace("file:", "git:")).unwrap();
    let others =
        [(page.as_str().unwrap(), "markdown", text.as_str()), (git.as_str(), "markdown", NOTE), (&editor.uri("cadrage.toml"), "toml", "select = []\n")];
    let before = editor.shown.clone();
    for (uri, language, text) in others {
        editor.tell("textDocument/didOpen", json!({ "textDocument": { "uri": uri, "languageId": language, "version": 1, "text": text } }));
        let change = json!({ "textDocument": { "uri": uri, "version": 2 }, "contentChanges": [{ "text": text }] });
        editor.tell("textDocument/didChange", change);
        assert_eq!(editor.ask("textDocument/codeLens", json!({ "textDocument": { "uri": uri } })), Value::Null, "{uri}");
    }
    editor.shown("note.md", |_| true);
    assert_eq!(editor.shown, before);
}

#[test]
fn a_file_is_shown_under_the_address_that_the_editor_gives_it() {
    let readme = "# Concertation sur l’eau\n\n[eau](l%27eau.md)\n";
    let mut editor = Editor::new(&[("README.md", readme), ("l'eau.md", "# L’eau\n\nÀ compléter.\n")]);
    let (own, client) = (editor.uri("l'eau.md"), editor.uri("l'eau.md").replace('\'', "%27"));
    assert_ne!(own, client);
    editor.open("README.md", readme);
    assert!(has("redaction.a-completer")(&editor.shown("l'eau.md", has("redaction.a-completer"))));
    editor.tell(
        "textDocument/didOpen",
        json!({ "textDocument": { "uri": client, "languageId": "markdown", "version": 7, "text": "# L’eau\n\nÀ compléter.\n" } }),
    );
    editor.shown("README.md", |_| true);
    assert_eq!(editor.shown[&own], [Value::Null; 0]);
    assert!(has("redaction.a-completer")(&editor.shown[&client]));
    // the last word on the file, however its address is read
    let last = editor.published.iter().rfind(|uri| **uri == own || **uri == client);
    assert_eq!(last, Some(&client));
    // and it keeps its address once closed
    editor.published.clear();
    editor.tell("textDocument/didClose", json!({ "textDocument": { "uri": client } }));
    editor.shown("README.md", |_| true);
    assert!(has("redaction.a-completer")(&editor.shown[&client]) && !editor.published.contains(&own), "{:?}", editor.published);
}

#[test]
fn a_name_that_is_not_utf_8_is_shown_under_its_own_address() {
    let mut editor = Editor::new(&[("note.md", NOTE)]);
    let uri = editor.uri("note.md").replace("note.md", "%FF.md");
    editor.tell("textDocument/didOpen", json!({ "textDocument": { "uri": uri, "languageId": "markdown", "version": 3, "text": NOTE } }));
    let place = json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 4 } });
    assert!(editor.ask("textDocument/hover", place).is_object());
    assert!(has("moyens.budget")(&editor.shown[&uri]));
    assert!(editor.published.iter().all(|shown| *shown == uri), "{:?}", editor.published);
}

/// A change in the middle of a text, which counts on what was there before.
fn insertion(uri: &str, version: &Value, text: &str) -> Value {
    let place = json!({ "line": 0, "character": 0 });
    json!({ "textDocument": { "uri": uri, "version": version }, "contentChanges": [{ "range": { "start": place, "end": place }, "text": text }] })
}

#[test]
fn nothing_is_said_of_a_text_that_is_not_known_until_it_is_sent_again() {
    let mut editor = Editor::new(&[("note.md", NOTE)]);
    let uri = editor.uri("note.md");
    let known = [
        ("textDocument/didSave", json!({ "textDocument": { "uri": uri }, "text": NOTE })),
        ("textDocument/didChange", json!({ "textDocument": { "uri": uri, "version": 9 }, "contentChanges": [{ "text": NOTE }] })),
    ];
    for (method, again) in known {
        editor.open("note.md", NOTE);
        let gaps = editor.shown("note.md", has("moyens.budget"));
        assert!(has("moyens.budget")(&gaps));
        editor.log.clear();
        editor.tell("textDocument/didChange", insertion(&uri, &Value::Null, "Un.\n\n"));
        editor.tell("textDocument/didChange", insertion(&uri, &json!(8), "Deux.\n\n"));
        assert_eq!(editor.shown("note.md", <[Value]>::is_empty), [Value::Null; 0]);
        assert!(editor.log.iter().any(|line| line.contains("note.md")), "{:?}", editor.log);
        assert_eq!(editor.ask("textDocument/codeLens", json!({ "textDocument": { "uri": uri } })), Value::Null);
        editor.tell(method, again);
        assert_eq!(editor.shown("note.md", has("moyens.budget")), gaps, "{method}");
        editor.close("note.md");
    }
}

#[test]
fn what_the_disk_has_of_a_text_that_is_not_known_is_not_shown() {
    let readme = "# Concertation sur l’eau\n\n[quand](calendrier.md)\n";
    let mut editor = Editor::new(&[("README.md", readme), ("calendrier.md", "# Calendrier\n\nÀ compléter.\n")]);
    editor.open("README.md", readme);
    editor.open("calendrier.md", "# Calendrier\n\nÀ compléter.\n");
    assert!(has("redaction.a-completer")(&editor.shown("calendrier.md", has("redaction.a-completer"))));
    editor.tell("textDocument/didChange", json!({ "textDocument": { "uri": editor.uri("calendrier.md") } }));
    assert_eq!(editor.shown("calendrier.md", <[Value]>::is_empty), [Value::Null; 0]);
    assert!(!editor.shown("README.md", |shown| !shown.is_empty()).is_empty());
    // closed, it is what the disk has
    editor.close("calendrier.md");
    assert!(has("redaction.a-completer")(&editor.shown("calendrier.md", has("redaction.a-completer"))));
}

#[test]
fn who_types_on_is_told_within_a_bounded_time() {
    let mut editor = Editor::new(&[("note.md", NOTE)]);
    editor.open("note.md", NOTE);
    editor.shown("note.md", has("moyens.budget"));
    editor.published.clear();
    // longer than a change may go unassessed; no pause is long enough to be taken for one
    for number in 0..60 {
        editor.change("note.md", &format!("{NOTE}\n{}", "mot ".repeat(number)));
        std::thread::sleep(Duration::from_millis(40));
    }
    let mut before = 0;
    while let Some(message) = editor.next(Duration::from_millis(1)) {
        before += usize::from(matches!(message, Message::Notification(told) if told.method == "textDocument/publishDiagnostics"));
    }
    assert!(before > 0);
    assert!(has("moyens.budget")(&editor.shown("note.md", has("moyens.budget"))));
}

#[test]
fn what_is_asked_is_answered_for_the_text_that_it_was_asked_about() {
    // long enough not to be assessed before the next change comes
    let text = format!("{NOTE}\n{}", "La Ville invite les habitants à la concertation sur l’eau.\n\n".repeat(6_000));
    let mut editor = Editor::new(&[("note.md", &text)]);
    editor.open("note.md", &text);
    editor.shown("note.md", has("moyens.budget"));
    let document = json!({ "uri": editor.uri("note.md") });
    let ask = |editor: &mut Editor, method: &str, parameters: &Value| {
        editor.asked += 1;
        let request = Request::new(editor.asked.into(), method.into(), parameters.clone());
        editor.connection.as_ref().unwrap().sender.send(request.into()).unwrap();
        editor.asked
    };
    let heading = json!({ "textDocument": document, "position": { "line": 4, "character": 5 } });
    let passage = json!({ "textDocument": document, "range": { "start": heading["position"], "end": heading["position"] }, "context": { "diagnostics": [] } });
    editor.change("note.md", &format!("{text}\nPlus.\n"));
    let hover = ask(&mut editor, "textDocument/hover", &heading);
    let action = ask(&mut editor, "textDocument/codeAction", &passage);
    editor.change("note.md", &format!("Plus.\n\nEncore.\n\nToujours.\n\n{text}\nPlus.\n"));
    let completion = ask(&mut editor, "textDocument/completion", &heading);
    let mut answers = HashMap::new();
    let mut order = Vec::new();
    while answers.len() < 3 {
        if let Some(Message::Response(response)) = editor.next(Duration::from_secs(60)) {
            let id: i32 = response.id.to_string().parse().unwrap();
            order.push(id);
            answers.insert(id, response.response_result);
        }
    }
    // refused, or answered from the text that had the heading there
    match &answers[&hover] {
        Ok(shown) => assert!(shown["contents"]["value"].as_str().is_some_and(|text| text.contains("gouvernance.")), "{shown}"),
        Err(error) => assert_eq!(error.code, -32801),
    }
    assert_eq!(answers[&action].as_ref().unwrap_err().code, -32801);
    // this one hangs on no assessment
    assert!(answers[&completion].is_ok());
}

#[test]
fn a_link_makes_a_dossier_as_soon_as_it_is_typed() {
    let readme = "# Concertation sur l’eau\n\nLa Ville invite les habitants à la concertation.\n";
    let budget = "# Budget\n\nLe budget est de 50 000 € TTC, financé par la Ville.\n";
    let mut editor = Editor::new(&[("README.md", readme), ("budget.md", budget)]);
    editor.open("README.md", readme);
    editor.open("budget.md", budget);
    let alone = editor.shown("README.md", has("moyens.budget"));
    assert!(has("moyens.budget")(&alone));
    editor.change("README.md", &format!("{readme}\n[budget](budget.md)\n"));
    let lacks = |shown: &[Value]| !has("moyens.budget")(shown);
    assert!(lacks(&editor.shown("README.md", lacks)));
    editor.change("README.md", readme);
    assert_eq!(editor.shown("README.md", has("moyens.budget")), alone);
}

/// Texts that are drawn at random.
const DRAWN: usize = 100;

const TITLE: &str = "# Note de cadrage d’un atelier citoyen\n\nLa participation des habitants à l’atelier citoyen.\n\n";

/// What a comment could break: what stands in a list, a quotation, a table, on the line of a heading, under one.
const BODIES: &[&str] = &[
    "**Budget et moyens.** Les ateliers se tiennent au printemps dans les\nquartiers, avec les habitants\nvolontaires.\n\nTexte.\n",
    "**Budget.**\nLes ateliers se tiennent au printemps, à compléter.\n",
    "**Budget et\nmoyens.** Les ateliers se tiennent au printemps.\n",
    "**Budget**\n- à compléter\n- deux\n",
    "**Budget**\n\nÀ compléter.\n",
    "- Le budget :\n\n  | Poste | Montant |\n  |---|---|\n  | Animation | 5 000 € |\n  | Salle | 3 000 € |\n  | Total | 9 000 € |\n",
    "> | Poste | Montant |\n> |---|---|\n> | Animation | 5 000 € |\n> | Salle | 3 000 € |\n> | Total | 9 000 € |\n",
    "- point\n\n  Poste | Montant\n  ---|---\n  Budget | à compléter\n  Salle | à compléter \\|\n",
    "Voici :\n| Poste | Montant |\n|---|---|\n| Budget | à compléter |\n",
    "- [ ] Le budget reste à compléter\n- deux\n\n  Un second, à compléter.\n",
    "- # Budget #\n\n  À compléter.\n",
    "- Budget\n  ------\n  À compléter.\n",
    "> ## Budget\n> À compléter.\n",
    "Budget\n------\nÀ compléter, texte collé.\n",
    "## Budget\nÀ compléter, texte collé.\n",
    "## Budget ##\n\n<div>\nÀ compléter.\n</div>\n",
    "Texte[^1].\n\n[^1]: Le budget reste à compléter.\n",
    "Budget\n: À compléter.\n\n  Et encore, à compléter.\n",
    "1. BUDGET ET MOYENS\n\n   À compléter.\n",
    "BUDGET ET MOYENS\n\nUne réponse sera apportée\naux habitants dans les meilleurs délais.\n",
    "- Une réponse sera apportée dans les meilleurs délais\n- Dans la mesure du possible, la Ville\n  publiera les avis.\n",
    "> Une réponse sera apportée dans\n> les meilleurs délais.\n",
];

#[test]
fn what_is_offered_breaks_nothing_that_stands_there() {
    let front = ["", "\u{feff}", "---\ntype: atelier-citoyen\n---\n"];
    let made = BODIES.iter().flat_map(|body| front.map(|front| format!("{front}{TITLE}{body}")));
    let without_text = ["---\ntype: autre\n---\n", "", "```\ncode\n```\n", "---\ntype: autre\n---\n\n    code\n"].map(String::from);
    let fixtures = common::texts(&["fixtures"]).into_iter().map(|(_, text)| text);
    let mut editor = Editor::new(&[("note.md", "")]);
    editor.open("note.md", "");
    let seen: usize = made.chain(without_text).chain(fixtures).map(|text| breaks_nothing(&mut editor, &text)).sum();
    assert!(seen > 3_000, "{seen}");
}

#[test]
fn nothing_is_broken_in_texts_drawn_at_random() {
    let mut editor = Editor::new(&[("cadrage.toml", "type = \"atelier-citoyen\"\n"), ("note.md", "")]);
    editor.open("note.md", "");
    let (mut runner, drawn) = (TestRunner::default(), document(&written()));
    for _ in 0..DRAWN {
        let text = drawn.new_tree(&mut runner).unwrap().current();
        breaks_nothing(&mut editor, &text);
    }
}

/// Does all that is offered in a text, each by itself; how much that is.
fn breaks_nothing(editor: &mut Editor, text: &str) -> usize {
    editor.change("note.md", text);
    let before = blocks(text);
    let offers = editor.offered("note.md", text);
    for (title, id, after) in &offers {
        let about = || format!("« {title} » ({id})\n--- before\n{text}\n--- after\n{after}");
        let now = blocks(after);
        if title.starts_with("Écarter") {
            assert_eq!(now, before, "{}", about());
            assert!(dossier(after).comments.len() > dossier(text).comments.len(), "{}", about());
        } else if title.contains("modèle") && !title.starts_with("Écrire") {
            // a sentence that is replaced takes its reference to a note with it
            let others = |blocks: &[Piece]| {
                blocks.iter().filter(|(kind, ..)| *kind != BlockKind::Footnote).map(|(kind, quoted, _)| (kind.clone(), *quoted)).collect::<Vec<_>>()
            };
            assert_eq!(others(&now), others(&before), "{}", about());
        } else {
            assert!(stays(&before, &now), "{}", about());
        }
    }
    offers.len()
}

#[test]
fn a_comment_that_is_offered_reaches_what_it_is_for() {
    let mut editor = Editor::new(&[("note.md", "")]);
    editor.open("note.md", "");
    for body in BODIES {
        let text = format!("---\ntype: atelier-citoyen\n---\n{TITLE}{body}");
        editor.change("note.md", &text);
        let offers = editor.offered("note.md", &text);
        for (_, id, after) in offers.iter().filter(|(title, ..)| title.starts_with("Écarter")) {
            let mut report = assessed(&after.replace("— -->", "— motif -->"), ProcessType::AtelierCitoyen);
            suppression::apply(&mut report, catalogue(), Lang::Fr, |reasons| vec![false; reasons.len()]);
            let said: Vec<&str> = report.diagnostics.iter().map(|d| d.id.as_str()).filter(|said| said.starts_with("suppression.")).collect();
            assert_eq!(said, [""; 0], "{id}\n{after}");
        }
    }
}

#[test]
fn what_has_no_passage_is_set_aside_too() {
    let mut editor = Editor::new(&[("note.md", "")]);
    editor.open("note.md", "");
    for text in ["", "\n\n", "```\ncode\n```\n", "![](a.png)\n", "---\ntitle: x\n---\n", "Un texte.\n", "- une liste\n"] {
        editor.change("note.md", text);
        let offers = editor.offered("note.md", text);
        let (_, _, after) = offers.iter().find(|(title, id, _)| title.starts_with("Écarter") && id == "dossier.hors-champ").unwrap();
        editor.change("note.md", &after.replace("— -->", "— motif -->"));
        // asked for, so that what is shown is of this text
        editor.offered("note.md", after);
        assert_eq!(editor.shown("note.md", <[Value]>::is_empty), [Value::Null; 0], "{text}\n{after}");
    }
}
