//! The suite bites: a store with one planted bug fails the case that is there for it, and one without passes all.
//!
//! `cargo test -p walletpass-webservice --test bites -- --ignored --nocapture` prints which cases fail for each bug.

#![allow(clippy::print_stderr, clippy::unwrap_used, reason = "a test")]

mod commit;
mod planted;
mod read;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use walletpass_webservice::{conformance, each_conformance_case};

use self::planted::{Bug, Planted};

/// Which bug fails which case.
const BITES: &[(Bug, &str)] = &[
    (Bug::CommitsEmptyAsError, "an_empty_commit_does_nothing"),
    (Bug::ReversesWrites, "each_write_sees_those_before"),
    (Bug::DoesEqualWritesOnce, "a_commit_can_conflict_with_itself"),
    (Bug::CommitsWithoutRollback, "a_failing_last_write_undoes_all"),
    (Bug::AtMostFiveHundred, "a_commit_takes_a_thousand_writes"),
    (Bug::CommitsInHalves, "reads_never_see_half_a_commit"),
    (Bug::UpsertsOnCreate, "create_is_not_update"),
    (Bug::UpdatesAnyTag, "an_update_expects_its_tag"),
    (Bug::UpsertsOnUpdate, "an_update_expects_its_tag"),
    (Bug::DeletesAnyTag, "a_deletion_expects_its_tag"),
    (Bug::IgnoresPassTypes, "a_pass_is_its_pass_type_and_serial"),
    (Bug::ForgetsTheTemplate, "a_pass_reads_back"),
    (Bug::CreatedMoves, "a_pass_reads_back"),
    (Bug::ModifiedIsAt, "modified_rises_by_whole_seconds"),
    (Bug::ModifiedForgetsDeletions, "a_deletion_repeats_no_modified"),
    (Bug::ListsByTag, "passes_are_listed_as_asked"),
    (Bug::IgnoresTheState, "passes_are_listed_as_asked"),
    (Bug::ChecksBeforeItLocks, "of_racing_updates_one_wins"),
    (Bug::ChecksBeforeItLocks, "of_racing_creations_one_wins"),
    (Bug::ChecksBeforeItLocks, "of_racing_documents_one_wins"),
    (Bug::TagsFromZero, "tags_rise"),
    (Bug::RepeatsTags, "a_deletion_repeats_no_tag"),
    (Bug::SequenceForTags, "tags_become_visible_in_order"),
    (Bug::SequenceForEvents, "events_become_visible_in_order"),
    (Bug::ListsTheNewestOnly, "changes_since_a_tag"),
    (Bug::TagIsNow, "changes_since_a_tag"),
    (Bug::ListsNothingAhead, "a_tag_ahead_lists_all"),
    (Bug::SignedTags, "a_tag_ahead_lists_all"),
    (Bug::ListsByTagsOfPasses, "a_late_registration_is_listed"),
    (Bug::SignedTags, "events_are_read_on"),
    (Bug::NeverUnregisters, "changes_are_of_what_the_device_has"),
    (Bug::NeverUnregisters, "unregistering_twice_is_no_error"),
    (Bug::UnregistersStrictly, "unregistering_twice_is_no_error"),
    (Bug::KeepsTheFirstToken, "registering_replaces_the_token"),
    (Bug::TokenPerRegistration, "registering_replaces_the_token"),
    (Bug::EveryRegistrationIsNew, "registering_twice_is_known"),
    (Bug::NoEventsOfRegistrations, "registering_twice_is_known"),
    (Bug::RegistersNothing, "registering_nothing_is_a_conflict"),
    (Bug::DeletionKeepsRegistrations, "a_deletion_ends_registrations"),
    (Bug::ForgetsAnyTime, "forgetting_a_token_respects_the_time"),
    (Bug::ForgetsBeforeUntilOnly, "forgetting_a_token_respects_the_time"),
    (Bug::ForgetsFoldingCase, "forgetting_a_token_touches_no_other"),
    (Bug::IgnoresPassTypes, "holders_are_of_one_pass"),
    (Bug::PutsAnyRevision, "documents_expect_their_revision"),
    (Bug::RevisionsRestart, "revisions_are_not_repeated"),
    (Bug::CreatedOfDocumentMoves, "a_document_reads_back"),
    (Bug::DocumentsFoldCase, "documents_are_listed_by_name"),
    (Bug::ClaimsEarly, "a_task_waits_until_it_is_due"),
    (Bug::ClaimsNewestFirst, "claims_are_in_order"),
    (Bug::ClaimsBeyondTheLimit, "claims_are_in_order"),
    (Bug::ClaimsAllTenants, "a_claim_is_of_one_tenant_or_all"),
    (Bug::ClaimsAnyKey, "a_claim_is_of_one_key_or_all"),
    (Bug::ClaimsKeysByPrefix, "a_claim_is_of_one_key_or_all"),
    (Bug::ClaimsKeysOfAllTenants, "a_claim_is_of_one_key_or_all"),
    (Bug::ClaimsKeysOfOneKind, "a_claim_is_of_one_key_or_all"),
    (Bug::KeepsTheFirstTask, "a_waiting_task_is_renewed"),
    (Bug::RetryingForgets, "a_retried_task_waits_again"),
    (Bug::ForgetsTheError, "a_retried_task_waits_again"),
    (Bug::RetriesBesideAnother, "a_retried_task_gives_way"),
    (Bug::BuryingForgets, "a_buried_task_stays"),
    (Bug::RevivesInPlace, "a_dead_task_is_revived"),
    (Bug::RevivesAnything, "a_dead_task_is_revived"),
    (Bug::DiscardsAnyDeadTask, "a_dead_task_is_discarded"),
    (Bug::DiscardsAnything, "a_dead_task_is_discarded"),
    (Bug::DiscardsNothing, "a_dead_task_is_discarded"),
    (Bug::RevivesBesideAnother, "a_revived_task_gives_way"),
    (Bug::IdsAreSmall, "a_finished_task_is_gone"),
    (Bug::LeasesNothing, "a_lease_excludes_and_expires"),
    (Bug::LeasesNeverEnd, "a_lease_excludes_and_expires"),
    (Bug::LeasesNeverEnd, "a_crash_loses_no_task"),
    (Bug::NoFence, "a_void_lease_does_nothing"),
    (Bug::SignedIds, "a_void_lease_does_nothing"),
    (Bug::RenewsInPlace, "a_renewed_task_voids_leases"),
    (Bug::EndsLeasesByTime, "a_late_lease_is_good_until_taken"),
    (Bug::DropsTheTaskBehind, "one_key_is_one_at_a_time"),
    (Bug::ClaimsKeysBehindLeases, "a_claim_of_a_key_waits_its_turn"),
    (Bug::ClaimsKeysEarly, "a_claim_of_a_key_waits_its_turn"),
    (Bug::ClaimsKeysOnce, "a_claim_of_a_key_waits_its_turn"),
    (Bug::GivesTasksTwice, "of_racing_claims_each_gets_its_own"),
    (Bug::EventsFromAfterOn, "events_are_read_on"),
    (Bug::EventsOfAnyPass, "events_of_a_pass"),
    (Bug::EventIdsRestart, "events_are_pruned"),
    (Bug::PruneKeepsThoseOfPasses, "events_are_pruned"),
    (Bug::PrunesAllTenants, "events_are_pruned"),
    (Bug::PrunesBeforeTheId, "events_are_pruned"),
    (Bug::PrunesWithoutEnd, "a_prune_has_an_end"),
    (Bug::TellsOfPrunesTooMuch, "racing_prunes_count_each_event_once"),
    (Bug::PagesByOffset, "a_walk_over_events_outlives_a_prune"),
    (Bug::PagesByOffset, "a_walk_over_passes_holds_still"),
    (Bug::PagesByOffset, "a_walk_over_documents_holds_still"),
    (Bug::PagesByOffset, "a_walk_over_registrations_holds_still"),
    (Bug::PagesByOffset, "a_walk_over_tasks_holds_still"),
    (Bug::NextIsForgotten, "every_walk_ends"),
    (Bug::LimitAndOne, "every_walk_ends"),
    (Bug::TakesAnyCursor, "foreign_cursors_are_refused"),
    (Bug::CachesReads, "reads_see_what_was_committed"),
    (Bug::DocumentsOfAllTenants, "tenants_see_nothing_of_each_other"),
    (Bug::DefaultTenantIsAll, "the_default_tenant_is_a_tenant"),
    (Bug::FoldsCase, "strange_serials_stay_apart"),
    (Bug::TrimsSpaces, "strange_serials_stay_apart"),
    (Bug::ComposesUnicode, "strange_serials_stay_apart"),
    (Bug::CutsBodies, "bodies_read_back"),
    (Bug::KeepsMilliseconds, "instants_keep_microseconds"),
    (Bug::TakesAnything, "what_makes_no_sense_is_refused"),
    (Bug::LimitIsSigned, "limits_may_be_large"),
    (Bug::DigestsAreShort, "an_asset_reads_back"),
    (Bug::OverwritesAssets, "an_asset_stays"),
    (Bug::MediaTypesAreFree, "a_media_type_is_checked"),
    (Bug::PutsOnce, "racing_puts_are_no_error"),
    (Bug::NamesAreShort, "strange_names_stay_apart"),
];

