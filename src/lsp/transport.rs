//! Messages over pipes. The crate's own reader ends at the first message that it cannot read; this one says so and goes on.

use std::borrow::Cow;
use std::io::{self, BufRead, Read as _, Write};
use std::thread::{self, JoinHandle};

use crossbeam_channel::{Receiver, Sender, unbounded};
use lsp_server::{Connection, ErrorCode, Message, Notification};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

/// Longest message accepted, in bytes.
const LONGEST: usize = 256 << 20;

/// The thread that writes; it ends when the connection is dropped.
pub struct Writer(JoinHandle<io::Result<()>>);

impl Writer {
    /// Waits until everything is written.
    ///
    /// # Errors
    /// When it could not be.
    pub fn join(self) -> io::Result<()> {
        self.0.join().unwrap_or_else(|_| Err(io::Error::other("the writer panicked")))
    }
}

/// A connection over `input` and `output`.
///
/// # Errors
/// When no thread can be had.
pub fn connect(input: impl BufRead + Send + 'static, output: impl Write + Send + 'static) -> io::Result<(Connection, Writer)> {
    let (received, receiver) = unbounded();
    let (sender, sent) = unbounded::<Message>();
    let (malformed, complaints) = unbounded::<Complaint>();
    thread::Builder::new().name("lsp-reader".into()).spawn(move || read(input, &received, &malformed))?;
    let writer = thread::Builder::new().name("lsp-writer".into()).spawn(move || write(output, &sent, &complaints))?;
    Ok((Connection { sender, receiver }, Writer(writer)))
}

/// What is answered to a message that the server is not given.
struct Complaint {
    /// That of the message, where it can be told.
    id: Value,
    code: ErrorCode,
    message: String,
}

/// The method of changes of a text.
const CHANGE: &str = "textDocument/didChange";

fn read(mut input: impl BufRead, received: &Sender<Message>, malformed: &Sender<Complaint>) {
    while let Ok(Some(payload)) = payload(&mut input) {
        // who listens to neither has gone
        let gone = match payload.map_err(unreadable).and_then(|bytes| message(&bytes, received)) {
            Ok(message) => received.send(message).is_err(),
            Err(complaint) => malformed.send(complaint).is_err(),
        };
        if gone {
            return;
        }
    }
}

fn unreadable(message: String) -> Complaint {
    Complaint { id: Value::Null, code: ErrorCode::ParseError, message }
}

/// The message that `bytes` are. Of a change that cannot be read the server is told all the same: the text it has is wrong from then
/// on.
fn message(bytes: &[u8], received: &Sender<Message>) -> Result<Message, Complaint> {
    let bytes = whole_characters(bytes);
    let read = serde_json::from_slice(&bytes).map_err(|error| misfit(&bytes, error.to_string()));
    if read.is_err() && memchr::memmem::find(&bytes, CHANGE.as_bytes()).is_some() {
        // who does not listen has gone, which the reader notices
        let _ = received.send(Notification::new(CHANGE.to_owned(), Value::Null).into());
    }
    match read {
        // for want of an id that it could hold, the crate takes a request for a notification
        Ok(Message::Notification(_)) => match head(&bytes).and_then(|head| head.id) {
            Some(id) => Err(Complaint { id, code: ErrorCode::InvalidRequest, message: "an id is a string or an integer of 32 bits".to_owned() }),
            None => read,
        },
        read => read,
    }
}

/// What tells one sort of message from another.
#[derive(Deserialize)]
struct Head {
    /// Some null for a null.
    #[serde(default, deserialize_with = "stated")]
    id: Option<Value>,
    method: Option<IgnoredAny>,
}

fn stated<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

fn head(bytes: &[u8]) -> Option<Head> {
    serde_json::from_slice(bytes).ok()
}

/// What to say of a message that is none of the protocol: to the one who asked, where it is a request.
fn misfit(bytes: &[u8], message: String) -> Complaint {
    match head(bytes) {
        // what bears the name of one of the server's own requests is a poor answer to it
        Some(Head { id: Some(id), method }) if id.is_number() || method.is_some() => Complaint { id, code: ErrorCode::InvalidRequest, message },
        _ => unreadable(message),
    }
}

/// JSON in which each half of a surrogate pair that stands alone, which no text can hold, is the character that stands for what
/// cannot be read. An editor that counts in UTF-16 lets one half through when a pair is typed in two changes; both count for one.
fn whole_characters(json: &[u8]) -> Cow<'_, [u8]> {
    let mut out = Cow::Borrowed(json);
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &json[at..]) {
        at += found;
        at += match (unit(json, at), unit(json, at + 6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                out.to_mut()[at + 2..at + 6].copy_from_slice(b"fffd");
                6
            }
            // what a backslash precedes begins no escape
            _ => 2,
        };
        at = at.min(json.len());
    }
    out
}

