//! The command line: what there is, and which module does it.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};

use crate::commands::{down, logs, openapi, status, test, up};
use crate::{attack, bench, faults, mutants, output, tidy};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Runs, tests and checks Leadstream")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Runs the whole platform on this machine, with a PostgreSQL and a Redis of its own
    Up {
        /// Return when everything is ready, and keep running in the background
        #[arg(long)]
        detach: bool,
        #[command(flatten)]
        run: Run,
    },
    /// Stops a platform that runs in the background
    Down {
        /// Also remove all its data
        #[arg(long)]
        wipe: bool,
    },
    /// Shows what runs, where, and whether it is ready
    Status,
    /// Prints the logs
    Logs {
        /// gateway, lead-service, postgres, supervisor, …; all of them when there is none
        service: Option<String>,
        /// Go on printing what is added
        #[arg(short, long)]
        follow: bool,
        /// How many lines of each log to begin with
        #[arg(short = 'n', long, default_value_t = 100)]
        lines: usize,
    },
    /// Runs all tests against a throw-away PostgreSQL and Redis
    Test {
        /// A filter, or anything else that the test runner understands
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Checks the house rules
    Tidy,
    /// Writes the services' OpenAPI documents to openapi/
    Openapi {
        /// Only say whether they are current
        #[arg(long)]
        check: bool,
    },
    /// Measures a throw-away platform beside what its PostgreSQL and a plain proxy can do at best
    Bench {
        #[command(flatten)]
        wanted: bench::Wanted,
    },
    /// Breaks things under a throw-away platform and counts what became of its leads
    Faults {
        #[command(flatten)]
        wanted: faults::Wanted,
    },
    /// Sends a throw-away platform what it must withstand and counts what it withstood
    Attack {
        #[command(flatten)]
        wanted: attack::Wanted,
    },
    /// Breaks guards of the source one at a time, in a copy, and counts which of them a test notices
    Mutants {
        /// Only guards whose names hold one of these words
        words: Vec<String>,
    },
    /// Runs the platform of `up --detach`
    #[command(hide = true)]
    Supervise {
        #[command(flatten)]
        run: Run,
    },
}

/// How the platform is run.
#[derive(Args, Clone, Copy, Debug)]
pub struct Run {
    /// Build and run with optimisations
    #[arg(long)]
    pub release: bool,
    /// The port of the gateway
    #[arg(long, default_value_t = 8000, value_parser = clap::value_parser!(u16).range(1..))]
    pub port: u16,
}

/// Does what the command line asks for; an error is printed with its causes.
pub fn run() -> ExitCode {
    match dispatch(Cli::parse().task) {
        Ok(code) => code,
        Err(error) if output::nobody_listens(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn dispatch(task: Task) -> Result<ExitCode> {
    match task {
        Task::Up { detach: false, run } => up::foreground(run),
        Task::Up { detach: true, run } => up::detached(run),
        Task::Supervise { run } => up::supervise(run),
        Task::Down { wipe } => down::down(wipe),
        Task::Status => status::status(),
        Task::Logs { service, follow, lines } => logs::logs(service.as_deref(), follow, lines),
        Task::Test { arguments } => test::test(&arguments),
        Task::Tidy => tidy::tidy(),
        Task::Openapi { check } => openapi::openapi(check),
        Task::Attack { wanted } => attack::attack(&wanted),
        Task::Mutants { words } => mutants::mutants(&words),
        Task::Faults { wanted } => faults::faults(&wanted),
        Task::Bench { wanted } => bench::bench(&wanted),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn test_arguments_are_passed_on_as_they_are() {
        let cli = Cli::try_parse_from(["xtask", "test", "ingest", "--no-capture", "-p", "gateway"]).unwrap();

        let Task::Test { arguments } = cli.task else { panic!("another task") };
        assert_eq!(arguments, ["ingest", "--no-capture", "-p", "gateway"]);
    }
}
