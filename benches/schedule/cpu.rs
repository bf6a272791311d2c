//! CPU time of this thread, so that a busy machine changes little.

use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// What criterion measures here.
pub struct Cpu;

/// CPU time of this thread so far, to the nanosecond (`CLOCK_THREAD_CPUTIME_ID`).
pub fn now() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// CPU milliseconds of one call.
pub fn milliseconds<T>(work: impl FnOnce() -> T) -> f64 {
    let began = now();
    std::hint::black_box(work());
    (now() - began).as_secs_f64() * 1e3
}

impl Measurement for Cpu {
    type Intermediate = Duration;
    type Value = Duration;

    fn start(&self) -> Duration {
        now()
    }

    fn end(&self, began: Duration) -> Duration {
        now() - began
    }

    fn add(&self, one: &Duration, other: &Duration) -> Duration {
        *one + *other
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        value.as_nanos() as f64
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}
