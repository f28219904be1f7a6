//! PDF files, page by page.
//!
//! The reader is another's and PDF files are strange: it runs on a thread of its own, may fail, and
//! is left behind when it takes too long.

use std::sync::mpsc;
use std::time::Duration;

use custory_domain::draft::Locator;

use super::plain;
use crate::doc::RawBlock;
use crate::limits::Limits;

/// Pages read of one file.
const PAGES_MAX: usize = 300;

/// Reads a file.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<RawBlock>, String> {
    if bytes.len() > limits.pdf_bytes_max {
        return Err(format!("it is larger than {} MB", limits.pdf_bytes_max >> 20));
    }
    let (sender, receiver) = mpsc::channel();
    let owned = bytes.to_vec();
    let reader = std::thread::Builder::new().name("pdf".to_owned()).spawn(move || {
        let pages = std::panic::catch_unwind(|| pdf_extract::extract_text_from_mem_by_pages(&owned));
        let pages = match pages {
            Ok(Ok(pages)) => Ok(pages),
            Ok(Err(error)) => Err(format!("its text could not be taken out ({error})")),
            Err(_) => Err("its text could not be taken out".to_owned()),
        };
        drop(sender.send(pages)); // Nobody listens any more if it took too long.
    });
    reader.map_err(|it| it.to_string())?;
    let waited = receiver.recv_timeout(Duration::from_secs(limits.pdf_time_max_secs));
    let pages = waited.map_err(|_| format!("it took longer than {} s", limits.pdf_time_max_secs))??;
    let numbered = pages.iter().zip(1u32..).take(PAGES_MAX);
    let blocks: Vec<RawBlock> =
        numbered.flat_map(|(text, page)| plain::read_from(text, |_, _| Locator::Page(page))).collect();
    if blocks.is_empty() { Err("it has no text; it may be a scan".to_owned()) } else { Ok(blocks) }
}
