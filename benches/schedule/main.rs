//! The clash engine on programmes of 100 to 6,400 sessions: `cargo bench -p domain --bench schedule`.
//!
//! Criterion keeps the history of each figure; at the end stands a table of medians, and the run fails where one
//! exceeds its limit. With `-- placement` it is shown instead how many plans are found. All figures are CPU time by the kernel's own account.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark fails by panicking and reports by printing")]

mod cpu;
mod draw;
mod placement;
mod planted;
mod programme;

use criterion::{BatchSize, BenchmarkId, Criterion};
use domain::schedule::clashes::{Board, Edit, Session, Settings, Snapshot, evaluate};
use std::time::Duration;

use cpu::Cpu;
use draw::Draw;
use programme::{programme, slot};

/// The size the limits are for.
const ASSEMBLY: u64 = 800;
/// CPU milliseconds for the whole of it.
const FULL: f64 = 50.0;
/// CPU milliseconds for an edit of it.
const EDIT: f64 = 2.0;
/// The sizes over which growth is shown.
const SIZES: [u64; 4] = [100, 400, 1_600, 6_400];
/// How much more a session may cost in the largest than in the smallest of them.
const GROWTH: f64 = 2.0;

fn main() {
    if std::env::args().any(|argument| argument == "placement") {
        assert!(placement::report(), "too few plans are found");
        return;
    }
    let mut criterion = Criterion::default().with_measurement(Cpu).configure_from_args();
    criterion = criterion.sample_size(20).measurement_time(Duration::from_secs(3));
    let settings = Settings::default();
    let mut full = criterion.benchmark_group("full");
    for size in [100, 400, ASSEMBLY, 1_600, 6_400] {
        let snapshot = programme(size);
        full.bench_with_input(BenchmarkId::from_parameter(size), &snapshot, |bench, snapshot| {
            bench.iter(|| evaluate(snapshot, &settings));
        });
    }
    full.finish();
    let mut board = Board::new(programme(ASSEMBLY), settings);
    let mut draw = Draw(1);
    criterion.bench_function("edit/800", |bench| {
        let moves = board.snapshot().sessions.clone();
        bench.iter_batched(|| moved(&moves, &mut draw), |edit| board.apply(edit), BatchSize::SmallInput);
    });
    criterion.final_summary();
    assert!(report(), "a limit is exceeded");
}

/// One of `sessions` in another slot, in its room.
fn moved(sessions: &[Session], draw: &mut Draw) -> Edit {
    let session = &sessions[draw.below(sessions.len() as u64) as usize];
    Edit::Place { session: session.id, room: session.room, slot: Some(slot(draw, 10)) }
}

/// Prints the table; whether all limits are kept.
fn report() -> bool {
    let snapshot = programme(ASSEMBLY);
    println!("\n{:<44} {:>10}  {:>8}", "CPU ms, medians", "measured", "limit");
    let mut kept = line("all of 800 sessions", full(&snapshot), FULL);
    let (all, plenaries) = (edits(&snapshot, |_| true), edits(&snapshot, |session| session.quorum.is_some()));
    kept &= line("a session of 800 moved: median", at(&all, 50), EDIT);
    kept &= line("  the slowest of 1,000 but ten", at(&all, 99), EDIT);
    kept &= line("  a plenary of 179 delegations, 300 persons", at(&plenaries, 50), EDIT);
    println!("findings: {}", evaluate(&snapshot, &Settings::default()).len());
    println!("\n{:<10} {:>10} {:>18}", "sessions", "CPU ms", "µs a session");
    let each: Vec<f64> = SIZES.iter().map(|size| grown(*size)).collect();
    kept &= line("a session of 6,400 against one of 100, times", each[3] / each[0], GROWTH);
    kept
}

fn grown(size: u64) -> f64 {
    let cost = full(&programme(size));
    let each = cost * 1e3 / size as f64;
    println!("{size:<10} {cost:>10.2} {each:>18.1}");
    each
}

fn line(what: &str, figure: f64, limit: f64) -> bool {
    let verdict = if figure <= limit { "kept" } else { "EXCEEDED" };
    println!("{what:<44} {figure:>10.3}  {limit:>8} {verdict}");
    figure <= limit
}

/// The median of 15.
fn full(snapshot: &Snapshot) -> f64 {
    let settings = Settings::default();
    let mut costs: Vec<f64> = (0..15).map(|_| cpu::milliseconds(|| evaluate(snapshot, &settings))).collect();
    costs.sort_by(f64::total_cmp);
    at(&costs, 50)
}

/// What 1,000 moves of sessions of a kind cost, sorted.
fn edits(snapshot: &Snapshot, kind: impl Fn(&Session) -> bool) -> Vec<f64> {
    let sessions: Vec<Session> = snapshot.sessions.iter().filter(|session| kind(session)).cloned().collect();
    let (mut board, mut draw) = (Board::new(snapshot.clone(), Settings::default()), Draw(2));
    let mut cost = || {
        let edit = moved(&sessions, &mut draw);
        cpu::milliseconds(|| board.apply(edit))
    };
    let mut costs: Vec<f64> = (0..1_000).map(|_| cost()).collect();
    costs.sort_by(f64::total_cmp);
    costs
}

fn at(sorted: &[f64], percent: usize) -> f64 {
    sorted[(sorted.len() - 1) * percent / 100]
}
