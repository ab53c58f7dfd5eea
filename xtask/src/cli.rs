//! Command line and dispatch.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};

use devstack::output;

use crate::commands::{check, clients, down, logs, openapi, status, test, tool, up, web};
use crate::tidy;

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
    /// Shows the processes with their ports and readiness
    Status,
    /// Prints the logs
    Logs {
        /// gateway, lead-service, postgres, supervisor, … [default: all]
        service: Option<String>,
        /// Keep printing new lines
        #[arg(short, long)]
        follow: bool,
        /// Number of last lines of each log
        #[arg(short = 'n', long, default_value_t = 100)]
        lines: usize,
    },
    /// Runs all tests against a throw-away PostgreSQL and Redis
    Test {
        /// Filters and other arguments of the test runner
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Builds the web app, fetching Node if there is none
    Web {
        /// Also check its generated client, types, lints, format, unit tests and byte budget
        #[arg(long)]
        check: bool,
    },
    /// Checks the house rules
    Tidy,
    /// Writes the services' OpenAPI documents to openapi/
    Openapi {
        /// Only check whether they are current
        #[arg(long)]
        check: bool,
        /// Use the binaries that were built last instead of building them
        #[arg(long)]
        no_build: bool,
    },
    /// Generates clients of the API with other projects' generators, and lints the OpenAPI documents
    Clients {
        /// Also use those that take longer: hey-api, Spectral, and openapi-generator for Java
        #[arg(long)]
        all: bool,
        /// Succeed where they can't be installed
        #[arg(long)]
        if_possible: bool,
        /// Use the binaries that were built last instead of building them
        #[arg(long)]
        no_build: bool,
    },
    /// Runs all checks of a change, and prints the duration of each part
    Check {
        /// Also run the checks that take a night: all mutants, faults and attacks, and the bench
        #[arg(long)]
        all: bool,
    },
    /// Measures a throw-away platform and the limits of its database and of a plain proxy
    #[command(disable_help_flag = true)]
    Bench {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Injects faults into processes, engines and networks of a throw-away platform and checks its leads
    #[command(disable_help_flag = true)]
    Faults {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Sends hostile requests to a throw-away platform and checks that none succeeds
    #[command(disable_help_flag = true)]
    Attack {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Breaks guards of the source one at a time and checks that a test fails for each
    #[command(disable_help_flag = true)]
    Mutants {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Runs the platform of `up --detach`
    #[command(hide = true)]
    Supervise {
        #[command(flatten)]
        run: Run,
    },
}

/// Arguments of a run.
#[derive(Args, Clone, Copy, Debug)]
pub struct Run {
    /// Build and run with optimisations
    #[arg(long)]
    pub release: bool,
    /// The port of the gateway
    #[arg(long, default_value_t = 8000, value_parser = clap::value_parser!(u16).range(1..))]
    pub port: u16,
}

/// Runs the command; an error is printed with its causes.
pub fn run() -> ExitCode {
    output::conclude(dispatch(Cli::parse().task))
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
        Task::Web { check: false } => web::web(),
        Task::Web { check: true } => web::check(),
        Task::Tidy => tidy::tidy(),
        Task::Openapi { check, no_build } => openapi::openapi(check, no_build),
        Task::Clients { all, if_possible, no_build } => clients::clients(all, if_possible, no_build),
        Task::Check { all } => check::check(all),
        Task::Bench { arguments } => tool::run("bench", &arguments),
        Task::Faults { arguments } => tool::run("faults", &arguments),
        Task::Attack { arguments } => tool::run("attack", &arguments),
        Task::Mutants { arguments } => tool::run("mutants", &arguments),
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
