//! The words of the templates.

use super::StepMark::{self, None, Truth, Value};
use super::{StageText, StepText, Template, TemplateText};
use crate::entity::Channel::{self, App, Call, Chat, Docs, Email, Site};

const fn step(
    title: &'static str,
    at: (Channel, &'static str),
    question: &'static str,
    mark: StepMark,
) -> StepText {
    StepText { title, at, question, mark }
}

const fn stage(title: &'static str, goal: &'static str, steps: &'static [StepText]) -> StageText {
    StageText { title, goal, steps }
}

impl Template {
    /// Its words.
    pub const fn text(self) -> TemplateText {
        match self {
            Self::Onboarding => ONBOARDING,
            Self::TrialToPaid => TRIAL_TO_PAID,
            Self::SupportEscalation => SUPPORT_ESCALATION,
            Self::Renewal => RENEWAL,
            Self::Churn => CHURN,
            Self::Expansion => EXPANSION,
        }
    }
}

const ONBOARDING: TemplateText = TemplateText {
    title: "Onboarding",
    about: "A new customer signs up and gets to the first result that they came for.",
    scope: ("sign-up", "first value"),
    stages: &[
        stage(
            "Discover",
            "Know whether this could help",
            &[
                step(
                    "Look for a way to solve the problem",
                    (Site, "Landing page"),
                    "What were they doing when they began to look?",
                    None,
                ),
                step(
                    "Compare with what is in use today",
                    (Site, "Pricing and comparison"),
                    "What do they use today, and what holds them there?",
                    None,
                ),
            ],
        ),
        stage(
            "Sign up",
            "Get in without effort",
            &[
                step("Create an account", (App, "Sign-up form"), "Which field makes people stop?", None),
                step(
                    "Confirm the e-mail address",
                    (Email, "Confirmation"),
                    "How many never come back from their inbox?",
                    None,
                ),
            ],
        ),
        stage(
            "Set up",
            "Have the own data in place",
            &[
                step(
                    "Answer the first questions",
                    (App, "Setup assistant"),
                    "Which answers change what they see next?",
                    None,
                ),
                step(
                    "Bring in existing data",
                    (App, "Import"),
                    "What do they have at hand, and in which form?",
                    Truth,
                ),
                step(
                    "Invite a colleague",
                    (Email, "Invitation"),
                    "Who else has to take part before it is useful?",
                    None,
                ),
            ],
        ),
        stage(
            "First value",
            "See the result that was promised",
            &[
                step(
                    "Do the first real task",
                    (App, "First task"),
                    "What do they call the thing that they came for?",
                    None,
                ),
                step("Get the first result", (App, "Result"), "How would they know that it worked?", Value),
            ],
        ),
        stage(
            "Habit",
            "Come back without being asked",
            &[step("Come back in the second week", (Email, "Reminder"), "What brings them back?", None)],
        ),
    ],
};

const TRIAL_TO_PAID: TemplateText = TemplateText {
    title: "Trial to paid",
    about: "A team tries the product for a limited time and decides whether to pay.",
    scope: ("start of the trial", "first payment"),
    stages: &[
        stage(
            "Start the trial",
            "Begin without risk",
            &[
                step(
                    "Start a trial",
                    (Site, "Trial form"),
                    "What do they expect to happen when it ends?",
                    None,
                ),
                step(
                    "Choose what to try first",
                    (App, "Welcome"),
                    "Which job do they want done by the end of the trial?",
                    None,
                ),
            ],
        ),
        stage(
            "Try it out",
            "Find out whether it does the job",
            &[
                step("Set up enough to judge it", (App, "Setup"), "How long does that take them?", None),
                step("Do the job once", (App, "First job"), "Who does it, and who watches?", Value),
                step(
                    "Reach a limit of the trial",
                    (App, "Limit notice"),
                    "Does the limit show the worth or get in the way?",
                    None,
                ),
            ],
        ),
        stage(
            "Convince others",
            "Get everybody who decides on board",
            &[
                step("Show it to whoever pays", (Call, "Demo"), "What does that person have to see?", None),
                step(
                    "Check security and terms",
                    (Docs, "Security page"),
                    "Which question takes longest to answer?",
                    None,
                ),
            ],
        ),
        stage(
            "Decide",
            "Know what it costs and what it brings",
            &[
                step(
                    "Compare plans and prices",
                    (Site, "Pricing"),
                    "Which plan do they think is theirs?",
                    None,
                ),
                step(
                    "Hear that the trial ends",
                    (Email, "End of trial"),
                    "What do they lose, and do they know it?",
                    Truth,
                ),
            ],
        ),
        stage(
            "Pay",
            "Go on without a break",
            &[
                step("Enter payment details", (App, "Checkout"), "Who has the card?", None),
                step(
                    "Get the first invoice",
                    (Email, "Invoice"),
                    "Is the amount the one that they expected?",
                    None,
                ),
            ],
        ),
    ],
};

const SUPPORT_ESCALATION: TemplateText = TemplateText {
    title: "Support escalation",
    about: "Something does not work, and a customer needs help from people.",
    scope: ("the problem shows", "the customer trusts the product again"),
    stages: &[
        stage(
            "Notice",
            "Understand what is wrong",
            &[
                step(
                    "See that something is wrong",
                    (App, "Error message"),
                    "Does the message say what to do?",
                    None,
                ),
                step(
                    "Try to help themselves",
                    (Docs, "Help article"),
                    "What do they search for, and what do they find?",
                    None,
                ),
            ],
        ),
        stage(
            "Ask",
            "Reach somebody who can help",
            &[
                step("Find a way to ask", (App, "Help menu"), "How many give up before they find it?", None),
                step(
                    "Describe the problem",
                    (Chat, "Conversation"),
                    "What do they have to tell twice?",
                    None,
                ),
            ],
        ),
        stage(
            "Wait",
            "Know that somebody works on it",
            &[
                step(
                    "Get a first answer",
                    (Email, "First reply"),
                    "How long is too long at this hour?",
                    None,
                ),
                step(
                    "Be handed on to somebody else",
                    (Chat, "Handover"),
                    "What gets lost on the way?",
                    Truth,
                ),
            ],
        ),
        stage(
            "Solve",
            "Go on with their work",
            &[
                step(
                    "Try what was proposed",
                    (App, "Fix or workaround"),
                    "Does it work the first time?",
                    None,
                ),
                step("Hear that it is solved", (Email, "Closing reply"), "Do they agree that it is?", Value),
            ],
        ),
        stage(
            "Rebuild trust",
            "Believe that it will not happen again",
            &[step(
                "Learn what will change",
                (Email, "Follow-up"),
                "Who tells them when the cause is gone?",
                None,
            )],
        ),
    ],
};

const RENEWAL: TemplateText = TemplateText {
    title: "Renewal",
    about: "A contract comes to its end, and a customer decides about the next one.",
    scope: ("three months before the end", "the next term begins"),
    stages: &[
        stage(
            "Use",
            "Get what was bought",
            &[
                step(
                    "Use it in daily work",
                    (App, "Daily use"),
                    "Which teams use it, and which bought it and do not?",
                    None,
                ),
                step(
                    "Report results inside the company",
                    (App, "Reports"),
                    "Which number do they show to their boss?",
                    Value,
                ),
            ],
        ),
        stage(
            "Review",
            "Know what it was worth",
            &[
                step(
                    "Look back at the year",
                    (Call, "Business review"),
                    "Which goals were set, and who remembers them?",
                    None,
                ),
                step("Collect wishes and complaints", (Email, "Survey"), "What has waited longest?", None),
            ],
        ),
        stage(
            "Negotiate",
            "Pay what it is worth",
            &[
                step("Hear the new price", (Email, "Offer"), "What do they compare it with?", Truth),
                step(
                    "Adjust seats and plan",
                    (Call, "Conversation"),
                    "Who has left, and who has joined?",
                    None,
                ),
            ],
        ),
        stage(
            "Decide",
            "Have it approved in time",
            &[
                step("Get the budget approved", (Docs, "Business case"), "Who can say no?", None),
                step("Sign", (Email, "Contract"), "What delays the signature?", None),
            ],
        ),
        stage(
            "Go on",
            "See that it goes on well",
            &[step("Begin the next term", (App, "New term"), "What is different from the day before?", None)],
        ),
    ],
};

const CHURN: TemplateText = TemplateText {
    title: "Churn",
    about: "A customer loses the reason to stay, and leaves.",
    scope: ("the last good day", "after leaving"),
    stages: &[
        stage(
            "Drift",
            "Get the job done, somehow",
            &[
                step("Use it less", (App, "Last sessions"), "What changed in their work?", None),
                step("Go around a problem", (App, "Workaround"), "What do they use beside it?", None),
            ],
        ),
        stage(
            "Doubt",
            "Find out whether it is worth it",
            &[
                step(
                    "Lose the person who wanted it",
                    (Email, "Change of contact"),
                    "Who knows now why it was bought?",
                    None,
                ),
                step("Look at alternatives", (Site, "Comparison"), "What does the other one promise?", None),
            ],
        ),
        stage(
            "Decide",
            "Get out without harm",
            &[
                step(
                    "Look for the way to cancel",
                    (App, "Plan settings"),
                    "What do they see before they find it?",
                    None,
                ),
                step(
                    "Say why",
                    (App, "Cancellation form"),
                    "Which reason is the polite one, and which is the real one?",
                    Truth,
                ),
                step(
                    "Hear what would be possible",
                    (Email, "Offer to stay"),
                    "Does the offer answer their reason?",
                    None,
                ),
            ],
        ),
        stage(
            "Leave",
            "Keep what is theirs",
            &[
                step("Take the data along", (App, "Export"), "Can they use what they get?", None),
                step("Lose access", (Email, "End of access"), "Who notices, and too late?", None),
            ],
        ),
        stage(
            "Afterwards",
            "Have the job done elsewhere",
            &[step("Think of coming back", (Email, "News"), "What would have to be different?", None)],
        ),
    ],
};

const EXPANSION: TemplateText = TemplateText {
    title: "Expansion",
    about: "One team is happy, and the product spreads to others in the same company.",
    scope: ("the first happy team", "the whole company"),
    stages: &[
        stage(
            "Succeed",
            "Have something to show",
            &[
                step("Reach the first goal", (App, "Result"), "Which result would another team envy?", Value),
                step(
                    "Tell colleagues about it",
                    (Chat, "Team chat"),
                    "In which words do they recommend it?",
                    None,
                ),
            ],
        ),
        stage(
            "Spread",
            "Let others try it without asking anybody",
            &[
                step(
                    "Invite another team",
                    (Email, "Invitation"),
                    "What does the second team see first?",
                    None,
                ),
                step(
                    "Join as a second team",
                    (App, "Joining"),
                    "What is set up for the first team and wrong for the second?",
                    None,
                ),
            ],
        ),
        stage(
            "Organise",
            "Keep order with many people",
            &[
                step("Agree who may do what", (App, "Roles"), "Who is afraid of what?", None),
                step(
                    "Connect the company’s other tools",
                    (App, "Integrations"),
                    "Without which one does it stop?",
                    None,
                ),
            ],
        ),
        stage(
            "Buy more",
            "Pay for what is used",
            &[
                step(
                    "Reach the limit of the plan",
                    (App, "Limit notice"),
                    "Does the limit come at a good moment?",
                    None,
                ),
                step("Convince procurement", (Call, "Negotiation"), "Which proof do they ask for?", Truth),
            ],
        ),
        stage(
            "Standard",
            "Not have to think about it",
            &[step(
                "Become the tool for everybody",
                (Docs, "Company handbook"),
                "Who still does it another way, and why?",
                None,
            )],
        ),
    ],
};
