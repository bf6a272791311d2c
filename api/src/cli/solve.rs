//! `plenum solve`: the timetable of an instance in a file, without a server or a database.

use std::{
    fs::{File, read},
    io::{BufWriter, Write, stdout},
    path::PathBuf,
    rc::Rc,
    thread,
};

use clap::Args;
use domain::{
    Violation,
    bilaterals::scheduler::{Effort, Instance, Proposal, Watch, propose},
};
use rustix::time::{ClockId, clock_gettime};
use serde::Serialize;

use super::Failure;

/// The CPU seconds kept for reading, writing and ending a step that has begun.
const RESERVE: f64 = 0.02;

#[derive(Debug, Args)]
pub(super) struct SolveCommand {
    /// What to make a timetable for: JSON of the form meet/1
    instance: PathBuf,
    /// CPU seconds for each thread
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
    /// The same seed gives the same search
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// By how many breaks two delegations may differ at most, whatever the file says
    #[arg(long)]
    max_break_difference: Option<usize>,
    /// How many searches are made side by side, each from a seed of its own
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=64))]
    threads: u8,
    /// Ends after so many steps of search, sooner than after its seconds; the answer is then the same on every machine
    #[arg(long, default_value_t = u64::MAX)]
    steps: u64,
    /// Where to write the timetable; standard output if nothing is said
    #[arg(long)]
    output: Option<PathBuf>,
}

/// What is written.
#[derive(Debug, Serialize)]
struct Answer {
    /// The slot of each meeting, if it has one.
    slot: Vec<Option<usize>>,
    status: &'static str,
    /// 1,000 times the weight of what has no slot, plus the breaks.
    cost: u64,
    unplaced_weight: u64,
    breaks: u64,
    least_unplaced_weight: u64,
    least_breaks: u64,
    seed: u64,
    cpu_seconds: f64,
}

/// Stops a search when its thread has used up its time.
struct Deadline(f64);

impl Watch for Deadline {
    fn stop(&self) -> bool {
        cpu_seconds(ClockId::ThreadCPUTime) >= self.0
    }
}

fn cpu_seconds(clock: ClockId) -> f64 {
    let time = clock_gettime(clock);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Reads, searches and writes.
pub(super) fn carry_out(command: &SolveCommand) -> Result<(), Failure> {
    let instance = instance(command)?;
    let (seed, proposal) = search(command, &instance).map_err(|faults| faults_in_words(command, &faults))?;
    let answer = Answer {
        status: proposal.status.as_str(),
        cost: 1_000 * proposal.unplaced_weight + proposal.breaks,
        unplaced_weight: proposal.unplaced_weight,
        breaks: proposal.breaks,
        least_unplaced_weight: proposal.least_unplaced_weight,
        least_breaks: proposal.least_breaks,
        slot: proposal.slots,
        seed,
        cpu_seconds: cpu_seconds(ClockId::ProcessCPUTime),
    };
    let mut out: Box<dyn Write> = match &command.output {
        Some(path) => Box::new(BufWriter::new(File::create(path)?)),
        None => Box::new(stdout().lock()),
    };
    serde_json::to_writer(&mut out, &answer)?;
    writeln!(out)?;
    Ok(out.flush()?)
}

fn instance(command: &SolveCommand) -> Result<Instance, Failure> {
    let name = command.instance.display();
    let bytes = read(&command.instance).map_err(|error| format!("{name} cannot be read: {error}"))?;
    let mut instance: Instance =
        serde_json::from_slice(&bytes).map_err(|error| format!("{name} is not an instance of meet/1: {error}"))?;
    instance.max_break_difference = command.max_break_difference.or(instance.max_break_difference);
    Ok(instance)
}

fn faults_in_words(command: &SolveCommand, faults: &[Violation]) -> Failure {
    let lines = faults.iter().map(|fault| format!("{}: {}", fault.pointer, fault.detail));
    format!("{} has faults\n{}", command.instance.display(), lines.collect::<Vec<_>>().join("\n")).into()
}

/// Searches on as many threads as are wished; the best of what they find, with the seed that found it.
fn search(command: &SolveCommand, instance: &Instance) -> Result<(u64, Proposal), Vec<Violation>> {
    let used = cpu_seconds(ClockId::ProcessCPUTime);
    let alone = |seed: u64| {
        let own = cpu_seconds(ClockId::ThreadCPUTime);
        let deadline = Deadline(own + (command.seconds - used - RESERVE).max(0.0));
        propose(instance, &Effort { seed, most_steps: command.steps, watch: Rc::new(deadline) })
    };
    if command.threads == 1 {
        return Ok((command.seed, alone(command.seed)?));
    }
    let seeds = (0..u64::from(command.threads)).map(|thread| command.seed.wrapping_add(thread));
    let found = thread::scope(|scope| {
        let searches: Vec<_> = seeds.map(|seed| (seed, scope.spawn(move || alone(seed)))).collect();
        let joined = searches.into_iter().filter_map(|(seed, search)| Some((seed, search.join().ok()?)));
        joined.map(|(seed, found)| found.map(|found| (seed, found))).collect::<Result<Vec<_>, _>>()
    })?;
    let best = found.into_iter().min_by_key(|(seed, found)| (found.rank(), *seed));
    best.map_or_else(|| alone(command.seed).map(|found| (command.seed, found)), Ok)
}
