//! The language server against a client's own idea of the text, and against `cadrage check`. `tests/lsp/` drives the binary with
//! clients that this project did not write.

#![allow(clippy::unwrap_used, missing_docs)]

use std::cell::RefCell;
use std::fs;
use std::path::Path;
use std::thread::JoinHandle;
use std::time::Duration;

use cadrage::lsp::document::Document;
use cadrage::lsp::encoding::Encoding;
use cadrage::lsp::{Settings, serve};
use lsp_server::{Connection, Message, Notification, Request};
use proptest::prelude::*;
use serde_json::{Value, json};
use url::Url;

const ENCODINGS: [(Encoding, &str); 3] = [(Encoding::Utf8, "utf-8"), (Encoding::Utf16, "utf-16"), (Encoding::Utf32, "utf-32")];

/// What is typed: letters of one to four bytes, line ends of all sorts, and what the tool has something to say of.
const TYPED: &[&str] = &[
    "a",
    "é",
    "\u{1f600}",
    "e\u{301}",
    "日本",
    "\u{feff}",
    "\u{a0}",
    "\n",
    "\r\n",
    "\n\n",
    "\r",
    "œ",
    "# ",
    "## Suites\n\n",
    "- ",
    "| a | b |\n",
    "Une réponse sera apportée dans les meilleurs délais. ",
    "Un comité de suivi \u{1f600} sera mis en place.\n\n",
    "À compléter. ",
    "[XX] €",
    "<!-- cadrage: ignore moyens.budget -->",
    "<!-- cadrage: ignore redaction.engagement-flou — vu \u{1f600} -->\n\n",
    "```\n",
    "**gras** ",
    "",
];
const START: &str =
    "# Concertation sur la place \u{1f600}\n\nLa Ville invite les habitants à la concertation du 3 mai au 20 juin 2027.\n\n## Gouvernance\n\nUn comité.\n";

/// A replacement: places as fractions of the text, what is typed.
type Edit = (u16, u16, usize);

fn edits(most: usize) -> impl Strategy<Value = Vec<Edit>> {
    prop::collection::vec((any::<u16>(), 0_u16..12, 0..TYPED.len()), 1..=most)
}

fn width(name: &str, c: char) -> usize {
    match name {
        "utf-8" => c.len_utf8(),
        "utf-16" => c.len_utf16(),
        _ => 1,
    }
}

/// The place of the character at `index`, as an editor counts it.
fn place(text: &[char], index: usize, encoding: &str) -> Value {
    let (mut line, mut column) = (0, 0);
    for at in 0..index {
        let ends = text[at] == '\n' || text[at] == '\r' && text.get(at + 1) != Some(&'\n');
        if ends {
            (line, column) = (line + 1, 0);
        } else {
            column += width(encoding, text[at]);
        }
    }
    json!({ "line": line, "character": column })
}

/// Applies an edit to the client's text; the same as the protocol has it.
fn typed(text: &mut Vec<char>, edit: Edit, encoding: &str) -> Value {
    let (at, length, what) = edit;
    // no editor puts its cursor between the two halves of a line end
    let whole = |text: &[char], at: usize| if at > 0 && at < text.len() && text[at - 1] == '\r' && text[at] == '\n' { at - 1 } else { at };
    let start = whole(text, usize::from(at) * (text.len() + 1) / 65_536);
    let end = whole(text, (start + usize::from(length)).min(text.len())).max(start);
    let change = json!({ "range": { "start": place(text, start, encoding), "end": place(text, end, encoding) }, "text": TYPED[what] });
    text.splice(start..end, TYPED[what].chars());
    change
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    // 100 runs of up to 100 edits in each of three encodings: more than 10,000
    #[test]
    fn the_server_has_the_text_of_the_client(edits in edits(100)) {
        for (encoding, name) in ENCODINGS {
            let mut text: Vec<char> = START.chars().collect();
            let mut document = Document::new(START.to_owned(), 0);
            for (version, edit) in (1..).zip(&edits) {
                let change = typed(&mut text, *edit, name);
                document.apply(vec![serde_json::from_value(change).unwrap()], version, encoding);
                prop_assert_eq!(document.text(), text.iter().collect::<String>());
            }
        }
    }
}

/// A client in the same process.
struct Client {
    connection: Option<Connection>,
    server: Option<JoinHandle<std::io::Result<bool>>>,
    version: i32,
    encoding: &'static str,
    text: Vec<char>,
    uri: Url,
}

impl Client {
    fn new(encoding: &'static str, folder: &Path) -> Self {
        Self::reading(&[], encoding, folder)
    }

    /// A client that shows some formats in hovers.
    fn reading(formats: &[&str], encoding: &'static str, folder: &Path) -> Self {
        let (server, client) = Connection::memory();
        let server = std::thread::spawn(move || serve(&server, Settings::default()));
        let capabilities = json!({ "general": { "positionEncodings": [encoding] }, "textDocument": { "hover": { "contentFormat": formats } } });
        let initialize = Request::new(0.into(), "initialize".into(), json!({ "capabilities": capabilities }));
        client.sender.send(initialize.into()).unwrap();
        let Ok(Message::Response(response)) = client.receiver.recv() else { panic!("no answer") };
        assert_eq!(response.response_result.unwrap()["capabilities"]["positionEncoding"], encoding);
        let uri = Url::from_file_path(folder.join("note.md")).unwrap();
        let mut client = Self { connection: Some(client), server: Some(server), version: 0, encoding, text: START.chars().collect(), uri };
        client.notify("textDocument/didOpen", json!({ "textDocument": { "uri": client.uri, "languageId": "markdown", "version": 0, "text": START } }));
        client.diagnostics();
        client
    }

