//! Promises of other tools on the command line: connected, read, bound, sent to.

use crate::shared::Custory;
use custory_testkit::vendors::{LINEAR_KEY, Linear, POSTHOG_KEY, PostHog, SLACK_BOT, Slack};

#[test]
fn the_loop_goes_round_on_the_command_line() {
    let custory = Custory::with_the_loop();
    let (posthog, linear) = (PostHog::start(), Linear::start());
    for monday in ["2026-11-02", "2026-11-09", "2026-11-16"] {
        posthog.set(monday, "signed_up", 400, 410);
        posthog.set(monday, "invited_crew", 100, 130);
    }
    let listed = custory.json(&["connectors", "--json"]);
    assert_eq!((&listed[0]["vendor"], &listed[1]["vendor"]), (&"posthog".into(), &"linear".into()));

    let connected = custory.run_on(&["connect", "posthog", "--base-url", &posthog.address()], POSTHOG_KEY);
    assert!(connected.err.contains("Connected to Acme Onboarding as maya@acme.example"), "{connected:?}");
    custory
        .run_on(&["connect", "linear", "--base-url", &linear.address()], &format!("{LINEAR_KEY}\n"))
        .succeeded();
    assert!(custory.out(&["connectors"]).contains("linear     connected to Acme as maya@acme.example"));

    custory.out(&["bind", "Crew", "Crew invited", "--funnel", "signed_up,invited_crew"]);
    let pulled = custory.json(&["pull", "--json"]);
    assert_eq!(pulled[1]["metrics"], 1, "{pulled}");

    let shown = custory.out(&["send", "Crew", "Crew invitations", "--dry-run"]);
    assert!(shown.contains("## Why now") && linear.issues().is_empty(), "{shown}");
    let sent = custory.out(&["send", "Crew", "Crew invitations", "--team", "acm"]);
    assert!(sent.starts_with("ACM-1  https://linear.app/acme/issue/ACM-1/"), "{sent}");
    linear.advance(0, "Done", "completed", None);
    assert!(custory.out(&["pull", "linear"]).contains("1 issues changed"));

    custory.out(&["disconnect", "linear"]);
    let refused = custory.run(&["pull", "linear"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("Linear is not connected"), "{refused:?}");
}

#[test]
fn a_wrong_key_and_a_wrong_setting_are_said_to_be_wrong() {
    let custory = Custory::new();
    let linear = Linear::start();
    let wrong = custory.run_on(&["connect", "linear", "--base-url", &linear.address()], "lin_api_wrong_one");
    assert_eq!(wrong.code, Some(1));
    assert!(wrong.err.contains("does not accept this key") && !wrong.err.contains("wrong_one"), "{wrong:?}");
    let wrong = custory.run_on(&["connect", "posthog", "--set", "area=eu"], "x");
    assert!(wrong.err.contains("no setting “area”"), "{wrong:?}");
    let wrong = custory.run_on(&["connect", "acme"], "x");
    assert!(wrong.err.contains("there are posthog, linear, slack"), "{wrong:?}");
}

#[test]
fn what_is_pinned_in_slack_is_heard_and_answered_and_a_channel_is_chosen_by_name() {
    let custory = Custory::with_the_loop();
    let slack = Slack::start();
    let connect = ["connect", "slack", "--base-url", &slack.address()];
    let half = custory.run_on(&connect, SLACK_BOT);
    assert!(half.err.contains("Slack needs the app-level token too"), "{half:?}");
    custory.run_on(&connect, &Slack::keys()).succeeded();
    custory.out(&["automations", "on", "save", "--tell", "growth"]);
    let listed = custory.out(&["automations"]);
    assert!(listed.contains("#growth in Slack what it did"), "{listed}");
    custory.run(&["automations", "on", "save", "--tell", "random"]).refused(1, &["/invite @Custory"]);
    custory.run(&["automations", "on", "save", "--tell", "nowhere"]).refused(1, &["#bell-support, #growth"]);

    let text = "The crew invitations never arrived, ask ana@bell.example";
    let pinned = slack.say(Slack::SUPPORT, None, Slack::ANA, text);
    slack.mark(Slack::SUPPORT, &pinned, "pushpin");
    assert!(custory.out(&["pull", "slack"]).contains("1 messages heard"));
    let shown = custory.out(&["show", "Crew", "--json"]);
    assert!(shown.contains("ask [e-mail]") && !shown.contains("Ana Lopez"), "{shown}");
    assert!(slack.posts().iter().any(|it| it.thread_ts.as_ref() == Some(&pinned)), "{:?}", slack.posts());
    assert!(custory.out(&["pull", "slack"]).contains("0 values"));
    assert!(custory.out(&["automations", "log", "save"]).contains("on “Invite crew”"));
}

#[test]
#[cfg(target_os = "linux")] // Elsewhere there is always a keychain.
fn without_a_keychain_a_passphrase_is_asked_for_and_nothing_is_kept_in_the_open() {
    let custory = Custory::with_the_loop();
    let linear = Linear::start();
    let connect = ["connect", "linear", "--base-url", &linear.address()];
    // No keychain answers, and nobody sits before the terminal.
    let nobody = ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
    let sealed =
        |passphrase: &'static str| [("CUSTORY_KEYS", ""), ("CUSTORY_PASSPHRASE", passphrase), nobody];
    let refused = custory.run_with(&connect, LINEAR_KEY, &sealed("short"));
    refused.refused(1, &["CUSTORY_PASSPHRASE"]);
    custory.run_with(&connect, LINEAR_KEY, &sealed("correct horse battery")).succeeded();
    assert!(
        custory.data.path().join("sealed-keys").exists() && !custory.data.path().join("team-keys").exists()
    );
    custory.run_with(&["pull", "linear"], "", &sealed("correct horse battery")).succeeded();
    let wrong = custory.run_with(&["pull", "linear"], "", &sealed("another passphrase"));
    wrong.refused(1, &["The keys are sealed"]);
}
