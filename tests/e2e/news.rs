//! What concerns a person in the real window: it stands in the inbox, leads to the comment, and is read by keys alone.

use custory_domain::{
    Change, Command, Comment, CommentId, EntityRef, OpportunityField, OpportunityState, StepField, Via,
};
use custory_engine::{Engine, Options, secrets};
use custory_ipc::{Reply, Request};
use serde_json::json;

use crate::inbox::bring_crew;
use crate::screens::shoot_both;
use crate::window::{CONTROL, Display, ENTER, ESCAPE, SHIFT, Window};

/// Another program on this computer that comments and moves things as no hand of the person does.
struct Agent {
    engine: Engine,
}

impl Agent {
    async fn start(folder: &std::path::Path) -> Self {
        let secrets = secrets::file(folder);
        let options = Options { secrets, ..Options::system(folder.to_owned()) };
        Self { engine: Engine::start(options).expect("a second program") }
    }

    async fn ask(&self, request: Request) -> Reply {
        self.engine.request(request).await.expect("an answer")
    }
}

#[tokio::test]
async fn a_word_to_me_stands_in_the_inbox_leads_to_the_comment_and_is_read_by_keys() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    bring_crew(folder.path());
    let agent = Agent::start(folder.path()).await;
    let Reply::Start { start } = agent.ask(Request::Start).await else { panic!("no start") };
    let (me, journey) = (start.me, start.journeys[0].id);
    let Reply::Board { board, .. } = agent.ask(Request::OpenJourney { journey }).await else {
        panic!("no board")
    };
    let problem = board.opportunities.values().next().expect("an opportunity").id;
    let step = board.steps_in_order()[0].id;
    let name = start.workspace.members[&me].name.clone();
    let say = |number: u128, about: EntityRef, body: String, names: bool| {
        let comment = Comment {
            body,
            mentions: names.then_some(me).into_iter().collect(),
            about: Some(about),
            ..Comment::new(CommentId::from_parts(9, number))
        };
        Request::Dispatch { journey, command: Command::add(comment), via: Via::Automation }
    };

    let window = Window::open(&display, folder.path()).await;
    window.see(".mapv .stp").await;
    window.press("g").await;
    window.press("i").await;
    window.click("#for-you").await;
    window.until("document.querySelector('.empty')?.innerText.includes('Nothing for you yet')").await;
    window.shoot("for-you-empty").await;

    // Named on an opportunity and on a step: both come while the window is open, and the sidebar counts them.
    agent
        .ask(say(1, problem.into(), format!("@{name} is this still so? Three people wrote again."), true))
        .await;
    agent.ask(say(2, step.into(), format!("@{name} the numbers of last week are in."), true)).await;
    window.until("document.querySelectorAll('.fy .sig.new').length === 2").await;
    window.until("document.querySelector(\".side .nav[title='Inbox'] .cnt\")?.innerText === '2'").await;

    // Whoever is named watches: what becomes of the opportunity comes as well.
    let set = OpportunityField::State(OpportunityState::Parked);
    let command = Command::set(Change::Opportunity { id: problem, set });
    agent.ask(Request::Dispatch { journey, command, via: Via::Connector }).await;
    window.until("document.querySelectorAll('.fy .sig.new').length === 3").await;
    window.until("document.querySelector('.fy .sig').innerText.includes('moved it from')").await;
    shoot_both(&window, "for-you").await;

    // By keys: to the comment on the step, which is read by that.
    window.value("document.querySelector('#signals').focus()").await;
    for _ in 0..4 {
        if window.value("!!document.querySelector('.fy .sig.on')?.innerText.includes('last week')").await
            == json!(true)
        {
            break;
        }
        window.press("k").await;
        window.settle().await;
    }
    window.press(ENTER).await;
    window.until("document.activeElement.id.startsWith('comment-') && document.activeElement.innerText.includes('last week')").await;
    window
        .until("document.querySelector('#panel .tab[aria-selected=true]').innerText.startsWith('Comments')")
        .await;
    window.until("document.querySelector(\".side .nav[title='Inbox'] .cnt\")?.innerText === '2'").await;
    shoot_both(&window, "for-you-comment").await;

    // Who was named watches it; W says otherwise, and the panel tells.
    window.see("#watch[aria-pressed=true]").await;
    window.press("w").await;
    window.see("#watch[aria-pressed=false]").await;
    agent.ask(say(3, step.into(), "Nobody is named here.".to_owned(), false)).await;
    window.until("document.querySelector('#panel .cms').innerText.includes('Nobody is named here')").await;
    assert_eq!(
        window.value("document.querySelector(\".side .nav[title='Inbox'] .cnt\").innerText").await,
        json!("2")
    );

    // Unread again, and all read.
    window.press(ESCAPE).await;
    window.press("g").await;
    window.press("i").await;
    window.see(".fy .sig").await;
    window.until("document.activeElement.id === 'signals'").await;
    window.press("r").await;
    window.until("document.querySelectorAll('.fy .sig.new').length !== 2").await;
    window.press_with(SHIFT, "r").await;
    window.until("document.querySelectorAll('.fy .sig.new').length === 0").await;
    window.until("document.querySelector('#news-unread').innerText === 'All read'").await;
    window.until("!document.querySelector(\".side .nav[title='Inbox'] .cnt\")").await;
    assert_eq!(window.value("document.querySelectorAll('.toast.bad-t').length").await, json!(0));
    window.close().await;

    // Read stays read.
    let window = Window::open(&display, folder.path()).await;
    window.click(".side .nav[title='Inbox']").await;
    window.click("#for-you").await;
    window.until("document.querySelectorAll('.fy .sig').length === 3").await;
    window.until("document.querySelectorAll('.fy .sig.new').length === 0").await;
    window.close().await;
}

