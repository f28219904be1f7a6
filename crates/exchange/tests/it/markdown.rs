//! Promises of journeys and drafts as documents.

use crate::common::{NOW, made, sample};
use custory_domain::draft::*;
use custory_domain::*;
use custory_exchange::{draft_to_json, draft_to_markdown, these_to_markdown, to_markdown};
use custory_testkit::Mint;
use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

/// A journey with one of everything, and texts that try to be more than texts.
fn small() -> (Board, Board) {
    let mut mint = Mint::of(1);
    let me = Member { name: "Maya [x]".to_owned(), ..Member::new(mint.member()) };
    let persona = Persona {
        name: "Crew owner".to_owned(),
        description: "5 to 30 people".to_owned(),
        part: PersonaPart::Buyer,
        goals: "Pay people right\n# not a heading".to_owned(),
        job_when: "the week is over".to_owned(),
        job_want: "hours".to_owned(),
        job_so: "run payroll".to_owned(),
        ..Persona::new(mint.id())
    };
    let journey = Journey {
        title: "Owner <b>onboarding</b>".to_owned(),
        scenario: "An owner tries it.".to_owned(),
        scope_from: "search".to_owned(),
        scope_to: "second crew".to_owned(),
        owner: Some(me.id),
        personas: [persona.id].into(),
        ..Journey::new(mint.id())
    };
    let stage = Stage { title: "Set up".to_owned(), goal: "Get going".to_owned(), ..Stage::new(mint.id()) };
    let step = Step {
        title: "Invite crew".to_owned(),
        action: "The owner adds people.\nOne by one.\n\n- not a list".to_owned(),
        thought: "What code?".to_owned(),
        target_conversion: Some(0.6),
        is_moment_of_truth: true,
        owner: Some(me.id),
        stage: Some(stage.id),
        ..Step::new(mint.id())
    };
    let insight = Insight {
        statement: "No *work* e-mail".to_owned(),
        severity: Some(5),
        truth: Truth::Validated,
        steps: [step.id].into(),
        ..Insight::new(mint.id())
    };
    let gone = Insight {
        statement: "In the trash".to_owned(),
        trashed: Some(Stamp::default()),
        steps: [step.id].into(),
        ..Insight::new(mint.id())
    };
    let evidence = Evidence {
        excerpt: "It wants an email.\n> That’s me done.".to_owned(),
        author: "Dana, Harlow Roofing".to_owned(),
        source: "intercom".to_owned(),
        locator: "https://fieldnote.example/c/1".to_owned(),
        captured_at: Some(NOW),
        is_verified: true,
        claims: [(insight.id.into(), Stance::Supports)].into(),
        ..Evidence::new(mint.id())
    };
    let against = Evidence {
        excerpt: "Mine do.".to_owned(),
        source: "file".to_owned(),
        locator: "notes/call_1.md".to_owned(),
        anchor: "lines 3–4".to_owned(),
        captured_at: Some(Timestamp(NOW.0 - Timestamp::DAY_MILLIS)),
        claims: [(insight.id.into(), Stance::Contradicts)].into(),
        ..Evidence::new(mint.id())
    };
    let metric = Metric {
        name: "Invited a crew".to_owned(),
        formula: MetricFormula::Rate,
        target: Some(0.6),
        points: [(NOW.date(), MetricPoint { value: 0.4199, ..MetricPoint::default() })].into(),
        steps: [step.id].into(),
        ..Metric::new(mint.id())
    };
    let solution = Solution {
        title: "Text invites".to_owned(),
        state: SolutionState::Shipped,
        shipped_at: Some(NOW),
        success_metric: Some(metric.id),
        steps: [step.id].into(),
        ..Solution::new(mint.id())
    };
    let link = DeliveryLink {
        provider: "linear".to_owned(),
        external_id: "FN-231".to_owned(),
        status: DeliveryStatus::Released,
        url: "javascript:alert(1)".to_owned(),
        delivers: Some(solution.id.into()),
        ..DeliveryLink::new(mint.id())
    };
    let verdict = Verdict {
        summary: "It moved from 41% to 52% after that.".to_owned(),
        solution: Some(solution.id),
        is_interim: true,
        ..Verdict::new(mint.id())
    };
    let decision = custory_domain::Decision {
        what: "Text, not mail".to_owned(),
        why: "Crews read *texts* on site.".to_owned(),
        rejected: "A second mail\nA call".to_owned(),
        about: Some(solution.id.into()),
        based_on: [EntityRef::from(insight.id), EntityRef::from(MetricId::from_parts(9, 9))].into(),
        author: Some(me.id),
        decided_at: Some(NOW),
        ..custory_domain::Decision::new(mint.id())
    };
    let comment = Comment {
        body: "Fourth owner this week.".to_owned(),
        about: Some(step.id.into()),
        author: Some(me.id),
        said_at: Some(NOW),
        ..Comment::new(mint.id())
    };
    let entities: Vec<Entity> = vec![
        stage.into(),
        step.into(),
        insight.into(),
        gone.into(),
        metric.into(),
        solution.into(),
        evidence.into(),
        against.into(),
        link.into(),
        verdict.into(),
        comment.into(),
        decision.into(),
    ];
    let board = made(journey, entities.into_iter().map(Command::add).collect());
    (board, Board::from(vec![me.into(), persona.into()]))
}

