//! What the list of a review shows: stages with their steps, each with where it was found.
//!
//! Pure. Rows are small values that can be compared, so that only what changed is drawn again.

use std::collections::BTreeSet;

use custory_domain::draft::{
    Citation, Draft, DraftItem, DraftItemKind, DraftKey, DraftReview, DraftSource, DraftStep, Locator,
    SourceOrigin,
};
use custory_domain::{Channel, InsightSort, ItemKind};

use super::decisions::{self, OnMap, Standing};
use crate::state::stage_colour;

/// Which steps the list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// All of them.
    #[default]
    All,
    /// Those that nobody has decided about.
    Waiting,
    /// Those that were found in one place only.
    LowSupport,
}

impl Filter {
    /// All filters, as shown.
    pub const ALL: [Filter; 3] = [Self::All, Self::Waiting, Self::LowSupport];

    /// What people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Waiting => "Waiting",
            Self::LowSupport => "Low support",
        }
    }
}

/// A stage with the steps that are shown of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its key.
    pub key: DraftKey,
    /// Its title.
    pub title: String,
    /// Its colour, as a style value.
    pub colour: String,
    /// How many steps it has, shown or not.
    pub steps: usize,
    /// How many of them wait.
    pub waiting: usize,
    /// Those that are shown.
    pub rows: Vec<Row>,
}

/// A step in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its key.
    pub key: DraftKey,
    /// Its number in the draft, from 1.
    pub number: usize,
    /// Its title as it will stand on the map.
    pub title: String,
    /// What the customer does.
    pub action: Option<String>,
    /// How it stands.
    pub standing: Standing,
    /// Title of the step that it was merged into.
    pub merged_into: Option<String>,
    /// Whether it is on the map already, with or without something new.
    pub is_known: bool,
    /// Where it was found, each place once.
    pub places: Vec<Place>,
    /// What hangs on it.
    pub items: Vec<ItemRow>,
    /// Only a language model found it.
    pub is_from_model: bool,
}

/// Something found on a step.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemRow {
    /// Its key.
    pub key: DraftKey,
    /// Its kind.
    pub kind: ItemKind,
    /// Its title as it will stand on the map.
    pub title: String,
    /// What it is, in words.
    pub what: String,
    /// Whether it says that something hurts.
    pub is_pain: bool,
    /// How it stands.
    pub standing: Standing,
    /// Title of the step that it was merged into.
    pub merged_into: Option<String>,
    /// Whether it was decided about by itself, not with its step.
    pub has_own_decision: bool,
}

/// A place where something was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Which citations stand there, from 0; at least one.
    pub cites: Vec<usize>,
    /// Icon in the sprite.
    pub icon: &'static str,
    /// Short name.
    pub label: String,
    /// Whether it is a path of a file.
    pub is_code: bool,
}

/// The list, filtered; stages without anything to show are left out.
pub fn groups(review: &DraftReview, on_map: &OnMap, filter: Filter) -> Vec<Group> {
    let mut number = 0;
    let mut groups = Vec::new();
    for (at, stage) in review.draft.stages.iter().enumerate() {
        let all: Vec<_> = (stage.steps.iter())
            .map(|step| {
                number += 1;
                (step, number)
            })
            .collect();
        let waits = |step: &DraftStep| decisions::standing(review, on_map, step) == Standing::Waiting;
        let rows: Vec<_> = (all.iter())
            .filter(|(step, _)| match filter {
                Filter::All => true,
                Filter::Waiting => waits(step),
                Filter::LowSupport => has_low_support(step) && !on_map.contains(&step.key),
            })
            .map(|(step, number)| row(review, on_map, step, *number))
            .collect();
        if !rows.is_empty() {
            groups.push(Group {
                key: stage.key.clone(),
                title: stage.title.clone(),
                colour: stage_colour(at, review.draft.stages.len()),
                steps: stage.steps.len(),
                waiting: stage.steps.iter().filter(|it| waits(it)).count(),
                rows,
            });
        }
    }
    groups
}

/// One step, whatever the filter.
pub fn row_of(review: &DraftReview, on_map: &OnMap, key: &DraftKey) -> Option<Row> {
    let at = review.draft.steps().position(|it| it.key == *key)?;
    let step = review.draft.step(key)?;
    Some(row(review, on_map, step, at + 1))
}

