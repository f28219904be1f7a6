//! Where news go: what a person wants to hear of, and how. Theirs alone, on each device of its own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{News, Why};
use crate::common::ItemState;
use crate::entity::{OpportunityState, SolutionState};
use crate::time::Via;

/// What a person chooses among: reasons that mean the same to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// A comment names them.
    Mentions,
    /// An answer in a thread of theirs.
    Answers,
    /// They answer for something from now on.
    Ownership,
    /// What becomes of something that they watch.
    Watched,
}

/// How something is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// Not at all.
    Nowhere,
    /// By a line in the inbox.
    #[default]
    Inbox,
    /// By a line in the inbox, and by one notice each morning about all such lines that were not seen.
    Daily,
    /// By a line in the inbox, and by a notice of the system while Custory is not looked at.
    Aloud,
}

/// Where each topic goes; those that nothing is said of go to the inbox alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Routes(BTreeMap<Topic, Route>);

impl Topic {
    /// All, what is most a person's own first.
    pub const ALL: [Self; 4] = [Self::Mentions, Self::Answers, Self::Ownership, Self::Watched];
}

impl Routes {
    /// Where a topic goes.
    pub fn of(&self, topic: Topic) -> Route {
        self.0.get(&topic).copied().unwrap_or_default()
    }

    /// Sends a topic elsewhere.
    pub fn set(&mut self, topic: Topic, route: Route) {
        if route == Route::default() {
            self.0.remove(&topic);
        } else {
            self.0.insert(topic, route);
        }
    }

    /// Whether nobody has chosen anything.
    pub fn are_usual(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether anything goes that way.
    pub fn have(&self, route: Route) -> bool {
        Topic::ALL.into_iter().any(|it| self.of(it) == route)
    }

    /// Where a piece of news goes.
    pub fn for_news(&self, news: &News) -> Route {
        self.of(news.why.topic())
    }
}

impl News {
    /// Whose doing it is, as a sentence begins; `name` is what the person is called, if they are known.
    pub fn who(&self, name: Option<&str>) -> String {
        match self.via {
            Via::User | Via::Import => name.unwrap_or("Somebody").to_owned(),
            Via::Automation => "An automation".to_owned(),
            Via::Ai => "The assistant".to_owned(),
            Via::Connector => "A connected tool".to_owned(),
        }
    }
}

impl Why {
    /// What a person chooses it as.
    pub const fn topic(self) -> Topic {
        match self {
            Self::Named => Topic::Mentions,
            Self::Answered => Topic::Answers,
            Self::Given => Topic::Ownership,
            Self::Said | Self::Moved { .. } | Self::Judged { .. } => Topic::Watched,
        }
    }

    /// What was done, as a sentence goes on after who did it.
    pub fn words(self) -> String {
        match self {
            Self::Named => "mentioned you".to_owned(),
            Self::Answered => "answered in your thread".to_owned(),
            Self::Said => "commented on what you watch".to_owned(),
            Self::Given => "made you the owner".to_owned(),
            Self::Moved { from, to } if is_shipping(to) => format!("shipped it; it was {}", lower(from)),
            Self::Moved { from, to } => format!("moved it from {} to {}", lower(from), lower(to)),
            Self::Judged { .. } => "kept the verdict".to_owned(),
        }
    }
}

const fn is_shipping(state: ItemState) -> bool {
    matches!(
        state,
        ItemState::Solution(SolutionState::Shipped) | ItemState::Opportunity(OpportunityState::Shipped)
    )
}

fn lower(state: ItemState) -> String {
    state.word().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::VerdictOutcome;

    #[test]
    fn each_reason_goes_where_its_topic_is_sent_and_else_to_the_inbox() {
        let shipped = ItemState::Solution(SolutionState::Shipped);
        let reasons = [
            (Why::Named, Topic::Mentions),
            (Why::Answered, Topic::Answers),
            (Why::Given, Topic::Ownership),
            (Why::Said, Topic::Watched),
            (Why::Moved { from: shipped, to: shipped }, Topic::Watched),
            (Why::Judged { outcome: VerdictOutcome::Improved }, Topic::Watched),
        ];
        for topic in Topic::ALL {
            for route in [Route::Nowhere, Route::Inbox, Route::Daily, Route::Aloud] {
                let mut routes = Routes::default();
                routes.set(topic, route);
                for (why, its) in reasons {
                    let expected = if its == topic { route } else { Route::Inbox };
                    assert_eq!(routes.of(why.topic()), expected, "{why:?} with {topic:?} sent {route:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_as_usual_is_not_written_down() {
        let mut routes = Routes::default();
        routes.set(Topic::Watched, Route::Nowhere);
        routes.set(Topic::Mentions, Route::Aloud);
        assert!(routes.have(Route::Inbox) && !routes.have(Route::Daily));
        assert_eq!(serde_json::to_string(&routes).unwrap(), r#"{"mentions":"aloud","watched":"nowhere"}"#);
        Topic::ALL.into_iter().for_each(|it| routes.set(it, Route::Inbox));
        assert!(routes.are_usual());
        assert_eq!(serde_json::to_string(&routes).unwrap(), "{}");
    }
}
