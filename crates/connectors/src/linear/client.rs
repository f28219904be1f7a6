//! Asks Linear and reads its answers.
//!
//! An issue is looked for before it is made, and again when making it failed: whatever happened to an
//! earlier try, there is one issue for one identifier. The link back has its address for identity, so it
//! is made anew without harm.

use std::collections::{BTreeMap, BTreeSet};

use custory_domain::{DeliveryStatus, Timestamp};
use futures_util::future::BoxFuture;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::context::Context;
use crate::error::ConnectError;
use crate::registry::Account;
use crate::reply::read;
use crate::tracker::{Draft, Issue, Team, Tracker};

const VIEWER: &str = include_str!("viewer.graphql");
const TEAMS: &str = include_str!("teams.graphql");
const ISSUES: &str = include_str!("issues.graphql");
const CREATE: &str = include_str!("create.graphql");
const ATTACH: &str = include_str!("attach.graphql");

/// Pages of one list; with more, something is wrong with the list.
const PAGES_MAX: usize = 100;
/// Issues asked for in one call.
const IDS_MAX: usize = 100;
/// Characters of a title, by Linear's rules.
const TITLE_CHARS_MAX: usize = 255;

#[derive(Deserialize)]
struct Nodes<T> {
    nodes: Vec<T>,
}

#[derive(Deserialize)]
struct Page<T> {
    nodes: Vec<T>,
    #[serde(rename = "pageInfo")]
    info: PageInfo,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

#[derive(Deserialize)]
struct Named {
    id: String,
    name: String,
}

#[derive(Deserialize)]
struct Viewer {
    name: String,
    #[serde(default)]
    email: String,
    organization: Named,
}

#[derive(Deserialize)]
struct TeamNode {
    id: String,
    key: String,
    name: String,
    states: Nodes<StateNode>,
    projects: Nodes<Named>,
}

#[derive(Deserialize)]
struct StateNode {
    name: String,
    #[serde(rename = "type")]
    sort: String,
    #[serde(default)]
    position: f64,
}

#[derive(Deserialize)]
struct Assignee {
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct IssueNode {
    id: Uuid,
    identifier: String,
    url: String,
    title: String,
    updated_at: jiff::Timestamp,
    state: StateNode,
    assignee: Option<Assignee>,
}

impl From<IssueNode> for Issue {
    fn from(it: IssueNode) -> Self {
        Self {
            id: it.id,
            name: it.identifier,
            url: it.url,
            title: it.title,
            status: status(&it.state),
            provider_status: it.state.name,
            assignee: it.assignee.map(|it| it.name).unwrap_or_default(),
            updated_at: Timestamp(it.updated_at.as_millisecond()),
        }
    }
}

/// What a state means to us. Linear has types for states; that one is for review only its name says.
/// That something is done does not mean that customers have it.
fn status(state: &StateNode) -> DeliveryStatus {
    match state.sort.as_str() {
        "unstarted" => DeliveryStatus::Todo,
        "started" if state.name.to_lowercase().contains("review") => DeliveryStatus::InReview,
        "started" => DeliveryStatus::InProgress,
        "completed" => DeliveryStatus::Done,
        "canceled" | "duplicate" => DeliveryStatus::Cancelled,
        // `triage` and `backlog`, and whatever Linear adds: nobody has begun as far as we know.
        _ => DeliveryStatus::Backlog,
    }
}

/// Whose key this is. Also asks for teams, without which no issue can be made.
pub(super) fn probe(context: &Context) -> BoxFuture<'_, Result<Account, ConnectError>> {
    Box::pin(async move {
        let linear = Linear(context);
        let viewer: Viewer = linear.ask(VIEWER, json!({}), "viewer").await?;
        linear.teams().await?;
        let person = if viewer.email.is_empty() { viewer.name } else { viewer.email };
        Ok(Account { id: viewer.organization.id, name: viewer.organization.name, person })
    })
}

/// The sink half.
pub(super) fn tracker(context: &Context) -> Box<dyn Tracker + '_> {
    Box::new(Linear(context))
}

struct Linear<'a>(&'a Context);

