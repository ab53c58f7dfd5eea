//! Merge of configuration layers: the user's value wins over the tenant's, and that over the global one. Pure.

use std::collections::BTreeMap;

use serde_json::Value;

use super::api::Origin;
use crate::settings::{
    api::{SettingScope, SettingView},
    configs::api::{ConfigScope, ConfigView},
};

/// One value of a key, with its layer.
#[derive(Clone, Debug)]
pub struct Layer {
    key: String,
    value: Value,
    /// Larger is more particular.
    rank: u8,
    name: &'static str,
}

impl From<ConfigView> for Layer {
    fn from(config: ConfigView) -> Self {
        let rank = match (config.scope, config.tenant_id) {
            (ConfigScope::Global, _) => 0,
            (ConfigScope::Tenant, _) => 1,
            (ConfigScope::User, None) => 2,
            (ConfigScope::User, Some(_)) => 3,
        };
        Self { key: config.key, value: config.value, rank, name: config.scope.word() }
    }
}

impl From<SettingView> for Layer {
    fn from(setting: SettingView) -> Self {
        let rank = match setting.scope {
            SettingScope::Tenant => 1,
            SettingScope::User => 2,
        };
        Self { key: setting.key, value: setting.value, rank, name: setting.scope.word() }
    }
}

/// The most particular value of each key, and where it came from.
pub fn merge(mut layers: Vec<Layer>) -> (BTreeMap<String, Value>, BTreeMap<String, Origin>) {
    layers.sort_by_key(|layer| std::cmp::Reverse(layer.rank));
    let (mut values, mut origins) = (BTreeMap::new(), BTreeMap::<String, Origin>::new());
    for layer in layers {
        if let Some(origin) = origins.get_mut(&layer.key) {
            origin.overrides.push(layer.name.to_owned());
        } else {
            let origin = Origin { layer: layer.name.to_owned(), overrides: Vec::new() };
            origins.insert(layer.key.clone(), origin);
            values.insert(layer.key, layer.value);
        }
    }
    (values, origins)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn layer(key: &str, rank: u8, name: &'static str) -> Layer {
        Layer { key: key.into(), value: json!(name), rank, name }
    }

    #[test]
    fn the_most_particular_layer_decides_whatever_the_order() {
        let layers = vec![
            layer("a", 0, "global"),
            layer("a", 3, "user"),
            layer("a", 1, "tenant"),
            layer("b", 1, "tenant"),
            layer("b", 0, "global"),
            layer("c", 0, "global"),
        ];

        let (values, origins) = merge(layers);

        assert_eq!(json!(values), json!({ "a": "user", "b": "tenant", "c": "global" }));
        assert_eq!(origins["a"].overrides, ["tenant", "global"]);
        assert_eq!((origins["b"].layer.as_str(), origins["c"].overrides.len()), ("tenant", 0));
    }
}
