//! Promises of the example: it is whole, it keeps the rules, and it says what it should.

use std::collections::{BTreeMap, BTreeSet};

use custory_domain::board::BoardIndex;
use custory_domain::score::Scores;
use custory_domain::score::interval::{Proportion, newcombe};
use custory_domain::*;
use custory_exchange::{Sample, sample};
use custory_testkit::Mint;

/// Any day; the example is dated from it.
const NOW: Timestamp = Timestamp(1_795_514_400_000);

struct World {
    sample: Sample,
    board: Board,
    index: BoardIndex,
    me: MemberId,
}

impl World {
    fn at(now: Timestamp) -> Self {
        let mut mint = Mint::of(7);
        let me = mint.member();
        let sample = sample(now, me, &mut || mint.id());
        let stamp = Stamp { by: me, at: now, via: Via::Import };
        let mut board = Board::default();
        for command in [
            Command::add(sample.journey.clone()),
            Command::Batch { label: "Fill in the sample".to_owned(), commands: sample.commands.clone() },
        ] {
            let changes = carry_out(&board, command, stamp).expect("the example keeps the rules");
            board.apply(&Patch { put: changes.after, removed: Vec::new() });
        }
        let index = BoardIndex::of(&board);
        Self { sample, board, index, me }
    }

    fn scores(&self) -> Scores {
        Scores::of(&self.board, &self.index, NOW)
    }

    fn name(&self, member: MemberId) -> &str {
        let colleague = self.sample.people.iter().find(|it| it.id == member);
        colleague.map_or("me", |it| it.name.as_str())
    }

    fn insight(&self, beginning: &str) -> &Insight {
        self.board.insights.values().find(|it| it.statement.starts_with(beginning)).expect(beginning)
    }

    fn metric(&self, name: &str) -> &Metric {
        self.board.metrics.values().find(|it| it.name == name).expect(name)
    }

    fn watched(&self) -> impl Iterator<Item = &Metric> {
        self.board.metrics.values().filter(|it| it.purpose == MetricPurpose::Watched)
    }

    /// Metric now, and a window before.
    fn now_and_before(&self, name: &str) -> (f64, f64) {
        let metric = self.metric(name);
        let (day, now) = metric.latest().expect("it has values");
        let gap = jiff::Span::new().days(i64::from(metric.window_days.max(7)));
        let before = day.checked_sub(gap).expect("a day of our time");
        (now.value, metric.points[&before].value)
    }
}

#[test]
fn everything_is_there() {
    let world = World::at(NOW);
    let board = &world.board;
    assert_eq!(board.journey().map(|it| (it.title.as_str(), it.is_sample)), Some(("Owner onboarding", true)));
    let stages: Vec<_> = board.stages_in_order().iter().map(|it| it.title.as_str()).collect();
    assert_eq!(stages, ["Discover", "Sign up", "Set up", "First value", "Payroll", "Grow"]);
    let steps = board.steps_in_order();
    let found = (
        steps.len(),
        board.touchpoints.len(),
        board.insights.len(),
        board.opportunities.len(),
        board.solutions.len(),
        world.watched().count(),
    );
    assert_eq!(found, (13, 25, 21, 16, 9, 13));
    assert_eq!((board.delivery_links.len(), board.verdicts.len()), (9, 3));
    let branches: Vec<_> = steps.iter().flat_map(|it| board.branches_of(it)).collect();
    assert!(
        matches!(branches.as_slice(), [(to, _)] if board.steps[to].title == "First clock-in"),
        "{branches:?}"
    );
    let decision = board.decisions.values().next().expect("one");
    let about = decision.about.and_then(|it| board.item(it)).map(|it| it.title);
    assert_eq!((about, decision.based_on.len()), (Some("Let crew join by QR code on site"), 2));
    for step in steps {
        assert!(!step.action.is_empty() && !step.thought.is_empty() && step.last_reviewed.is_some());
        assert!(!step.events.is_empty() && !step.paths.is_empty(), "{}", step.title);
        for kind in [ItemKind::Touchpoint, ItemKind::Insight, ItemKind::Opportunity, ItemKind::Metric] {
            assert!(!world.index.cell(step.id, kind).is_empty(), "{kind:?} on {}", step.title);
        }
    }
}

