//! What people do with columns.

pub mod archive;
pub mod generate;
pub mod read;
pub mod sample;
pub mod write;

use contracts::permissions::{AccountsRead, ActivitiesRead, LeadsRead, ProductsRead};
use platform::http::May;

/// What a column may show the model.
pub type Contexts = (May<AccountsRead>, May<LeadsRead>, May<ProductsRead>, May<ActivitiesRead>);
