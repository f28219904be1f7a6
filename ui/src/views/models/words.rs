//! How models are spoken of: sizes, what they need, what they can. Pure.

use custory_ipc::{Model, PullProgress};

use crate::format;

/// A size, in the unit that people buy memory in.
pub fn size(bytes: u64) -> String {
    const MEGA: f64 = 1e6;
    const GIGA: f64 = 1e9;
    let bytes = bytes as f64;
    if bytes >= GIGA { format!("{:.1} GB", bytes / GIGA) } else { format!("{:.0} MB", (bytes / MEGA).ceil()) }
}

/// What a model is and needs.
pub fn about(model: &Model) -> String {
    let mut parts = vec![format!("{} on disk", size(model.bytes))];
    if !model.can_chat {
        parts.push(if model.can_embed {
            "only finds what means the same; it can not draft or answer".to_owned()
        } else {
            "can neither draft nor answer".to_owned()
        });
        return parts.join(", ");
    }
    parts.push(format!("needs about {} of memory", size(model.memory_bytes)));
    if let Some(tokens) = model.context_tokens {
        parts.push(format!("takes in up to {} tokens", format::whole(f64::from(tokens))));
    }
    parts.join(", ")
}

/// How far a download is.
pub fn far(progress: &PullProgress) -> String {
    if progress.total_bytes == 0 {
        return if progress.status.is_empty() {
            "Starting".to_owned()
        } else {
            format::capital(&progress.status)
        };
    }
    format!("{} of {}", size(progress.done_bytes), size(progress.total_bytes))
}

/// Part of a download that is here, from 0 to 1; `None` while the whole is unknown.
pub fn part(progress: &PullProgress) -> Option<f64> {
    let is_known = progress.total_bytes > 0;
    is_known.then(|| (progress.done_bytes as f64 / progress.total_bytes as f64).clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_rounded_so_that_nothing_takes_no_room() {
        for (bytes, expected) in
            [(1, "1 MB"), (900_000_000, "900 MB"), (2_497_000_000, "2.5 GB"), (40_000_000_000, "40.0 GB")]
        {
            assert_eq!(size(bytes), expected);
        }
    }

    #[test]
    fn a_download_says_its_status_until_its_size_is_known() {
        let at = |status: &str, done_bytes, total_bytes| PullProgress {
            status: status.to_owned(),
            done_bytes,
            total_bytes,
        };
        assert_eq!(far(&at("", 0, 0)), "Starting");
        assert_eq!(far(&at("pulling manifest", 0, 0)), "Pulling manifest");
        assert_eq!(far(&at("pulling", 2_000_000_000, 3_300_000_000)), "2.0 GB of 3.3 GB");
        assert_eq!(part(&at("", 1, 0)), None);
        assert_eq!(part(&at("", 9, 3)), Some(1.0));
    }
}
