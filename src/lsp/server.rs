//! The server: what is open, what is to be assessed, who waits for it. Assessments are made by another thread; everything here is
//! quick.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, never, unbounded};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProvider, CodeLensOptions, CompletionOptions, Diagnostic, DidChangeTextDocumentParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams, DocumentSymbolProvider, ExecuteCommandOptions, HoverProvider,
    InitializeResult, MessageType, Position, PublishDiagnosticsParams, Range, Save, SaveOptions, ServerCapabilities, ServerInfo,
    TextDocumentContentChangeEvent, TextDocumentIdentifier, TextDocumentSync, TextDocumentSyncKind, TextDocumentSyncOptions,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use url::Url;

use super::addresses::{Addresses, file_of};
use super::concern::concerns;
use super::document::Document;
use super::roots::{Configurations, Home, Root, home, left_out};
use super::scene::{Client, OpenFile, Scene, trouble};
use super::work::{Analysis, Desk, Job, Outcome, Settings, Trouble, broken};
use super::{actions, completion, hover, outline};
use crate::config::nearest_file;
use crate::dossier::{Unsaved, is_first};
use crate::lang::Lang;

/// How long nothing must be typed before a dossier is assessed.
const PAUSE: Duration = Duration::from_millis(120);
/// How long changes may go unassessed while someone types on.
const LONGEST: Duration = Duration::from_secs(1);

const COMPLETION: &str = "textDocument/completion";
const ACTIONS: &str = "textDocument/codeAction";

/// An open document.
struct Open {
    document: Document,
    /// Its file; `None` for what is in none.
    path: Option<PathBuf>,
    home: Home,
}

/// An open document of which nothing is said.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Aside {
    /// It is none to assess.
    Foreign,
    /// A change of it could not be read: what it holds is not known until it is sent whole. The version is the last one told.
    Lost(i32),
}

/// What is known of a dossier.
#[derive(Default)]
struct State {
    /// The number of the present state of its texts.
    revision: u64,
    /// When it is to be assessed; `None` when nothing has changed, or when it is being assessed.
    due: Option<Instant>,
    /// The first change that nothing shown takes into account.
    unseen: Option<Instant>,
    /// The assessment under way.
    running: Option<Running>,
    /// The state last assessed.
    assessed: Option<u64>,
    /// The versions of the open documents in that state.
    versions: HashMap<Url, i32>,
    analysis: Option<Arc<Analysis>>,
    troubles: Vec<Trouble>,
    /// What is said of each file, by address.
    said: BTreeMap<Url, Said>,
    /// The lenses that the client has been given to ask for.
    scores: Value,
    /// Requests that wait for an assessment.
    waiting: Vec<Waiting>,
}

/// What the other thread is at.
struct Running {
    revision: u64,
    versions: HashMap<Url, i32>,
    since: Instant,
}

/// A request, and the text that it asks about.
struct Waiting {
    request: Request,
    uri: Url,
    /// The state of the dossier when it came. An assessment of that state or a later one is of the same text: at each change of the
    /// text, what no such assessment is under way for is refused.
    revision: u64,
}

impl State {
    /// Takes out the requests that are `wanted`.
    fn take(&mut self, wanted: impl Fn(&Waiting) -> bool) -> Vec<Waiting> {
        self.waiting.extract_if(.., |waiting| wanted(waiting)).collect()
    }
}

/// What a dossier has to say of a file.
#[derive(Default)]
struct Said {
    /// The version assessed; `None` for a file that is not open.
    version: Option<i32>,
    /// Of a file of the dossier.
    gaps: Vec<Diagnostic>,
    /// Of what cannot be read, which several dossiers may have in common.
    faults: Vec<Diagnostic>,
}

/// The server, once initialised.
struct Server {
    out: Sender<Message>,
    client: Client,
    lang: Lang,
    /// The folders that the client has open.
    folders: Vec<PathBuf>,
    configurations: Configurations,
    documents: HashMap<Url, Open>,
    aside: HashMap<Url, Aside>,
    addresses: Addresses,
    dossiers: BTreeMap<Root, State>,
    /// Whether a text has changed that tells which files make a dossier.
    homes_changed: bool,
    jobs: Sender<Job>,
    /// Whether the other thread has a job.
    busy: bool,
    requests: i32,
    leaving: bool,
}

