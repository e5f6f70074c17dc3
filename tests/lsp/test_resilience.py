"""What must not stop the server: large, unreadable and malformed input, clients in a hurry. Spoken to over bare pipes."""

import json
import os
import pathlib
import select
import subprocess
import time

import pytest

BINARY = os.environ["CADRAGE"]


class Pipe:
    """A client that can also say what a good client never says."""

    def __init__(self, arguments=()):
        self.process = subprocess.Popen([BINARY, "lsp", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.buffer = b""
        self.number = 0

    def raw(self, data: bytes):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message: dict):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.raw(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def notify(self, method: str, **params):
        self.send({"method": method, "params": params})

    def ask(self, method: str, **params) -> int:
        self.number += 1
        self.send({"id": self.number, "method": method, "params": params})
        return self.number

    def read(self, seconds: float = 60) -> dict:
        end = time.monotonic() + seconds
        while True:
            head, separator, rest = self.buffer.partition(b"\r\n\r\n")
            if separator:
                length = int(head.split(b":")[1])
                if len(rest) >= length:
                    self.buffer = rest[length:]
                    return json.loads(rest[:length])
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, end - time.monotonic()))
            assert ready, "the server says nothing"
            data = os.read(self.process.stdout.fileno(), 1 << 16)
            assert data, "the server has gone"
            self.buffer += data

    def until(self, wanted, seconds: float = 60) -> dict:
        while True:
            message = self.read(seconds)
            if wanted(message):
                return message

    def answer(self, number: int, seconds: float = 60) -> dict:
        return self.until(lambda m: m.get("id") == number and "method" not in m, seconds)

    def published(self, uri: str, seconds: float = 60) -> list:
        found = self.until(lambda m: m.get("method") == "textDocument/publishDiagnostics" and m["params"]["uri"] == uri, seconds)
        return found["params"]["diagnostics"]

    def open(self, uri: str, text: str):
        self.notify("textDocument/didOpen", textDocument={"uri": uri, "languageId": "markdown", "version": 1, "text": text})

    def leave(self):
        self.answer(self.ask("shutdown"))
        self.notify("exit")
        assert self.process.wait(10) == 0


@pytest.fixture
def pipe():
    pipe = Pipe()
    pipe.answer(pipe.ask("initialize", capabilities={}))
    pipe.notify("initialized")
    yield pipe
    if pipe.process.poll() is None:
        pipe.leave()


def alive(pipe: Pipe):
    uri = "untitled:Untitled-1"
    pipe.open(uri, "# Concertation sur la place\n\nLa concertation a lieu du 3 mai au 20 juin 2027.\n")
    assert pipe.published(uri)
    pipe.notify("textDocument/didClose", textDocument={"uri": uri})
    assert pipe.published(uri) == []


def test_an_untitled_text_is_assessed(pipe):
    alive(pipe)


@pytest.mark.parametrize(
    "bad",
    [
        b"Content-Length: 4\r\n\r\n{oh!",
        b"Content-Length: 2\r\n\r\n[]",
        b"Content-Length: 5\r\n\r\n\xff\xfe\xff\xfe\xff",
        b"Content-Length: douze\r\n\r\n",
        b"n'importe quoi\r\n\r\n",
    ],
)
def test_a_malformed_message_is_answered(pipe, bad):
    pipe.raw(bad)
    error = pipe.until(lambda m: "error" in m)
    assert error["id"] is None and error["error"]["code"] == -32700
    alive(pipe)


@pytest.mark.parametrize(
    "method, code",
    [("textDocument/hover", -32602), ("textDocument/codeAction", -32602), ("textDocument/unheardOf", -32601), ("workspace/executeCommand", -32602)],
)
def test_a_request_that_makes_no_sense_is_refused(pipe, method, code):
    assert pipe.answer(pipe.ask(method, textDocument=3))["error"]["code"] == code
    alive(pipe)


def test_a_notification_that_makes_no_sense_is_told(pipe):
    pipe.notify("textDocument/didOpen", textDocument="?")
    assert "textDocument/didOpen" in pipe.until(lambda m: m.get("method") == "window/logMessage")["params"]["message"]
    pipe.notify("textDocument/didChange", textDocument={"uri": "file:///nulle/part.md", "version": 2}, contentChanges=[])
    assert "part.md" in pipe.until(lambda m: m.get("method") == "window/logMessage")["params"]["message"]
    alive(pipe)


def test_nothing_is_served_before_initialize():
    pipe = Pipe()
    assert pipe.answer(pipe.ask("textDocument/hover"))["error"]["code"] == -32002
    pipe.answer(pipe.ask("initialize", capabilities={}))
    alive(pipe)
    pipe.leave()


