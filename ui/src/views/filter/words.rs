//! What a test is called on its chip.

use custory_domain::filter::{Criterion, Test};
use custory_domain::wording::quoted;
use custory_domain::{MemberId, Truth};

use crate::state::{OpenJourney, Store};
use crate::views::panel::words::{TRUTHS, word};

/// Names on a chip before the rest is counted.
const NAMES_MAX: usize = 2;

/// A test in a few words, and its icon.
pub fn test(store: Store, open: Option<&OpenJourney>, test: &Test) -> (&'static str, String) {
    let (icon, words) = criterion(store, open, &test.what);
    (icon, if test.not { format!("Not {}", lower_first(&words)) } else { words })
}

fn criterion(store: Store, open: Option<&OpenJourney>, it: &Criterion) -> (&'static str, String) {
    match it {
        Criterion::Kind { kinds } => {
            ("panel", list("Kind", kinds.iter().map(|it| it.spec().name.to_owned())))
        }
        Criterion::Owner { owners } => ("user", list("Owner", owners.iter().map(|it| person(store, *it)))),
        Criterion::Stage { stages } => {
            let name = |id| open.and_then(|it| it.board.stages.get(id)).map(|it| it.title.clone());
            (
                "map",
                list(
                    "Stage",
                    stages.iter().map(|it| name(it).unwrap_or_else(|| "a stage that is gone".to_owned())),
                ),
            )
        }
        Criterion::Open => ("check", "Open work".to_owned()),
        Criterion::Evidence { least } => ("quote", format!("Evidence {least}+")),
        Criterion::Severity { least } => ("warn", format!("Severity {least}+")),
        Criterion::Impact { least } => ("matrix", format!("Impact {least}+")),
        Criterion::Effort { most } => ("matrix", format!("Effort {most} or less")),
        Criterion::Truth { truths } => ("eye", list("Truth", truths.iter().map(|it| truth(*it).to_owned()))),
        Criterion::State { states } => ("flag", list("Status", states.iter().map(|it| it.word().to_owned()))),
        Criterion::Text { words } => ("search", quoted(words)),
        Criterion::Added { age } => ("plus", format!("Added {}", age.words())),
        Criterion::Changed { age } => ("clock", format!("Changed {}", age.words())),
        Criterion::LastEvidence { age } => ("quote", format!("Last evidence {}", age.words())),
    }
}

/// Who, in words.
pub fn person(store: Store, owner: Option<MemberId>) -> String {
    match owner.and_then(|it| store.member(it)) {
        Some(member) => member.name,
        None => "No owner".to_owned(),
    }
}

/// How sure, in words.
pub fn truth(truth: Truth) -> &'static str {
    word(TRUTHS, truth)
}

fn list(name: &str, values: impl Iterator<Item = String>) -> String {
    let values: Vec<String> = values.collect();
    match values.as_slice() {
        [] => format!("{name}: none"),
        [one] => one.clone(),
        some => {
            let shown = some[..some.len().min(NAMES_MAX)].join(", ");
            let more = some.len().saturating_sub(NAMES_MAX);
            if more > 0 { format!("{shown} +{more}") } else { shown }
        }
    }
}

/// With a small letter at the beginning, unless it is a quote.
pub fn lower_first(words: &str) -> String {
    let mut chars = words.chars();
    match chars.next() {
        Some(first) if !words.starts_with('“') => first.to_lowercase().chain(chars).collect(),
        _ => words.to_owned(),
    }
}
