#!/usr/bin/env bash
# The work of the action: one run of cadrage that annotates the pull request and writes the SARIF report, the summary of the job and
# the outputs of the step. Its inputs are the CADRAGE_… variables of action.yml; the exit status is that of cadrage.
set -euo pipefail

# GitHub refuses a longer summary.
readonly SUMMARY_LIMIT=1000000

# $1, as an annotation.
annotate() {
    local text=${1//'%'/'%25'}
    text=${text//$'\r'/'%0D'}
    echo "::error title=cadrage::${text//$'\n'/'%0A'}"
}

# A failure of the action itself.
fail() {
    annotate "$1"
    printf 'status=2\n' >>"$GITHUB_OUTPUT"
    exit 2
}

# The command: the one asked for, the one that is there, else one built from the sources beside this script.
find_binary() {
    if [ -n "${CADRAGE_BINARY:-}" ]; then
        # a file: not what the shell calls by that name
        binary=$(type -P -- "$CADRAGE_BINARY") || fail "$CADRAGE_BINARY : commande introuvable"
    elif ! binary=$(type -P cadrage); then
        local sources
        sources=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
        command -v cargo >/dev/null || fail "ni cadrage ni cargo ne sont installés"
        # from the sources: the compiler that the user's folder asks for is for what the user builds
        (cd "$sources" && cargo install --quiet --locked --path . --root "$RUNNER_TEMP/cadrage" >&2) || fail "la compilation a échoué"
        binary=$RUNNER_TEMP/cadrage/bin/cadrage
    fi
}

# The lines of $1 that are not blank, without the blanks around them, in the array `lines`.
read_lines() {
    lines=()
    local line
    while IFS= read -r line || [ -n "$line" ]; do
        line=${line#"${line%%[![:space:]]*}"}
        line=${line%"${line##*[![:space:]]}"}
        [ -z "$line" ] || lines+=("$line")
    done <<<"$1"
}

find_binary
# A line end in a path could write another output.
case ${CADRAGE_SARIF:=cadrage.sarif} in *$'\n'* | *$'\r'*) fail "sarif-file tient sur une ligne" ;; esac

summary=$(mktemp)
log=$(mktemp)
errors=$(mktemp)
trap 'rm -f "$summary" "$log" "$errors"' EXIT
# The summary first: a report that cannot be written does not take it along.
options=(--format=github "--output-format=markdown=$summary" "--output-format=sarif=$CADRAGE_SARIF")
[ -z "${CADRAGE_CONFIG:-}" ] || options+=("--config=$CADRAGE_CONFIG")
[ -z "${CADRAGE_FAIL_ON:-}" ] || options+=("--fail-on=$CADRAGE_FAIL_ON")
[ -z "${CADRAGE_BASELINE:-}" ] || options+=("--baseline=$CADRAGE_BASELINE")
[ -z "${CADRAGE_LANG:-}" ] || options+=("--lang=$CADRAGE_LANG")
read_lines "${CADRAGE_OUTPUT_FORMATS:-}"
for line in ${lines[@]+"${lines[@]}"}; do options+=("--output-format=$line"); done
read_lines "${CADRAGE_PATHS:-}"

# A report of an earlier run would pass for this one's.
rm -f -- "$CADRAGE_SARIF"
mkdir -p -- "$(dirname -- "$CADRAGE_SARIF")" || fail "$CADRAGE_SARIF : le répertoire ne peut pas être créé"
status=0
"$binary" check "${options[@]}" -- ${lines[@]+"${lines[@]}"} 2>"$errors" | tee -- "$log" || status=${PIPESTATUS[0]}
cat -- "$errors" >&2
# A failure that concerns no file that was read is told as an annotation here only.
if [ "$status" -eq 2 ] && ! grep -q '^::error .*title=cadrage::' "$log"; then annotate "$(cat -- "$errors")"; fi

if [ "$(wc -c <"$summary")" -gt "$SUMMARY_LIMIT" ]; then
    echo "Le rapport est trop long pour ce résumé : voir le rapport SARIF." >>"$GITHUB_STEP_SUMMARY"
else
    cat -- "$summary" >>"$GITHUB_STEP_SUMMARY"
fi
printf 'status=%s\n' "$status" >>"$GITHUB_OUTPUT"
if [ -f "$CADRAGE_SARIF" ]; then
    printf 'sarif=%s\n' "$CADRAGE_SARIF" >>"$GITHUB_OUTPUT"
fi
exit "$status"
