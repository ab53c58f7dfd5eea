//! `cargo xtask up`: in the foreground, or as a supervisor in the background.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use nix::sys::signal::Signal;

use super::logs::Follower;
use super::{LOOK, own_layout, web};
use crate::cli::Run;
use devstack::demo::Demo;
use devstack::engines::postgres::major_of;
use devstack::engines::{Engines, Pair};
use devstack::layout::{Layout, read_json};
use devstack::platform::{self, Options, Platform};
use devstack::progress::Progress;
use devstack::state::State;
use devstack::supervisor::identity::send;
use devstack::supervisor::record::{Phase, Record};
use devstack::waiting::{Cancel, pause};
use devstack::workspace::{self, Profile};
use devstack::{logs, output, ports};

/// Deadline for a platform in the background to be ready, including its demo.
const START_LIMIT: Duration = Duration::from_secs(600);

/// Runs the platform until Ctrl-C.
pub fn foreground(run: Run) -> Result<ExitCode> {
    let layout = own_layout()?;
    let progress = Progress::visible();
    if !prepare(&layout, run, progress)? {
        return already_running(&layout);
    }
    let cancel = Cancel::on_signals()?;
    let platform = Platform::start(&options(&layout, run, progress, &cancel))?;
    greet(&layout)?;
    output::print("\nCtrl-C stops everything; the data stays.")?;
    while !cancel.is_raised() {
        pause(LOOK);
    }
    progress.say("stopping");
    platform.stop();
    progress.say("stopped");
    Ok(ExitCode::SUCCESS)
}

/// Starts a supervisor in the background and returns when everything is ready.
pub fn detached(run: Run) -> Result<ExitCode> {
    let layout = own_layout()?;
    if !prepare(&layout, run, Progress::visible())? {
        return already_running(&layout);
    }
    let cancel = Cancel::on_signals()?;
    let log_path = layout.log("supervisor");
    let log = logs::open(&log_path)?;
    let mut follower = Follower::at_end(&log_path);
    let mut command = Command::new(own_binary()?);
    command.args(["supervise", "--port", &run.port.to_string()]);
    if run.release {
        command.arg("--release");
    }
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    let mut child = command.spawn().context("can't start the supervisor")?;
    let outcome = cancel.until("starting the platform", LOOK, START_LIMIT, || {
        let status = child.try_wait()?;
        follower.print("")?;
        if status.is_some() {
            bail!("the platform did not start (see the messages above, and {})", log_path.display());
        }
        Ok(Record::read(&layout.processes())?.is_some_and(|record| record.phase == Phase::Ready))
    });
    if outcome.is_err() {
        stop(&mut child);
        follower.print("")?;
    }
    outcome?;
    greet(&layout)?;
    output::print("\nIt runs in the background. cargo xtask status | logs | down")?;
    Ok(ExitCode::SUCCESS)
}

/// Supervisor that [`detached`] starts, in a session of its own.
pub fn supervise(run: Run) -> Result<ExitCode> {
    // Fails only for the leader of a process group, which has no terminal to detach from.
    let _ = nix::unistd::setsid();
    let cancel = Cancel::on_signals()?;
    let platform = Platform::start(&options(&own_layout()?, run, Progress::visible(), &cancel))?;
    while !cancel.is_raised() {
        pause(LOOK);
    }
    platform.stop();
    Ok(ExitCode::SUCCESS)
}

/// Checks and builds before the first process starts; false when a platform runs already.
fn prepare(layout: &Layout, run: Run, progress: Progress) -> Result<bool> {
    layout.create()?;
    let Some(_lock) = layout.lock()? else { return Ok(false) };
    platform::stop_leftovers(layout, &progress)?;
    if !ports::is_free(run.port) {
        bail!(ports::taken(run.port));
    }
    let state = State::load(&layout.state())?;
    Engines::find_or_install(major_of(&Pair::postgres_data(layout, &state)), &progress)?;
    progress.say("building (the first time takes a few minutes)");
    // Both at once; the platform runs without the app, and not without the services.
    let app = std::thread::spawn(move || web::build_if_possible(&progress));
    let services = workspace::build(profile(run), false);
    if app.join().is_err() {
        output::print("the web app was not built: its build ended abruptly; the API runs")?;
    }
    services?;
    Ok(true)
}

fn options(layout: &Layout, run: Run, progress: Progress, cancel: &Cancel) -> Options {
    Options {
        profile: profile(run),
        port: Some(run.port),
        build: false,
        environment: web::built()
            .map(|dir| ("WEB_DIR".to_owned(), dir.display().to_string()))
            .into_iter()
            .collect(),
        progress,
        cancel: cancel.clone(),
        ..Options::at(layout.dir())
    }
}

fn profile(run: Run) -> Profile {
    if run.release { Profile::Release } else { Profile::Debug }
}

fn already_running(layout: &Layout) -> Result<ExitCode> {
    let record = || Record::read(&layout.processes());
    if record()?.is_none_or(|record| record.phase == Phase::Starting) {
        output::print("A platform is being started here already; waiting for it.")?;
        let cancel = Cancel::on_signals()?;
        let mut unattended = 0;
        cancel.until("starting the platform", LOOK, START_LIMIT, || {
            // The lock is free for a moment between the command and its supervisor.
            unattended = if layout.lock()?.is_some() { unattended + 1 } else { 0 };
            if unattended > 30 {
                bail!("it did not start; see {}", layout.log("supervisor").display());
            }
            Ok(record()?.is_some_and(|record| record.phase != Phase::Starting))
        })?;
    }
    match record()? {
        Some(record) if record.phase == Phase::Stopping => {
            bail!("a platform is being stopped here right now")
        }
        _ => greet(layout)?,
    }
    output::print("\nIt was running already. cargo xtask status | logs | down")?;
    Ok(ExitCode::SUCCESS)
}

fn greet(layout: &Layout) -> Result<()> {
    let demo: Demo = read_json(&layout.demo())?.context("the demo is missing; see cargo xtask status")?;
    let open = match web::built() {
        Some(_) => format!(
            "Open {}/app/ and sign in as {} with the password {}",
            demo.base_url, demo.tenant_admin.email, demo.tenant_admin.password
        ),
        None => "The web app is not built; the API runs.".to_owned(),
    };
    output::print(&format!("\nLeadstream is running at {}\n{open}\n\n{}", demo.base_url, demo.try_it()))?;
    Ok(())
}

/// This program, even when a build has replaced its file since.
fn own_binary() -> Result<PathBuf> {
    let linux = Path::new("/proc/self/exe");
    if linux.exists() {
        return Ok(linux.to_owned());
    }
    std::env::current_exe().context("can't find my own binary")
}

fn stop(child: &mut Child) {
    if let Ok(None) = child.try_wait() {
        send(child.id(), Signal::SIGTERM);
    }
    // It ends its processes within their timeouts, then itself.
    let _ = child.wait();
}
