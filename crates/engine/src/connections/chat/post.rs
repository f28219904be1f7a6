//! Posts: noted, made, and remembered.

use std::sync::Arc;

use custory_connectors::{ConnectError, Context, Place, Post};
use custory_domain::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::connections::failure;
use crate::failure::Fault;
use crate::inbox::Core;

/// How long after a try whose end nobody knows a post is left alone: what was on its way then has arrived, and is
/// found, or never will.
const SETTLE_MILLIS: i64 = 60_000;

/// A post and what became of it.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Noted {
    pub vendor: String,
    pub post: Post,
    /// The run that it tells of.
    #[serde(default)]
    pub run: Option<String>,
    /// Not to be tried before.
    #[serde(default)]
    not_before: Option<Timestamp>,
    /// Where it stands, once it is known.
    #[serde(default)]
    pub place: Option<Place>,
    /// It tells of changes of the map: first the relay has them, so that no other device makes and tells them, too,
    /// should this one end now.
    #[serde(default)]
    is_of_changes: bool,
}

impl Noted {
    pub fn new(vendor: &str, post: Post, run: Option<String>) -> Self {
        Self { vendor: vendor.to_owned(), post, run, not_before: None, place: None, is_of_changes: false }
    }

    /// One that tells of changes of the map.
    pub fn of_changes(vendor: &str, post: Post, run: Option<String>) -> Self {
        Self { is_of_changes: true, ..Self::new(vendor, post, run) }
    }
}

/// The name of a post about something: the same at every try.
pub(crate) fn note_id(about: &str) -> String {
    custory_signals::content_hash(about)[..32].to_owned()
}

impl Core {
    /// Notes a post. `false` if one of that name was made before.
    pub(crate) fn note_post(&mut self, noted: &Noted) -> Result<bool, Fault> {
        match self.store.post(&noted.post.id)? {
            Some((false, _)) => Ok(false),
            Some((true, _)) => Ok(true),
            None => self.keep_post(noted, true).map(|()| true),
        }
    }

    /// Says something else in a post that is not made yet.
    pub(crate) fn reword_post(&mut self, noted: &Noted) -> Result<(), Fault> {
        self.keep_post(noted, true)
    }

    fn keep_post(&mut self, noted: &Noted, is_open: bool) -> Result<(), Fault> {
        let json = json!(noted).to_string();
        Ok(self.store.put_post(&noted.post.id, &noted.vendor, noted.post.since, is_open, &json)?)
    }

    /// Posts that are to be made, or to be found, now.
    pub(in crate::connections) fn posts_due(&self, vendor: &str) -> Result<Vec<Noted>, Fault> {
        let now = self.clock.now();
        let all = self.store.open_posts(vendor)?;
        let noted = all.iter().filter_map(|it| serde_json::from_str::<Noted>(it).ok());
        let is_shared = self.is_shared_whole()?;
        let is_due =
            |it: &Noted| it.not_before.is_none_or(|it| it <= now) && (is_shared || !it.is_of_changes);
        Ok(noted.filter(is_due).collect())
    }

    /// Makes the posts that waited until the relay had what they tell of.
    pub(crate) fn post_what_waited(&mut self) -> Result<(), Fault> {
        if !self.is_shared_whole()? {
            return Ok(());
        }
        for vendor in self.all_kept()?.into_keys() {
            for noted in self.posts_due(&vendor)?.into_iter().filter(|it| it.is_of_changes) {
                self.post_apart(noted)?;
            }
        }
        Ok(())
    }

    /// Writes down how a try went. Answers why it failed.
    pub(crate) fn posted(
        &mut self,
        mut noted: Noted,
        outcome: Result<Place, ConnectError>,
    ) -> Result<(), Fault> {
        let (told, is_open) = match outcome {
            Ok(place) => {
                noted.place = Some(place);
                (Ok(()), false)
            }
            // It will be tried again, or nobody knows whether it was made: it is looked for at the next try.
            Err(error) if error.is_temporary() || error.is_open() => {
                noted.not_before = Some(Timestamp(self.clock.now().0 + SETTLE_MILLIS));
                (Err(failure(&error)), true)
            }
            // A person can mend it: the key, or the channel. Until then it waits.
            Err(error @ (ConnectError::Unauthorized { .. } | ConnectError::Forbidden { .. })) => {
                (Err(failure(&error)), true)
            }
            Err(error) => (Err(failure(&error)), false),
        };
        self.keep_post(&noted, is_open)?;
        if let Some(run) = &noted.run {
            self.run_posted(run, &noted, told.as_ref().err().map(|it| (it.message.clone(), is_open)))?;
        }
        told.map_err(Fault)
    }

    /// Makes a noted post apart from the loop, unless it waits or is being made.
    pub(crate) fn post_apart(&mut self, noted: Noted) -> Result<(), Fault> {
        if noted.is_of_changes && !self.is_shared_whole()? || !self.posting.insert(noted.post.id.clone()) {
            return Ok(());
        }
        let kept = self.kept(&noted.vendor)?;
        let context = Arc::new(self.context(&noted.vendor, &kept)?);
        self.apart("post", move |way| async move {
            let outcome = make(&context, &noted).await;
            way.hand(move |core| {
                core.posting.remove(&noted.post.id);
                // What failed stands in the run's log, or beside the connection after the next reading.
                if let Err(fault) = core.posted(noted, outcome) {
                    tracing::warn!("a post was not made: {fault}");
                }
            });
        })
    }
}

/// Makes a post, or finds it.
pub(in crate::connections) async fn make(context: &Context, noted: &Noted) -> Result<Place, ConnectError> {
    let no_chat = || ConnectError::BadSetting(format!("“{}” has no channels.", noted.vendor));
    context.chat().ok_or_else(no_chat)?.post(&noted.post).await
}
