//! What a new journey can begin with.

use custory_domain::template::Template;
use custory_ipc::Beginning;
use dioxus::prelude::*;

use crate::components::{Choice, Dialog};
use crate::state::use_store;

const fn icon(template: Template) -> &'static str {
    match template {
        Template::Onboarding => "flag",
        Template::TrialToPaid => "star",
        Template::SupportEscalation => "comment",
        Template::Renewal => "sync",
        Template::Churn => "arrow",
        Template::Expansion => "peers",
    }
}

/// The choice.
#[component]
pub fn Templates() -> Element {
    let mut store = use_store();
    rsx! {
        Dialog { title: "New journey from a template", class: "opts-d", onclose: move |()| store.overlay.set(None),
            p { class: "t2 opts-p", "Steps are suspected until you confirm them, and everything on them is a question." }
            div { class: "opts",
                for template in Template::ALL {
                    Choice {
                        key: "{template:?}",
                        icon: icon(template),
                        name: template.text().title,
                        about: template.text().about,
                        onchoose: move |()| {
                            store.overlay.set(None);
                            store.create_journey("", Beginning::Template(template));
                        },
                    }
                }
            }
        }
    }
}
