//! A club on many machines, which share a PostgreSQL database: one changes the cards, one answers the phones, one does what is due, and
//! one of them is killed in the middle of it.
//!
//! ```text
//! export WALLETPASS_POSTGRES_URL=$(.ci/postgres start /tmp/walletpass-postgres)     # or a database of yours
//! cargo run -p walletpass-issuer-examples --features postgres --example many_nodes
//! ```
//!
//! Each node is a process, which this one starts; Apple, Google and the phones are made up. A node that dies takes along what it was about to
//! deliver, until two minutes are over and another may do it: so all clocks here go sixty times as fast.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "examples print")]

mod node;

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::task::JoinSet;
use walletpass::google::Http;
use walletpass::model::Serial;
use walletpass::model::port::{Clock, HttpClient};
use walletpass::url::Url;
use walletpass_issuer_examples::fakes::Fakes;
use walletpass_issuer_examples::settings::FastClock;
use walletpass_issuer_examples::{Failed, with_causes};
use walletpass_testkit::Iphone;

use self::node::{Orders, Task};

#[tokio::main]
async fn main() -> ExitCode {
    let done = match std::env::args().nth(1).as_deref() {
        Some(NODE) => node::run().await,
        _ => run().await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", with_causes(&error));
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Failed> {
    #[expect(clippy::disallowed_methods, reason = "a program, which has to be told where its database is")]
    let Ok(database) = std::env::var("WALLETPASS_POSTGRES_URL") else {
        return Err("WALLETPASS_POSTGRES_URL is not set: give it a PostgreSQL database, postgres://user:password@host/name, or start one by \
                    export WALLETPASS_POSTGRES_URL=$(.ci/postgres start /tmp/walletpass-postgres)"
            .into());
    };
    let clock = FastClock::start(60);
    let fakes = Fakes::start(clock)?;
    let schema = format!("many_nodes_{}", clock.now().timestamp_millis());
    let start = |name: &str, task| {
        let (name, database, schema) = (name.to_owned(), database.clone(), schema.clone());
        Node::start(&Orders { name, task, database, schema, settings: fakes.settings() })
    };
    let (mut a, b, _c) = (start("node A", Task::Serve)?, start("node B", Task::Serve)?, start("node C", Task::Work)?);
    println!("node A  changes cards, node B answers phones, node C does what is due; all over one database");

    let http = Arc::new(Http::new()?);
    let mut phones = Vec::new();
    for number in 1..=MEMBERS {
        let member: Serial = format!("member-{number:02}").parse()?;
        let page = post(&http, &a.url, &format!("/members/{member}"), "").await?;
        let address = page.split('"').find(|part| part.contains(".pkpass")).ok_or("a page without a link")?;
        let mut phone = fakes.phone(&b.url);
        phone.add(&fakes.get(&address.parse()?, &b.url).await?.1).await?;
        phones.push(Member { member, phone, messages: Vec::new() });
    }
    println!("phones  {MEMBERS} of them download a card that node A made from node B, and register there");

    let mut till = JoinSet::new();
    for Member { member, .. } in &phones {
        let (http, url, member) = (Arc::clone(&http), a.url.clone(), member.clone());
        till.spawn(async move {
            let done = earn(&http, &url, &member).await;
            (member, done.is_ok())
        });
    }
    let (mut answered, mut unanswered) = (0, Vec::new());
    while let Some(done) = till.join_next().await {
        match done? {
            (_, true) => answered += 1,
            (member, false) => unanswered.push(member),
        }
        if answered == ANSWERS_OF_A {
            a.kill()?;
        }
    }
    println!("node A  is to set 2,500 points on each, and is killed after {answered} answers");
    for member in &unanswered {
        earn(&http, &b.url, member).await?;
    }
    println!("node B  is asked for the other {} instead", unanswered.len());

    let pushes = settle(&fakes, &mut phones).await?;
    println!("phones  each was woken, shows 2,500 points, and said so once; {pushes} pushes in all");
    println!("Google  each object has 2,500 points");
    Ok(())
}

/// Has the phones do what the pushes cause until everything is as it should be; gives how many pushes that took.
async fn settle(fakes: &Fakes, phones: &mut [Member]) -> Result<usize, Failed> {
    let mut seen = 0;
    for _ in 0..600 {
        for token in fakes.woken().split_off(seen) {
            seen += 1;
            for Member { phone, messages, .. } in &mut *phones {
                if let Some(wakeup) = phone.push(Fakes::PASS_TYPE, &token).await {
                    messages.extend(wakeup.messages().into_iter().map(str::to_owned));
                }
            }
        }
        if phones.iter().all(|member| member.is_settled(fakes)) {
            return Ok(seen);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let left: Vec<_> = phones.iter().filter(|member| !member.is_settled(fakes)).map(Member::told).collect();
    Err(format!("after half an hour by its clock the club has not settled:\n{}", left.join("\n")).into())
}

/// Somebody with a card.
struct Member {
    member: Serial,
    phone: Iphone,
    /// What the phone said.
    messages: Vec<String>,
}

impl Member {
    fn is_settled(&self, fakes: &Fakes) -> bool {
        let is_at_google = fakes.state_and_points(&self.member).is_some_and(|(_, points)| points == 2_500);
        is_at_google && self.messages == ["You now have 2,500 points"] && self.phone.complaints().is_empty()
    }

    fn told(&self) -> String {
        format!("{}: it said {:?}, and complains {:?}", self.member, self.messages, self.phone.complaints())
    }
}

async fn earn(http: &Http, node: &Url, member: &Serial) -> Result<(), Failed> {
    post(http, node, &format!("/members/{member}/points"), "2500").await?;
    Ok(())
}

async fn post(http: &Http, node: &Url, path: &str, body: &'static str) -> Result<String, Failed> {
    let request = http::Request::post(node.join(path)?.as_str()).body(Bytes::from(body))?;
    let answer = http.send(request).await?;
    match answer.status().is_success() {
        true => Ok(String::from_utf8(answer.into_body().to_vec())?),
        false => Err(format!("{path}: {}", answer.status()).into()),
    }
}

/// A process that runs a node, and is stopped with this one.
struct Node {
    process: Child,
    /// Where it answers, if it does.
    url: Url,
    /// The node stops when it is closed.
    _orders: ChildStdin,
}

impl Node {
    fn start(orders: &Orders) -> Result<Self, Failed> {
        let mut process =
            Command::new(std::env::current_exe()?).arg(NODE).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (mut input, output) = (process.stdin.take().ok_or("no pipe")?, process.stdout.take().ok_or("no pipe")?);
        writeln!(input, "{}", serde_json::to_string(orders)?)?;
        let mut lines = BufReader::new(output).lines();
        let ready = lines.next().ok_or_else(|| format!("{} does not start", orders.name))??;
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                println!("{line}");
            }
        });
        let nowhere = || Url::parse("http://127.0.0.1");
        Ok(Self { process, url: ready.parse().or_else(|_| nowhere())?, _orders: input })
    }

    fn kill(&mut self) -> std::io::Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }
}

const NODE: &str = "--as-a-node";
const MEMBERS: usize = 20;
const ANSWERS_OF_A: usize = 5;
