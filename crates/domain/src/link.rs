//! Links that lead into a journey from elsewhere, such as an issue, a chat or a mail: how they are written and read.
//!
//! A link comes from outside: it names something, and does nothing. Whether that is here, whoever follows it finds out.

use std::fmt;

use crate::id::{EntityRef, JourneyId};

/// What links of this program begin with.
const SCHEME: &str = "custory://";

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// To a thing of a journey.
    Item {
        /// Which journey.
        journey: JourneyId,
        /// Which thing.
        entity: EntityRef,
    },
    /// To a journey as somebody looked at it.
    View {
        /// Which journey.
        journey: JourneyId,
        /// How, as the window wrote it.
        view: String,
    },
}

impl Link {
    /// Reads a link; `None` if it is none of these.
    pub fn parse(text: &str) -> Option<Self> {
        let (what, rest) = text.strip_prefix(SCHEME)?.split_once('/')?;
        let (journey, rest) = rest.split_once('/')?;
        let journey: JourneyId = journey.parse().ok()?;
        match what {
            "item" => Some(Self::Item { journey, entity: rest.parse().ok()? }),
            "view" if !rest.is_empty() => Some(Self::View { journey, view: rest.to_owned() }),
            _ => None,
        }
    }

    /// The journey that it leads into.
    pub fn journey(&self) -> JourneyId {
        match self {
            Self::Item { journey, .. } | Self::View { journey, .. } => *journey,
        }
    }
}

impl fmt::Display for Link {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Item { journey, entity } => write!(out, "{SCHEME}item/{journey}/{entity}"),
            Self::View { journey, view } => write!(out, "{SCHEME}view/{journey}/{view}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::InsightId;

    #[test]
    fn what_is_written_is_read_and_nothing_else_is_a_link() {
        let journey = JourneyId::from_parts(1, 2);
        let item = Link::Item { journey, entity: InsightId::from_parts(1, 3).into() };
        let view = Link::View { journey, view: "%7B%22lens%22%3A%22map%22%7D".to_owned() };
        for link in [item, view] {
            assert_eq!(Link::parse(&link.to_string()), Some(link.clone()));
            assert_eq!(link.journey(), journey);
        }
        for wrong in [
            String::new(),
            format!("https://item/{journey}/insight/x"),
            format!("custory://item/{journey}"),
            format!("custory://item/{journey}/insight/nothing"),
            "custory://item/nothing/insight/01ARZ3NDEKTSV4RRFFQ69G5FAV".to_owned(),
            format!("custory://view/{journey}/"),
            format!("custory://delete/{journey}/all"),
        ] {
            assert_eq!(Link::parse(&wrong), None, "{wrong}");
        }
    }
}
