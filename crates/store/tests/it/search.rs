//! What is found, and what is not.

use custory_domain::*;
use custory_store::{Found, Seq, Store};
use proptest::prelude::*;

use crate::home::{Change, Home, commit, journey, the_journey, ulid};

/// Two journeys. In the first: a stage with a step, another stage in the trash with a step, items on
/// them, evidence and a comment on the items.
struct World {
    _home: Home,
    store: Store,
}

fn insight(number: u32, statement: &str, notes: &str, steps: &[u32]) -> Entity {
    let steps = steps.iter().map(|it| StepId::from(ulid(*it))).collect();
    let id = InsightId::from(ulid(number));
    Insight { statement: statement.into(), notes: notes.into(), steps, ..Insight::new(id) }.into()
}

fn step(number: u32, title: &str, action: &str, stage: u32) -> Entity {
    let stage = Some(StageId::from(ulid(stage)));
    let id = StepId::from(ulid(number));
    Step { title: title.into(), action: action.into(), stage, ..Step::new(id) }.into()
}

fn stage(number: u32, title: &str) -> Entity {
    Stage { title: title.into(), ..Stage::new(StageId::from(ulid(number))) }.into()
}

fn evidence(number: u32, excerpt: &str, claims: &[EntityRef]) -> Entity {
    let claims = claims.iter().map(|it| (*it, Stance::Supports)).collect();
    let id = EvidenceId::from(ulid(number));
    Evidence { excerpt: excerpt.into(), author: "Zoë".into(), claims, ..Evidence::new(id) }.into()
}

fn in_trash(mut entity: Entity) -> Entity {
    entity.set_trashed(Some(Stamp::default()));
    entity
}

fn insight_ref(number: u32) -> EntityRef {
    InsightId::from(ulid(number)).into()
}

fn world() -> World {
    let home = Home::new();
    let mut store = home.open();
    let (first, second) = (journey(&mut store, 1), journey(&mut store, 2));
    let comment = Comment {
        body: "Late codes again".into(),
        about: Some(insight_ref(31)),
        ..Comment::new(CommentId::from(ulid(50)))
    };
    let persona = EntityRef::from(PersonaId::from(ulid(60)));
    let put = vec![
        the_journey(first, "Onboarding of crews"),
        stage(10, "Sign up"),
        in_trash(stage(11, "Dropped chapter")),
        step(20, "Confirm the e-mail", "Opens the mail and enters the code.", 10),
        step(21, "Visit the branch", "Drives into town.", 11),
        in_trash(step(22, "Print the form", "", 10)),
        insight(
            30,
            "Codes arrive late",
            "The SMS “code” takes [minutes] — naïve résumé, 50 % of users.",
            &[20],
        ),
        insight(31, "Branches close early", "Nobody is there after four.", &[21]),
        in_trash(insight(32, "Faxes get lost", "", &[20])),
        insight(33, "Both places matter", "", &[20, 21]),
        evidence(40, "“I waited ten minutes for the code.”", &[insight_ref(30)]),
        evidence(41, "“The branch was closed.”", &[insight_ref(31)]),
        evidence(42, "“Loose remark”", &[]),
        evidence(43, "“Typical of buyers”", &[persona]),
        comment.into(),
    ];
    commit(&mut store, first, Seq(0), &Change::new(1, Patch { put, removed: Vec::new() }));
    let put = vec![
        the_journey(second, "Billing"),
        stage(10, "Codes and coupons"),
        step(20, "Enter a coupon", "Types the code.", 10),
    ];
    commit(&mut store, second, Seq(0), &Change::new(2, Patch { put, removed: Vec::new() }));
    World { _home: home, store }
}

fn titles(found: &[Found]) -> Vec<&str> {
    found.iter().map(|it| it.title.as_str()).collect()
}

#[test]
fn words_are_found_as_people_type_them() {
    let world = world();
    for (query, expected) in [
        // Case, accents, beginnings.
        ("codes LATE", vec!["Codes arrive late"]),
        ("naive resume", vec!["Codes arrive late"]),
        ("NAÏVE RÉSUMÉ", vec!["Codes arrive late"]),
        ("arri", vec!["Codes arrive late"]),
        ("arri late", vec![]),
        ("late arri", vec!["Codes arrive late"]),
        ("zoe loose", vec!["“Loose remark”"]),
        // All words, in whatever field.
        ("arrive sms", vec!["Codes arrive late"]),
        ("arrive coupon", vec![]),
        // What would be a query language elsewhere is words here.
        ("e-mail", vec!["Confirm the e-mail"]),
        ("\"arrive late\"", vec!["Codes arrive late"]),
        ("late\"", vec!["Codes arrive late"]),
        ("arrive OR coupon", vec![]),
        ("NOT arrive", vec![]),
        ("arrive AND", vec![]),
        ("title:arrive", vec![]),
        ("arr*", vec!["Codes arrive late"]),
        ("^arrive", vec!["Codes arrive late"]),
        ("NEAR(codes late)", vec![]),
        ("(arrive", vec!["Codes arrive late"]),
        ("50 %", vec!["Codes arrive late"]),
        ("— arrive &&", vec!["Codes arrive late"]),
        ("arrive\0late", vec!["Codes arrive late"]),
        // Nothing to look for.
        ("", vec![]),
        ("  ", vec![]),
        ("% — \" * ( \0", vec![]),
    ] {
        let found = world.store.search(query, None, 10).unwrap();
        assert_eq!(titles(&found), expected, "{query:?}");
    }
}

