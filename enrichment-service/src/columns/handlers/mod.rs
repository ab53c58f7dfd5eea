//! Handlers of custom columns.

pub mod archive;
pub mod generate;
pub mod read;
pub mod sample;
pub mod write;

use contracts::permissions::{AccountsRead, ActivitiesRead, LeadsRead, ProductsRead};
use platform::http::May;

/// A context type: a part of the record that a column may show the model.
pub type Contexts = (May<AccountsRead>, May<LeadsRead>, May<ProductsRead>, May<ActivitiesRead>);
