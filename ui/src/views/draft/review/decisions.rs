//! What a person decided about a draft, and what each further decision changes.
//!
//! Pure: every gesture is answered with [`Moves`] that are applied here and sent to the engine alike.
//! Nothing on this side accepts anything by itself.
//!
//! Invariant: a step that was merged into another one always points at a step that can still go
//! onto the map. Leaving that one out, or merging it further, moves or frees what was merged into it.

use std::collections::BTreeSet;

use custory_domain::draft::{Decision, DraftItem, DraftKey, DraftReview, DraftStep};

/// Decisions to make or, where `None`, to take back; the words of `Request::DecideDraft`.
pub type Moves = Vec<(DraftKey, Option<Decision>)>;

/// How an element of the draft stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has decided yet.
    Waiting,
    /// It goes onto the map.
    Kept,
    /// It stays out.
    LeftOut,
    /// It goes to another step.
    Merged(DraftKey),
    /// It is on the map already and the material says nothing new of it.
    OnMap,
}

/// Elements that are on the map already, word for word: nothing is to be decided about them.
pub type OnMap = BTreeSet<DraftKey>;

/// How many steps stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All of them.
    pub steps: usize,
    /// Those that go onto the map.
    pub kept: usize,
    /// Those that nobody has decided about.
    pub waiting: usize,
    /// Those that stay out.
    pub left_out: usize,
    /// Those that go to another step.
    pub merged: usize,
    /// Those that are on the map and have nothing new.
    pub on_map: usize,
}

/// A step with what its stage is called.
pub fn place_of<'a>(review: &'a DraftReview, key: &DraftKey) -> Option<(&'a str, &'a DraftStep)> {
    review.draft.stages.iter().find_map(|stage| {
        let step = stage.steps.iter().find(|it| it.key == *key)?;
        Some((stage.title.as_str(), step))
    })
}

/// The step that an item was found on.
pub fn step_of_item<'a>(review: &'a DraftReview, item: &DraftKey) -> Option<&'a DraftStep> {
    review.draft.steps().find(|step| step.items.iter().any(|it| it.key == *item))
}

/// How a step stands.
pub fn standing(review: &DraftReview, on_map: &OnMap, step: &DraftStep) -> Standing {
    match review.decisions.get(&step.key) {
        Some(Decision::Keep { .. }) => Standing::Kept,
        Some(Decision::LeaveOut) => Standing::LeftOut,
        Some(Decision::MergeInto { step }) => Standing::Merged(step.clone()),
        None if has_news(on_map, step) => Standing::Waiting,
        None => Standing::OnMap,
    }
}

/// How an item stands on its step. An item without a decision of its own goes where its step goes.
pub fn item_standing(review: &DraftReview, on_map: &OnMap, step: &DraftStep, item: &DraftItem) -> Standing {
    if on_map.contains(&item.key) {
        return Standing::OnMap;
    }
    let of_step = standing(review, on_map, step);
    match review.decisions.get(&item.key) {
        Some(Decision::MergeInto { step }) => Standing::Merged(step.clone()),
        _ if of_step == Standing::LeftOut => Standing::LeftOut,
        Some(Decision::Keep { .. }) => Standing::Kept,
        Some(Decision::LeaveOut) => Standing::LeftOut,
        None => of_step,
    }
}

/// Whether the material says anything that the map does not have.
fn has_news(on_map: &OnMap, step: &DraftStep) -> bool {
    !on_map.contains(&step.key) || step.items.iter().any(|it| !on_map.contains(&it.key))
}

/// The title as it will stand on the map.
pub fn title<'a>(review: &'a DraftReview, key: &DraftKey, drafted: &'a str) -> &'a str {
    match review.decisions.get(key) {
        Some(Decision::Keep { title: Some(title) }) => title,
        _ => drafted,
    }
}

/// How many steps stand how.
pub fn count(review: &DraftReview, on_map: &OnMap) -> Counts {
    let mut counts = Counts::default();
    for step in review.draft.steps() {
        counts.steps += 1;
        match standing(review, on_map, step) {
            Standing::Waiting => counts.waiting += 1,
            Standing::Kept => counts.kept += 1,
            Standing::LeftOut => counts.left_out += 1,
            Standing::Merged(_) => counts.merged += 1,
            Standing::OnMap => counts.on_map += 1,
        }
    }
    counts
}

