//! Visible part of a trace.

use contracts::permissions::AssignmentRulesRead;
use platform::http::access::TenantCaller;

use super::decide::RuleTrace;

/// The rules of a decision: none for a caller who may not read rules; without the workload of members outside the
/// caller's data scope.
pub fn shown(mut rules: Vec<RuleTrace>, caller: &TenantCaller) -> Vec<RuleTrace> {
    if !caller.may::<AssignmentRulesRead>() {
        return Vec::new();
    }
    let visibility = caller.visibility();
    for candidate in rules.iter_mut().flat_map(|rule| &mut rule.candidates) {
        if !visibility.covers(&[Some(candidate.user_id)]) {
            candidate.open_leads = None;
            "Outside your data scope.".clone_into(&mut candidate.reason);
        }
    }
    rules
}