#[test]
fn five_people_share_the_work_and_the_opener_is_one_of_them() {
    let world = World::at(NOW);
    let people: Vec<_> =
        world.sample.people.iter().map(|it| (it.name.as_str(), it.title.as_str(), it.colour)).collect();
    let expected = [
        ("Tomás Rey", "Design", 1),
        ("Priya Nair", "Engineering", 2),
        ("Jonas Weber", "Support", 3),
        ("Aiko Tanaka", "Growth", 4),
    ];
    assert_eq!(people, expected);
    let persona = &world.sample.personas[0];
    assert_eq!((persona.name.as_str(), persona.description.as_str()), ("Crew owner", "5 to 30 people"));
    assert_eq!(world.sample.journey.personas, [persona.id].into());
    assert_eq!(world.sample.journey.owner, Some(world.me));
    let owners: Vec<_> = (world.board.steps_in_order().iter())
        .map(|it| world.name(it.owner.expect("every step has one")))
        .collect();
    let [tomas, priya, jonas, aiko] = expected.map(|it| it.0);
    let steps = [aiko, aiko, aiko, priya, tomas, "me", priya, tomas, "me", priya, jonas, aiko, aiko];
    assert_eq!(owners, steps);
    let kinds = [ItemKind::Insight, ItemKind::Opportunity, ItemKind::Solution];
    for item in kinds.into_iter().flat_map(|kind| world.board.items(kind)) {
        assert!(item.owner.is_some(), "{} has no owner", item.title);
    }
    let mine = world.board.opportunities.values().filter(|it| it.owner == Some(world.me));
    let mine: BTreeSet<_> = mine.map(|it| it.title.as_str()).collect();
    assert_eq!(mine, ["Let crew join by QR code on site", "Name the approver on every timesheet"].into());
}

#[test]
fn the_funnel_shows_the_largest_leak_at_invite_crew() {
    let world = World::at(NOW);
    let funnel = world.scores().funnel;
    assert_eq!(funnel.window.map(|it| it.days), Some(28));
    let entrants: Vec<_> = funnel.steps.iter().filter_map(|it| it.entrants).map(|it| it as u64).collect();
    assert_eq!(entrants, [9240, 3326, 1430, 1287, 1081, 454, 331, 291, 189, 140, 119, 98, 41]);
    let percent = |it: f64| (it * 100.0).round() as u64;
    let conversion: Vec<_> = funnel.steps.iter().filter_map(|it| it.conversion).map(percent).collect();
    assert_eq!(conversion, [36, 43, 90, 84, 42, 73, 88, 65, 74, 85, 82, 42]);
    let targets: Vec<_> = funnel.steps.iter().filter_map(|it| it.target).map(percent).collect();
    assert_eq!(targets, [40, 45, 90, 85, 60, 75, 85, 80, 75, 85, 80, 45]);
    let title = |it: &custory_domain::score::funnel::FunnelStep| world.board.steps[&it.step].title.as_str();
    let below: Vec<_> = funnel.steps.iter().filter(|it| it.is_below_target).map(title).collect();
    assert_eq!(below, ["Invite crew", "Approve first timesheet"]);
    let leaks: Vec<_> = funnel.steps.iter().filter(|it| it.is_largest_leak).collect();
    assert_eq!(
        leaks.iter().map(|it| (title(it), it.lost)).collect::<Vec<_>>(),
        [("Invite crew", Some(627.0))]
    );
    for metric in world.board.metrics.values() {
        assert!(metric.points.len() >= 10, "{} has {} values", metric.name, metric.points.len());
        assert!(metric.points.values().map(|it| it.value.to_bits()).collect::<BTreeSet<_>>().len() >= 5);
    }
}

