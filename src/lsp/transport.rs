//! Messages over pipes. The crate's own reader ends at the first message that it cannot read; this one says so and goes on.

use std::io::{self, BufRead, Read as _, Write};
use std::thread::{self, JoinHandle};

use crossbeam_channel::{Receiver, Sender, unbounded};
use lsp_server::{Connection, ErrorCode, Message};
use serde_json::json;

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
    let (malformed, complaints) = unbounded::<String>();
    thread::Builder::new().name("lsp-reader".into()).spawn(move || read(input, &received, &malformed))?;
    let writer = thread::Builder::new().name("lsp-writer".into()).spawn(move || write(output, &sent, &complaints))?;
    Ok((Connection { sender, receiver }, Writer(writer)))
}

fn read(mut input: impl BufRead, received: &Sender<Message>, malformed: &Sender<String>) {
    while let Ok(Some(payload)) = payload(&mut input) {
        let message = payload.and_then(|bytes| serde_json::from_slice(&bytes).map_err(|e| e.to_string()));
        // who listens to neither has gone
        let gone = match message {
            Ok(message) => received.send(message).is_err(),
            Err(error) => malformed.send(error).is_err(),
        };
        if gone {
            return;
        }
    }
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

fn write(mut output: impl Write, sent: &Receiver<Message>, complaints: &Receiver<String>) -> io::Result<()> {
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

/// Answers a message whose id could not be read.
fn complain(output: &mut impl Write, error: &str) -> io::Result<()> {
    let body = json!({ "jsonrpc": "2.0", "id": null, "error": { "code": ErrorCode::ParseError as i32, "message": error } }).to_string();
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
