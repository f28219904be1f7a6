//! Invitations: a link for one person, and those that are still open.

use custory_ipc::{Reply, Request, TeamInvite, TeamRequest, TeamRole};
use dioxus::prelude::*;

use super::{order, words};
use crate::components::{Button, IconButton, SettingRow};
use crate::dom;
use crate::state::{Toast, use_store};

/// People who may ask with one link: whoever finds it later finds it used.
const USES: u32 = 1;

/// Making an invitation, and the open ones.
#[component]
pub fn Invites(invites: Vec<TeamInvite>) -> Element {
    let store = use_store();
    let mut link = use_signal(|| None::<String>);
    let make = move |role: TeamRole| async move {
        if let Some(Reply::Invitation { link: made, .. }) =
            store.ask(Request::Team(TeamRequest::Invite { role, uses: USES })).await
        {
            link.set(Some(made));
        }
    };
    rsx! {
        div { class: "box",
            SettingRow {
                icon: "link",
                title: "Invite by link",
                about: "Works once, and only after you let them in. The part after # is a key and never reaches the relay.",
                Button { label: "Invite to view", class: "sm ghost", onclick: move |_| make(TeamRole::Viewer) }
                Button { label: "Invite to edit", class: "sm pri", id: "invite", onclick: move |_| make(TeamRole::Editor) }
            }
            if let Some(text) = link() {
                div { class: "rw tm-l",
                    code { id: "invite-link", class: "txt", "{text}" }
                    IconButton {
                        icon: "copy",
                        label: "Copy the link",
                        onclick: move |_| {
                            let text = text.clone();
                            async move {
                                store.toast(if dom::copy_text(&text).await {
                                    Toast::plain("check", "Link copied. Send it to one person.")
                                } else {
                                    Toast::bad("The clipboard could not be written. Mark the link and press Ctrl C.")
                                });
                            }
                        },
                    }
                }
            }
            for invite in invites {
                div { key: "{invite.invite}", class: "rw sub",
                    span { class: "g", "An open invitation as {words::role(invite.role)}" }
                    Button {
                        label: "Make it void",
                        class: "xs ghost",
                        onclick: move |_| order(store, Request::Team(TeamRequest::RevokeInvite { invite: invite.invite })),
                    }
                }
            }
        }
    }
}
