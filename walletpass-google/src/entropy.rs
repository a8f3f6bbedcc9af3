//! Chance from OpenSSL, where the host brings none.

use walletpass_core::port::Entropy;

/// Random bytes of OpenSSL's generator, which the operating system seeds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LocalEntropy;

impl Entropy for LocalEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        // It only spreads retries here: should the generator fail, they are spread less.
        let _ = openssl::rand::rand_bytes(bytes);
    }
}
