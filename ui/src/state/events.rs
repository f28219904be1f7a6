//! From the engine into the store: the start, and every event after it. The only writer of
//! journey data.

use custory_domain::{Board, Command, JourneyId, Patch, Stamp, Via, carry_out};
use custory_ipc::{ConnectorsRequest, Event, INBOX_LINK, Reply, Request, Start, TeamRequest};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;
use futures_util::StreamExt as _;

use super::{About, OpenJourney, Overlay, Phase, Store};
use crate::app::Screen;
use crate::views::workspaces;
use crate::{dom, host};

/// What the link of an invitation begins with.
const INVITATION: &str = "custory://join/";

/// A journey that has been asked for and is not there yet.
pub(super) struct Opening {
    journey: JourneyId,
    /// What changed since it was asked for. The board that comes may hold some of it already;
    /// applying it again does no harm.
    patches: Vec<Patch>,
}

/// Starts listening, then asks for everything a window needs to begin.
pub fn use_events(store: Store) {
    use_future(move || async move {
        let (tell, mut told) = futures_channel::mpsc::unbounded();
        // Events arrive outside of the interface's own turn; the channel brings them into it.
        host::listen(move |event| {
            // The receiver lives as long as the page.
            drop(tell.unbounded_send(event));
        });
        start(store).await;
        spawn_forever(hear_links(store));
        while let Some(event) = told.next().await {
            hear(store, event);
        }
    });
}

/// Shows invitations that were pressed elsewhere where they can be used, and the inbox if that is asked for. Nothing is
/// joined by that. Any other link is followed.
async fn hear_links(mut store: Store) {
    while let Some(link) = host::next_link().await {
        if link == INBOX_LINK {
            store.go(Screen::Inbox);
            continue;
        }
        if !link.starts_with(INVITATION) {
            store.link.set(Some(link));
            continue;
        }
        store.invitation.set(Some(link));
        if store.team.peek().is_some() {
            // Another team gets a workspace of its own beside this one.
            store.overlay.set(Some(Overlay::NewWorkspace));
        } else {
            store.go(Screen::Settings);
        }
    }
}

/// Asks for everything a window needs to begin, and opens what was open last.
pub async fn start(mut store: Store) {
    match host::request(Request::Start).await {
        Ok(Reply::Start { start }) => {
            let screen = first_screen(&start);
            take_over(store, *start);
            store.phase.set(Phase::Ready);
            store.go(screen);
            if let Some(link) = workspaces::noted_invitation() {
                store.invitation.set(Some(link));
                store.go(Screen::Settings);
            }
            fetch_team(store).await;
            workspaces::look_soon(store);
            fetch_connectors(store).await;
            store.fetch_signals();
            store.fetch_news();
            store.fetch_watching();
            store.fetch_automations().await;
        }
        Ok(_) => store.phase.set(Phase::Failed("The program gave an answer to another question.".to_owned())),
        Err(failure) => store.phase.set(Phase::Failed(failure.message)),
    }
}

/// Asks for the team. It comes with events from then on; without an answer there is none to show.
async fn fetch_team(mut store: Store) {
    if let Ok(Reply::Team { team }) = host::request(Request::Team(TeamRequest::Standing)).await {
        store.team.set(team.map(|it| *it));
    }
}

/// Asks for other tools. They come with events from then on.
async fn fetch_connectors(mut store: Store) {
    if let Ok(Reply::Connectors { connectors }) =
        host::request(Request::Connectors(ConnectorsRequest::List)).await
    {
        store.connectors.set(connectors);
    }
}

fn take_over(mut store: Store, start: Start) {
    store.workspace.set(start.workspace);
    store.me.set(start.me);
    store.journeys.set(start.journeys);
    store.drafts.set(start.drafts);
    store.preferences.set(start.preferences);
    store.about.set(About { data_dir: start.data_dir, version: start.version, machine: start.machine });
}

/// The journey that was open last, else the newest; without any, the welcome.
fn first_screen(start: &Start) -> Screen {
    let present = |id: &JourneyId| start.journeys.iter().any(|it| it.id == *id && !it.is_archived);
    let last = start.preferences.last_journey.filter(present);
    let newest = || start.journeys.iter().rev().find(|it| !it.is_archived).map(|it| it.id);
    last.or_else(newest).map_or(Screen::Welcome, Screen::Journey)
}

