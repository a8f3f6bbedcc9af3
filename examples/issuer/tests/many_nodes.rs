//! The example of many nodes, run as it is.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;

#[test]
fn a_node_dies_and_nothing_is_lost() {
    #[expect(clippy::disallowed_methods, reason = "a test without its server fails")]
    let url = std::env::var("WALLETPASS_POSTGRES_URL").expect(
        "this test wants a PostgreSQL server: export WALLETPASS_POSTGRES_URL=$(.ci/postgres start /tmp/walletpass-postgres), \
         and afterwards .ci/postgres stop /tmp/walletpass-postgres",
    );
    let printed = program::run("many_nodes", &[("WALLETPASS_POSTGRES_URL", &url)]);
    for line in [
        "node A  is to set 2,500 points on each, and is killed after",
        "node C  does what is due",
        "phones  each was woken, shows 2,500 points, and said so once",
        "Google  each object has 2,500 points",
    ] {
        assert!(printed.contains(line), "{line:?} is missing:\n{printed}");
    }
}