/// Serves one client until it leaves; whether it left as the protocol wants it to: `shutdown`, then `exit`.
///
/// # Errors
/// When the threads cannot be had.
pub fn serve(connection: &Connection, mut settings: Settings) -> std::io::Result<bool> {
    let Some(parameters) = initialise(connection) else { return Ok(false) };
    let client = Client::read(&parameters);
    let stated = parameters.pointer("/initializationOptions/lang").and_then(Value::as_str);
    let unknown = stated.filter(|name| !name.is_empty() && name.parse::<Lang>().is_err());
    settings.lang = stated.and_then(|name| name.parse().ok()).or(settings.lang);
    let lang = settings.lang.unwrap_or(settings.default_lang);
    let (jobs, todo) = unbounded::<Job>();
    let (done, outcomes) = unbounded();
    let worker = thread::Builder::new().name("assessor".into()).stack_size(16 << 20).spawn(move || {
        let mut desk = Desk::new(settings);
        for job in todo {
            // a server that has gone wants no more
            if done.send(desk.assess(job)).is_err() {
                break;
            }
        }
    })?;
    let server = Server {
        out: connection.sender.clone(),
        client,
        lang,
        folders: folders(&parameters),
        configurations: Configurations::default(),
        documents: HashMap::new(),
        aside: HashMap::new(),
        addresses: Addresses::default(),
        dossiers: BTreeMap::new(),
        homes_changed: false,
        jobs,
        busy: false,
        requests: 0,
        leaving: false,
    };
    if let Some(name) = unknown {
        server.log(MessageType::Warning, &format!("initializationOptions.lang: unknown language: {name}"));
    }
    let properly = server.run(&connection.receiver, &outcomes);
    // the worker ends with the sender of its jobs; what it holds, temporary files among it, is dropped
    drop(worker.join());
    Ok(properly)
}

/// Answers until the client has initialised; its parameters, unless it leaves before.
fn initialise(connection: &Connection) -> Option<Value> {
    loop {
        match connection.receiver.recv().ok()? {
            Message::Request(request) if request.method == "initialize" => {
                let encoding = Client::read(&request.params).encoding;
                let result = InitializeResult {
                    capabilities: capabilities(encoding),
                    server_info: Some(ServerInfo { name: "cadrage".into(), version: Some(env!("CARGO_PKG_VERSION").into()) }),
                };
                connection.sender.send(Response::new_ok(request.id, result).into()).ok()?;
                return Some(request.params);
            }
            Message::Request(request) => {
                let error = Response::new_err(request.id, ErrorCode::ServerNotInitialized as i32, "initialize comes first".into());
                connection.sender.send(error.into()).ok()?;
            }
            Message::Notification(notification) if notification.method == "exit" => return None,
            Message::Notification(_) | Message::Response(_) => {}
        }
    }
}

fn capabilities(encoding: super::encoding::Encoding) -> ServerCapabilities {
    let sync = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::Incremental),
        // a text that was lost is found again when it is saved
        save: Some(Save::SaveOptions(SaveOptions { include_text: Some(true) })),
        ..TextDocumentSyncOptions::default()
    };
    let kinds = vec![CodeActionKind::QuickFix, CodeActionKind::new(actions::SKELETONS)];
    let triggers = [":", " ", ".", ",", "-", "\""].map(str::to_owned).to_vec();
    ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(TextDocumentSync::Options(sync)),
        hover_provider: Some(HoverProvider::Bool(true)),
        code_action_provider: Some(CodeActionProvider::CodeActionOptions(CodeActionOptions { code_action_kinds: Some(kinds), ..CodeActionOptions::default() })),
        completion_provider: Some(CompletionOptions { trigger_characters: Some(triggers), ..CompletionOptions::default() }),
        document_symbol_provider: Some(DocumentSymbolProvider::Bool(true)),
        code_lens_provider: Some(CodeLensOptions::default()),
        execute_command_provider: Some(ExecuteCommandOptions { commands: vec![actions::EXPLAIN.to_owned()], ..ExecuteCommandOptions::default() }),
        ..ServerCapabilities::default()
    }
}

/// The folders of the workspace.
fn folders(parameters: &Value) -> Vec<PathBuf> {
    let several = parameters.pointer("/workspaceFolders").and_then(Value::as_array).into_iter().flatten().filter_map(|folder| folder["uri"].as_str());
    let uris = several.chain(parameters.get("rootUri").and_then(Value::as_str));
    uris.filter_map(|uri| file_of(&Url::parse(uri).ok()?)).collect()
}

