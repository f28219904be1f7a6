//! Drafts: read in a thread of their own, reviewed over days, accepted as one change.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use custory_assistant::facts::{Bounds, ModelFacts};
use custory_assistant::structured::Model;
use custory_assistant::{ModelError, Stop};
use custory_domain::draft::{
    Decision, DraftKey, DraftProgress, DraftRequest, DraftReview, Material, accept, compare,
};
use custory_domain::{Command, DraftId, Journey, JourneyId, Via};
use custory_drafting::{DraftError, FactFinder, Limits, Reading, Rules};
use custory_ipc::{DraftSummary, ErrorCode, Event, Failure, Reply};

use crate::apart::Way;
use crate::assist::KeptAnswers;
use crate::failure::{Fault, internal, no_such_draft, refused};
use crate::inbox::{Core, Inbox, done};
use crate::journeys::made;

/// How many drafts are read at once; more would only make each slower.
const READING_MAX: usize = 2;

/// Readings under way, and those that failed since the start.
#[derive(Default)]
pub(crate) struct Jobs {
    reading: BTreeMap<DraftId, Job>,
    failed: BTreeMap<DraftId, (String, Failure)>,
}

struct Job {
    title: String,
    onto: Option<JourneyId>,
    stop: Stop,
}

/// How a reading ended.
pub(crate) type Finished = Result<Reading, DraftError>;

impl Jobs {
    /// Tells every reading to stop.
    pub(crate) fn stop_all(&self) {
        self.reading.values().for_each(|it| it.stop.tell());
    }
}

impl Core {
    /// Starts reading, with a model beside the rules if one is given.
    pub(crate) fn start_draft(
        &mut self,
        request: DraftRequest,
        model: Option<Model>,
    ) -> Result<Reply, Fault> {
        if request.materials.is_empty() {
            return Err(Failure::new(ErrorCode::BadInput, "Choose at least one thing to read.").into());
        }
        if self.jobs.reading.len() >= READING_MAX {
            return Err(refused("Two drafts are being read already. Wait for one, or stop it."));
        }
        let draft = DraftId::from(self.mint());
        let stop = Stop::default();
        let title = working_title(&request);
        let job = Job { title, onto: request.onto, stop: stop.clone() };
        let (inbox, way) = (self.inbox.clone(), self.way());
        let thread = std::thread::Builder::new().name("draft".to_owned());
        thread
            .spawn(move || {
                let finished = finder(model, way, &stop).and_then(|finder| {
                    read(&request, finder, &stop, |progress| {
                        // The loop may be gone already; the reading is then about to stop as well.
                        inbox.send(Inbox::DraftProgressed(draft, progress)).ok();
                    })
                });
                inbox.send(Inbox::DraftFinished(draft, Box::new(finished))).ok();
            })
            .map_err(|error| internal(&format!("Cannot start reading: {error}.")))?;
        self.jobs.reading.insert(draft, job);
        self.tell_drafts()?;
        Ok(Reply::DraftStarted { draft })
    }

    /// Passes on how far a reading is.
    pub(crate) fn draft_progressed(&mut self, draft: DraftId, progress: DraftProgress) {
        if self.jobs.reading.contains_key(&draft) {
            self.emit(Event::DraftProgressed { draft, progress });
        }
    }

    /// Keeps what was read for review, or says why it could not be read.
    pub(crate) fn draft_finished(&mut self, draft: DraftId, finished: Finished) {
        let Some(job) = self.jobs.reading.remove(&draft) else { return };
        let kept = match finished {
            Ok(reading) => self.keep_draft(draft, job.onto, reading).map_err(|it| it.0),
            Err(error) => Err(failure(&error)),
        };
        match kept {
            Ok(()) => self.emit(Event::DraftReady { draft }),
            Err(failure) => {
                // Who stopped a reading knows that it has ended.
                if failure.code != ErrorCode::Stopped {
                    self.jobs.failed.insert(draft, (job.title, failure.clone()));
                }
                self.emit(Event::DraftFailed { draft, failure });
            }
        }
        if let Err(failure) = self.tell_drafts() {
            tracing::error!("cannot list drafts: {failure}");
        }
    }

