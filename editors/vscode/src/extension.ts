// A thin client: everything is said by `cadrage lsp`.

import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { commands, ExtensionContext, window, workspace } from "vscode";
import { LanguageClient, LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";

const PROGRAM = process.platform === "win32" ? "cadrage.exe" : "cadrage";
let client: LanguageClient | undefined;

/** The program that the settings name, else that of the PATH, else that of cargo. */
function program(): string | undefined {
  const configured = workspace.getConfiguration("cadrage").get<string>("path", "").trim();
  if (configured !== "") {
    return configured.replace(/^~(?=$|[/\\])/, homedir());
  }
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const candidates = [...folders, join(homedir(), ".cargo", "bin")].map((folder) => join(folder, PROGRAM));
  return candidates.find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

async function tellNotFound(): Promise<void> {
  const choice = await window.showErrorMessage(
    "Le programme cadrage est introuvable : installez-le (cargo install --path ., depuis le dépôt) ou indiquez son chemin.",
    "Ouvrir les paramètres",
  );
  if (choice !== undefined) {
    await commands.executeCommand("workbench.action.openSettings", "cadrage.path");
  }
}

async function start(): Promise<void> {
  const command = program();
  if (command === undefined) {
    // the notification stays until it is closed: nothing waits for it
    void tellNotFound();
    return;
  }
  const language = workspace.getConfiguration("cadrage").get<string>("language", "");
  const server: ServerOptions = { command, args: language === "" ? ["lsp"] : ["lsp", "--lang", language] };
  const options: LanguageClientOptions = {
    documentSelector: [
      { scheme: "file", language: "markdown" },
      { scheme: "untitled", language: "markdown" },
    ],
  };
  client = new LanguageClient("cadrage", "Cadrage", server, options);
  try {
    await client.start();
  } catch (error) {
    void window.showErrorMessage(`Le serveur cadrage ne démarre pas (${command}) : ${String(error)}`);
  }
}

async function stop(): Promise<void> {
  const leaving = client;
  client = undefined;
  try {
    await leaving?.dispose();
  } catch {
    // a client that never started refuses to stop, and leaves its log behind
    leaving?.outputChannel.dispose();
  }
}

/** What is being done; a start or a stop waits for the one before it, so that there is never a second server. */
let work: Promise<void> = Promise.resolve();

function after(next: () => Promise<void>): Promise<void> {
  const done = work.then(next);
  work = done.catch(() => undefined);
  return done;
}

async function restart(): Promise<void> {
  await stop();
  await start();
}

export async function activate(context: ExtensionContext): Promise<void> {
  context.subscriptions.push(
    commands.registerCommand("cadrage.restart", () => after(restart)),
    commands.registerCommand("cadrage.showOutput", () => client?.outputChannel.show()),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("cadrage.path") || event.affectsConfiguration("cadrage.language")) {
        void after(restart);
      }
    }),
  );
  await after(start);
}

export function deactivate(): Promise<void> {
  return after(stop);
}