/// The place that a request is about; its other parameters are of no concern.
#[derive(Deserialize)]
struct Place {
    position: Position,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Whole {
    text_document: TextDocumentIdentifier,
}

/// Without the diagnostics that the client sends back: the server knows them.
#[derive(Deserialize)]
struct Passage {
    range: Range,
    #[serde(default)]
    context: Context,
}

#[derive(Deserialize, Default)]
struct Context {
    #[serde(default)]
    only: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Call {
    command: String,
    #[serde(default)]
    arguments: Vec<Value>,
}

/// Why a request gets no result.
struct Refusal(ErrorCode, String);

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Self {
        Self(ErrorCode::InvalidParams, error.to_string())
    }
}

impl Server {
    fn run(mut self, messages: &Receiver<Message>, outcomes: &Receiver<Outcome>) -> bool {
        self.watch();
        loop {
            self.dispatch();
            let timer = self.next_due().map_or_else(never, crossbeam_channel::at);
            crossbeam_channel::select! {
                recv(messages) -> message => match message {
                    Ok(Message::Notification(notification)) if notification.method == "exit" => return self.leaving,
                    Ok(Message::Notification(notification)) => self.notified(notification),
                    Ok(Message::Request(request)) => self.asked(request),
                    Ok(Message::Response(_)) => {}
                    // the client has gone
                    Err(_) => return self.leaving,
                },
                recv(outcomes) -> outcome => match outcome {
                    Ok(outcome) => self.assessed(outcome),
                    Err(_) => return self.leaving,
                },
                recv(timer) -> _ => {}
            }
        }
    }

    // --- what is said to the client

    fn send(&self, message: impl Into<Message>) {
        // a client that has gone is noticed by whoever reads
        let _ = self.out.send(message.into());
    }

    fn notify(&self, method: &str, parameters: impl serde::Serialize) {
        self.send(Notification::new(method.to_owned(), parameters));
    }

    fn request(&mut self, method: &str, parameters: Value) {
        self.requests += 1;
        self.send(Request::new(format!("cadrage-{}", self.requests).into(), method.to_owned(), parameters));
    }

    fn log(&self, kind: MessageType, message: &str) {
        self.notify("window/logMessage", json!({ "type": kind, "message": message }));
    }

    /// Has the client tell of the files that matter.
    fn watch(&mut self) {
        if self.client.watches {
            let globs = ["**/*.{md,markdown}", "**/cadrage.toml", "**/*.toml", "**/cadrage-baseline.json", "**/.cadrageignore"];
            let watchers: Vec<Value> = globs.iter().map(|glob| json!({ "globPattern": glob })).collect();
            let registration = json!({ "id": "files", "method": "workspace/didChangeWatchedFiles", "registerOptions": { "watchers": watchers } });
            self.request("client/registerCapability", json!({ "registrations": [registration] }));
        }
    }

    // --- what the client tells

    fn notified(&mut self, notification: Notification) {
        let method = notification.method;
        let done = match method.as_str() {
            "textDocument/didOpen" => parsed(notification.params).map(|p| self.opened(p)),
            "textDocument/didChange" => self.changed_or_lost(notification.params),
            "textDocument/didClose" => parsed(notification.params).map(|p| self.closed(&p)),
            "textDocument/didSave" => parsed(notification.params).map(|p| self.saved(p)),
            "workspace/didChangeWatchedFiles" | "workspace/didChangeConfiguration" => {
                self.surroundings_changed();
                Ok(())
            }
            "$/cancelRequest" => {
                self.cancelled(&notification.params);
                Ok(())
            }
            // what is not known may be ignored, and must be when its name begins with « $/ »
            _ => Ok(()),
        };
        if let Err(Refusal(_, error)) = done {
            self.log(MessageType::Error, &format!("{method}: {error}"));
        }
    }

    fn opened(&mut self, parameters: DidOpenTextDocumentParams) {
        let item = parameters.text_document;
        let path = file_of(&item.uri);
        if let Some(path) = &path {
            self.spelt(path, &item.uri);
        }
        if concerns(&item.uri, path.as_deref(), &item.language_id.to_string()) {
            self.taken(item.uri, path, Document::new(item.text, item.version));
        } else {
            self.aside.insert(item.uri, Aside::Foreign);
        }
    }

