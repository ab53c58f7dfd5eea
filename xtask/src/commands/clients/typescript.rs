//! Generators of TypeScript, and linters that run on Node.

use std::ffi::OsStr;
use std::path::Path;

use anyhow::{Context, Result};

use super::packages::NodePackages;
use super::place::{Place, setting};

/// Generates the types of openapi-typescript and compiles them.
pub fn openapi_typescript(node: &NodePackages, place: &Place) -> Result<()> {
    let file = place.client("openapi-typescript.ts");
    let arguments: [&OsStr; 3] = [place.document().as_ref(), "--output".as_ref(), file.as_ref()];
    place.run(node.command("openapi-typescript", arguments))?;
    compile(node, place, &file)
}

/// Generates the client of hey-api and compiles it.
pub fn hey_api(node: &NodePackages, place: &Place) -> Result<()> {
    let dir = place.client("hey-api");
    let arguments: [&OsStr; 4] =
        ["--input".as_ref(), place.document().as_ref(), "--output".as_ref(), dir.as_ref()];
    place.run(node.command("openapi-ts", arguments))?;
    compile(node, place, &dir.join("index.ts"))
}

/// Lints the documents with Redocly.
pub fn redocly(node: &NodePackages, place: &Place) -> Result<()> {
    let settings = setting("redocly.yaml");
    let options: [&OsStr; 3] = ["lint".as_ref(), "--config".as_ref(), settings.as_ref()];
    let mut command = node.command("redocly", options);
    command.args(place.documents());
    command.env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
    place.run(command)
}

/// Lints the documents with Spectral.
pub fn spectral(node: &NodePackages, place: &Place) -> Result<()> {
    let settings = setting("spectral.yaml");
    let options: [&OsStr; 5] = [
        "lint".as_ref(),
        "--fail-severity".as_ref(),
        "hint".as_ref(),
        "--ruleset".as_ref(),
        settings.as_ref(),
    ];
    let mut command = node.command("spectral", options);
    command.args(place.documents());
    place.run(command)
}

fn compile(node: &NodePackages, place: &Place, file: &Path) -> Result<()> {
    let options = [
        "--noEmit",
        "--strict",
        "--skipLibCheck",
        "false",
        "--target",
        "es2022",
        "--lib",
        "es2022,dom,dom.iterable",
        "--module",
        "esnext",
        "--moduleResolution",
        "bundler",
    ];
    let mut command = node.command("tsc", options);
    command.arg(file);
    place.run(command).context("what was generated does not compile")
}
