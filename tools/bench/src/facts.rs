//! Facts about the machine.

use std::fs;
use std::process::Command;

use serde::Serialize;

/// The facts that explain a figure.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Facts {
    /// Model of the processor.
    pub(super) cpu: String,
    /// How many of its threads there are.
    pub(super) cores: usize,
    /// Memory, in megabytes; 0 when unknown.
    pub(super) memory_mb: u64,
    /// Names and versions of the programs.
    pub(super) versions: Vec<(&'static str, String)>,
    /// The load average of the minute before; none where the system does not report it.
    pub(super) load_before: Option<f64>,
}

impl Facts {
    /// Looks at this machine.
    pub(super) fn of_this_machine(versions: Vec<(&'static str, String)>) -> Self {
        let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let meminfo = fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let sysctl = |name: &str| {
            let output = Command::new("sysctl").args(["-n", name]).output().ok()?;
            output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        };
        let cpu = field(&cpuinfo, "model name").map(str::to_owned);
        let memory_mb = field(&meminfo, "MemTotal").and_then(first_number).map(|kilobytes| kilobytes / 1024);
        let load = fs::read_to_string("/proc/loadavg").ok();
        Self {
            cpu: cpu.or_else(|| sysctl("machdep.cpu.brand_string")).unwrap_or_else(|| "unknown".to_owned()),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory_mb: memory_mb
                .or_else(|| sysctl("hw.memsize")?.parse::<u64>().ok().map(|bytes| bytes >> 20))
                .unwrap_or(0),
            versions,
            load_before: load.and_then(|text| text.split_whitespace().next()?.parse().ok()),
        }
    }

    /// Whether others were using the machine, so that the figures say little.
    pub(super) fn is_busy(&self) -> bool {
        self.load_before.is_some_and(|load| load > self.cores as f64 * 0.3)
    }
}

/// The value of `name: value` in one of /proc's tables.
pub(super) fn field<'a>(table: &'a str, name: &str) -> Option<&'a str> {
    let line = table.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.trim_start().strip_prefix(':')?.trim())
}

/// The number that a value such as `512 kB` begins with.
pub(super) fn first_number(value: &str) -> Option<u64> {
    value.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_the_kernel_is_read() {
        let table = "MemTotal:       24683912 kB\nmodel name\t: Some CPU @ 2.00GHz\n";

        assert_eq!(field(table, "MemTotal").and_then(first_number), Some(24_683_912));
        assert_eq!(field(table, "model name"), Some("Some CPU @ 2.00GHz"));
        assert_eq!(field(table, "Mem"), None);
    }

    #[test]
    fn a_loaded_machine_is_called_busy() {
        let mut facts = Facts::of_this_machine(Vec::new());

        facts.load_before = Some(facts.cores as f64);
        assert!(facts.is_busy());
        facts.load_before = Some(0.1);
        assert!(!facts.is_busy());
    }
}