#[test]
fn watched_metrics_stand_where_they_should() {
    let world = World::at(NOW);
    // Name, unit, value, change against the window before; rates and their changes in points.
    for (name, unit, value, change) in [
        ("Visitors", "visitors", 9240.0, 355.0),
        ("Saw pricing", "%", 36.0, -1.0),
        ("Form completed", "%", 71.0, 5.0),
        ("Median time", "s", 48.0, 6.0),
        ("Time to first site", "s", 190.0, -22.0),
        ("Installed in 24 h", "%", 61.0, -3.0),
        ("Clocked in ≤ 48 h", "%", 88.0, 9.0),
        ("Approved on time", "%", 65.0, -4.0),
        ("Exported untouched", "%", 58.0, 0.0),
        ("Week-2 retention", "%", 85.0, 2.0),
        ("Trial to paid", "%", 6.9, 0.4),
        ("Expansion MRR", "USD", 2140.0, 180.0),
    ] {
        let metric = world.metric(name);
        let (now, before) = world.now_and_before(name);
        let (scale, exact) = match (unit, name) {
            ("%", "Trial to paid") => (100.0, 0.1),
            ("%", _) => (100.0, 1.0),
            _ => (1.0, 1.0),
        };
        let rounded = |it: f64| (it * scale / exact).round() * exact;
        assert_eq!(metric.unit, unit, "{name}");
        assert!((rounded(now) - value).abs() < 1e-9, "{name} is {now}");
        assert!((rounded(now - before) - change).abs() < 1e-9, "{name} moved by {}", now - before);
    }
    for metric in world.watched() {
        let is_rate = metric.formula == MetricFormula::Rate;
        for point in metric.points.values() {
            let share = point.numerator.zip(point.denominator).map(|(hits, of)| hits / of);
            assert_eq!(share.is_some(), is_rate, "{}", metric.name);
            assert!(share.is_none_or(|it| it == point.value && (0.0..=1.0).contains(&it)), "{}", metric.name);
            assert!(!is_rate || point.n == point.denominator.map(|it| it as u64));
        }
    }
}

#[test]
fn insights_rest_on_as_many_voices_as_they_show() {
    let world = World::at(NOW);
    let mut expected = BTreeMap::new();
    for (statement, evidence, severity, sources) in [
        ("Owners search “punch clock app”", 9, 2, "posthog slack"),
        ("“Per seat” reads as “per phone”", 14, 3, "intercom slack"),
        ("Nobody knows if seasonal workers count", 11, 3, "intercom"),
        ("Company name stops sole traders", 6, 2, "intercom posthog"),
        ("Codes arrive late on rural networks", 8, 3, "intercom posthog"),
        ("New builds have no street address yet", 17, 3, "intercom notion"),
        ("Crew members don’t have a work email", 31, 5, "intercom posthog slack"),
        ("Invite link opens the App Store, then nothing", 23, 4, "intercom posthog"),
        ("Owners can’t see who accepted", 12, 3, "intercom slack"),
        ("Android 8 phones can’t install", 13, 3, "github intercom"),
        ("Foremen share one phone per truck", 10, 3, "notion slack"),
        ("“Always allow location” scares crews", 19, 3, "intercom posthog"),
        ("Clock-ins vanish on sites with no signal", 14, 3, "discord intercom"),
        ("“Pending” doesn’t say pending on whom", 22, 4, "intercom slack"),
        ("Owners approve on Sunday night", 9, 2, "posthog"),
        ("Pay codes don’t match QuickBooks", 18, 4, "intercom stripe"),
        ("Overtime rounds the wrong way", 7, 3, "intercom"),
        ("Owners redo the mapping every week", 8, 3, "intercom posthog"),
        ("Prepaid business cards get declined", 11, 3, "intercom stripe"),
        ("Trials end in the middle of a pay period", 9, 3, "slack stripe"),
        ("A second crew needs its own pay rates", 5, 2, "slack"),
    ] {
        let insight = world.insight(statement);
        let found = world.board.evidence_for(insight.id.into());
        let from: BTreeSet<_> = found.iter().map(|(it, _)| it.source.as_str()).collect();
        let from = from.into_iter().collect::<Vec<_>>().join(" ");
        assert_eq!((found.len(), from.as_str()), (evidence, sources), "{statement}");
        assert_eq!(insight.severity, Some(severity), "{statement}");
        assert_ne!(insight.truth, Truth::Assumption, "{statement} has evidence");
        expected.insert(insight.id, evidence);
    }
    assert_eq!((expected.len(), expected.values().sum::<usize>()), (21, 276));
}

