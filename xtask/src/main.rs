//! The `cargo xtask` binary: what it does is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    xtask::cli::run()
}
