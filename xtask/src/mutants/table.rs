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
        guard: "client: if by_proxy {",
        broken: "client: if by_proxy || headers.contains_key(\"x-forwarded-for\") {",
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
        file: "auth-service/src/one_time_tokens/store.rs",
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
];
