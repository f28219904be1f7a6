//! Promises of what is told while material is read.

use std::ops::ControlFlow;

use custory_domain::draft::{DraftPhase, DraftRequest, Material};
use custory_drafting::{Limits, read};

#[tokio::test]
async fn everything_that_was_read_counts_as_read_before_facts_are_looked_for() {
    let pasted = |at: usize| Material::Pasted {
        title: format!("Note {at}"),
        text: format!("# Note {at}\n\nSign up with your e-mail. Invite team {at} to your board.\n"),
    };
    for count in [1, 3] {
        let materials = (0..count).map(pasted).collect();
        let request = DraftRequest { materials, scope: String::new(), onto: None };
        let mut told = Vec::new();
        let mut hear = |it: custory_domain::draft::DraftProgress| {
            told.push((it.phase, it.done, it.total));
            ControlFlow::Continue(())
        };
        read(&request, &Limits::default(), &mut hear).await.expect("a draft");
        let last = told.iter().rfind(|it| it.0 == DraftPhase::Reading).expect("reading is told");
        assert_eq!(*last, (DraftPhase::Reading, count, Some(count)), "{told:?}");
    }
}
