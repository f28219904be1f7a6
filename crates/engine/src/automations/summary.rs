//! The beginning of a review, written by a local model out of the review's own lines.
//!
//! The lines are facts that code has found; they stay, whatever the model makes of them. What it says and they do
//! not bear out is dropped.

use custory_assistant::answering::{Wanted, summarize};
use custory_assistant::structured::Model;
use custory_assistant::tools::Desk;
use custory_assistant::{ModelError, Stop};
use custory_domain::{Board, EntityRef};
use custory_ipc::{JourneyReview, Reply, ReviewSummary, Run};

use crate::apart::Later;
use crate::failure::{Fault, internal};
use crate::inbox::Core;

impl Core {
    /// Lets the chosen model begin the reviews of a run.
    pub(crate) fn summarize_run(&mut self, id: &str) -> Result<Later, Fault> {
        let model = self.model(None)?;
        let run = self.logged(id)?;
        let mut reviews: Vec<(JourneyReview, Board)> = Vec::new();
        for review in &run.reviews {
            reviews.push((review.clone(), self.board(review.journey.ulid())?));
        }
        let (way, now, id) = (self.way(), self.clock.now(), id.to_owned());
        Ok(Box::new(move || {
            Box::pin(async move {
                let mut summaries = Vec::new();
                for (review, board) in reviews {
                    let desk = Desk::of(board, now);
                    let summary = begun(&model, &desk, &review).await.map_err(|it| Fault::from(it).0)?;
                    summaries.push((review.journey, summary));
                }
                let kept = way.ask(move |core| -> Result<Run, Fault> {
                    let mut run = core.logged(&id)?;
                    for review in &mut run.reviews {
                        let found = summaries.iter().find(|it| it.0 == review.journey);
                        review.summary = found.and_then(|it| it.1.clone());
                    }
                    core.log_run(&run)?;
                    Ok(run)
                });
                let run =
                    kept.unwrap_or_else(|| Err(internal("The engine has stopped."))).map_err(|it| it.0)?;
                Ok(Reply::Ran { run: Box::new(run) })
            })
        }))
    }

    /// The same by itself once a review is written, where a model is chosen. Without one, or when it fails, the
    /// review is as good without.
    pub(super) fn summarize_apart(&mut self, run: &Run) {
        let has_model = self.model_settings().is_ok_and(|it| it.model.is_some());
        if run.reviews.is_empty() || !has_model {
            return;
        }
        let begun = self.summarize_run(&run.id).and_then(|work| {
            self.apart("review", move |_| async move {
                if let Err(failure) = work().await {
                    tracing::info!("a review has no summary: {failure}");
                }
            })
        });
        if let Err(fault) = begun {
            tracing::info!("a review has no summary: {fault}");
        }
    }
}

async fn begun(
    model: &Model,
    desk: &Desk,
    review: &JourneyReview,
) -> Result<Option<ReviewSummary>, ModelError> {
    let lines: Vec<(EntityRef, String)> = review
        .lists
        .iter()
        .flat_map(|list| {
            list.lines.iter().map(|(entity, says)| (*entity, format!("{}: {says}", list.heading)))
        })
        .collect();
    let answer = summarize(model, desk, Wanted::Review, &lines, &Stop::default()).await?;
    let has_words = !answer.claims.is_empty();
    let (claims, dropped) = (answer.claims, answer.dropped.len());
    Ok(has_words.then(|| ReviewSummary { model: model.name.clone(), claims, dropped }))
}
