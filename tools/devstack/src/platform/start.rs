//! Starting a platform, step by step.

use std::fs::File;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use nix::sys::signal::Signal;

use super::traces::{Traces, stop_leftovers};
use super::{Options, Platform};
use crate::engines::postgres::major_of;
use crate::engines::{Engines, Pair, bootstrap, pair};
use crate::layout::Layout;
use crate::secrets::Secrets;
use crate::services::{self, GATEWAY, GATEWAY_INNER, MAILBOX, SERVICES, Surroundings, replica};
use crate::state::State;
use crate::supervisor::record::{Phase, RecordFile};
use crate::supervisor::{Spec, Stage, Supervisor};
use crate::waiting::Cancel;
use crate::{http, logs, ports, seed, workspace};

/// How long the six processes may take together until they are ready.
const READY_WITHIN: Duration = Duration::from_secs(120);
/// How often a process may end before it was ever ready.
const HOPELESS_AFTER: u32 = 5;

pub(super) fn start(options: &Options) -> Result<Platform> {
    let progress = options.progress;
    let layout = Layout::of(&options.dir)?;
    layout.create()?;
    let lock = take_lock(&layout)?;
    let traces = Traces::of(&layout, options.ephemeral);
    stop_leftovers(&layout, &progress)?;

    let mut surroundings = surroundings(&layout, options)?;
    let data = Pair::postgres_data(&layout, &surroundings.state);
    let engines = Engines::find_or_install(major_of(&data), &progress)?;
    if options.build {
        workspace::build(options.profile, progress.is_silent())?;
    }
    find_binaries(&surroundings)?;

    let record = RecordFile::at(layout.processes(), surroundings.base_url());
    let supervisor = Supervisor::start(record, progress)?;
    progress.say(&format!("starting PostgreSQL {} and Redis", engines.postgres_major));
    let (state, secrets) = (&mut surroundings.state, &surroundings.secrets);
    let pair = Pair::prepare(&engines, &layout, state, secrets, &options.settings)?;
    surroundings.state.save(&layout.state())?;
    let flush = if pair.is_new { Some(pair.cluster.flush()?) } else { None };
    pair.start(&layout, &supervisor, &options.cancel)?;
    bootstrap::bootstrap(&pair.cluster, &surroundings.secrets)?;

    progress.say("migrating the databases");
    migrate(&surroundings, &layout, options)?;
    progress.say("starting the services");
    serve(&surroundings, &layout, &supervisor, options.replicas)?;
    wait_until_ready(&surroundings, &layout, &supervisor, options)?;

    let demo = if options.seed {
        Some(seed::demo(&mut surroundings, &layout, &progress, &options.cancel)?)
    } else {
        None
    };
    // The platform is reported ready only once its databases would survive a loss of power.
    if let Some(flush) = flush {
        flush.finish()?;
    }
    supervisor.set_phase(Phase::Ready);
    Ok(Platform { supervisor, _lock: lock, _traces: traces, layout, surroundings, demo })
}

/// Other commands look whether the lock is free, and hold it for that moment.
fn take_lock(layout: &Layout) -> Result<File> {
    let mut lock = None;
    let outcome =
        Cancel::default().until("the lock", Duration::from_millis(50), Duration::from_secs(2), || {
            lock = layout.lock()?;
            Ok(lock.is_some())
        });
    match lock {
        Some(lock) => Ok(lock),
        None => Err(outcome.err().unwrap_or_else(|| anyhow!("it is free")))
            .with_context(|| format!("a platform is already running in {}", layout.dir().display())),
    }
}

fn surroundings(layout: &Layout, options: &Options) -> Result<Surroundings> {
    let mut state = State::load(&layout.state())?;
    let gateway_port = match options.port {
        Some(port) if ports::is_free(port) => port,
        Some(port) => bail!(ports::taken(port)),
        None => ports::choose(&state.ports.values().copied().collect::<Vec<_>>())?,
    };
    let processes = processes(options.replicas);
    let processes = processes.iter().map(|(name, _)| name.as_str()).filter(|name| *name != GATEWAY);
    let names: Vec<&str> =
        pair::ENGINES.into_iter().chain(processes).chain([MAILBOX, GATEWAY_INNER]).collect();
    state.settle_ports(&names, gateway_port, &options.progress)?;
    state.save(&layout.state())?;
    Ok(Surroundings {
        binaries: workspace::binaries(options.profile)?,
        dir: layout.dir().to_owned(),
        gateway_port,
        state,
        secrets: Secrets::load_or_generate(&layout.secrets())?,
        detours: options.detours.clone(),
        extra: options.environment.clone(),
        wrapper: options.wrapper.clone(),
        log_level: services::log_level(),
    })
}

