//! The engines themselves: made, killed, restarted, and what the roles may do.

use std::process::Command;
use std::time::Duration;

use nix::sys::signal::Signal;

use super::postgres::SUPERUSER;
use super::{Engines, Pair, bootstrap};
use crate::layout::Layout;
use crate::platform::Traces;
use crate::progress::Progress;
use crate::secrets::Secrets;
use crate::state::State;
use crate::supervisor::Supervisor;
use crate::supervisor::record::RecordFile;
use crate::waiting::Cancel;

struct Running {
    pair: Pair,
    secrets: Secrets,
    supervisor: Supervisor,
    layout: Layout,
}

/// A new place that goes with the test, whatever ends it. To be bound before what runs in it.
fn place() -> (Layout, Traces) {
    let dir = std::env::temp_dir().join(format!("xtask-engines-{}", rand::random::<u64>()));
    let layout = Layout::of(&dir).unwrap();
    layout.create().unwrap();
    let traces = Traces::of(&layout, true);
    (layout, traces)
}

impl Running {
    fn start(layout: Layout, secrets: Secrets, mut state: State) -> (Self, State) {
        state.settle_ports(&super::pair::ENGINES, 0, &Progress::silent()).unwrap();
        let engines = Engines::find_or_install(None, &Progress::silent()).unwrap();
        let pair = Pair::prepare(&engines, &layout, &mut state, &secrets, &[]).unwrap();
        state.save(&layout.state()).unwrap();
        let supervisor =
            Supervisor::start(RecordFile::at(layout.processes(), String::new()), Progress::silent()).unwrap();
        pair.start(&layout, &supervisor, &Cancel::default()).unwrap();
        (Self { pair, secrets, supervisor, layout }, state)
    }

    /// What psql prints for a statement, or its complaint.
    fn sql(&self, role: &str, database: &str, statement: &str) -> String {
        let password = match role {
            SUPERUSER => &self.secrets.postgres,
            _ => &self.secrets.databases[role.split('_').next().unwrap()],
        };
        let output = Command::new(self.pair.cluster.binaries.join("psql"))
            .args(["-X", "-A", "-t", "-h", "127.0.0.1", "-p", &self.pair.cluster.port.to_string()])
            .args(["-U", role, "-d", database, "-c", statement])
            .env("PGPASSWORD", password)
            .output()
            .unwrap();
        let printed = if output.status.success() { output.stdout } else { output.stderr };
        String::from_utf8_lossy(&printed).trim().to_owned()
    }
}

#[test]
fn roles_can_do_their_work_and_nothing_else() {
    let (layout, _traces) = place();
    let (running, _) = Running::start(layout, Secrets::generate(), State::default());

    bootstrap::bootstrap(&running.pair.cluster, &running.secrets).unwrap();
    bootstrap::bootstrap(&running.pair.cluster, &running.secrets).unwrap();

    let powers = "select count(*) from pg_roles where rolcanlogin and not (rolsuper or rolbypassrls or \
                  rolcreatedb or rolcreaterole or rolreplication)";
    assert_eq!(running.sql(SUPERUSER, "postgres", powers), "15");
    let owners = "select count(*) from pg_database where pg_get_userbyid(datdba) = datname || '_owner'";
    assert_eq!(running.sql(SUPERUSER, "postgres", owners), "5");
    assert_eq!(running.sql("lead_owner", "lead", "create table t (a int)"), "CREATE TABLE");
    assert!(running.sql("lead_app", "lead", "create table u (a int)").contains("permission denied"));
    assert!(running.sql("lead_app", "lead", "select * from t").contains("permission denied"));
    assert!(running.sql("lead_app", "auth", "select 1").contains("permission denied for database"));
    assert!(running.sql("lead_system", "postgres", "create schema s").contains("permission denied"));
    let shown = running.sql(
        "lead_app",
        "lead",
        "select current_setting('server_encoding') || \
                            current_setting('fsync') || current_setting('synchronous_commit')",
    );
    assert_eq!(shown, "UTF8onon");
}

#[test]
fn killed_engines_come_back_with_their_data_and_so_do_stopped_ones() {
    let (layout, _traces) = place();
    let (running, state) = Running::start(layout, Secrets::generate(), State::default());
    bootstrap::bootstrap(&running.pair.cluster, &running.secrets).unwrap();
    running.sql("lead_owner", "lead", "create table t as select 7 as a");
    let (layout, secrets) = (running.layout.clone(), running.secrets.clone());

    for name in super::pair::ENGINES {
        let old = running.supervisor.pid(name);
        assert!(running.supervisor.signal(name, Signal::SIGKILL));
        let back = || running.supervisor.pid(name).is_some_and(|pid| Some(pid) != old);
        let ready = || back() && running.pair.cluster.is_ready() && running.pair.redis.is_ready();
        let (step, limit) = (Duration::from_millis(50), Duration::from_secs(30));
        Cancel::default().until(name, step, limit, || Ok(ready())).unwrap();
    }
    assert_eq!(running.sql("lead_owner", "lead", "select a from t"), "7");
    // A pid file that names a living process which isn't PostgreSQL must not keep it from starting.
    let pid_file = running.pair.cluster.data.join("postmaster.pid");
    drop(running);
    std::fs::write(&pid_file, format!("{}\n", std::process::id())).unwrap();

    let (again, _) = Running::start(layout, secrets, state);

    assert_eq!(again.sql("lead_owner", "lead", "select a from t"), "7");
}