    /// The client has its own spelling of the address of a file: what is said under another one is said under that one.
    fn spelt(&mut self, path: &Path, uri: &Url) {
        let Some(before) = self.addresses.note(path, uri) else { return };
        let mut any = false;
        for state in self.dossiers.values_mut() {
            if let Some(said) = state.said.remove(&before) {
                state.said.insert(uri.clone(), said);
                any = true;
            }
        }
        if any {
            // taken back first: to a client that decodes addresses the two are one, and the last list is the one shown
            self.publish(before);
            self.publish(uri.clone());
        }
    }

    /// Takes a document among those that are assessed.
    fn taken(&mut self, uri: Url, path: Option<PathBuf>, document: Document) {
        let home = self.home(&uri, path.as_deref());
        let root = home.root.clone();
        self.documents.insert(uri, Open { document, path, home });
        // the file may make its neighbours part of a dossier, or may have been shown by another one
        self.find_homes();
        self.touch(&root, Duration::ZERO);
    }

    /// Without a change that cannot be read, those that follow would be made in the wrong text.
    fn changed_or_lost(&mut self, parameters: Value) -> Result<(), Refusal> {
        let uri = parameters.pointer("/textDocument/uri").and_then(Value::as_str).and_then(|uri| Url::parse(uri).ok());
        let read = parsed(parameters).map(|p| self.changed(p));
        if read.is_err() {
            // any document may be the one that changed, where it is not told which
            let open: Vec<Url> = self.documents.keys().filter(|open| uri.as_ref().is_none_or(|uri| uri == *open)).cloned().collect();
            open.iter().for_each(|uri| self.lose(uri));
        }
        read
    }

    fn lose(&mut self, uri: &Url) {
        let Some(version) = self.documents.get(uri).map(|open| open.document.version) else { return };
        self.aside.insert(uri.clone(), Aside::Lost(version));
        self.left(uri);
        self.publish(uri.clone());
        self.log(MessageType::Error, &format!("{uri}: a change could not be read; nothing is said of this text until it is saved, or opened again"));
    }

    /// The text of a document that was lost is known again.
    fn found(&mut self, uri: Url, document: Document) {
        self.aside.remove(&uri);
        let path = file_of(&uri);
        self.taken(uri, path, document);
    }

    fn saved(&mut self, parameters: DidSaveTextDocumentParams) {
        let uri = parameters.text_document.uri;
        if let (Some(Aside::Lost(version)), Some(text)) = (self.aside.get(&uri).copied(), parameters.text) {
            self.found(uri, Document::new(text, version));
        }
        self.surroundings_changed();
    }

    /// A change of a document that is set aside: one that sends the whole text makes a lost one known again.
    fn changed_aside(&mut self, uri: Url, aside: Aside, version: i32, changes: Vec<TextDocumentContentChangeEvent>) {
        if aside == Aside::Foreign {
            return;
        }
        self.aside.insert(uri.clone(), Aside::Lost(version));
        let whole = |change: &TextDocumentContentChangeEvent| matches!(change, TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(_));
        if let Some(known) = changes.iter().rposition(whole) {
            let mut document = Document::new(String::new(), version);
            document.apply(changes.into_iter().skip(known).collect(), version, self.client.encoding);
            self.found(uri, document);
        }
    }

    fn changed(&mut self, parameters: DidChangeTextDocumentParams) {
        let encoding = self.client.encoding;
        let id = parameters.text_document;
        let uri = id.text_document_identifier.uri;
        if let Some(aside) = self.aside.get(&uri).copied() {
            return self.changed_aside(uri, aside, id.version, parameters.content_changes);
        }
        let Some(open) = self.documents.get_mut(&uri) else {
            return self.log(MessageType::Warning, &format!("{uri}: not open"));
        };
        open.document.apply(parameters.content_changes, id.version, encoding);
        self.homes_changed |= open.path.as_deref().is_some_and(is_first);
        let root = open.home.root.clone();
        self.outdate(&uri, &root);
        self.touch(&root, PAUSE);
    }