fn find_binaries(surroundings: &Surroundings) -> Result<()> {
    for name in SERVICES.into_iter().chain([GATEWAY]) {
        let file = services::binary(&surroundings.binaries, name);
        if !file.is_file() {
            bail!("{} doesn't exist; build it with: cargo build --workspace --bins", file.display());
        }
    }
    Ok(())
}

/// Migrates all databases at once; each service knows its own.
fn migrate(surroundings: &Surroundings, layout: &Layout, options: &Options) -> Result<()> {
    let mut running = Vec::new();
    for service in SERVICES {
        logs::begin(&layout.log(service), "migrate");
        let log = logs::open(&layout.log(service))?;
        let mut command = surroundings.command(service, &["migrate"]);
        command.stdin(std::process::Stdio::null()).stdout(log.try_clone()?).stderr(log);
        running.push((service, command.spawn().with_context(|| format!("can't run {service} migrate"))?));
    }
    let (step, limit) = (Duration::from_millis(20), Duration::from_secs(600));
    let mut failed = Vec::new();
    let outcome = options.cancel.until("migrating the databases", step, limit, || {
        running.retain_mut(|(service, child)| match child.try_wait() {
            Ok(None) => true,
            Ok(Some(status)) if status.success() => false,
            _ => {
                failed.push(*service);
                false
            }
        });
        Ok(running.is_empty())
    });
    for (_, child) in &mut running {
        // Only what an interruption or the limit left running.
        let _ = child.kill();
        let _ = child.wait();
    }
    outcome?;
    match failed.first() {
        Some(first) => {
            bail!("migrating failed in {}; {}", failed.join(", "), logs::excerpt(&layout.log(first)))
        }
        None => Ok(()),
    }
}

/// Every process with its stage, in the order in which they are started.
fn processes(replicas: u16) -> Vec<(String, Stage)> {
    let stages = SERVICES.into_iter().map(|name| (name, Stage::Service)).chain([(GATEWAY, Stage::Gateway)]);
    stages
        .flat_map(|(name, stage)| (1..=replicas.max(1)).map(move |number| (replica(name, number), stage)))
        .collect()
}

fn serve(surroundings: &Surroundings, layout: &Layout, supervisor: &Supervisor, replicas: u16) -> Result<()> {
    for (name, stage) in processes(replicas) {
        let (theirs, own_name) = (surroundings.clone(), name.clone());
        supervisor.keep(Spec {
            port: surroundings.port(&name),
            stage,
            stop_signal: Signal::SIGTERM,
            patience: Duration::from_secs(10),
            log: layout.log(&name),
            command: Box::new(move || Ok(theirs.command(&own_name, &["serve"]))),
            name,
        })?;
    }
    Ok(())
}

fn wait_until_ready(
    surroundings: &Surroundings,
    layout: &Layout,
    supervisor: &Supervisor,
    options: &Options,
) -> Result<()> {
    let mut pending: Vec<String> = processes(options.replicas).into_iter().map(|(name, _)| name).collect();
    let step = Duration::from_millis(20);
    let outcome = options.cancel.until("becoming ready", step, READY_WITHIN, || {
        pending.retain(|name| {
            let ready = http::is_ready(surroundings.port(name));
            if ready {
                options.progress.say(&format!("{name} is ready"));
            }
            !ready
        });
        if let Some(name) = pending.iter().find(|name| supervisor.restarts(name) >= HOPELESS_AFTER) {
            bail!("{name} ends again and again");
        }
        options.progress.waiting(&format!("waiting for {}", pending.join(", ")));
        Ok(pending.is_empty())
    });
    let Some(culprit) = pending.iter().max_by_key(|name| supervisor.restarts(name)) else { return outcome };
    let outcome = outcome.map_err(|error| anyhow!("{error} (not ready: {})", pending.join(", ")));
    logs::explain(outcome, &options.cancel, &layout.log(culprit))
}
