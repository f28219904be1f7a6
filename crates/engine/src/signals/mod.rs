//! The inbox: signals are heard, shown with what they may be about, and decided about.
//!
//! Invariant: a signal's own words and names stay in the store. What enters a journey is what
//! [`custory_signals::excerpt`] gives, under a pseudonym.

mod folders;
mod suggest;
mod themes;
mod triage;

use custory_domain::{Shelf, Signal, SignalState};
use custory_ipc::{Event, Reply, SignalView};
use custory_signals::{Removed, excerpt, pseudonym};

pub(crate) use folders::Folders;

use crate::failure::Fault;
use crate::inbox::Core;

/// Signals that a window is shown at once: what each may be about is looked up for all of them, while nothing
/// else is answered.
const SHOWN_MAX: usize = 100;

impl Core {
    /// Signals of a shelf, with what they may be about while that is still to be decided.
    pub(crate) fn signals(&mut self, shelf: Shelf) -> Result<Reply, Fault> {
        self.wake_snoozed()?;
        let signals = self.store.signals(shelf, SHOWN_MAX)?;
        let mut views = Vec::with_capacity(signals.len());
        let boards = self.boards_to_match()?;
        for it in signals {
            let matches = match shelf {
                Shelf::Review | Shelf::Later => self.matches(&it.text, &boards)?,
                Shelf::Attached | Shelf::Dismissed => Vec::new(),
            };
            views.push(self.signal_view(it, matches));
        }
        Ok(Reply::Signals {
            signals: views,
            to_review: self.store.signals_on(Shelf::Review)?,
            folders: self.watched()?,
        })
    }

    fn signal_view(&self, signal: Signal, matches: Vec<custory_ipc::StepMatch>) -> SignalView {
        let excerpt = excerpt(&signal.text);
        let removed = excerpt.removed.iter().map(|(what, count)| said(*what, *count)).collect();
        let shared_author = pseudonym(self.device.workspace, "Customer", &signal.author);
        SignalView { signal, excerpt: excerpt.text, removed, is_cut: excerpt.is_cut, shared_author, matches }
    }

    /// Puts back what was put off until now. Answers how many that were.
    fn wake_snoozed(&mut self) -> Result<usize, Fault> {
        let now = self.clock.now();
        let mut due = self.store.signals(Shelf::Later, usize::MAX)?;
        due.retain(|it| matches!(it.state, SignalState::Snoozed { until } if until <= now));
        due.iter_mut().for_each(|it| it.state = SignalState::New);
        if !due.is_empty() {
            self.store.put_signals(&due)?;
        }
        Ok(due.len())
    }

    /// Puts back what was put off until now, and tells the windows.
    pub(crate) fn wake_what_is_due(&mut self) {
        let woken = self.wake_snoozed().and_then(|it| if it > 0 { self.tell_signals() } else { Ok(()) });
        if let Err(fault) = woken {
            tracing::error!("what was put off does not come back: {fault}");
        }
    }

    /// Tells every window how many signals wait.
    pub(crate) fn tell_signals(&self) -> Result<(), Fault> {
        self.emit(Event::Signals { to_review: self.store.signals_on(Shelf::Review)? });
        Ok(())
    }
}

fn said(what: Removed, count: usize) -> String {
    let (one, many) = match what {
        Removed::Token => ("token", "tokens"),
        Removed::Email => ("e-mail address", "e-mail addresses"),
        Removed::Card => ("card number", "card numbers"),
        Removed::Phone => ("phone number", "phone numbers"),
    };
    custory_domain::wording::count(count, one, many)
}
