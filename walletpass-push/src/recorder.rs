//! A double that wakes nobody.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use walletpass_core::PassTypeId;

use crate::push::is_token;
use crate::{Gone, Outcome, Push};

/// Writes down whom it was to wake, and answers as it was told. Clones share the record.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use walletpass_push::{Gone, Outcome, Push, Recorder};
///
/// let (recorder, topic) = (Recorder::new(), "pass.org.example.library".parse()?);
/// recorder.answer("dead", Outcome::Gone(Gone::BadDeviceToken));
/// assert!(recorder.wake(&topic, "c0ffee").await.is_delivered());
/// assert!(!recorder.wake(&topic, "dead").await.is_delivered());
/// assert_eq!(recorder.woken(), [(topic, "c0ffee".to_owned())]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Recorder {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    answers: HashMap<String, Outcome>,
    asked: usize,
    woken: Vec<(PassTypeId, String)>,
}

impl Recorder {
    /// Makes one that delivers everything.
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers every push to `token` with `outcome` from now on.
    pub fn answer(&self, token: &str, outcome: Outcome) {
        self.state().answers.insert(token.to_owned(), outcome);
    }

    /// Gives the pushes that were delivered, in their order: topic and token.
    pub fn woken(&self) -> Vec<(PassTypeId, String)> {
        self.state().woken.clone()
    }

    /// Gives how often it was asked to wake somebody, whatever became of it.
    pub fn asked(&self) -> usize {
        self.state().asked
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Push for Recorder {
    async fn wake(&self, topic: &PassTypeId, token: &str) -> Outcome {
        let mut state = self.state();
        state.asked += 1;
        let outcome = match state.answers.get(token) {
            Some(outcome) => outcome.clone(),
            None if is_token(token) => Outcome::Delivered { id: None },
            None => Outcome::Gone(Gone::Malformed),
        };
        if outcome.is_delivered() {
            state.woken.push((topic.clone(), token.to_owned()));
        }
        outcome
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("Recorder")
            .field("asked", &state.asked)
            .field("woken", &state.woken.len())
            .finish_non_exhaustive()
    }
}
