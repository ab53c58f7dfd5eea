//! Groups of operations, with descriptions, in the order of reading.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// Groups of operations, in the order in which a newcomer meets them. Others come last.
pub const GROUPS: [(&str, &str); 50] = [
    ("Authentication", "Register, sign in and out, change the password, end sessions."),
    ("Two-factor authentication", "Codes of an authenticator app, and recovery codes."),
    ("Leads", "People who might buy: create, find, assign, convert."),
    ("Lead intake", "Where forms and programs submit leads, with an API key."),
    ("API keys", "Keys of forms and programs, and which field of a form is which field of a lead."),
    ("Submissions", "What forms and programs sent, and what became of it."),
    ("Imports", "Leads from files."),
    ("Duplicates", "Find and merge leads of the same person, and undo a merge."),
    ("Assignment rules", "Who gets a new lead."),
    ("Scoring models", "How promising a lead is."),
    ("Accounts", "The companies of leads and contacts."),
    ("Contacts", "The people of accounts."),
    ("Enrichment", "Jobs that look up companies and people."),
    ("Enrichment runs", "Jobs over many records, counted, paused and cancelled together."),
    ("Waterfalls", "Providers asked for the same fields, in order, until a condition is met."),
    ("Custom columns", "A tenant's own questions about its leads and accounts, answered by a model."),
    ("Enrichment providers", "Providers that a tenant asks, with their credentials, limits and costs."),
    ("Provenance", "Sources of the values of accounts and leads, and the fields that enrichment may change."),
    ("Pipelines", "Pipelines and their stages."),
    ("Deals", "Opportunities on their way through a pipeline."),
    ("Activities", "Calls, e-mails, meetings and notes."),
    ("Tasks", "What is to be done, and until when."),
    ("Reports", "Forecast, funnel, win rate and board."),
    ("Products", "What the tenant sells, and which roles buy it."),
    ("Customers", "People and companies who have bought."),
    ("Customer tags", "Labels of customers."),
    ("Customer segments", "Groups of customers, by conditions."),
    ("Customer interactions", "What was discussed with customers."),
    ("Orders", "Orders of customers and their items."),
    ("Issues", "Problems that customers report."),
    ("Customer portal", "The customer's own side: profile, companies, orders."),
    ("Notifications", "Notifications of the current user, also as a stream."),
    ("Webhook endpoints", "Where events are sent, signed as Standard Webhooks."),
    ("Webhook deliveries", "What was sent to webhook endpoints, attempt by attempt."),
    ("Events", "Every change of a record, and how it was processed."),
    ("Tenants", "Organisations: profile, logo, isolation."),
    ("Domains", "Host names that lead to a tenant."),
    ("Members", "The members of a tenant, their roles and managers."),
    ("Invitations", "Invite people into a tenant."),
    ("Roles", "What members may do."),
    ("Access", "Why a member may or may not do something."),
    ("Audit", "Who changed identity and access."),
    ("Settings", "Settings of tenants and their members."),
    ("Regions", "Regions of a tenant."),
    ("Branches", "Branches of a tenant."),
    ("Catalog", "Industries, categories and products of the platform, and what a tenant has of them."),
    ("Users", "The platform's users. For its administrators."),
    ("Configurations", "Values for all tenants. For the platform's administrators."),
    ("Service accounts", "Accounts of external workers. For the platform's administrators."),
    ("SimpleJWT", "Sign-in under other names, for clients that were written for SimpleJWT."),
];

/// Groups of the operations that the gateway does not forward.
const INTERNAL: [(&str, &str); 2] = [
    ("access", "What users and members may do. For the platform's own services."),
    ("internal", "What services ask of each other. For the platform's own services."),
];

/// The groups that are in use, described, in their order.
pub fn tags<'t>(used: impl IntoIterator<Item = &'t str>) -> Value {
    let mut used: BTreeSet<&str> = used.into_iter().collect();
    let known = GROUPS.iter().chain(&INTERNAL).filter(|(name, _)| used.remove(name));
    let mut tags: Vec<Value> =
        known.map(|(name, about)| json!({ "name": name, "description": about })).collect();
    tags.extend(used.iter().map(|name| json!({ "name": name })));
    Value::Array(tags)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_come_in_the_order_of_reading_and_unknown_ones_last() {
        let tags = tags(["Zebras", "Tenants", "Leads", "Authentication", "Leads"]);

        let names: Vec<&str> =
            tags.as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["Authentication", "Leads", "Tenants", "Zebras"]);
    }
}