    fn notify(&self, method: &str, parameters: Value) {
        self.connection.as_ref().unwrap().sender.send(Notification::new(method.into(), parameters).into()).unwrap();
    }

    fn change(&mut self, edits: &[Edit]) {
        let changes: Vec<Value> = edits.iter().map(|edit| typed(&mut self.text, *edit, self.encoding)).collect();
        self.version += 1;
        self.notify("textDocument/didChange", json!({ "textDocument": { "uri": self.uri, "version": self.version }, "contentChanges": changes }));
    }

    /// What is shown under the pointer.
    fn hover(&self, line: u32, character: u32) -> Value {
        let connection = self.connection.as_ref().unwrap();
        let place = json!({ "textDocument": { "uri": self.uri }, "position": { "line": line, "character": character } });
        connection.sender.send(Request::new(2.into(), "textDocument/hover".into(), place).into()).unwrap();
        loop {
            let message = connection.receiver.recv_timeout(Duration::from_secs(60)).unwrap();
            if let Message::Response(response) = message {
                return response.response_result.unwrap()["contents"].clone();
            }
        }
    }

    /// What is shown of the present version.
    fn diagnostics(&mut self) -> Vec<Value> {
        loop {
            let message = self.connection.as_ref().unwrap().receiver.recv_timeout(Duration::from_secs(60)).unwrap();
            let Message::Notification(Notification { method, params }) = message else { continue };
            if method == "textDocument/publishDiagnostics" && params["uri"] == self.uri.as_str() && params["version"] == self.version {
                return params["diagnostics"].as_array().unwrap().clone();
            }
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let connection = self.connection.take().unwrap();
        let _ = connection.sender.send(Request::new(1.into(), "shutdown".into(), Value::Null).into());
        let _ = connection.sender.send(Notification::new("exit".into(), Value::Null).into());
        let left = self.server.take().unwrap().join();
        if !std::thread::panicking() {
            assert!(left.unwrap().unwrap());
        }
    }
}

/// What `cadrage check` says of a file.
fn check(folder: &Path) -> Vec<Value> {
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_cadrage"));
    for name in ["LANG", "LC_ALL"] {
        command.env_remove(name);
    }
    let output = command.current_dir(folder).args(["check", "--format", "json", "note.md"]).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    report["dossiers"][0]["diagnostics"].as_array().unwrap().clone()
}

#[test]
fn a_hover_is_plain_text_for_who_prefers_it() {
    let folder = tempfile::tempdir().unwrap();
    for (formats, kind) in [(&[] as &[&str], "plaintext"), (&["plaintext", "markdown"], "plaintext"), (&["markdown", "plaintext"], "markdown")] {
        let shown = Client::reading(formats, "utf-16", folder.path()).hover(4, 5);
        let text = shown["value"].as_str().unwrap();
        assert_eq!(shown["kind"], kind, "{text}");
        assert!(text.contains("Gouvernance") || text.contains("gouvernance."), "{text}");
        let marks = ["**", "](", "---", "`", "&#"];
        assert_eq!(marks.iter().any(|mark| text.contains(mark)), kind == "markdown", "{text}");
    }
}

#[test]
fn the_same_diagnostics_as_check_in_every_encoding() {
    let folder = tempfile::tempdir().unwrap();
    let clients: Vec<Client> = ENCODINGS.iter().map(|(_, name)| Client::new(name, folder.path())).collect();
    let clients = RefCell::new(clients);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() });
    let run = runner.run(&edits(12), |edits| {
        let mut clients = clients.borrow_mut();
        for client in clients.iter_mut() {
            client.change(&edits);
        }
        let text: String = clients[0].text.iter().collect();
        fs::write(folder.path().join("note.md"), &text).unwrap();
        let told = check(folder.path());
        for client in clients.iter_mut() {
            let shown = client.diagnostics();
            prop_assert_eq!(shown.len(), told.len());
            for (shown, told) in shown.iter().zip(&told) {
                prop_assert_eq!(&shown["code"], &told["id"]);
                let sentence = told["message"].as_str().unwrap().trim_end_matches('.');
                prop_assert!(shown["message"].as_str().unwrap().starts_with(sentence));
                prop_assert_eq!(&shown["data"]["fingerprint"], &told["fingerprint"]);
                let severity = match told["severity"].as_str().unwrap() {
                    // nobody said that the file is a dossier
                    _ if told["id"] == "dossier.hors-champ" => 4,
                    "error" => 1,
                    "warning" => 2,
                    _ => 3,
                };
                prop_assert_eq!(&shown["severity"], severity);
                for end in ["start", "end"] {
                    let offset = told[end]["offset"].as_u64().unwrap() as usize;
                    let index = text[..offset].chars().count();
                    prop_assert_eq!(&shown["range"][end], &place(&client.text, index, client.encoding), "{} of {}", end, told["id"]);
                }
            }
        }
        Ok(())
    });
    run.unwrap_or_else(|error| panic!("{error}"));
}
