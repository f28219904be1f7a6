//! What stands beside an entity: evidence, comments, issues, verdicts, decisions. Collected in one pass, since
//! a journey has thousands of items and tens of thousands of quotes.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use custory_domain::*;

/// A journey with a look-up of what belongs to what, without what is in the trash.
pub(super) struct Beside<'a> {
    pub board: &'a Board,
    /// Names come from here.
    pub workspace: &'a Board,
    evidence: BTreeMap<EntityRef, Vec<(&'a Evidence, Stance)>>,
    comments: BTreeMap<EntityRef, Vec<&'a Comment>>,
    issues: BTreeMap<EntityRef, Vec<&'a DeliveryLink>>,
    verdicts: BTreeMap<EntityRef, Vec<&'a Verdict>>,
    decisions: BTreeMap<EntityRef, Vec<&'a Decision>>,
    /// Where a picture is to be found, by its name; nowhere in a document of text alone.
    pub picture: &'a dyn Fn(&str) -> Option<String>,
}

impl<'a> Beside<'a> {
    /// Reads the board once.
    pub fn of(board: &'a Board, workspace: &'a Board, picture: &'a dyn Fn(&str) -> Option<String>) -> Self {
        let mut evidence: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for it in board.evidence.values().filter(|it| it.trashed.is_none()) {
            for (claim, stance) in &it.claims {
                evidence.entry(*claim).or_default().push((it, *stance));
            }
        }
        for found in evidence.values_mut() {
            found.sort_by_key(|(it, _)| (Reverse(it.captured_at), it.id));
        }
        let mut comments: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for it in board.comments.values().filter(|it| it.trashed.is_none()) {
            if let Some(about) = it.about {
                comments.entry(about).or_default().push(it);
            }
        }
        for found in comments.values_mut() {
            found.sort_by_key(|it| (it.said_at(), it.id));
        }
        let mut issues: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for it in board.delivery_links.values().filter(|it| it.trashed.is_none()) {
            if let Some(delivers) = it.delivers {
                issues.entry(delivers).or_default().push(it);
            }
        }
        let mut verdicts: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for it in board.verdicts.values().filter(|it| it.trashed.is_none()) {
            if let Some(solution) = it.solution {
                verdicts.entry(solution.into()).or_default().push(it);
            }
        }
        let mut decisions: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for it in board.decisions.values().filter(|it| it.trashed.is_none()) {
            if let Some(about) = it.about {
                decisions.entry(about).or_default().push(it);
            }
        }
        for found in decisions.values_mut() {
            found.sort_by_key(|it| (it.decided_at(), it.id));
        }
        Self { board, workspace, evidence, comments, issues, verdicts, decisions, picture }
    }

    /// Evidence for or against an entity, newest first.
    pub fn evidence(&self, about: EntityRef) -> &[(&'a Evidence, Stance)] {
        self.evidence.get(&about).map_or(&[], Vec::as_slice)
    }

    /// Comments on an entity, oldest first.
    pub fn comments(&self, about: EntityRef) -> &[&'a Comment] {
        self.comments.get(&about).map_or(&[], Vec::as_slice)
    }

    /// What was decided about something, oldest first.
    pub fn decisions(&self, about: EntityRef) -> &[&'a Decision] {
        self.decisions.get(&about).map_or(&[], Vec::as_slice)
    }

    /// Issues that deliver an item.
    pub fn issues(&self, item: EntityRef) -> &[&'a DeliveryLink] {
        self.issues.get(&item).map_or(&[], Vec::as_slice)
    }

    /// Verdicts on a solution.
    pub fn verdicts(&self, solution: EntityRef) -> &[&'a Verdict] {
        self.verdicts.get(&solution).map_or(&[], Vec::as_slice)
    }
}