/// Keeps an element under the title it has now.
pub fn keep(review: &DraftReview, key: &DraftKey) -> Moves {
    if matches!(review.decisions.get(key), Some(Decision::Keep { .. })) {
        return Moves::new();
    }
    let mut moves = with_step_kept(review, key);
    moves.push((key.clone(), Some(Decision::Keep { title: None })));
    moves
}

/// Keeps an element under another title.
pub fn rename(review: &DraftReview, key: &DraftKey, drafted: &str, wanted: &str) -> Moves {
    let wanted = wanted.trim();
    if wanted.is_empty() || wanted == title(review, key, drafted) {
        return Moves::new();
    }
    let title = (wanted != drafted).then(|| wanted.to_owned());
    let mut moves = with_step_kept(review, key);
    moves.push((key.clone(), Some(Decision::Keep { title })));
    moves
}

/// An item can not be on the map without its step: keeping one takes a left-out step back in.
fn with_step_kept(review: &DraftReview, key: &DraftKey) -> Moves {
    let left_out = |it: &&DraftStep| matches!(review.decisions.get(&it.key), Some(Decision::LeaveOut));
    let step = step_of_item(review, key).filter(left_out);
    let keep = |it: &DraftStep| (it.key.clone(), Some(Decision::Keep { title: None }));
    step.map(keep).into_iter().collect()
}

/// Leaves an element out; what was merged into it waits again.
pub fn leave_out(review: &DraftReview, key: &DraftKey) -> Moves {
    if matches!(review.decisions.get(key), Some(Decision::LeaveOut)) {
        return Moves::new();
    }
    let mut moves: Moves = merged_into(review, key).map(|it| (it, None)).collect();
    moves.push((key.clone(), Some(Decision::LeaveOut)));
    moves
}

/// Moves what an element cites and holds to another step; what was merged into it follows.
pub fn merge(review: &DraftReview, key: &DraftKey, target: &DraftKey) -> Moves {
    let is_target = targets(review, key).iter().any(|it| it.1.key == *target);
    if !is_target {
        return Moves::new();
    }
    let into = Decision::MergeInto { step: target.clone() };
    let mut moves: Moves = merged_into(review, key).map(|it| (it, Some(into.clone()))).collect();
    moves.push((key.clone(), Some(into)));
    moves
}

/// Takes a decision back.
pub fn put_back(review: &DraftReview, key: &DraftKey) -> Moves {
    if review.decisions.contains_key(key) { vec![(key.clone(), None)] } else { Moves::new() }
}

/// Steps, with their stages, that an element can be merged into.
pub fn targets<'a>(review: &'a DraftReview, key: &DraftKey) -> Vec<(&'a str, &'a DraftStep)> {
    let own = step_of_item(review, key).map(|it| &it.key);
    let can_hold = |step: &DraftStep| {
        step.key != *key
            && own != Some(&step.key)
            && !matches!(
                review.decisions.get(&step.key),
                Some(Decision::LeaveOut | Decision::MergeInto { .. })
            )
    };
    let stages = review.draft.stages.iter();
    stages
        .flat_map(|stage| stage.steps.iter().map(move |step| (stage.title.as_str(), step)))
        .filter(|(_, step)| can_hold(step))
        .collect()
}

/// Elements that were merged into a step.
fn merged_into<'a>(review: &'a DraftReview, step: &'a DraftKey) -> impl Iterator<Item = DraftKey> + 'a {
    let into = move |it: &Decision| matches!(it, Decision::MergeInto { step: target } if target == step);
    review.decisions.iter().filter(move |(_, it)| into(it)).map(|(key, _)| key.clone())
}

/// Keeps every waiting step that `wanted` names.
pub fn keep_waiting(review: &DraftReview, on_map: &OnMap, wanted: impl Fn(&DraftStep) -> bool) -> Moves {
    let waiting = |it: &&DraftStep| wanted(it) && standing(review, on_map, it) == Standing::Waiting;
    let keep = |it: &DraftStep| (it.key.clone(), Some(Decision::Keep { title: None }));
    review.draft.steps().filter(waiting).map(keep).collect()
}

/// Everything that is missing before the draft can go onto the map: what waits is kept, and steps
/// on the map that something is merged into are kept too, so that it finds its place.
pub fn keep_rest(review: &DraftReview, on_map: &OnMap) -> Moves {
    let mut moves = keep_waiting(review, on_map, |_| true);
    let is_target = |it: &&DraftStep| {
        standing(review, on_map, it) == Standing::OnMap && merged_into(review, &it.key).next().is_some()
    };
    let held = review.draft.steps().filter(is_target);
    moves.extend(held.map(|it| (it.key.clone(), Some(Decision::Keep { title: None }))));
    moves
}

