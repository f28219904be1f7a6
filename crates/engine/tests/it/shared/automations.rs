//! Automations, as every test that has some asks for them.

use custory_domain::*;
use custory_engine::Engine;
use custory_ipc::*;

/// Asks for what the engine does.
pub fn ask(engine: &Engine, request: Request) -> Reply {
    engine.request_blocking(request).expect("the engine does it")
}

/// An automation, as the list has it.
pub fn view(engine: &Engine, key: &str) -> AutomationView {
    let Reply::Automations { automations } = ask(engine, Request::Automations(AutomationsRequest::List))
    else {
        panic!("no list")
    };
    automations.into_iter().find(|it| it.key == key).expect("it is listed")
}

/// Switches one on, with other choices.
pub fn switch_on(engine: &Engine, key: &str, choose: impl FnOnce(&mut Choices)) {
    let mut choices = view(engine, key).choices;
    choose(&mut choices);
    ask(
        engine,
        Request::Automations(AutomationsRequest::SetAutomation { key: key.to_owned(), is_on: true, choices }),
    );
}

/// Runs one at once.
pub fn run(engine: &Engine, key: &str, is_unbraked: bool) -> Run {
    match ask(
        engine,
        Request::Automations(AutomationsRequest::RunAutomation { key: key.to_owned(), is_unbraked }),
    ) {
        Reply::Ran { run } => *run,
        other => panic!("{other:?}"),
    }
}

/// What an account did that speaks for something; four of them are enough for it to be sent by itself.
pub fn believed(
    about: EntityRef,
    id: EvidenceId,
    account: impl std::fmt::Display,
    at: Timestamp,
) -> Evidence {
    Evidence {
        excerpt: "The invite never came".to_owned(),
        account: format!("Account {account}"),
        captured_at: Some(at),
        weight: WeightClass::Behavioural,
        is_verified: true,
        claims: [(about, Stance::Supports)].into(),
        ..Evidence::new(id)
    }
}
