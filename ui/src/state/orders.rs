//! What a person wants done: sent to the engine; a no comes back as a toast with the reason.

use custory_domain::wording::quoted;
use custory_domain::{Change, Command, EntityRef, JourneyId, StepField, StepId, Via};
use custory_ipc::{Beginning, Failure, Reply, Request};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use super::{Panel, Run, Store, Toast, ToastAction, events};
use crate::app::Screen;
use crate::host;

impl Store {
    /// Shows a screen; a journey is opened for it.
    pub fn go(self, screen: Screen) {
        self.go_and(screen, |_| ());
    }

    /// Shows a journey with something of it in the panel.
    pub fn go_to(self, journey: JourneyId, panel: Panel) {
        self.go_and(Screen::Journey(journey), move |mut store| store.panel.set(Some(panel)));
    }

    /// Shows a screen, and goes on once its journey is there.
    pub fn go_and(mut self, screen: Screen, then: impl FnOnce(Self) + 'static) {
        let mut then = Some(then);
        if let Screen::Journey(journey) = screen {
            let shown = self.open.peek().as_ref().map(|it| it.id);
            if shown != Some(journey) {
                self.leave_history();
                self.leave_review();
                self.open.set(None);
                self.open_failed.set(None);
                self.selection.reset();
                self.panel.set(None);
                self.shown_in.set(Vec::new());
                self.to_be.set(Vec::new());
                if let Some(then) = then.take() {
                    spawn_forever(async move {
                        events::fetch(self, journey).await;
                        then(self);
                    });
                }
            }
            if self.preferences.peek().last_journey != Some(journey) {
                self.preferences.write().last_journey = Some(journey);
                self.keep_preferences();
            }
        }
        if !matches!(screen, Screen::Journey(_)) {
            self.leave_history();
            self.leave_review();
        }
        self.screen.set(screen);
        if let Some(then) = then {
            then(self);
        }
    }

    /// Shows the newest journey, or the welcome if there is none.
    pub fn go_home(self) {
        let shown = self.journey_on_screen();
        let newest = self
            .journeys
            .peek()
            .iter()
            .rev()
            .find(|it| !it.is_archived && Some(it.id) != shown)
            .map(|it| it.id);
        self.go(newest.map_or(Screen::Welcome, Screen::Journey));
    }

    /// Tries again to open the journey on screen.
    pub fn open_again(mut self) {
        if let Some(journey) = self.journey_on_screen() {
            self.open_failed.set(None);
            spawn_forever(async move { events::fetch(self, journey).await });
        }
    }

    /// Lets the engine remember the preferences as they are.
    pub fn keep_preferences(self) {
        let preferences = self.preferences.peek().clone();
        self.order(Request::SetPreferences { preferences });
    }

    /// Asks, and shows a no as a toast.
    pub async fn ask(self, request: Request) -> Option<Reply> {
        match host::request(request).await {
            Ok(reply) => Some(reply),
            Err(failure) => {
                self.fail(failure);
                None
            }
        }
    }

    /// Asks without waiting for the answer; a no is shown.
    pub fn order(self, request: Request) {
        spawn_forever(async move {
            self.ask(request).await;
        });
    }

    /// Shows a no.
    pub fn fail(self, failure: Failure) {
        self.toast(Toast::bad(failure.message));
    }

    /// Changes the open journey; answers whether it was done. What will differ is shown at once; what differs
    /// comes as an event.
    pub async fn dispatch(mut self, command: Command) -> bool {
        let Some(journey) = self.open.peek().as_ref().map(|it| it.id) else { return false };
        if self.is_comparing() {
            self.refuse_comparison();
            return false;
        }
        let is_foreseen = events::foresee(self, &command);
        let request = Request::Dispatch { journey, command, via: Via::User };
        match self.ask(request).await {
            Some(Reply::Done { undo: Some(undo), .. }) => {
                self.undo.set(undo);
                true
            }
            Some(_) => true,
            None => {
                if is_foreseen {
                    events::fetch(self, journey).await;
                }
                false
            }
        }
    }

    /// Changes the open journey without waiting for the answer; a no is shown.
    pub fn send(self, command: Command) {
        spawn_forever(async move {
            self.dispatch(command).await;
        });
    }

