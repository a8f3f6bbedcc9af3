//! Who changes a pass in this process: one after the other, in the order in which they came.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedMutexGuard;
use walletpass_webservice::PassKey;

/// Turns to change passes; clones share them.
///
/// Of those who change one pass at the same time all but one would have computed in vain, again and again. The store decides
/// between processes only.
#[derive(Clone, Default)]
pub(super) struct Turns(Arc<Mutex<Waiting>>);

/// The passes that are being changed.
type Waiting = HashMap<PassKey, Arc<tokio::sync::Mutex<()>>>;

/// The right to change a pass, until it is dropped.
pub(super) struct Turn {
    turns: Turns,
    key: PassKey,
    lock: Arc<tokio::sync::Mutex<()>>,
    guard: Option<OwnedMutexGuard<()>>,
}

impl Turns {
    /// Waits for the turn to change a pass.
    pub(super) async fn wait(&self, key: &PassKey) -> Turn {
        let lock = {
            let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(waiting.entry(key.clone()).or_default())
        };
        // Made before the wait, so that one who gives up waiting leaves nothing behind.
        let mut turn = Turn { turns: self.clone(), key: key.clone(), lock, guard: None };
        turn.guard = Some(Arc::clone(&turn.lock).lock_owned().await);
        turn
    }
}

impl fmt::Debug for Turns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Turns(…)")
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.guard = None;
        let mut waiting = self.turns.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The map's and this one: nobody else waits.
        if Arc::strong_count(&self.lock) == 2 {
            waiting.remove(&self.key);
        }
    }
}
