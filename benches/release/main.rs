//! The release of a whole programme, from the request to the commit, on the embedded database:
//! `cargo bench --bench release`, or with `--profile dev` where nothing is built for speed.
//!
//! The event has as many sessions as it says, none of which was announced before, in 60 rooms, with nearly four persons
//! a session who have a duty in one each, and 179 delegations. So the clash rules look at all of it, every session is
//! written with its calendar entry, its audit entry and its place in the release, and everything is committed at once.
//! For each sample the database is a fresh copy, so that each does the same. The figures are of the wall clock: it is
//! how long everybody else waits.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark fails by panicking and reports by printing")]

mod programme;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use api::{
    clock::{Clock, Entropy},
    config::Config,
    context::{App, Ctx},
    db::Db,
    fonts::PrintFonts,
    schedule::releases,
};
use criterion::{BenchmarkId, Criterion};
use domain::{identifier::Handle, schedule::NewRelease};
use tokio::runtime::Runtime;

/// The size the limit is for.
const ASSEMBLY: usize = 800;
/// Milliseconds it may take.
const LIMIT: f64 = 300.0;
/// The sizes over which growth is shown.
const SIZES: [usize; 4] = [100, 400, 1_600, 6_400];

fn main() {
    let runtime = Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    criterion = criterion.warm_up_time(Duration::from_millis(1)).measurement_time(Duration::from_secs(5));
    let mut group = criterion.benchmark_group("release");
    let mut medians = vec![];
    for size in SIZES.into_iter().chain([ASSEMBLY]) {
        let seeded = folder.path().join(format!("{size}.db"));
        runtime.block_on(async {
            let app = app(&seeded).await;
            app.db.migrate().await.unwrap();
            programme::seed(&Ctx::internal(&app, "bench"), size).await.unwrap();
            app.db.close().await.unwrap();
        });
        let mut taken = vec![];
        group.bench_function(BenchmarkId::from_parameter(size), |bench| {
            bench.iter_custom(|times| (0..times).map(|_| sample(&runtime, &seeded, &mut taken)).sum());
        });
        taken.sort_unstable();
        medians.push((size, taken[taken.len() / 2].as_secs_f64() * 1_000.0));
    }
    group.finish();
    criterion.final_summary();
    for (size, median) in &medians {
        println!("{size:>6} sessions: {median:7.1} ms, {:6.1} us a session", median * 1_000.0 / *size as f64);
    }
    let (_, assembly) = medians.last().unwrap();
    println!("limit for {ASSEMBLY}: {LIMIT} ms");
    assert!(*assembly <= LIMIT, "the limit is exceeded");
}

/// One release of a copy of what was seeded.
fn sample(runtime: &Runtime, seeded: &Path, taken: &mut Vec<Duration>) -> Duration {
    let copy: PathBuf = seeded.with_extension("copy.db");
    std::fs::copy(seeded, &copy).unwrap();
    let time = runtime.block_on(async {
        let app = app(&copy).await;
        let ctx = Ctx::internal(&app, "bench");
        let release = NewRelease { name: "First".to_owned(), comment: None, notify: true };
        let start = Instant::now();
        releases::create(&ctx, &Handle::Code("assembly".to_owned()), release).await.unwrap();
        let time = start.elapsed();
        app.db.close().await.unwrap();
        time
    });
    taken.push(time);
    time
}

async fn app(path: &Path) -> App {
    let url = format!("sqlite://{}", path.display());
    App {
        db: Db::connect(&url).await.unwrap(),
        clock: Clock::default(),
        entropy: Entropy::System,
        config: Arc::new(Config::default()),
        fonts: PrintFonts::default(),
    }
}