#[test]
fn what_is_in_the_trash_or_out_of_sight_with_it_is_not_found() {
    let world = world();
    for (query, why) in [
        ("dropped", "a stage in the trash"),
        ("visit", "a step whose stage is"),
        ("drives", "its text"),
        ("print", "a step in the trash"),
        ("branches", "an item on a step that is out of sight"),
        ("closed", "evidence for that item"),
        ("again", "a comment on it"),
        ("faxes", "an item in the trash"),
    ] {
        assert_eq!(world.store.search(query, None, 10).unwrap(), [], "{query}: {why}");
    }
    for query in ["both places", "waited", "loose", "typical"] {
        assert_eq!(world.store.search(query, None, 10).unwrap().len(), 1, "{query}");
    }
}

#[test]
fn leaving_the_trash_and_changing_words_is_seen_at_once() {
    let World { mut store, _home } = world();
    let id = ulid(1);
    let mut seen = store.load(id).unwrap().unwrap().seq;
    let mut found = |put: Vec<Entity>, removed: Vec<EntityRef>, query: &str| {
        let change = Change::new(seen.0 as u32 + 100, Patch { put, removed });
        seen = commit(&mut store, id, seen, &change);
        store.search(query, None, 10).unwrap().len()
    };
    assert_eq!(found(vec![stage(11, "Dropped chapter")], vec![], "visit"), 1);
    assert_eq!(found(vec![step(21, "Call the branch", "", 11)], vec![], "visit"), 0);
    assert_eq!(found(vec![], vec![], "call"), 1);
    assert_eq!(found(vec![in_trash(step(21, "Call the branch", "", 11))], vec![], "call"), 0);
    assert_eq!(found(vec![step(21, "Call the branch", "", 11)], vec![], "call"), 1);
    assert_eq!(found(vec![], vec![StepId::from(ulid(21)).into()], "call"), 0);
    assert_eq!(found(vec![in_trash(the_journey(id, "Onboarding of crews"))], vec![], "arrive"), 0);
    store.check().unwrap();
}

#[test]
fn one_journey_can_be_searched_alone_and_titles_come_first() {
    let World { store, _home } = world();
    let everywhere = store.search("code", None, 10).unwrap();
    assert_eq!(everywhere.len(), 5, "{everywhere:#?}");
    let in_titles: Vec<bool> = everywhere.iter().map(|it| it.title.to_lowercase().contains("code")).collect();
    assert!(in_titles.is_sorted_by(|a, b| a >= b), "{everywhere:#?}");
    let second = JourneyId::from(ulid(2));
    let here = store.search("code", Some(second), 10).unwrap();
    assert_eq!(titles(&here), ["Codes and coupons", "Enter a coupon"]);
    assert!(here.iter().all(|it| it.journey == second));
    assert_eq!(store.search("code", None, 2).unwrap(), everywhere[..2]);
    assert_eq!(store.search("code", Some(JourneyId::from(ulid(9))), 10).unwrap(), []);
}

#[test]
fn an_excerpt_shows_the_place_in_the_text() {
    let World { store, _home } = world();
    let excerpt = |query| {
        let found = store.search(query, None, 1).unwrap();
        found.into_iter().next().map(|it| (it.entity.kind, it.excerpt)).unwrap()
    };
    assert_eq!(excerpt("enters"), (EntityKind::Step, "Opens the mail and [enters] the code.".to_owned()));
    assert_eq!(
        excerpt("resume minutes"),
        (EntityKind::Insight, "The SMS “code” takes [[minutes]] — naïve [résumé], 50 % of users.".to_owned())
    );
    assert_eq!(excerpt("arrive"), (EntityKind::Insight, String::new()), "only the title has it");
}

#[test]
fn a_workspaces_people_are_not_among_what_is_found() {
    let home = Home::new();
    let mut store = home.open();
    let id = ulid(1);
    store.create_document(id, custory_store::DocumentKind::Workspace).unwrap();
    let member = Member { name: "Ada".into(), ..Member::new(MemberId::from(ulid(2))) };
    let patch = Patch { put: vec![member.into()], removed: Vec::new() };
    commit(&mut store, id, Seq(0), &Change::new(1, patch));
    assert_eq!(store.search("ada", None, 10).unwrap(), []);
    assert_eq!(store.board(id).unwrap().members.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Nothing that can be typed is an error, and a title is found by its own words.
    #[test]
    fn no_text_breaks_the_search(query in "\\PC{0,40}", any in any::<String>()) {
        let World { store, _home } = world();
        for text in [query.clone(), any, format!("{query}\""), format!("late {query}"), "a ".repeat(5_000)] {
            store.search(&text, None, 10).unwrap();
        }
    }
}