    /// What was asked about a text that has changed, and that is not being assessed as it was, is answered no more.
    fn outdate(&mut self, uri: &Url, root: &Root) {
        let Some(state) = self.dossiers.get_mut(root) else { return };
        let running = state.running.as_ref().map(|running| running.revision);
        let outdated = state.take(|waiting| waiting.uri == *uri && running.is_none_or(|running| running < waiting.revision));
        for waiting in outdated {
            self.refuse(waiting.request.id, &modified());
        }
    }

    fn closed(&mut self, parameters: &DidCloseTextDocumentParams) {
        let uri = &parameters.text_document.uri;
        self.aside.remove(uri);
        self.left(uri);
    }

    /// A document is no longer what the editor holds.
    fn left(&mut self, uri: &Url) {
        let path = file_of(uri);
        let before = self.documents.remove(uri).map(|open| open.home.root);
        self.find_homes();
        self.forget_empty();
        // from now on the file is what the disk has
        let others = self.dossiers.keys().filter(|root| path.as_deref().is_some_and(|path| root.holds(path)));
        let concerned: BTreeSet<Root> = others.cloned().chain(before).collect();
        concerned.iter().for_each(|root| self.touch(root, Duration::ZERO));
    }

    /// Files on the disk have changed: any dossier may be another one, or say something else.
    fn surroundings_changed(&mut self) {
        self.find_homes();
        let roots: Vec<Root> = self.dossiers.keys().cloned().collect();
        roots.iter().for_each(|root| self.touch(root, Duration::ZERO));
    }

    fn cancelled(&mut self, parameters: &Value) {
        let Ok(id) = serde_json::from_value::<RequestId>(parameters["id"].clone()) else { return };
        // one that has been answered cannot be cancelled
        let cancelled: Vec<Waiting> = self.dossiers.values_mut().flat_map(|state| state.take(|waiting| waiting.request.id == id)).collect();
        for waiting in cancelled {
            self.refuse(waiting.request.id, &Refusal(ErrorCode::RequestCanceled, "cancelled".to_owned()));
        }
    }

    // --- dossiers

    fn home(&mut self, uri: &Url, path: Option<&Path>) -> Home {
        let Some(path) = path else {
            return Home { root: Root::Untitled(uri.clone()), config: self.folders.first().and_then(|folder| nearest_file(folder)), named: false };
        };
        let documents = &self.documents;
        let text = |file: &Path| documents.values().find(|open| open.path.as_deref() == Some(file)).map(|open| open.document.text().to_owned());
        home(path, &mut self.configurations, text)
    }

    /// Finds again which dossier each open file belongs to.
    fn find_homes(&mut self) {
        let open: Vec<(Url, Option<PathBuf>)> = self.documents.iter().map(|(uri, open)| (uri.clone(), open.path.clone())).collect();
        for (uri, path) in open {
            let home = self.home(&uri, path.as_deref());
            let Some(open) = self.documents.get_mut(&uri) else { continue };
            if open.home != home {
                let root = home.root.clone();
                let before = std::mem::replace(&mut open.home, home).root;
                self.touch(&root, Duration::ZERO);
                self.moved(&uri, &before, &root);
            }
        }
        self.forget_empty();
    }

    /// What was asked about a document is for its new dossier to answer.
    fn moved(&mut self, uri: &Url, before: &Root, after: &Root) {
        let moved = self.dossiers.get_mut(before).filter(|_| before != after).map(|state| state.take(|waiting| waiting.uri == *uri));
        let Some(state) = self.dossiers.get_mut(after) else { return };
        let revision = state.revision;
        state.waiting.extend(moved.into_iter().flatten().map(|waiting| Waiting { revision, ..waiting }));
    }

    /// The dossiers none of whose files is open are shown no longer.
    fn forget_empty(&mut self) {
        let live: BTreeSet<&Root> = self.documents.values().map(|open| &open.home.root).collect();
        let dead: Vec<Root> = self.dossiers.keys().filter(|root| !live.contains(root)).cloned().collect();
        for root in dead {
            let Some(state) = self.dossiers.remove(&root) else { continue };
            for uri in state.said.into_keys() {
                self.publish(uri);
            }
            for waiting in state.waiting {
                self.send(Response::new_ok(waiting.request.id, Value::Null));
            }
        }
    }

    /// The dossier is to be assessed, when nothing more has happened for `pause`; without delay when it has been waited for long
    /// enough, or when someone asks.
    fn touch(&mut self, root: &Root, pause: Duration) {
        if self.documents.values().any(|open| open.home.root == *root) {
            let now = Instant::now();
            let state = self.dossiers.entry(root.clone()).or_default();
            state.revision += 1;
            let latest = *state.unseen.get_or_insert(now) + LONGEST;
            let due = if state.waiting.is_empty() { now + pause } else { now };
            state.due = Some(due.min(latest));
        }
    }

