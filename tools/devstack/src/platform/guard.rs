//! Guard that stops an ephemeral platform when its process is killed: a test runner's Ctrl-C must leave nothing.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use crate::layout::Layout;

/// Reads until its input ends, which happens when its parent does. What is recorded then was left behind. SIGINT is
/// what ends PostgreSQL without waiting for its clients.
const SCRIPT: &str = r#"
trap '' INT TERM HUP
read -r _
[ -f "$1/processes.json" ] || exit 0
pids=$(sed -n 's/.*"pid": *\([0-9]*\).*/\1/p' "$1/processes.json")
kill -INT $pids 2>/dev/null
for _ in 1 2 3 4 5; do
    left=
    for pid in $pids; do kill -0 "$pid" 2>/dev/null && left="$left $pid"; done
    [ -n "$left" ] || break
    sleep 1
done
[ -z "$left" ] || kill -KILL $left 2>/dev/null
outside=$(sed -n 's|.*"data": *"\(/var/tmp/leadstream-[0-9a-f]*\)".*|\1|p' "$1/state.json")
[ -z "$outside" ] || rm -rf "$outside"
rm -rf "$1"
"#;

/// A small process that outlives ours for as long as it takes to clean up.
pub(super) struct Guard {
    child: Child,
}

impl Guard {
    /// Watches over the platform in `layout`; `None` when that isn't possible, which only matters in an accident.
    pub(super) fn over(layout: &Layout) -> Option<Self> {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", SCRIPT, "leadstream-guard"]).arg(layout.dir()).current_dir("/");
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        command.spawn().ok().map(|child| Self { child })
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // Everything is stopped and removed by now, so that the end of its input lets it go.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
