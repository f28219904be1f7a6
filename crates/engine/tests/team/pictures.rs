//! Pictures of touchpoints through the relay: seen by teammates, also when the sender is gone; never by the relay.

use custory_domain::*;
use custory_engine::Engine;
use custory_ipc::*;
use custory_testkit::relay::TestRelay;

use crate::{ana_and_ben, ask, board, dispatch, engine, files_in, in_step, team, until};

/// Stands in the picture again and again, in the clear.
const CANARY: &[u8] = b"what a screenshot shows of a customer";

/// What is told apart as a picture of 640 × 400, of several parts, that does not shrink to nothing.
fn picture(seed: u32, bytes: usize) -> Vec<u8> {
    let mut picture = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x02\x80\0\0\x01\x90\x08\x06\0\0\0".to_vec();
    let mut state = seed;
    while picture.len() < bytes {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        picture.extend_from_slice(&state.to_be_bytes());
        if picture.len() % 1_000 < 4 {
            picture.extend_from_slice(CANARY);
        }
    }
    picture
}

fn add_touchpoint(engine: &Engine, journey: JourneyId, step: StepId) -> TouchpointId {
    let id = TouchpointId::from_parts(7, step.ulid().0);
    let touchpoint =
        Touchpoint { title: "Sign-up page".to_owned(), steps: [step].into(), ..Touchpoint::new(id) };
    dispatch(engine, journey, Command::add(touchpoint));
    id
}

fn attach(engine: &Engine, journey: JourneyId, touchpoint: TouchpointId, bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("screenshot.png");
    std::fs::write(&path, bytes).unwrap();
    let path = path.display().to_string();
    ask(engine, Request::Pictures(PictureWish::Attach { journey, touchpoint, path }));
    board(engine, journey).touchpoints[&touchpoint].picture.clone()
}

fn sees(engine: &Engine, name: &str, bytes: &[u8]) {
    let shown = until(engine, "the picture", |it| {
        match ask(it, Request::Pictures(PictureWish::Look { name: name.to_owned() })) {
            Reply::Picture { picture } => picture,
            other => panic!("{other:?}"),
        }
    });
    use base64ct::Encoding as _;
    assert_eq!((shown.mime.as_str(), shown.base64), ("image/png", base64ct::Base64::encode_string(bytes)));
}

/// Everything is sent: pictures count as well.
fn has_sent(engine: &Engine) {
    in_step(engine, "the picture is sent");
}

#[test]
fn a_picture_is_seen_by_a_teammate_also_when_the_sender_is_offline_and_never_by_the_relay() {
    let (a, b, c) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut relay = TestRelay::start();
    let (ana, ben) = (engine(a.path(), "Ana"), engine(b.path(), "Ben"));
    let journey = ana_and_ben(&relay, &ana, &ben);
    let step = board(&ana, journey).steps.keys().copied().next().unwrap();
    let touchpoint = add_touchpoint(&ana, journey, step);

    // Both are there.
    let first = picture(1, 450_000);
    let name = attach(&ana, journey, touchpoint, &first);
    sees(&ben, &name, &first);

    // Ben was away and Ana is gone by the time he comes back.
    drop(ben);
    let second = picture(2, 300_000);
    let name = attach(&ana, journey, touchpoint, &second);
    has_sent(&ana);
    drop(ana);
    let ben = engine(b.path(), "Ben");
    sees(&ben, &name, &second);
    in_step(&ben, "Ben has read everything");

    // The relay loses everything: who has the pictures brings them back, for somebody who comes then.
    relay.wipe();
    in_step(&ben, "Ben has filled the relay");
    until(&ben, "the picture is on the relay again", |_| {
        Some(relay.kept().record_bytes).filter(|it| *it > 200_000)
    });
    let ana = engine(a.path(), "Ana");
    in_step(&ana, "Ana is back");
    let Reply::Invitation { link, .. } =
        ask(&ana, Request::Team(TeamRequest::Invite { role: TeamRole::Viewer, uses: 1 }))
    else {
        panic!("no invitation")
    };
    let carl = engine(c.path(), "Carl");
    ask(&carl, Request::Team(TeamRequest::JoinTeam { link, device: "Carl's laptop".to_owned() }));
    let request = until(&ana, "Carl asks", |it| team(it)?.requests.first().cloned());
    ask(&ana, Request::Team(TeamRequest::ApproveJoin { request: request.request }));
    sees(&carl, &name, &second);

    for it in [&ana, &ben, &carl] {
        assert!(team(it).unwrap().notices.is_empty(), "{:?}", team(it).unwrap().notices);
        assert_eq!(team(it).unwrap().journeys.len(), 1, "a picture is no journey");
    }
    relay.kill();
    for file in files_in(relay.folder()) {
        let bytes = std::fs::read(&file).unwrap();
        assert!(!bytes.windows(CANARY.len()).any(|it| it == CANARY), "{} holds the picture", file.display());
        assert!(!bytes.windows(64).any(|it| it == &second[1_000..1_064]), "{}", file.display());
    }
}

#[test]
fn a_picture_that_was_added_before_there_was_a_team_or_a_connection_is_shared_with_its_journey() {
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut relay = TestRelay::start();
    let (ana, ben) = (engine(a.path(), "Ana"), engine(b.path(), "Ben"));
    let journey = ana_and_ben(&relay, &ana, &ben);
    let step = board(&ana, journey).steps.keys().copied().next().unwrap();
    let touchpoint = add_touchpoint(&ana, journey, step);
    relay.kill();
    let bytes = picture(3, 5_000);
    let name = attach(&ana, journey, touchpoint, &bytes);
    drop(ana);
    relay.revive();
    let ana = engine(a.path(), "Ana");
    sees(&ben, &name, &bytes);
    in_step(&ana, "all is sent");
}
