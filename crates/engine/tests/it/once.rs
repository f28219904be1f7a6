//! Three engines of one team do the same automations, each killed again and again in the middle: every effect is there
//! once, on the map, in the tracker and in the channel.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::shared::automations::{self, believed};
use crate::shared::{HandClock, board, dispatch};
use custory_domain::*;
use custory_engine::{Engine, Options, SystemEntropy, secrets};
use custory_ipc::*;
use custory_testkit::relay::TestRelay;
use custory_testkit::vendors::{LINEAR_KEY, Linear, Slack};
use custory_testkit::way::{Allowance, Way};
use tempfile::TempDir;

/// Rounds of the test; each has two automations run on three engines, one of which is killed. `ROUNDS` asks for more.
const ROUNDS: u128 = 84;
/// Runs of automations in a round.
const RUNS_OF_A_ROUND: u128 = 6;
/// The most that a life carries before it is cut off; a quiet round has about as much.
const BYTES_MAX: u64 = 60_000;
/// How often to look again when nothing is told, and how often at most.
const LOOK: Duration = Duration::from_millis(20);
const LOOKS_MAX: usize = 1_500;
/// The tests' own time, a Monday.
const BEGIN: i64 = 1_764_000_000_000;
const HOUR: i64 = 60;
const STEP: StepId = StepId::from_parts(7, 1);

/// One device, over all its lives.
struct Device {
    folder: TempDir,
    person: &'static str,
    allowance: Allowance,
    ways: BTreeMap<&'static str, Way>,
    clock: Arc<HandClock>,
    engine: Option<Engine>,
    /// Clocks of lives that were ended: whoever waits by them waits for ever, as the dead do.
    stopped: Vec<Arc<HandClock>>,
}

impl Device {
    fn new(person: &'static str, relay: &TestRelay, slack: &Slack, linear: &Linear) -> Self {
        let allowance = Allowance::default();
        let socket = |url: String| url.trim_start_matches("http://").parse().unwrap();
        let servers = [
            ("relay", relay.socket()),
            ("slack", socket(slack.address())),
            ("linear", socket(linear.address())),
        ];
        let ways = servers.map(|(name, server)| (name, Way::within(server, &allowance))).into();
        let mut device = Self {
            folder: tempfile::tempdir().unwrap(),
            person,
            allowance,
            ways,
            clock: HandClock::at(BEGIN),
            engine: None,
            stopped: Vec::new(),
        };
        device.live();
        device
    }

    fn live(&mut self) {
        let data_dir = self.folder.path().to_owned();
        let options = Options {
            secrets: secrets::file(&data_dir),
            data_dir,
            clock: Arc::clone(&self.clock) as _,
            entropy: Box::new(SystemEntropy),
            person: self.person.to_owned(),
        };
        self.engine = Some(Engine::start(options).unwrap());
    }

    /// Ends it as a kill does, and begins another life an instant later.
    fn revive(&mut self) {
        self.allowance.end_after(0);
        self.engine = None;
        let clock = HandClock::at(self.clock.time());
        self.stopped.push(std::mem::replace(&mut self.clock, clock));
        self.allowance.mend();
        self.live();
        self.engine().keep_up();
    }

    fn engine(&self) -> &Engine {
        self.engine.as_ref().unwrap()
    }

    fn ask(&self, request: Request) -> Reply {
        self.engine().request_blocking(request).unwrap()
    }

    fn team(&self) -> Option<Team> {
        match self.ask(Request::Team(TeamRequest::Standing)) {
            Reply::Team { team } => team.map(|it| *it),
            other => panic!("{other:?}"),
        }
    }

    fn is_in_step(&self) -> bool {
        self.team().is_some_and(|it| {
            it.state == TeamState::InStep && it.journeys.iter().all(|it| it.waiting == 0 && it.unread == 0)
        })
    }

    fn connect(&self, vendor: &'static str, key: &str) {
        self.ask(Request::Connectors(ConnectorsRequest::Connect {
            vendor: vendor.to_owned(),
            key: Hidden(key.to_owned()),
            settings: BTreeMap::new(),
            base_url: Some(format!("http://{}", self.ways[vendor].address())),
        }));
    }

