//! Unlocking this device's keys, for commands that need them.

use std::io::IsTerminal;

use anyhow::bail;
use custory_engine::Engine;
use custory_ipc::{Hidden, KeyLock, Reply, Request};

/// Sees to it that keys can be used: where they are sealed, a person is asked for the passphrase.
pub(crate) fn ready(engine: &Engine) -> anyhow::Result<()> {
    let Reply::Keys { lock, .. } = engine.request_blocking(Request::Keys)? else {
        bail!("the engine answered something else");
    };
    let question = match lock {
        KeyLock::Open => return Ok(()),
        // Looked at once more; the reason why not is the engine's.
        KeyLock::KeychainShut => {
            engine.request_blocking(Request::UnlockKeys { passphrase: Hidden(String::new()) })?;
            return Ok(());
        }
        KeyLock::Locked => "Passphrase of the keys (not shown): ",
        KeyLock::NoPassphrase => {
            "This system offers no keychain, so keys are kept in a sealed file. Choose a passphrase (not shown): "
        }
    };
    if !std::io::stdin().is_terminal() {
        let state = if lock == KeyLock::Locked { "are sealed" } else { "need a passphrase" };
        bail!("The keys {state}. Put the passphrase into CUSTORY_PASSPHRASE, or run this in a terminal.");
    }
    let passphrase = Hidden(rpassword::prompt_password(question)?);
    engine.request_blocking(Request::UnlockKeys { passphrase })?;
    Ok(())
}
