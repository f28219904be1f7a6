//! The journeys of a workspace: begun, copied, deleted, found, listed.

use custory_domain::{
    Board, Command, EntityRef, Journey, JourneyId, Member, MemberId, Order, Persona, PersonaId, Stage, Via,
    carry_out,
};
use custory_exchange::Sample;
use custory_ipc::{Beginning, Event, Hit, JourneySummary, Preferences, Reply, Start, UndoState};
use custory_store::DocumentKind;
use serde_json::json;

use crate::failure::{Fault, no_such_journey};
use crate::inbox::{Core, done};
use crate::meaning::HITS_MAX;
use crate::team::machine_name;

/// Stages of an empty journey: the least that every customer journey has.
const BLANK_STAGES: [&str; 4] = ["Discover", "Sign up", "First value", "Grow"];
/// Setting that remembers who came with the example, so that they leave with it.
const SAMPLE_PEOPLE_SETTING: &str = "sample_people";
/// Setting that holds the preferences.
const PREFERENCES_SETTING: &str = "preferences";

impl Core {
    /// Everything a window needs to begin.
    pub(crate) fn begin(&mut self) -> Result<Reply, Fault> {
        let start = Start {
            workspace: self.board(self.device.workspace.ulid())?,
            me: self.device.me,
            journeys: self.summaries()?,
            drafts: self.draft_summaries()?,
            preferences: self.preferences()?,
            data_dir: self.device.data_dir.display().to_string(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            machine: machine_name(),
        };
        Ok(Reply::Start { start: Box::new(start) })
    }

    /// Makes a journey: empty, from a template, or with the example.
    pub(crate) fn create_journey(&mut self, title: &str, from: Beginning) -> Result<Reply, Fault> {
        match from {
            Beginning::Blank => {
                let orders = Order::series(None, BLANK_STAGES.len());
                let mut commands = Vec::new();
                for (name, order) in BLANK_STAGES.into_iter().zip(orders) {
                    let stage = Stage::new(self.mint().into());
                    commands.push(Command::add(Stage { title: name.to_owned(), order, ..stage }));
                }
                let journey = Journey::new(self.mint().into());
                let owner = Some(self.device.me);
                let journey = Journey { title: title.trim().to_owned(), owner, ..journey };
                self.establish(journey, "Begin", commands).map(made)
            }
            Beginning::Sample => self.create_sample(),
            Beginning::Template(template) => {
                let mut mint = || crate::clock::mint(&*self.clock, &mut *self.entropy);
                let (mut journey, commands) = template.begin(&mut mint);
                journey.owner = Some(self.device.me);
                if !title.trim().is_empty() {
                    journey.title = title.trim().to_owned();
                }
                self.establish(journey, "Begin", commands).map(made)
            }
        }
    }

    /// Makes the example, or answers the one there is. Its people join the workspace until it is deleted.
    fn create_sample(&mut self) -> Result<Reply, Fault> {
        if let Some(sample) = self.summaries()?.into_iter().find(|it| it.is_sample) {
            return Ok(made(sample.id));
        }
        let sample = self.sample();
        let people: Vec<MemberId> = sample.people.iter().map(|it| it.id).collect();
        let personas: Vec<PersonaId> = sample.personas.iter().map(|it| it.id).collect();
        self.invite(sample.people, sample.personas, "Bring in the people of the sample")?;
        self.store.put_setting(SAMPLE_PEOPLE_SETTING, &json!([people, personas]).to_string())?;
        self.establish(sample.journey, "Fill in the sample", sample.commands).map(made)
    }

    /// The example as it would be, without making it: nothing is written.
    pub(crate) fn preview_sample(&mut self) -> Result<Reply, Fault> {
        let sample = self.sample();
        let id = sample.journey.id;
        let mut board = Board::default();
        board.put(sample.journey.into());
        let fill = Command::Batch { label: String::new(), commands: sample.commands };
        let changes = carry_out(&board, fill, self.stamp(Via::Import))?;
        changes.after.into_iter().for_each(|it| board.put(it));
        sample.people.into_iter().for_each(|it| board.put(it.into()));
        sample.personas.into_iter().for_each(|it| board.put(it.into()));
        Ok(Reply::Board {
            journey: id,
            board,
            undo: UndoState::default(),
            shown_in: Vec::new(),
            to_be: Vec::new(),
        })
    }

    fn sample(&mut self) -> Sample {
        let (now, me) = (self.clock.now(), self.device.me);
        custory_exchange::sample(now, me, &mut || crate::clock::mint(&*self.clock, &mut *self.entropy))
    }

    /// Adds people and personas that a journey names to the workspace.
    pub(crate) fn invite(
        &mut self,
        people: Vec<Member>,
        personas: Vec<Persona>,
        label: &str,
    ) -> Result<(), Fault> {
        let join = people.into_iter().map(Command::add);
        let commands: Vec<_> = join.chain(personas.into_iter().map(Command::add)).collect();
        if !commands.is_empty() {
            let batch = Command::Batch { label: label.to_owned(), commands };
            self.dispatch(self.device.workspace.ulid(), batch, Via::Import)?;
        }
        Ok(())
    }

    /// Copies a journey with everything on it.
    pub(crate) fn duplicate_journey(&mut self, journey: JourneyId) -> Result<Reply, Fault> {
        let board = self.board(journey.ulid())?;
        let copy =
            custory_exchange::duplicate(&board, &mut || crate::clock::mint(&*self.clock, &mut *self.entropy));
        let (copy, commands) = copy.ok_or_else(no_such_journey)?;
        self.establish(copy, "Copy a journey", commands).map(made)
    }

    /// Makes a journey's document: first the journey itself, then all that is on it in one change,
    /// so that one undo takes exactly that away. All or nothing.
    pub(crate) fn establish(
        &mut self,
        journey: Journey,
        label: &str,
        commands: Vec<Command>,
    ) -> Result<JourneyId, Fault> {
        let id = journey.id;
        let is_sample = journey.is_sample;
        self.store.create_document(id.ulid(), DocumentKind::Journey)?;
        let filled = self.dispatch(id.ulid(), Command::add(journey), Via::User).and_then(|_| {
            if commands.is_empty() {
                return Ok(done());
            }
            let label = label.to_owned();
            self.dispatch(id.ulid(), Command::Batch { label, commands }, Via::Import)
        });
        if let Err(failure) = filled {
            self.open.remove(&id.ulid());
            self.store.delete_document(id.ulid())?;
            return Err(failure);
        }
        if !is_sample {
            self.share_if_in_team(id)?;
        }
        self.tell_journeys()?;
        Ok(id)
    }

    /// Deletes a journey from this device for good.
    pub(crate) fn delete_journey(&mut self, journey: JourneyId) -> Result<Reply, Fault> {
        let board = self.board(journey.ulid())?;
        let is_sample = board.journey().ok_or_else(no_such_journey)?.is_sample;
        self.open.remove(&journey.ulid());
        self.unshare(journey)?;
        self.store.delete_document(journey.ulid())?;
        if is_sample && !self.summaries()?.iter().any(|it| it.is_sample) {
            self.dismiss_sample_people()?;
        }
        self.tell_journeys()?;
        Ok(done())
    }

    fn dismiss_sample_people(&mut self) -> Result<(), Fault> {
        let Some(text) = self.store.setting(SAMPLE_PEOPLE_SETTING)? else { return Ok(()) };
        let came: Option<(Vec<MemberId>, Vec<PersonaId>)> = serde_json::from_str(&text).ok();
        let (people, personas) = came.unwrap_or_default();
        let people = people.into_iter().map(EntityRef::from);
        let workspace = self.board(self.device.workspace.ulid())?;
        let entities: Vec<_> = people
            .chain(personas.into_iter().map(EntityRef::from))
            .filter(|it| workspace.contains(*it))
            .collect();
        self.dispatch(self.device.workspace.ulid(), Command::Trash { entities }, Via::User)?;
        Ok(())
    }

    /// Finds titles, texts and quotes.
    pub(crate) fn search(&mut self, query: &str, journey: Option<JourneyId>) -> Result<Reply, Fault> {
        let found = self.store.search(query, journey, HITS_MAX)?;
        let hit = |it: custory_store::Found| Hit {
            journey: it.journey,
            entity: it.entity,
            title: it.title,
            excerpt: it.excerpt,
        };
        Ok(Reply::Found { hits: found.into_iter().map(hit).collect() })
    }

    /// How this device shows things.
    pub(crate) fn preferences(&self) -> Result<Preferences, Fault> {
        let kept = self.store.setting(PREFERENCES_SETTING)?;
        Ok(kept.and_then(|it| serde_json::from_str(&it).ok()).unwrap_or_default())
    }

    /// Remembers how this device shows things.
    pub(crate) fn set_preferences(&mut self, preferences: &Preferences) -> Result<Reply, Fault> {
        self.store.put_setting(PREFERENCES_SETTING, &json!(preferences).to_string())?;
        Ok(done())
    }

    /// All journeys, as the sidebar shows them.
    pub(crate) fn summaries(&self) -> Result<Vec<JourneySummary>, Fault> {
        let summary = |it: custory_store::Summary| JourneySummary {
            id: it.id,
            title: it.title,
            is_archived: it.is_archived,
            is_sample: it.is_sample,
            steps: it.steps,
            items: it.items,
            updated_at: it.updated_at,
        };
        Ok(self.store.summaries()?.into_iter().map(summary).chain(self.glimpsed()).collect())
    }

    /// Tells every window which journeys there are.
    pub(crate) fn tell_journeys(&mut self) -> Result<(), Fault> {
        let journeys = self.summaries()?;
        self.emit(Event::Journeys { journeys });
        Ok(())
    }
}

/// A journey was made, and nothing was lost on the way.
pub(crate) fn made(journey: JourneyId) -> Reply {
    Reply::Made { journey, losses: Vec::new() }
}
