//! What the interface knows: one store, made once, handed down as context.
//!
//! Journey data is written by [`events`] alone, from what the engine tells. The rest, such as the
//! selection, is the interface's own and written by whoever the person acts on.

mod assistant;
mod automations;
mod blame;
mod comparison;
mod events;
mod history;
mod inbox;
mod journey;
mod lens;
mod models;
mod news;
mod numbers;
mod orders;
mod presence;
mod reading;
mod review;
mod run;
mod selection;
mod theme;
mod toast;

use std::collections::{BTreeMap, BTreeSet};

use custory_domain::{Board, DraftId, EntityRef, JourneyId, Member, MemberId, Persona, PersonaId, StepId};
use custory_ipc::{
    ConnectorView, DraftSummary, JourneySummary, Preferences, ShownIn, Team, UndoState, WorkspaceEntry,
};
use dioxus::core::Runtime;
use dioxus::prelude::*;

use crate::app::Screen;
use crate::components::Menu;
use crate::dom;
use crate::views::settings::Part;
pub use assistant::{Assistant, Choices, QUESTION_ID, Running, is_waiting};
pub use automations::{Automations, is_trouble};
pub use blame::Blame;
pub use comparison::{Comparison, Difference, Drawn, Mark, With};
pub use events::{start, use_events};
pub use history::History;
pub use inbox::Inbox;
pub use journey::{OpenJourney, stage_colour};
pub use models::{LocalModels, MODELS_ID, is_named, is_this_computer};
pub use news::News;
pub use numbers::{Feeling, FixResult, Flow, Numbers};
pub use presence::{HEARTBEAT_MILLIS, Here, Mate, Named};
pub use reading::{Amount, DraftReading};
pub use review::{List, Review, Row, Who};
pub use run::Run;
pub use selection::Selection;
pub use theme::{percent, set_text_size, set_theme, step_text_size, use_text_size, use_theme};
pub use toast::{Toast, ToastAction, Tone};

/// How far the start has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Phase {
    /// The engine has been asked.
    Starting,
    /// Everything is there.
    Ready,
    /// The engine said no; the reason, for people.
    Failed(String),
}

/// What the right-hand panel shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Panel {
    /// The step it is about.
    pub step: StepId,
    /// The item on it that is shown in detail.
    pub item: Option<EntityRef>,
}

/// Where a journey's title is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the bar on top.
    Top,
    /// In its line of the sidebar.
    Sidebar,
}

/// What lies over everything else.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Overlay {
    /// Search and commands.
    Palette,
    /// All shortcuts.
    Shortcuts,
    /// What a journey can be saved as.
    Export(JourneyId),
    /// What the journey on screen is about.
    About,
    /// What is not in a file that was saved.
    Saved,
    /// What a new journey can begin with.
    Templates,
    /// What a file would become.
    Import,
    /// Under which name a view is kept.
    SaveView,
    /// A workspace beside the others.
    NewWorkspace,
    /// The workspace that is shown, to be taken off this computer.
    TakeOff,
}

/// Something that is asked before it is done, because it cannot be undone.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// What is going to happen.
    pub title: String,
    /// What that means.
    pub text: String,
    /// The verb on the button.
    pub verb: String,
    /// Does it.
    pub run: Run,
}

/// Facts about the program, for the settings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct About {
    /// Where everything is kept on this device.
    pub data_dir: String,
    /// Version of the program.
    pub version: String,
    /// What this machine is called.
    pub machine: String,
}

