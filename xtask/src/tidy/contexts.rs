//! Contexts of a service: folders below `src` that use each other through their faces, in a direction without circles.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::dependencies::Package;
use super::{paths, sources};

/// Services with contexts.
const GROUPED: &[&str] = &["auth-service", "lead-service", "tenant-service"];

/// Uses that still go against the direction: service, context, the context it uses. This list only shrinks: what is not
/// needed any more is a fault.
const PERMITTED: &[(&str, &str, &str)] = &[];

pub(super) fn check(packages: &[Package]) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for package in packages.iter().filter(|package| GROUPED.contains(&package.name.as_str())) {
        let src = package.manifest_path.parent().unwrap_or(Path::new(".")).join("src");
        let mut files = Vec::new();
        sources::collect(&src, &mut files)?;
        let mut read = Vec::new();
        for file in files {
            let text = fs::read_to_string(&file).with_context(|| format!("can't read {}", file.display()))?;
            read.push((file.strip_prefix(&src).unwrap_or(&file).to_owned(), text));
        }
        let permitted = PERMITTED.iter().filter(|(service, ..)| *service == package.name);
        let permitted: Vec<_> = permitted.map(|(_, from, to)| (*from, *to)).collect();
        let found = service_faults(&read, &permitted);
        faults.extend(found.into_iter().map(|fault| format!("{}/src/{fault}", package.name)));
    }
    Ok(faults)
}

/// Faults of one service's files; paths are relative to its `src`.
fn service_faults(files: &[(PathBuf, String)], permitted: &[(&str, &str)]) -> Vec<String> {
    let contexts: BTreeSet<&str> = files.iter().filter_map(|(path, _)| context_of(path)).collect();
    let mut faults = Vec::new();
    let mut uses: BTreeMap<(&str, &str), &Path> = BTreeMap::new();
    for (path, text) in files {
        let own = context_of(path);
        if path.iter().count() == 2 && path.ends_with("mod.rs") {
            let open = text
                .lines()
                .filter(|line| line.starts_with("pub mod ") || line.starts_with("pub(crate) mod "));
            faults.extend(open.map(|line| {
                format!("{}: `{line}` opens the context: re-export what others may use", path.display())
            }));
        }
        for used in paths::of_crate(text, &module(path)) {
            let Some(context) = used.first().and_then(|name| contexts.get(name.as_str())) else { continue };
            if own == Some(*context) {
                continue;
            }
            if is_deep(&used) {
                faults.push(format!(
                    "{}: `{}` goes past the context's mod.rs",
                    path.display(),
                    used.join("::")
                ));
            }
            if let Some(own) = own {
                uses.entry((own, context)).or_insert(path);
            }
        }
    }
    for permitted in permitted {
        if uses.remove(permitted).is_none() {
            let (from, to) = permitted;
            faults.push(format!(
                "{from}: does not use {to} any more: remove the exception from xtask/src/tidy/contexts.rs"
            ));
        }
    }
    faults.extend(circle(&uses));
    faults.sort();
    faults.dedup();
    faults
}

/// The folder directly below `src` that a file is in.
fn context_of(path: &Path) -> Option<&str> {
    let mut parts = path.iter();
    let first = parts.next()?.to_str()?;
    parts.next().map(|_| first)
}

/// The module that a file is.
fn module(path: &Path) -> Vec<String> {
    let mut parts: Vec<String> =
        path.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if parts.last().is_some_and(|last| matches!(last.as_str(), "mod" | "lib" | "main")) {
        parts.pop();
    }
    parts
}

/// Whether a path from the crate's root names a module inside a context: `users::store::find`, but neither `users::find` nor
/// `users::User::new`.
fn is_deep(path: &[String]) -> bool {
    path.len() > 2 && path.get(1).is_some_and(|name| name.starts_with(char::is_lowercase))
}

