//! Connecting: the URL, the settings of each session, and the tables as this version wants them.

use std::borrow::Cow;
use std::time::Duration;

use deadpool_postgres::{GenericClient, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use tokio_postgres::config::SslMode;
use tokio_postgres::{Config, NoTls};

use super::PostgresOptions;
use super::failure::Failure;
use super::tls::Tls;
use crate::store::StoreError;

/// Makes the pool, and the tables if they are not there yet or older.
pub(super) async fn connect(url: &str, options: &PostgresOptions) -> Result<Pool, Failure> {
    check_schema(&options.schema)?;
    let (url, is_verifying) = read_ssl_mode(url)?;
    if !is_verifying && !options.root_certificates.is_empty() {
        return Err(invalid(
            "root certificates for connections that are not verified",
            "write sslmode=verify-full into the URL, or leave the certificates out",
        ));
    }
    let mut config: Config = url.parse().map_err(|_| {
        invalid(
            "an address that is none of PostgreSQL",
            "write postgres://user:password@host:5432/database?sslmode=verify-full",
        )
    })?;
    // The last of several modes is the one that counts.
    if is_verifying && config.get_ssl_mode() != SslMode::Require {
        return Err(invalid("an address with two sslmodes", "leave one of them"));
    }
    let session = session_options(config.get_options(), options);
    config.options(session).keepalives_idle(KEEPALIVE);
    if config.get_application_name().is_none() {
        config.application_name("walletpass");
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(options.timeout);
    }
    // A server that vanished without a word is not waited for as long as TCP would.
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(options.timeout);
    }
    let pool = open(config, is_verifying, options)?;
    migrate(&pool, &options.schema).await?;
    Ok(pool)
}

fn open(config: Config, is_verifying: bool, options: &PostgresOptions) -> Result<Pool, Failure> {
    let settings = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = match config.get_ssl_mode() {
        SslMode::Disable => Manager::from_config(config, NoTls, settings),
        _ => {
            let tls = if is_verifying { Tls::verifying(&options.root_certificates)? } else { Tls::encrypting()? };
            Manager::from_config(config, tls, settings)
        }
    };
    let pool = Pool::builder(manager).runtime(Runtime::Tokio1).max_size(options.pool_size.max(1));
    let pool = pool.wait_timeout(Some(options.timeout)).create_timeout(Some(options.timeout));
    pool.build().map_err(|error| StoreError::Unavailable { source: Box::new(error) }.into())
}

/// Says what every session is set to, whatever the database has as its defaults.
fn session_options(own: Option<&str>, options: &PostgresOptions) -> String {
    let millis = options.timeout.as_millis().clamp(1, i32::MAX as u128);
    let own = own.unwrap_or_default();
    // Every function is written for `read committed`: each of its statements sees what was committed before it began.
    // Every statement has an index. The server would rather read through a table that was small when it last looked, and go on so when it has grown.
    format!(
        r"{own} -c statement_timeout={millis} -c idle_in_transaction_session_timeout={millis} -c jit=off -c enable_seqscan=off -c max_parallel_workers_per_gather=0 -c default_transaction_isolation=read\ committed -c search_path={schema}",
        schema = options.schema
    )
}

/// Takes `sslmode=verify-full` out of the address, which the driver does not know; says whether it was there.
fn read_ssl_mode(url: &str) -> Result<(Cow<'_, str>, bool), Failure> {
    let is_url = url.starts_with("postgres://") || url.starts_with("postgresql://");
    let separators: &[char] = if is_url { &['?', '&'] } else { &[' '] };
    // In a URL no password comes after the question mark.
    let parameters = if is_url { url.find('?').unwrap_or(url.len()) } else { 0 };
    let (base, rest) = url.split_at(parameters);
    let has = |mode: &str| rest.split(separators).any(|parameter| parameter == format!("sslmode={mode}"));
    if has("verify-ca") || has("allow") {
        return Err(invalid(
            "an sslmode that this store does not have",
            "write sslmode=verify-full, or one of disable, prefer and require",
        ));
    }
    match has("verify-full") {
        true => Ok((format!("{base}{}", rest.replace("sslmode=verify-full", "sslmode=require")).into(), true)),
        false => Ok((url.into(), false)),
    }
}

