//! How databases spell the state of a pass.

use walletpass_core::State;

use super::StoreError;

/// Gives the name of a state.
pub(super) fn state_name(state: State) -> Result<&'static str, StoreError> {
    let found = NAMES.iter().find(|(known, _)| *known == state);
    found.map(|(_, name)| *name).ok_or_else(|| StoreError::Invalid {
        what: "a state of a pass that this store does not know".to_owned(),
        mend: "use the versions of walletpass-core and walletpass-webservice that belong together",
    })
}

/// Gives the state of a name.
pub(super) fn state_of(name: &str) -> Option<State> {
    NAMES.iter().find(|(_, known)| *known == name).map(|(state, _)| *state)
}

const NAMES: [(State, &str); 4] =
    [(State::Active, "active"), (State::Expired, "expired"), (State::Redeemed, "redeemed"), (State::Voided, "voided")];
