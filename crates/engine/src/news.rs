//! What concerns the person at this device: noted with the change that it comes from, listed, seen, watched or not.
//!
//! It is found where every change passes on its way to the disk, whoever made it: this window, another program, an
//! automation, a teammate. What a person did by their own hand is passed over before anything is looked up.

use std::collections::BTreeMap;

use custory_domain::news::{Choices, News, Notice, Reader, Route, Routes, Why};
use custory_domain::{Board, Entity, EntityRef, Link, Patch, placed_on};
use custory_ipc::{Event, NewsView, NewsWish, Reply};
use custory_store::Line;
use ulid::Ulid;

use crate::failure::{Fault, no_such_journey};
use crate::inbox::Core;

/// Lines that a window is shown at once.
pub(crate) const SHOWN_MAX: usize = 200;

impl Core {
    /// What a change of a document does to this person's news. `board` is the document's own, before the change or after
    /// it; what was is read from the disk, where the change is not yet. What cannot be told keeps no change from being
    /// kept.
    pub(crate) fn notices(&self, id: Ulid, board: &Board, patch: &Patch) -> Vec<Notice> {
        let nothing = Choices::new();
        let reader = Reader { me: self.device.me, choices: &nothing, board };
        if id == self.device.workspace.ulid() || !patch.put.iter().any(|it| reader.may_be_news(it)) {
            return Vec::new();
        }
        self.look_for_news(id, reader, patch).unwrap_or_else(|fault| {
            tracing::error!(%id, "what is news of a change is not told: {fault}");
            Vec::new()
        })
    }

    fn look_for_news(&self, id: Ulid, reader: Reader<'_>, patch: &Patch) -> Result<Vec<Notice>, Fault> {
        let choices = self.store.watching(Some(id))?;
        let mut before = BTreeMap::new();
        for it in patch.put.iter().filter(|it| reader.may_be_news(it)).map(Entity::entity_ref) {
            before.extend(self.store.entity(id, it)?.map(|was| (it, was)));
        }
        let reader = Reader { choices: &choices, ..reader };
        let mut notices = reader.notices(patch, |it| before.get(&it).cloned());
        for notice in &mut notices {
            self.go_on_from(id, notice)?;
        }
        let routes = if notices.is_empty() { Routes::default() } else { self.preferences()?.news };
        let is_wanted = |news: &News| routes.for_news(news) != Route::Nowhere;
        notices.retain(|it| it.news.as_ref().is_none_or(is_wanted));
        Ok(notices)
    }

    /// Work that moved twice before anybody looked has moved once; back where it was, it has not.
    fn go_on_from(&self, id: Ulid, notice: &mut Notice) -> Result<(), Fault> {
        let Some(news) = &mut notice.news else { return Ok(()) };
        let Why::Moved { to, .. } = news.why else { return Ok(()) };
        if let Some(Why::Moved { from: first, .. }) =
            self.store.unread_line(id, &notice.key)?.map(|it| it.why)
        {
            news.why = Why::Moved { from: first, to };
            if first == to {
                notice.news = None;
            }
        }
        Ok(())
    }

    /// Answers a wish.
    pub(crate) fn about_news(&mut self, wish: NewsWish) -> Result<Reply, Fault> {
        match wish {
            NewsWish::List => {}
            NewsWish::Mark { which, is_read } => {
                self.store.mark_news(which.as_deref(), is_read)?;
                self.tell_news()?;
            }
            NewsWish::Watching => return self.watching(),
            NewsWish::Watch { journey, about, choice } => {
                if self.store.entity(journey.ulid(), about)?.is_none() {
                    return Err(no_such_journey());
                }
                self.store.set_watching(journey.ulid(), about, choice)?;
                return self.watching();
            }
        }
        let lines = self.store.news(SHOWN_MAX)?;
        let news = lines.into_iter().map(|it| self.view(it)).collect::<Result<_, _>>()?;
        Ok(Reply::News { news, unread: self.store.unread_news()? })
    }

    fn watching(&self) -> Result<Reply, Fault> {
        Ok(Reply::Watching { choices: self.store.watching(None)?.into_iter().collect() })
    }

    fn view(&self, line: Line) -> Result<NewsView, Fault> {
        let Line { id, journey, news, is_read } = line;
        let title = |it: EntityRef| -> Result<String, Fault> {
            Ok(self.store.entity(journey.ulid(), it)?.map(|it| it.title().to_owned()).unwrap_or_default())
        };
        let about = self.store.entity(journey.ulid(), news.about)?;
        let step = about.as_ref().and_then(first_step);
        Ok(NewsView {
            id,
            journey,
            journey_title: title(journey.into())?,
            title: about.map(|it| it.title().to_owned()).unwrap_or_default(),
            step_title: step.map_or(Ok(String::new()), title)?,
            words: news.said.map_or(Ok(String::new()), title)?,
            news,
            is_read,
        })
    }

    /// Tells every window how much was not seen, if that is not what they know.
    pub(crate) fn tell_news(&mut self) -> Result<(), Fault> {
        let stand = self.store.news_stand()?;
        let told = std::mem::replace(&mut self.news_told, stand);
        if told != stand {
            self.emit(Event::News { unread: stand.0 });
        }
        if told.1 < stand.1 {
            self.tell_aloud(told.1)?;
        }
        Ok(())
    }

    /// Tells what came after a line and is to be told aloud, in the order in which it came.
    fn tell_aloud(&self, after: i64) -> Result<(), Fault> {
        let routes = self.preferences()?.news;
        if routes.are_usual() {
            return Ok(());
        }
        let lines = self.store.news(SHOWN_MAX)?.into_iter().rev();
        for line in lines.filter(|it| it.id > after && !it.is_read) {
            if routes.for_news(&line.news) == Route::Aloud {
                self.emit(self.aloud(line)?);
            }
        }
        Ok(())
    }

    /// A line as it is told.
    pub(crate) fn aloud(&self, line: Line) -> Result<Event, Fault> {
        let by = self.store.entity(self.device.workspace.ulid(), line.news.by.into())?;
        let who = line.news.who(by.as_ref().map(Entity::title));
        let title = format!("{who} {}", line.news.why.words());
        let link = Link::Item { journey: line.journey, entity: line.news.about }.to_string();
        let view = self.view(line)?;
        let text = if view.words.is_empty() { view.title } else { format!("{}: {}", view.title, view.words) };
        Ok(Event::Told { title, text, link, count: 1 })
    }
}

/// The step on which something stands.
fn first_step(entity: &Entity) -> Option<EntityRef> {
    placed_on(entity)?.0.first().map(|it| (*it).into())
}