/// Applies moves and answers with those that take them back.
pub fn apply(review: &mut DraftReview, moves: &Moves) -> Moves {
    let mut back = Moves::new();
    for (key, decision) in moves {
        let before = match decision {
            Some(decision) => review.decisions.insert(key.clone(), decision.clone()),
            None => review.decisions.remove(key),
        };
        back.push((key.clone(), before));
    }
    back.reverse();
    back
}

#[cfg(test)]
mod tests {
    use super::*;
    use custory_domain::draft::{
        Citation, Draft, DraftItemKind, DraftSource, DraftStage, Locator, SourceOrigin,
    };
    use custory_domain::{DraftId, InsightSort};

    fn key(name: &str) -> DraftKey {
        DraftKey(name.to_owned())
    }

    fn cite() -> Citation {
        Citation { source: 0, quote: "words".into(), start: 0, locator: Locator::Whole }
    }

    fn step(name: &str, items: &[&str]) -> DraftStep {
        let item = |name: &&str| DraftItem {
            is_from_model: false,
            key: key(name),
            what: DraftItemKind::Insight { sort: InsightSort::Pain },
            title: (*name).to_owned(),
            cites: vec![cite()],
        };
        DraftStep {
            is_from_model: false,
            key: key(name),
            title: name.to_owned(),
            action: None,
            cites: vec![cite()],
            items: items.iter().map(item).collect(),
            events: Default::default(),
            paths: Default::default(),
        }
    }

    fn review() -> DraftReview {
        let stage = |name: &str, steps| DraftStage { key: key(name), title: name.into(), steps };
        DraftReview {
            id: DraftId::from_parts(1, 1),
            draft: Draft {
                title: "Draft".into(),
                scope: String::new(),
                sources: vec![DraftSource {
                    locator: "/help".into(),
                    title: "Help".into(),
                    origin: SourceOrigin::Website,
                    hash: "aa".into(),
                    skipped: String::new(),
                }],
                stages: vec![
                    stage("One", vec![step("a", &["a1", "a2"]), step("b", &[])]),
                    stage("Two", vec![step("c", &[]), step("d", &["d1"])]),
                ],
                notes: vec![],
                model: None,
            },
            decisions: Default::default(),
            onto: None,
            known: Default::default(),
        }
    }

    fn done(review: &mut DraftReview, moves: Moves) -> Moves {
        apply(review, &moves)
    }

    fn stands(review: &DraftReview, name: &str) -> Standing {
        let on_map = OnMap::new();
        let step = review.draft.steps().find(|it| it.key.0 == name);
        let of_item = || {
            let step = step_of_item(review, &key(name)).expect("the element is in the draft");
            let item = step.items.iter().find(|it| it.key.0 == name).expect("the item is on it");
            item_standing(review, &on_map, step, item)
        };
        step.map_or_else(of_item, |step| standing(review, &on_map, step))
    }

    #[test]
    fn items_without_a_decision_go_where_their_step_goes() {
        let mut review = review();
        assert_eq!(stands(&review, "a1"), Standing::Waiting);
        let moves = leave_out(&review, &key("a2"));
        done(&mut review, moves);
        let moves = keep(&review, &key("a"));
        done(&mut review, moves);
        assert_eq!((stands(&review, "a1"), stands(&review, "a2")), (Standing::Kept, Standing::LeftOut));
        let moves = leave_out(&review, &key("a"));
        done(&mut review, moves);
        assert_eq!(stands(&review, "a1"), Standing::LeftOut);
    }

    #[test]
    fn an_item_that_was_moved_is_not_left_out_with_its_step() {
        let mut review = review();
        let moves = merge(&review, &key("a1"), &key("b"));
        done(&mut review, moves);
        let moves = leave_out(&review, &key("a"));
        done(&mut review, moves);
        assert_eq!(stands(&review, "a1"), Standing::Merged(key("b")));
        let moves = leave_out(&review, &key("b"));
        done(&mut review, moves);
        assert_eq!(stands(&review, "a1"), Standing::LeftOut, "it is back on its own step");
    }

    #[test]
    fn keeping_an_item_takes_its_left_out_step_back_in() {
        let mut review = review();
        let moves = leave_out(&review, &key("a"));
        done(&mut review, moves);
        let moves = keep(&review, &key("a1"));
        done(&mut review, moves);
        assert_eq!((stands(&review, "a"), stands(&review, "a1")), (Standing::Kept, Standing::Kept));
    }