def test_an_unknown_language_is_told():
    pipe = Pipe()
    pipe.answer(pipe.ask("initialize", capabilities={}, initializationOptions={"lang": "xx"}))
    assert "xx" in pipe.until(lambda m: m.get("method") == "window/logMessage")["params"]["message"]
    pipe.leave()


def test_half_a_pair_is_read(pipe):
    uri = "untitled:Untitled-1"
    pipe.open(uri, "# Concertation\n")
    assert pipe.published(uri)
    place = {"line": 0, "character": 2}
    change = [{"range": {"start": place, "end": place}, "text": "\ud83d"}]
    pipe.notify("textDocument/didChange", textDocument={"uri": uri, "version": 2}, contentChanges=change)
    message = pipe.until(lambda m: m.get("method") == "textDocument/publishDiagnostics" or "error" in m)
    assert message["params"]["version"] == 2


@pytest.mark.parametrize("id", [5_000_000_000, 1.5, None])
def test_a_request_is_answered_whatever_its_id(pipe, id):
    pipe.send({"id": id, "method": "textDocument/hover", "params": {}})
    assert pipe.until(lambda m: "error" in m)["id"] == id
    alive(pipe)


def test_after_shutdown_only_exit(pipe):
    pipe.answer(pipe.ask("shutdown"))
    assert pipe.answer(pipe.ask("textDocument/hover"))["error"]["code"] == -32600
    pipe.notify("exit")
    assert pipe.process.wait(10) == 0


def test_leaving_without_shutdown_is_a_failure(pipe):
    pipe.notify("exit")
    assert pipe.process.wait(10) == 1


def test_a_client_that_vanishes_takes_the_server_with_it(pipe):
    pipe.process.stdin.close()
    assert pipe.process.wait(10) == 1


def test_five_megabytes(pipe, tmp_path: pathlib.Path):
    paragraph = "La Ville invite les habitants à la concertation sur l’eau ; une réponse sera apportée dans les meilleurs délais.\n\n"
    text = "# Concertation\n\n" + paragraph * (5_000_000 // len(paragraph.encode()) + 1)
    assert len(text.encode()) > 5_000_000
    uri = (tmp_path / "grand.md").as_uri()
    pipe.open(uri, text)
    place = {"line": 2, "character": 3}
    pipe.notify(
        "textDocument/didChange",
        textDocument={"uri": uri, "version": 2},
        contentChanges=[{"range": {"start": place, "end": place}, "text": "x"}] * 20,
    )
    # while it is assessed, what needs no assessment is answered
    assert pipe.answer(pipe.ask("textDocument/unheardOf"), 20)["error"]["code"] == -32601
    assert pipe.published(uri, 300)
    pipe.notify("textDocument/didClose", textDocument={"uri": uri})
    alive(pipe)


def test_a_file_that_cannot_be_read_is_told_and_the_rest_assessed(pipe, tmp_path: pathlib.Path):
    readme, latin = tmp_path / "README.md", tmp_path / "calendrier.md"
    readme.write_text("# Concertation sur la place\n\n[calendrier](calendrier.md)\n\nLa concertation a lieu du 3 mai au 20 juin 2027.\n", encoding="utf-8")
    latin.write_bytes("# Calendrier\n\nDébut le 3 mai.\n".encode("latin-1"))
    pipe.open(readme.as_uri(), readme.read_text(encoding="utf-8"))
    seen = {}
    while len(seen) < 2:
        message = pipe.until(lambda m: m.get("method") == "textDocument/publishDiagnostics")
        seen[message["params"]["uri"]] = message["params"]["diagnostics"]
    (unreadable,) = seen[latin.as_uri()]
    assert "UTF-8" in unreadable["message"] and "ISO-8859-1" in unreadable["message"]
    assert any(d["code"].startswith("moyens.") for d in seen[readme.as_uri()])
    alive(pipe)


def test_a_request_that_waits_can_be_cancelled(pipe):
    paragraph = "La Ville invite les habitants à la concertation sur l’eau.\n\n"
    pipe.open("untitled:long", "# Concertation\n\n" + paragraph * 20_000)
    document = {"uri": "untitled:long"}
    first = pipe.ask("textDocument/hover", textDocument=document, position={"line": 0, "character": 3})
    second = pipe.ask("textDocument/documentSymbol", textDocument=document)
    pipe.notify("$/cancelRequest", id=first)
    assert pipe.answer(first)["error"]["code"] == -32800
    assert "result" in pipe.answer(second, 120)
    # one that has been answered, one that never was asked
    pipe.notify("$/cancelRequest", id=second)
    pipe.notify("$/cancelRequest", id="jamais")
    alive(pipe)
