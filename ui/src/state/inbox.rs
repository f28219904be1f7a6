//! The inbox's part of the store: what was heard, what is looked at, what was decided last.

use custory_domain::{Shelf, SignalId};
use custory_ipc::{Reply, Request, SignalTheme, SignalView, Strength, Triage, WatchedFolder};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use super::{Run, Store, Toast, ToastAction};
use crate::host;

/// What the inbox shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inbox {
    /// How many signals wait for a decision.
    pub to_review: usize,
    /// Which of the signals are shown.
    pub shelf: Shelf,
    /// The signals, the newest first.
    pub signals: Vec<SignalView>,
    /// Folders that are watched.
    pub folders: Vec<WatchedFolder>,
    /// The signal that is looked at.
    pub at: Option<SignalId>,
    /// Those that are marked, to be decided about together.
    pub marked: Vec<SignalId>,
    /// Place of the match that is picked.
    pub picked: usize,
    /// Whether a new insight is being written.
    pub is_writing: bool,
    /// What several signals speak of; none before it was asked.
    pub themes: Option<Vec<SignalTheme>>,
    /// Themes are being looked for.
    pub is_grouping: bool,
    /// What was decided about last, for undo.
    pub last: Vec<SignalId>,
}

impl Inbox {
    /// The signal that is looked at.
    pub fn shown(&self) -> Option<&SignalView> {
        self.signals.iter().find(|it| Some(it.signal.id) == self.at)
    }

    /// What a decision is about: all that are marked, else the one that is looked at.
    pub fn chosen(&self) -> Vec<SignalId> {
        if self.marked.is_empty() { self.at.into_iter().collect() } else { self.marked.clone() }
    }

    /// Signals whose first match is strong.
    pub fn strong(&self) -> Vec<SignalId> {
        let is_strong =
            |it: &&SignalView| it.matches.first().is_some_and(|it| it.strength == Strength::Strong);
        self.signals.iter().filter(is_strong).map(|it| it.signal.id).collect()
    }

    /// Looks at the signal so many places further.
    pub fn walk(&mut self, by: isize) {
        let now = self.signals.iter().position(|it| Some(it.signal.id) == self.at).unwrap_or(0);
        let last = self.signals.len().saturating_sub(1);
        self.look_at(now.saturating_add_signed(by).min(last));
    }

    fn look_at(&mut self, place: usize) {
        let at = self.signals.get(place).map(|it| it.signal.id);
        if at != self.at {
            self.at = at;
            self.picked = 0;
            self.is_writing = false;
        }
    }

    /// Takes over what the engine says; what was looked at stays, or what took its place is looked at.
    pub fn take(&mut self, signals: Vec<SignalView>) {
        let place = self.signals.iter().position(|it| Some(it.signal.id) == self.at).unwrap_or(0);
        let is_there = |id: &SignalId| signals.iter().any(|it| it.signal.id == *id);
        let at = self.at.filter(|it| is_there(it));
        self.marked.retain(is_there);
        self.signals = signals;
        if at.is_none() {
            self.look_at(place.min(self.signals.len().saturating_sub(1)));
        }
    }
}

impl Store {
    /// Asks for the signals of the shelf that is shown.
    pub fn fetch_signals(mut self) {
        let shelf = self.inbox.peek().shelf;
        spawn_forever(async move {
            let reply = host::request(Request::Signals { shelf }).await;
            // Without an answer what is shown stays; whoever asks for more is told.
            if let Ok(Reply::Signals { signals, to_review, folders }) = reply {
                let mut inbox = self.inbox.write();
                inbox.to_review = to_review;
                inbox.folders = folders;
                if inbox.shelf == shelf {
                    inbox.take(signals);
                }
            }
        });
    }

    /// Looks for what several signals speak of.
    pub fn find_themes(mut self) {
        if std::mem::replace(&mut self.inbox.write().is_grouping, true) {
            return;
        }
        spawn_forever(async move {
            let reply = self.ask(Request::Themes).await;
            let mut inbox = self.inbox.write();
            inbox.is_grouping = false;
            if let Some(Reply::Themes { themes }) = reply {
                inbox.themes = Some(themes);
            }
        });
    }

    /// Marks the signals of a theme, to be decided about together, and looks at the most typical one.
    pub fn mark_theme(mut self, theme: &SignalTheme) {
        let mut inbox = self.inbox.write();
        let there: Vec<SignalId> = inbox.signals.iter().map(|it| it.signal.id).collect();
        inbox.marked = theme.signals.iter().copied().filter(|it| there.contains(it)).collect();
        inbox.at = inbox.marked.first().copied().or(inbox.at);
        (inbox.picked, inbox.is_writing) = (0, false);
    }

    /// Shows another shelf of the inbox.
    pub fn show_shelf(mut self, shelf: Shelf) {
        let mut inbox = self.inbox.write();
        (inbox.shelf, inbox.at, inbox.picked, inbox.is_writing) = (shelf, None, 0, false);
        inbox.signals.clear();
        inbox.marked.clear();
        inbox.themes = None;
        drop(inbox);
        self.fetch_signals();
    }

    /// Decides about signals and says so, with a way back.
    pub fn decide(mut self, signals: Vec<SignalId>, act: Triage, said: impl Into<String>) {
        if signals.is_empty() {
            return;
        }
        let said = said.into();
        let is_reopening = act == Triage::Reopen;
        spawn_forever(async move {
            let asked = Request::Triage { signals: signals.clone(), act };
            if self.ask(asked).await.is_none() {
                return;
            }
            let mut inbox = self.inbox.write();
            inbox.marked.clear();
            inbox.is_writing = false;
            inbox.last = if is_reopening { Vec::new() } else { signals };
            drop(inbox);
            let toast = Toast::plain("inbox", said);
            self.toast(if is_reopening {
                toast
            } else {
                let run = Run::new(move || self.take_decision_back());
                toast.with(ToastAction { label: "Undo".to_owned(), keys: vec!["mod", "Z"], run })
            });
        });
    }

    /// Takes the last decision back.
    pub fn take_decision_back(self) {
        let last = self.inbox.peek().last.clone();
        self.decide(last, Triage::Reopen, "Back in the inbox");
    }

    /// Lets the person pick a folder whose files become signals.
    pub fn watch_folder(self) {
        spawn_forever(async move {
            if let Some(path) = host::pick_folder().await {
                self.read_files(Request::WatchFolder { path }).await;
            }
        });
    }

    /// Reads files, and says what came.
    pub async fn read_files(self, request: Request) {
        if let Some(Reply::SignalsRead { read }) = self.ask(request).await {
            for problem in read.problems {
                self.toast(Toast::bad(problem));
            }
            let new = crate::format::count(read.new, "new signal", "new signals");
            self.toast(Toast::plain("inbox", format!("Read: {new}.")));
            self.fetch_signals();
        }
    }
}
