//! Field changes that one service asks another to make on its behalf.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Values found outside, to be written only where nothing stands yet.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct FoundFields(pub Map<String, Value>);

/// One field that was filled and what stood there before.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FilledField {
    /// Name of the field.
    pub field: String,
    /// The value it has now.
    pub value: Value,
    /// The value it had before; null when it was empty.
    pub previous: Value,
}
