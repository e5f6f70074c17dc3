"""The binary over its pipes, driven by pytest-lsp (pygls): a client that this project did not write.

`CADRAGE` names the binary. Run by `.ci/lsp`.
"""

import asyncio
import json
import os
import pathlib
import subprocess

import pytest
import pytest_lsp
from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient

BINARY = os.environ["CADRAGE"]
POOR = (
    "# Concertation sur la place 😀 du marché\n\n"
    "La Ville invite les habitants à la concertation du 3 mai au 20 juin 2027.\n\n"
    "## Gouvernance\n\n"
    "Un comité de suivi sera mis en place.\n\n"
    "## Suites\n\n"
    "😀 Une réponse sera apportée dans les meilleurs délais.\n"
)


def capabilities(encoding: str, **more) -> lsp.ClientCapabilities:
    return lsp.ClientCapabilities(
        general=lsp.GeneralClientCapabilities(position_encodings=[lsp.PositionEncodingKind(encoding)]),
        workspace=lsp.WorkspaceClientCapabilities(
            workspace_edit=lsp.WorkspaceEditClientCapabilities(document_changes=True),
        ),
        window=lsp.WindowClientCapabilities(show_document=lsp.ShowDocumentClientCapabilities(support=True)),
        text_document=lsp.TextDocumentClientCapabilities(
            publish_diagnostics=lsp.PublishDiagnosticsClientCapabilities(
                related_information=True, code_description_support=True, version_support=True
            ),
            completion=lsp.CompletionClientCapabilities(
                completion_item=lsp.ClientCompletionItemOptions(documentation_format=[lsp.MarkupKind.Markdown])
            ),
            hover=lsp.HoverClientCapabilities(content_format=[lsp.MarkupKind.Markdown]),
            document_symbol=lsp.DocumentSymbolClientCapabilities(hierarchical_document_symbol_support=True),
        ),
    )


def environment() -> dict:
    return {name: value for name, value in os.environ.items() if name not in ("LANG", "LC_ALL")}


@pytest_lsp.fixture(
    config=ClientServerConfig(server_command=[BINARY, "lsp"], server_env=environment()),
    params=["utf-8", "utf-16", "utf-32"],
)
async def client(request, lsp_client: LanguageClient):
    await lsp_client.initialize_session(lsp.InitializeParams(capabilities=capabilities(request.param), process_id=os.getpid()))
    lsp_client.encoding = request.param
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    return tmp_path.resolve()


def open_file(client: LanguageClient, path: pathlib.Path, text: str | None = None) -> str:
    uri = path.as_uri()
    text = path.read_text(encoding="utf-8") if text is None else text
    item = lsp.TextDocumentItem(uri=uri, language_id="markdown", version=1, text=text)
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(text_document=item))
    return uri


def units(client: LanguageClient, text: str) -> int:
    match client.encoding:
        case "utf-8":
            return len(text.encode())
        case "utf-16":
            return len(text.encode("utf-16-le")) // 2
        case _:
            return len(text)


def position(client: LanguageClient, text: str, index: int) -> lsp.Position:
    """The place of the character at `index`, counted here and not by the server."""
    before = text[:index]
    return lsp.Position(line=before.count("\n"), character=units(client, before.rpartition("\n")[2]))


def change(client: LanguageClient, uri: str, text: str, old: str, new: str, version: int) -> str:
    """Replaces `old` by `new` with an incremental change; the text as it is then."""
    at = text.index(old)
    span = lsp.Range(start=position(client, text, at), end=position(client, text, at + len(old)))
    client.text_document_did_change(
        lsp.DidChangeTextDocumentParams(
            text_document=lsp.VersionedTextDocumentIdentifier(uri=uri, version=version),
            content_changes=[lsp.TextDocumentContentChangePartial(range=span, text=new)],
        )
    )
    return text[:at] + new + text[at + len(old) :]


def check(path: pathlib.Path, cwd: pathlib.Path) -> list[dict]:
    ran = subprocess.run([BINARY, "check", "--format", "json", str(path)], cwd=cwd, env=environment(), capture_output=True)
    return json.loads(ran.stdout)["dossiers"][0]["diagnostics"]


def page(uri: str) -> str:
    """The explanation that a link leads to."""
    return pathlib.Path(uri.removeprefix("file://").partition("#")[0]).read_text(encoding="utf-8")


def by_code(diagnostics, code: str):
    return [d for d in diagnostics if d.code == code]


