//! What concerns the person at this window: their lines of the inbox, and what they watch.

use custory_domain::news::{Choices, Reader};
use custory_domain::{CommentId, EntityRef, JourneyId};
use custory_ipc::{NewsView, NewsWish, Reply, Request};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use super::{Store, Toast};
use crate::host;

/// News for the person at this window.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct News {
    /// Lines, the newest first.
    pub lines: Vec<NewsView>,
    /// How many were not seen, listed or not.
    pub unread: usize,
    /// The line that the keyboard is on.
    pub at: Option<i64>,
    /// Whether the inbox shows these lines, and not what was heard elsewhere.
    pub is_shown: bool,
    /// What is watched or muted by the person's own word, on all journeys.
    pub choices: Choices,
    /// The comment that is being led to.
    pub sought: Option<CommentId>,
}

impl News {
    /// The line that the keyboard is on.
    pub fn line(&self) -> Option<&NewsView> {
        self.lines.iter().find(|it| Some(it.id) == self.at)
    }

    /// Goes so many lines further.
    pub fn walk(&mut self, by: isize) {
        let now = self.lines.iter().position(|it| Some(it.id) == self.at).unwrap_or(0);
        let next = now.saturating_add_signed(by).min(self.lines.len().saturating_sub(1));
        self.at = self.lines.get(next).map(|it| it.id);
    }

    /// Takes over what the engine says; where the keyboard is stays, or what took its place has it.
    pub fn take(&mut self, lines: Vec<NewsView>, unread: usize) {
        let place = self.lines.iter().position(|it| Some(it.id) == self.at).unwrap_or(0);
        (self.lines, self.unread) = (lines, unread);
        if self.line().is_none() {
            self.at = self.lines.get(place.min(self.lines.len().saturating_sub(1))).map(|it| it.id);
        }
    }

    /// Whether only what names the person, or is given to them, is told of a journey.
    pub fn is_muted(&self, journey: JourneyId) -> bool {
        self.choices.get(&journey.into()) == Some(&false)
    }
}

impl Store {
    /// Asks for the news.
    pub fn fetch_news(self) {
        self.about_news(NewsWish::List);
    }

    /// Asks for what is watched.
    pub fn fetch_watching(mut self) {
        spawn_forever(async move {
            if let Ok(Reply::Watching { choices }) = host::request(Request::News(NewsWish::Watching)).await {
                self.news.write().choices = choices.into_iter().collect();
            }
        });
    }

    /// Notes that lines were seen, or should stand there as if they were not; all of them without a list.
    pub fn mark_news(self, which: Option<Vec<i64>>, is_read: bool) {
        self.about_news(NewsWish::Mark { which, is_read });
    }

    fn about_news(mut self, wish: NewsWish) {
        spawn_forever(async move {
            // Without an answer what is shown stays.
            if let Ok(Reply::News { news, unread }) = host::request(Request::News(wish)).await {
                self.news.write().take(news, unread);
            }
        });
    }

    /// Whether the person hears what becomes of something on the open journey.
    pub fn is_watched(self, about: EntityRef) -> bool {
        let (open, news) = (self.open.read(), self.news.read());
        let Some(open) = open.as_ref() else { return false };
        Reader { me: *self.me.read(), choices: &news.choices, board: &open.board }.watches(about)
    }

    /// Watches something on the open journey, or no longer, and says so.
    pub fn toggle_watching(self, about: EntityRef) {
        let Some(journey) = self.open.peek().as_ref().map(|it| it.id) else { return };
        let wants = !self.is_watched(about);
        let said =
            if wants { "Watching: what becomes of it comes to your inbox" } else { "No longer watching" };
        self.choose_to_watch(journey, about, wants.into(), said);
    }

    /// Mutes a journey, or hears of it again, and says so.
    pub fn toggle_mute(self, journey: JourneyId) {
        let is_muted = self.news.peek().is_muted(journey);
        let said = if is_muted {
            "No longer muted"
        } else {
            "Muted: only what names you, or is given to you, comes to your inbox"
        };
        self.choose_to_watch(journey, journey.into(), (!is_muted).then_some(false), said);
    }

    fn choose_to_watch(
        mut self,
        journey: JourneyId,
        about: EntityRef,
        choice: Option<bool>,
        said: &'static str,
    ) {
        spawn_forever(async move {
            let wish = NewsWish::Watch { journey, about, choice };
            if let Some(Reply::Watching { choices }) = self.ask(Request::News(wish)).await {
                self.news.write().choices = choices.into_iter().collect();
                self.toast(Toast::plain("eye", said.to_owned()));
            }
        });
    }
}