    fn next_due(&self) -> Option<Instant> {
        if self.busy { None } else { self.dossiers.values().filter_map(|state| state.due).min() }
    }

    /// The dossier to assess now, if there is one and the other thread is free.
    fn next(&self) -> Option<Root> {
        let now = Instant::now();
        let due = self.dossiers.iter().filter(|(_, state)| state.due.is_some_and(|due| due <= now)).min_by_key(|(_, state)| state.due);
        due.map(|(root, _)| root.clone()).filter(|_| !self.busy)
    }

    /// Gives the other thread the dossier that is due.
    fn dispatch(&mut self) {
        let Some(mut root) = self.next() else { return };
        if std::mem::take(&mut self.homes_changed) {
            self.find_homes();
            let Some(now) = self.next() else { return };
            root = now;
        }
        let home = self.documents.values().find(|open| open.home.root == root).map(|open| open.home.clone());
        let mut unsaved = Unsaved::new();
        let mut versions = HashMap::new();
        for (uri, open) in &self.documents {
            let name = match &open.path {
                Some(path) if root.holds(path) && !left_out(path, &root) => path.clone(),
                None if open.home.root == root => uri.path().into(),
                _ => continue,
            };
            unsaved.insert(name, open.document.text().to_owned());
            versions.insert(uri.clone(), open.document.version);
        }
        let Some(state) = self.dossiers.get_mut(&root) else { return };
        state.due = None;
        let Some(home) = home else { return };
        state.running = Some(Running { revision: state.revision, versions, since: Instant::now() });
        let job = Job { home, unsaved };
        self.busy = self.jobs.send(job).is_ok();
    }

    fn assessed(&mut self, outcome: Outcome) {
        self.busy = false;
        if outcome.broken {
            self.log(MessageType::Error, broken(self.lang));
            self.notify("window/showMessage", json!({ "type": MessageType::Error, "message": broken(self.lang) }));
        }
        let Some(state) = self.dossiers.get_mut(&outcome.root) else { return };
        // a dossier that was closed in between, and opened again, has asked for nothing yet
        let Some(running) = state.running.take() else { return };
        let current = state.revision == running.revision;
        // what has been typed since will be assessed in its turn; until then the places of the earlier text are shown only to who has
        // been typing for long, under the version that they are of
        let shown = current || state.unseen.is_some_and(|since| since.elapsed() >= LONGEST);
        let answered = state.take(|waiting| waiting.revision <= running.revision);
        if !shown && answered.is_empty() {
            return;
        }
        state.assessed = Some(running.revision);
        state.versions = running.versions;
        state.analysis = outcome.analysis;
        state.troubles = outcome.troubles;
        if shown {
            state.unseen = (!current).then_some(running.since);
            self.show(&outcome.root);
        }
        for waiting in answered {
            self.answer(waiting.request, current);
        }
    }

    // --- diagnostics

    /// Shows what the dossiers say of a file, each thing once.
    fn publish(&self, uri: Url) {
        let (mut version, mut diagnostics) = (None, Vec::new());
        for (root, state) in &self.dossiers {
            let Some(said) = state.said.get(&uri) else { continue };
            // an open file is shown by its own dossier
            let own = self.documents.get(&uri).is_none_or(|open| open.home.root == *root);
            if own || version.is_none() {
                version = said.version;
            }
            for diagnostic in said.gaps.iter().filter(|_| own).chain(&said.faults) {
                if !diagnostics.contains(diagnostic) {
                    diagnostics.push(diagnostic.clone());
                }
            }
        }
        // what the disk has is not what the editor shows
        if matches!(self.aside.get(&uri), Some(Aside::Lost(_))) {
            (version, diagnostics) = (None, Vec::new());
        }
        self.notify("textDocument/publishDiagnostics", PublishDiagnosticsParams { uri, version, diagnostics });
    }

    /// Where the client has a file open, and as what.
    fn open_file(&self, path: &str, root: &Root) -> Option<OpenFile> {
        if let Root::Untitled(uri) = root {
            return Some(OpenFile { uri: uri.clone(), version: self.version(uri, root) });
        }
        let uri = self.addresses.of(Path::new(path))?;
        let version = self.version(&uri, root);
        Some(OpenFile { uri, version })
    }