fn hear(mut store: Store, event: Event) {
    match event {
        Event::Patched { journey, patch } => patched(store, journey, patch),
        Event::WorkspaceShown => workspaces::another_is_shown(),
        Event::WorkspacesChanged => workspaces::look_soon(store),
        Event::PictureCame { name } => {
            store.pictures_came.write().insert(name);
        }
        Event::WorkspacePatched { patch } => store.workspace.write().apply(&patch),
        Event::Journeys { journeys } => store.journeys.set(journeys),
        Event::Drafts { drafts } => store.drafts.set(drafts),
        Event::DraftProgressed { draft, progress } => {
            store.readings.write().entry(draft).or_default().take(progress);
        }
        Event::DraftReady { draft } => {
            store.readings.write().remove(&draft);
            if *store.screen.peek() == Screen::DraftReading(draft) {
                store.go(Screen::DraftReview(draft));
            }
        }
        Event::DraftFailed { draft, failure } => {
            store.readings.write().entry(draft).or_default().failed = Some(failure);
        }
        Event::ModelPulling { model, progress } => {
            store.models.write().pulls.insert(model, progress);
        }
        Event::ModelPulled { model, problem } => store.model_pulled(model, problem),
        Event::Asking { ask, now } => store.assistant_looks(ask, now),
        Event::Saying { ask, words } => store.assistant_says(ask, words),
        Event::Answered { asked } => store.assistant_answered(*asked),
        Event::AskFailed { ask, message } => store.assistant_failed(ask, message),
        // Shown where the team is shown.
        Event::Team { team } => store.team.set(team.map(|it| *it)),
        Event::Connectors { connectors } => store.connectors.set(connectors),
        Event::Automations { automations } => store.hear_automations(automations),
        Event::Signals { to_review } => {
            store.inbox.write().to_review = to_review;
            store.fetch_signals();
        }
        Event::News { unread } => {
            store.news.write().unread = unread;
            store.fetch_news();
        }
        // For those who do not look at the window: the shell says it.
        Event::Told { .. } => {}
        Event::Presence { journey, device, whereabouts } => store.mate_is(journey, device, whereabouts),
        Event::Missed => {
            spawn(async move { begin_anew(store).await });
        }
    }
}

fn patched(mut store: Store, journey: JourneyId, patch: Patch) {
    if let Some(opening) = store.opening.write().as_mut().filter(|it| it.journey == journey) {
        opening.patches.push(patch);
        return;
    }
    store.comparison_moved(journey, &patch);
    if store.as_it_is().peek().as_ref().is_none_or(|it| it.id != journey) {
        return;
    }
    store.forget_who_set();
    show(store, journey, &patch);
    if store.comparison.peek().is_some() {
        store.draw_comparison();
    } else if store.history.peek().is_some() {
        store.list_history(None);
    }
    store.agenda_moved();
}

/// Shows a command in the open journey before the engine has carried it out, by the same rules. What it really
/// comes to follows as a patch; a no is followed by [`fetch`]. Answers whether anything was shown.
pub(super) fn foresee(store: Store, command: &Command) -> bool {
    let stamp = Stamp { by: *store.me.peek(), at: host::now(), via: Via::User };
    let foreseen = store.open.peek().as_ref().and_then(|open| {
        let changes = carry_out(&open.board, command.clone(), stamp).ok()?;
        Some((open.id, Patch { put: changes.after, removed: Vec::new() }))
    });
    let Some((journey, patch)) = foreseen.filter(|(_, patch)| !patch.is_empty()) else { return false };
    show(store, journey, &patch);
    true
}

fn show(store: Store, journey: JourneyId, patch: &Patch) {
    let mut as_it_is = store.as_it_is();
    let is_shown = as_it_is.peek().as_ref().is_none_or(|it| it.shows(patch));
    if is_shown {
        return;
    }
    let touched = as_it_is.write().as_mut().map(|open| (open.apply(patch), open.revision));
    if let Some((true, revision)) = touched {
        spawn_forever(async move { rescore(store, journey, revision).await });
    }
}

/// Computes scores anew once the edit has been painted and nothing more has changed for a moment: of several
/// edits in a row only the last one is computed.
async fn rescore(store: Store, journey: JourneyId, revision: u64) {
    const QUIET_MILLIS: i32 = 120;
    dom::sleep(QUIET_MILLIS).await;
    dom::painted().await;
    let mut as_it_is = store.as_it_is();
    let rescored = {
        let open = as_it_is.peek();
        open.as_ref().filter(|it| it.id == journey && it.counted == revision).and_then(OpenJourney::rescored)
    };
    if let Some(scores) = rescored
        && let Some(open) = as_it_is.write().as_mut()
    {
        open.take_scores(scores);
    }
}

/// After missed events: everything is asked for anew, and what is on screen stays on screen.
async fn begin_anew(store: Store) {
    if let Ok(Reply::Start { start }) = host::request(Request::Start).await {
        take_over(store, *start);
    }
    fetch_team(store).await;
    fetch_connectors(store).await;
    store.fetch_news();
    let journey = store.open.peek().as_ref().map(|it| it.id);
    if let Some(journey) = journey {
        fetch(store, journey).await;
    }
}

/// Asks for a journey's board and shows it, unless another one has been asked for since.
pub(super) async fn fetch(mut store: Store, journey: JourneyId) {
    store.opening.set(Some(Opening { journey, patches: Vec::new() }));
    let answer = host::request(Request::OpenJourney { journey }).await;
    let wanted = store.opening.peek().as_ref().is_some_and(|it| it.journey == journey);
    if !wanted {
        return;
    }
    let patches = store.opening.write().take().map(|it| it.patches).unwrap_or_default();
    match answer {
        Ok(Reply::Board { board, undo, shown_in, to_be, .. }) => {
            store.undo.set(undo);
            store.shown_in.set(shown_in);
            store.to_be.set(to_be);
            let open = OpenJourney::new(journey, up_to_date(board, &patches));
            store.as_it_is().set(Some(open));
            store.draw_comparison();
        }
        Ok(_) => store.open_failed.set(Some("The program gave an answer to another question.".to_owned())),
        Err(failure) => store.open_failed.set(Some(failure.message)),
    }
}

fn up_to_date(mut board: Board, patches: &[Patch]) -> Board {
    patches.iter().for_each(|it| board.apply(it));
    board
}
