//! Issues: shown as they would be sent, sent once, followed.

use custory_connectors::{ConnectError, Context, Draft, Issue, issue_id};
use custory_domain::{
    Board, Change, Command, DeliveryLink, DeliveryLinkField, DeliveryLinkId, EntityRef, JourneyId, Link, Via,
};
use custory_ipc::{ErrorCode, Failure, IssueText, Reply, TrackerTeam};
use serde::{Deserialize, Serialize};
use serde_json::json;
use ulid::Ulid;
use uuid::Uuid;

use super::{failure, has_no, stopped};
use crate::apart::Later;
use crate::failure::{Fault, no_such_journey, not_found, refused};
use crate::inbox::Core;

/// An issue on its way.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Sending {
    pub vendor: String,
    journey: JourneyId,
    entity: EntityRef,
    /// The team's short name.
    team: String,
    id: Uuid,
    title: String,
    body: String,
    link: String,
}

/// A link of a journey, and the issue that it is about.
pub(super) struct Followed {
    pub journey: JourneyId,
    pub link: DeliveryLinkId,
}

/// The link for an issue has the issue's identifier: everybody finds one from the other.
fn link_of(issue: Uuid) -> DeliveryLinkId {
    Ulid::from(issue.as_u128()).into()
}

pub(super) fn issue_of(link: DeliveryLinkId) -> Uuid {
    Uuid::from_u128(link.ulid().into())
}

fn address(journey: JourneyId, entity: EntityRef) -> String {
    Link::Item { journey, entity }.to_string()
}

impl Core {
    /// Teams of a connected tracker.
    pub(crate) fn tracker_teams(&mut self, vendor: &str) -> Result<Later, Fault> {
        let kept = self.kept(vendor)?;
        let (context, vendor) = (self.context(vendor, &kept)?, vendor.to_owned());
        Ok(Box::new(move || {
            Box::pin(async move {
                let tracker = context.tracker().ok_or_else(|| has_no("teams", &vendor))?;
                let teams = tracker.teams().await.map_err(|it| failure(&it))?;
                let team = |it: custory_connectors::Team| TrackerTeam {
                    key: it.key,
                    name: it.name,
                    states: it.states,
                };
                Ok(Reply::TrackerTeams { teams: teams.into_iter().map(team).collect() })
            })
        }))
    }

    /// The issue that sending would make.
    pub(crate) fn preview_issue(&self, journey: JourneyId, entity: EntityRef) -> Result<Reply, Fault> {
        Ok(Reply::IssuePreview { issue: self.issue_text(journey, entity)? })
    }

    pub(super) fn issue_text(&self, journey: JourneyId, entity: EntityRef) -> Result<IssueText, Fault> {
        let board = self.board(journey.ulid())?;
        if board.journey().is_none() {
            return Err(no_such_journey());
        }
        let made = custory_exchange::issue(&board, entity, &address(journey, entity), self.clock.now());
        let no = "Insights, opportunities and solutions that are on the map can be sent; this is none.";
        made.map(|(title, body)| IssueText { title, body }).ok_or_else(|| not_found(no))
    }

    /// Makes an issue of an item.
    pub(crate) fn send_to_tracker(
        &mut self,
        journey: JourneyId,
        entity: EntityRef,
        vendor: &str,
        team: String,
        issue: Option<IssueText>,
    ) -> Result<Later, Fault> {
        let kept = self.kept(vendor)?;
        let rendered = self.issue_text(journey, entity)?;
        let IssueText { title, body } = issue.unwrap_or(rendered);
        let id = issue_id(vendor, &kept.account, journey, entity);
        let board = self.board(journey.ulid())?;
        if let Some(known) = board.delivery_links.get(&link_of(id)).filter(|it| it.trashed.is_none()) {
            return Err(refused(&format!("This was sent already: {} {}", known.external_id, known.url)));
        }
        let context = self.context(vendor, &kept)?;
        let link = address(journey, entity);
        let sending = Sending { vendor: vendor.to_owned(), journey, entity, team, id, title, body, link };
        self.store.put_sending(link_of(id), journey, &json!(sending).to_string())?;
        let way = self.way();
        Ok(Box::new(move || {
            Box::pin(async move {
                let outcome = deliver(&context, &sending).await;
                way.ask(move |core| core.sent(&sending, outcome)).ok_or_else(stopped)?.map_err(|it| it.0)
            })
        }))
    }

    /// Writes down how a sending went.
    pub(super) fn sent(
        &mut self,
        sending: &Sending,
        outcome: Result<Issue, ConnectError>,
    ) -> Result<Reply, Fault> {
        let link = link_of(sending.id);
        let issue = match outcome {
            Ok(issue) => issue,
            // Nobody knows whether it was made: the note stays, and reading goes on with it.
            Err(error) if is_open(&error) => {
                let message = format!(
                    "{error} Custory tries this issue again when it reads next, and never makes a second one."
                );
                return Err(Failure::new(ErrorCode::Vendor, message).into());
            }
            Err(error) => {
                self.store.delete_sending(link)?;
                return Err(error.into());
            }
        };
        let (name, url) = (issue.name.clone(), issue.url.clone());
        let entity = DeliveryLink {
            provider: sending.vendor.clone(),
            external_id: issue.name,
            url: issue.url,
            title: issue.title,
            status: issue.status,
            provider_status: issue.provider_status,
            assignee: issue.assignee,
            last_synced: Some(self.clock.now()),
            delivers: Some(sending.entity),
            ..DeliveryLink::new(link)
        };
        let label = format!("Send to {} as {name}", connector_name(&sending.vendor));
        let board = self.board(sending.journey.ulid())?;
        // A teammate, or an earlier try whose note outlived it, may have written the link already.
        let commands = match board.delivery_links.get(&link) {
            None => vec![Command::add(entity)],
            Some(known) if known.trashed.is_some() => vec![Command::Restore { entities: vec![link.into()] }],
            Some(_) => Vec::new(),
        };
        if !commands.is_empty() {
            self.dispatch(sending.journey.ulid(), Command::Batch { label, commands }, Via::User)?;
        }
        self.store.delete_sending(link)?;
        Ok(Reply::Sent { name, url })
    }