    /// The version of an open document that its dossier was last assessed with.
    fn version(&self, uri: &Url, root: &Root) -> Option<i32> {
        self.dossiers.get(root)?.versions.get(uri).copied()
    }

    fn open_files(&self, analysis: &Analysis, root: &Root) -> Option<Vec<OpenFile>> {
        analysis.report.dossier.files.iter().map(|file| self.open_file(&file.path, root)).collect()
    }

    /// Publishes what is said of the files of a dossier, and takes back what is no longer said.
    fn show(&mut self, root: &Root) {
        let Some(state) = self.dossiers.get(root) else { return };
        let (analysis, troubles) = (state.analysis.clone(), state.troubles.clone());
        let mut said: BTreeMap<Url, Said> = BTreeMap::new();
        let mut scores = Value::Null;
        if let Some(analysis) = &analysis {
            let Some(files) = self.open_files(analysis, root) else { return };
            let scene = Scene { analysis, files: &files, client: self.client };
            for (shown, number) in files.iter().zip(0..) {
                // an open file is shown by its own dossier
                if self.documents.get(&shown.uri).is_none_or(|open| open.home.root == *root) {
                    let file = crate::text::FileId(number);
                    said.insert(shown.uri.clone(), Said { version: shown.version, gaps: scene.diagnostics(file), faults: Vec::new() });
                    scores = match outline::lenses(&scene, file).as_slice() {
                        [] => scores,
                        lenses => json!(lenses.iter().filter_map(|lens| lens.command.as_ref()).map(|command| &command.title).collect::<Vec<_>>()),
                    };
                }
            }
        }
        for at_fault in &troubles {
            let Some(OpenFile { uri, version }) = self.open_file(&at_fault.path.to_string_lossy(), root) else { continue };
            said.entry(uri).or_insert(Said { version, ..Said::default() }).faults.push(trouble(at_fault, self.client.encoding));
        }
        let Some(state) = self.dossiers.get_mut(root) else { return };
        let mut concerned: BTreeSet<Url> = said.keys().cloned().collect();
        concerned.extend(std::mem::replace(&mut state.said, said).into_keys());
        let refresh = self.client.lens_refresh && state.scores != scores && !state.scores.is_null();
        state.scores = scores;
        for uri in concerned {
            self.publish(uri);
        }
        if refresh {
            self.request("workspace/codeLens/refresh", Value::Null);
        }
    }

    // --- what the client asks

    fn asked(&mut self, request: Request) {
        if self.leaving {
            return self.refuse(request.id, &Refusal(ErrorCode::InvalidRequest, "shutting down".to_owned()));
        }
        match request.method.as_str() {
            "initialize" => self.refuse(request.id, &Refusal(ErrorCode::InvalidRequest, "already initialised".to_owned())),
            "shutdown" => {
                self.leaving = true;
                self.send(Response::new_ok(request.id, Value::Null));
            }
            "workspace/executeCommand" => {
                let result = self.execute(request.params);
                self.reply(request.id, result);
            }
            "textDocument/hover" | ACTIONS | COMPLETION | "textDocument/documentSymbol" | "textDocument/codeLens" => {
                self.wait(request);
            }
            _ => {
                let refusal = Refusal(ErrorCode::MethodNotFound, request.method);
                self.refuse(request.id, &refusal);
            }
        }
    }

    /// Answers at once when the text as it is has been assessed; else has it assessed without further delay, and answers then. What
    /// can be written does not hang on the assessment, but for the order of what is proposed.
    fn wait(&mut self, request: Request) {
        let uri = match parsed::<Whole>(request.params.clone()) {
            Ok(whole) => whole.text_document.uri,
            Err(refusal) => return self.refuse(request.id, &refusal),
        };
        let Some(root) = self.documents.get(&uri).map(|open| open.home.root.clone()) else {
            return self.send(Response::new_ok(request.id, Value::Null));
        };
        let state = self.dossiers.entry(root).or_default();
        let current = state.assessed == Some(state.revision);
        if current || request.method == COMPLETION && state.analysis.is_some() {
            return self.answer(request, current);
        }
        state.due = state.due.map(|_| Instant::now());
        state.waiting.push(Waiting { request, uri, revision: state.revision });
    }