/// How many steps a filter shows.
pub fn shown(review: &DraftReview, on_map: &OnMap, filter: Filter) -> usize {
    groups(review, on_map, filter).iter().map(|it| it.rows.len()).sum()
}

/// Whether a step was found in one source only.
pub fn has_low_support(step: &DraftStep) -> bool {
    step.cites.iter().map(|it| it.source).collect::<BTreeSet<_>>().len() < 2
}

fn row(review: &DraftReview, on_map: &OnMap, step: &DraftStep, number: usize) -> Row {
    let standing = decisions::standing(review, on_map, step);
    Row {
        key: step.key.clone(),
        number,
        title: decisions::title(review, &step.key, &step.title).to_owned(),
        action: step.action.clone(),
        merged_into: merged_into(review, &standing),
        standing,
        is_known: review.known.contains_key(&step.key),
        places: places(&review.draft, &step.cites),
        items: step.items.iter().map(|it| item_row(review, on_map, step, it)).collect(),
        is_from_model: step.is_from_model,
    }
}

fn item_row(review: &DraftReview, on_map: &OnMap, step: &DraftStep, item: &DraftItem) -> ItemRow {
    let standing = decisions::item_standing(review, on_map, step, item);
    let (kind, what) = in_words(&item.what);
    let first = |cites: &[Citation]| cites.first().map(|it| it.source);
    let place = first(&item.cites).and_then(|it| review.draft.sources.get(it));
    let place = match place {
        Some(_) if first(&item.cites) == first(&step.cites) => match place.map(|it| it.origin) {
            Some(SourceOrigin::Website) => "from the same page".to_owned(),
            _ => "from the same source".to_owned(),
        },
        Some(source) => format!("from {}", short(source)),
        None => String::new(),
    };
    ItemRow {
        key: item.key.clone(),
        kind,
        title: decisions::title(review, &item.key, &item.title).to_owned(),
        what: said(what, &place, item.is_from_model),
        is_pain: matches!(item.what, DraftItemKind::Insight { sort: InsightSort::Pain }),
        merged_into: merged_into(review, &standing),
        standing,
        has_own_decision: review.decisions.contains_key(&item.key),
    }
}

/// What an item is, where it is from, and who found it if that was not a rule.
fn said(what: &str, place: &str, is_from_model: bool) -> String {
    let found = if is_from_model { "found by the model" } else { "" };
    [what, place, found].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(", ")
}

fn merged_into(review: &DraftReview, standing: &Standing) -> Option<String> {
    let Standing::Merged(target) = standing else { return None };
    let (_, step) = decisions::place_of(review, target)?;
    Some(decisions::title(review, target, &step.title).to_owned())
}

/// What an item is. What was read is a team's word, not a customer's: friction is only possible.
fn in_words(what: &DraftItemKind) -> (ItemKind, &'static str) {
    match what {
        DraftItemKind::Touchpoint { channel, .. } => (
            ItemKind::Touchpoint,
            match channel {
                Channel::Site => "Touchpoint, website",
                Channel::App => "Touchpoint, in the product",
                Channel::Email => "Touchpoint, email",
                Channel::Chat => "Touchpoint, chat",
                Channel::Call => "Touchpoint, call",
                Channel::Docs => "Touchpoint, documentation",
                Channel::Store => "Touchpoint, store",
                Channel::Ads => "Touchpoint, advertisement",
                Channel::Community => "Touchpoint, community",
                Channel::Other => "Touchpoint",
            },
        ),
        DraftItemKind::Insight { sort } => (
            ItemKind::Insight,
            match sort {
                InsightSort::Pain => "Possible friction",
                InsightSort::Need => "Possible need",
                InsightSort::Gain => "What helps",
                InsightSort::Question => "Open question",
            },
        ),
    }
}

/// The places of some citations, each place once.
fn places(draft: &Draft, cites: &[Citation]) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for (at, cite) in cites.iter().enumerate() {
        let Some(source) = draft.sources.get(cite.source) else { continue };
        let label = label(source, &cite.locator);
        match places.iter_mut().find(|it| it.label == label) {
            Some(place) => place.cites.push(at),
            None => {
                let (icon, is_code) = (icon(source.origin), is_path(source));
                places.push(Place { cites: vec![at], icon, label, is_code });
            }
        }
    }
    places
}