macro_rules! case_of {
    ($run:ident; alone $module:ident::$case:ident) => {
        $run.push((stringify!($case), |bug| judge(bug, async |store| conformance::$module::$case(&store).await)));
    };
    ($run:ident; racing $module:ident::$case:ident) => {
        $run.push((stringify!($case), |bug| {
            judge(bug, async |store| {
                let store = Arc::new(store);
                conformance::$module::$case(&[store.clone(), store]).await
            })
        }));
    };
}

/// Says what a case fails with.
type Run = fn(Bug) -> Option<String>;

fn cases() -> Vec<(&'static str, Run)> {
    let mut cases: Vec<(&'static str, Run)> = Vec::new();
    each_conformance_case!(store: case_of!(cases));
    each_conformance_case!(assets: case_of!(cases));
    cases
}

/// Says nothing of the failures that are wanted.
fn hush() {
    std::panic::set_hook(Box::new(|info| match info.payload_as_str() {
        Some(text) if text.contains("the contract says: ") => {}
        text => eprintln!("{}", text.unwrap_or("?")),
    }));
}

fn judge(bug: Bug, case: impl AsyncFnOnce(Planted)) -> Option<String> {
    let failed = catch_unwind(AssertUnwindSafe(|| conformance::run(case(Planted::new(bug))))).err()?;
    let text = failed.downcast_ref::<String>().cloned();
    Some(text.unwrap_or_else(|| (*failed.downcast_ref::<&str>().unwrap_or(&"?")).to_owned()))
}

#[test]
fn each_planted_bug_fails_its_case() {
    hush();
    let cases = cases();
    let mut toothless = Vec::new();
    for (bug, name) in BITES {
        let (_, run) = cases.iter().find(|(case, _)| case == name).unwrap_or_else(|| panic!("there is no case {name}"));
        // A race may end well by chance.
        match (0..20).find_map(|_| run(*bug)) {
            Some(text) if text.contains("the contract says: ") => {}
            other => toothless.push((bug, name, other)),
        }
    }
    assert!(toothless.is_empty(), "{toothless:#?}");
}

#[test]
fn without_a_bug_all_pass() {
    for (name, run) in cases() {
        assert_eq!(run(Bug::None), None, "{name}");
    }
}

#[test]
fn every_case_is_there_for_a_bug() {
    let toothless: Vec<_> =
        cases().into_iter().map(|(case, _)| case).filter(|case| BITES.iter().all(|(_, name)| name != case)).collect();
    assert!(toothless.is_empty(), "{toothless:#?}");
}

#[test]
#[ignore = "prints a table"]
fn the_table() {
    hush();
    let cases = cases();
    for (bug, name) in BITES {
        let (_, run) = cases.iter().find(|(case, _)| case == name).unwrap();
        let caught = (0..20).filter(|_| run(*bug).is_some()).count();
        if caught < 20 {
            println!("{bug:?} was caught by {name} {caught} times of 20");
        }
    }
    for (bug, _) in BITES {
        let failing: Vec<_> = cases.iter().filter(|(_, run)| run(*bug).is_some()).map(|(name, _)| *name).collect();
        println!("{bug:?}: {}", failing.join(", "));
    }
}
