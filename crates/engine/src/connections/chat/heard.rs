//! What was heard is dealt with in its order: fetched, kept or answered, and answered in its thread.
//!
//! Each step may be repeated: a message is one signal, an answer is one post, whatever broke in between.

use custory_connectors::{Act, ConnectError, Context, Message, Place, Post, Told, Words};
use custory_domain::Timestamp;
use custory_ipc::{Asked, Event, Failure, Reply};
use serde_json::json;
use tokio::sync::oneshot;

use super::answer::answered;
use super::post::{Noted, make, note_id};
use super::wish::Wish;
use crate::apart::Way;
use crate::connections::Kept;
use crate::failure::Fault;
use crate::inbox::Core;

/// How far back it is looked for what somebody marked while nobody listened: older messages can be marked, too.
const LOOK_BACK_MILLIS: i64 = 3 * Timestamp::DAY_MILLIS;
/// What was marked so shortly before Custory was connected counts, too: somebody may have tried it out.
const BEFORE_MILLIS: i64 = 10 * 60 * 1_000;

impl Core {
    /// Keeps what was told, to be dealt with. `false` if it was known.
    pub(in crate::connections) fn hear(&mut self, vendor: &str, told: &Told) -> Result<bool, Fault> {
        let now = self.clock.now();
        Ok(self.store.hear(vendor, &told.id, now, &json!(told).to_string())?)
    }

    /// Deals with what was heard, apart from the loop; what comes meanwhile is dealt with after it.
    pub(super) fn work_through(&mut self, vendor: &str) {
        if !self.may_work(vendor) {
            return;
        }
        let started = self.begin_work(vendor).and_then(|(kept, context)| {
            let vendor = vendor.to_owned();
            self.apart("chat", move |way| async move {
                let has_more = deal_with_open(&way, &vendor, &kept, &context).await;
                way.hand(move |core| {
                    let again = core.hearing.remove(&vendor).unwrap_or(false);
                    // What came while it worked.
                    if has_more || again {
                        core.work_through(&vendor);
                    }
                });
            })
        });
        if let Err(fault) = started {
            tracing::warn!("what was heard from {vendor} waits: {fault}");
            self.hearing.remove(vendor);
        }
    }

    /// Whether nobody is about it; whoever is looks again before they end.
    fn may_work(&mut self, vendor: &str) -> bool {
        match self.hearing.get_mut(vendor) {
            Some(again) => {
                *again = true;
                false
            }
            None => self.hearing.insert(vendor.to_owned(), false).is_none(),
        }
    }

    /// Whether more has come while somebody was about it; if not, they are no more.
    fn must_work_again(&mut self, vendor: &str) -> bool {
        let again = self.hearing.remove(vendor).unwrap_or(false);
        if again {
            self.hearing.insert(vendor.to_owned(), false);
        }
        again
    }

    fn begin_work(&mut self, vendor: &str) -> Result<(Kept, Context), Fault> {
        let kept = self.kept(vendor)?;
        let context = self.context(vendor, &kept)?;
        Ok((kept, context))
    }

    /// Asks the assistant, and hands its answer to who waits for it here as well as to the windows.
    fn ask_for_chat(&mut self, question: &str) -> Result<oneshot::Receiver<Result<Asked, String>>, Fault> {
        let no_journey = || crate::failure::not_found("There is no journey yet that could be asked about.");
        let journey = self.journey_asked_about(question)?.ok_or_else(no_journey)?;
        let Reply::AskStarted { ask } = self.ask(journey, question, None)? else { return Err(no_journey()) };
        let (answer, answered) = oneshot::channel();
        self.asked_here.insert(ask, answer);
        Ok(answered)
    }

    /// Tells who asked in a chat what the assistant says.
    pub(crate) fn tell_who_asked(&mut self, event: &Event) {
        let (id, told) = match event {
            Event::Answered { asked } => (asked.id, Ok((**asked).clone())),
            Event::AskFailed { ask, message } => (*ask, Err(message.clone())),
            _ => return,
        };
        if let Some(answer) = self.asked_here.remove(&id) {
            // They may not wait any more.
            answer.send(told).ok();
        }
    }
}

impl Kept {
    /// Since when messages are looked through for what was missed.
    pub(in crate::connections) fn missed_since(&self, now: Timestamp) -> Timestamp {
        // A clock that was set back since must hide nothing.
        let begun = Timestamp(self.connected_at.min(now).0 - BEFORE_MILLIS);
        let until = self.heard_until.unwrap_or(self.connected_at).min(now);
        Timestamp(until.0 - LOOK_BACK_MILLIS).max(begun)
    }
}

/// Deals with what was heard now; if somebody is about it already, they do.
pub(in crate::connections) async fn deal_with_heard(way: &Way, vendor: &str, kept: &Kept, context: &Context) {
    let key = vendor.to_owned();
    if way.ask(move |core| core.may_work(&key)) != Some(true) {
        return;
    }
    loop {
        while deal_with_open(way, vendor, kept, context).await {}
        let key = vendor.to_owned();
        if way.ask(move |core| core.must_work_again(&key)) != Some(true) {
            return;
        }
    }
}

