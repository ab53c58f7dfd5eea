//! `cargo xtask mutants`: guards of the source broken one at a time, to see whether a test turns red.
//!
//! Row-Level Security is broken by `cargo xtask attack mutants`, which compiles nothing.

mod edges;
mod identity;
mod rights;
mod sales;
mod table;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};
use clap::Parser;

use devstack::engines::{Engines, ThrowawayEngines};
use devstack::output;
use devstack::progress::Progress;
use devstack::waiting::Cancel;
use devstack::workspace;
use table::{MUTANTS, Mutant};

/// What became of a mutant.
enum Fate {
    /// This test turned red.
    Killed(String),
    /// No check failed.
    Survived,
    /// It shows nothing.
    Void(String),
}

/// What is asked for.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "cargo xtask mutants",
    about = "Breaks guards of the source and counts which of them a test notices"
)]
pub struct Wanted {
    /// Only guards with one of these words in their names
    pub words: Vec<String>,
    /// Break them in this checkout instead of a copy, which compiles much less; files that differ from git's index are left
    /// alone, and each file is put back before the next is changed
    #[arg(long)]
    pub in_place: bool,
}

/// Breaks the guards that are asked for. Fails when one is not noticed.
pub fn mutants(wanted: &Wanted) -> Result<ExitCode> {
    let words = &wanted.words;
    let chosen: Vec<&Mutant> = all()
        .filter(|mutant| words.is_empty() || words.iter().any(|word| mutant.name.contains(word.as_str())))
        .collect();
    if chosen.is_empty() {
        bail!("no guard's name holds one of these words");
    }
    let (progress, cancel) = (Progress::visible(), Cancel::on_signals()?);
    let source = if wanted.in_place { Source::in_place(&chosen)? } else { Source::copied()? };
    let engines = Engines::find_or_install(None, &progress)?;
    let throwaway = ThrowawayEngines::start(&engines, &progress, &cancel)?;
    progress.say("running the tests with every guard in its place");
    let before = source.untouched(&chosen, &throwaway, &cancel)?;
    let mut lines = Vec::new();
    let mut killed = 0;
    for mutant in &chosen {
        if cancel.is_raised() {
            bail!("interrupted");
        }
        progress.say(&format!("breaking: {}", mutant.name));
        let line = match source.judge(mutant, &before, &throwaway)? {
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
    let tables = [MUTANTS, sales::MUTANTS, identity::MUTANTS, rights::MUTANTS, edges::MUTANTS];
    tables.into_iter().flatten()
}

/// What came of tests, by package, kind and filter.
type Outcomes = BTreeMap<[&'static str; 3], Outcome>;

/// The source that guards are broken in.
struct Source {
    tree: PathBuf,
    /// Where a copy is built; it is kept, so that the next run builds little.
    target: Option<PathBuf>,
}

impl Source {
    /// A copy of what is in git's index, with a target directory of its own: what is built there is run by these tests only.
    fn copied() -> Result<Self> {
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
        Ok(Self { tree, target: Some(target) })
    }

    /// This checkout. Its files must be unchanged.
    fn in_place(mutants: &[&Mutant]) -> Result<Self> {
        let tree = workspace::root().to_owned();
        let mut git = Command::new("git");
        git.args(["diff", "--quiet", "--"]).args(mutants.iter().map(|mutant| mutant.file)).current_dir(&tree);
        if !git.status().context("can't run git")?.success() {
            bail!("files with these guards differ from git's index; stage them, or leave --in-place out");
        }
        Ok(Self { tree, target: None })
    }

    /// The tests that must notice, each once: with the guards in their places they have to be green, or their being red
    /// shows nothing.
    fn untouched(
        &self,
        mutants: &[&Mutant],
        throwaway: &ThrowawayEngines,
        cancel: &Cancel,
    ) -> Result<Outcomes> {
        let mut outcomes = Outcomes::new();
        for mutant in mutants {
            if cancel.is_raised() {
                bail!("interrupted");
            }
            if let Entry::Vacant(unknown) = outcomes.entry(mutant.tests) {
                unknown.insert(self.test(mutant, throwaway)?);
            }
        }
        Ok(outcomes)
    }

    fn judge(&self, mutant: &Mutant, before: &Outcomes, throwaway: &ThrowawayEngines) -> Result<Fate> {
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
        let after = self.test(mutant, throwaway);
        std::fs::write(&file, whole)?;
        let after = after?;
        Ok(match after.red.into_iter().next() {
            Some(test) => Fate::Killed(test),
            None if after.passed == 0 => Fate::Void("it could not be built".to_owned()),
            None => Fate::Survived,
        })
    }

    fn test(&self, mutant: &Mutant, throwaway: &ThrowawayEngines) -> Result<Outcome> {
        let [package, kind, filter] = mutant.tests;
        let mut command = workspace::cargo();
        command
            .args(["test", "--offline", "-p", package, kind, filter])
            .current_dir(&self.tree)
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .stderr(Stdio::inherit());
        if let Some(target) = &self.target {
            command.env("CARGO_TARGET_DIR", target);
        }
        throwaway.tell(&mut command);
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
