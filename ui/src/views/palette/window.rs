//! The palette: finds steps, items, quotes and journeys, and does what can be done.

use custory_domain::filter::{Criterion, Filter, Join, Part};
use custory_domain::wording::quoted;
use custory_domain::{EntityKind, EntityRef, ItemKind, Member, MemberId, StepId};
use custory_ipc::{Hit, Reply, Request};
use dioxus::prelude::*;

use super::actions::{self, Action};
use super::words;
use crate::app::Screen;
use crate::components::{Avatar, Icon, Kbd, KindIcon, keep_inside, use_focus_kept};
use crate::dom;
use crate::state::{Panel, Run, Store, Toast, use_store};
use crate::views::map::{Body, Face, MapState, Spot, Worth, face, land, place_of, use_map};

/// Milliseconds after the last letter before the search begins.
const PAUSE_MILLIS: i32 = 60;
/// Things shown of each group.
const SHOWN_MAX: usize = 6;

/// A line of the palette.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    group: &'static str,
    mark: Mark,
    title: Vec<(String, bool)>,
    detail: Vec<(String, bool)>,
    /// What it is, where it says at its end what it is worth.
    worth: Option<Face>,
    keys: Vec<&'static str>,
    run: Run,
}

#[derive(Clone, Debug, PartialEq)]
enum Mark {
    Icon(&'static str),
    Kind(ItemKind),
    Stage(String),
    Person(MemberId),
}

/// The palette.
#[component]
pub fn Palette() -> Element {
    let mut store = use_store();
    let map = use_map();
    let mut typed = use_signal(String::new);
    let mut at = use_signal(|| 0_usize);
    let mut hits: Signal<Vec<Hit>> = use_signal(Vec::new);
    use_focus_kept("palette-q");
    let search = use_resource(move || async move {
        let query = typed.read().trim().trim_start_matches('>').trim().to_owned();
        if query.is_empty() || typed.peek().starts_with(['>', '@']) {
            hits.set(Vec::new());
            return;
        }
        dom::sleep(PAUSE_MILLIS).await;
        // By words at once; by meaning too where a local model can, which takes longer.
        let by_meaning = Request::SearchMeaning { query: query.clone(), journey: None, kind: None };
        for request in [Request::Search { query, journey: None }, by_meaning] {
            if let Some(Reply::Found { hits: found }) = store.ask(request).await
                && *hits.peek() != found
            {
                hits.set(found);
            }
        }
    });
    let is_searching = search.state().cloned() == UseResourceState::Pending;
    let lines = use_memo(move || lines(store, map, &typed.read(), &hits.read()));
    let all = lines.read();
    let chosen = at().min(all.len().saturating_sub(1));
    let mut close = move || store.overlay.set(None);
    let mut run = move |line: &Line| {
        close();
        line.run.call();
    };
    rsx! {
        div { class: "scrim", onmousedown: move |_| close(),
            div {
                id: "palette",
                class: "pal",
                role: "dialog",
                "aria-modal": "true",
                "aria-label": "Search and commands",
                onmousedown: move |event| event.stop_propagation(),
                onkeydown: move |event| {
                    let count = lines.peek().len();
                    match event.key() {
                        Key::Escape => close(),
                        Key::Tab => keep_inside(&event, "palette"),
                        Key::ArrowDown => at.set(if count == 0 { 0 } else { (chosen + 1) % count }),
                        Key::ArrowUp => at.set(if count == 0 { 0 } else { (chosen + count - 1) % count }),
                        Key::Enter if !event.is_composing() => {
                            let line = lines.peek().get(chosen).cloned();
                            if let Some(line) = line {
                                run(&line);
                            }
                        }
                        _ => return,
                    }
                    if event.key() != Key::Tab {
                        event.prevent_default();
                    }
                    event.stop_propagation();
                },
                label { class: "pal-q",
                    Icon { name: "search" }
                    input {
                        id: "palette-q",
                        r#type: "text",
                        role: "combobox",
                        "aria-label": "Search or run a command",
                        "aria-expanded": "true",
                        "aria-controls": "palette-l",
                        "aria-activedescendant": "pal-{chosen}",
                        placeholder: "Search, or run a command",
                        autocomplete: "off",
                        spellcheck: "false",
                        value: "{typed}",
                        oninput: move |event| {
                            typed.set(event.value());
                            at.set(0);
                        },
                    }
                    kbd { "Esc" }
                }
                div { id: "palette-l", class: "pal-l", role: "listbox", "aria-label": "Found",
                    for (number , line) in all.iter().cloned().enumerate() {
                        Fragment { key: "{number}",
                        if number == 0 || all[number - 1].group != line.group {
                            div { class: "pal-h", "aria-hidden": "true", "{line.group}" }
                        }
                        div {
                            id: "pal-{number}",
                            class: if number == chosen { "pal-i on" } else { "pal-i" },
                            role: "option",
                            "aria-selected": number == chosen,
                            onmousemove: move |_| {
                                if *at.peek() != number {
                                    at.set(number);
                                }
                            },
                            onclick: {
                                let line = line.clone();
                                move |_| run(&line)
                            },
                            LineMark { mark: line.mark.clone() }
                            span { class: "x",
                                Words { pieces: line.title.clone() }
                                if !line.detail.is_empty() {
                                    span { class: "d", " " Words { pieces: line.detail.clone() } }
                                }
                            }
                            if let Some(face) = line.worth.clone() {
                                span { class: "pal-w", Worth { face } }
                            }
                            if !line.keys.is_empty() {
                                Kbd { keys: line.keys.clone() }
                            } else if number == chosen {
                                Kbd { keys: vec!["enter"] }
                            }
                        }
                        }
                    }
                    if all.is_empty() && !is_searching {
                        p { class: "pal-n", "Nothing matches {quoted(&typed.read())}." }
                    }
                }
                div { class: "pal-f",
                    span { Kbd { keys: vec!["↑", "↓"] } "move" }
                    span { Kbd { keys: vec!["enter"] } "open" }
                    span { class: "sp" }
                    span { Kbd { keys: vec![">"] } "commands only" }
                    if store.journey_on_screen().is_some() {
                        span { Kbd { keys: vec!["@"] } "people" }
                    }
                }
            }
        }
    }
}

#[component]
fn LineMark(mark: Mark) -> Element {
    match mark {
        Mark::Icon(name) => rsx! { Icon { name } },
        Mark::Kind(kind) => rsx! { KindIcon { kind } },
        Mark::Person(member) => rsx! { Avatar { member: Some(member) } },
        Mark::Stage(colour) => rsx! { i { class: "dot sq", style: "--c:{colour}" } },
    }
}

#[component]
fn Words(pieces: Vec<(String, bool)>) -> Element {
    rsx! {
        for (at , (piece , is_marked)) in pieces.into_iter().enumerate() {
            if is_marked {
                em { key: "{at}", "{piece}" }
            } else {
                {piece}
            }
        }
    }
}

fn lines(store: Store, map: MapState, typed: &str, hits: &[Hit]) -> Vec<Line> {
    if let Some(name) = typed.trim_start().strip_prefix('@') {
        return people(store, map, name.trim());
    }
    let query = typed.trim().trim_start_matches('>').trim();
    let mut lines = Vec::new();
    if !typed.trim_start().starts_with('>') {
        lines.extend(steps(store, map, query));
        lines.extend(journeys(store, query));
        lines.extend(found(store, map, query, hits));
    }
    let mut fitting: Vec<(u32, Action)> = actions::actions(store, map)
        .into_iter()
        .filter_map(|it| Some((words::fit(query, &it.label)?, it)))
        .collect();
    fitting.sort_by_key(|it| std::cmp::Reverse(it.0));
    // A word that is spread over a long label is hardly what was meant.
    let least = if query.chars().count() > 2 { fitting.first().map_or(0, |it| it.0 / 2) } else { 0 };
    let shown = if typed.trim_start().starts_with('>') { usize::MAX } else { SHOWN_MAX + 4 };
    lines.extend(fitting.into_iter().filter(|it| it.0 >= least).take(shown).map(|(_, it)| Line {
        group: "Do",
        mark: Mark::Icon(it.icon),
        title: words::found(query, &it.label),
        detail: Vec::new(),
        worth: None,
        keys: it.keys,
        run: it.run,
    }));
    lines
}

/// The team, by name; whoever is chosen, what is theirs is left on the journey on screen.
fn people(store: Store, mut map: MapState, query: &str) -> Vec<Line> {
    let open = store.open.peek();
    let Some(open) = open.as_ref() else { return Vec::new() };
    let items =
        || ItemKind::ALL.iter().flat_map(|kind| open.board.items(*kind)).filter(|it| it.trashed.is_none());
    let fits = |name: &str| name.to_lowercase().contains(&query.to_lowercase());
    let line = |member: Member| {
        let id = member.id;
        let theirs = items().filter(|it| it.owner == Some(id)).count();
        let only = Criterion::Owner { owners: [Some(id)].into() };
        Line {
            group: "What is theirs",
            mark: Mark::Person(id),
            title: words::found(query, &member.name),
            detail: vec![(crate::format::count(theirs, "item", "items"), false)],
            worth: None,
            keys: Vec::new(),
            run: Run::new(move || {
                map.filter.set(Filter { join: Join::All, parts: vec![Part::Test(only.clone().into())] });
            }),
        }
    };
    store.members().into_iter().filter(|it| fits(&it.name)).map(line).collect()
}

/// Steps of the open journey, by title.
fn steps(store: Store, map: MapState, query: &str) -> Vec<Line> {
    let open = store.open.peek();
    let Some(open) = open.as_ref() else { return Vec::new() };
    if query.is_empty() {
        return Vec::new();
    }
    let outline = open.outline();
    let count = outline.len();
    let mut lines = Vec::new();
    for (position, (stage, steps)) in outline.iter().enumerate() {
        let stage = open.board.stages.get(stage).map_or("", |it| it.title.as_str());
        for step in steps.iter().filter(|it| it.title.to_lowercase().contains(&query.to_lowercase())) {
            let evidence = open.index.evidence_on(step.id).count();
            let quotes = if evidence > 0 {
                format!(", {}", crate::format::count(evidence, "quote", "quotes"))
            } else {
                String::new()
            };
            let id = step.id;
            lines.push(Line {
                group: "Steps",
                mark: Mark::Stage(crate::state::stage_colour(position, count)),
                title: words::found(query, &step.title),
                detail: vec![(format!("{stage}{quotes}"), false)],
                worth: None,
                keys: Vec::new(),
                run: Run::new(move || show(store, map, id, None)),
            });
        }
    }
    lines.truncate(SHOWN_MAX);
    lines
}

/// Journeys, by title; without a query the other ones.
fn journeys(store: Store, query: &str) -> Vec<Line> {
    let shown = store.journey_on_screen();
    let journeys = store.journeys.peek();
    let fits = |title: &str| title.to_lowercase().contains(&query.to_lowercase());
    journeys
        .iter()
        .rev()
        .filter(|it| Some(it.id) != shown && fits(&it.title) && (!it.is_archived || !query.is_empty()))
        .take(SHOWN_MAX)
        .map(|it| {
            let id = it.id;
            Line {
                group: "Journeys",
                mark: Mark::Icon("map"),
                title: words::found(query, &it.title),
                detail: vec![(if it.is_archived { "Archived".to_owned() } else { String::new() }, false)],
                worth: None,
                keys: Vec::new(),
                run: Run::new(move || store.go(Screen::Journey(id))),
            }
        })
        .collect()
}

/// What the engine found: items and quotes, wherever they are.
fn found(store: Store, map: MapState, query: &str, hits: &[Hit]) -> Vec<Line> {
    let open = store.open.peek();
    let is_listed =
        |hit: &&Hit| !matches!(hit.entity.kind, EntityKind::Step | EntityKind::Journey | EntityKind::Stage);
    let is_item = |hit: &&Hit| ItemKind::of(hit.entity.kind).is_some();
    let items = hits.iter().filter(is_listed).filter(is_item).take(SHOWN_MAX);
    let others = hits.iter().filter(is_listed).filter(|it| !is_item(it)).take(SHOWN_MAX / 2);
    items
        .chain(others)
        .map(|hit| {
            let mark = match ItemKind::of(hit.entity.kind) {
                Some(kind) => Mark::Kind(kind),
                None if hit.entity.kind == EntityKind::Comment => Mark::Icon("comment"),
                None if hit.entity.kind == EntityKind::Decision => Mark::Icon("flag"),
                None => Mark::Icon("quote"),
            };
            let hit = hit.clone();
            let (journey, entity) = (hit.journey, hit.entity);
            let here = open.as_ref().filter(|it| it.id == journey);
            let worth = here.and_then(|it| face(it, entity, crate::host::now()));
            let mut detail = words::marked(&hit.excerpt);
            if let Some(Body::Solution { issue: Some(issue), .. }) = worth.as_ref().map(|it| &it.body) {
                detail.insert(0, (format!("{issue} "), false));
            }
            if here.is_none() {
                let title =
                    store.journeys.peek().iter().find(|it| it.id == journey).map(|it| it.title.clone());
                detail.insert(0, (format!("in {} ", title.unwrap_or_default()), false));
            }
            Line {
                group: if matches!(mark, Mark::Kind(_)) { "Items" } else { "Words" },
                mark,
                title: words::found(query, &hit.title),
                detail,
                worth,
                keys: Vec::new(),
                run: Run::new(move || go_to(store, map, journey, entity)),
            }
        })
        .collect()
}

/// Opens a journey if it is not on screen, and what was found in it.
pub fn go_to(store: Store, map: MapState, journey: custory_domain::JourneyId, entity: EntityRef) {
    let comment = (entity.kind == EntityKind::Comment).then(|| entity.id.into());
    store.go_and(Screen::Journey(journey), move |mut store| {
        let place = store.open.peek().as_ref().and_then(|it| place_of(it, entity));
        match place {
            Some((step, item)) => {
                // The panel goes on from there to the comment itself.
                store.news.write().sought = comment;
                show(store, map, step, item);
            }
            None => store.toast(Toast::plain("info", "It is not on this journey any more.".to_owned())),
        }
    });
}

/// Opens the panel on a step and puts the keyboard there.
fn show(mut store: Store, map: MapState, step: StepId, item: Option<EntityRef>) {
    store.panel.set(Some(Panel { step, item }));
    let spot = item.map_or(Spot::Step(step), |item| Spot::Item { step, item });
    land(map, map.model, spot);
}
