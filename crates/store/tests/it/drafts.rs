//! Drafts, source texts and settings: the last state counts, under every name.

use custory_domain::DraftId;

use crate::home::{Home, ulid};

#[test]
fn drafts_are_kept_as_they_were_last_put() {
    let home = Home::new();
    let mut store = home.open();
    let (first, second) = (DraftId::from(ulid(1)), DraftId::from(ulid(2)));
    store.put_draft(second, "{\"title\":\"B\"}").unwrap();
    store.put_draft(first, "{}").unwrap();
    store.put_draft(first, "{\"title\":\"A\"}").unwrap();
    drop(store);
    let mut store = home.open();
    assert_eq!(store.drafts().unwrap(), [first, second]);
    assert_eq!(store.draft(first).unwrap().as_deref(), Some("{\"title\":\"A\"}"));
    store.delete_draft(first).unwrap();
    store.delete_draft(first).unwrap();
    assert_eq!((store.drafts().unwrap(), store.draft(first).unwrap()), (vec![second], None));
}

#[test]
fn texts_and_settings_are_found_by_name_whatever_they_hold() {
    let home = Home::new();
    let mut store = home.open();
    let long = "“Ünïcode” \0 and more. ".repeat(100_000);
    for (name, value) in
        [("a", ""), ("b", long.as_str()), ("", "{}"), ("a", "again"), ("’; --", "\u{10ffff}")]
    {
        store.put_source_text(name, value).unwrap();
        store.put_setting(name, value).unwrap();
        assert_eq!(store.source_text(name).unwrap().as_deref(), Some(value));
        assert_eq!(store.setting(name).unwrap().as_deref(), Some(value));
    }
    assert_eq!((store.source_text("c").unwrap(), store.setting("c").unwrap()), (None, None));
}