/// The unit of UTF-16 whose escape stands at byte `at`.
fn unit(json: &[u8], at: usize) -> Option<u16> {
    let digits = json.get(at..at + 6)?.strip_prefix(b"\\u")?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// The next message's bytes, or what is wrong with its header; `None` at the end of the input.
fn payload(input: &mut impl BufRead) -> io::Result<Option<Result<Vec<u8>, String>>> {
    let mut length = None;
    let mut any = false;
    loop {
        let mut line = Vec::new();
        // a header line is short; what has no line end is no header
        if io::Read::take(&mut *input, LONGEST as u64).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line).trim_end().to_ascii_lowercase();
        if line.is_empty() {
            if any {
                break;
            }
            continue;
        }
        any = true;
        // after a message whose length was wrong, its rest stands before the next header
        if let Some((_, value)) = line.rsplit_once("content-length:") {
            length = value.trim().parse::<usize>().ok().filter(|length| *length <= LONGEST);
        }
    }
    let Some(length) = length else { return Ok(Some(Err("no valid Content-Length".to_owned()))) };
    let mut bytes = Vec::new();
    if io::Read::take(&mut *input, length as u64).read_to_end(&mut bytes)? < length {
        return Ok(None);
    }
    Ok(Some(Ok(bytes)))
}

fn write(mut output: impl Write, sent: &Receiver<Message>, complaints: &Receiver<Complaint>) -> io::Result<()> {
    let mut listening = complaints.clone();
    loop {
        crossbeam_channel::select! {
            recv(sent) -> message => match message {
                Ok(message) => message.write(&mut output)?,
                // the connection has ended: what is still to be said is said
                Err(_) => return complaints.try_iter().try_for_each(|error| complain(&mut output, &error)),
            },
            recv(listening) -> error => match error {
                Ok(error) => complain(&mut output, &error)?,
                // the input has ended
                Err(_) => listening = crossbeam_channel::never(),
            },
        }
    }
}

fn complain(output: &mut impl Write, complaint: &Complaint) -> io::Result<()> {
    let error = json!({ "code": complaint.code as i32, "message": complaint.message });
    let body = json!({ "jsonrpc": "2.0", "id": complaint.id, "error": error }).to_string();
    write!(output, "Content-Length: {}\r\n\r\n{body}", body.len())?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn exchange(input: &[u8]) -> (Vec<Message>, String) {
        let out = Shared::default();
        let (connection, writer) = connect(Cursor::new(input.to_vec()), out.clone()).unwrap();
        let messages = connection.receiver.iter().collect();
        drop(connection);
        writer.join().unwrap();
        let text = String::from_utf8(out.0.lock().unwrap().clone()).unwrap();
        (messages, text)
    }

    fn framed(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn what_is_malformed_is_answered_and_the_rest_is_read() {
        let good = framed(r#"{"jsonrpc":"2.0","id":1,"method":"shutdown"}"#);
        for bad in [framed("{oh"), framed(r#"{"jsonrpc":"2.0"}"#), "nonsense\r\n\r\n".to_owned(), "Content-Length: -3\r\n\r\n".to_owned(), framed("[1]")] {
            let (messages, answers) = exchange(format!("{bad}{good}").as_bytes());
            assert_eq!(messages.len(), 1, "{bad}");
            assert!(answers.contains("-32700") && answers.contains(r#""id":null"#), "{bad}: {answers}");
        }
    }

    #[test]
    fn half_a_pair_is_read_as_a_character_that_cannot_be() {
        let read = |escaped: &str| String::from_utf8(whole_characters(escaped.as_bytes()).into_owned()).unwrap();
        for (written, wanted) in [
            (r#""\ud83d""#, r#""\ufffd""#),
            (r#""\uDE00\uD83D\n""#, r#""\ufffd\ufffd\n""#),
            (r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#),
            (r#""\\ud83d \u00e9""#, r#""\\ud83d \u00e9""#),
            (r#""\ud83"#, r#""\ud83"#),
            (r"\", r"\"),
        ] {
            assert_eq!(read(written), wanted);
        }
        let (messages, answers) = exchange(framed(r#"{"jsonrpc":"2.0","method":"x","params":["\ud83d"]}"#).as_bytes());
        assert_eq!((messages.len(), answers.as_str()), (1, ""));
    }

    #[test]
    fn a_change_that_cannot_be_read_is_told_to_the_server() {
        let bad = framed(r#"{"jsonrpc":"2.0","method":"textDocument/didChange","params":{]}"#);
        let (messages, answers) = exchange(bad.as_bytes());
        assert!(matches!(messages.as_slice(), [Message::Notification(told)] if told.method == CHANGE && told.params.is_null()));
        assert!(answers.contains("-32700"), "{answers}");
    }

    #[test]
    fn a_request_whose_id_is_of_no_use_is_answered_under_it() {
        for id in ["5000000000", "1.5", "null", "-5000000000"] {
            let (messages, answers) = exchange(framed(&format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"shutdown"}}"#)).as_bytes());
            assert!(messages.is_empty(), "{id}");
            assert!(answers.contains("-32600") && answers.contains(&format!(r#""id":{id}"#)), "{id}: {answers}");
        }
        let (messages, answers) = exchange(framed(r#"{"jsonrpc":"2.0","id":78}"#).as_bytes());
        assert!(messages.is_empty() && answers.contains("-32600") && answers.contains(r#""id":78"#), "{answers}");
    }

    #[test]
    fn a_length_that_is_too_short_costs_one_message() {
        let good = framed(r#"{"jsonrpc":"2.0","id":1,"method":"shutdown"}"#);
        let (messages, _) = exchange(format!("Content-Length: 3\r\n\r\n{{\"jsonrpc\":\"2.0\"}}{good}").as_bytes());
        assert_eq!(messages.len(), 1);
    }

    #[test]
    fn an_input_that_ends_within_a_message_ends_the_connection() {
        let (messages, _) = exchange(b"Content-Length: 300\r\n\r\n{\"jsonrpc\":");
        assert!(messages.is_empty());
    }
}