    fn switch_on(&self, key: &str, choose: impl FnOnce(&mut Choices)) {
        automations::switch_on(self.engine(), key, choose);
    }
}

/// The same chances in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn device(&mut self) -> usize {
        usize::try_from(self.below(3)).unwrap()
    }
}

/// Waits until an engine tells something, a moment at most: what others do is told by nobody.
fn pause(engine: &Engine) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let mut events = engine.events();
    drop(runtime.block_on(async { tokio::time::timeout(LOOK, events.next()).await }));
}

fn until(what: &str, device: &Device, mut is_so: impl FnMut() -> bool) {
    for _ in 0..LOOKS_MAX {
        if is_so() {
            return;
        }
        pause(device.engine());
    }
    panic!("waited in vain: {what}");
}

/// Ana's team with a journey, and two more in it.
fn team(devices: &[Device; 3]) -> JourneyId {
    let [ana, ben, carl] = devices;
    let from = Beginning::Blank;
    let Reply::Made { journey, .. } = ana.ask(Request::CreateJourney { title: "Crew".to_owned(), from })
    else {
        panic!("no journey")
    };
    let stage = board(ana.engine(), journey).stages_in_order()[1].id;
    let step = Step { title: "Invite crew".to_owned(), stage: Some(stage), ..Step::new(STEP) };
    dispatch(ana.engine(), journey, Command::add(step));
    let relay = ana.ways["relay"].address();
    ana.ask(Request::Team(TeamRequest::CreateTeam {
        relay: relay.clone(),
        token: None,
        device: "one".to_owned(),
    }));
    until("Ana's team is on the relay", ana, || ana.is_in_step());
    for (device, name) in [(ben, "two"), (carl, "three")] {
        let Reply::Invitation { link, .. } =
            ana.ask(Request::Team(TeamRequest::Invite { role: TeamRole::Editor, uses: 1 }))
        else {
            panic!("no invitation")
        };
        let link = link.replace(&relay, &device.ways["relay"].address());
        device.ask(Request::Team(TeamRequest::JoinTeam { link, device: name.to_owned() }));
        let asks = || ana.team().unwrap().requests.first().map(|it| it.request);
        until("somebody asks", ana, || asks().is_some());
        ana.ask(Request::Team(TeamRequest::ApproveJoin { request: asks().unwrap() }));
        until("they are in", device, || device.is_in_step() && board_has_step(device, journey));
    }
    journey
}

fn board_has_step(device: &Device, journey: JourneyId) -> bool {
    match device.engine().request_blocking(Request::OpenJourney { journey }) {
        Ok(Reply::Board { board, .. }) => board.steps.contains_key(&STEP),
        _ => false,
    }
}

/// What calls for an issue in the tracker, and for a word in the channel.
fn work(device: &Device, journey: JourneyId, round: u128) {
    let Reply::Start { start } = device.ask(Request::Start) else { panic!("no start") };
    let opportunity = Opportunity {
        title: format!("Problem {round}"),
        state: OpportunityState::Prioritised,
        owner: Some(start.me),
        steps: [STEP].into(),
        ..Opportunity::new(OpportunityId::from_parts(20, round))
    };
    let solution = Solution {
        title: format!("Fix {round}"),
        steps: [STEP].into(),
        ..Solution::new(SolutionId::from_parts(21, round))
    };
    let link = DeliveryLink {
        provider: "github".to_owned(),
        external_id: format!("FIX-{round}"),
        status: DeliveryStatus::Released,
        released_at: Some(Timestamp(BEGIN)),
        delivers: Some(solution.id.into()),
        ..DeliveryLink::new(DeliveryLinkId::from_parts(22, round))
    };
    // Enough behind it to be sent by itself.
    let about = opportunity.id.into();
    let evidence = (0..4).map(|number| {
        let id = EvidenceId::from_parts(23, round * 10 + number);
        believed(about, id, number, Timestamp(BEGIN))
    });
    let evidence: Vec<_> = evidence.map(Command::add).collect();
    let mut commands = vec![Command::add(opportunity), Command::add(solution), Command::add(link)];
    commands.extend(evidence);
    dispatch(device.engine(), journey, Command::Batch { label: "Work".to_owned(), commands });
}

