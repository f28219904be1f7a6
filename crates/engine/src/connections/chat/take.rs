//! A message that somebody wants kept: it becomes a signal, once, and the automation that puts such signals onto the
//! map runs for it if it is switched on.

use custory_connectors::{Message, Words};
use custory_domain::{Link, Signal, SignalState, WeightClass};
use custory_signals::{content_hash, signal_id};

use crate::failure::Fault;
use crate::inbox::Core;

impl Core {
    /// Keeps a message, and says what became of it.
    pub(super) fn take_message(
        &mut self,
        vendor: &str,
        account: &str,
        message: Message,
        is_thread: bool,
    ) -> Result<Words, Fault> {
        let signal = signal(vendor, account, message, is_thread, self.clock.now());
        if signal.text.is_empty() {
            return Ok(Words::new("There are no words in it to keep", Vec::new()));
        }
        let id = signal.id;
        if !self.store.add_signals(vec![signal])?.is_empty() {
            self.tell_signals()?;
        }
        self.run_for_signal(id)?;
        let Some(kept) = self.store.signal(id)? else { return Ok(Words::default()) };
        self.kept_words(&kept)
    }

    /// Where a signal is, for whoever wanted it kept.
    fn kept_words(&self, signal: &Signal) -> Result<Words, Fault> {
        match &signal.state {
            SignalState::Attached { journey, to } => {
                let board = self.board(journey.ulid())?;
                let on = board.journey().map_or("", |it| it.title.as_str());
                let title = board.get(*to).map_or(String::new(), |it| it.title().to_owned());
                let steps = board.item(*to).map(|it| it.steps.clone()).unwrap_or_default();
                let step = steps.iter().find_map(|it| board.steps.get(it));
                let place = step.map_or(String::new(), |it| format!("On the step “{}” of {on}", it.title));
                let lines = [place, Link::Item { journey: *journey, entity: *to }.to_string()];
                let lines = lines.into_iter().filter(|it| !it.is_empty()).collect();
                Ok(Words::new(format!("Saved as evidence for “{title}”"), lines))
            }
            SignalState::New | SignalState::Snoozed { .. } => {
                let boards = self.boards_to_match()?;
                let found = self.matches(&signal.text, &boards)?;
                let guess = |it: &custory_ipc::StepMatch| {
                    format!("It may be about “{}” of {}", it.step_title, it.journey_title)
                };
                let lines = found.first().map(guess).into_iter().collect();
                Ok(Words::new("Kept in the inbox of Custory", lines))
            }
            SignalState::Merged { .. } | SignalState::Dismissed => {
                Ok(Words::new("This was kept before, and somebody has decided about it", Vec::new()))
            }
        }
    }
}

fn signal(
    vendor: &str,
    account: &str,
    message: Message,
    is_thread: bool,
    now: custory_domain::Timestamp,
) -> Signal {
    let thread = if is_thread { "#thread" } else { "" };
    let external_id = format!("{account}/{}/{}{thread}", message.place.channel, message.place.message);
    Signal {
        id: signal_id(vendor, &external_id),
        source: vendor.to_owned(),
        external_id,
        author: message.author,
        // Colleagues speak for nobody; people of another workspace for theirs.
        account: if message.is_outside { format!("{vendor} {}", message.home) } else { String::new() },
        hash: content_hash(&message.text),
        text: message.text,
        locator: message.url,
        anchor: String::new(),
        said_at: Some(message.said_at),
        arrived_at: now,
        weight: if message.is_outside { WeightClass::PublicChat } else { WeightClass::Internal },
        state: SignalState::New,
    }
}
