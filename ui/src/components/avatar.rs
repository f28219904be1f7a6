//! Who: initials in a person's colour.

use custory_domain::MemberId;
use dioxus::prelude::*;

use super::icon;
use crate::state::{Store, use_store};

/// People colours in the style sheet.
const COLOURS: u32 = 5;

/// A person's colour, by its number.
pub fn person_colour(number: u32) -> String {
    format!("var(--p-{})", number % COLOURS + 1)
}

/// A member's initials in their colour; an empty ring without one. `class` gives the size.
#[component]
pub fn Avatar(member: Option<MemberId>, #[props(default)] class: &'static str) -> Element {
    avatar(use_store(), member, class)
}

/// The same without a component of its own, for what is drawn by the hundred while one scrolls.
pub fn avatar(store: Store, member: Option<MemberId>, class: &str) -> Element {
    match member.and_then(|id| store.member(id)) {
        Some(member) => rsx! {
            span { class: "av {class}", style: "--c:{person_colour(member.colour.into())}", title: "{member.name}",
                {initials(&member.name)}
            }
        },
        None => rsx! {
            span { class: "av av-none {class}", title: "No owner",
                {icon("user", "")}
            }
        },
    }
}

/// First letters of the first and the last word.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|it| it.chars().next());
    let last = words.next_back().and_then(|it| it.chars().next());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_those_of_the_first_and_the_last_name() {
        for (name, expected) in
            [("Maya Lindqvist", "ML"), ("maya", "M"), ("Ana de la Cruz", "AC"), ("", ""), ("Élan ß", "ÉSS")]
        {
            assert_eq!(initials(name), expected, "{name}");
        }
    }
}