#[tokio::test]
async fn a_field_tells_who_set_it_through_what_and_gives_back_what_it_was() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    bring_crew(folder.path());
    let agent = Agent::start(folder.path()).await;
    let Reply::Start { start } = agent.ask(Request::Start).await else { panic!("no start") };
    let journey = start.journeys[0].id;
    let Reply::Board { board, .. } = agent.ask(Request::OpenJourney { journey }).await else {
        panic!("no board")
    };
    let problem = board.opportunities.values().next().expect("an opportunity").clone();
    let set = |set, via| {
        let command = Command::set(Change::Opportunity { id: problem.id, set });
        Request::Dispatch { journey, command, via }
    };
    let step = *board.steps.keys().next().expect("a step");
    let target = Change::Step { id: step, set: StepField::TargetConversion(Some(0.6)) };
    agent.ask(Request::Dispatch { journey, command: Command::set(target), via: Via::Ai }).await;
    agent.ask(set(OpportunityField::Reason("Half of them stop here".to_owned()), Via::User)).await;
    agent.ask(set(OpportunityField::Reason("Many stop here".to_owned()), Via::Ai)).await;

    let window = Window::open(&display, folder.path()).await;
    window.see(".mapv .stp").await;
    window.value("document.querySelector('.mapv article.k-opp').click()").await;
    window.see("#field-reason").await;
    // A day nobody has chosen is not shown as if it were today.
    let due = "[...document.querySelectorAll('#panel .fr')].find(it => it.querySelector('#field-due'))";
    window.until(&format!("{due}.querySelector('.unset') && {due}.innerText.includes('Not set')")).await;
    // What tells it floats; the corner that says whose journey it is stays in its place.
    window
        .until(
            "(() => { const [corner, name] = ['.lane-h.corner', '.lane-h.corner .lh'].map(it => document.querySelector(it).getBoundingClientRect());
            return name.left >= corner.left && name.right <= corner.right && name.bottom <= corner.bottom && getComputedStyle(document.querySelector('.lane-h.corner .lh')).position !== 'absolute'; })()",
        )
        .await;
    window.value("document.querySelector('#field-reason').scrollIntoView({ block: 'center' })").await;

    // The pointer on a label, or the keyboard, and it tells.
    window.point_at("#field-reason").await;
    let told = "(document.querySelector('#who-reason')?.innerText ?? '')";
    window
        .until(&format!(
            "{told}.includes('Assistant, accepted by') && {told}.includes('Before: “Half of them stop here”')"
        ))
        .await;
    shoot_both(&window, "who-set").await;
    window.value("document.querySelector('#field-state').focus()").await;
    window.until("!!document.querySelector('#who-state')").await;

    // Enter opens what it was, and brings it back; one undo takes that away again.
    window.value("document.querySelector('#field-reason').focus()").await;
    window.press(ENTER).await;
    window.choose("Bring back “Half of them stop here”").await;
    let reason = "[...document.querySelectorAll('#panel .fr')].find(it => it.querySelector('#field-reason')).innerText";
    window.until(&format!("{reason}.includes('Half of them stop here')")).await;
    window
        .until("[...document.querySelectorAll('.toast')].some(it => it.innerText.includes('Brought back'))")
        .await;
    window.press_with(CONTROL, "z").await;
    window.until(&format!("{reason}.includes('Many stop here')")).await;

    // B lists every field of what is open, a step's as well, and each leads on.
    window.press("b").await;
    window.see("[role=menu]").await;
    window.until("document.querySelector('[role=menu]').innerText.includes('Title: ')").await;
    shoot_both(&window, "who-set-what").await;
    window.choose("Reason: ").await;
    window.until("document.querySelector('[role=menu]')?.innerText.includes('Bring back')").await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('[role=menu]')").await;
    window.click(".mapv .stp[role=columnheader]").await;
    window.until("!!document.querySelector('#panel [role=tab]')").await;
    window.press("b").await;
    window.until("document.querySelector('[role=menu]')?.innerText.includes('Title: ')").await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('[role=menu]')").await;
    // What shows a step's field tells as much as the label of an item's.
    let target =
        "[...document.querySelectorAll('#panel .props button')].find(it => it.innerText.includes('Target'))";
    window.until(&format!("!!{target}")).await;
    window.value(&format!("{target}.focus()")).await;
    let told = "(document.querySelector('#who-target_conversion')?.innerText ?? '')";
    window
        .until(&format!("{told}.includes('Assistant, accepted by') && {told}.includes('Before: not set')"))
        .await;
    shoot_both(&window, "who-set-step").await;
    assert_eq!(window.value("document.querySelectorAll('.toast.bad-t').length").await, json!(0));
    window.close().await;
}
