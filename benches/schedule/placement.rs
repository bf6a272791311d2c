//! Whether a plan that is known to exist is found again: `cargo bench -p domain --bench schedule -- placement`.

use domain::schedule::clashes::{
    Board, Settings,
    placement::{best_slots, fill},
};
use std::time::Duration;

use crate::{cpu, line, planted::planted};

/// CPU time a search may take.
const BUDGET: Duration = Duration::from_secs(2);
/// Of so many seeds.
const SEEDS: u64 = 100;
/// So many are to be found.
const FOUND: f64 = 95.0;
/// Rooms and days, for 40 to 800 sessions.
const SIZES: [(u64, u64); 5] = [(2, 4), (5, 4), (10, 4), (15, 5), (30, 5)];

/// Prints the table; whether all limits are kept.
pub fn report() -> bool {
    let mut kept = true;
    for (rooms, days) in SIZES {
        let (mut found, mut costs, mut sessions) = (0, Vec::new(), 0);
        for seed in 0..SEEDS {
            let board = Board::new(planted(seed, rooms, days).1, Settings::default());
            sessions = board.snapshot().sessions.len();
            let began = cpu::now();
            let plan = fill(&board, seed, || cpu::now() - began < BUDGET);
            costs.push((cpu::now() - began).as_secs_f64());
            let mut board = board;
            plan.moves.into_iter().for_each(|own| drop(board.apply(own.into())));
            found += u64::from(board.findings().is_empty());
        }
        costs.sort_by(f64::total_cmp);
        let what = format!("{rooms} rooms, {days} days, {sessions} sessions: without a plan");
        kept &= line(&what, (SEEDS - found) as f64, SEEDS as f64 - FOUND);
        println!("  CPU s: median {:.3}, slowest {:.3}", costs[costs.len() / 2], costs[costs.len() - 1]);
    }
    let (_, forgotten) = planted(1, 30, 5);
    let session = forgotten.sessions.iter().find(|session| session.slot.is_none()).unwrap().id;
    let board = Board::new(planted(1, 30, 5).0, Settings::default());
    let cost = cpu::milliseconds(|| best_slots(&board, session, 5, || true));
    println!("the best five slots for a session of a full programme of 800: {cost:.1} CPU ms");
    kept
}
