//! `cargo xtask clients`: generates clients of the API with other projects' generators, and lints its documents.

mod java;
mod packages;
mod place;
mod python;
mod typescript;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, bail};

use devstack::output;
use devstack::progress::Progress;
use devstack::workspace::{self, Profile};
use java::Java;
use packages::NodePackages;
use place::{Place, Set};
use python::Python;

/// Use of a generator or a linter, by its name.
type Step<'s> = (&'static str, Box<dyn FnOnce() -> Result<()> + Send + 's>);
type Outcome = (&'static str, Duration, Result<()>);

/// Generators and linters, installed.
struct Tools {
    node: NodePackages,
    python: Python,
    slower: Option<(NodePackages, Java)>,
}

/// Uses the generators and linters; with `all`, also those that take longer. With `if_possible`, it is no failure that they can't be
/// installed.
pub fn clients(all: bool, if_possible: bool, no_build: bool) -> Result<ExitCode> {
    if !no_build {
        workspace::build(Profile::Debug, false)?;
    }
    let progress = Progress::visible();
    let place = Place::prepare()?;
    let tools = match Tools::install(&place, all, &progress) {
        Ok(tools) => tools,
        Err(error) if if_possible => {
            output::print(&format!("clients: not checked, the generators can't be installed: {error:#}"))?;
            return Ok(ExitCode::SUCCESS);
        }
        Err(error) => return Err(error),
    };
    progress.say("generating clients");
    let outcomes = tools.use_all(&place);
    for (name, took, outcome) in &outcomes {
        let result = if outcome.is_ok() { "no fault" } else { "FAULTS" };
        output::print(&format!("{:>7.1} s  {name}: {result}", took.as_secs_f64()))?;
    }
    let faults: Vec<String> = outcomes
        .into_iter()
        .filter_map(|(name, _, outcome)| outcome.err().map(|error| format!("{name}: {error:#}")))
        .collect();
    if !faults.is_empty() {
        bail!("the OpenAPI document is at fault, or a generator:\n{}", faults.join("\n"));
    }
    Ok(ExitCode::SUCCESS)
}

impl Tools {
    fn install(place: &Place, all: bool, progress: &Progress) -> Result<Self> {
        std::thread::scope(|scope| {
            let python = scope.spawn(|| Python::install(place, Set::Change, progress));
            let node = NodePackages::install(place, Set::Change, progress);
            let python =
                python.join().map_err(|_| anyhow!("the installation of Python's packages panicked"))?;
            let slower = if all {
                Some((NodePackages::install(place, Set::Night, progress)?, Java::install(place, progress)?))
            } else {
                None
            };
            Ok(Self { node: node?, python: python?, slower })
        })
    }

    /// Uses two at a time: one of Node's, and one of the others.
    fn use_all(&self, place: &Place) -> Vec<Outcome> {
        let mut of_node: Vec<Step<'_>> = vec![
            ("openapi-typescript", Box::new(move || typescript::openapi_typescript(&self.node, place))),
            ("Redocly", Box::new(move || typescript::redocly(&self.node, place))),
        ];
        let mut others: Vec<Step<'_>> =
            vec![("openapi-python-client", Box::new(move || self.python.openapi_python_client(place)))];
        if let Some((node, java)) = &self.slower {
            of_node.push(("hey-api", Box::new(move || typescript::hey_api(node, place))));
            of_node.push(("Spectral", Box::new(move || typescript::spectral(node, place))));
            others.push(("openapi-generator, Java", Box::new(move || java.openapi_generator(place))));
        }
        std::thread::scope(|scope| {
            let others = scope.spawn(|| in_turn(others));
            let mut outcomes = in_turn(of_node);
            match others.join() {
                Ok(more) => outcomes.extend(more),
                Err(_) => outcomes.push(("others", Duration::ZERO, Err(anyhow!("its thread panicked")))),
            }
            outcomes
        })
    }
}

fn in_turn(steps: Vec<Step<'_>>) -> Vec<Outcome> {
    let timed = |(name, step): Step<'_>| {
        let start = Instant::now();
        let outcome = step();
        (name, start.elapsed(), outcome)
    };
    steps.into_iter().map(timed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_fails_does_not_end_the_others() {
        let steps: Vec<Step<'_>> =
            vec![("first", Box::new(|| -> Result<()> { bail!("a fault") })), ("second", Box::new(|| Ok(())))];

        let outcomes = in_turn(steps);

        let seen: Vec<_> = outcomes.iter().map(|(name, _, outcome)| (*name, outcome.is_ok())).collect();
        assert_eq!(seen, [("first", false), ("second", true)]);
    }
}
