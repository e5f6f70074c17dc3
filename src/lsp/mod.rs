//! The language server: the gaps of a dossier in an editor, as they are typed.
//!
//! It says what `cadrage check` says of the same text: both assess with a [`crate::session::Session`]. Built on `lsp-server`, which
//! is synchronous, and on the protocol's types as `gen-lsp-types` makes them from its model, which rust-analyzer itself has moved
//! to: `lsp-types` has had no release since 2024.

mod actions;
mod addresses;
mod completion;
mod concern;
pub mod document;
pub mod encoding;
mod hover;
mod outline;
mod pages;
mod roots;
mod scene;
mod server;
mod transport;
mod work;

pub use server::serve;
pub use work::Settings;

use std::io::{self, BufRead, Write};

/// Serves the client at the other end of `input` and `output` until it leaves; whether it left as the protocol wants it to.
///
/// # Errors
/// When threads cannot be had, or `output` cannot be written to.
pub fn run(input: impl BufRead + Send + 'static, output: impl Write + Send + 'static, settings: Settings) -> io::Result<bool> {
    let (connection, writer) = transport::connect(input, output)?;
    let properly = serve(&connection, settings)?;
    drop(connection);
    // a client that does not wait for the last words is a client that has left
    match writer.join() {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(properly),
    }
}