async def diagnostics(client: LanguageClient, uri: str, until=lambda found: True, seconds: float = 20):
    """The diagnostics published for `uri`, as soon as they are as wanted."""
    async with asyncio.timeout(seconds):
        while uri not in client.diagnostics or not until(client.diagnostics[uri]):
            await client.wait_for_notification("textDocument/publishDiagnostics")
    return client.diagnostics[uri]


def apply(client: LanguageClient, text: str, edits) -> str:
    lines = text.split("\n")

    def index(place: lsp.Position) -> int:
        line, at = lines[place.line], 0
        while units(client, line[:at]) < place.character:
            at += 1
        return sum(len(other) + 1 for other in lines[: place.line]) + at

    for edit in sorted(edits, key=lambda e: (e.range.start.line, e.range.start.character), reverse=True):
        text = text[: index(edit.range.start)] + edit.new_text + text[index(edit.range.end) :]
    return text


def changes(actions) -> list[lsp.CodeAction]:
    """Those that change the text; lsprotocol takes an action that has a command for the command alone."""
    return [action for action in actions if isinstance(action, lsp.CodeAction) and action.edit]


def edits_of(action: lsp.CodeAction, uri: str):
    (document,) = action.edit.document_changes
    assert document.text_document.uri == uri
    return document.edits


@pytest.mark.asyncio
async def test_the_same_diagnostics_as_check(client: LanguageClient, folder: pathlib.Path):
    note = folder / "note.md"
    note.write_text(POOR, encoding="utf-8")
    found = await diagnostics(client, open_file(client, note))
    expected = check(note, folder)
    assert [d.code for d in found] == [d["id"] for d in expected]
    lines = POOR.split("\n")
    for shown, told in zip(found, expected):
        assert shown.message.startswith(told["message"].removesuffix("."))
        for place, end in ((shown.range.start, told["start"]), (shown.range.end, told["end"])):
            assert place.line == end["line"] - 1
            assert place.character == units(client, lines[place.line][: end["column"] - 1])
        assert shown.source == "cadrage"
        assert told["id"] in page(shown.code_description.href)
    (vague,) = by_code(found, "redaction.engagement-flou")
    assert [place.message for place in vague.related_information] == ["moment qui n’engage à rien"]


@pytest.mark.asyncio
async def test_a_diagnostic_moves_and_vanishes(client: LanguageClient, folder: pathlib.Path):
    note = folder / "note.md"
    note.write_text(POOR, encoding="utf-8")
    uri = open_file(client, note)
    (vague,) = by_code(await diagnostics(client, uri), "redaction.engagement-flou")
    text = change(client, uri, POOR, "## Suites\n", "## Suites\n\nUne ligne. 😀\n", 2)
    found = await diagnostics(client, uri, lambda ds: [d.range.start.line for d in by_code(ds, "redaction.engagement-flou")] == [vague.range.start.line + 2])
    (moved,) = by_code(found, "redaction.engagement-flou")
    assert moved.range.start.character == vague.range.start.character
    change(client, uri, text, "Une réponse sera apportée dans les meilleurs délais", "Le conseil municipal répond à chaque avis avant le 30 septembre 2027", 3)
    await diagnostics(client, uri, lambda ds: not by_code(ds, "redaction.engagement-flou"))


@pytest.mark.asyncio
async def test_the_missing_section_is_written(client: LanguageClient, folder: pathlib.Path):
    note = folder / "note.md"
    note.write_text(POOR, encoding="utf-8")
    uri = open_file(client, note)
    (gap,) = by_code(await diagnostics(client, uri), "moyens.budget")
    actions = await client.text_document_code_action_async(
        lsp.CodeActionParams(
            text_document=lsp.TextDocumentIdentifier(uri=uri),
            range=gap.range,
            context=lsp.CodeActionContext(diagnostics=[gap], only=[lsp.CodeActionKind.QuickFix]),
        )
    )
    own = [a for a in changes(actions) if [d.code for d in a.diagnostics] == ["moyens.budget"] and "Écarter" not in a.title]
    assert len(own) == 1, [a.title for a in actions]
    text = apply(client, POOR, edits_of(own[0], uri))
    assert "La démarche dispose de [montant] €" in text and text.startswith(POOR)
    # an editor sends back what it has applied: the gap is there no longer as missing
    client.text_document_did_change(
        lsp.DidChangeTextDocumentParams(
            text_document=lsp.VersionedTextDocumentIdentifier(uri=uri, version=2),
            content_changes=[lsp.TextDocumentContentChangeWholeDocument(text=text)],
        )
    )
    await diagnostics(client, uri, lambda ds: all("blancs à remplir" in d.message for d in by_code(ds, "moyens.budget")))


