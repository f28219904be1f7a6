//! Names of leases: the same on every device of a team, and nothing to anybody else.

use custory_wire::LeaseName;

use crate::aead::{OpenError, derive};
use crate::epochs::Epochs;

/// The first epoch: its key is every member's, whenever they came, and does not change with rotations.
const FIRST: u32 = 1;

/// The name of the lease for something that only one device at a time may do.
///
/// # Errors
/// [`OpenError::NoKey`] when this device does not have the first epoch's key.
pub fn lease_name(epochs: &Epochs, what: &str) -> Result<LeaseName, OpenError> {
    let key = derive::<16>("custory/lease/1", &[epochs.get(FIRST)?.bytes(), what.as_bytes()]);
    Ok(LeaseName(*key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epochs::EpochKey;

    #[test]
    fn only_who_has_the_key_can_name_it() {
        let of = |key| [(1, key)].into_iter().collect::<Epochs>();
        let mut number = 0u8;
        let mut key = || {
            number += 1;
            EpochKey::generate(&mut |bytes: &mut [u8]| bytes.fill(number))
        };
        let (ours, theirs) = (of(key()), of(key()));
        assert_eq!(lease_name(&ours, "shipped"), lease_name(&ours, "shipped"));
        assert_ne!(lease_name(&ours, "shipped"), lease_name(&ours, "delivery"));
        assert_ne!(lease_name(&ours, "shipped"), lease_name(&theirs, "shipped"));
        assert_eq!(lease_name(&Epochs::default(), "shipped"), Err(OpenError::NoKey(1)));
    }
}