    #[test]
    fn leaving_out_a_step_frees_what_was_merged_into_it() {
        let mut review = review();
        let moves = merge(&review, &key("a"), &key("b"));
        done(&mut review, moves);
        assert_eq!(stands(&review, "a"), Standing::Merged(key("b")));
        let moves = leave_out(&review, &key("b"));
        done(&mut review, moves);
        assert_eq!((stands(&review, "a"), stands(&review, "b")), (Standing::Waiting, Standing::LeftOut));
    }

    #[test]
    fn what_was_merged_into_a_step_follows_when_that_step_is_merged() {
        let mut review = review();
        let moves = merge(&review, &key("a"), &key("b"));
        done(&mut review, moves);
        let moves = merge(&review, &key("b"), &key("c"));
        done(&mut review, moves);
        assert_eq!(stands(&review, "a"), Standing::Merged(key("c")));
        assert_eq!(stands(&review, "b"), Standing::Merged(key("c")));
    }

    #[test]
    fn only_steps_that_can_reach_the_map_are_offered_to_merge_into() {
        let mut review = review();
        let moves = leave_out(&review, &key("c"));
        done(&mut review, moves);
        let moves = merge(&review, &key("a"), &key("b"));
        done(&mut review, moves);
        let names = |of: &str| -> Vec<String> {
            targets(&review, &key(of)).iter().map(|it| it.1.title.clone()).collect()
        };
        assert_eq!(names("d"), ["b"]);
        assert_eq!(names("d1"), ["b"], "not onto its own step, where it is already");
        assert!(merge(&review, &key("d"), &key("c")).is_empty());
        assert!(merge(&review, &key("d"), &key("d")).is_empty());
    }

    #[test]
    fn taking_moves_back_restores_every_decision() {
        let mut review = review();
        let moves = merge(&review, &key("a"), &key("b"));
        done(&mut review, moves);
        let before = review.decisions.clone();
        for moves in [
            keep(&review, &key("a")),
            rename(&review, &key("b"), "b", "Better"),
            leave_out(&review, &key("b")),
            merge(&review, &key("b"), &key("d")),
            put_back(&review, &key("a")),
            keep_rest(&review, &OnMap::new()),
        ] {
            let mut changed = review.clone();
            let back = apply(&mut changed, &moves);
            assert_ne!(changed.decisions, before);
            apply(&mut changed, &back);
            assert_eq!(changed.decisions, before);
        }
    }

    #[test]
    fn a_title_is_only_stored_where_it_differs_from_the_drafted_one() {
        let mut review = review();
        assert!(rename(&review, &key("a"), "a", "  ").is_empty());
        assert!(rename(&review, &key("a"), "a", " a ").is_empty());
        let moves = rename(&review, &key("a"), "a", " Ask ");
        done(&mut review, moves);
        assert_eq!(title(&review, &key("a"), "a"), "Ask");
        let moves = rename(&review, &key("a"), "a", "a");
        done(&mut review, moves);
        assert_eq!(review.decisions[&key("a")], Decision::Keep { title: None });
    }

    #[test]
    fn keeping_the_rest_leaves_nothing_waiting_and_touches_no_decision() {
        let mut review = review();
        let moves = leave_out(&review, &key("c"));
        done(&mut review, moves);
        let moves = keep_rest(&review, &OnMap::new());
        done(&mut review, moves);
        let counts = count(&review, &OnMap::new());
        assert_eq!((counts.waiting, counts.kept, counts.left_out), (0, 3, 1));
    }

    #[test]
    fn a_step_on_the_map_waits_only_while_it_brings_something_new() {
        let review = review();
        let all: OnMap = ["a", "a1", "a2"].map(key).into();
        let steps: Vec<_> = review.draft.steps().collect();
        assert_eq!(standing(&review, &all, steps[0]), Standing::OnMap);
        let without_item: OnMap = ["a", "a1"].map(key).into();
        assert_eq!(standing(&review, &without_item, steps[0]), Standing::Waiting);
        let item = &steps[0].items[0];
        assert_eq!(item_standing(&review, &without_item, steps[0], item), Standing::OnMap);
    }

    #[test]
    fn a_step_on_the_map_is_kept_when_something_is_merged_into_it() {
        let mut review = review();
        let on_map: OnMap = [key("b")].into();
        let moves = merge(&review, &key("a"), &key("b"));
        done(&mut review, moves);
        let moves = keep_rest(&review, &on_map);
        assert!(moves.contains(&(key("b"), Some(Decision::Keep { title: None }))));
    }
}