/// A circle of contexts, with a file for each of its uses. One without an end is found by taking away contexts that use
/// none of those that are left.
fn circle(uses: &BTreeMap<(&str, &str), &Path>) -> Option<String> {
    let mut left: BTreeSet<&str> = uses.keys().map(|(from, _)| *from).collect();
    loop {
        let uses_one_left =
            |context: &&str| uses.keys().any(|(from, to)| from == context && left.contains(to));
        let kept: BTreeSet<&str> = left.iter().copied().filter(uses_one_left).collect();
        if kept.len() == left.len() {
            break;
        }
        left = kept;
    }
    let mut way = vec![*left.first()?];
    loop {
        let last = *way.last()?;
        let (_, next) = *uses.keys().find(|(from, to)| *from == last && left.contains(to))?;
        if let Some(start) = way.iter().position(|context| *context == next) {
            way.push(next);
            let steps = way.get(start..)?.windows(2);
            let steps = steps.filter_map(|step| match step {
                [from, to] => {
                    uses.get(&(*from, *to)).map(|file| format!("{from} → {to} ({})", file.display()))
                }
                _ => None,
            });
            return Some(format!(
                ": contexts use each other in a circle: {}",
                steps.collect::<Vec<_>>().join(", ")
            ));
        }
        way.push(next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(files: &[(&str, &str)], permitted: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<_> = files.iter().map(|(path, text)| ((*path).into(), (*text).to_owned())).collect();
        service_faults(&files, permitted)
    }

    #[test]
    fn contexts_that_use_faces_in_one_direction_pass() {
        let found = faults(
            &[
                ("lib.rs", "pub mod users;\npub mod sessions;\n"),
                ("users/mod.rs", "mod store;\npub use store::{User, find};\n"),
                ("users/store.rs", "use crate::schema::users::dsl;\n"),
                (
                    "sessions/mod.rs",
                    "mod begin;\nuse crate::users::{self, User};\nfn f() { users::find(User::new()) }\n",
                ),
                ("sessions/begin.rs", "use super::begin;\nfn f() { crate::users::find::<u8>() }\n"),
            ],
            &[],
        );

        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn a_path_past_the_face_is_a_fault_however_it_is_written() {
        for text in [
            "use crate::users::store::find;",
            "use crate::{a, users::{User, store::{self, find}}};",
            "use crate::users;\nfn f() { users::store::find() }",
            "fn f() { crate::users::store::find() }",
            "fn f() { super::users::store::find() }",
            "use crate::users as people;\nfn f() { people::store::find() }",
        ] {
            let found = faults(&[("users/mod.rs", ""), ("sessions/mod.rs", text)], &[]);
            assert!(!found.is_empty(), "{text}");
        }
        let found = faults(&[("users/mod.rs", ""), ("routes.rs", "use crate::users::routes::routes;")], &[]);
        assert_eq!(found.len(), 1, "the root uses faces as well: {found:?}");
    }

    #[test]
    fn comments_and_texts_name_no_context() {
        let text =
            "// crate::users::store::find\nconst A: &str = \"crate::users::store::find\";\nfn f<'a>() {}\n";

        assert!(faults(&[("users/mod.rs", ""), ("sessions/mod.rs", text)], &[]).is_empty());
    }

    #[test]
    fn an_open_slice_is_a_fault() {
        assert_eq!(faults(&[("users/mod.rs", "pub mod store;\n")], &[]).len(), 1);
        assert!(faults(&[("users/customers/mod.rs", "pub mod store;\n")], &[]).is_empty());
    }

    #[test]
    fn a_circle_is_a_fault_unless_one_of_its_uses_is_permitted() {
        let files = [
            ("a/mod.rs", "use crate::b::B;"),
            ("b/mod.rs", "use crate::c::C;"),
            ("c/mod.rs", "use crate::a::A;"),
            ("d/mod.rs", "use crate::a::A;"),
        ];

        let found = faults(&files, &[]);
        assert_eq!(
            found,
            [": contexts use each other in a circle: a → b (a/mod.rs), b → c (b/mod.rs), c → a (c/mod.rs)"]
        );
        assert!(faults(&files, &[("c", "a")]).is_empty());
        assert_eq!(faults(&files, &[("c", "a"), ("a", "d")]).len(), 1, "an exception that is not needed");
    }
}
