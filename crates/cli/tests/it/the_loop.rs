//! Promises of the inbox, the automations and the verdicts on the command line.

use crate::shared::Custory;
use custory_testkit::vendors::{POSTHOG_KEY, PostHog};

#[test]
fn notes_are_heard_and_attached_and_taken_back_on_the_command_line() {
    let custory = Custory::with_the_loop();
    let notes = tempfile::tempdir().expect("a folder");
    let folder = notes.path().to_str().expect("a path");
    let note =
        "The crew invitations never arrived, ask ana@bell.example about it.\n\nParking was easy to find.\n";
    std::fs::write(notes.path().join("visit.md"), note).expect("a note");
    assert_eq!(custory.out(&["signals", "watch", folder]), "1 files read, 2 new signals\n");
    assert_eq!(custory.out(&["signals", "read"]), "1 files read, 0 new signals\n");

    let listed = custory.out(&["signals"]);
    assert!(
        listed.contains("ask [e-mail] about it") && listed.contains("Taken out: 1 e-mail address"),
        "{listed}"
    );
    assert!(listed.contains("Invite crew (") && !listed.contains("bell.example"), "{listed}");

    let heard = custory.json(&["signals", "--json"]);
    let about = |words: &str| {
        let all = heard.as_array().expect("a list");
        let found = all.iter().find(|it| it["excerpt"].as_str().expect("words").contains(words));
        found.expect("it was heard")["signal"]["id"].as_str().expect("an id").to_owned()
    };
    custory.out(&["signals", "attach", &about("invitations")]);
    custory.out(&["signals", "dismiss", &about("Parking")[..12]]);
    let shown = custory.out(&["show", "Crew", "--json"]);
    assert!(shown.contains("ask [e-mail] about it") && !shown.contains("bell.example"), "{shown}");
    assert!(custory.run(&["signals"]).err.contains("No signals here"));
    custory.out(&["signals", "reopen", &about("invitations")]);
    assert!(custory.out(&["signals"]).contains("invitations never arrived"));
    custory.run(&["signals", "dismiss", "ZZZ"]).refused(1, &["No signal is called “ZZZ”"]);
}

#[test]
fn automations_are_listed_set_rehearsed_and_run_on_the_command_line() {
    let custory = Custory::with_the_loop();
    let posthog = PostHog::start();
    posthog.usually("signed_up", 40, 40);
    posthog.usually("invited_crew", 10, 10);
    custory.run_on(&["connect", "posthog", "--base-url", &posthog.address()], POSTHOG_KEY).succeeded();
    custory.out(&["bind", "Crew", "Crew invited", "--funnel", "signed_up,invited_crew"]);
    custory.out(&["pull"]);

    let listed = custory.out(&["automations"]);
    assert!(listed.contains("funnel-watch    off  Conversion watch"), "{listed}");
    let dry = custory.out(&["automations", "dry-run", "funnel-watch"]);
    assert!(dry.contains("Not enough data: 40 cases, 100 are needed."), "{dry}");
    custory.out(&[
        "automations",
        "on",
        "funnel-watch",
        "--cases",
        "20",
        "--zone",
        "Europe/Berlin",
        "--every",
        "monday",
    ]);
    let listed = custory.out(&["automations"]);
    assert!(
        listed.contains("funnel-watch    on") && listed.contains("every Monday at 09:00, Europe/Berlin time"),
        "{listed}"
    );
    let only = ["--only", "step:Invite crew", "--only", "not owner:nobody", "--any", "--ask-first", "yes"];
    custory.out(&[&["automations", "on", "funnel-watch"], only.as_slice()].concat());
    let listed = custory.out(&["automations"]);
    assert!(listed.contains("and it is on the step “Invite crew” or not owned by nobody"), "{listed}");
    assert!(listed.contains("once you say so, add an insight"), "{listed}");
    custory.out(&["automations", "on", "funnel-watch", "--only", "anything", "--ask-first", "no"]);
    custory.run(&["automations", "on", "verdicts", "--only", "mood:good"]).refused(1, &["is no condition"]);
    custory
        .run(&["automations", "on", "verdicts", "--tell", "growth"])
        .refused(1, &["Slack is not connected"]);
    let ran = custory.out(&["automations", "run", "funnel-watch"]);
    assert!(ran.contains("nothing to do") && ran.contains("25% to 25%"), "{ran}");
    assert!(custory.out(&["automations", "log"]).contains("25% to 25%"));
    assert!(
        custory
            .out(&["automations", "backtest", "funnel-watch"])
            .starts_with("Would have done something 0 times")
    );
    let review = custory.out(&["automations", "run", "weekly-review"]);
    assert!(review.contains("# Crew aboard") && review.contains("## Nobody owns"), "{review}");
    custory.run(&["automations", "on", "acme"]).refused(1, &["There is no automation “acme”"]);
    custory.run(&["automations", "on", "verdicts", "--zone", "Nowhere"]).refused(1, &["no time zone"]);

    // The same lists at any time, without an automation.
    let lists = custory.out(&["review", "Crew"]);
    assert!(lists.starts_with("The last 7 days") && lists.contains("## Nobody owns"), "{lists}");
    let lists = custory.json(&["review", "Crew", "--json"]);
    let step = lists["changed"].as_array().expect("a list").iter().find(|it| it["title"] == "Invite crew");
    assert_eq!(step.expect("the step")["makers"][0]["via"], "import", "{lists}");

    assert!(custory.run(&["verdicts", "Crew"]).err.contains("Nothing has shipped"));
}
