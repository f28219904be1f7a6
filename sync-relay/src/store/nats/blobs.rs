//! Snapshots' blobs, in parts that each fit into a message.

use std::fs::File;
use std::io::Read;

use custory_wire::Hash;
use custory_wire::limits::SNAPSHOT_PART_BYTES;

use super::super::{StoreError, Upload, blocking};
use super::Nats;
use crate::hub::Space;

type Result<T> = std::result::Result<T, StoreError>;

impl Nats {
    /// Writes a complete blob. Twice is no harm: a hash has one content.
    pub(super) async fn write_blob(&self, space: &Space, upload: Upload) -> Result<()> {
        let (address, hash) = (self.address(&space.id()), upload.hash());
        let path = upload.path().to_owned();
        let mut file = File::open(&path).map_err(StoreError::io(&path))?;
        for number in 0.. {
            let path = path.clone();
            let (rest, part) = blocking(move || {
                let mut part = Vec::with_capacity(SNAPSHOT_PART_BYTES);
                let read = (&mut file).take(SNAPSHOT_PART_BYTES as u64).read_to_end(&mut part);
                read.map_err(StoreError::io(&path))?;
                Ok((file, part))
            })
            .await?;
            if part.is_empty() {
                break;
            }
            file = rest;
            self.cluster.put_surely(address.blob(&hash, number), part.into()).await?;
        }
        Ok(())
    }

    /// A part of a blob, shorter at its end; `None` if there is no such blob.
    pub(super) async fn read_blob(
        &self,
        space: &Space,
        hash: Hash,
        offset: u64,
        length: usize,
    ) -> Result<Option<Vec<u8>>> {
        let address = self.address(&space.id());
        let mut bytes = Vec::with_capacity(length);
        while bytes.len() < length {
            let at = offset + bytes.len() as u64;
            let (number, within) =
                (at / SNAPSHOT_PART_BYTES as u64, (at % SNAPSHOT_PART_BYTES as u64) as usize);
            let part = self.cluster.next(address.partition, &address.blob(&hash, number), 1).await?;
            let Some(part) = part else { break };
            let Some(wanted) = part.body.get(within..).filter(|it| !it.is_empty()) else { break };
            bytes.extend_from_slice(&wanted[..wanted.len().min(length - bytes.len())]);
        }
        Ok((!bytes.is_empty()).then_some(bytes))
    }
}
