//! The loop itself: takes one thing out of the inbox, deals with it, and goes on.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, mpsc};

use custory_assistant::structured;
use custory_domain::draft::DraftProgress;
use custory_domain::{AskId, DraftId, JourneyId, MemberId, Stamp, Via, WorkspaceId};
use custory_ipc::{
    Asked, AutomationsRequest, ConnectorsRequest, Event, Failure, PictureWish, Reply, Request, TeamRequest,
};
use custory_store::Store;
use tokio::sync::{broadcast, oneshot};
use ulid::Ulid;

use crate::apart::{Errand, Outcome, reply};
use crate::assist::Asks;
use crate::clock::{Clock, Entropy, mint};
use crate::connections::SigningIn;
use crate::connections::chat::Listening;
use crate::drafts::{Finished, Jobs};
use crate::failure::{Fault, not_found, refused};
use crate::models::Pulls;
use crate::open::Open;
use crate::secrets::Secrets;
use crate::signals::Folders;
use crate::team::{Team, Wish};

/// Where a reply goes.
pub(crate) type Answer = oneshot::Sender<Result<Reply, Failure>>;

/// Everything that can happen to an engine.
pub(crate) enum Inbox {
    /// Somebody asks.
    Ask(Box<Request>, Answer),
    /// Load a journey's document now that its board has been answered.
    Load(JourneyId),
    /// A reading has come further.
    DraftProgressed(DraftId, DraftProgress),
    /// A reading has ended.
    DraftFinished(DraftId, Box<Finished>),
    /// Work apart from the loop has something for it to do.
    Errand(Errand),
    /// The database file changed.
    DiskChanged,
    /// The last handle is gone.
    Stop,
}

/// What the loop owns.
pub(crate) struct Core {
    pub store: Store,
    pub device: Device,
    pub clock: Arc<dyn Clock>,
    pub entropy: Box<dyn Entropy>,
    pub inbox: mpsc::Sender<Inbox>,
    pub events: broadcast::Sender<Event>,
    /// Boards in use, and their documents once loaded.
    pub open: BTreeMap<Ulid, Open>,
    pub jobs: Jobs,
    pub pulls: Pulls,
    pub asks: Asks,
    /// Ends the search for themes that is under way.
    pub theming: custory_assistant::Stop,
    pub team: Option<Team>,
    /// Connections that are being read by themselves.
    pub pulling: BTreeSet<String>,
    /// Posts that are being made.
    pub posting: BTreeSet<String>,
    /// Automations whose moment has come and that wait, and for what.
    pub held_up: BTreeMap<String, &'static str>,
    /// Chats that are listened to.
    pub listening: BTreeMap<String, Listening>,
    /// Chats of which what was heard is being dealt with, and whether more has come meanwhile.
    pub hearing: BTreeMap<String, bool>,
    /// Questions that were asked in a chat, and who waits for the answer.
    pub asked_here: BTreeMap<AskId, oneshot::Sender<Result<Asked, String>>>,
    /// Tools that somebody is signing in at.
    pub signing_in: BTreeMap<String, SigningIn>,
    /// Folders that signals come from.
    pub folders: Folders,
    /// Whether what is due is looked after.
    pub is_kept_up: bool,
    pub secrets: Box<dyn Secrets>,
    /// Why the team of this data folder cannot be gone on with; empty if it can, or if there is none.
    pub team_trouble: String,
    /// What the person at this device is called until their workspace says so.
    pub person: String,
    /// As of the last look at what other programs wrote.
    pub data_version: i64,
    /// How the news stood when the windows were last told.
    pub news_told: (usize, i64),
    /// Whether a person looks at it.
    pub is_shown: bool,
    /// Held as long as the data folder is open; whoever takes it off this computer waits for that.
    pub _in_use: std::fs::File,
    /// Goes last: whoever waits for the end of everything hears it by that.
    pub ending: Option<mpsc::Sender<()>>,
}

/// Who and where this device is.
pub(crate) struct Device {
    pub me: MemberId,
    pub workspace: WorkspaceId,
    pub data_dir: PathBuf,
    /// Keeps telling that the database file changed.
    pub watcher: Option<notify::RecommendedWatcher>,
}