#[test]
fn quotes_are_many_and_all_different() {
    let world = World::at(NOW);
    let evidence = world.board.evidence.values();
    let words: BTreeSet<_> = evidence.clone().map(|it| it.excerpt.to_lowercase()).collect();
    assert_eq!(words.len(), 304);
    let locators: BTreeSet<_> = evidence.clone().map(|it| it.locator.as_str()).collect();
    assert_eq!(locators.len(), 304);
    let customers = evidence.clone().filter(|it| !it.author.is_empty() && !it.account.is_empty());
    assert!(customers.clone().count() >= 120, "{}", customers.count());
    let sources: BTreeSet<_> = evidence.clone().map(|it| it.source.as_str()).collect();
    assert_eq!(sources, ["discord", "github", "intercom", "notion", "posthog", "slack", "stripe"].into());
    let weights: BTreeSet<_> = evidence.clone().map(|it| it.weight).collect();
    assert_eq!(weights.len(), 6, "{weights:?}");
    for it in evidence {
        let age = NOW.days_since(it.captured_at.expect("everything is dated"));
        assert!(it.is_verified && age > 0.0 && age < 90.0, "{}", it.excerpt);
        let is_measured = matches!(it.source.as_str(), "posthog" | "stripe");
        assert_eq!(it.author.is_empty(), is_measured, "{}", it.excerpt);
        assert_eq!(it.sentiment.is_none(), is_measured, "{}", it.excerpt);
        assert!(!it.excerpt.contains(['"', '\'']), "typographic quotes only: {}", it.excerpt);
    }
    for (beginning, author) in [
        ("I’ve got eleven guys and not one", "Dana Whitfield, Harlow Roofing"),
        ("They tap it, it opens the App Store", "Luis Ortega, Cedar Ridge Landscaping"),
        ("I can’t tell who’s in and who’s ignoring me.", "Erin Doyle, Northgate HVAC"),
        ("It kept asking for their emails.", "Marcus Bell, Bell Paving"),
    ] {
        let mut all = world.board.evidence.values();
        assert!(all.any(|it| it.excerpt.starts_with(beginning) && it.author == author), "{beginning}");
    }
}

#[test]
fn steps_feel_as_their_quotes_sound() {
    let world = World::at(NOW);
    let curve = world.scores().sentiment;
    let expected = [0.18, -0.08, 0.34, 0.05, 0.36, -0.74, -0.34, 0.22, -0.52, -0.22, 0.58, -0.12, 0.42];
    for (point, expected) in curve.iter().zip(expected) {
        let title = &world.board.steps[&point.step].title;
        let value = point.value.expect("every step has a feeling");
        assert!((value - expected).abs() <= 0.08, "{title} feels {value:.2}, not {expected}");
        assert_eq!(point.basis, Some(Basis::Observed), "{title}");
    }
    let quoted: Vec<_> =
        curve.iter().filter_map(|it| it.quote.as_ref().map(|it| it.sentence.as_str())).collect();
    assert_eq!(quoted, ["My crew doesn’t do email.", "Pending with who?"]);
}

#[test]
fn problems_lead_to_work_and_work_to_verdicts() {
    let world = World::at(NOW);
    for it in world.board.opportunities.values() {
        assert!(!it.insights.is_empty(), "{} answers nothing", it.title);
        assert!(it.insights.iter().all(|id| world.board.insights.contains_key(id)));
        assert!(it.impact.is_some_and(|it| (1..=5).contains(&it)));
        assert!(it.effort.is_some_and(|it| (1..=5).contains(&it)));
    }
    for it in world.board.solutions.values() {
        assert!(!it.opportunities.is_empty(), "{} solves nothing", it.title);
        assert!(it.opportunities.iter().all(|id| world.board.opportunities.contains_key(id)));
        assert!(it.success_metric.is_some_and(|id| world.board.metrics.contains_key(&id)));
    }
    let issues: BTreeMap<_, _> = world
        .board
        .delivery_links
        .values()
        .map(|it| (it.external_id.as_str(), (it.status, it.released_at.is_some())))
        .collect();
    let expected = [
        ("FN-187", (DeliveryStatus::Released, true)),
        ("FN-198", (DeliveryStatus::InReview, false)),
        ("FN-219", (DeliveryStatus::InProgress, false)),
        ("FN-224", (DeliveryStatus::InReview, false)),
        ("FN-228", (DeliveryStatus::Released, true)),
        ("FN-231", (DeliveryStatus::Released, true)),
        ("FN-233", (DeliveryStatus::InReview, false)),
        ("FN-236", (DeliveryStatus::InProgress, false)),
        ("FN-240", (DeliveryStatus::Todo, false)),
    ];
    assert_eq!(issues, expected.into());
}

