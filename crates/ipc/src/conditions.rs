//! Conditions that a person sets beside a recipe's own: all of them, or any, in groups.

use custory_domain::filter::Join;
use custory_domain::{MemberId, StageId, StepId};
use serde::{Deserialize, Serialize};

/// Conditions, joined. None at all holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conditions {
    /// How they are joined.
    #[serde(default)]
    pub join: Join,
    /// The conditions.
    #[serde(default)]
    pub of: Vec<Condition>,
}

/// One condition on what something would be done about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "test", rename_all = "snake_case")]
pub enum Condition {
    /// It stands on a step of this stage.
    OnStage {
        /// The stage.
        stage: StageId,
        /// Its title when it was chosen.
        title: String,
    },
    /// It stands on this step.
    OnStep {
        /// The step.
        step: StepId,
        /// Its title when it was chosen.
        title: String,
    },
    /// It is somebody's, or nobody's.
    OwnedBy {
        /// Whose; nobody's without.
        member: Option<MemberId>,
        /// Their name when they were chosen.
        name: String,
    },
    /// It is between these hours by the automation's clock.
    Between {
        /// From this hour on, 0 to 23.
        from: i8,
        /// Before this hour, 1 to 24; one that is not after `from` is of the next day.
        to: i8,
    },
    /// The opposite holds.
    Not {
        /// Of this.
        not: Box<Condition>,
    },
    /// A group of its own.
    Group {
        /// The conditions.
        group: Conditions,
    },
}

impl Conditions {
    /// Most conditions, groups counted.
    pub const COUNT_MAX: usize = 20;
    /// Deepest group in a group.
    pub const DEPTH_MAX: usize = 3;

    /// How many there are, groups counted.
    pub fn count(&self) -> usize {
        self.of.iter().map(Condition::count).sum()
    }

    /// How deep groups stand in groups.
    pub fn depth(&self) -> usize {
        1 + self.of.iter().map(Condition::depth).max().unwrap_or(0)
    }

    /// As one reads them: “on the stage “Set up” and (owned by nobody or owned by Ana)”.
    pub fn words(&self) -> String {
        let joint = format!(" {} ", self.join.word());
        self.of.iter().map(Condition::words).collect::<Vec<_>>().join(&joint)
    }
}

impl Condition {
    fn count(&self) -> usize {
        match self {
            Self::Not { not } => not.count(),
            Self::Group { group } => 1 + group.count(),
            _ => 1,
        }
    }

    fn depth(&self) -> usize {
        match self {
            Self::Not { not } => not.depth(),
            Self::Group { group } => group.depth(),
            _ => 0,
        }
    }

    /// As one reads it.
    pub fn words(&self) -> String {
        match self {
            Self::OnStage { title, .. } => format!("on the stage “{title}”"),
            Self::OnStep { title, .. } => format!("on the step “{title}”"),
            Self::OwnedBy { member: None, .. } => "owned by nobody".to_owned(),
            Self::OwnedBy { name, .. } => format!("owned by {name}"),
            Self::Between { from, to } => format!("between {from:02}:00 and {to:02}:00"),
            Self::Not { not } => format!("not {}", not.words()),
            Self::Group { group } => format!("({})", group.words()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_read_as_one_says_them() {
        let nobody = Condition::OwnedBy { member: None, name: String::new() };
        let hours = Condition::Between { from: 9, to: 17 };
        let not = Condition::Not { not: Box::new(hours.clone()) };
        let group = Condition::Group { group: Conditions { join: Join::Any, of: vec![nobody, not] } };
        let all = Conditions { join: Join::All, of: vec![hours, group] };
        assert_eq!(
            all.words(),
            "between 09:00 and 17:00 and (owned by nobody or not between 09:00 and 17:00)"
        );
        assert_eq!((all.count(), all.depth()), (4, 2));
        let text = serde_json::to_string(&all).expect("plain data");
        assert_eq!(serde_json::from_str::<Conditions>(&text).expect("the same"), all);
    }
}
