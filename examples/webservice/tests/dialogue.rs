//! The whole dialogue of a phone and a host: in each framework by the very code of its example, over each store.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "dialogue/stores.rs"]
mod stores;

#[allow(dead_code, reason = "an example has a `main`")]
#[path = "../actix.rs"]
mod in_actix;
#[allow(dead_code, reason = "an example has a `main`")]
#[path = "../axum.rs"]
mod in_axum;
#[allow(dead_code, reason = "an example has a `main`")]
#[path = "../hyper.rs"]
mod in_hyper;

use std::io;
use std::net::TcpListener;
use std::sync::Arc;

use url::Url;
use walletpass::model::port::{Clock, SystemClock};
use walletpass_examples::Club;
use walletpass_testkit::{Complaint, Fault, Iphone};
use walletpass_webservice::store::{Store, Write};
use walletpass_webservice::{DeviceApi, PassKey, StoredPasses, Tenant};

#[tokio::test(flavor = "multi_thread")]
async fn actix_over_memory() {
    dialogue(in_actix::serve, stores::memory()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn actix_over_sqlite() {
    let folder = stores::Folder::new("actix");
    dialogue(in_actix::serve, stores::sqlite(&folder)).await;
}

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread")]
async fn actix_over_postgres() {
    dialogue(in_actix::serve, stores::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn axum_over_memory() {
    dialogue(in_axum::serve, stores::memory()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn axum_over_sqlite() {
    let folder = stores::Folder::new("axum");
    dialogue(in_axum::serve, stores::sqlite(&folder)).await;
}

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread")]
async fn axum_over_postgres() {
    dialogue(in_axum::serve, stores::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hyper_over_memory() {
    dialogue(in_hyper::serve, stores::memory()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hyper_over_sqlite() {
    let folder = stores::Folder::new("hyper");
    dialogue(in_hyper::serve, stores::sqlite(&folder)).await;
}

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread")]
async fn hyper_over_postgres() {
    dialogue(in_hyper::serve, stores::postgres().await).await;
}

/// A host that serves, and a phone.
struct Scene {
    club: Arc<Club>,
    phone: Iphone,
    store: Arc<dyn Store>,
}

async fn dialogue<F>(serve: impl FnOnce(TcpListener, DeviceApi<StoredPasses>) -> F, store: Arc<dyn Store>)
where
    F: Future<Output = io::Result<()>> + Send + 'static,
{
    let club = Club::open(Arc::clone(&store)).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let server = tokio::spawn(serve(listener, club.api()));
    let mut scene = Scene { phone: club.phone(&url), club, store };

    scene.adds_and_registers().await;
    scene.takes_an_update_and_says_so().await;
    scene.takes_only_what_changed().await;
    scene.loses_no_update_that_races_it().await;
    scene.gets_a_new_push_token().await;
    assert_eq!(scene.phone.audit().await, Vec::<Complaint>::new());
    scene.removes_a_card().await;
    assert_eq!(scene.phone.audit().await, Vec::<Complaint>::new());
    assert_eq!(scene.phone.complaints(), []);
    assert_eq!(scene.club.take_logs(), Vec::<String>::new());
    scene.logs_what_went_wrong().await;
    server.abort();
}

impl Scene {
    async fn adds_and_registers(&mut self) {
        for serial in [FIRST, STRANGE] {
            self.club.put(serial, 100).await.unwrap();
            self.phone.add(&self.club.package(serial).await.unwrap()).await.unwrap();
            assert_eq!(self.club.push_tokens(serial).await.unwrap().len(), 1);
        }
        // The card of somebody else, which this phone must never hear of.
        self.club.put("somebody-else", 7).await.unwrap();
        assert_eq!(self.phone.complaints(), [], "both registrations were 201");
        assert_eq!(self.points(), ["100", "100"]);

        let first = self.phone.wake(Club::PASS_TYPE).await;
        assert_eq!(sorted(&first.listed), [FIRST, STRANGE], "without a tag everything is listed");
        assert_eq!(sorted(&first.unchanged), [FIRST, STRANGE]);
        let second = self.phone.wake(Club::PASS_TYPE).await;
        assert!(second.listed.is_empty() && second.faults().is_empty(), "204: nothing changed since");
    }

    async fn takes_an_update_and_says_so(&mut self) {
        for serial in [FIRST, STRANGE] {
            self.club.put(serial, 2_500).await.unwrap();
            for token in self.club.push_tokens(serial).await.unwrap() {
                let wakeup = self.phone.push(Club::PASS_TYPE, &token).await.unwrap();
                assert_eq!((sorted(&wakeup.listed), sorted(&wakeup.updated)), (vec![serial], vec![serial]));
                assert_eq!(wakeup.messages(), ["You now have 2,500 points"]);
            }
        }
        assert_eq!(self.points(), ["2,500", "2,500"]);
    }

    async fn takes_only_what_changed(&mut self) {
        self.club.put(STRANGE, 2_501).await.unwrap();
        let wakeup = self.phone.wake(Club::PASS_TYPE).await;
        assert_eq!((sorted(&wakeup.listed), sorted(&wakeup.updated)), (vec![STRANGE], vec![STRANGE]));
        for serial in [FIRST, STRANGE] {
            assert_eq!(self.phone.refresh(Club::PASS_TYPE, serial).await.not_modified, [serial], "304");
        }
    }

    /// The club writes as fast as it can while the phone keeps asking.
    async fn loses_no_update_that_races_it(&mut self) {
        let club = Arc::clone(&self.club);
        let writer = tokio::spawn(async move {
            for points in 3_001..=3_040 {
                club.put(FIRST, points).await.unwrap();
            }
        });
        let mut updates = 0;
        while !writer.is_finished() {
            updates += self.phone.wake(Club::PASS_TYPE).await.updated.len();
        }
        writer.await.unwrap();
        updates += self.phone.wake(Club::PASS_TYPE).await.updated.len();
        assert!(updates > 0);
        assert_eq!(self.points(), ["3,040", "2,501"]);
        // A card that changed after it was listed and before it was fetched is listed again, and the phone has it already: no mistake.
        let mut faults = self.phone.take_complaints().into_iter().map(|complaint| complaint.fault);
        assert!(faults.all(|fault| fault == Fault::UnchangedPass));
        let mut logs = self.club.take_logs().into_iter();
        assert!(logs.all(|line| line.contains("but the pass was unchanged")));
    }

    async fn gets_a_new_push_token(&mut self) {
        let old = self.club.push_tokens(FIRST).await.unwrap();
        self.phone.restore().await;
        let new = self.club.push_tokens(FIRST).await.unwrap();
        assert_eq!((old.len(), new.len()), (1, 1));
        assert_ne!(old, new);
        assert_eq!(self.club.push_tokens(STRANGE).await.unwrap(), new, "one phone has one token for a pass type");
        self.club.put(FIRST, 4_000).await.unwrap();
        let wakeup = self.phone.push(Club::PASS_TYPE, &new.concat()).await.unwrap();
        assert_eq!(wakeup.messages(), ["You now have 4,000 points"]);
    }

    async fn removes_a_card(&mut self) {
        self.phone.remove(Club::PASS_TYPE, STRANGE).await;
        assert_eq!(self.club.push_tokens(STRANGE).await.unwrap(), Vec::<String>::new());
        self.club.put(STRANGE, 5_000).await.unwrap();
        assert!(self.phone.wake(Club::PASS_TYPE).await.listed.is_empty());
        // Switched off, the last card stays in Wallet, and the list of the phone is empty.
        self.phone.automatic_updates(Club::PASS_TYPE, FIRST, false).await;
        self.club.put(FIRST, 5_001).await.unwrap();
        assert!(self.club.push_tokens(FIRST).await.unwrap().is_empty());
        assert_eq!(self.phone.audit().await, Vec::<Complaint>::new(), "the list without a tag is 204");
        self.phone.automatic_updates(Club::PASS_TYPE, FIRST, true).await;
        self.phone.wake(Club::PASS_TYPE).await;
        assert_eq!(self.points(), ["5,001"]);
    }

    async fn logs_what_went_wrong(&mut self) {
        let pass_type = Club::PASS_TYPE.parse().unwrap();
        let key = PassKey { tenant: Tenant::default(), pass_type, serial: FIRST.parse().unwrap() };
        let expected = self.store.pass(&key).await.unwrap().unwrap().tag;
        let gone = Write::DeletePass { key, expected, at: SystemClock.now() };
        self.store.commit(vec![gone]).await.unwrap();
        assert_eq!(self.phone.refresh(Club::PASS_TYPE, FIRST).await.faults(), [Fault::Unauthorized]);
        let logs = self.club.take_logs();
        assert_eq!(logs.len(), 1);
        assert!(logs.concat().contains("Authentication failure"), "{logs:?}");
    }

    /// Gives what the phone shows, card by card.
    fn points(&self) -> Vec<String> {
        let fields = self.phone.passes().flat_map(|pass| pass.visible_fields());
        fields.filter(|field| field.key == "points").map(|field| field.value).collect()
    }
}

fn sorted(serials: &[String]) -> Vec<&str> {
    let mut sorted: Vec<&str> = serials.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    sorted
}

const FIRST: &str = "member-4711";
/// What has to be percent-encoded on its way, and sorts after the other.
const STRANGE: &str = "ünd/so 100%?";
