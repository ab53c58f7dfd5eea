//! The only ways to rows: a tenant's transaction, one without a tenant, and one of the system role.
//!
//! None of them can be made outside this module's parent, so code that holds one has been let in.

use std::ops::{Deref, DerefMut};

use contracts::{Service, TenantId, identity::DataScope};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use uuid::Uuid;

use crate::http::problem::Problem;

macro_rules! transaction {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $kind:ty),* }) => {
        $(#[$doc])*
        pub struct $name<'a> {
            pub(super) connection: &'a mut AsyncPgConnection,
            $(pub(super) $field: $kind,)*
        }

        impl Deref for $name<'_> {
            type Target = AsyncPgConnection;
            fn deref(&self) -> &AsyncPgConnection {
                self.connection
            }
        }

        impl DerefMut for $name<'_> {
            fn deref_mut(&mut self) -> &mut AsyncPgConnection {
                self.connection
            }
        }
    };
}

transaction!(
    /// A transaction that sees and writes one tenant's rows and no other's.
    TenantTx { service: Service, tenant: TenantId, recorded: bool }
);
transaction!(
    /// A transaction of the application role without a tenant: tables that belong to no tenant.
    GlobalTx {}
);
transaction!(
    /// A transaction of the system role: the few tables that relays and workers read across tenants.
    SystemTx {}
);

impl TenantTx<'_> {
    /// The service that owns the database.
    pub fn service(&self) -> Service {
        self.service
    }

    /// The tenant.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Runs `work` so that its failure undoes its own changes only: the transaction goes on.
    ///
    /// # Errors
    /// Those of `work`.
    pub async fn attempt<T>(
        &mut self,
        work: impl AsyncFnOnce(&mut TenantTx<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        self.connection.batch_execute("SAVEPOINT attempt").await?;
        let outcome = work(self).await;
        let end = match &outcome {
            Ok(_) => "RELEASE SAVEPOINT attempt",
            Err(_) => "ROLLBACK TO SAVEPOINT attempt; RELEASE SAVEPOINT attempt",
        };
        self.connection.batch_execute(end).await?;
        outcome
    }

    /// Says that statements of the caller's own have recorded events, so that the relay looks at once.
    pub fn events_recorded(&mut self) {
        self.recorded = true;
    }
}

/// Records that a caller sees, by the owner columns of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// All records.
    All,
    /// Those of these people.
    Of(Vec<Uuid>),
}

impl Visibility {
    /// What a person with this data scope and team sees.
    pub fn of_scope(scope: DataScope, user: Uuid, team: impl IntoIterator<Item = Uuid>) -> Self {
        match scope {
            DataScope::All => Self::All,
            DataScope::Own => Self::Of(vec![user]),
            DataScope::Team => Self::Of(std::iter::once(user).chain(team).collect()),
        }
    }

    /// Whether a record with these owners is seen.
    pub fn covers(&self, owners: &[Option<Uuid>]) -> bool {
        match self {
            Self::All => true,
            Self::Of(people) => owners.iter().flatten().any(|owner| people.contains(owner)),
        }
    }
}
