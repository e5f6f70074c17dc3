//! What must not grow: the time a byte takes, from 10 KB to 10 MB of each shape of text; the memory, from 10 dossiers to 1,000.
//! `cargo bench --bench limits` prints a table; a ratio above the stated limit is marked.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

/// 100 times the text may cost so many times the time.
const MOST_TIME: f64 = 110.0;
/// 100 times the dossiers may cost so many times the memory.
const MOST_MEMORY: f64 = 1.5;

fn main() {
    // `cargo test --benches` only asks that it runs
    let quick = std::env::args().any(|argument| argument == "--test");
    linearity(if quick { 100 } else { 10_000 });
    if !quick {
        memory();
    }
}

/// The CPU time of the command on four sizes, each ten times the one before, and what a hundred times the text costs at most.
fn linearity(smallest: usize) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("note.md");
    let sizes: [usize; 4] = std::array::from_fn(|at| smallest * 10_usize.pow(at as u32));
    println!(
        "{:<12} {} {:>9} {:>14} {:>7}",
        "shape",
        sizes.map(|size| format!("{:>10}", format!("{} KB", size / 1_000))).join(" "),
        "100 times",
        "comrak, last",
        "MB/s"
    );
    for (name, shape) in SHAPES {
        let texts = sizes.map(shape);
        let cost = |text: &String| {
            std::fs::write(&path, text).unwrap();
            // the small ones several times: the best of them
            (0..(1_000_000 / text.len()).clamp(1, 20)).map(|_| cpu_time(&path)).min().unwrap()
        };
        let times: Vec<Duration> = texts.iter().map(cost).collect();
        let per_byte = |at: usize| times[at].as_secs_f64() / texts[at].len() as f64;
        let ratio = (0..2).map(|at| 100.0 * per_byte(at + 2) / per_byte(at)).fold(0.0, f64::max);
        let start = Instant::now();
        std::hint::black_box(common::parse(&texts[3]));
        let floor = start.elapsed();
        let mark = if ratio > MOST_TIME { " above the limit" } else { "" };
        let shown: Vec<String> = times.iter().map(|time| format!("{:>10}", format!("{time:.1?}"))).collect();
        println!("{name:<12} {} {ratio:>9.1} {floor:>14.1?} {:>7.1}{mark}", shown.join(" "), 1e-6 / per_byte(3));
    }
}

/// User and system time of a check of one file, process included.
fn cpu_time(path: &Path) -> Duration {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cadrage"));
    command.args(["check", "--quiet", "--no-config", "--fail-on", "never", "--jobs", "1"]).arg(path);
    let used = command.stdout(Stdio::null()).spawn().unwrap().wait4().unwrap().rusage;
    used.utime + used.stime
}

type Shape = fn(usize) -> String;

/// Shapes of text.
const SHAPES: [(&str, Shape); 5] = [
    ("text", common::long),
    ("headings", |bytes| repeat(bytes, |n| format!("## {n}. Gouvernance et suites données\n\nLe comité {n} se réunit chaque mois.\n\n"))),
    ("tables", |bytes| {
        let rows = repeat(bytes, |n| format!("| Réunion {n} | 12 mai 2027 | 1 200 € | le service participation |\n"));
        format!("| Étape | Date | Coût | Qui |\n|---|---|---|---|\n{rows}")
    }),
    ("deep lists", |bytes| repeat(bytes, |n| format!("{}- Le maire répond à la proposition {n} sous trois mois.\n", "  ".repeat(n % 20)))),
    ("one line", |bytes| repeat(bytes, |n| format!("Le conseil municipal répond aux {n} propositions, publie ses raisons et ne retient pas tout. "))),
];

fn repeat(bytes: usize, piece: impl Fn(usize) -> String) -> String {
    let mut out = String::with_capacity(bytes + 200);
    let mut n = 0;
    while out.len() < bytes {
        out.push_str(&piece(n));
        n += 1;
    }
    out
}

/// The memory of the command, written as it goes.
fn memory() {
    let folder = std::env::temp_dir().join(format!("cadrage-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for (n, text) in common::corpus(1_000).iter().enumerate() {
        std::fs::write(folder.join(format!("{n:04}.md")), text).unwrap();
    }
    println!("\n{:<12} {:>12} {:>12} {:>8}", "format", "10 dossiers", "1,000", "ratio");
    for format in ["jsonl", "json", "human", "github"] {
        let peak = |count: usize| {
            let files = (0..count).map(|n| folder.join(format!("{n:04}.md")));
            let mut command = Command::new(env!("CARGO_BIN_EXE_cadrage"));
            command.args(["check", "--no-config", "--fail-on", "never", "--format", format]).args(files);
            peak_memory(&mut command)
        };
        match (peak(10), peak(1_000)) {
            (Some(few), Some(many)) => {
                let ratio = many as f64 / few as f64;
                println!("{format:<12} {few:>9} KB {many:>9} KB {ratio:>8.2}{}", if ratio > MOST_MEMORY { " above the limit" } else { "" });
            }
            _ => println!("{format:<12} no /proc here"),
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Peak resident memory of a command in KB, read from the system while it runs.
fn peak_memory(command: &mut Command) -> Option<u64> {
    let mut child = command.stdout(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let now = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).and_then(|rest| rest.trim().strip_suffix("kB")?.trim().parse().ok());
        peak = peak.max(now);
        std::thread::sleep(Duration::from_micros(300));
    }
    peak
}