    /// The last gate: what its source does not prove is taken out, whoever made the draft.
    fn keep_draft(&mut self, id: DraftId, onto: Option<JourneyId>, read: Reading) -> Result<(), Fault> {
        let Reading { draft, texts } = read;
        let hashes: Vec<String> = draft.sources.iter().map(|it| it.hash.clone()).collect();
        let text_of = |at: usize| texts.get(hashes.get(at)?).map(String::as_str);
        let unproven = draft.unproven(text_of);
        if !unproven.is_empty() {
            tracing::error!(%id, count = unproven.len(), "left out what no source proves");
        }
        let draft = draft.without(&unproven);
        let known = match onto {
            Some(journey) => compare(&self.board(journey.ulid())?, &draft, text_of).known,
            None => BTreeMap::new(),
        };
        for (hash, text) in &texts {
            self.store.put_source_text(hash, text)?;
        }
        self.put_review(&DraftReview { id, draft, decisions: BTreeMap::new(), onto, known })
    }

    /// Stops a reading.
    pub(crate) fn cancel_draft(&mut self, draft: DraftId) -> Result<Reply, Fault> {
        let job = self.jobs.reading.get(&draft).ok_or_else(no_such_draft)?;
        job.stop.tell();
        Ok(done())
    }

    /// A draft with the decisions so far.
    pub(crate) fn review(&self, draft: DraftId) -> Result<DraftReview, Fault> {
        let text = self.store.draft(draft)?.ok_or_else(no_such_draft)?;
        serde_json::from_str(&text).map_err(|error| internal(&format!("A draft cannot be read: {error}.")))
    }

    fn put_review(&mut self, review: &DraftReview) -> Result<(), Fault> {
        let text = serde_json::to_string(review)
            .map_err(|error| internal(&format!("A draft cannot be written: {error}.")))?;
        Ok(self.store.put_draft(review.id, &text)?)
    }

    /// Notes what a person decided.
    pub(crate) fn decide_draft(
        &mut self,
        draft: DraftId,
        decisions: Vec<(DraftKey, Option<Decision>)>,
    ) -> Result<Reply, Fault> {
        let mut review = self.review(draft)?;
        for (key, decision) in decisions {
            match decision {
                Some(decision) => review.decisions.insert(key, decision),
                None => review.decisions.remove(&key),
            };
        }
        self.put_review(&review)?;
        Ok(done())
    }

    /// Puts what was kept onto the map, as one change that one undo takes back.
    pub(crate) fn accept_draft(&mut self, id: DraftId, title: Option<String>) -> Result<Reply, Fault> {
        let review = self.review(id)?;
        let board = match review.onto {
            Some(journey) => self.board(journey.ulid())?,
            None => Default::default(),
        };
        let now = self.clock.now();
        let commands =
            accept(&review, &board, now, &mut || crate::clock::mint(&*self.clock, &mut *self.entropy));
        if commands.is_empty() {
            return Err(refused("Nothing is kept yet. Keep at least one step, or discard the draft."));
        }
        let label = format!("Accept draft “{}”", review.draft.title);
        let journey = match review.onto {
            Some(journey) => {
                self.dispatch(journey.ulid(), Command::Batch { label, commands }, Via::Import)?;
                journey
            }
            None => {
                let title = title.filter(|it| !it.trim().is_empty()).unwrap_or(review.draft.title);
                let journey = Journey::new(self.mint().into());
                let owner = Some(self.device.me);
                let journey = Journey { title, scenario: review.draft.scope, owner, ..journey };
                self.establish(journey, &label, commands)?
            }
        };
        self.store.delete_draft(id)?;
        self.tell_drafts()?;
        Ok(made(journey))
    }