/// Icon of a kind of source.
pub fn icon(origin: SourceOrigin) -> &'static str {
    match origin {
        SourceOrigin::Website | SourceOrigin::File => "doc",
        SourceOrigin::Repository => "repo",
        SourceOrigin::Pasted => "paste",
    }
}

fn is_path(source: &DraftSource) -> bool {
    source.origin == SourceOrigin::Repository
}

fn label(source: &DraftSource, place: &Locator) -> String {
    let name = short(source);
    match place {
        Locator::Lines(from, _) if is_path(source) => format!("{name}:{from}"),
        Locator::Page(page) => format!("{name}, page {page}"),
        Locator::Lines(..) | Locator::Anchor(_) | Locator::Whole => name,
    }
}

/// A source in few letters: the path of a page, the name of a file, the words of a text.
pub fn short(source: &DraftSource) -> String {
    let locator = source.locator.as_str();
    match source.origin {
        SourceOrigin::Website => match locator.split_once("://").map_or(locator, |it| it.1).split_once('/') {
            Some((_, path)) if !path.is_empty() => format!("/{}", path.trim_end_matches('/')),
            _ => locator.split_once("://").map_or(locator, |it| it.1).trim_end_matches('/').to_owned(),
        },
        SourceOrigin::Repository => locator.to_owned(),
        SourceOrigin::File => locator.rsplit(['/', '\\']).next().unwrap_or(locator).to_owned(),
        SourceOrigin::Pasted => source.title.clone(),
    }
}

/// The keys of the steps shown, in their order.
pub fn keys(groups: &[Group]) -> Vec<DraftKey> {
    groups.iter().flat_map(|it| &it.rows).map(|it| it.key.clone()).collect()
}

/// Where to go from a step: so many rows on, stopping at the ends.
pub fn moved(keys: &[DraftKey], from: Option<&DraftKey>, by: isize) -> Option<DraftKey> {
    let last = keys.len().checked_sub(1)?;
    let at = from.and_then(|from| keys.iter().position(|it| it == from));
    let to = match at {
        Some(at) => at.saturating_add_signed(by).min(last),
        None if by < 0 => last,
        None => 0,
    };
    keys.get(to).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(origin: SourceOrigin, locator: &str, title: &str) -> DraftSource {
        DraftSource {
            locator: locator.into(),
            title: title.into(),
            origin,
            hash: String::new(),
            skipped: String::new(),
        }
    }

    #[test]
    fn places_are_named_as_people_know_them() {
        let website = |locator: &str| source(SourceOrigin::Website, locator, "");
        let lines = Locator::Lines(41, 43);
        for (source, place, expected) in [
            (website("https://fieldnote.app/help/seats/"), Locator::Anchor("x".into()), "/help/seats"),
            (website("https://fieldnote.app/"), Locator::Whole, "fieldnote.app"),
            (website("https://fieldnote.app"), Locator::Whole, "fieldnote.app"),
            (source(SourceOrigin::Repository, "src/limits.ts", ""), lines.clone(), "src/limits.ts:41"),
            (source(SourceOrigin::File, "/home/me/guide.pdf", ""), Locator::Page(3), "guide.pdf, page 3"),
            (source(SourceOrigin::File, "C:\\docs\\notes.md", ""), lines, "notes.md"),
            (
                source(SourceOrigin::Pasted, "pasted-1", "Interview with Ana"),
                Locator::Whole,
                "Interview with Ana",
            ),
        ] {
            assert_eq!(label(&source, &place), expected);
        }
    }

    #[test]
    fn moving_stops_at_the_ends_and_begins_anew_when_the_row_is_gone() {
        let key = |name: &str| DraftKey(name.into());
        let keys = ["a", "b", "c"].map(key);
        for (from, by, to) in [
            (Some("a"), 1, "b"),
            (Some("c"), 1, "c"),
            (Some("a"), -1, "a"),
            (Some("b"), isize::MAX, "c"),
            (Some("c"), isize::MIN, "a"),
            (Some("gone"), 1, "a"),
            (None, -1, "c"),
        ] {
            assert_eq!(moved(&keys, from.map(key).as_ref(), by), Some(key(to)), "{from:?} {by}");
        }
        assert_eq!(moved(&[], None, 1), None);
    }
}
