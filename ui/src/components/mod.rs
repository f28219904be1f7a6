//! What every view is made of. Components know how things look and nothing of what they mean.

mod avatar;
mod button;
mod choice;
mod dialog;
mod empty;
mod field;
mod icon;
mod inline;
mod kbd;
mod menu;
mod note;
mod row;
mod status;
mod toast;

pub use avatar::{Avatar, avatar, initials, person_colour};
pub use button::{Button, Chip, IconButton};
pub use choice::Choice;
pub use dialog::{Dialog, QuestionDialog, keep_inside, use_focus_kept};
pub use empty::Empty;
pub use field::TextField;
pub use icon::{Icon, KindIcon, Sprite, icon, kind_icon};
pub use inline::InlineText;
pub use kbd::{Kbd, Keys, label as key_label};
pub use menu::{Entry, Menu, MenuHost};
pub use note::Note;
pub use row::SettingRow;
pub use status::{Severity, Status, StatusMark, severity, status_mark};
pub use toast::Toasts;
