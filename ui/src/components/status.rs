//! Where work stands, as a ring that fills; how bad something is, as bars.

use dioxus::prelude::*;

/// Where work stands, in the words that the map uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nothing has been decided.
    Open,
    /// It will be done.
    Planned,
    /// Somebody is at it.
    Progress,
    /// Somebody looks at it.
    Review,
    /// Customers have it.
    Shipped,
    /// It does not go on.
    Blocked,
}

impl Status {
    /// What people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Planned => "Planned",
            Self::Progress => "In progress",
            Self::Review => "In review",
            Self::Shipped => "Shipped",
            Self::Blocked => "Blocked",
        }
    }

    const fn style(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Planned => "plan",
            Self::Progress => "progress",
            Self::Review => "review",
            Self::Shipped => "shipped",
            Self::Blocked => "blocked",
        }
    }
}

/// The ring; with `label` the words beside it.
#[component]
pub fn StatusMark(status: Status, #[props(default)] label: Option<String>) -> Element {
    status_mark(status, label.as_deref())
}

/// The same without a component of its own, for what is drawn by the hundred while one scrolls.
pub fn status_mark(status: Status, label: Option<&str>) -> Element {
    let ring = rsx! {
        svg { class: "st st-{status.style()}", view_box: "0 0 14 14", role: "img", "aria-label": status.label(),
            match status {
                Status::Open => rsx! {
                    circle { cx: "7", cy: "7", r: "5.2", fill: "none", stroke: "currentColor", stroke_width: "1.5", stroke_dasharray: "2.2 1.86" }
                },
                Status::Planned => rsx! {
                    circle { cx: "7", cy: "7", r: "5.2", fill: "none", stroke: "currentColor", stroke_width: "1.5" }
                },
                Status::Progress => rsx! {
                    circle { cx: "7", cy: "7", r: "5.2", fill: "none", stroke: "currentColor", stroke_width: "1.5" }
                    path { d: "M7 4.200a2.800 2.800 0 0 1 0 5.600z", fill: "currentColor" }
                },
                Status::Review => rsx! {
                    circle { cx: "7", cy: "7", r: "5.2", fill: "none", stroke: "currentColor", stroke_width: "1.5" }
                    path { d: "M7 4.200A2.800 2.800 0 1 1 4.200 7H7z", fill: "currentColor" }
                },
                Status::Shipped => rsx! {
                    circle { cx: "7", cy: "7", r: "6", fill: "currentColor" }
                    path { d: "m4.300 7.200 1.900 1.900 3.500-3.900", fill: "none", stroke: "var(--surface)", stroke_width: "1.5", stroke_linecap: "round", stroke_linejoin: "round" }
                },
                Status::Blocked => rsx! {
                    circle { cx: "7", cy: "7", r: "6", fill: "currentColor" }
                    path { d: "M5 5l4 4M9 5l-4 4", stroke: "var(--surface)", stroke_width: "1.5", stroke_linecap: "round" }
                },
            }
        }
    };
    match label {
        Some(label) => rsx! {
            span { class: "stl",
                {ring}
                span { "{label}" }
            }
        },
        None => ring,
    }
}

/// How bad, as one to three bars, from a severity of 1 to 5.
#[component]
pub fn Severity(of_five: u8) -> Element {
    severity(of_five)
}

/// The same without a component of its own.
pub fn severity(of_five: u8) -> Element {
    let bars = bars(of_five);
    rsx! {
        span { class: "sev s{bars}", role: "img", "aria-label": "Severity {of_five} of 5",
            i {}
            i {}
            i {}
        }
    }
}

/// 1 and 2 are one bar, 3 is two, 4 and 5 are three.
pub fn bars(of_five: u8) -> u8 {
    match of_five {
        0..=2 => 1,
        3 => 2,
        _ => 3,
    }
}
