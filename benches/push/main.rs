//! Stub.
fn main() {
    let _ = walletpass_push::Recorder::new();
}
