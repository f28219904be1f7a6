//! Chats: what a team marks and says there comes in, answers and news go out.
//!
//! Invariant: what is heard is in the store before it is confirmed, and stays until it is dealt with. Invariant: a
//! post is noted before the first try to make it; it is looked for before it is made, and one of which nobody knows
//! whether it was made is never made anew without looking.

mod answer;
mod heard;
mod listen;
mod post;
mod take;
mod wish;

use custory_connectors::Channel;
use custory_ipc::{ChannelView, Reply};

pub(super) use heard::deal_with_heard;
pub(crate) use listen::Listening;
pub(super) use post::make;
pub(crate) use post::{Noted, note_id};

use super::{failure, has_no};
use crate::apart::Later;
use crate::failure::Fault;
use crate::inbox::Core;

impl Core {
    /// Channels of a connected chat tool.
    pub(crate) fn chat_channels(&mut self, vendor: &str) -> Result<Later, Fault> {
        let kept = self.kept(vendor)?;
        let (context, vendor) = (self.context(vendor, &kept)?, vendor.to_owned());
        Ok(Box::new(move || {
            Box::pin(async move {
                let chat = context.chat().ok_or_else(|| has_no("channels", &vendor))?;
                let channels = chat.channels().await.map_err(|it| failure(&it))?;
                let view = |it: Channel| ChannelView { id: it.id, name: it.name, is_ours: it.is_ours };
                Ok(Reply::ChatChannels { channels: channels.into_iter().map(view).collect() })
            })
        }))
    }
}
