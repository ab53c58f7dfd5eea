//! The `cargo xtask` binary: everything it does is in the library, so that tests can do it as well.

use std::process::ExitCode;

fn main() -> ExitCode {
    xtask::cli::run()
}
