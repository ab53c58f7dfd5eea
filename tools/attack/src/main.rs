//! The binary behind `cargo xtask attack`.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    devstack::output::conclude(attack::attack(&attack::Wanted::parse()))
}
