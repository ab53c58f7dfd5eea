//! Leads interleaved by persona in asked proportions: which comes next.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as B64};
use serde::{Deserialize, Serialize};

use crate::people::{LeadView, Persona};

/// The groups of leads; the last is of those without a persona.
pub const GROUPS: [Option<Persona>; 4] =
    [Some(Persona::Buyer), Some(Persona::Influencer), Some(Persona::EndUser), None];

/// Most leads of a group that a cursor may say were given out: with more, places in the distribution are beyond 64 bits.
const TAKEN_LIMIT: u64 = 1 << 48;

/// How far each group has been given out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// The asked shares, in per cent, by group.
    pub shares: [u32; 4],
    /// Leads of each group that were given out.
    pub taken: [u64; 4],
    /// Where each group goes on.
    pub cursors: [String; 4],
}

impl Progress {
    /// The beginning, for these shares.
    pub fn beginning(shares: [u32; 4]) -> Self {
        Self { shares, ..Self::default() }
    }

    /// Reads a cursor of a distribution with these shares.
    pub fn read(cursor: &str, shares: [u32; 4]) -> Option<Self> {
        if cursor.is_empty() {
            return Some(Self::beginning(shares));
        }
        let progress: Self = serde_json::from_slice(&B64.decode(cursor).ok()?).ok()?;
        let is_possible = progress.taken.iter().all(|taken| *taken <= TAKEN_LIMIT);
        (progress.shares == shares && is_possible).then_some(progress)
    }

    /// As a cursor.
    pub fn write(&self) -> String {
        B64.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// A lead of `group` was given out, after which the group goes on at `cursor`.
    pub fn take(&mut self, group: usize, cursor: Option<String>) {
        if let (Some(taken), Some(place)) = (self.taken.get_mut(group), self.cursors.get_mut(group)) {
            *taken += 1;
            *place = cursor.unwrap_or_default();
        }
    }

    /// The group with the next lead, among groups with leads left. `next` shows it by group.
    ///
    /// The k-th lead of a group with share s stands at (2k - 1) / 2s: after every stretch of the distribution each group
    /// has had its share, to within one lead. Groups without a share come after all others, best score first.
    pub fn choose(&self, next: [Option<&LeadView>; 4]) -> Option<usize> {
        let place = |group: usize| {
            let share = u64::from(*self.shares.get(group)?);
            let order = 2 * self.taken.get(group)? + 1;
            Some((order, share))
        };
        let mut best: Option<(usize, &LeadView)> = None;
        for (group, lead) in next.into_iter().enumerate() {
            let Some(lead) = lead else { continue };
            let Some((kept, held)) = best else {
                best = Some((group, lead));
                continue;
            };
            let ((order, share), (kept_order, kept_share)) = (place(group)?, place(kept)?);
            let earlier = match (share, kept_share) {
                (0, 0) => lead.score.unwrap_or(f64::NEG_INFINITY) > held.score.unwrap_or(f64::NEG_INFINITY),
                (0, _) => false,
                (_, 0) => true,
                _ => order * kept_share < kept_order * share,
            };
            if earlier {
                best = Some((group, lead));
            }
        }
        best.map(|(group, _)| group)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_of_its_distribution_and_of_what_can_be() {
        let shares = [50, 30, 20, 0];
        let at = |taken| Progress { taken, ..Progress::beginning(shares) };

        let cursor = at([3, 2, 1, 0]).write();
        assert_eq!(Progress::read(&cursor, shares), Some(at([3, 2, 1, 0])));
        assert_eq!(Progress::read(&cursor, [1, 1, 1, 0]), None);
        assert_eq!(Progress::read(&at([u64::MAX, 0, 0, 0]).write(), shares), None);
    }
}