    /// Issues on their way to a tracker.
    pub(super) fn pending(&self, vendor: &str) -> Result<Vec<Sending>, Fault> {
        let all = self.store.sendings()?;
        let sending = |it: &String| serde_json::from_str::<Sending>(it).ok();
        Ok(all.iter().filter_map(sending).filter(|it| it.vendor == vendor).collect())
    }

    /// Links to a tracker, over all journeys.
    pub(super) fn followed(&self, vendor: &str) -> Result<Vec<Followed>, Fault> {
        let mut all = Vec::new();
        for journey in self.summaries()?.into_iter().filter(|it| !it.is_archived) {
            let board = self.board(journey.id.ulid())?;
            let links = board.delivery_links.values();
            let links = links.filter(|it| it.trashed.is_none() && it.provider == vendor);
            all.extend(links.map(|it| Followed { journey: journey.id, link: it.id }));
        }
        Ok(all)
    }

    /// Writes how issues stand, one change per journey. Answers how many stand differently.
    pub(super) fn take_states(
        &mut self,
        vendor: &str,
        followed: &[Followed],
        issues: &[Issue],
    ) -> Result<usize, Fault> {
        let now = self.clock.now();
        let mut changed = 0;
        let mut journeys: Vec<_> = followed.iter().map(|it| it.journey).collect();
        journeys.sort_unstable();
        journeys.dedup();
        for journey in journeys {
            let board = self.board(journey.ulid())?;
            let mut commands = Vec::new();
            for issue in issues {
                let sets = differences(&board, issue);
                if !sets.is_empty() {
                    changed += 1;
                    let id = link_of(issue.id);
                    let synced = DeliveryLinkField::LastSynced(Some(now));
                    let sets = sets.into_iter().chain([synced]);
                    commands.extend(sets.map(|set| Command::set(Change::DeliveryLink { id, set })));
                }
            }
            if !commands.is_empty() {
                let label = format!("Read issues from {}", connector_name(vendor));
                self.dispatch(journey.ulid(), Command::Batch { label, commands }, Via::Connector)?;
            }
        }
        Ok(changed)
    }
}

/// What of a link is not as its issue says.
fn differences(board: &Board, issue: &Issue) -> Vec<DeliveryLinkField> {
    let Some(link) = board.delivery_links.get(&link_of(issue.id)).filter(|it| it.trashed.is_none()) else {
        return Vec::new();
    };
    let mut sets = Vec::new();
    let text = |is: &String, was: &String, set: fn(String) -> DeliveryLinkField| {
        (is != was).then(|| set(is.clone()))
    };
    sets.extend(text(&issue.name, &link.external_id, DeliveryLinkField::ExternalId));
    sets.extend(text(&issue.url, &link.url, DeliveryLinkField::Url));
    sets.extend(text(&issue.title, &link.title, DeliveryLinkField::Title));
    sets.extend(text(&issue.provider_status, &link.provider_status, DeliveryLinkField::ProviderStatus));
    sets.extend(text(&issue.assignee, &link.assignee, DeliveryLinkField::Assignee));
    // That it was released is a person's word, which a tracker's “done” does not take back.
    let is_released = link.released_at.is_some() && issue.status == custory_domain::DeliveryStatus::Done;
    if issue.status != link.status && !is_released {
        sets.push(DeliveryLinkField::Status(issue.status));
    }
    sets
}

/// Makes the issue, or finds that it is there.
pub(super) async fn deliver(context: &Context, sending: &Sending) -> Result<Issue, ConnectError> {
    let no_tracker = || ConnectError::BadSetting(format!("“{}” takes no issues.", sending.vendor));
    let tracker = context.tracker().ok_or_else(no_tracker)?;
    let teams = tracker.teams().await?;
    let wanted = |it: &&custory_connectors::Team| it.key.eq_ignore_ascii_case(&sending.team);
    let Some(team) = teams.iter().find(wanted) else {
        let known: Vec<_> = teams.iter().map(|it| it.key.as_str()).collect();
        let team = &sending.team;
        let message =
            format!("There is no team “{team}” that this key may see; there are {}.", known.join(", "));
        return Err(ConnectError::BadSetting(message));
    };
    let draft = Draft {
        id: sending.id,
        team: team.id.clone(),
        title: sending.title.clone(),
        body: sending.body.clone(),
        link: sending.link.clone(),
        about: sending.title.clone(),
    };
    tracker.send(&draft).await
}

/// Whether an error leaves open what happened, or may be over soon.
fn is_open(error: &ConnectError) -> bool {
    error.is_temporary() || matches!(error, ConnectError::Unexpected { .. })
}

fn connector_name(vendor: &str) -> &str {
    custory_connectors::find(vendor).map_or(vendor, |it| it.name)
}
