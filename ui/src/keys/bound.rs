//! Which keys a shortcut has on this device, and turning what is pressed into what it stands for.
//!
//! Views know the keys that shortcuts have at first. Whoever chose others presses those, and the view gets the ones it
//! knows; the ones it knows, pressed themselves, do nothing any more.

use std::collections::BTreeMap;

use super::list::{Place, Shortcut, changeable};

/// What a person chose, by the shortcut's id: its keys as one text, empty for none.
pub type Bindings = BTreeMap<String, String>;

/// Keys after which another one is waited for.
const LEADERS: [&str; 2] = ["C", "G"];

/// Keys as one text: `mod+shift+Z`, or `G M` for one after the other.
pub fn spelled(keys: &[&str]) -> String {
    let mut text = String::new();
    for key in keys {
        text.push_str(key);
        text.push(if is_held(key) { '+' } else { ' ' });
    }
    text.pop();
    text
}

fn is_held(key: &str) -> bool {
    matches!(key, "mod" | "alt" | "shift")
}

/// The keys of a text, held ones before the one that is pressed.
pub fn keys_of(text: &str) -> Vec<String> {
    let one = |chord: &str| -> Vec<String> {
        // The sign itself can be a key.
        let (held, last) = match chord.strip_suffix('+') {
            Some(held) => (held.trim_end_matches('+'), "+"),
            None => chord.rsplit_once('+').unwrap_or(("", chord)),
        };
        held.split('+').filter(|it| !it.is_empty()).chain([last]).map(str::to_owned).collect()
    };
    text.split(' ').filter(|it| !it.is_empty()).flat_map(one).collect()
}

/// The keys that a shortcut has now; `None` if it has none any more.
pub fn current(bindings: &Bindings, shortcut: &Shortcut) -> Option<String> {
    match bindings.get(shortcut.id).filter(|_| !shortcut.id.is_empty()) {
        Some(chosen) => Some(chosen.clone()).filter(|it| !it.is_empty()),
        None => Some(spelled(shortcut.keys)),
    }
}

fn works_at(shortcut: &Shortcut, places: &[Place]) -> bool {
    shortcut.places.iter().any(|it| places.contains(it))
}

/// What becomes of a key that was pressed.
#[derive(Clone, Debug, PartialEq)]
pub enum Turn {
    /// It is what it is.
    Leave,
    /// It means nothing here any more.
    Swallow,
    /// It stands for these keys, one after the other; `begins_anew` says that what was waited for is forgotten.
    Send { chords: Vec<String>, begins_anew: bool },
}

/// What a pressed chord stands for where one is; `after` is the leader that was pressed before it.
pub fn turn(bindings: &Bindings, places: &[Place], after: Option<&str>, chord: &str) -> Turn {
    if bindings.is_empty() {
        return Turn::Leave;
    }
    let pressed = after.map_or(chord.to_owned(), |leader| format!("{leader} {chord}"));
    let here: Vec<&Shortcut> = changeable().filter(|it| works_at(it, places)).collect();
    if let Some(meant) = here.iter().find(|it| current(bindings, it).as_ref() == Some(&pressed)) {
        let first = spelled(meant.keys);
        if first == pressed {
            return Turn::Leave;
        }
        let mut chords: Vec<String> = first.split(' ').map(str::to_owned).collect();
        let goes_on = after.is_some() && chords.len() > 1 && chords.first().map(String::as_str) == after;
        if goes_on {
            chords.remove(0);
        }
        return Turn::Send { chords, begins_anew: !goes_on };
    }
    let was_moved = here.iter().any(|it| spelled(it.keys) == pressed);
    if was_moved { Turn::Swallow } else { Turn::Leave }
}

/// Another shortcut that has those keys where this one works, or begins with them.
pub fn taken_by(bindings: &Bindings, shortcut: &Shortcut, keys: &str) -> Option<&'static Shortcut> {
    let meets =
        |other: &Shortcut| shortcut.places.iter().any(|one| other.places.iter().any(|it| it.meets(*one)));
    let clashes = |other: &Shortcut| {
        current(bindings, other).is_some_and(|it| {
            it == keys || it.starts_with(&format!("{keys} ")) || keys.starts_with(&format!("{it} "))
        })
    };
    changeable().find(|it| it.id != shortcut.id && meets(it) && clashes(it))
}