const SMALL: &str = r#"# Owner \<b\>onboarding\</b\>

An owner tries it.

As it is today, from search to second crew, owner Maya \[x\].

## Who it is about

### Crew owner

5 to 30 people, buys, assumed

When the week is over, I want hours, so that I can run payroll

Wants:

- Pay people right
- \# not a heading

## Set up

Get going

### 1. Invite crew

The owner adds people.\
One by one.

\- not a list

Owner Maya \[x\]; 60% of those at the step before should get here; here customers decide to stay or go.

The customer thinks: What code?

Maya \[x\], 2026-11-24:

Fourth owner this week.

#### Insights

- **No \*work\* e-mail**: pain, validated, new, severity 5 of 5

  > It wants an email.\
  > \> That’s me done.
  >
  > — Dana, Harlow Roofing, intercom, 2026-11-24, <https://fieldnote.example/c/1>

  > Mine do.
  >
  > — against this, file, 2026-11-23, notes/call_1.md, lines 3–4, not checked

#### Solutions

- **Text invites**: idea, shipped 2026-11-24, to move “Invited a crew”

  FN-231 in linear: released, javascript:alert(1)

  It moved from 41% to 52% after that. (still being measured)

  Decided by Maya \[x\], 2026-11-24: **Text, not mail**

  Crews read \*texts\* on site.

  Based on “No \*work\* e-mail”

  Not chosen: A second mail; A call

#### Metrics

- **Invited a crew**: 42%, target 60%
"#;

#[test]
fn a_journey_reads_like_a_document() {
    let (board, workspace) = small();
    assert_eq!(to_markdown(&board, &workspace), SMALL);
    assert_eq!(to_markdown(&Board::default(), &workspace), "");
}

#[test]
fn parts_read_as_they_do_in_the_whole_and_nothing_stands_twice() {
    let (board, workspace) = small();
    let these = |these: &[EntityRef]| these_to_markdown(&board, &workspace, these);
    let (stage, step) = (board.stages_in_order()[0].id, board.steps_in_order()[0].id);
    let insight: EntityRef = (*board.insights.keys().next().expect("an insight")).into();
    let whole = SMALL.split_once("## Set up").expect("the stage").1;
    assert_eq!(these(&[stage.into()]), format!("## Set up{whole}"));
    assert_eq!(these(&[stage.into(), step.into(), insight]), these(&[stage.into()]));
    let from_step = whole.split_once("### 1. ").expect("the step").1;
    assert_eq!(these(&[step.into()]), format!("### 1. {from_step}"));
    let alone = these(&[insight]);
    assert!(
        alone.starts_with("### 1. Invite crew\n\n#### Insights\n\n- **No \\*work\\* e-mail**: pain"),
        "{alone}"
    );
    assert!(alone.contains("> It wants an email.") && !alone.contains("Text invites"), "{alone}");
    assert_eq!(these(&[]), "");
}

/// Headings of a document with their levels, texts as a reader sees them.
fn headings(markdown: &str) -> Vec<(HeadingLevel, String)> {
    let mut found: Vec<(HeadingLevel, String)> = Vec::new();
    let mut is_in = false;
    for event in Parser::new(markdown) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                found.push((level, String::new()));
                is_in = true;
            }
            Event::End(TagEnd::Heading(_)) => is_in = false,
            Event::Text(text) if is_in => found.last_mut().expect("a heading has begun").1.push_str(&text),
            _ => {}
        }
    }
    found
}

#[test]
fn the_example_shows_every_step_and_quote_in_order() {
    let (board, workspace) = sample();
    let markdown = to_markdown(&board, &workspace);
    let headings = headings(&markdown);
    let of = |level| headings.iter().filter(move |it| it.0 == level).map(|it| it.1.as_str());
    let steps: Vec<_> = of(HeadingLevel::H3).filter(|it| *it != "Crew owner").map(str::to_owned).collect();
    let expected: Vec<_> =
        (1..).zip(board.steps_in_order()).map(|(at, it)| format!("{at}. {}", it.title)).collect();
    assert_eq!(steps, expected);
    assert_eq!(of(HeadingLevel::H1).collect::<Vec<_>>(), ["Owner onboarding"]);
    let quotes = Parser::new(&markdown).filter(|it| matches!(it, Event::Start(Tag::BlockQuote(_)))).count();
    assert_eq!(quotes, 304);
    let html =
        Parser::new(&markdown).filter(|it| matches!(it, Event::Html(_) | Event::InlineHtml(_))).count();
    assert_eq!(html, 0);
    assert!(!markdown.contains("\n\n\n"), "no gaps");
}

