//! How much is read at most. Every limit has a reason; a draft is made from what fits.

/// Bounds of one reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Pages of a website: the ones that tell of its journey come first, and a small server is spared.
    pub pages_max: usize,
    /// Bytes of one page after decompression; the rest is not fetched. Longer pages are generated.
    pub page_bytes_max: usize,
    /// Bytes of one material altogether: what a slow line brings within the time.
    pub total_bytes_max: usize,
    /// Time for fetching a website; what has arrived by then is used.
    pub time_max_secs: u64,
    /// Time for one page, from asking to its last byte.
    pub page_time_max_secs: u64,
    /// Redirects followed for one page.
    pub redirects_max: usize,
    /// Pages asked for at the same time: polite to a small server.
    pub concurrent_max: usize,
    /// Files of a folder that are opened, sources of programs included.
    pub files_max: usize,
    /// Documents of a folder that are read whole.
    pub documents_max: usize,
    /// Bytes of one text file; larger ones are generated or are data.
    pub file_bytes_max: usize,
    /// Bytes of a PDF: its reader holds a multiple of it in memory.
    pub pdf_bytes_max: usize,
    /// Time for one PDF; its reader cannot be interrupted, only left behind.
    pub pdf_time_max_secs: u64,
    /// Depth of folders.
    pub depth_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            pages_max: 60,
            page_bytes_max: 2 << 20,
            total_bytes_max: 64 << 20,
            time_max_secs: 120,
            page_time_max_secs: 15,
            redirects_max: 5,
            concurrent_max: 4,
            files_max: 6_000,
            documents_max: 400,
            file_bytes_max: 1 << 20,
            pdf_bytes_max: 20 << 20,
            pdf_time_max_secs: 30,
            depth_max: 16,
        }
    }
}
