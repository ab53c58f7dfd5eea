//! `cargo xtask openapi`: the services' OpenAPI documents in openapi/.

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

use devstack::output;
use devstack::services::{SERVICES, binary};
use devstack::workspace::{self, Profile};

/// Writes the documents; with `check`, only reports those that are not current.
pub fn openapi(check: bool, no_build: bool) -> Result<ExitCode> {
    if !no_build {
        workspace::build(Profile::Debug, false)?;
    }
    let binaries = workspace::binaries(Profile::Debug)?;
    let folder = workspace::root().join("openapi");
    let mut stale = Vec::new();
    for service in SERVICES {
        let current = document(&binaries, service)?;
        let path = folder.join(format!("{service}.json"));
        if std::fs::read_to_string(&path).is_ok_and(|committed| committed == current) {
            continue;
        }
        stale.push(format!("openapi/{service}.json"));
        if !check {
            std::fs::create_dir_all(&folder)?;
            std::fs::write(&path, current).with_context(|| format!("can't write {}", path.display()))?;
        }
    }
    if check && !stale.is_empty() {
        bail!("not what the services say: {}. Run: cargo xtask openapi", stale.join(", "));
    }
    output::print(&format!(
        "openapi: {}",
        if stale.is_empty() { "current".to_owned() } else { stale.join(", ") + " written" }
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn document(binaries: &Path, service: &str) -> Result<String> {
    let output = Command::new(binary(binaries, service))
        .arg("openapi")
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("can't run {service} openapi"))?;
    if !output.status.success() {
        bail!("{service} openapi failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let json: Value = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("{service} openapi printed no JSON"))?;
    let mut text = serde_json::to_string_pretty(&sorted(json))?;
    text.push('\n');
    Ok(text)
}

/// The same value with the names of every object in alphabetical order, independent of serde_json's features.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut fields: Vec<_> = object.into_iter().collect();
            fields.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(
                fields.into_iter().map(|(name, value)| (name, sorted(value))).collect::<Map<_, _>>(),
            )
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_at_every_depth_and_lists_keep_their_order() {
        let value = serde_json::from_str(r#"{"b":[{"d":1,"c":2},1],"a":0}"#).unwrap();

        assert_eq!(sorted(value).to_string(), r#"{"a":0,"b":[{"c":2,"d":1},1]}"#);
    }
}
