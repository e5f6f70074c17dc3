//! From a keystroke to the diagnostics, on a dossier of ten pages (30,000 characters) in three files: the share that is assessment,
//! and the whole with and without the pause that the server waits for.

#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::path::Path;
use std::time::Duration;

use cadrage::config::Loaded;
use cadrage::dossier::Loader;
use cadrage::lang::Lang;
use cadrage::lsp::{Settings, serve};
use cadrage::session::{Asked, Session};
use divan::Bencher;
use lsp_server::{Connection, Message, Notification, Request};
use serde_json::{Value, json};
use url::Url;

fn main() {
    divan::main();
}

const FILES: [&str; 3] = ["README.md", "calendrier.md", "regles.md"];
/// Ten pages, shared among the files.
const CHARACTERS: usize = 30_000;

/// The fixtures one after the other, cut at the size wanted.
fn dossier(folder: &Path) {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let names = ["jury-eau.md", "concertation-gare.md", "consultation-ecole.md", "lettre-mission.md", "atelier-pdf.md"];
    let whole: String = names.iter().map(|name| fs::read_to_string(fixtures.join(name)).unwrap() + "\n\n").collect();
    let mut lines = whole.split_inclusive('\n').cycle();
    for name in FILES {
        let mut text = String::new();
        while text.chars().count() < CHARACTERS / FILES.len() {
            text.push_str(lines.next().unwrap());
        }
        fs::write(folder.join(name), text).unwrap();
    }
}

#[divan::bench(sample_count = 100)]
fn assessment(bencher: Bencher) {
    let root = tempfile::tempdir().unwrap();
    dossier(root.path());
    let session = Session::open(Loaded::default(), &[], Lang::Fr, Asked::default()).unwrap();
    let path = root.path().to_string_lossy().into_owned();
    bencher.bench(|| session.assess(Loader::default().load(&path, None).unwrap().0, None));
}

#[divan::bench(sample_count = 100)]
fn keystroke_to_answer(bencher: Bencher) {
    let client = Client::new();
    let mut number = 0;
    bencher.bench_local(|| {
        number += 1;
        client.type_a_letter(number);
        let request = json!({ "textDocument": { "uri": client.uri } });
        client.connection.sender.send(Request::new(number.into(), "textDocument/documentSymbol".into(), request).into()).unwrap();
        client.until(|message| matches!(message, Message::Response(response) if response.id == number.into()));
    });
}

#[divan::bench(sample_count = 30)]
fn keystroke_to_diagnostics(bencher: Bencher) {
    let client = Client::new();
    let mut number = 0;
    bencher.bench_local(|| {
        number += 1;
        client.type_a_letter(number);
        client.shown(number);
    });
}

struct Client {
    connection: Connection,
    uri: Url,
    _root: tempfile::TempDir,
}

impl Client {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("notes");
        fs::create_dir(&folder).unwrap();
        dossier(&folder);
        fs::write(root.path().join("cadrage.toml"), "dossiers = [\"*\"]\n").unwrap();
        let (server, connection) = Connection::memory();
        std::thread::spawn(move || serve(&server, Settings::default()));
        let uri = Url::from_file_path(folder.join(FILES[1])).unwrap();
        let client = Self { connection, uri, _root: root };
        let initialize = json!({ "capabilities": { "general": { "positionEncodings": ["utf-16"] } } });
        client.connection.sender.send(Request::new(0.into(), "initialize".into(), initialize).into()).unwrap();
        let text = fs::read_to_string(folder.join(FILES[1])).unwrap();
        client.notify("textDocument/didOpen", json!({ "textDocument": { "uri": client.uri, "languageId": "markdown", "version": 0, "text": text } }));
        client.shown(0);
        client
    }

    fn notify(&self, method: &str, parameters: Value) {
        self.connection.sender.send(Notification::new(method.into(), parameters).into()).unwrap();
    }

    /// A letter, then the same taken back.
    fn type_a_letter(&self, version: i32) {
        let (end, text) = if version % 2 == 1 { (0, "x") } else { (1, "") };
        let range = json!({ "start": { "line": 8, "character": 0 }, "end": { "line": 8, "character": end } });
        let id = json!({ "uri": self.uri, "version": version });
        self.notify("textDocument/didChange", json!({ "textDocument": id, "contentChanges": [{ "range": range, "text": text }] }));
    }

    fn until(&self, wanted: impl Fn(&Message) -> bool) {
        while !wanted(&self.connection.receiver.recv_timeout(Duration::from_secs(60)).unwrap()) {}
    }

    fn shown(&self, version: i32) {
        let ours = |parameters: &Value| parameters["uri"] == self.uri.as_str() && parameters["version"] == version;
        self.until(|m| matches!(m, Message::Notification(n) if n.method == "textDocument/publishDiagnostics" && ours(&n.params)));
    }
}