/// Deals with what is open. Answers whether there was any and all is done, so that more may have come meanwhile.
async fn deal_with_open(way: &Way, vendor: &str, kept: &Kept, context: &Context) -> bool {
    let key = vendor.to_owned();
    match way.ask(move |core| core.store.heard(&key)) {
        Some(Ok(all)) => !all.is_empty() && deal_with_all(way, vendor, kept, context, &all).await,
        _ => false,
    }
}

/// Deals with all, in their order. `false` once something has to wait.
async fn deal_with_all(way: &Way, vendor: &str, kept: &Kept, context: &Context, all: &[String]) -> bool {
    for json in all {
        let Ok(told) = serde_json::from_str::<Told>(json) else { continue };
        let dealt_with = deal_with(way, vendor, kept, context, &told).await;
        match dealt_with {
            Ok(()) => {}
            Err(error) if error.is_temporary() => {
                tracing::warn!("{} waits: {error}", told.id);
                return false;
            }
            Err(error) => tracing::warn!("{} could not be dealt with: {error}", told.id),
        }
        let (vendor, id) = (vendor.to_owned(), told.id);
        let noted = way.ask(move |core| core.store.dealt_with(&vendor, &id));
        if !matches!(noted, Some(Ok(()))) {
            return false;
        }
    }
    true
}

async fn deal_with(
    way: &Way,
    vendor: &str,
    kept: &Kept,
    context: &Context,
    told: &Told,
) -> Result<(), ConnectError> {
    let Some(chat) = context.chat() else { return Ok(()) };
    if !chat.is_ours(&told.by).await? {
        tracing::debug!("{} is by somebody of another workspace, and left alone", told.id);
        return Ok(());
    }
    let wish = match &told.act {
        Act::Save => Wish::SaveThis,
        Act::Say { words } => Wish::of(words),
    };
    let words = match &wish {
        Wish::SaveThis | Wish::SaveThread => {
            // In a thread of its own there is nothing to keep but the words that ask for it.
            let is_thread = wish == Wish::SaveThread && told.place.thread.is_some();
            if wish == Wish::SaveThread && !is_thread {
                super::answer::help()
            } else {
                save(way, vendor, kept, context, &told.place, is_thread).await?
            }
        }
        Wish::Ask(question) => ask(way, question).await,
        _ => way.ask(move |core| core.read_for(&wish)).flatten().unwrap_or_else(super::answer::help),
    };
    answer(way, vendor, kept, context, told, words).await
}

async fn save(
    way: &Way,
    vendor: &str,
    kept: &Kept,
    context: &Context,
    place: &Place,
    is_thread: bool,
) -> Result<Words, ConnectError> {
    let Some(chat) = context.chat() else { return Ok(Words::default()) };
    let Some(message) = chat.fetch(place, is_thread).await? else {
        return Ok(Words::new("The message is gone", Vec::new()));
    };
    let (vendor, account): (String, String) = (vendor.to_owned(), kept.account.clone());
    let take =
        move |core: &mut Core, message: Message| core.take_message(&vendor, &account, message, is_thread);
    let taken = way.ask(move |core| take(core, message));
    Ok(match taken {
        Some(Ok(words)) => words,
        Some(Err(fault)) => Words::new("It could not be kept", vec![fault.0.message]),
        None => Words::default(),
    })
}

async fn ask(way: &Way, question: &str) -> Words {
    let asked: Option<Result<_, Failure>> = way.ask({
        let question = question.to_owned();
        move |core| core.ask_for_chat(&question).map_err(|it| it.0)
    });
    let answer = match asked {
        Some(Ok(answer)) => answer.await.unwrap_or_else(|_| Err("The assistant stopped.".to_owned())),
        Some(Err(failure)) => Err(failure.message),
        None => Err("Custory is closing.".to_owned()),
    };
    match answer {
        Ok(asked) => answered(&asked),
        Err(problem) => {
            // Without a model the same words are looked for.
            let query = Wish::Search(question.trim_end_matches('?').to_owned());
            let found = way.ask(move |core| core.read_for(&query)).flatten().unwrap_or_default();
            let mut parts = found.parts;
            parts.insert(0, custory_connectors::Part { heading: String::new(), lines: vec![problem] });
            Words { title: found.title, parts }
        }
    }
}

/// Answers in the thread, once. What cannot be posted now is posted with the next reading.
async fn answer(
    way: &Way,
    vendor: &str,
    kept: &Kept,
    context: &Context,
    told: &Told,
    words: Words,
) -> Result<(), ConnectError> {
    let post = Post {
        id: note_id(&format!("answer\n{vendor}\n{}\n{}", kept.account, told.topic())),
        channel: told.place.channel.clone(),
        thread: Some(told.place.root().to_owned()),
        words,
        since: Timestamp(0),
    };
    let noted = way.ask({
        let vendor = vendor.to_owned();
        move |core| {
            // Whatever the vendor's clock says, nothing was posted long before it was heard of.
            let since = Timestamp(core.clock.now().0 - Timestamp::DAY_MILLIS);
            let noted = Noted::new(&vendor, Post { since, ..post }, None);
            core.note_post(&noted).map(|is_open| is_open.then_some(noted))
        }
    });
    let Some(Ok(Some(noted))) = noted else { return Ok(()) };
    let outcome = make(context, &noted).await;
    way.hand(move |core| {
        if let Err(fault) = core.posted(noted, outcome) {
            tracing::warn!("an answer waits: {fault}");
        }
    });
    Ok(())
}