/// Runs until the last handle is gone.
pub(crate) fn run(mut core: Core, inbox: &mpsc::Receiver<Inbox>) {
    while let Ok(message) = inbox.recv() {
        match message {
            Inbox::Ask(request, answer) => {
                core.catch_up_or_log();
                core.take(*request, answer);
            }
            Inbox::Errand(errand) => errand(&mut core),
            Inbox::Load(journey) => core.load_ahead(journey),
            Inbox::DraftProgressed(draft, progress) => core.draft_progressed(draft, progress),
            Inbox::DraftFinished(draft, finished) => core.draft_finished(draft, *finished),
            Inbox::DiskChanged => core.catch_up_or_log(),
            Inbox::Stop => break,
        }
    }
    core.jobs.stop_all();
    core.pulls.stop_all();
    core.asks.stop_all();
    core.theming.tell();
    core.team = None;
    core.listening.clear();
    core.asked_here.clear();
    core.device.watcher = None;
    core.folders = Folders::default();
}

impl Core {
    /// Answers at once, or leaves it to whatever will know.
    fn take(&mut self, request: Request, answer: Answer) {
        match self.answer(request) {
            Ok(Outcome::Now(done)) => reply(answer, Ok(done)),
            Ok(Outcome::Later(work)) => {
                let apart = self.apart("asked", move |_| async move { reply(answer, work().await) });
                if let Err(fault) = apart {
                    tracing::error!("nobody answers: {fault}");
                }
            }
            Ok(Outcome::Told(wish)) => self.act(wish, answer),
            Err(fault) => reply(answer, Err(fault.0)),
        }
    }