fn draft() -> Draft {
    let source = |locator: &str, origin, skipped: &str| DraftSource {
        locator: locator.to_owned(),
        title: "Start".to_owned(),
        origin,
        hash: "ab12".to_owned(),
        skipped: skipped.to_owned(),
    };
    let cite = |source, quote: &str, locator| Citation { source, quote: quote.to_owned(), start: 4, locator };
    let key = |it: &str| DraftKey(it.to_owned());
    let touchpoint = DraftItem {
        is_from_model: false,
        key: key("t"),
        what: DraftItemKind::Touchpoint { channel: Channel::App, url: "https://x.example/join".to_owned() },
        title: "Join page".to_owned(),
        cites: vec![cite(1, "Open /join", Locator::Anchor("join".to_owned()))],
    };
    let pain = DraftItem {
        is_from_model: false,
        key: key("i"),
        what: DraftItemKind::Insight { sort: InsightSort::Pain },
        title: "Codes arrive late".to_owned(),
        cites: vec![cite(0, "codes may be *late*", Locator::Whole), cite(9, "lost", Locator::Page(2))],
    };
    let step = DraftStep {
        is_from_model: false,
        key: key("s"),
        title: "Invite crew".to_owned(),
        action: Some("Sends invites.".to_owned()),
        cites: vec![cite(0, "invite your crew", Locator::Lines(3, 9))],
        items: vec![touchpoint, pain],
        events: ["invite_sent".to_owned()].into(),
        paths: ["/invite".to_owned()].into(),
    };
    Draft {
        title: "Fieldnote".to_owned(),
        scope: "sign-up to first value".to_owned(),
        sources: vec![
            source("docs/start.md", SourceOrigin::File, ""),
            source("https://x.example/", SourceOrigin::Website, ""),
            source("big.pdf", SourceOrigin::File, "too large"),
        ],
        stages: vec![DraftStage { key: key("g"), title: "Set up".to_owned(), steps: vec![step] }],
        notes: vec!["1 page was skipped.".to_owned()],
        model: None,
    }
}

#[test]
fn a_draft_reads_like_a_document_with_its_sources() {
    let expected = r#"# Fieldnote

sign-up to first value

## Set up

### 1. Invite crew

Sends invites.

Events: invite_sent

Routes: /invite

> invite your crew
>
> — docs/start.md, lines 3–9

- **Join page**: app, <https://x.example/join>

  > Open /join
  >
  > — <https://x.example/>, \#join

- **Codes arrive late**: pain

  > codes may be \*late\*
  >
  > — docs/start.md

  > lost
  >
  > — page 2

## What was read

- docs/start.md: Start
- <https://x.example/>: Start
- big.pdf: Start (skipped: too large)

## Notes

- 1 page was skipped.
"#;
    assert_eq!(draft_to_markdown(&draft()), expected);
}

#[test]
fn a_draft_as_json_gives_every_element_its_sources() {
    let expected = serde_json::json!({
        "title": "Fieldnote",
        "scope": "sign-up to first value",
        "stages": [{
            "title": "Set up",
            "steps": [{
                "title": "Invite crew",
                "action": "Sends invites.",
                "events": ["invite_sent"],
                "paths": ["/invite"],
                "from_model": false,
                "sources": [{ "source": "docs/start.md", "quote": "invite your crew", "locator": { "lines": [3, 9] } }],
                "items": [
                    {
                        "kind": "touchpoint",
                        "title": "Join page",
                        "channel": "app",
                        "url": "https://x.example/join",
                        "from_model": false,
                        "sources": [{ "source": "https://x.example/", "quote": "Open /join", "locator": { "anchor": "join" } }],
                    },
                    {
                        "kind": "insight",
                        "title": "Codes arrive late",
                        "sort": "pain",
                        "from_model": false,
                        "sources": [
                            { "source": "docs/start.md", "quote": "codes may be *late*", "locator": null },
                            { "source": null, "quote": "lost", "locator": { "page": 2 } },
                        ],
                    },
                ],
            }],
        }],
        "read": [
            { "source": "docs/start.md", "title": "Start", "sha256": "ab12", "skipped": null },
            { "source": "https://x.example/", "title": "Start", "sha256": "ab12", "skipped": null },
            { "source": "big.pdf", "title": "Start", "sha256": "ab12", "skipped": "too large" },
        ],
        "notes": ["1 page was skipped."],
        "model": null,
    });
    assert_eq!(draft_to_json(&draft()), expected);
}
