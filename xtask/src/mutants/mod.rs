//! `cargo xtask mutants`: guards of the source broken one at a time, in a copy, to see whether a test turns red.
//!
//! Row-Level Security is broken by `cargo xtask attack mutants`, which compiles nothing.

mod edges;
mod sales;
mod table;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};

use crate::commands::test::Bench;
use crate::engines::Engines;
use crate::output;
use crate::progress::Progress;
use crate::waiting::Cancel;
use crate::workspace;
use table::{MUTANTS, Mutant};

/// What became of a mutant.
enum Fate {
    /// This test turned red.
    Killed(String),
    /// Nobody noticed.
    Survived,
    /// It shows nothing.
    Void(String),
}

/// Breaks the guards whose names hold one of these words, or all. Fails when one is not noticed.
pub fn mutants(words: &[String]) -> Result<ExitCode> {
    let chosen: Vec<&Mutant> = all()
        .filter(|mutant| words.is_empty() || words.iter().any(|word| mutant.name.contains(word.as_str())))
        .collect();
    let (progress, cancel) = (Progress::visible(), Cancel::on_signals()?);
    let copy = Copy::make()?;
    let engines = Engines::find_or_install(None, &progress)?;
    let bench = Bench::start(&engines, &progress, &cancel)?;
    progress.say("running the tests with every guard in its place");
    let before = copy.untouched(&chosen, &bench, &cancel)?;
    let mut lines = Vec::new();
    let mut killed = 0;
    for mutant in &chosen {
        if cancel.is_raised() {
            bail!("interrupted");
        }
        progress.say(&format!("breaking: {}", mutant.name));
        let line = match copy.judge(mutant, &before, &bench)? {
            Fate::Killed(test) => {
                killed += 1;
                format!("killed    {}: by {test}", mutant.name)
            }
            Fate::Survived => format!("SURVIVED  {}", mutant.name),
            Fate::Void(why) => format!("VOID      {}: {why}", mutant.name),
        };
        progress.say(&line);
        lines.push(line);
    }
    output::print(&format!("\n{}\n{killed} of {} mutants killed", lines.join("\n"), chosen.len()))?;
    Ok(if killed == chosen.len() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// All mutants.
fn all() -> impl Iterator<Item = &'static Mutant> {
    MUTANTS.iter().chain(sales::MUTANTS).chain(edges::MUTANTS)
}

/// What came of tests, by package, kind and filter.
type Outcomes = BTreeMap<[&'static str; 3], Outcome>;

/// A copy of the source with a target directory of its own: what is built here is not what anybody runs. It is kept, so that
/// the next run builds little.
struct Copy {
    tree: PathBuf,
    target: PathBuf,
}

impl Copy {
    /// Copies what is in git's index.
    fn make() -> Result<Self> {
        let root = workspace::root();
        let dir = root.join("target/mutants");
        let (tree, target) = (dir.join("tree"), dir.join("target"));
        std::fs::create_dir_all(&tree)?;
        let mut prefix = std::ffi::OsString::from("--prefix=");
        prefix.push(&tree);
        prefix.push("/");
        let mut git = Command::new("git");
        git.args(["checkout-index", "--all", "--force"]).arg(prefix).current_dir(root);
        if !git.status().context("can't run git")?.success() {
            bail!("the source can't be copied to {}", tree.display());
        }
        Ok(Self { tree, target })
    }

    /// The tests that must notice, each once: with the guards in their places they have to be green, or their being red
    /// shows nothing.
    fn untouched(&self, mutants: &[&Mutant], bench: &Bench, cancel: &Cancel) -> Result<Outcomes> {
        let mut outcomes = Outcomes::new();
        for mutant in mutants {
            if cancel.is_raised() {
                bail!("interrupted");
            }
            if let Entry::Vacant(unknown) = outcomes.entry(mutant.tests) {
                unknown.insert(self.test(mutant, bench)?);
            }
        }
        Ok(outcomes)
    }

    fn judge(&self, mutant: &Mutant, before: &Outcomes, bench: &Bench) -> Result<Fate> {
        let file = self.tree.join(mutant.file);
        let whole =
            std::fs::read_to_string(&file).with_context(|| format!("can't read {}", file.display()))?;
        if whole.matches(mutant.guard).count() != 1 {
            return Ok(Fate::Void(format!("{} does not hold the guard once", mutant.file)));
        }
        let Some(before) = before.get(&mutant.tests).filter(|before| before.passed + before.red.len() > 0)
        else {
            return Ok(Fate::Void("no test was run".to_owned()));
        };
        if let Some(red) = before.red.first() {
            return Ok(Fate::Void(format!("{red} is red already")));
        }
        std::fs::write(&file, whole.replace(mutant.guard, mutant.broken))?;
        let after = self.test(mutant, bench);
        std::fs::write(&file, whole)?;
        let after = after?;
        Ok(match after.red.into_iter().next() {
            Some(test) => Fate::Killed(test),
            None if after.passed == 0 => Fate::Void("it could not be built".to_owned()),
            None => Fate::Survived,
        })
    }

    fn test(&self, mutant: &Mutant, bench: &Bench) -> Result<Outcome> {
        let [package, kind, filter] = mutant.tests;
        let mut command = workspace::cargo();
        command
            .args(["test", "--offline", "-p", package, kind, filter])
            .current_dir(&self.tree)
            .env("CARGO_TARGET_DIR", &self.target)
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .stderr(Stdio::inherit());
        bench.tell(&mut command);
        let output = command.output().context("can't run cargo")?;
        Ok(Outcome::of(&String::from_utf8_lossy(&output.stdout)))
    }
}

/// What a run of tests came to.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    passed: usize,
    red: Vec<String>,
}

impl Outcome {
    /// Reads the lines that Rust's test runner writes.
    fn of(text: &str) -> Self {
        let tests = text.lines().filter_map(|line| line.strip_prefix("test ")?.split_once(" ... "));
        let (mut passed, mut red) = (0, Vec::new());
        for (name, outcome) in tests {
            match outcome {
                "ok" => passed += 1,
                "FAILED" => red.push(name.to_owned()),
                _ => {}
            }
        }
        Self { passed, red }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_guard_is_where_the_tables_say() {
        let root = workspace::root();
        for mutant in all() {
            let text = std::fs::read_to_string(root.join(mutant.file)).unwrap();
            assert_eq!(text.matches(mutant.guard).count(), 1, "{}: {}", mutant.name, mutant.file);
        }
    }

    #[test]
    fn red_tests_are_found_by_name() {
        let text = "running 2 tests\ntest a::b ... ok\ntest a::c ... FAILED\ntest result: FAILED. 1 passed; 1 failed\n";

        assert_eq!(Outcome::of(text), Outcome { passed: 1, red: vec!["a::c".to_owned()] });
    }
}