    /// Makes several changes as one gesture; a no is shown.
    pub fn send_all(self, label: String, mut commands: Vec<Command>) {
        match commands.len() {
            0 => {}
            1 => commands.drain(..).for_each(|it| self.send(it)),
            _ => self.send(Command::Batch { label, commands }),
        }
    }

    /// Changes the journey as it is, whatever version of it is on screen; a no is shown.
    pub fn order_now(self, command: Command) {
        let Some(journey) = self.journey_on_screen() else { return };
        spawn_forever(async move {
            if self.ask(Request::Dispatch { journey, command, via: Via::User }).await.is_some() {
                self.list_history(None);
            }
        });
    }

    /// Changes the workspace without waiting for the answer; a no is shown.
    pub fn send_workspace(self, command: Command) {
        self.order(Request::DispatchWorkspace { command });
    }

    /// Puts entities into the trash and offers to take that back.
    pub fn trash(mut self, entities: Vec<EntityRef>) {
        let gone = |shown: Option<EntityRef>| shown.is_some_and(|it| entities.contains(&it));
        let panel = *self.panel.peek();
        if let Some(panel) = panel {
            if entities.contains(&panel.step.into()) {
                self.panel.set(None);
            } else if gone(panel.item) {
                self.panel.set(Some(super::Panel { item: None, ..panel }));
            }
        }
        let said = match (entities.as_slice(), self.open.peek().as_ref()) {
            ([one], Some(open)) => {
                let title = open.board.get(*one).map(|it| it.title().to_owned()).unwrap_or_default();
                format!("Deleted {}", quoted(&title))
            }
            _ => format!("Deleted {} things", entities.len()),
        };
        spawn_forever(async move {
            if self.dispatch(Command::Trash { entities }).await {
                let undo = ToastAction {
                    label: "Undo".to_owned(),
                    keys: vec!["mod", "Z"],
                    run: Run::new(move || self.undo_last()),
                };
                self.toast(Toast::plain("trash", said).with(undo));
            }
        });
    }

    /// Takes back the last own gesture in the open journey, and says which.
    pub fn undo_last(self) {
        self.step_in_time("Undone: ", self.undo.peek().undo.clone(), |journey| Request::Undo { journey });
    }

    /// Repeats what was last taken back, and says what.
    pub fn redo_last(self) {
        self.step_in_time("Done again: ", self.undo.peek().redo.clone(), |journey| Request::Redo { journey });
    }

    fn step_in_time(mut self, said: &'static str, what: Option<String>, ask: fn(JourneyId) -> Request) {
        let Some(journey) = self.open.peek().as_ref().map(|it| it.id) else { return };
        let Some(what) = what else { return };
        spawn_forever(async move {
            if let Some(Reply::Done { undo, .. }) = self.ask(ask(journey)).await {
                if let Some(undo) = undo {
                    self.undo.set(undo);
                }
                self.toast(Toast::plain("undo", format!("{said}{what}")));
            }
        });
    }

    /// Makes a journey and opens it.
    pub fn create_journey(self, title: impl Into<String>, from: Beginning) {
        self.make(Request::CreateJourney { title: title.into(), from });
    }

    /// Makes a journey that shows a step in detail, and goes into it.
    pub fn make_detail(self, step: StepId, title: String) {
        spawn_forever(async move {
            let request = Request::CreateJourney { title, from: Beginning::Blank };
            let Some(Reply::Made { journey, .. }) = self.ask(request).await else { return };
            let set = StepField::Detail(Some(journey));
            if self.dispatch(Command::set(Change::Step { id: step, set })).await {
                self.go(Screen::Journey(journey));
            }
        });
    }

    /// Goes up to the journey of which the one on screen shows a step; answers whether there is one.
    pub fn go_up(self) -> bool {
        let above = self.shown_in.peek().first().map(|it| it.journey);
        above.map(|it| self.go(Screen::Journey(it))).is_some()
    }

    /// Asks for something that ends in a journey, and opens that one.
    pub fn make(self, request: Request) {
        spawn_forever(async move {
            if let Some(Reply::Made { journey, .. }) = self.ask(request).await {
                self.go(Screen::Journey(journey));
            }
        });
    }
}
