//! Notices of the desktop, on a message bus of the test's own: what a person sends there, and nothing else.

use custory_domain::{Command, Comment, CommentId, Via};
use custory_engine::{Engine, Options, secrets};
use custory_ipc::{Reply, Request};
use custory_testkit::bus::Bus;
use custory_testkit::notices::Notices;
use serde_json::json;

use crate::inbox::bring_crew;
use crate::screens::shoot_both;
use crate::window::{Attention, Display, Surroundings, Window};

#[tokio::test]
async fn what_is_to_be_told_aloud_is_one_notice_of_the_desktop_whose_words_are_no_markup() {
    let Some(bus) = Bus::start() else { return };
    let desktop = Notices::on(&bus);
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    bring_crew(folder.path());
    // Another program on this computer, which comments as no hand of the person does.
    let options =
        Options { secrets: secrets::file(folder.path()), ..Options::system(folder.path().to_owned()) };
    let program = Engine::start(options).expect("a second program");
    let ask = async |request| program.request(request).await.expect("an answer");
    let Reply::Start { start } = ask(Request::Start).await else { panic!("no start") };
    let (me, journey) = (start.me, start.journeys[0].id);
    let Reply::Board { board, .. } = ask(Request::OpenJourney { journey }).await else { panic!("no board") };
    let step = board.steps_in_order()[0];
    let say = |number: u128, body: &str, names: bool| {
        let comment = Comment {
            body: body.to_owned(),
            mentions: names.then_some(me).into_iter().collect(),
            about: Some(step.id.into()),
            ..Comment::new(CommentId::from_parts(9, number))
        };
        Request::Dispatch { journey, command: Command::add(comment), via: Via::Automation }
    };

    let around = Surroundings { bus: Some(bus.address()), ..Surroundings::default() };
    let window = Window::open_in(&display, folder.path(), &around).await;
    window.see(".mapv .stp").await;
    let counted = |count: usize| {
        format!("document.querySelector(\".side .nav[title='Inbox'] .cnt\")?.innerText === '{count}'")
    };

    // At first there is the inbox alone. A notice of this would be the first that comes, and the next lines say that it is not.
    ask(say(1, "before anybody asked for it", true)).await;
    window.until(&counted(1)).await;

    window.click(".side .nav[title='Settings']").await;
    window.click("[aria-label='Parts of the settings'] button:nth-of-type(2)").await;
    window.click("#notices-mentions").await;
    window.choose("Inbox and a notice").await;
    window
        .until("document.querySelector('#notices-mentions').innerText.trim() === 'Inbox and a notice'")
        .await;
    window.click("#notices-watched").await;
    window.choose("Nowhere").await;
    window.until("document.querySelector('#notices-watched').innerText.trim() === 'Nowhere'").await;
    shoot_both(&window, "notices").await;

    // While the window is looked at it says enough itself.
    let attention = Attention::on(&display);
    window.until("document.hasFocus()").await;
    ask(say(6, "seen as it comes", true)).await;
    window.until(&counted(2)).await;
    attention.leave();
    window.until("!document.hasFocus()").await;

    ask(say(2, "<b>two</b> people & more\nwrote", true)).await;
    let first = desktop.next();
    assert_eq!((first.title.as_str(), first.replaces), ("An automation mentioned you", 0));
    let text = format!("{}: &lt;b&gt;two&lt;/b&gt; people &amp; more wrote", step.title);
    assert_eq!(first.text, text, "others' words are no markup, and one line");

    // Whoever was named watches, and sent that nowhere: no line and no notice. What comes next takes the notice's place.
    ask(say(3, "for whoever watches", false)).await;
    ask(say(4, &"a long word ".repeat(50), true)).await;
    let second = desktop.next();
    assert_eq!((second.title.as_str(), second.replaces), ("2 new for you in Custory", first.number));
    assert!(second.text.starts_with("An automation mentioned you. "), "{second:?}");
    assert_eq!(second.text.chars().count(), 201, "as long as a notice may be");
    window.until(&counted(4)).await;

    // A click on what stands for more than one thing brings the window back, and leads to the inbox.
    window.until("!document.querySelector(\".side .nav[title='Inbox'][aria-current]\")").await;
    click(&desktop, &window, second.number).await;
    window.see(".side .nav[title='Inbox'][aria-current='page']").await;

    // Looked at and left again, it begins anew.
    attention.leave();
    window.until("!document.hasFocus()").await;
    ask(say(5, "after", true)).await;
    let third = desktop.next();
    assert_eq!(third.title, "An automation mentioned you");
    assert!(third.text.ends_with("after"), "{third:?}");

    // Clicked, it leads to what it is about.
    click(&desktop, &window, third.number).await;
    window.until(&format!("document.querySelector('#panel')?.innerText.includes('{}')", step.title)).await;
    assert_eq!(desktop.shown_by_now(), None);
    window.close().await;
}

/// Clicks on a notice until the window has come. The program begins to listen for clicks a moment after the desktop shows
/// a notice, which a person does not notice and a test does.
async fn click(desktop: &Notices, window: &Window, number: u32) {
    while window.value("document.hasFocus()").await != json!(true) {
        desktop.click(number);
        window.settle().await;
    }
}
