//! What a source says about a customer's way, before it is checked.

use custory_domain::Channel;

use crate::order::StageKind;

/// What kind of trace of an action was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// A heading; 1 is the title.
    Heading(u8),
    /// A step of a numbered list.
    Step(u32),
    /// An item of a list.
    Bullet,
    /// A button.
    Button,
    /// A link that stands for itself.
    Link,
    /// What a test does as a user.
    Test,
    /// What a test clicks.
    Click,
    /// An analytics event.
    Event,
    /// A screen's path.
    Route,
    /// A text of the app.
    Label,
    /// The subject of an e-mail.
    Subject,
    /// A command of a command-line tool.
    Command,
    /// A cell of a table of steps.
    Cell,
    /// Put into words by another finder.
    Told,
}

/// What a fact is about.
#[derive(Clone, Debug, PartialEq)]
pub enum FactKind {
    /// Something the customer does.
    Action(Sign),
    /// Where the customer meets the product.
    Surface(Channel),
    /// Something customers ask.
    Question,
    /// A problem that the source states; `is_fixed` if it says that it is over.
    Problem {
        /// The source says that it is over.
        is_fixed: bool,
    },
    /// Something that the source says makes it easier.
    Gain,
    /// Something that the source says is needed.
    Need,
    /// A price.
    Price,
    /// What the product is, in its own words.
    Tagline,
}

/// What a source says.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// What it is about.
    pub kind: FactKind,
    /// What was said, as it may be read: a heading's words, a question.
    pub words: String,
    /// The exact words of the source.
    pub quote: String,
    /// Where the quote begins in the source's text, in bytes; a guess is enough.
    pub near: usize,
    /// Event or path by which the app knows it.
    pub name: Option<String>,
    /// The stage it belongs to, if the finder knows.
    pub stage: Option<StageKind>,
    /// A language model found it, not rules.
    pub is_from_model: bool,
}

impl Fact {
    /// A fact whose words are the quote itself.
    pub fn quoted(kind: FactKind, quote: &str, near: usize) -> Self {
        let words = quote.to_owned();
        Self { kind, quote: words.clone(), words, near, name: None, stage: None, is_from_model: false }
    }
}
