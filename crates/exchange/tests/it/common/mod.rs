//! Boards to send out and take in, and what should be equal about them afterwards.

use custory_domain::*;
use custory_exchange::{Ids, Imported, from_json};
use custory_testkit::Mint;
use custory_testkit::gesture::{Gesture, gesture};
use proptest::prelude::*;

pub const NOW: Timestamp = Timestamp(1_795_514_400_000);

/// What people made of an empty journey, and their workspace.
pub fn boards() -> impl Strategy<Value = (Board, Board)> {
    proptest::collection::vec(gesture(), 0..60).prop_map(|gestures| played(&gestures))
}

pub fn played(gestures: &[Gesture]) -> (Board, Board) {
    let mut mint = Mint::of(3);
    let persona = Persona { name: "Crew *owner*".to_owned(), ..Persona::new(mint.id()) };
    let me = Member { name: "Maya".to_owned(), ..Member::new(mint.member()) };
    let journey = Journey {
        title: "From A to B".to_owned(),
        owner: Some(me.id),
        personas: [persona.id].into(),
        ..Journey::new(mint.id())
    };
    let mut board = Board::default();
    run(&mut board, Command::add(journey), mint.stamp()).expect("a journey can be added");
    for gesture in gestures {
        if let Some(command) = gesture.command(&board, &mut mint) {
            // What a rule forbids is not done; that too is life.
            drop(run(&mut board, command, mint.stamp()));
        }
    }
    let workspace = Board::from(vec![me.into(), persona.into()]);
    (board, workspace)
}

pub fn run(board: &mut Board, command: Command, stamp: Stamp) -> Result<(), CommandError> {
    let changes = carry_out(board, command, stamp)?;
    board.apply(&Patch { put: changes.after, removed: Vec::new() });
    Ok(())
}

/// The journey that commands make, carried out as an engine does: the journey, then one batch.
pub fn made(journey: Journey, commands: Vec<Command>) -> Board {
    let mut board = Board::default();
    let stamp = Stamp { by: MemberId::from_parts(9, 9), at: NOW, via: Via::Import };
    run(&mut board, Command::add(journey), stamp).expect("a journey can be added");
    let batch = Command::Batch { label: "Import".to_owned(), commands };
    run(&mut board, batch, stamp).expect("what is imported keeps the rules");
    board
}

pub fn import(text: &str, workspace: &Board, ids: Ids) -> Imported {
    let mut mint = Mint::of(200);
    from_json(text, workspace, ids, &mut || mint.id()).expect("the file is sound")
}

/// A board without what adding stamps anew; comments and decisions know by themselves whose they are.
pub fn unstamped(board: &Board) -> Board {
    let entities = board.entities().map(|mut it| {
        if let Entity::Comment(it) = &mut it {
            (it.author, it.said_at) = (Some(it.said_by()), Some(it.said_at()));
        }
        if let Entity::Decision(it) = &mut it {
            (it.author, it.decided_at) = (Some(it.decided_by()), Some(it.decided_at()));
        }
        it.set_created(Stamp::default());
        it
    });
    Board::from(entities.collect::<Vec<_>>())
}

/// The example on a board, with its people.
pub fn sample() -> (Board, Board) {
    let mut mint = Mint::of(5);
    let me = Member { name: "Maya".to_owned(), ..Member::new(mint.member()) };
    let sample = custory_exchange::sample(NOW, me.id, &mut || mint.id());
    let board = made(sample.journey, sample.commands);
    let people = sample.people.into_iter().map(Entity::from);
    let personas = sample.personas.into_iter().map(Entity::from);
    (board, Board::from(people.chain(personas).chain([me.into()]).collect::<Vec<_>>()))
}
