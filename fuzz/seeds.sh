#!/usr/bin/env bash
# Fills fuzz/corpus/ from the fixtures, the test data and the checks. Run from anywhere; what the fuzzers have found stays.
set -euo pipefail
cd "$(dirname "$0")/.."

# seed TARGET FILE…: each file under a name made of its path
seed() {
    local target=fuzz/corpus/$1
    mkdir -p "$target"
    shift
    for file in "$@"; do cp "$file" "$target/seed-$(tr / - <<<"$file")"; done
}

mapfile -t dossiers < <(find fixtures tests/data -name '*.md' -size -64k)
seed pipeline "${dossiers[@]}"
seed fixes "${dossiers[@]}"
# a folder is its files with U+001C between them
for file in fixtures/budget-participatif/*.md; do cat "$file"; printf '\x1c'; done >fuzz/corpus/pipeline/seed-folder
seed memory "${dossiers[@]}" fuzz/corpus/pipeline/seed-folder

mkdir -p fuzz/corpus/comments fuzz/corpus/checks
comment() { printf '%b' "$2" >"fuzz/corpus/comments/seed-$1"; }
comment reason 'type: autre\x1cignore gouvernance.garant — la CNDP n’est pas saisie'
comment theme 'cadrage:\n  ignore: [moyens]\n  severity: {suites: error}\x1cignore suites, moyens.budget -- en cours'
comment file 'type = "convention-citoyenne"\n[cadrage]\nselect = ["methode"]\x1cignore-file — modèle'
comment unknown '\x1cignore gouvernance.garrant — faute de frappe'
comment bare 'type: jury\x1cignore redaction.a-completer'

seed config src/config/template.toml
grep -v '^# *$' src/config/template.toml | sed -e 's/^# \(.*=\)/\1/' -e 's/^# \[/[/' >fuzz/corpus/config/seed-everything

# a catalogue that stands by itself: the vocabulary, the themes and one criterion or rule
vocabulary() { for file in checks/vocabulaire/*.toml checks/themes.toml; do printf '=== %s\n' "$file"; cat "$file"; done; }
for file in checks/gouvernance/contact.toml checks/regles/section-vide.toml checks/detection.toml; do
    { vocabulary; printf '=== %s\n' "$file"; cat "$file"; } >"fuzz/corpus/checks/seed-$(tr / - <<<"$file")"
done
printf '=== checks/vocabulaire/a.toml\n[class.acteur]\nany = ["ville", "comité de (pilotage|suivi)"]\n=== checks/regles/b.toml\n' >fuzz/corpus/checks/seed-small
cat checks/regles/a-completer.toml >>fuzz/corpus/checks/seed-small

mkdir -p fuzz/corpus/messages
cat >fuzz/corpus/messages/seed-session <<'SESSION'
{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"untitled:a","languageId":"markdown","version":1,"text":"# Atelier citoyen sur l’eau\n\nLa ville organise un atelier citoyen. Le budget est de XX euros.\n"}}}
{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"untitled:a","version":2},"contentChanges":[{"range":{"start":{"line":2,"character":4},"end":{"line":2,"character":9}},"text":"région 😀"}]}}
{"jsonrpc":"2.0","id":1,"method":"textDocument/codeAction","params":{"textDocument":{"uri":"untitled:a"},"range":{"start":{"line":0,"character":0},"end":{"line":9,"character":0}},"context":{"diagnostics":[]}}}
{"jsonrpc":"2.0","id":2,"method":"textDocument/hover","params":{"textDocument":{"uri":"untitled:a"},"position":{"line":2,"character":60}}}
{"jsonrpc":"2.0","id":3,"method":"textDocument/completion","params":{"textDocument":{"uri":"untitled:a"},"position":{"line":2,"character":0}}}
{"jsonrpc":"2.0","id":4,"method":"textDocument/documentSymbol","params":{"textDocument":{"uri":"untitled:a"}}}
{"jsonrpc":"2.0","id":5,"method":"textDocument/codeLens","params":{"textDocument":{"uri":"untitled:a"}}}
{"jsonrpc":"2.0","method":"textDocument/didClose","params":{"textDocument":{"uri":"untitled:a"}}}
SESSION
