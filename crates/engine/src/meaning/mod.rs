//! Search by meaning beside search by words, and what says the same twice.
//!
//! A local model that turns texts into vectors is used if there is one; without it, or when it fails,
//! everything here goes by words alone and says nothing of it. Vectors are kept, so that each text is asked
//! about once. The loop reads and writes the store; the model is asked apart from it.
//!
//! Invariant: what words find is found with a model too.

mod fuse;

use std::collections::BTreeMap;

use custory_assistant::server::embed::likeness;
use custory_assistant::{ModelError, Server, Stop};
use custory_domain::{EntityKind, EntityRef, JourneyId};
use custory_ipc::{Hit, ModelSettings, Reply, Twins};
use custory_store::{Found, Worded};

use crate::apart::{Later, Way};
use crate::failure::{Fault, internal};
use crate::inbox::Core;

/// How many hits a search answers.
pub(crate) const HITS_MAX: usize = 50;
/// Texts that are compared: journeys of the largest usual size.
const TEXTS_MAX: usize = 20_000;
/// Texts that one search asks the model about; a large journey becomes known by several.
const LEARNED_MAX: usize = 256;
/// Longest text that is asked about, in characters; models for this take in little more.
const TEXT_CHARS_MAX: usize = 1_000;
/// Texts of one kind that are compared each with each.
const TWINS_OF_MAX: usize = 2_000;
/// Pairs answered.
const TWINS_MAX: usize = 100;

/// Where vectors come from.
pub(crate) struct Source {
    server: Server,
    model: String,
    /// What vectors of this model are kept under: its name with its weights, since other weights make others.
    kept_as: String,
    way: Way,
}

impl Core {
    /// What has the words of `query` or means something like it, of one kind if one is named. The way to ask
    /// to which step a text belongs: with [`EntityKind::Step`].
    pub(crate) fn search_by_meaning(
        &mut self,
        query: String,
        journey: Option<JourneyId>,
        kind: Option<EntityKind>,
    ) -> Result<Later, Fault> {
        let settings = self.model_settings()?;
        let way = self.way();
        Ok(Box::new(move || {
            Box::pin(async move {
                let is_meant = move |it: EntityRef| kind.is_none_or(|kind| it.kind == kind);
                let words = query.clone();
                let found = way.ask(move |core| -> Result<_, Fault> {
                    let exact = core.store.search(&words, journey, HITS_MAX)?;
                    Ok((exact, core.store.worded(journey, TEXTS_MAX)?))
                });
                let (mut exact, mut all) = found.unwrap_or_else(|| Err(stopped())).map_err(|it| it.0)?;
                exact.retain(|it| is_meant(it.entity));
                all.retain(|it| is_meant(it.entity));
                let alike = match Source::of(&settings, way).await {
                    Ok(source) => source.alike(&query, &all).await.unwrap_or_else(silently),
                    Err(error) => silently(error),
                };
                let by_words: Vec<(JourneyId, EntityRef)> =
                    exact.iter().map(|it| (it.journey, it.entity)).collect();
                let mut known: BTreeMap<(JourneyId, EntityRef), Hit> =
                    all.into_iter().map(|it| ((it.journey, it.entity), hit_of(it))).collect();
                known.extend(exact.into_iter().map(|it| {
                    let Found { journey, entity, title, excerpt } = it;
                    ((journey, entity), Hit { journey, entity, title, excerpt })
                }));
                let order = fuse::fused(&by_words, &alike);
                let hits = order.iter().filter_map(|it| known.remove(it)).take(HITS_MAX).collect();
                Ok(Reply::Found { hits })
            })
        }))
    }

    /// Items and steps of a journey that say the same as another one of their kind.
    pub(crate) fn twins(&mut self, journey: JourneyId) -> Result<Later, Fault> {
        let settings = self.model_settings()?;
        let mut all = self.store.worded(Some(journey), TEXTS_MAX)?;
        all.retain(|it| may_have_twin(it.entity.kind));
        let way = self.way();
        Ok(Box::new(move || {
            Box::pin(async move {
                let titles: Vec<String> = all.iter().map(|it| shortened(&it.title)).collect();
                let vectors = match Source::of(&settings, way).await {
                    Ok(source) => source.vectors(&titles).await.unwrap_or_else(silently),
                    Err(error) => silently(error),
                };
                let mut twins = pairs(&all, &vectors);
                twins.sort_by(|a, b| b.likeness.total_cmp(&a.likeness));
                twins.truncate(TWINS_MAX);
                Ok(Reply::Twins { twins })
            })
        }))
    }
}