    fn answer(&mut self, request: Request) -> Result<Outcome, Fault> {
        let reply = match request {
            Request::Start => self.begin(),
            Request::OpenJourney { journey } => self.open_journey(journey),
            Request::Dispatch { journey, command, via } => self.dispatch(journey.ulid(), command, via),
            Request::DispatchWorkspace { command } => {
                self.dispatch(self.device.workspace.ulid(), command, Via::User)
            }
            Request::Undo { journey } => self.undo(journey),
            Request::Redo { journey } => self.redo(journey),
            Request::History { journey, about, before } => {
                return self.history(journey, about, before).map(Outcome::Later);
            }
            Request::Blame(of) => return self.blame(of).map(Outcome::Later),
            Request::AsIs { journey } => self.as_is(journey),
            Request::Agenda { journey } => return self.agenda(journey).map(Outcome::Later),
            Request::JourneyAt { journey, when } => {
                return self.journey_at(journey, when).map(Outcome::Later);
            }
            Request::GoBack { journey, version, only } => self.go_back(journey, &version, only),
            Request::CreateJourney { title, from } => self.create_journey(&title, from),
            Request::PreviewSample => self.preview_sample(),
            Request::DuplicateJourney { journey } => self.duplicate_journey(journey),
            Request::DeleteJourney { journey } => self.delete_journey(journey),
            Request::Search { query, journey } => self.search(&query, journey),
            Request::SearchMeaning { query, journey, kind } => {
                return self.search_by_meaning(query, journey, kind).map(Outcome::Later);
            }
            Request::Twins { journey } => return self.twins(journey).map(Outcome::Later),
            Request::StartDraft { request } => self.start_draft(request, None),
            Request::StartDraftWithModel { request, model, chance } => {
                let model = structured::Model { chance, ..self.model(model)? };
                self.start_draft(request, Some(model))
            }
            Request::CancelDraft { draft } => self.cancel_draft(draft),
            Request::OpenDraft { draft } => {
                self.review(draft).map(|review| Reply::Draft { review: Box::new(review) })
            }
            Request::DecideDraft { draft, decisions } => self.decide_draft(draft, decisions),
            Request::AcceptDraft { draft, title } => self.accept_draft(draft, title),
            Request::DiscardDraft { draft } => self.discard_draft(draft),
            Request::SourceText { hash } => match self.store.source_text(&hash)? {
                Some(text) => Ok(Reply::SourceText { text }),
                None => Err(not_found("The text of this source is not kept on this device.")),
            },
            Request::AsMarkdown(parts) => self.as_markdown(&parts),
            Request::Export { journey, format } => self.export(journey, format),
            Request::LookAtImport { file, columns } => self.look_at_import(&file, columns.as_deref()),
            Request::Pictures(PictureWish::Attach { journey, touchpoint, path }) => {
                self.attach_picture(journey, touchpoint, &path)
            }
            Request::Pictures(PictureWish::Look { name }) => self.picture(&name),
            Request::ExportFolder { journey, place } => self.export_folder(journey, &place),
            Request::Import { file, restore, columns } => self.import(&file, columns.as_deref(), restore),
            Request::SetPreferences { preferences } => self.set_preferences(&preferences),
            Request::Models => return self.models().map(Outcome::Later),
            Request::TryModel { model } => return self.try_model(model).map(Outcome::Later),
            Request::SetModels { settings } => self.set_models(&settings),
            Request::PullModel { model } => self.pull_model(model),
            Request::CancelPull { model } => self.cancel_pull(&model),
            Request::Ask { journey, question, model } => self.ask(journey, &question, model),
            Request::Look { journey, tool, entity, query } => self.look(journey, &tool, &entity, &query),
            Request::Propose { journey, by, changes } => self.propose(journey, &by, &changes),
            Request::CancelAsk { asked } => self.cancel_ask(asked),
            Request::AskedSoFar { journey } => self.asked_so_far(journey),
            Request::DecideProposal { asked, accept, texts } => self.decide_proposal(asked, &accept, &texts),
            Request::ForgetAsk { asked } => self.forget_ask(asked),
            Request::Keys => Ok(self.keys()),
            Request::UnlockKeys { passphrase } => self.unlock_keys(&passphrase.0),
            Request::Connectors(asked) => return self.asked_of_connectors(asked),
            Request::Automations(asked) => return self.asked_of_automations(asked),
            Request::Signals { shelf } => self.signals(shelf),
            Request::News(wish) => self.about_news(wish),
            Request::StopThemes => {
                self.theming.tell();
                Ok(done())
            }
            Request::Themes => return self.themes().map(Outcome::Later),
            Request::Triage { signals, act } => self.triage(&signals, act),
            Request::WatchFolder { path } => return self.watch_folder(&path).map(Outcome::Later),
            Request::UnwatchFolder { path } => self.unwatch_folder(&path),
            Request::ReadFolders => return self.read_folders().map(Outcome::Later),
            Request::Verdicts { journey } => self.verdicts(journey),
            Request::KeepVerdict { journey, solution } => self.keep_verdict(journey, solution),
            Request::Workspaces(_) => {
                Err(refused("This program works on one workspace. Choose it when you start it."))
            }
            Request::Team(asked) => return self.asked_of_team(asked),
            Request::Present { journey, whereabouts } => self.present(journey, &whereabouts),
        };
        reply.map(Outcome::Now)
    }

    /// What is asked about other tools.
    fn asked_of_connectors(&mut self, asked: ConnectorsRequest) -> Result<Outcome, Fault> {
        let reply = match asked {
            ConnectorsRequest::List => self.connectors(),
            ConnectorsRequest::Connect { vendor, key, settings, base_url } => {
                return self.connect_tool(&vendor, &key.0, settings, base_url).map(Outcome::Later);
            }
            ConnectorsRequest::BeginSignIn { vendor, settings, base_url } => {
                self.begin_sign_in(&vendor, settings, base_url)
            }
            ConnectorsRequest::FinishSignIn { vendor } => {
                return self.finish_sign_in(&vendor).map(Outcome::Later);
            }
            ConnectorsRequest::Disconnect { vendor } => self.disconnect(&vendor),
            ConnectorsRequest::Pull { vendor } => return self.pull(vendor.as_deref()).map(Outcome::Later),
            ConnectorsRequest::EventNames { vendor } => return self.event_names(&vendor).map(Outcome::Later),
            ConnectorsRequest::TrackerTeams { vendor } => {
                return self.tracker_teams(&vendor).map(Outcome::Later);
            }
            ConnectorsRequest::ChatChannels { vendor } => {
                return self.chat_channels(&vendor).map(Outcome::Later);
            }
            ConnectorsRequest::PreviewIssue { journey, entity } => self.preview_issue(journey, entity),
            ConnectorsRequest::PhraseIssue { journey, entity } => {
                return self.phrase_issue(journey, entity).map(Outcome::Later);
            }
            ConnectorsRequest::SendToTracker { journey, entity, vendor, team, issue } => {
                return self.send_to_tracker(journey, entity, &vendor, team, issue).map(Outcome::Later);
            }
        };
        reply.map(Outcome::Now)
    }

