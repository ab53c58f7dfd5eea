//! Current rights of an import's starter.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use contracts::{
    UserId,
    internal::tenants::{LookUpAccess, TenantRef, TenantStatus},
    permissions::{ImportsRun, LeadsCreate, LeadsUpdate, Permission},
};
use platform::db::Visibility;
use uuid::Uuid;

use super::Stop;
use crate::{
    deps::Deps,
    imports::taken::{PAUSED, TakenImport},
};

/// The time for which an answer of tenant-service counts.
const FRESH: Duration = Duration::from_secs(5);

/// Permissions and data scope, as last read from tenant-service.
pub struct Rights {
    permissions: HashSet<String>,
    visibility: Visibility,
    told_at: Instant,
}

impl Rights {
    /// Asks tenant-service. Not inside a transaction.
    ///
    /// # Errors
    /// `Paused` when the person is no active member of an active tenant.
    pub async fn look_up(deps: &Deps, import: &TakenImport) -> Result<Self, Stop> {
        let user = import.acts_for();
        let call = LookUpAccess {
            user_id: user,
            platform_role: import.acts_as(),
            tenant: TenantRef::Id(import.tenant()),
        };
        let answer = deps.peers.call(&call).await.map_err(|error| Stop::Failed(error.into()))?;
        let is_active = answer.tenant.is_some_and(|tenant| tenant.status == TenantStatus::Active);
        let grant = answer.grant.filter(|_| is_active).ok_or(Stop::Paused(PAUSED))?;
        let team: Vec<Uuid> = grant.team.into_iter().map(|UserId(id)| id).collect();
        Ok(Self {
            permissions: grant.permissions.into_iter().collect(),
            visibility: Visibility::of_scope(grant.data_scope, user.0, team),
            told_at: Instant::now(),
        })
    }

    /// The same, asked again if the answer has become old.
    pub async fn renewed(self, deps: &Deps, import: &TakenImport) -> Result<Self, Stop> {
        if self.told_at.elapsed() < FRESH { Ok(self) } else { Self::look_up(deps, import).await }
    }

    /// Data scope for leads.
    pub fn visibility(&self) -> &Visibility {
        &self.visibility
    }

    /// Checks what writing the import's rows takes.
    pub fn check_run(&self, import: &TakenImport) -> Result<(), Stop> {
        self.check::<ImportsRun>()?;
        self.check::<LeadsCreate>()?;
        if import.changes_leads() {
            self.check::<LeadsUpdate>()?;
        }
        Ok(())
    }

    /// Whether the person holds `P`.
    pub fn holds<P: Permission>(&self) -> bool {
        self.permissions.contains(P::CODE)
    }

    /// Ends the import unless the person holds `P`.
    pub fn check<P: Permission>(&self) -> Result<(), Stop> {
        if self.holds::<P>() {
            return Ok(());
        }
        let sentence = format!("The person for whom it acts no longer has the permission {}.", P::CODE);
        Err(Stop::Ended(sentence.into()))
    }
}
