//! The rules of titles, as tables.

use super::*;

fn read(text: &str) -> Option<String> {
    let mut casing = Casing::default();
    casing.learn("We work with Slack and with Google Calendar every day.");
    casing.set_product("Larkboard");
    Phrasing { casing: &casing, product: "Larkboard" }.read(text).map(|it| it.title)
}

#[test]
fn what_asks_for_something_becomes_verb_and_object() {
    for (text, expected) in [
        ("Create an account", "Create an account"),
        ("Step 2: Invite Your Team", "Invite your team"),
        ("How to connect Slack", "Connect Slack"),
        ("How do I export my data?", "Export my data"),
        ("Inviting teammates", "Invite teammates"),
        ("Setting up notifications", "Set up notifications"),
        ("Installation", "Install Larkboard"),
        ("Installing", "Install Larkboard"),
        ("Email verification", "Verify email"),
        ("Account creation", "Create account"),
        ("Sign-up", "Sign up"),
        ("Log in", "Log in"),
        ("planner can publish a plan", "Publish a plan"),
        ("Creates a board.", "Create a board"),
        ("Create a board, then invite people", "Create a board"),
        ("Choose a plan (optional)", "Choose a plan"),
        ("3. **Publish the plan**", "Publish the plan"),
        ("🚀 Import your shifts →", "Import your shifts"),
        ("CREATE YOUR ACCOUNT", "Create your account"),
        ("Assign roles carefully", "Assign roles"),
        ("Export data", "Export data"),
        ("Share your plan", "Share your plan"),
        ("Customizing `larkboard`", "Customize Larkboard"),
    ] {
        assert_eq!(read(text).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn what_names_or_tells_something_is_no_step() {
    for text in [
        "Overview",
        "Billing and invoices",
        "Pricing",
        "Settings",
        "Export options",
        "Search results",
        "Test mode",
        "Feature toggles",
        "Tracking pixel",
        "Tracking rules",
        "Developer setup",
        "Manage and monitor",
        "Signing reminders",
        "Contact information sections",
        "See also",
        "Learn more",
        "Don't share your password",
        "Is it free?",
        "Attaching a price does not add it",
        "Run `make all -j2` twice",
        "Use the --force flag",
        "Open settings.json",
        "Added dark mode",
        "快速开始",
        "",
        "   ",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn titles_keep_their_bounds() {
    let long =
        "Create a board for every event of the whole season with all of the people who were there last year";
    let title = read(long).expect("the beginning is a step");
    assert!(title.chars().count() <= TITLE_CHARS_MAX, "{title}");
    assert!(long.to_lowercase().starts_with(&title.to_lowercase()), "{title}");
    assert_eq!(read(&format!("Create {}", "x".repeat(100))), None);
}

#[test]
fn different_words_for_the_same_are_the_same() {
    let casing = Casing::default();
    let phrasing = Phrasing { casing: &casing, product: "Larkboard" };
    let phrase = |text: &str| phrasing.read(text).unwrap_or_else(|| panic!("{text}"));
    for (a, b, same) in [
        ("Create a board", "Adding boards", true),
        ("Invite teammates", "Inviting members", true),
        ("Delete a board", "Remove a board", true),
        ("Add fields", "Add other fields like name and date", true),
        ("Import shifts from a spreadsheet", "Import shifts with the old app", false),
        ("Create a board", "Create a plan", false),
        ("Create a board", "Delete a board", false),
        ("Create a document", "Create a document template", false),
    ] {
        assert_eq!(phrase(a).is_same_as(&phrase(b)), same, "{a} / {b}");
    }
}
