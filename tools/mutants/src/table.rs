//! The guards that are broken, each with the tests that must notice.

/// One guard, broken by replacing a text that its file holds exactly once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mutant {
    /// What is broken.
    pub(super) name: &'static str,
    /// Where.
    pub(super) file: &'static str,
    /// The guard.
    pub(super) guard: &'static str,
    /// What stands there instead.
    pub(super) broken: &'static str,
    /// The tests that must turn red: package, kind of test and filter, as `cargo test -p` understands them.
    pub(super) tests: [&'static str; 3],
}

/// All of them.
pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "identities between services are believed without their HMAC",
        file: "shared/platform/src/auth/identity.rs",
        guard: "if !signed_by(&self.current) &&",
        broken: "if claims.is_empty() && !signed_by(&self.current) &&",
        tests: ["platform", "--lib", "auth::identity"],
    },
    Mutant {
        name: "identities of one service hold for another",
        file: "shared/platform/src/auth/identity.rs",
        guard: "if identity.aud != service {",
        broken: "if identity.aud != service && path.is_empty() {",
        tests: ["platform", "--lib", "auth::identity"],
    },
    Mutant {
        name: "fetches of outside addresses reach private ones",
        file: "shared/platform/src/egress/guard.rs",
        guard: "reason.map_or(Ok(()), Err)",
        broken: "reason.map_or(Ok(()), |_| Ok(()))",
        tests: ["platform", "--lib", "egress"],
    },
    Mutant {
        name: "X-Forwarded-For is believed from anybody",
        file: "gateway/src/edge/address.rs",
        guard: "address: if by_proxy {",
        broken: "address: if by_proxy || headers.contains_key(\"x-forwarded-for\") {",
        tests: ["gateway", "--lib", "edge::address"],
    },
    Mutant {
        name: "paths with dots are let through",
        file: "gateway/src/edge/canonical.rs",
        guard: "if length == 0 || (only_dots && length <= 2) {",
        broken: "if length == 0 || (only_dots && length == 99) {",
        tests: ["gateway", "--lib", "edge::canonical"],
    },
    Mutant {
        name: "the permission of a route is not asked for",
        file: "gateway/src/access/decide.rs",
        guard: "            check(&grant.permissions, code)?;",
        broken: "            let _ = check(&grant.permissions, code);",
        tests: ["gateway", "--lib", "access::decide"],
    },
    Mutant {
        name: "access tokens of another type are taken",
        file: "gateway/src/auth/token.rs",
        guard: "header.alg == Algorithm::EdDSA && header.typ.as_deref() == Some(TOKEN_TYPE)",
        broken: "header.alg == Algorithm::EdDSA && header.typ.as_deref() != Some(\"\")",
        tests: ["gateway", "--lib", "auth::token"],
    },
    Mutant {
        name: "internal headers of callers reach the services",
        file: "gateway/src/edge/headers.rs",
        guard: "!(name.starts_with(\"x-leadstream-\") || name.starts_with(\"x-forwarded-\") || is_hop_by_hop(name))",
        broken: "!(name.starts_with(\"x-leadstream-identity\") || is_hop_by_hop(name))",
        tests: ["gateway", "--test=it", "forwarding"],
    },
    Mutant {
        name: "webhooks follow redirects",
        file: "integration-service/src/deliveries/sender.rs",
        guard: ".max_redirects(0)",
        broken: ".max_redirects(3)",
        tests: ["integration-service", "--test=it", "deliveries::outcomes"],
    },
    Mutant {
        name: "what is acknowledged was not committed",
        file: "shared/platform/src/db/pool.rs",
        guard: "Manager::commit_transaction(connection).await.map_err(Problem::from)?;",
        broken: "Manager::rollback_transaction(connection).await.map_err(Problem::from)?;",
        tests: ["integration-service", "--test=it", "streams"],
    },
    Mutant {
        name: "a mailed link works for more than one",
        file: "auth-service/src/tokens/one_time_tokens/store.rs",
        guard: "Ok(spent == 1)",
        broken: "Ok(spent < 2)",
        tests: ["auth-service", "--test=it", "recoveries"],
    },
    Mutant {
        name: "a refresh token works for more than one",
        file: "auth-service/src/sessions/store.rs",
        guard: "AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now() RETURNING second_factor",
        broken: "AND revoked_at IS NULL AND expires_at > now() RETURNING second_factor",
        tests: ["auth-service", "--test=it", "refreshes"],
    },
    Mutant {
        name: "a revoked token goes on",
        file: "gateway/src/auth/verifier.rs",
        guard: "} else if self.revocations.cover(token) {",
        broken: "} else if self.revocations.cover(token) && token.user.0.is_nil() {",
        tests: ["gateway", "--test=it", "authentication::"],
    },
    Mutant {
        name: "a stream of events outlives what let its listener in",
        file: "gateway/src/edge/streams.rs",
        guard: "while shutdown.sleep(ASK_EVERY).await {",
        broken: "while shutdown.sleep(ASK_EVERY * 1_000).await {",
        tests: ["gateway", "--test=it", "streams::"],
    },
    Mutant {
        name: "notifications become visible in another order than they are streamed in",
        file: "integration-service/src/notifications/store.rs",
        guard: "(SELECT pg_advisory_xact_lock(hashtextextended('notifications ' || $1, 0))) held",
        broken: "(SELECT $1) held",
        tests: ["integration-service", "--test=it", "notifications::stream"],
    },
    Mutant {
        name: "tokens for another audience are taken",
        file: "gateway/src/auth/token.rs",
        guard: "    validation.set_audience(&[AUDIENCE]);",
        broken: "    validation.validate_aud = AUDIENCE.is_empty();",
        tests: ["gateway", "--test=it", "authentication::"],
    },
    Mutant {
        name: "what is revoked need not be known",
        file: "gateway/src/auth/verifier.rs",
        guard: "if self.revocations.age() > self.outage_grace {",
        broken: "if self.revocations.age() > self.outage_grace.saturating_mul(1_000) {",
        tests: ["gateway", "--test=it", "outages::"],
    },
    Mutant {
        name: "a tenant's demand of a second factor is not looked at",
        file: "gateway/src/access/decide.rs",
        guard: "if grant.demands_second_factor && !token.second_factor {",
        broken: "if grant.demands_second_factor && token.user.0.is_nil() {",
        tests: ["gateway", "--lib", "access::decide"],
    },
    Mutant {
        name: "a refresh token that comes again ends nothing",
        file: "auth-service/src/sessions/refresh.rs",
        guard: "let ends = refusal == Refusal::Reused && store::revoke(tx, owner, session).await?;",
        broken: "let ends = refusal == Refusal::Reused && session.is_nil() && store::revoke(tx, owner, session).await?;",
        tests: ["auth-service", "--test=it", "refreshes::"],
    },
    Mutant {
        name: "another issuer's tokens for others are taken",
        file: "auth-service/src/credentials/identities/domain.rs",
        guard: "    validation.set_audience(&[&issuer.audience]);",
        broken: "    validation.validate_aud = issuer.audience.is_empty();",
        tests: ["auth-service", "--test=it", "identities::"],
    },
    Mutant {
        name: "an address finds its person although the issuer did not verify it",
        file: "auth-service/src/credentials/identities/domain.rs",
        guard: "claims.email.filter(|_| is_verified)",
        broken: "claims.email.filter(|_| is_verified || !life.is_negative())",
        tests: ["auth-service", "--test=it", "identities::"],
    },
    Mutant {
        name: "a service token for one audience is taken for another",
        file: "shared/platform/src/auth/service_tokens.rs",
        guard: "if claims.aud != audience {",
        broken: "if claims.aud != audience && audience.is_empty() {",
        tests: ["auth-service", "--test=it", "service_accounts::"],
    },
    Mutant {
        name: "whoever is signed in accepts anybody's invitation",
        file: "tenant-service/src/people/invitations/handlers/accept.rs",
        guard: "if values::email_or_text(&person.email) != values::email_or_text(&invitation.view.email) {",
        broken: "if values::email_or_text(&person.email) == values::email_or_text(\"\") {",
        tests: ["tenant-service", "--test=it", "invitations::"],
    },
    Mutant {
        name: "an invitation is accepted by all who come at once",
        file: "tenant-service/src/people/invitations/handlers/accept.rs",
        guard: "            invitation.check_open()?;\n",
        broken: "",
        tests: ["tenant-service", "--test=it", "invitations::"],
    },
    Mutant {
        name: "the text of an invitation's token is kept",
        file: "tenant-service/src/people/invitations/domain.rs",
        guard: "Sha256::digest(self.text()).to_vec()",
        broken: "self.text().into_bytes()",
        tests: ["tenant-service", "--test=it", "invitations::"],
    },
    Mutant {
        name: "a hierarchy has cycles",
        file: "tenant-service/src/people/memberships/handlers/reports_to.rs",
        guard: "if hierarchy::is_within(tx, superior.id, before.id).await? {",
        broken: "if hierarchy::is_within(tx, superior.id, before.id).await? && superior.id.is_nil() {",
        tests: ["tenant-service", "--test=it", "hierarchy::"],
    },
    Mutant {
        name: "a tenant has one member too many",
        file: "tenant-service/src/people/memberships/seats.rs",
        guard: "if taken < most {",
        broken: "if taken <= most {",
        tests: ["tenant-service", "--test=it", "seats::"],
    },
    Mutant {
        name: "all schemas are migrated at once",
        file: "shared/platform/src/db/schemas.rs",
        guard: "migrated.buffer_unordered(AT_ONCE)",
        broken: "migrated.buffer_unordered(AT_ONCE * 8)",
        tests: ["integration-service", "--test=it", "migrate_all::"],
    },
];
