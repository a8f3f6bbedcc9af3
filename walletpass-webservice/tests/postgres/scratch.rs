//! A schema for one test.

use tokio_postgres::{Client, NoTls};
use walletpass_webservice::store::{PostgresOptions, PostgresStore};

/// A schema that a test has for itself. One whose test failed stays, to be looked at, until the test runs again.
pub(crate) struct Scratch {
    pub(crate) url: String,
    pub(crate) schema: String,
}

impl Scratch {
    /// Makes sure that there is nothing yet.
    pub(crate) async fn new(test: &str) -> Self {
        Self::at(&url(), test).await
    }

    pub(crate) async fn at(url: &str, test: &str) -> Self {
        let scratch = Self::known(url, test);
        scratch.drop_schema().await;
        scratch
    }

    /// Takes the schema of a test as it is.
    pub(crate) fn known(url: &str, test: &str) -> Self {
        Self { url: url.to_owned(), schema: format!("test_{test}") }
    }

    pub(crate) fn options(&self) -> PostgresOptions {
        PostgresOptions::default().schema(&self.schema).pool_size(8)
    }

    pub(crate) async fn store(&self) -> PostgresStore {
        self.options().connect(&self.address()).await.unwrap()
    }

    /// Gives the address with the name of the schema as that of the application.
    pub(crate) fn address(&self) -> String {
        let separator = if self.url.contains('?') { '&' } else { '?' };
        format!("{}{separator}application_name={}", self.url, self.schema)
    }

    /// Connects by the driver alone, within the schema.
    pub(crate) async fn client(&self) -> Client {
        let (client, connection) = tokio_postgres::connect(&self.url, NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(&format!("SET search_path = {}", self.schema)).await.unwrap();
        client
    }

    /// Waits until the server has ended all sessions of the stores of this schema.
    pub(crate) async fn left_alone(&self) {
        let client = self.client().await;
        let sessions = "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1";
        while client.query_one(sessions, &[&self.schema]).await.unwrap().get::<_, i64>(0) > 0 {
            tokio::task::yield_now().await;
        }
    }

    pub(crate) async fn remove(self) {
        self.drop_schema().await;
    }

    async fn drop_schema(&self) {
        let quiet = "SET client_min_messages = warning";
        let client = self.client().await;
        client.batch_execute(&format!("{quiet}; DROP SCHEMA IF EXISTS {} CASCADE", self.schema)).await.unwrap();
    }
}

#[expect(clippy::disallowed_methods, reason = "the server of the tests is named by the environment")]
pub(crate) fn url() -> String {
    std::env::var("WALLETPASS_POSTGRES_URL").expect(
        "these tests want a PostgreSQL server: export WALLETPASS_POSTGRES_URL=$(.ci/postgres start /tmp/walletpass-postgres), \
         and afterwards .ci/postgres stop /tmp/walletpass-postgres",
    )
}
