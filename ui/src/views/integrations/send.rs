//! Sending an item to a tracker: the issue is shown as it will be before anything is sent.

use custory_domain::{EntityKind, EntityRef};
use custory_ipc::{ConnectorsRequest, IssueText, Reply, Request, TrackerTeam};
use dioxus::prelude::*;

use super::{STYLE, connected};
use crate::components::{Button, Dialog, Note};
use crate::host;
use crate::state::{Toast, use_store};

/// The way to send an insight, opportunity or solution that has no issue yet.
#[component]
pub fn SendItem(item: EntityRef) -> Element {
    let store = use_store();
    let mut is_open = use_signal(|| false);
    let can_be_sent =
        matches!(item.kind, EntityKind::Insight | EntityKind::Opportunity | EntityKind::Solution);
    let is_sent = store.open.read().as_ref().is_some_and(|open| {
        let mut links = open.board.delivery_links.values();
        links.any(|it| it.trashed.is_none() && it.delivers == Some(item))
    });
    let Some(tool) = connected(store, |it| it.is_tracker).filter(|_| can_be_sent && !is_sent) else {
        return rsx! {};
    };
    rsx! {
        div { class: "blk in-go",
            style { dangerous_inner_html: STYLE }
            Button {
                label: "Send to {tool.name}…",
                class: "sm ghost",
                icon: "s-linear",
                id: "send",
                onclick: move |_| is_open.set(true),
            }
        }
        if is_open() {
            Preview { item, vendor: tool.vendor.clone(), name: tool.name.clone(), onclose: move |()| is_open.set(false) }
        }
    }
}

/// The issue and the teams it can go to; a press on a team sends it.
#[component]
fn Preview(item: EntityRef, vendor: String, name: String, onclose: EventHandler<()>) -> Element {
    let store = use_store();
    let mut problem = use_signal(|| None::<String>);
    let mut is_busy = use_signal(|| false);
    let mut phrased = use_signal(|| None::<IssueText>);
    let mut is_phrasing = use_signal(|| false);
    let has_model = use_memo(move || store.models.read().chosen().is_some());
    use_hook(move || store.check_models());
    let phrase = move |_| {
        let Some(journey) = store.journey_on_screen() else { return };
        is_phrasing.set(true);
        problem.set(None);
        spawn(async move {
            match host::request(Request::Connectors(ConnectorsRequest::PhraseIssue { journey, entity: item }))
                .await
            {
                Ok(Reply::IssuePreview { issue }) => phrased.set(Some(issue)),
                Ok(_) => {}
                Err(failure) => problem.set(Some(failure.message)),
            }
            is_phrasing.set(false);
        });
    };
    let asked = vendor.clone();
    let shown = use_resource(move || {
        let vendor = asked.clone();
        async move {
            let journey = store.journey_on_screen()?;
            let issue = store
                .ask(Request::Connectors(ConnectorsRequest::PreviewIssue { journey, entity: item }))
                .await;
            let teams = store.ask(Request::Connectors(ConnectorsRequest::TrackerTeams { vendor })).await;
            match (issue, teams) {
                (Some(Reply::IssuePreview { issue }), Some(Reply::TrackerTeams { teams })) => {
                    Some((issue, teams))
                }
                _ => None,
            }
        }
    });
    let send = move |team: String, issue: IssueText| {
        let Some(journey) = store.journey_on_screen() else { return };
        if *is_busy.peek() {
            return;
        }
        is_busy.set(true);
        problem.set(None);
        let request = Request::Connectors(ConnectorsRequest::SendToTracker {
            journey,
            entity: item,
            vendor: vendor.clone(),
            team,
            issue: Some(issue),
        });
        spawn(async move {
            match host::request(request).await {
                Ok(Reply::Sent { name, .. }) => {
                    store.toast(Toast::plain("check", format!("Sent as {name}.")));
                    onclose.call(());
                }
                Ok(_) => {}
                Err(failure) => problem.set(Some(failure.message)),
            }
            is_busy.set(false);
        });
    };
    let state: Option<Option<(IssueText, Vec<TrackerTeam>)>> = shown.read().clone();
    let state = state.map(|it| it.map(|(issue, teams)| (phrased().unwrap_or(issue), teams)));
    rsx! {
        Dialog { title: "Send to {name}", class: "wide", onclose,
            match state {
                None => rsx! { p { class: "none", "Preparing…" } },
                Some(None) => rsx! { p { class: "none", "Nothing can be sent right now." } },
                Some(Some((issue, teams))) => rsx! {
                    p { "This is all that is sent, with a link back. Choose the team that it goes to." }
                    h3 { "{issue.title}" }
                    div { class: "in-b", id: "issue", "{issue.body}" }
                    if let Some(problem) = problem() {
                        Note { icon: "warn", tone: "bad", "{problem}" }
                    }
                    div { class: "dlg-f",
                        if has_model() && phrased.read().is_none() {
                            Button {
                                label: "Let the model begin it",
                                class: "ghost",
                                icon: "spark",
                                id: "phrase",
                                busy: is_phrasing().then(|| "Writing".to_owned()),
                                onclick: phrase,
                            }
                        }
                        Button { label: "Cancel", class: "ghost", onclick: move |_| onclose.call(()) }
                        for team in teams {
                            Button {
                                key: "{team.key}",
                                label: "Send to {team.name} ({team.key})",
                                class: "pri",
                                id: "send-{team.key}",
                                busy: is_busy().then(|| "Sending".to_owned()),
                                onclick: {
                                    let (issue, send) = (issue.clone(), send.clone());
                                    move |_| {
                                        let mut send = send.clone();
                                        send(team.key.clone(), issue.clone());
                                    }
                                },
                            }
                        }
                    }
                },
            }
        }
    }
}
