//! What the values of fields are called.

use custory_domain::*;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident: $kind:ident { $($value:ident => $word:literal,)* })*) => {$(
        $(#[$doc])*
        pub const $name: &[($kind, &str)] = &[$(($kind::$value, $word),)*];
    )*};
}

words! {
    /// Channels of touchpoints.
    CHANNELS: Channel {
        Site => "Website", App => "App", Email => "E-mail", Chat => "Chat", Call => "Call", Docs => "Docs",
        Store => "App store", Ads => "Ads", Community => "Community", Other => "Other",
    }
    /// Sides of the line of visibility.
    SIDES: Side { Front => "The customer sees it", Back => "Behind the scenes", }
    /// Kinds of insight.
    INSIGHT_SORTS: InsightSort { Pain => "Pain", Need => "Need", Gain => "Gain", Question => "Question", }
    /// How sure the team is.
    TRUTHS: Truth {
        Assumption => "Assumption", Observed => "Observed", Validated => "Validated", Refuted => "Refuted",
    }
    /// Kinds of solution.
    SOLUTION_SORTS: SolutionSort {
        Idea => "Idea", Experiment => "Experiment", Feature => "Feature", Process => "Process",
        Content => "Content", Service => "Service",
    }
    /// What metrics are about.
    METRIC_CLASSES: MetricClass {
        Customer => "Customer", Business => "Business", Operational => "Operational",
    }
    /// How metrics are calculated.
    METRIC_FORMULAS: MetricFormula {
        Rate => "Rate", Count => "Count", Mean => "Mean", Duration => "Duration", Money => "Money",
        Score => "Score",
    }
    /// What metrics count for.
    METRIC_PURPOSES: MetricPurpose {
        Watched => "Watched for itself", StepEntrants => "Draws the funnel: who enters the step",
    }
    /// Which way is better.
    DIRECTIONS: Direction { Up => "Higher is better", Down => "Lower is better", }
    /// Life of a metric.
    METRIC_STATES: MetricState {
        Draft => "Draft", Defined => "Defined", Active => "Active", Retired => "Retired",
    }
    /// Life of a step.
    LIFECYCLES: StepLifecycle { Suspected => "Suspected", Live => "Live", Retired => "Retired", }
    /// How much a kind of source counts.
    WEIGHTS: WeightClass {
        Behavioural => "What people did", Interview => "Said when asked", Support => "Written to support",
        Sales => "Said to sales", PublicChat => "Said in public", Internal => "The team's own view",
        AiInference => "Inferred by a model",
    }
}

macro_rules! states {
    ($($(#[$doc:meta])* $name:ident: $item:ident($kind:ident) { $($value:ident,)* })*) => {$(
        $(#[$doc])*
        pub const $name: &[($kind, &str)] =
            &[$(($kind::$value, ItemState::$item($kind::$value).word()),)*];
    )*};
}

states! {
    /// Work on insights.
    INSIGHT_STATES: Insight(InsightState) { New, Triaged, Resolved, Archived, }
    /// Work on opportunities.
    OPPORTUNITY_STATES: Opportunity(OpportunityState) {
        Open, Framed, Prioritised, InDelivery, Shipped, Validated, Parked, Closed, Reopened,
    }
    /// Work on solutions.
    SOLUTION_STATES: Solution(SolutionState) {
        Idea, Proposed, Planned, InProgress, Shipped, Validated, NotValidated, Rejected,
    }
}

/// How a step feels, from worst to best.
pub const EMOTIONS: &[(i8, &str)] = &[(-2, "Awful"), (-1, "Bad"), (0, "Neutral"), (1, "Good"), (2, "Great")];

/// The word for a value.
pub fn word<T: PartialEq + Copy>(words: &'static [(T, &'static str)], value: T) -> &'static str {
    words.iter().find(|it| it.0 == value).map_or("", |it| it.1)
}
