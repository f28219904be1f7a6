//! Keys in a real keychain: a GNOME keyring behind the system's Secret Service, as on most Linux desktops.
#![cfg(target_os = "linux")]

use std::path::Path;

use crate::shared::{Custory, Run};
use custory_testkit::keyring::Keyring;
use custory_testkit::relay::TestRelay;
use custory_testkit::vendors::{LINEAR_KEY, Linear};

fn run(custory: &Custory, keyring: &Keyring, arguments: &[&str], input: &str) -> Run {
    custory.run_with(
        arguments,
        input,
        &[("DBUS_SESSION_BUS_ADDRESS", keyring.address()), ("CUSTORY_KEYS", "")],
    )
}

/// Whether a text stands in any file of a folder, as it is or in hexadecimal.
fn holds(folder: &Path, text: &str) -> bool {
    let hex: String = text.bytes().map(|it| format!("{it:02x}")).collect();
    std::fs::read_dir(folder).expect("a folder").flatten().map(|it| it.path()).any(|path| {
        if path.is_dir() {
            return holds(&path, text);
        }
        let bytes = std::fs::read(&path).unwrap_or_default();
        [text, &hex].iter().any(|it| bytes.windows(it.len()).any(|found| found == it.as_bytes()))
    })
}

#[test]
fn keys_are_in_the_keychain_and_in_no_file_and_a_locked_one_is_waited_for() {
    let Some(mut keyring) = Keyring::start() else { return };
    let (relay, linear, custory) = (TestRelay::start(), Linear::start(), Custory::new());
    let folder = custory.data.path();
    let connect = ["connect", "linear", "--base-url", &linear.address()];
    run(&custory, &keyring, &connect, LINEAR_KEY).succeeded();
    run(&custory, &keyring, &["team", "create", &relay.address()], "").succeeded();
    assert_eq!(keyring.count(), 2, "the key of the tool and the one of this device");
    for it in [folder, keyring.folder()] {
        assert!(!holds(it, LINEAR_KEY), "the key can be read in a file of {}", it.display());
    }
    let has_key_file = || ["team-keys", "sealed-keys"].iter().any(|it| folder.join(it).exists());
    assert!(!has_key_file());

    // Each run is a start of its own; they outlive one, and one of the keyring as well.
    let use_both = |keyring: &Keyring| {
        run(&custory, keyring, &["pull", "linear"], "").succeeded();
        run(&custory, keyring, &["sync", "--once"], "").succeeded();
    };
    use_both(&keyring);
    keyring.unlock();
    use_both(&keyring);

    // Locked, or gone: it is said, journeys are there all the same, and nothing takes its place.
    let wait_for = |keyring: &Keyring| {
        for verb in [["pull", "linear"], ["sync", "--once"]] {
            run(&custory, keyring, &verb, "").refused(
                1,
                &["The system's keychain does not let itself be used", "Unlock it and try again"],
            );
        }
        run(&custory, keyring, &["list"], "").succeeded();
        assert!(!has_key_file());
    };
    keyring.lock();
    wait_for(&keyring);
    let newcomer = Custory::new();
    run(&newcomer, &keyring, &connect, LINEAR_KEY).refused(1, &["Unlock it and try again"]);
    keyring.end();
    wait_for(&keyring);

    keyring.unlock();
    use_both(&keyring);

    // A workspace that is taken off the computer takes its keys along, and nobody else's.
    run(&newcomer, &keyring, &connect, LINEAR_KEY).succeeded();
    run(&newcomer, &keyring, &["team", "create", &relay.address()], "").succeeded();
    assert_eq!(keyring.count(), 4);
    let take_off = ["workspaces", "remove", "My workspace", "--confirm", "My workspace"];
    keyring.lock();
    run(&newcomer, &keyring, &take_off, "").refused(1, &["Unlock it and try again"]);
    keyring.unlock();
    run(&newcomer, &keyring, &take_off, "").succeeded();
    assert_eq!(keyring.count(), 2, "only the keys of the one that is left");
    use_both(&keyring);
    run(&custory, &keyring, &["disconnect", "linear"], "").succeeded();
    run(&custory, &keyring, &["team", "leave"], "").succeeded();
    assert_eq!(keyring.count(), 0, "what is not needed any more is taken out");
}