impl Source {
    /// The model that is set for it, else the smallest one that does nothing else.
    pub(crate) async fn of(settings: &ModelSettings, way: Way) -> Result<Self, ModelError> {
        let server = Server::at(&settings.address, settings.is_remote_allowed)?;
        let model = match &settings.meaning_model {
            Some(model) => model.clone(),
            None => {
                let mut listed = server.list().await?;
                listed.sort_by_key(|it| it.bytes);
                let mut found = None;
                for it in listed {
                    let details = server.show(&it.name).await?;
                    if details.can_embed && !details.can_chat {
                        found = Some(it.name);
                        break;
                    }
                }
                found.ok_or(ModelError::NoModel)?
            }
        };
        let digest = server.digest(&model).await?.unwrap_or_default();
        Ok(Self { kept_as: format!("{model}@{digest}"), server, model, way })
    }

    /// What means something like the query, the most alike first.
    async fn alike(&self, query: &str, all: &[Worded]) -> Result<Vec<(JourneyId, EntityRef)>, ModelError> {
        let texts: Vec<String> =
            all.iter().map(|it| shortened(&format!("{}\n{}", it.title, it.words))).collect();
        let asked = self.server.embed(&self.model, &[shortened(query)], &Stop::default()).await?;
        let asked = asked.first().map(Vec::as_slice).unwrap_or_default();
        let vectors = self.vectors(&texts).await?;
        let mut scored: Vec<(f32, &Worded)> = all
            .iter()
            .zip(&vectors)
            .filter_map(|(it, vector)| Some((likeness(asked, vector.as_ref()?), it)))
            .filter(|it| it.0 >= fuse::LIKENESS_MIN)
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        Ok(scored.into_iter().map(|it| (it.1.journey, it.1.entity)).collect())
    }

    /// The vectors of texts, in their order: kept ones, and those of at most [`LEARNED_MAX`] more.
    pub(crate) async fn vectors(&self, texts: &[String]) -> Result<Vec<Option<Vec<f32>>>, ModelError> {
        let gone = || ModelError::Stopped;
        let (model, wanted) = (self.kept_as.clone(), texts.to_vec());
        let mut vectors = self
            .way
            .ask(move |core| {
                let kept = |it: &String| core.store.vector(&model, it).ok().flatten();
                wanted.iter().map(kept).collect::<Vec<_>>()
            })
            .ok_or_else(gone)?;
        let missing: Vec<usize> =
            (0..texts.len()).filter(|at| vectors[*at].is_none()).take(LEARNED_MAX).collect();
        let new: Vec<String> = missing.iter().map(|at| texts[*at].clone()).collect();
        if new.is_empty() {
            return Ok(vectors);
        }
        let made = self.server.embed(&self.model, &new, &Stop::default()).await?;
        for (at, vector) in missing.iter().zip(&made) {
            vectors[*at] = Some(vector.clone());
        }
        let (model, kept) = (self.kept_as.clone(), new.into_iter().zip(made).collect::<Vec<_>>());
        self.way.hand(move |core| {
            if let Err(error) = core.store.put_vectors(&model, &kept) {
                tracing::warn!("cannot keep what texts mean: {error}");
            }
        });
        Ok(vectors)
    }
}

/// Pairs of one kind whose titles are the same but for marks, or mean the same.
fn pairs(all: &[Worded], vectors: &[Option<Vec<f32>>]) -> Vec<Twins> {
    let mut twins = Vec::new();
    let mut of_kind: BTreeMap<EntityKind, Vec<usize>> = BTreeMap::new();
    for (at, it) in all.iter().enumerate() {
        of_kind.entry(it.entity.kind).or_default().push(at);
    }
    for places in of_kind.values_mut() {
        places.truncate(TWINS_OF_MAX);
        for (nth, a) in places.iter().enumerate() {
            for b in &places[..nth] {
                let is_same = fuse::bare(&all[*a].title) == fuse::bare(&all[*b].title);
                let vector = |at: usize| vectors.get(at).and_then(Option::as_deref).unwrap_or_default();
                let likeness = if is_same { 1.0 } else { likeness(vector(*a), vector(*b)) };
                if likeness >= fuse::SAME_MIN {
                    let (one, other) = (hit_of(all[*b].clone()), hit_of(all[*a].clone()));
                    twins.push(Twins { one, other, likeness });
                }
            }
        }
    }
    twins
}

/// Kinds that people write twice; quotes and comments may well be alike.
fn may_have_twin(kind: EntityKind) -> bool {
    matches!(
        kind,
        EntityKind::Step
            | EntityKind::Touchpoint
            | EntityKind::Insight
            | EntityKind::Opportunity
            | EntityKind::Solution
            | EntityKind::Metric
    )
}

fn hit_of(it: Worded) -> Hit {
    Hit { journey: it.journey, entity: it.entity, title: it.title, excerpt: String::new() }
}

fn shortened(text: &str) -> String {
    text.chars().take(TEXT_CHARS_MAX).collect()
}

/// Without a model that can do it, words alone are searched, which is no fault.
pub(crate) fn silently<T: Default>(error: ModelError) -> T {
    tracing::debug!("by words alone: {error}");
    T::default()
}

fn stopped() -> Fault {
    internal("The engine has stopped.")
}