    /// What is asked about what the map does by itself.
    fn asked_of_automations(&mut self, asked: AutomationsRequest) -> Result<Outcome, Fault> {
        let reply = match asked {
            AutomationsRequest::List => self.automations(),
            AutomationsRequest::SetAutomation { key, is_on, choices } => {
                self.set_automation(&key, is_on, choices)
            }
            AutomationsRequest::MakeAutomation { journey, watch, deeds } => {
                self.make_automation(journey, watch, deeds)
            }
            AutomationsRequest::DeleteAutomation { key } => self.delete_automation(&key),
            AutomationsRequest::RehearseAutomation { key } => self.rehearse(&key),
            AutomationsRequest::RunAutomation { key, is_unbraked } => self.run_automation(&key, is_unbraked),
            AutomationsRequest::SummarizeRun { run } => return self.summarize_run(&run).map(Outcome::Later),
            AutomationsRequest::UndoRun { run } => self.undo_run(&run),
        };
        reply.map(Outcome::Now)
    }

    /// What is asked about the team.
    fn asked_of_team(&mut self, asked: TeamRequest) -> Result<Outcome, Fault> {
        let reply = match asked {
            TeamRequest::Standing => self.team_reply(),
            TeamRequest::CreateTeam { relay, token, device } => self.create_team(&relay, token, device),
            TeamRequest::JoinTeam { link, device } => self.join_team(&link, device),
            TeamRequest::RecoverTeam { file, passphrase, device } => {
                self.recover_team(&file, &passphrase, device)
            }
            TeamRequest::ShareJourney { journey } => self.share_journey(journey),
            TeamRequest::SyncNow => self.sync_now(),
            TeamRequest::LeaveTeam => self.leave_team(),
            TeamRequest::Invite { role, uses } => return Ok(Outcome::Told(Wish::Invite { role, uses })),
            TeamRequest::RevokeInvite { invite } => return Ok(Outcome::Told(Wish::Revoke(invite))),
            TeamRequest::ApproveJoin { request } => return Ok(Outcome::Told(Wish::Approve(request))),
            TeamRequest::DeclineJoin { request } => return Ok(Outcome::Told(Wish::Decline(request))),
            TeamRequest::RemoveDevices { devices } => return Ok(Outcome::Told(Wish::Remove(devices))),
            TeamRequest::Quarantine { journey, device, number } => {
                return Ok(Outcome::Told(Wish::Quarantine { journey, device, number }));
            }
            TeamRequest::SetTeamRole { device, role } => {
                return Ok(Outcome::Told(Wish::SetRole(device, role)));
            }
            TeamRequest::MakeRecovery { passphrase } => {
                return Ok(Outcome::Told(Wish::Recovery { passphrase }));
            }
        };
        reply.map(Outcome::Now)
    }

    /// Tells every window.
    pub(crate) fn emit(&self, event: Event) {
        if self.events.send(event).is_err() {
            tracing::trace!("nobody listens");
        }
    }

    /// A fresh identifier.
    pub(crate) fn mint(&mut self) -> Ulid {
        mint(&*self.clock, &mut *self.entropy)
    }

    /// This device's member, now.
    pub(crate) fn stamp(&self, via: Via) -> Stamp {
        Stamp { by: self.device.me, at: self.clock.now(), via }
    }
}

/// It is done; nothing that could be taken back.
pub(crate) fn done() -> Reply {
    Reply::Done { label: String::new(), undo: None }
}
