// The built extension with its real client, in an editor that is little more than a name: when servers are started and stopped.
// `CADRAGE` names the binary. Run by `.ci/lsp`.

const { execFileSync } = require("child_process");
const fs = require("fs");
const Module = require("module");
const os = require("os");
const path = require("path");

const settings = { path: "/nulle/part/cadrage", language: "" };
const commands = {};
const listeners = [];
const errors = [];
const nothing = { dispose() {} };

class Named {
  static from() {
    return nothing;
  }
  dispose() {}
}

/** Whatever the client asks of the editor and that does not matter here. */
function any() {
  return new Proxy(function () {}, {
    get: (target, key) => {
      if (key === Symbol.toPrimitive) return () => "";
      if (key === "prototype") return target.prototype;
      if (key === "then") return undefined;
      if (/^on(Did|Will)/.test(String(key))) return () => nothing;
      if (key === "dispose") return () => {};
      return any();
    },
    apply: any,
    construct: () => new Named(),
  });
}

function editor(own) {
  return new Proxy(own, { get: (target, key) => (key in target ? target[key] : /^on(Did|Will)/.test(String(key)) ? () => nothing : any()) });
}

const channel = { append() {}, appendLine() {}, show() {}, dispose() {} };
const kind = { append: () => kind };
const uri = (text) => ({ toString: () => text, fsPath: text });
const vscode = editor({
  version: "1.90.0",
  env: { appName: "essai", language: "fr" },
  Uri: { parse: uri, file: (file) => uri(`file://${file}`) },
  CancellationTokenSource: class {
    token = { isCancellationRequested: false, onCancellationRequested: () => nothing };
    cancel() {}
    dispose() {}
  },
  EventEmitter: class {
    event = () => nothing;
    fire() {}
    dispose() {}
  },
  // a notification that nobody closes
  window: editor({
    showErrorMessage: (message) => {
      // the client has its own to say
      if (/^Le /.test(message)) errors.push(message);
      return new Promise(() => {});
    },
    createOutputChannel: () => channel,
    visibleTextEditors: [],
    tabGroups: { all: [], onDidChangeTabs: () => nothing },
  }),
  workspace: editor({
    getConfiguration: () => ({ get: (name, value) => settings[name] ?? value }),
    onDidChangeConfiguration: (listener) => {
      listeners.push(listener);
      return nothing;
    },
    textDocuments: [],
    notebookDocuments: [],
    workspaceFolders: undefined,
  }),
  commands: editor({
    registerCommand: (name, command) => {
      commands[name] = command;
      return nothing;
    },
  }),
  languages: editor({ createDiagnosticCollection: () => ({ set() {}, clear() {}, delete() {}, dispose() {} }) }),
  CodeActionKind: new Proxy({}, { get: () => kind }),
});
for (const name of ["CodeAction", "CodeLens", "CompletionItem", "Diagnostic", "DocumentLink", "InlayHint", "CallHierarchyItem", "TypeHierarchyItem", "SymbolInformation"]) {
  vscode[name] = class extends Named {};
}
const load = Module._load;
Module._load = (name, ...more) => (name === "vscode" ? vscode : load(name, ...more));

function servers() {
  try {
    return execFileSync("pgrep", ["-P", String(process.pid), "-f", "cadrage lsp"], { encoding: "utf-8" }).trim().split("\n").length;
  } catch {
    return 0;
  }
}

async function until(what, wanted) {
  for (let left = 100; left > 0; left--) {
    if (wanted()) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`${what}: ${servers()} servers, ${JSON.stringify(errors)}`);
}

function configure() {
  listeners.forEach((listener) => listener({ affectsConfiguration: () => true }));
}

async function main() {
  const extension = require(path.resolve(__dirname, "../../editors/vscode/dist/extension.js"));
  await extension.activate({ subscriptions: [] });
  await until("a program that cannot be started is told", () => errors.length === 1 && servers() === 0);
  // one event for each pause in typing
  settings.path = process.env.CADRAGE;
  [1, 2, 3].forEach(configure);
  await commands["cadrage.restart"]();
  await until("once it can be, one server runs", () => servers() === 1);
  // a folder of that name is no program, and the notification that says so holds nothing up
  settings.path = "";
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "essai-"));
  fs.mkdirSync(path.join(folder, "cadrage"));
  process.env.PATH = [folder, "/usr/bin", "/bin"].join(":");
  process.env.HOME = "/nulle/part";
  await commands["cadrage.restart"]();
  await until("what is not found is told", () => errors.length === 2 && servers() === 0);
  fs.rmSync(folder, { recursive: true });
  settings.path = process.env.CADRAGE;
  await commands["cadrage.restart"]();
  await until("it is found again", () => servers() === 1);
  await extension.deactivate();
  await until("it is stopped", () => servers() === 0);
}

process.on("unhandledRejection", (error) => {
  console.error("unhandled rejection:", error);
  process.exit(1);
});
main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
