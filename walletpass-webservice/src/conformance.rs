//! The tests of the contracts of [`Store`] and [`Assets`](crate::store::Assets), for whoever implements one.
//!
//! ```
//! # mod tests {
//! use std::sync::Arc;
//! use walletpass_webservice::store::MemoryStore; // your store
//!
//! walletpass_webservice::conformance_tests!(Arc::new(MemoryStore::new()));
//!
//! mod assets {
//!     use super::*;
//!     walletpass_webservice::conformance_tests!(assets: Arc::new(MemoryStore::new()));
//! }
//! # }
//! ```
//!
//! makes one `#[test]` of each case. The expression gives a fresh, empty store as an `Arc`, and may `.await`. Each case works as tenants of its own,
//! whose names begin with `suite.` (one of them also as the default tenant), so that all may share one new database, at the same time too; but on a database
//! that the suite has seen before they fail.
//!
//! A case that fails says which sentence of the contract does not hold, what was found, and how to mend it. The cases are plain
//! async functions, in the modules below: those that take a slice of handles let several workers race, and want handles on **the same data**:
//! one will do, and two of different connections or pools are better. They spawn tasks, and so run within a tokio runtime; the others run in any.

pub mod assets;
pub mod commits;
pub mod documents;
pub mod events;
mod ground;
pub mod leases;
pub mod paging;
pub mod passes;
pub mod registrations;
pub mod tags;
pub mod tasks;
pub mod tenants;
pub mod values;

use std::future::Future;

#[cfg(doc)]
use crate::store::Store;

/// Makes one `#[test]` of each case of the suite, for the store that an expression gives; with `assets:` of those for
/// [`Assets`](crate::store::Assets).
///
/// The expression is evaluated for each test anew, within a tokio runtime of four threads, and may `.await`. It gives an `Arc` of the store.
#[macro_export]
macro_rules! conformance_tests {
    (assets: $make_assets:expr) => {
        $crate::each_conformance_case!(assets: $crate::one_conformance_test!($make_assets));
    };
    ($make_store:expr) => {
        $crate::each_conformance_case!(store: $crate::one_conformance_test!($make_store));
    };
}

