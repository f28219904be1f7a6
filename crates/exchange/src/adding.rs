//! Turns entities that come from elsewhere into the commands that add them.

use custory_domain::{Change, Command, CommentField, Entity, EntityKind, Stamp};

/// The commands that add `entities` to a journey, each after what it stands on.
///
/// Kinds are ordered so that stages come before steps and steps before items. Comments can speak
/// about one another in any order: such a comment is added first and told what it is about after
/// all others are there.
pub(crate) fn commands_adding(mut entities: Vec<Entity>) -> Vec<Command> {
    entities.sort_by_key(Entity::entity_ref);
    let mut commands = Vec::with_capacity(entities.len());
    let mut later = Vec::new();
    for mut entity in entities {
        if let Entity::Comment(it) = &mut entity
            && it.about.is_some_and(|about| about.kind == EntityKind::Comment)
        {
            let set = CommentField::About(it.about.take());
            later.push(Command::set(Change::Comment { id: it.id, set }));
        }
        commands.push(Command::add(entity));
    }
    commands.append(&mut later);
    commands
}

/// Writes down who said a comment or decided something and when, before adding stamps it with somebody else's name.
/// One that does not say who made it, in a file written by hand, is said by whoever adds it.
pub(crate) fn keep_voice(entity: &mut Entity) {
    if let Entity::Comment(it) = entity
        && it.created != Stamp::default()
    {
        it.author = Some(it.said_by());
        it.said_at = Some(it.said_at());
    }
    if let Entity::Decision(it) = entity
        && it.created != Stamp::default()
    {
        it.author = Some(it.decided_by());
        it.decided_at = Some(it.decided_at());
    }
}
