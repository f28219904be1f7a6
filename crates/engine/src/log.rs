//! What programs may write into their log: never what people wrote.

use tracing_subscriber::EnvFilter;

/// What the Automerge library logs of a change is its label, and in that are people's words.
const SILENT: &str = "automerge=off";

/// The filter that `CUSTORY_LOG` asks for, as in `CUSTORY_LOG=custory=debug`, without what nobody may log.
pub fn log_filter() -> EnvFilter {
    silenced(EnvFilter::from_env("CUSTORY_LOG"))
}

/// A filter without what nobody may log.
pub fn silenced(filter: EnvFilter) -> EnvFilter {
    match SILENT.parse() {
        Ok(silent) => filter.add_directive(silent),
        Err(_) => EnvFilter::new("off"),
    }
}
