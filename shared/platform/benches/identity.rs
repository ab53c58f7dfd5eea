//! Benchmarks of signing and verifying an identity, which every request does once each.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on fails loudly")]

use std::hint::black_box;

use contracts::{
    Service, TenantId, UserId,
    identity::{ActingIn, Caller, DataScope, IDENTITY_LIFE_SECONDS, Identity, PlatformRole, SignedInUser},
};
use criterion::Criterion;
use platform::{auth::identity::IdentityKeys, config::IdentityConfig};
use uuid::Uuid;

const PATH: &str = "/api/v2/leads/019a0000-0000-7000-8000-000000000000";

fn identity(team: usize) -> Identity {
    let acting = ActingIn {
        id: TenantId(Uuid::now_v7()),
        client_id: "acme".to_owned(),
        membership: Some(Uuid::now_v7()),
        role: "manager".to_owned(),
        data_scope: if team == 0 { DataScope::All } else { DataScope::Team },
        team: (0..team).map(|_| UserId::new()).collect(),
        team_digest: None,
        time_zone: None,
        own_time_zone: None,
    };
    let user = SignedInUser {
        id: UserId::new(),
        session: Uuid::now_v7(),
        platform_role: PlatformRole::None,
        permission: Some("leads:read".to_owned()),
        effects: Vec::new(),
        tenant: Some(acting),
    };
    Identity {
        aud: Service::Lead,
        exp: chrono::Utc::now().timestamp() + IDENTITY_LIFE_SECONDS,
        request_id: Uuid::now_v7().to_string(),
        method: "GET".to_owned(),
        path: PATH.to_owned(),
        client_address: Some("192.0.2.7".to_owned()),
        who: Caller::User(Box::new(user)),
    }
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let secret = "a secret for measurements only, long enough to be taken";
    let keys = IdentityKeys::new(&IdentityConfig { secret: secret.into(), previous: None }).unwrap();
    for (who, team) in [("who sees all", 0), ("with a team of 100", 100)] {
        criterion.bench_function(&format!("identity of somebody {who}: sign"), |bencher| {
            let identity = identity(team);
            bencher.iter(|| keys.sign(black_box(&identity)));
        });
        criterion.bench_function(&format!("identity of somebody {who}: verify"), |bencher| {
            // It is good for a minute only, and measuring may take longer.
            bencher.iter_batched_ref(
                || keys.sign(&identity(team)),
                |header| keys.verify(black_box(header), Service::Lead, "GET", PATH).unwrap(),
                criterion::BatchSize::SmallInput,
            );
        });
    }
    criterion.final_summary();
}
