//! Writing to standard output, and noticing when nobody reads it any more.

use std::io::{self, IsTerminal, Write};

use anyhow::bail;

/// Writes a text and a line end.
pub(crate) fn line(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.trim_end_matches('\n').as_bytes())?;
    out.write_all(b"\n")?;
    Ok(out.flush()?)
}

/// Writes what is no text, to a file or another program but not to a terminal.
pub(crate) fn bytes(content: &[u8]) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    if out.is_terminal() {
        bail!("This is not for a terminal. Say where to save it: --output FILE.");
    }
    out.write_all(content)?;
    Ok(out.flush()?)
}

/// Whether the error is that whoever read our output has gone.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let is_broken = |it: &io::Error| it.kind() == io::ErrorKind::BrokenPipe;
    error.downcast_ref::<io::Error>().is_some_and(is_broken)
}
