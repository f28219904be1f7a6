//! A copy of a journey, beside it.

use std::collections::BTreeMap;

use custory_domain::{Board, Command, Entity, EntityKind, EntityRef, Journey, JourneyId};
use ulid::Ulid;

use crate::adding::{commands_adding, keep_voice};
use crate::ids::{copied, renew};
use crate::mend::mend;

/// Longest title of a journey, in characters; a longer one is cut so that the suffix fits.
const TITLE_CHARS_MAX: usize = 120;
const SUFFIX: &str = " (copy)";

/// A new journey with everything that is on `board`, trash included, under new ids: what each began as can be told from
/// them ([`aligned`](crate::aligned)).
///
/// People and personas are the same ones. The copy is nobody's sample and not archived. Answers
/// the journey and the commands that fill it; `None` for a board without a journey.
pub fn duplicate(board: &Board, mint: &mut dyn FnMut() -> Ulid) -> Option<(Journey, Vec<Command>)> {
    let mut journey = board.journey()?.clone();
    let is_of_journey = |it: &Entity| it.entity_ref().kind != EntityKind::Journey;
    let mut entities: BTreeMap<EntityRef, Entity> =
        board.entities().filter(is_of_journey).map(|it| (it.entity_ref(), it)).collect();
    // A reference to what is no longer there would make the copy fail; the original does without.
    mend(&mut journey, &mut entities, &|_| true, &mut |_, _| {});

    let own = EntityRef::from(journey.id);
    let id = JourneyId::from(mint());
    let mut ids: BTreeMap<EntityRef, Ulid> = entities.keys().map(|it| (*it, copied(it.id, id))).collect();
    ids.insert(own, id.ulid());
    let entities = entities.into_values().map(|mut it| {
        keep_voice(&mut it);
        renew(&mut it, &ids);
        it
    });
    let commands = commands_adding(entities.collect());

    let mut copy = Entity::Journey(journey);
    renew(&mut copy, &ids);
    let Entity::Journey(mut copy) = copy else { return None };
    let room = TITLE_CHARS_MAX - SUFFIX.chars().count();
    copy.title = copy.title.chars().take(room).chain(SUFFIX.chars()).collect();
    (copy.is_sample, copy.is_archived) = (false, false);
    // They name changes of the original's history.
    copy.versions.clear();
    Some((copy, commands))
}