/// Everything the interface knows. Small handles: copy it freely.
#[derive(Clone, Copy, PartialEq)]
pub struct Store {
    /// How far the start has come.
    pub phase: Signal<Phase>,
    /// The workspace with its members and personas.
    pub workspace: Signal<Board>,
    /// Whom this device writes as.
    pub me: Signal<MemberId>,
    /// The team that the workspace is shared with, if there is one.
    pub team: Signal<Option<Team>>,
    /// Workspaces on this computer, as far as they were asked for.
    pub workspaces: Signal<Vec<WorkspaceEntry>>,
    /// The link of a team that somebody was invited to and that waits to be used.
    pub invitation: Signal<Option<String>>,
    /// A link into a journey that was pressed and waits to be followed.
    pub link: Signal<Option<String>>,
    /// Names of pictures that have come from teammates since the window was opened.
    pub pictures_came: Signal<BTreeSet<String>>,
    /// Teammates who have the journey on screen open, by device.
    pub mates: Signal<BTreeMap<u32, Mate>>,
    /// The same by name.
    pub mates_by_name: Memo<Vec<Named>>,
    /// What this window says of itself to them.
    pub here: Here,
    /// The device whose view this window follows.
    pub following: Signal<Option<u32>>,
    /// What is known of local models.
    pub models: Signal<LocalModels>,
    /// The assistant's panel.
    pub assistant: Signal<Assistant>,
    /// Other tools, and how each stands.
    pub connectors: Signal<Vec<ConnectorView>>,
    /// The tool that is looked at, by its vendor.
    pub tool: Signal<Option<String>>,
    /// What the map does by itself.
    pub automations: Signal<Automations>,
    /// What was heard elsewhere.
    pub inbox: Signal<Inbox>,
    /// What concerns the person at this window.
    pub news: Signal<News>,
    /// All journeys, archived ones too, newest last.
    pub journeys: Signal<Vec<JourneySummary>>,
    /// Drafts that wait or are being read.
    pub drafts: Signal<Vec<DraftSummary>>,
    /// What is known of the drafts being read.
    pub readings: Signal<BTreeMap<DraftId, DraftReading>>,
    /// How this device shows things.
    pub preferences: Signal<Preferences>,
    /// Facts about the program.
    pub about: Signal<About>,
    /// The part of the settings that is looked at.
    pub settings_part: Signal<Part>,
    /// What is on screen.
    pub screen: Signal<Screen>,
    /// The journey on screen, once it is there.
    pub open: Signal<Option<OpenJourney>>,
    /// Steps of other journeys that the journey on screen shows in detail.
    pub shown_in: Signal<Vec<ShownIn>>,
    /// Journeys that show the one on screen as it should be.
    pub to_be: Signal<Vec<JourneyId>>,
    /// What the journey on screen is compared with.
    pub comparison: Signal<Option<Comparison>>,
    /// The journey itself, while a comparison of it is drawn.
    pub present: Signal<Option<OpenJourney>>,
    /// The history of the journey on screen, while it is looked at.
    pub history: Signal<Option<History>>,
    /// Who set the fields of the thing in the panel, as far as somebody wanted to know.
    pub blame: Signal<Blame>,
    /// The review of the journey on screen, while it is looked at.
    pub review: Signal<Option<Review>>,
    /// Why the journey on screen could not be opened.
    pub open_failed: Signal<Option<String>>,
    /// What can be taken back and repeated in the open journey.
    pub undo: Signal<UndoState>,
    /// What is selected, in every view.
    pub selection: Selection,
    /// What the right-hand panel shows.
    pub panel: Signal<Option<Panel>>,
    /// Width and height of the page, in pixels.
    pub page: Signal<(f64, f64)>,
    /// The journey has the whole window: what one works with is out of the way.
    pub is_presenting: Signal<bool>,
    /// What lies over everything.
    pub overlay: Signal<Option<Overlay>>,
    /// New keys for a shortcut are being pressed; they do nothing else.
    pub is_recording: Signal<bool>,
    /// G was pressed; the next letter says where to go.
    pub is_going_next: Signal<bool>,
    /// The journey whose title is being typed, and whether on top or in the sidebar.
    pub renaming: Signal<Option<(JourneyId, Place)>>,
    /// The menu that is open.
    pub menu: Signal<Option<Menu>>,
    /// What a dialog asks before it is done.
    pub question: Signal<Option<Question>>,
    /// Messages at the bottom, oldest first.
    pub toasts: Signal<Vec<Toast>>,
    /// Patches heard while a journey is being opened, to be applied to what comes.
    opening: Signal<Option<events::Opening>>,
}

impl Store {
    fn new() -> Self {
        let (team, mates) = (kept(None), kept(BTreeMap::new()));
        Self {
            phase: kept(Phase::Starting),
            workspace: kept(Board::default()),
            me: kept(MemberId::from_parts(0, 0)),
            team,
            workspaces: kept(Vec::new()),
            invitation: kept(None),
            link: kept(None),
            pictures_came: kept(BTreeSet::new()),
            mates,
            mates_by_name: Runtime::current()
                .in_scope(ScopeId::ROOT, || Memo::new(move || presence::named(team, mates))),
            here: Here::new(),
            following: kept(None),
            models: kept(Default::default()),
            assistant: kept(Default::default()),
            connectors: kept(Vec::new()),
            tool: kept(None),
            automations: kept(Automations::default()),
            inbox: kept(Inbox::default()),
            news: kept(News::default()),
            journeys: kept(Default::default()),
            drafts: kept(Default::default()),
            readings: kept(Default::default()),
            preferences: kept(Default::default()),
            about: kept(Default::default()),
            settings_part: kept(Part::Appearance),
            screen: kept(Screen::Welcome),
            open: kept(None),
            shown_in: kept(Vec::new()),
            to_be: kept(Vec::new()),
            comparison: kept(None),
            present: kept(None),
            history: kept(None),
            blame: kept(Blame::default()),
            review: kept(None),
            open_failed: kept(None),
            undo: kept(Default::default()),
            selection: Selection::new(),
            panel: kept(None),
            page: kept(dom::page_size()),
            is_presenting: kept(false),
            overlay: kept(None),
            is_recording: kept(false),
            is_going_next: kept(false),
            renaming: kept(None),
            menu: kept(None),
            question: kept(None),
            toasts: kept(Default::default()),
            opening: kept(None),
        }
    }

    /// A member of the team, if still known.
    pub fn member(self, id: MemberId) -> Option<Member> {
        self.workspace.read().members.get(&id).cloned()
    }

    /// The team, by name, without those in the trash.
    pub fn members(self) -> Vec<Member> {
        let mut members: Vec<_> =
            self.workspace.read().members.values().filter(|it| it.trashed.is_none()).cloned().collect();
        members.sort_by(|a, b| a.name.cmp(&b.name));
        members
    }

    /// A persona, if still known.
    pub fn persona(self, id: PersonaId) -> Option<Persona> {
        self.workspace.read().personas.get(&id).cloned()
    }

    /// The workspace's name.
    pub fn workspace_name(self) -> String {
        self.workspace.read().workspace().map(|it| it.name.clone()).unwrap_or_default()
    }

    /// The journey on screen.
    pub fn journey_on_screen(self) -> Option<JourneyId> {
        match *self.screen.read() {
            Screen::Journey(id) => Some(id),
            _ => None,
        }
    }
}

/// A signal that lives as long as the page: work that outlives a component reads and writes it too.
pub fn kept<T: 'static>(value: T) -> Signal<T> {
    Signal::new_in_scope(value, ScopeId::ROOT)
}

/// Makes the store available to everything below.
pub fn use_provide_store() -> Store {
    use_context_provider(Store::new)
}

/// The store.
pub fn use_store() -> Store {
    use_context()
}
