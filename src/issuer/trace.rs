//! What the issuer tells whoever watches it: a span for each step, and counters.
//!
//! Counters are fields of events, named as the metrics layer of `tracing-opentelemetry` reads them; a log shows them as they are.
//! Serial numbers and pass types are told, and no token, device, push token, key, address of a package or fact of a pass.

use walletpass_webservice::store::Task;

use super::outbox::{End, Outcome};
use super::{GoogleOutcome, MessageOutcome, TemplateJob, Woken};

pub(super) fn created(is_new: bool) {
    match is_new {
        true => tracing::debug!(monotonic_counter.walletpass_created = 1_u64, "created"),
        false => {
            tracing::debug!(monotonic_counter.walletpass_repeated = 1_u64, "created before, with the same content")
        }
    }
}

pub(super) fn changed(version: u64) {
    tracing::debug!(monotonic_counter.walletpass_changed = 1_u64, version, "changed");
}

pub(super) fn unchanged() {
    tracing::debug!(monotonic_counter.walletpass_unchanged = 1_u64, "unchanged");
}

pub(super) fn contended() {
    tracing::debug!(monotonic_counter.walletpass_contended = 1_u64, "changed by another at the same time: once more");
}

pub(super) fn packaged(is_cached: bool) {
    match is_cached {
        true => tracing::debug!(monotonic_counter.walletpass_packages_reused = 1_u64, "package as signed before"),
        false => tracing::debug!(monotonic_counter.walletpass_packages_signed = 1_u64, "package signed"),
    }
}

/// Tells how far a template has come.
pub(super) fn followed(template: &str, job: &TemplateJob, passes: usize) {
    tracing::debug!(
        monotonic_counter.walletpass_template_passes = passes as u64,
        template,
        revision = job.revision,
        reached = job.reached,
        failed = job.failed,
        "the template is at its passes"
    );
}

/// Tells how an errand ended.
pub(super) fn errand(task: &Task, end: &End, outcome: Option<&Outcome>) {
    match outcome {
        Some(Outcome::Apple(Woken { notified, gone, waiting, why, .. })) => {
            tracing::debug!(
                monotonic_counter.walletpass_pushes_delivered = notified,
                monotonic_counter.walletpass_devices_gone = gone,
                monotonic_counter.walletpass_pushes_waiting = waiting,
                "devices woken"
            );
            if let Some(why) = why {
                tracing::warn!(waiting, why, "devices are woken later");
            }
        }
        Some(Outcome::Google(GoogleOutcome::Done)) => {
            tracing::debug!(monotonic_counter.walletpass_google_written = 1_u64, "object at Google as the pass is");
        }
        Some(Outcome::Message(MessageOutcome::Notified | MessageOutcome::Silent)) => {
            tracing::debug!(monotonic_counter.walletpass_messages_sent = 1_u64, "message added at Google");
        }
        _ => {}
    }
    match end {
        End::Done(_) => {}
        End::Dead(why) => {
            tracing::error!(monotonic_counter.walletpass_errands_dead = 1_u64, task = task.id, why, "errand given up");
        }
        End::Later { after, why } => {
            let seconds = after.num_seconds();
            tracing::warn!(
                monotonic_counter.walletpass_errands_retried = 1_u64,
                task = task.id,
                attempt = task.attempts,
                seconds,
                why,
                "errand put off"
            );
        }
    }
}
