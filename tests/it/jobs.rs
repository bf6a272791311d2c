//! The job queue.

use std::sync::atomic::Ordering;

use api::{clock::Clock, jobs};
use jiff::SignedDuration;
use serde_json::json;

use crate::{on_both, support::Server};

/// Moves the clock of the test.
fn pass(server: &Server, time: SignedDuration) {
    let Clock::Fixed(clock) = &server.app.clock else { unreachable!("tests have a fixed clock") };
    clock.fetch_add(i64::try_from(time.as_micros()).unwrap(), Ordering::SeqCst);
}

on_both! {
    async fn an_old_answer_is_forgotten_and_housekeeping_comes_again(server) {
        jobs::schedule(&server.app).await.unwrap();
        jobs::schedule(&server.app).await.unwrap();
        let admin = server.admin().await.header("Idempotency-Key", "k");
        let ngo = json!({"code": "ONE", "kind": "ngo", "names": {"en": {"list": "One"}}});
        admin.post("organisations", ngo.clone()).await.expect(201);
        assert!(!jobs::run_next(&server.app).await, "nothing is due yet");
        pass(&server, SignedDuration::from_hours(25));
        for _ in 0..3 {
            assert!(jobs::run_next(&server.app).await);
        }
        assert!(!jobs::run_next(&server.app).await, "one housekeeping, one look at the deadlines and one at invitations, however often scheduled");
        // The key may now stand for another request.
        admin.post("organisations", ngo).await.expect(409);
        pass(&server, SignedDuration::from_hours(2));
        assert!(jobs::run_next(&server.app).await);
    }

    async fn a_worker_that_lost_its_lease_settles_nothing(server) {
        jobs::schedule(&server.app).await.unwrap();
        let now = || server.app.clock.now();
        // The first that is due: the look at the deadlines.
        pass(&server, SignedDuration::from_mins(20));
        let slow = server.app.db.job_claim(now()).await.unwrap().unwrap();
        assert!(server.app.db.job_claim(now()).await.unwrap().is_none(), "it is leased");
        pass(&server, SignedDuration::from_mins(2));
        let other = server.app.db.job_claim(now()).await.unwrap().unwrap();
        assert_eq!(slow.id, other.id);
        server.app.db.job_finish(&slow).await.unwrap();
        server.app.db.job_retry(&other, now(), "no luck").await.unwrap();
        assert!(server.app.db.job_claim(now()).await.unwrap().is_none(), "it is tried again later, not at once");
        pass(&server, SignedDuration::from_mins(10));
        assert!(server.app.db.job_claim(now()).await.unwrap().is_some());
    }
}