@pytest.mark.asyncio
async def test_every_skeleton_is_what_fix_writes(client: LanguageClient, folder: pathlib.Path):
    note = folder / "note.md"
    note.write_text(POOR, encoding="utf-8")
    uri = open_file(client, note)
    await diagnostics(client, uri)
    whole = lsp.Range(start=lsp.Position(line=0, character=0), end=lsp.Position(line=0, character=0))
    actions = await client.text_document_code_action_async(
        lsp.CodeActionParams(
            text_document=lsp.TextDocumentIdentifier(uri=uri),
            range=whole,
            context=lsp.CodeActionContext(diagnostics=[], only=["source.cadrage.squelettes"]),
        )
    )
    (action,) = actions
    text = apply(client, POOR, edits_of(action, uri))
    subprocess.run([BINARY, "check", "--fix", "--quiet", str(note)], cwd=folder, env=environment(), capture_output=True)
    assert text == note.read_text(encoding="utf-8")


@pytest.mark.asyncio
async def test_a_vague_phrase_becomes_a_model_and_a_gap_is_set_aside(client: LanguageClient, folder: pathlib.Path):
    note = folder / "note.md"
    note.write_text(POOR, encoding="utf-8")
    uri = open_file(client, note)
    (vague,) = by_code(await diagnostics(client, uri), "redaction.engagement-flou")
    actions = await client.text_document_code_action_async(
        lsp.CodeActionParams(text_document=lsp.TextDocumentIdentifier(uri=uri), range=vague.range, context=lsp.CodeActionContext(diagnostics=[vague]))
    )
    own = [a for a in changes(actions) if a.diagnostics[0].code == "redaction.engagement-flou"]
    replace, after, suppress = own
    text = apply(client, POOR, edits_of(replace, uri))
    assert "[Le conseil, la ministre…] [examine, retient ou écarte]" in text and "meilleurs délais" not in text
    assert "meilleurs délais. [Le conseil" in apply(client, POOR, edits_of(after, uri))
    text = apply(client, POOR, edits_of(suppress, uri))
    assert "<!-- cadrage: ignore redaction.engagement-flou — -->\n\n😀 Une réponse" in text
    client.text_document_did_change(
        lsp.DidChangeTextDocumentParams(
            text_document=lsp.VersionedTextDocumentIdentifier(uri=uri, version=2),
            content_changes=[lsp.TextDocumentContentChangeWholeDocument(text=text)],
        )
    )
    # without its reason the comment has no effect, and says so
    found = await diagnostics(client, uri, lambda ds: by_code(ds, "suppression.sans-motif"))
    assert by_code(found, "redaction.engagement-flou")
    change(client, uri, text, "flou — -->", "flou — délai fixé par la charte -->", 3)
    await diagnostics(client, uri, lambda ds: not by_code(ds, "redaction.engagement-flou") and not by_code(ds, "suppression.sans-motif"))


@pytest.mark.asyncio
async def test_a_dossier_of_several_files(client: LanguageClient, folder: pathlib.Path):
    eau = folder / "notes" / "eau"
    eau.mkdir(parents=True)
    (folder / "cadrage.toml").write_text('dossiers = ["notes/*"]\n')
    readme, calendar = eau / "README.md", eau / "calendrier.md"
    readme.write_text(POOR, encoding="utf-8")
    calendar.write_text("# Calendrier\n\nRien encore.\n", encoding="utf-8")
    body = "redaction.instance-non-definie"
    first, second = open_file(client, readme), open_file(client, calendar)
    await diagnostics(client, first, lambda ds: by_code(ds, body))
    await diagnostics(client, second, lambda ds: by_code(ds, "moyens.budget"))
    # unsaved, in the other file
    members = "Le comité de suivi réunit la maire, deux adjoints et trois habitants tirés au sort."
    text = change(client, second, "# Calendrier\n\nRien encore.\n", "Rien encore.", members, 2)
    await diagnostics(client, first, lambda ds: ds and not by_code(ds, body))
    change(client, second, text, members, "Rien.", 3)
    await diagnostics(client, first, lambda ds: by_code(ds, body))
    change(client, second, "# Calendrier\n\nRien.\n", "Rien.", members, 4)
    await diagnostics(client, first, lambda ds: ds and not by_code(ds, body))
    # closed without saving: the disk has the word again
    client.text_document_did_close(lsp.DidCloseTextDocumentParams(text_document=lsp.TextDocumentIdentifier(uri=second)))
    await diagnostics(client, first, lambda ds: by_code(ds, body))


