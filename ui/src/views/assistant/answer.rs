//! An answer: statements with the numbers of what they rest on, and a list of that to go to.

use std::collections::BTreeMap;

use custory_domain::wording::quoted;
use custory_domain::{EntityKind, EntityRef, ItemKind};
use custory_ipc::{Asked, Cited};
use dioxus::prelude::*;

use crate::components::{Icon, KindIcon};
use crate::state::{Store, Toast, use_store};
use crate::views::map::{MapState, jump, use_map};

/// What an answer rests on, each once, numbered in the order in which it is named.
fn numbered<'a>(cites: impl Iterator<Item = &'a Cited>) -> (Vec<Cited>, BTreeMap<EntityRef, usize>) {
    let mut all = Vec::new();
    let mut numbers = BTreeMap::new();
    for cited in cites {
        numbers.entry(cited.entity).or_insert_with(|| {
            all.push(cited.clone());
            all.len()
        });
    }
    (all, numbers)
}

/// The statements of an answer.
#[component]
pub fn AnswerText(asked: Asked) -> Element {
    let store = use_store();
    let map = use_map();
    let answer = &asked.answer;
    if answer.claims.is_empty() && !answer.is_empty() && answer.dropped.is_empty() {
        // What it proposes says it all.
        return rsx! {};
    }
    let (all, numbers) = numbered(answer.claims.iter().flat_map(|it| &it.cites));
    rsx! {
        div { class: "msg txt",
            if answer.is_empty() {
                p { class: "asst-e",
                    b { "Not in the journey." }
                    " Nothing that is on it answers this. Add it where it belongs, or ask about something that is there."
                }
            }
            for (at , claim) in answer.claims.iter().enumerate() {
                p { key: "{at}",
                    "{claim.text} "
                    for cited in claim.cites.iter().cloned() {
                        button {
                            key: "{cited.entity}",
                            class: "cit",
                            r#type: "button",
                            title: "{cited.title}",
                            "aria-label": "Source {numbers[&cited.entity]}: {cited.title}",
                            onclick: move |_| go(store, map, &cited),
                            "{numbers[&cited.entity]}"
                        }
                    }
                }
            }
            if !all.is_empty() {
                div { class: "cits", role: "group", "aria-label": "What the answer rests on",
                    for cited in all {
                        CitedRow { key: "{cited.entity}", number: numbers[&cited.entity], cited }
                    }
                }
            }
            if !answer.dropped.is_empty() {
                details { class: "asst-d",
                    summary { {left_out(answer.dropped.len())} }
                    for (at , reason) in answer.dropped.iter().enumerate() {
                        p { key: "{at}", "{reason}" }
                    }
                }
            }
        }
    }
}

#[component]
fn CitedRow(number: usize, cited: Cited) -> Element {
    let store = use_store();
    let map = use_map();
    let name = cited.title.clone();
    let what = kind_word(cited.entity.kind);
    rsx! {
        button {
            r#type: "button",
            title: "Show {quoted(&name)} on the map",
            onclick: {
                let cited = cited.clone();
                move |_| go(store, map, &cited)
            },
            span { class: "cit", "{number}" }
            CitedMark { kind: cited.entity.kind }
            span { class: "x", "{name}" }
            span { class: "ev", "{what}" }
        }
    }
}

/// The icon of what is cited.
#[component]
pub fn CitedMark(kind: EntityKind) -> Element {
    match (ItemKind::of(kind), kind) {
        (Some(kind), _) => rsx! { KindIcon { kind } },
        (None, EntityKind::Evidence) => rsx! { Icon { name: "quote" } },
        (None, EntityKind::Comment) => rsx! { Icon { name: "comment" } },
        (None, EntityKind::Persona | EntityKind::Member) => rsx! { Icon { name: "user" } },
        (None, _) => rsx! { Icon { name: "map" } },
    }
}

/// Goes to what is cited, or says that it is not there any more.
pub fn go(store: Store, map: MapState, cited: &Cited) {
    if jump(store, map, cited.entity) {
        return;
    }
    let is_gone = store.open.peek().as_ref().is_some_and(|it| it.board.get(cited.entity).is_none());
    let said = if is_gone {
        format!("{} is not in the journey any more.", quoted(&cited.title))
    } else {
        format!("{} has no place of its own on the map.", quoted(&cited.title))
    };
    store.toast(Toast::plain("info", said));
}

fn kind_word(kind: EntityKind) -> String {
    let word = kind.word();
    let mut letters = word.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    first + letters.as_str()
}

fn left_out(count: usize) -> String {
    if count == 1 {
        "1 statement was left out: the journey does not bear it out".to_owned()
    } else {
        format!("{count} statements were left out: the journey does not bear them out")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use custory_domain::StepId;

    #[test]
    fn what_is_cited_twice_has_one_number() {
        let cited = |at: u128| {
            let entity = EntityRef::from(StepId::from_parts(1, at));
            Cited { entity, title: at.to_string() }
        };
        let cites = [cited(7), cited(3), cited(7)];
        let (all, numbers) = numbered(cites.iter());
        assert_eq!(all, [cited(7), cited(3)]);
        assert_eq!((numbers[&cited(7).entity], numbers[&cited(3).entity]), (1, 2));
    }
}