    /// Answers from the last assessment, which is of the text asked about; `current` tells whether this is the present text.
    fn answer(&mut self, request: Request, current: bool) {
        // changes of an earlier text, made in the present one, would spoil it
        let spoils = !current && request.method == ACTIONS;
        let result = if spoils { Err(modified()) } else { self.result(&request.method, request.params) };
        self.reply(request.id, result);
    }

    fn reply(&self, id: RequestId, result: Result<Value, Refusal>) {
        match result {
            Ok(value) => self.send(Response::new_ok(id, value)),
            Err(refusal) => self.refuse(id, &refusal),
        }
    }

    fn refuse(&self, id: RequestId, refusal: &Refusal) {
        self.send(Response::new_err(id, refusal.0 as i32, refusal.1.clone()));
    }

    fn result(&self, method: &str, parameters: Value) -> Result<Value, Refusal> {
        let whole: Whole = parsed(parameters.clone())?;
        let uri = &whole.text_document.uri;
        let Some(open) = self.documents.get(uri) else { return Ok(Value::Null) };
        let root = &open.home.root;
        let Some(analysis) = self.dossiers.get(root).and_then(|state| state.analysis.as_ref()) else { return Ok(Value::Null) };
        if method == COMPLETION {
            let places = open.document.places(self.client.encoding);
            let place: Place = parsed(parameters)?;
            let reported: Vec<&str> = analysis.report.diagnostics.iter().map(|d| d.id.as_str()).collect();
            let items = completion::complete(places, places.offset(place.position), &analysis.opened.session, &reported, self.client);
            return Ok(serde_json::to_value(items)?);
        }
        let Some(files) = self.open_files(analysis, root) else { return Ok(Value::Null) };
        let scene = Scene { analysis, files: &files, client: self.client };
        // a file that is ignored is part of no dossier
        let Some(file) = scene.file(uri) else { return Ok(Value::Null) };
        let places = scene.places(file);
        Ok(match method {
            "textDocument/hover" => {
                let place: Place = parsed(parameters)?;
                serde_json::to_value(hover::hover(&scene, file, places.offset(place.position)))?
            }
            ACTIONS => {
                let passage: Passage = parsed(parameters)?;
                let (start, end) = (places.offset(passage.range.start), places.offset(passage.range.end));
                let only = passage.context.only;
                let admits = |kind: &str| only.as_ref().is_none_or(|only| only.iter().any(|wanted| under(wanted, kind)));
                serde_json::to_value(actions::actions(&scene, file, start, end.max(start), admits))?
            }
            "textDocument/documentSymbol" if self.client.nested_symbols => serde_json::to_value(outline::symbols(&scene, file))?,
            "textDocument/documentSymbol" => serde_json::to_value(outline::flat(&scene, file))?,
            _ => serde_json::to_value(outline::lenses(&scene, file))?,
        })
    }

    fn execute(&mut self, parameters: Value) -> Result<Value, Refusal> {
        let call: Call = parsed(parameters)?;
        if call.command != actions::EXPLAIN {
            return Err(Refusal(ErrorCode::InvalidParams, format!("unknown command: {}", call.command)));
        }
        let id = call.arguments.first().and_then(Value::as_str).unwrap_or_default();
        let mut opened = self.dossiers.values().filter_map(|state| state.analysis.as_ref()).map(|analysis| &analysis.opened);
        let page = opened.find_map(|opened| super::pages::address(opened, id));
        let uri = page.ok_or_else(|| Refusal(ErrorCode::InvalidParams, format!("unknown id: {id}")))?;
        if self.client.show_document {
            self.request("window/showDocument", json!({ "uri": uri, "takeFocus": true }));
        } else {
            self.notify("window/showMessage", json!({ "type": MessageType::Info, "message": uri }));
        }
        Ok(json!({ "uri": uri }))
    }
}

/// What is answered to who asked about a text that has changed.
fn modified() -> Refusal {
    Refusal(ErrorCode::ContentModified, "content modified".to_owned())
}

/// Whether a kind of action is, or is a part of, the one wanted.
fn under(wanted: &str, kind: &str) -> bool {
    wanted.is_empty() || kind.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn parsed<T: DeserializeOwned>(value: Value) -> Result<T, Refusal> {
    Ok(serde_json::from_value(value)?)
}
