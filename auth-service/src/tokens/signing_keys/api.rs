//! The key set on the wire.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A JSON Web Key Set (RFC 7517): every key that valid tokens may be signed with.
#[derive(Serialize, ToSchema)]
pub struct KeySet {
    /// The public keys.
    #[schema(value_type = Vec<Object>)]
    pub keys: Vec<Value>,
}