    /// Throws a draft away, also one that failed or is still being read.
    pub(crate) fn discard_draft(&mut self, draft: DraftId) -> Result<Reply, Fault> {
        if let Some(job) = self.jobs.reading.get(&draft) {
            job.stop.tell();
            return Ok(done());
        }
        if self.jobs.failed.remove(&draft).is_none() {
            self.store.delete_draft(draft)?;
        }
        self.tell_drafts()?;
        Ok(done())
    }

    /// All drafts, as the sidebar shows them.
    pub(crate) fn draft_summaries(&self) -> Result<Vec<DraftSummary>, Fault> {
        let summary = |id: DraftId, title: &str, is_reading: bool, failed: Option<&Failure>| DraftSummary {
            id,
            title: title.to_owned(),
            is_reading,
            failed: failed.cloned(),
        };
        let mut drafts = Vec::new();
        for id in self.store.drafts()? {
            drafts.push(summary(id, &self.review(id)?.draft.title, false, None));
        }
        let failed = &self.jobs.failed;
        drafts.extend(failed.iter().map(|(id, (title, why))| summary(*id, title, false, Some(why))));
        drafts.extend(self.jobs.reading.iter().map(|(id, job)| summary(*id, &job.title, true, None)));
        Ok(drafts)
    }

    /// Tells every window which drafts there are.
    pub(crate) fn tell_drafts(&mut self) -> Result<(), Fault> {
        let drafts = self.draft_summaries()?;
        self.emit(Event::Drafts { drafts });
        Ok(())
    }
}

/// Why no draft came out, as windows and the command line hear it.
fn failure(error: &DraftError) -> Failure {
    let code = match error {
        DraftError::NoMaterial | DraftError::NotAnAddress { .. } => ErrorCode::BadInput,
        DraftError::RefusedAddress { .. } => ErrorCode::PrivateAddress,
        DraftError::NotFound { .. } => ErrorCode::NotFound,
        DraftError::Unreachable { .. }
        | DraftError::Disallowed { .. }
        | DraftError::Unreadable { .. }
        | DraftError::NothingReadable { .. } => ErrorCode::Unreadable,
        DraftError::Model(_) => ErrorCode::Model,
        DraftError::Cancelled => ErrorCode::Stopped,
        DraftError::Broken(_) => ErrorCode::Internal,
    };
    Failure::new(code, error.to_string())
}

/// The finder of facts: rules alone, or a model beside them.
fn finder(model: Option<Model>, way: Way, stop: &Stop) -> Result<Arc<dyn FactFinder>, DraftError> {
    let Some(model) = model else { return Ok(Arc::new(Rules)) };
    let broken = |error: std::io::Error| DraftError::Broken(error.to_string());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(broken)?;
    let model = runtime.block_on(model.checked(stop)).map_err(|error| match error {
        ModelError::Stopped => DraftError::Cancelled,
        other => DraftError::Model(other.to_string()),
    })?;
    let facts = ModelFacts::new(model, Box::new(KeptAnswers(way)), stop.clone(), Bounds::default());
    Ok(Arc::new(facts.map_err(broken)?))
}

/// Reads in a runtime of its own, until it is done or told to stop.
fn read(
    request: &DraftRequest,
    finder: Arc<dyn FactFinder>,
    stop: &Stop,
    tell: impl Fn(DraftProgress) + Send + Sync,
) -> Finished {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| DraftError::Broken(error.to_string()))?;
    let mut progress = |progress: DraftProgress| {
        tell(progress);
        if stop.is_told() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let limits = Limits::default();
    runtime.block_on(async {
        tokio::select! {
            read = custory_drafting::read_with(request, &limits, finder, &mut progress) => read,
            () = stop.told() => Err(DraftError::Cancelled),
        }
    })
}

/// What a draft is called until its material says better.
fn working_title(request: &DraftRequest) -> String {
    match request.materials.first() {
        Some(Material::Website { url, .. }) => url.clone(),
        Some(Material::Folder { path } | Material::File { path }) => {
            let name = std::path::Path::new(path).file_name();
            name.map_or_else(|| path.clone(), |it| it.to_string_lossy().into_owned())
        }
        Some(Material::Pasted { title, .. }) => title.clone(),
        None => String::new(),
    }
}
