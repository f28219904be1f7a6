//! Every gesture that decides something: applied at once, remembered to be taken back, and sent.

use custory_domain::draft::{DraftKey, DraftStep};
use custory_domain::wording::quoted;
use custory_ipc::{Reply, Request};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use super::decisions::{self, Moves, Standing};
use super::desk::{Desk, Past, item_of, steps};
use super::rows::{self, Filter};
use crate::app::Screen;
use crate::components::{Entry, Menu};
use crate::state::{Question, Run, Toast, stage_colour};
use crate::views::draft::{head, sources};

/// Gestures that can be taken back.
const PAST_MAX: usize = 200;

impl Desk {
    /// Keeps an element.
    pub fn keep(self, key: &DraftKey) {
        let moves = decisions::keep(&self.review.peek(), key);
        self.act(moves, format!("Kept: {}", self.title_of(key)));
        self.advance(key);
    }

    /// Leaves an element out.
    pub fn leave_out(self, key: &DraftKey) {
        let moves = decisions::leave_out(&self.review.peek(), key);
        self.act(moves, format!("Left out: {}", self.title_of(key)));
        self.advance(key);
    }

    /// Takes the decision about an element back.
    pub fn put_back(self, key: &DraftKey) {
        let moves = decisions::put_back(&self.review.peek(), key);
        self.act(moves, format!("Waiting again: {}", self.title_of(key)));
        self.bring_into_view();
    }

    /// Gives an element another title, and keeps it.
    pub fn rename(self, key: &DraftKey, drafted: &str, wanted: &str) {
        let moves = decisions::rename(&self.review.peek(), key, drafted, wanted);
        self.act(moves, format!("Kept as: {}", wanted.trim()));
    }

    /// Gives an item another title, and keeps it.
    pub fn rename_item(self, key: &DraftKey, wanted: &str) {
        let drafted = item_of(&self.review.peek(), key).map(|it| it.title.clone());
        if let Some(drafted) = drafted {
            self.rename(key, &drafted, wanted);
        }
    }

    /// Merges an element into a step.
    pub fn merge(self, key: &DraftKey, target: &DraftKey) {
        let moves = decisions::merge(&self.review.peek(), key, target);
        self.act(moves, format!("Merged into: {}", self.title_of(target)));
        self.advance(key);
    }

    /// Keeps every waiting step of a stage.
    pub fn keep_stage(self, stage: &DraftKey) {
        let review = self.review.peek().clone();
        let Some(stage) = review.draft.stages.iter().find(|it| it.key == *stage) else { return };
        let moves = decisions::keep_waiting(&review, &self.on_map.peek(), |it| {
            stage.steps.iter().any(|of| of.key == it.key)
        });
        self.act(moves, format!("Kept all of {}", stage.title));
        self.bring_into_view();
    }

    /// Takes the chosen element's decision back, or, where it has none, the last gesture.
    pub fn undo(mut self) {
        let chosen = self.item.peek().clone().or_else(|| self.step.peek().clone());
        let decided = chosen.filter(|it| self.review.peek().decisions.contains_key(it));
        match decided {
            Some(key) => self.put_back(&key),
            None => self.undo_last(),
        }
        self.editing.set(None);
    }

    /// Takes the last gesture back, and goes to where it was made.
    pub fn undo_last(mut self) {
        let Some(past) = self.past.write().pop() else { return };
        decisions::apply(&mut self.review.write(), &past.back);
        self.outbox.peek().put(past.back);
        self.said.set("Undone".to_owned());
        self.step.set(past.step);
        self.item.set(past.item);
        self.cite.set(0);
        self.bring_into_view();
    }

    /// Lets the person pick the step that an element is merged into.
    pub fn pick_target(mut self, key: &DraftKey) {
        let review = self.review.peek();
        let targets = decisions::targets(&review, key);
        let mut entries = Vec::new();
        let mut stage = None;
        for (title, step) in targets {
            if stage != Some(title) {
                entries.push(Entry::Heading(title.to_owned()));
                stage = Some(title);
            }
            let number = review.draft.stages.iter().position(|it| it.title == title).unwrap_or_default();
            let (desk, from, target) = (self, key.clone(), step.key.clone());
            let label = decisions::title(&review, &step.key, &step.title).to_owned();
            let entry = Entry::act(label, move || desk.merge(&from, &target));
            entries.push(entry.colour(stage_colour(number, review.draft.stages.len())));
        }
        if entries.is_empty() {
            return self.store.toast(Toast::plain("info", "There is no other step to merge into"));
        }
        let label = format!("Merge {} into", quoted(&self.title_of(key)));
        self.store.menu.set(Some(Menu::below_id(&self.element_id(), label, entries)));
    }