/// How the automations stand, for whoever has to find out what went wrong.
fn state(devices: &[Device; 3]) -> String {
    let mut text = String::new();
    for device in devices {
        let Reply::Automations { automations } = device.ask(Request::Automations(AutomationsRequest::List))
        else {
            panic!("no list")
        };
        for it in automations.into_iter().filter(|it| it.is_on) {
            let runs: Vec<_> = it.runs.iter().take(2).collect();
            text.push_str(&format!("{} {}: waits {:?}, ran {runs:#?}\n", device.person, it.key, it.waits));
        }
    }
    text
}

#[test]
fn each_effect_is_there_once_whoever_is_killed() {
    let (relay, slack, linear) = (TestRelay::start(), Slack::start(), Linear::start());
    let mut devices = ["Ana", "Ben", "Carl"].map(|it| Device::new(it, &relay, &slack, &linear));
    let journey = team(&devices);
    let growth =
        ChosenChannel { vendor: "slack".to_owned(), id: Slack::GROWTH.to_owned(), name: "growth".to_owned() };
    for it in &devices {
        it.connect("slack", &Slack::keys());
        it.connect("linear", LINEAR_KEY);
        it.switch_on("shipped", |it| it.channel = Some(growth.clone()));
        it.switch_on("delivery", |it| it.team = Some(Linear::TEAM.to_owned()));
        it.engine().keep_up();
    }
    let rounds = std::env::var("ROUNDS").ok().and_then(|it| it.parse().ok()).unwrap_or(ROUNDS);
    let mut chance = Chance(7);
    let mut cut = 0;
    for round in 1..=rounds {
        work(&devices[chance.device()], journey, round);
        let victim = chance.device();
        devices[victim].allowance.end_after(1 + u32::try_from(chance.below(BYTES_MAX)).unwrap());
        devices.iter().for_each(|it| it.clock.advance(HOUR));
        let fixed = format!("“Fix {round}” has shipped");
        let is_done = || {
            linear.issues().iter().any(|it| it.title == format!("Problem {round}"))
                && slack.posts().iter().any(|it| it.text.contains(&fixed))
        };
        let mut looks = 0;
        while !is_done() {
            looks += 1;
            assert!(looks < LOOKS_MAX, "round {round} does not come to its end:\n{}", state(&devices));
            if devices[victim].allowance.is_over() {
                cut += 1;
                devices[victim].revive();
            } else if looks % 10 == 0 {
                // A minute goes by: whoever waits for something looks again.
                devices.iter().for_each(|it| it.clock.advance(1));
            }
            pause(devices[(victim + 1) % 3].engine());
        }
        devices[victim].revive();
    }
    // Another day goes by, and everybody has everything.
    for _ in 0..24 {
        devices.iter().for_each(|it| it.clock.advance(HOUR));
        until("all are in step", &devices[0], || devices.iter().all(Device::is_in_step));
    }
    println!("{} runs, {} lives cut off in the middle", rounds * RUNS_OF_A_ROUND, cut);
    let boards: Vec<Board> = devices.iter().map(|it| board(it.engine(), journey)).collect();
    assert!(boards[0] == boards[1] && boards[1] == boards[2], "the devices differ");
    for round in 1..=rounds {
        let (title, fixed) = (format!("Problem {round}"), format!("“Fix {round}” has shipped"));
        let issues = linear.issues().iter().filter(|it| it.title == title).count();
        let told: usize = slack.posts().iter().map(|it| it.text.matches(&fixed).count()).sum();
        let solution = &boards[0].solutions[&SolutionId::from_parts(21, round)];
        assert_eq!((issues, told, solution.state), (1, 1, SolutionState::Shipped), "in round {round}");
    }
}
