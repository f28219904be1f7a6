//! The map: stages and steps across, curves and lanes down, cards where they meet.

mod add;
mod branches;
mod card;
mod cell;
mod drag;
mod feeling;
mod find;
mod first;
mod funnel;
mod grid;
mod heads;
mod keys;
mod layout;
mod lens;
mod marked;
mod marquee;
mod measure;
mod menus;
mod model;
mod moves;
mod panning;
mod pointers;
mod select;
mod squares;
mod state;
mod words;
mod zooming;

pub use add::new_item;
pub use card::{
    Body, Face, Tone, Worth, change, delivery_of, delivery_status, face, outcome, solution_status,
    source_icon, source_name,
};
pub use cell::rename;
pub use drag::pull;
pub use feeling::{Point, curve};
pub use find::{jump, place_of};
pub use grid::{Grid, MAP_ID};
pub use keys::zoom;
pub use layout::{Column, LABEL_WIDTH, Layout, STEP_WIDTH, Slot, Zoom};
pub use marked::marked;
pub use marquee::cancel as cancel_marquee;
pub use measure::{Face as Font, width as text_width};
pub use menus::{branch_entries, detail_entries, item_entries, owner_entries, step_entries};
pub use model::{MapModel, cell as items_of_cell};
pub use moves::{begin_adding, land, reveal_step, step_at_hand};
pub use select::{at_hand, hidden, trash};
pub use state::{Adding, MapState, Spot, use_map, use_provide_map};
pub use words::entries as word_lane_entries;
pub use zooming::{zoom_by_level, zoom_to};