    /// Applies moves, remembers what takes them back, and sends them.
    fn act(mut self, moves: Moves, said: String) {
        if moves.is_empty() || *self.is_accepting.peek() {
            return;
        }
        let back = decisions::apply(&mut self.review.write(), &moves);
        let past = Past { back, step: self.step.peek().clone(), item: self.item.peek().clone() };
        let mut all = self.past.write();
        if all.len() == PAST_MAX {
            all.remove(0);
        }
        all.push(past);
        drop(all);
        self.outbox.peek().put(moves);
        let waiting = decisions::count(&self.review.peek(), &self.on_map.peek()).waiting;
        self.said.set(format!("{said}. {waiting} waiting."));
    }

    /// After a decision: on to the next step that waits; of an item, to the next item.
    fn advance(self, decided: &DraftKey) {
        if self.item.peek().as_ref() == Some(decided) {
            return self.go(1);
        }
        if self.step.peek().as_ref() != Some(decided) {
            return self.bring_into_view();
        }
        let next = {
            let review = self.review.peek();
            let on_map = self.on_map.peek();
            let only_low = *self.filter.peek() == Filter::LowSupport;
            let waits = |it: &&&DraftStep| {
                decisions::standing(&review, &on_map, it) == Standing::Waiting
                    && (!only_low || rows::has_low_support(it))
            };
            let steps: Vec<_> = review.draft.steps().collect();
            let at = steps.iter().position(|it| it.key == *decided).unwrap_or_default();
            let next = steps[at..].iter().find(waits).or_else(|| steps[..at].iter().rfind(waits));
            next.map(|it| it.key.clone())
        };
        // With nothing left to decide the person stays where they are.
        self.choose(next.unwrap_or_else(|| decided.clone()));
    }

    /// Keeps what waits and puts everything that was kept onto the map.
    pub fn accept(mut self) {
        if *self.is_accepting.peek() {
            return;
        }
        let rest = decisions::keep_rest(&self.review.peek(), &self.on_map.peek());
        self.act(rest, "Kept the rest".to_owned());
        self.is_accepting.set(true);
        let (mut store, draft, outbox, onto) =
            (self.store, self.draft, self.outbox.peek().clone(), self.onto());
        spawn_forever(async move {
            if outbox.emptied().await
                && let Some(Reply::Made { journey, .. }) =
                    store.ask(Request::AcceptDraft { draft, title: None }).await
            {
                sources::forget();
                if onto.is_some() {
                    // Opened anew, so that what can be undone is the acceptance.
                    store.open.set(None);
                }
                return store.go(Screen::Journey(journey));
            }
            if let Ok(mut is_accepting) = self.is_accepting.try_write() {
                *is_accepting = false;
            }
        });
    }

    /// Asks, then throws the draft away.
    pub fn discard(mut self) {
        let counts = decisions::count(&self.review.peek(), &self.on_map.peek());
        let (store, draft) = (self.store, self.draft);
        let decided = counts.steps - counts.waiting - counts.on_map;
        let text = match decided {
            0 => {
                format!("{} go. What was read stays where it is and can be read again.", steps(counts.steps))
            }
            _ => format!(
                "{} and what you decided about {decided} of them go. What was read stays where it is and can be read again.",
                steps(counts.steps)
            ),
        };
        let run = Run::new(move || {
            spawn_forever(async move {
                if store.ask(Request::DiscardDraft { draft }).await.is_some() {
                    head::leave(store);
                }
            });
        });
        self.store.question.set(Some(Question {
            title: "Discard this draft?".to_owned(),
            text,
            verb: "Discard".to_owned(),
            run,
        }));
    }
}
