//! An editor at work on a folder: files are opened, closed and repaired.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use std::collections::HashMap;
use std::fs;
use std::thread::JoinHandle;
use std::time::Duration;

use cadrage::lsp::{Settings, serve};
use lsp_server::{Connection, Message, Notification, Request};
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
    /// By address, what is shown.
    shown: HashMap<String, Vec<Value>>,
}

impl Editor {
    fn new(files: &[(&str, &str)]) -> Self {
        let (server, client) = Connection::memory();
        let server = std::thread::spawn(move || serve(&server, Settings::default()));
        let folder = common::binary::folder(files);
        let mut editor = Self { connection: Some(client), server: Some(server), folder, asked: 0, shown: HashMap::new() };
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
        if let Message::Notification(Notification { method, params }) = &message
            && method == "textDocument/publishDiagnostics"
        {
            self.shown.insert(params["uri"].as_str().unwrap().to_owned(), params["diagnostics"].as_array().unwrap().clone());
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
        self.tell("textDocument/didOpen", json!({ "textDocument": { "uri": self.uri(name), "languageId": "markdown", "version": 0, "text": text } }));
    }

    fn close(&self, name: &str) {
        self.tell("textDocument/didClose", json!({ "textDocument": { "uri": self.uri(name) } }));
    }

    /// A file on the disk has changed.
    fn saved(&self, name: &str) {
        self.tell("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": self.uri(name), "type": 2 }] }));
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

fn has(id: &str) -> impl Fn(&[Value]) -> bool {
    move |shown: &[Value]| shown.iter().any(|d| d["code"] == id)
}

const OWN: &str = r#"
id = "moyens.salle"
order = 90
severity = "warning"
title = { fr = "Salle", en = "Room" }
asks = { fr = "Le lieu.", en = "The place." }
why = { fr = "Pour venir.", en = "To come." }
missing = { fr = "Le lieu manque.", en = "The place is missing." }
unclear = { fr = "Le lieu est vague.", en = "The place is vague." }
help = { fr = "Dites où.", en = "Say where." }
model = { fr = "La réunion se tient salle [nom].", en = "The meeting is in room [name]." }

[[satisfied_by]]
any = ["salle"]
"#;

#[test]
fn checks_that_are_repaired_are_read_again() {
    let mut editor =
        Editor::new(&[("cadrage.toml", "checks = [\"criteres\"]\n"), ("criteres/moyens/salle.toml", "id = \"moyens.salle\"\n"), ("note.md", NOTE)]);
    editor.open("note.md", NOTE);
    assert_eq!(editor.shown("criteres/moyens/salle.toml", |shown| !shown.is_empty()).len(), 1);
    editor.write("criteres/moyens/salle.toml", OWN);
    editor.saved("criteres/moyens/salle.toml");
    let gaps = editor.shown("note.md", has("moyens.salle"));
    assert!(has("moyens.salle")(&gaps), "{gaps:?}");
    assert_eq!(editor.shown("criteres/moyens/salle.toml", <[Value]>::is_empty), [Value::Null; 0]);
    // another folder, at fault, then taken away
    editor.write("cadrage.toml", "checks = [\"autres\"]\nbaseline = \"connu.json\"\n");
    editor.saved("cadrage.toml");
    assert_eq!(editor.shown("cadrage.toml", |shown| !shown.is_empty()).len(), 1);
    fs::create_dir_all(editor.folder.path().join("autres/moyens")).unwrap();
    editor.write("autres/moyens/salle.toml", &OWN.replace("salle", "lieu"));
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
