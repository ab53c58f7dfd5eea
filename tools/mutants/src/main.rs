//! The binary behind `cargo xtask mutants`.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    devstack::output::conclude(mutants::mutants(&mutants::Wanted::parse()))
}
