//! The binary behind `cargo xtask faults`.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    devstack::output::conclude(faults::faults(&faults::Wanted::parse()))
}