impl Linear<'_> {
    /// One field of what an operation answers.
    async fn ask<T: DeserializeOwned>(
        &self,
        operation: &str,
        variables: Value,
        field: &str,
    ) -> Result<T, ConnectError> {
        let body = json!({ "query": operation, "variables": variables });
        let mut answer = self.0.post("graphql", body).await?;
        // Indexing would panic on an answer that is no object.
        let part = answer.get_mut("data").and_then(|it| it.get_mut(field)).map(Value::take);
        read(self.0.vendor(), part.unwrap_or_default())
    }

    /// All pages of a list.
    async fn pages<T: DeserializeOwned>(
        &self,
        operation: &str,
        mut variables: Value,
        field: &str,
    ) -> Result<Vec<T>, ConnectError> {
        let (mut all, mut seen) = (Vec::new(), BTreeSet::new());
        for _ in 0..PAGES_MAX {
            let page: Page<T> = self.ask(operation, variables.clone(), field).await?;
            all.extend(page.nodes);
            if !page.info.has_next_page {
                return Ok(all);
            }
            match page.info.end_cursor {
                Some(cursor) if seen.insert(cursor.clone()) => variables["after"] = cursor.into(),
                _ => break,
            }
        }
        Err(self.unexpected("a list that does not end"))
    }

    async fn find(&self, filter: Value) -> Result<Vec<Issue>, ConnectError> {
        let nodes: Vec<IssueNode> = self.pages(ISSUES, json!({ "filter": filter }), "issues").await?;
        // While pages are read an issue may change and so come again.
        let mut newest: BTreeMap<Uuid, Issue> = BTreeMap::new();
        for issue in nodes.into_iter().map(Issue::from) {
            let known = newest.entry(issue.id).or_insert_with(|| issue.clone());
            if known.updated_at < issue.updated_at {
                *known = issue;
            }
        }
        Ok(newest.into_values().collect())
    }

    async fn find_one(&self, id: Uuid) -> Result<Option<Issue>, ConnectError> {
        let found = self.find(json!({ "id": { "eq": id } })).await?;
        Ok(found.into_iter().find(|it| it.id == id))
    }

    async fn create(&self, draft: &Draft) -> Result<Issue, ConnectError> {
        #[derive(Deserialize)]
        struct Created {
            success: bool,
            issue: Option<IssueNode>,
        }
        let title: String = draft.title.chars().take(TITLE_CHARS_MAX).collect();
        let input = json!({
            "id": draft.id,
            "teamId": draft.team,
            "title": title,
            "description": draft.body,
        });
        let created: Created = self.ask(CREATE, json!({ "input": input }), "issueCreate").await?;
        match created.issue {
            Some(issue) if created.success && issue.id == draft.id => Ok(issue.into()),
            _ => Err(self.unexpected("it made no issue, or another one")),
        }
    }

    async fn attach(&self, draft: &Draft) -> Result<(), ConnectError> {
        #[derive(Deserialize)]
        struct Attached {
            success: bool,
        }
        let input = json!({
            "issueId": draft.id,
            "url": draft.link,
            "title": "On the journey map",
            "subtitle": draft.about,
        });
        let attached: Attached = self.ask(ATTACH, json!({ "input": input }), "attachmentCreate").await?;
        if attached.success { Ok(()) } else { Err(self.unexpected("it attached no link")) }
    }

    fn unexpected(&self, reason: &str) -> ConnectError {
        ConnectError::Unexpected { vendor: self.0.vendor(), reason: reason.to_owned() }
    }
}

impl Tracker for Linear<'_> {
    fn teams(&self) -> BoxFuture<'_, Result<Vec<Team>, ConnectError>> {
        Box::pin(async move {
            let nodes: Vec<TeamNode> = self.pages(TEAMS, json!({}), "teams").await?;
            let team = |mut it: TeamNode| {
                it.states.nodes.sort_by(|a, b| a.position.total_cmp(&b.position));
                let states = it.states.nodes.into_iter().map(|it| (it.name.clone(), status(&it))).collect();
                let projects = it.projects.nodes.into_iter().map(|it| (it.id, it.name)).collect();
                Team { id: it.id, key: it.key, name: it.name, states, projects }
            };
            Ok(nodes.into_iter().map(team).collect())
        })
    }

    fn send<'a>(&'a self, draft: &'a Draft) -> BoxFuture<'a, Result<Issue, ConnectError>> {
        Box::pin(async move {
            let issue = match self.find_one(draft.id).await? {
                Some(issue) => issue,
                None => match self.create(draft).await {
                    Ok(issue) => issue,
                    // It may have been made all the same.
                    Err(error) => self.find_one(draft.id).await?.ok_or(error)?,
                },
            };
            // The issue is there and says everything itself; a link that could not be added is no failure.
            if let Err(error) = self.attach(draft).await {
                tracing::warn!("{} has no link back: {error}", issue.name);
            }
            Ok(issue)
        })
    }

    fn states<'a>(
        &'a self,
        ids: &'a [Uuid],
        since: Option<Timestamp>,
    ) -> BoxFuture<'a, Result<Vec<Issue>, ConnectError>> {
        Box::pin(async move {
            let since = since.and_then(|it| jiff::Timestamp::from_millisecond(it.0).ok());
            let mut issues = Vec::new();
            for ids in ids.chunks(IDS_MAX) {
                let mut filter = json!({ "id": { "in": ids } });
                if let Some(since) = since {
                    filter["updatedAt"] = json!({ "gt": since.to_string() });
                }
                issues.extend(self.find(filter).await?);
            }
            Ok(issues)
        })
    }
}