@pytest.mark.asyncio
async def test_the_configuration_is_honoured_as_it_changes(client: LanguageClient, folder: pathlib.Path):
    note, config = folder / "note.md", folder / "cadrage.toml"
    note.write_text(POOR, encoding="utf-8")
    config.write_text('select = ["moyens"]\nseverity = { "moyens.budget" = "advice" }\n')
    uri = open_file(client, note)
    found = await diagnostics(client, uri)
    assert found and all(d.code.startswith("moyens.") for d in found)
    assert by_code(found, "moyens.budget")[0].severity == lsp.DiagnosticSeverity.Information
    config.write_text('selct = ["moyens"]\n')
    client.workspace_did_change_configuration(lsp.DidChangeConfigurationParams(settings=None))
    (fault,) = await diagnostics(client, config.as_uri(), lambda ds: ds)
    assert "selct" in fault.message and fault.range == lsp.Range(start=lsp.Position(line=0, character=0), end=lsp.Position(line=0, character=5))
    config.write_text('select = ["suites"]\n')
    client.text_document_did_save(lsp.DidSaveTextDocumentParams(text_document=lsp.TextDocumentIdentifier(uri=uri)))
    await diagnostics(client, uri, lambda ds: ds and all(d.code.startswith("suites.") for d in ds))
    assert await diagnostics(client, config.as_uri(), lambda ds: not ds) == ()


@pytest.mark.asyncio
async def test_hover_completion_symbols_and_lenses(client: LanguageClient, folder: pathlib.Path):
    note = folder / "note.md"
    text = POOR + "\n<!-- cadrage: ignore moy"
    note.write_text(text, encoding="utf-8")
    uri = open_file(client, note)
    await diagnostics(client, uri)
    document = lsp.TextDocumentIdentifier(uri=uri)
    place = position(client, text, text.index("meilleurs") - len("dans les ") - 3)
    hover = await client.text_document_hover_async(lsp.HoverParams(text_document=document, position=place))
    assert "redaction.engagement-flou" in hover.contents.value and "Quoi écrire" in hover.contents.value
    heading = position(client, text, text.index("Suites") + 2)
    hover = await client.text_document_hover_async(lsp.HoverParams(text_document=document, position=heading))
    assert "`suites." in hover.contents.value and "manquant" in hover.contents.value
    items = await client.text_document_completion_async(lsp.CompletionParams(text_document=document, position=position(client, text, len(text))))
    ids = [item.label for item in items]
    assert "moyens.budget" in ids and "redaction.a-completer" in ids and "moyens" in ids
    budget = items[ids.index("moyens.budget")]
    assert "Ce qui est demandé" in budget.documentation.value
    assert apply(client, text, [budget.text_edit]) == text[: -len("moy")] + "moyens.budget"
    symbols = await client.text_document_document_symbol_async(lsp.DocumentSymbolParams(text_document=document))
    themes = {symbol.name: symbol for symbol in symbols}
    assert "Gouvernance" in themes and themes["Gouvernance"].children
    lenses = await client.text_document_code_lens_async(lsp.CodeLensParams(text_document=document))
    assert lenses[0].command.title.startswith("Verdict") and any(lens.command.title.startswith("Gouvernance\u00a0: ") for lens in lenses)
    assert all(lens.range.start.line == 0 for lens in lenses)


@pytest.mark.asyncio
async def test_the_explanation_is_opened(client: LanguageClient, folder: pathlib.Path):
    note = folder / "note.md"
    note.write_text(POOR, encoding="utf-8")
    await diagnostics(client, open_file(client, note))
    shown = []

    async def wait():
        while not client.shown_documents:
            await asyncio.sleep(0.01)
        shown.extend(client.shown_documents)

    await client.workspace_execute_command_async(lsp.ExecuteCommandParams(command="cadrage.explain", arguments=["moyens.budget"]))
    await asyncio.wait_for(wait(), 10)
    assert "moyens.budget" in page(shown[0].uri)
