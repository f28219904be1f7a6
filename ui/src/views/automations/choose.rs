//! What can be chosen in an automation's sentence, as menus.

use custory_ipc::{
    AutomationView, ChannelView, Choice, Choices, ChosenChannel, ConnectorsRequest, Deed, Every, Reply,
    Request, TrackerTeam,
};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use super::own;
use crate::components::{Entry, Menu};
use crate::state::Store;
use crate::views::map::MapState;

/// The tracker that issues go to.
const TRACKER: &str = "linear";
/// The chat whose channels are told.
const CHAT: &str = "slack";
/// Points by which a rate has to get worse.
const POINTS: [f64; 5] = [2.0, 3.0, 5.0, 8.0, 12.0];
/// Fewest cases in a week.
const CASES: [u32; 5] = [50, 100, 200, 500, 1_000];
/// Hours that are offered: those in which somebody may be there.
const HOURS: std::ops::RangeInclusive<i8> = 6..=20;

/// Opens the menu of a choice.
pub fn open_choice(
    mut store: Store,
    map: MapState,
    event: &MouseEvent,
    automation: &AutomationView,
    choice: Choice,
) {
    let (label, entries) = match choice {
        Choice::Every => ("How often", every(store, automation)),
        Choice::Hour => ("At which hour", hours(store, automation)),
        Choice::Journey => ("Where", journeys(store, automation)),
        Choice::Points => ("By how much", points(store, automation)),
        Choice::Cases => ("Fewest cases", cases(store, automation)),
        Choice::Mode => ("Who decides", modes(store, automation)),
        // They have an editor of their own.
        Choice::Conditions => return,
        Choice::View => ("What to watch for", own::views(store, map, automation)),
        Choice::Deeds => ("What to do with it", own::deeds(store, automation)),
        Choice::Team => return offer_teams(store, automation.clone()),
        Choice::Channel => return offer_channels(store, automation.clone()),
    };
    store.menu.set(Some(Menu::below(event, label, entries)));
}

/// An entry that sets something.
pub fn entry(
    store: Store,
    automation: &AutomationView,
    label: impl Into<String>,
    is_on: bool,
    set: impl Fn(&mut Choices) + 'static,
) -> Entry {
    let it = automation.clone();
    let act = move || {
        let mut choices = it.choices.clone();
        set(&mut choices);
        store.set_automation(it.key.clone(), it.is_on, choices);
    };
    Entry::act(label, act).on(is_on)
}

fn every(store: Store, it: &AutomationView) -> Vec<Entry> {
    let rhythms = [
        (Every::Hour, "Every hour"),
        (Every::Day, "Every day"),
        (Every::Monday, "Every Monday"),
        (Every::Tuesday, "Every Tuesday"),
        (Every::Wednesday, "Every Wednesday"),
        (Every::Thursday, "Every Thursday"),
        (Every::Friday, "Every Friday"),
        (Every::Saturday, "Every Saturday"),
        (Every::Sunday, "Every Sunday"),
    ];
    let of = |(every, label)| entry(store, it, label, it.choices.every == every, move |to| to.every = every);
    rhythms.into_iter().map(of).collect()
}

fn hours(store: Store, it: &AutomationView) -> Vec<Entry> {
    let of = |hour: i8| {
        entry(store, it, format!("{hour:02}:00"), it.choices.hour == hour, move |to| to.hour = hour)
    };
    HOURS.map(of).collect()
}

fn journeys(store: Store, it: &AutomationView) -> Vec<Entry> {
    let mut entries =
        vec![entry(store, it, "Every journey", it.choices.journey.is_none(), |to| to.journey = None)];
    for journey in store.journeys.peek().iter().filter(|it| !it.is_archived) {
        let id = journey.id;
        let is_on = it.choices.journey == Some(id);
        entries.push(entry(store, it, journey.title.clone(), is_on, move |to| to.journey = Some(id)));
    }
    entries
}

fn points(store: Store, it: &AutomationView) -> Vec<Entry> {
    let of = |points: f64| {
        let is_on = it.choices.points == Some(points);
        entry(store, it, format!("{points:.0} points"), is_on, move |to| to.points = Some(points))
    };
    POINTS.into_iter().map(of).collect()
}

fn cases(store: Store, it: &AutomationView) -> Vec<Entry> {
    let of = |cases: u32| {
        let is_on = it.choices.cases == Some(cases);
        entry(store, it, format!("{cases} cases"), is_on, move |to| to.cases = Some(cases))
    };
    CASES.into_iter().map(of).collect()
}

fn offer_teams(store: Store, it: AutomationView) {
    teams_below(store, Choice::Team, move |team| {
        let is_on = it.choices.team.as_deref() == Some(team.key.as_str());
        entry(store, &it, team.name, is_on, move |to| to.team = Some(team.key.clone()))
    });
}

/// Offers the teams that an issue of what comes in can go to.
pub fn offer_issue_teams(store: Store, it: AutomationView) {
    teams_below(store, Choice::Deeds, move |team| {
        let deed = Deed::Issue { vendor: TRACKER.to_owned(), team: team.key };
        let is_on = it.choices.deeds.contains(&deed);
        entry(store, &it, team.name, is_on, move |to| {
            to.deeds.retain(|it| !matches!(it, Deed::Issue { .. }));
            to.deeds.extend((!is_on).then(|| deed.clone()));
        })
    });
}

/// Asks the tracker for its teams and offers them; that it is not connected is said.
fn teams_below(mut store: Store, choice: Choice, of: impl Fn(TrackerTeam) -> Entry + 'static) {
    spawn_forever(async move {
        let asked = store
            .ask(Request::Connectors(ConnectorsRequest::TrackerTeams { vendor: TRACKER.to_owned() }))
            .await;
        let Some(Reply::TrackerTeams { teams }) = asked else { return };
        let entries = teams.into_iter().map(of).collect();
        store.menu.set(Some(Menu::below_id(&choice_id(choice), "Team", entries)));
    });
}

fn modes(store: Store, it: &AutomationView) -> Vec<Entry> {
    vec![
        entry(store, it, "By itself", !it.choices.asks_first, |to| to.asks_first = false),
        entry(store, it, "Once you say so", it.choices.asks_first, |to| to.asks_first = true),
    ]
}

/// Asks the chat for its channels and offers them; that it is not connected is said.
fn offer_channels(mut store: Store, it: AutomationView) {
    spawn_forever(async move {
        let asked =
            store.ask(Request::Connectors(ConnectorsRequest::ChatChannels { vendor: CHAT.to_owned() })).await;
        let Some(Reply::ChatChannels { channels }) = asked else { return };
        let mut entries =
            vec![entry(store, &it, "Nobody", it.choices.channel.is_none(), |to| to.channel = None)];
        let of = |channel: ChannelView| {
            let is_on = it.choices.channel.as_ref().is_some_and(|it| it.id == channel.id);
            let label = format!("#{}", channel.name);
            let chosen = ChosenChannel { vendor: CHAT.to_owned(), id: channel.id, name: channel.name };
            entry(store, &it, label, is_on, move |to| to.channel = Some(chosen.clone()))
        };
        // Where we have not been invited nothing can be posted.
        entries.extend(channels.into_iter().filter(|it| it.is_ours).map(of));
        store.menu.set(Some(Menu::below_id(&choice_id(Choice::Channel), "Channel", entries)));
    });
}

/// The element of a choice in the sentence.
pub fn choice_id(choice: Choice) -> String {
    format!("choose-{choice:?}").to_lowercase()
}