#[test]
fn verdicts_are_what_the_formula_gives_for_their_cases() {
    let world = World::at(NOW);
    for (title, ago, before, after, is_interim) in [
        ("Three-field sign-up", 20.0, 66.0, 71.0, false),
        ("Text-message invites", 3.0, 41.0, 52.0, true),
        ("Location prompt at the gate", 17.0, 79.0, 88.0, false),
    ] {
        let solution = world.board.solutions.values().find(|it| it.title == title).expect(title);
        let verdict = world.board.verdicts.values().find(|it| it.solution == Some(solution.id)).expect(title);
        assert_eq!(verdict.metric, solution.success_metric);
        assert_eq!(verdict.shipped_at, solution.shipped_at);
        assert_eq!(NOW.days_since(verdict.shipped_at.expect("it shipped")), ago, "{title}");
        let (from, to) = verdict.before.zip(verdict.after).expect("two sides");
        assert_eq!(((from.value * 100.0).round(), (to.value * 100.0).round()), (before, after), "{title}");
        let share =
            |it: VerdictWindow| Proportion::new(it.value * it.n as f64, it.n as f64).expect("a share");
        let interval = newcombe(share(to), share(from));
        assert!((verdict.low.expect("low") - interval.low).abs() < 1e-4, "{title}: {interval:?}");
        assert!((verdict.high.expect("high") - interval.high).abs() < 1e-4, "{title}: {interval:?}");
        assert_eq!((verdict.outcome, verdict.is_interim), (VerdictOutcome::Improved, is_interim), "{title}");
        assert!(verdict.summary.contains(" moved from ") && verdict.summary.contains(" after "));
        assert!(!verdict.summary.contains("cause"));
    }
}

#[test]
fn the_fix_that_just_shipped_is_being_watched() {
    let world = World::at(NOW);
    let scores = world.scores();
    assert_eq!(scores.results.len(), 1, "the other two have their verdict");
    let (id, found) = scores.results.first_key_value().expect("one");
    assert_eq!(world.board.solutions[id].title, "Text-message invites");
    let since = found.since_ship.expect("there are cases");
    let percent = |it: f64| (it * 100.0).round();
    assert_eq!(found.before.map(|it| percent(it.value)), Some(41.0));
    assert_eq!((percent(since.value), since.n), (52.0, 214.0));
    assert_eq!((percent(since.interval.low), percent(since.interval.high)), (46.0, 59.0));
    assert!(found.is_interim);
}

#[test]
fn colleagues_talk_on_the_step() {
    let world = World::at(NOW);
    let step = world.board.steps.values().find(|it| it.title == "Invite crew").expect("the step");
    let mut said: Vec<_> =
        world.board.comments.values().filter(|it| it.about == Some(step.id.into())).collect();
    said.sort_by_key(|it| it.said_at());
    let said: Vec<_> =
        said.iter().map(|it| (world.name(it.said_by()), it.reply_to.is_some(), it.body.as_str())).collect();
    assert_eq!(said.len(), 4);
    let first = "Fourth owner this week who typed made-up addresses to get past the form.";
    assert_eq!(said[0], ("Jonas Weber", false, first));
    assert_eq!(
        said[1],
        ("Aiko Tanaka", true, "Two of those trials ran out last Friday, never invited anyone.")
    );
}

#[test]
fn it_looks_as_fresh_in_ten_years() {
    let later = Timestamp(NOW.0 + 3_653 * Timestamp::DAY_MILLIS);
    let (world, then) = (World::at(NOW), World::at(later));
    let newest = |world: &World, now: Timestamp| {
        let newest = world.board.evidence.values().filter_map(|it| it.captured_at).max().expect("some");
        now.days_since(newest)
    };
    assert_eq!(newest(&world, NOW), newest(&then, later));
    let last = then.metric("Visitors").points.last_key_value().expect("values").0;
    assert_eq!(custory_domain::score::window::days_between(*last, later.date()), 27);
}

#[test]
fn opening_it_twice_makes_two_of_everything() {
    let mut mint = Mint::of(1);
    let me = mint.member();
    let mut make = || {
        let made = sample(NOW, me, &mut || mint.id());
        let add = |it: &Command| match it {
            Command::Add { entity, .. } => Some(entity.entity_ref()),
            // Between what was added.
            Command::Branch { .. } => None,
            other => panic!("{other:?}"),
        };
        let people = made.people.iter().map(|it| EntityRef::from(it.id));
        made.commands.iter().filter_map(add).chain(people).collect::<BTreeSet<_>>()
    };
    let (first, second) = (make(), make());
    assert!(first.is_disjoint(&second));
    assert_eq!(first.len(), second.len());
}