/// Gives a shortcut those keys; whichever had them has none any more. What is as at first is not remembered.
pub fn bind(bindings: &mut Bindings, shortcut: &Shortcut, keys: &str) {
    while let Some(other) = taken_by(bindings, shortcut, keys) {
        bindings.insert(other.id.to_owned(), String::new());
    }
    if keys == spelled(shortcut.keys) {
        bindings.remove(shortcut.id);
    } else {
        bindings.insert(shortcut.id.to_owned(), keys.to_owned());
    }
}

/// Whether another key is waited for after this one.
pub fn is_leader(chord: &str) -> bool {
    LEADERS.contains(&chord)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::list::GROUPS;
    use super::*;

    fn shortcut(id: &str) -> &'static Shortcut {
        changeable().find(|it| it.id == id).expect("a shortcut")
    }

    const ON_MAP: [Place; 3] = [Place::Everywhere, Place::Journey, Place::Map];

    #[test]
    fn no_two_shortcuts_have_the_same_keys_where_both_work_and_every_id_means_one_thing() {
        let mut seen = BTreeSet::new();
        for it in changeable() {
            assert!(seen.insert(it.id), "{} stands for two things", it.id);
            let other = taken_by(&Bindings::new(), it, &spelled(it.keys));
            assert!(other.is_none(), "{} and {}", it.id, other.map_or("", |it| it.id));
        }
        for it in GROUPS.iter().flat_map(|it| it.1).filter(|it| !it.id.is_empty()) {
            assert_eq!(it.keys, shortcut(it.id).keys, "{}", it.id);
        }
    }

    #[test]
    fn keys_are_spelled_and_read_alike() {
        for keys in [&["mod", "K"][..], &["mod", "shift", "Z"], &["G", "M"], &["+"], &["shift", "⌫"], &["?"]]
        {
            assert_eq!(keys_of(&spelled(keys)), keys, "{keys:?}");
        }
        assert_eq!(keys_of("mod++"), ["mod", "+"]);
    }

    #[test]
    fn chosen_keys_stand_for_the_first_ones_and_those_mean_nothing_any_more() {
        let mut bindings = Bindings::new();
        assert_eq!(turn(&bindings, &ON_MAP, None, "R"), Turn::Leave);
        bind(&mut bindings, shortcut("rename"), "R");
        let send = |chord: &str, begins_anew| Turn::Send { chords: vec![chord.to_owned()], begins_anew };
        assert_eq!(turn(&bindings, &ON_MAP, None, "R"), send("E", true));
        assert_eq!(turn(&bindings, &ON_MAP, None, "E"), Turn::Swallow);
        assert_eq!(turn(&bindings, &ON_MAP, None, "A"), Turn::Leave, "others stay");
        let elsewhere = [Place::Everywhere, Place::Inbox];
        assert_eq!(turn(&bindings, &elsewhere, None, "E"), Turn::Leave, "where it never worked");

        // One after the other, and at once.
        bind(&mut bindings, shortcut("go-table"), "G X");
        assert_eq!(turn(&bindings, &ON_MAP, Some("G"), "X"), send("T", false));
        assert_eq!(turn(&bindings, &ON_MAP, Some("G"), "T"), Turn::Swallow);
        bind(&mut bindings, shortcut("go-table"), "mod+B");
        let both = Turn::Send { chords: vec!["G".into(), "T".into()], begins_anew: true };
        assert_eq!(turn(&bindings, &ON_MAP, None, "mod+B"), both);

        bind(&mut bindings, shortcut("rename"), "E");
        bind(&mut bindings, shortcut("go-table"), "G T");
        assert!(bindings.is_empty(), "as at first is nothing to remember: {bindings:?}");
    }

    #[test]
    fn a_clash_is_named_and_whoever_had_the_keys_has_none() {
        let mut bindings = Bindings::new();
        let rename = shortcut("rename");
        assert_eq!(taken_by(&bindings, rename, "S").map(|it| it.id), Some("status"));
        assert!(taken_by(&bindings, rename, "G").is_some(), "the first of several keys");
        assert!(taken_by(&bindings, shortcut("signal-snooze"), "E").is_none(), "never at once");
        bind(&mut bindings, rename, "S");
        assert_eq!(current(&bindings, shortcut("status")), None);
        assert_eq!(turn(&bindings, &ON_MAP, None, "E"), Turn::Swallow);
        let send = Turn::Send { chords: vec!["E".into()], begins_anew: true };
        assert_eq!(turn(&bindings, &ON_MAP, None, "S"), send);
    }
}
