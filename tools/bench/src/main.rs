//! The binary behind `cargo xtask bench`.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    devstack::output::conclude(bench::bench(&bench::Wanted::parse()))
}