/// A name that needs no quotes means the same everywhere.
fn check_schema(schema: &str) -> Result<(), Failure> {
    let is_legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let begins = schema.starts_with(|first: char| first.is_ascii_lowercase() || first == '_');
    match begins && schema.len() <= 63 && !schema.starts_with("pg_") && schema.bytes().all(is_legal) {
        true => Ok(()),
        false => Err(invalid(
            "a schema name that is not plain",
            "write 1 to 63 of a-z 0-9 _, not with a digit or pg_ at the beginning",
        )),
    }
}

/// Brings the tables from whatever version to this one, all or nothing; of several nodes one does it, and the others wait for it.
async fn migrate(pool: &Pool, schema: &str) -> Result<(), Failure> {
    let mut client = pool.get().await?;
    let encoding: String = client.query_one("SHOW server_encoding", &[]).await?.try_get(0)?;
    if encoding != "UTF8" {
        return Err(invalid(
            "a database that is not in UTF8",
            "make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
        ));
    }
    // Without a lock and without rights to create anything, as nearly every start finds the tables there.
    if version(&client, schema).await? == Some(MIGRATIONS.len()) {
        return Ok(());
    }
    let transaction = client.transaction().await?;
    transaction.execute("SELECT pg_advisory_xact_lock($1, hashtext($2))", &[&OWNER, &schema]).await?;
    let is_there = "SELECT FROM pg_namespace WHERE nspname = $1";
    if transaction.query_opt(is_there, &[&schema]).await?.is_none() {
        transaction.batch_execute(&format!("CREATE SCHEMA \"{schema}\"")).await?;
    }
    let done = match version(&transaction, schema).await? {
        Some(version) => version,
        None => {
            transaction.batch_execute("CREATE TABLE migrations (version bigint PRIMARY KEY)").await?;
            0
        }
    };
    for (step, number) in MIGRATIONS.iter().zip(1_i64..).skip(done) {
        for part in *step {
            transaction.batch_execute(part).await?;
        }
        transaction.execute("INSERT INTO migrations VALUES ($1)", &[&number]).await?;
    }
    Ok(transaction.commit().await?)
}

/// Gives the version of the tables; none when there are none.
async fn version(client: &impl GenericClient, schema: &str) -> Result<Option<usize>, Failure> {
    let name = format!("{schema}.migrations");
    let is_there: bool = client.query_one("SELECT to_regclass($1) IS NOT NULL", &[&name]).await?.try_get(0)?;
    if !is_there {
        return Ok(None);
    }
    let version: i64 = client.query_one("SELECT coalesce(max(version), 0) FROM migrations", &[]).await?.try_get(0)?;
    match usize::try_from(version) {
        Ok(version) if version <= MIGRATIONS.len() => Ok(Some(version)),
        _ => Err(invalid(
            format!("tables of version {version}, where this program knows {}", MIGRATIONS.len()),
            "run the newer program that made them, or restore a backup from before",
        )),
    }
}

fn invalid(what: impl Into<String>, mend: &'static str) -> Failure {
    Failure::Store(StoreError::Invalid { what: what.into(), mend })
}

/// What leads from each version to the next. A step that was released is never changed.
const MIGRATIONS: [&[&str]; 1] = [&[include_str!("tables.sql"), include_str!("writes.sql")]];

/// `WPst`: tells our advisory locks from those of others.
const OWNER: i32 = 0x5750_7374;

/// After how long a silent connection is asked whether it still lives.
const KEEPALIVE: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mode_is_read_from_where_it_stands() {
        for (url, read, is_verifying) in [
            ("postgres://a@b/c", "postgres://a@b/c", false),
            ("postgres://a@b/c?sslmode=verify-full", "postgres://a@b/c?sslmode=require", true),
            ("postgresql://a@b/c?x=1&sslmode=verify-full", "postgresql://a@b/c?x=1&sslmode=require", true),
            ("host=b user=a sslmode=verify-full", "host=b user=a sslmode=require", true),
            ("postgres://a:sslmode=verify-full@b/c", "postgres://a:sslmode=verify-full@b/c", false),
        ] {
            assert_eq!(read_ssl_mode(url).unwrap(), (read.into(), is_verifying), "{url}");
        }
        assert!(read_ssl_mode("postgres://a@b/c?sslmode=verify-ca").is_err());
    }

    #[test]
    fn schemas_have_plain_names() {
        for (schema, is_legal) in [
            ("walletpass", true),
            ("_a1", true),
            ("", false),
            ("1a", false),
            ("A", false),
            ("a;b", false),
            ("pg_x", false),
        ] {
            assert_eq!(check_schema(schema).is_ok(), is_legal, "{schema}");
        }
        assert!(check_schema(&"a".repeat(64)).is_err());
    }
}
