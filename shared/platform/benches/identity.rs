//! What every request costs twice: the gateway signs who is asking, a service verifies it.

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
        cid: "acme".to_owned(),
        mbr: Some(Uuid::now_v7()),
        rol: "manager".to_owned(),
        scp: if team == 0 { DataScope::All } else { DataScope::Team },
        tem: (0..team).map(|_| UserId::new()).collect(),
        tdg: None,
        tmz: None,
        otz: None,
    };
    let user = SignedInUser {
        id: UserId::new(),
        sid: Uuid::now_v7(),
        prl: PlatformRole::None,
        prm: Some("leads:read".to_owned()),
        eff: Vec::new(),
        tnt: Some(acting),
    };
    Identity {
        aud: Service::Lead,
        exp: chrono::Utc::now().timestamp() + IDENTITY_LIFE_SECONDS,
        rid: Uuid::now_v7().to_string(),
        mth: "GET".to_owned(),
        pth: PATH.to_owned(),
        adr: Some("192.0.2.7".to_owned()),
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