/// Hands each case to a macro: `name!(args; alone module::case)` for one that takes a store, `name!(args; racing module::case)` for one that takes handles.
#[doc(hidden)]
#[macro_export]
macro_rules! each_conformance_case {
    (assets: $($then:ident)::+!($($args:tt)*)) => {
        $($then)::+!($($args)*; alone assets::an_asset_reads_back);
        $($then)::+!($($args)*; alone assets::an_asset_stays);
        $($then)::+!($($args)*; alone assets::a_media_type_is_checked);
        $($then)::+!($($args)*; racing assets::racing_puts_are_no_error);
    };
    (store: $($then:ident)::+!($($args:tt)*)) => {
        $($then)::+!($($args)*; alone commits::an_empty_commit_does_nothing);
        $($then)::+!($($args)*; alone commits::each_write_sees_those_before);
        $($then)::+!($($args)*; alone commits::a_commit_can_conflict_with_itself);
        $($then)::+!($($args)*; alone commits::a_failing_last_write_undoes_all);
        $($then)::+!($($args)*; alone commits::a_commit_takes_a_thousand_writes);
        $($then)::+!($($args)*; alone documents::documents_expect_their_revision);
        $($then)::+!($($args)*; alone documents::revisions_are_not_repeated);
        $($then)::+!($($args)*; alone documents::a_document_reads_back);
        $($then)::+!($($args)*; alone documents::documents_are_listed_by_name);
        $($then)::+!($($args)*; racing documents::of_racing_documents_one_wins);
        $($then)::+!($($args)*; alone events::events_are_read_on);
        $($then)::+!($($args)*; alone events::events_of_a_pass);
        $($then)::+!($($args)*; alone events::events_are_pruned);
        $($then)::+!($($args)*; alone events::a_prune_has_an_end);
        $($then)::+!($($args)*; racing events::racing_prunes_count_each_event_once);
        $($then)::+!($($args)*; alone leases::a_lease_excludes_and_expires);
        $($then)::+!($($args)*; alone leases::a_crash_loses_no_task);
        $($then)::+!($($args)*; alone leases::a_void_lease_does_nothing);
        $($then)::+!($($args)*; alone leases::a_renewed_task_voids_leases);
        $($then)::+!($($args)*; alone leases::a_late_lease_is_good_until_taken);
        $($then)::+!($($args)*; alone leases::one_key_is_one_at_a_time);
        $($then)::+!($($args)*; alone leases::a_claim_of_a_key_waits_its_turn);
        $($then)::+!($($args)*; racing leases::of_racing_claims_each_gets_its_own);
        $($then)::+!($($args)*; alone paging::a_walk_over_passes_holds_still);
        $($then)::+!($($args)*; alone paging::a_walk_over_documents_holds_still);
        $($then)::+!($($args)*; alone paging::a_walk_over_registrations_holds_still);
        $($then)::+!($($args)*; alone paging::a_walk_over_tasks_holds_still);
        $($then)::+!($($args)*; alone paging::a_walk_over_events_outlives_a_prune);
        $($then)::+!($($args)*; alone paging::every_walk_ends);
        $($then)::+!($($args)*; alone paging::foreign_cursors_are_refused);
        $($then)::+!($($args)*; racing paging::reads_see_what_was_committed);
        $($then)::+!($($args)*; racing paging::reads_never_see_half_a_commit);
        $($then)::+!($($args)*; alone passes::create_is_not_update);
        $($then)::+!($($args)*; alone passes::an_update_expects_its_tag);
        $($then)::+!($($args)*; alone passes::a_deletion_expects_its_tag);
        $($then)::+!($($args)*; alone passes::a_pass_is_its_pass_type_and_serial);
        $($then)::+!($($args)*; alone passes::a_pass_reads_back);
        $($then)::+!($($args)*; alone passes::modified_rises_by_whole_seconds);
        $($then)::+!($($args)*; alone passes::a_deletion_repeats_no_modified);
        $($then)::+!($($args)*; alone passes::passes_are_listed_as_asked);
        $($then)::+!($($args)*; racing passes::of_racing_updates_one_wins);
        $($then)::+!($($args)*; racing passes::of_racing_creations_one_wins);
        $($then)::+!($($args)*; alone registrations::registering_replaces_the_token);
        $($then)::+!($($args)*; alone registrations::registering_twice_is_known);
        $($then)::+!($($args)*; alone registrations::registering_nothing_is_a_conflict);
        $($then)::+!($($args)*; alone registrations::unregistering_twice_is_no_error);
        $($then)::+!($($args)*; alone registrations::a_deletion_ends_registrations);
        $($then)::+!($($args)*; alone registrations::forgetting_a_token_respects_the_time);
        $($then)::+!($($args)*; alone registrations::forgetting_a_token_touches_no_other);
        $($then)::+!($($args)*; alone registrations::holders_are_of_one_pass);
        $($then)::+!($($args)*; alone tags::tags_rise);
        $($then)::+!($($args)*; alone tags::a_deletion_repeats_no_tag);
        $($then)::+!($($args)*; racing tags::tags_become_visible_in_order);
        $($then)::+!($($args)*; racing tags::events_become_visible_in_order);
        $($then)::+!($($args)*; alone tags::changes_since_a_tag);
        $($then)::+!($($args)*; alone tags::a_tag_ahead_lists_all);
        $($then)::+!($($args)*; alone tags::a_late_registration_is_listed);
        $($then)::+!($($args)*; alone tags::changes_are_of_what_the_device_has);
        $($then)::+!($($args)*; alone tasks::a_task_waits_until_it_is_due);
        $($then)::+!($($args)*; alone tasks::claims_are_in_order);
        $($then)::+!($($args)*; alone tasks::a_claim_is_of_one_tenant_or_all);
        $($then)::+!($($args)*; alone tasks::a_claim_is_of_one_key_or_all);
        $($then)::+!($($args)*; alone tasks::a_waiting_task_is_renewed);
        $($then)::+!($($args)*; alone tasks::a_retried_task_waits_again);
        $($then)::+!($($args)*; alone tasks::a_retried_task_gives_way);
        $($then)::+!($($args)*; alone tasks::a_buried_task_stays);
        $($then)::+!($($args)*; alone tasks::a_dead_task_is_revived);
        $($then)::+!($($args)*; alone tasks::a_dead_task_is_discarded);
        $($then)::+!($($args)*; alone tasks::a_revived_task_gives_way);
        $($then)::+!($($args)*; alone tasks::a_finished_task_is_gone);
        $($then)::+!($($args)*; alone tenants::tenants_see_nothing_of_each_other);
        $($then)::+!($($args)*; alone tenants::the_default_tenant_is_a_tenant);
        $($then)::+!($($args)*; alone values::strange_serials_stay_apart);
        $($then)::+!($($args)*; alone values::strange_names_stay_apart);
        $($then)::+!($($args)*; alone values::bodies_read_back);
        $($then)::+!($($args)*; alone values::instants_keep_microseconds);
        $($then)::+!($($args)*; alone values::what_makes_no_sense_is_refused);
        $($then)::+!($($args)*; alone values::limits_may_be_large);
    };
}

/// Makes one `#[test]`.
#[doc(hidden)]
#[macro_export]
macro_rules! one_conformance_test {
    ($make:expr; alone $module:ident::$case:ident) => {
        #[test]
        fn $case() {
            $crate::conformance::run(async {
                let store = $make;
                $crate::conformance::$module::$case(&*store).await;
            });
        }
    };
    ($make:expr; racing $module:ident::$case:ident) => {
        #[test]
        fn $case() {
            $crate::conformance::run(async {
                let store = $make;
                $crate::conformance::$module::$case(&[store.clone(), store]).await;
            });
        }
    };
}

/// Runs a case in a tokio runtime of four threads.
#[doc(hidden)]
pub fn run(case: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap().block_on(case);
}
