//! Validation of segments and their criteria.

use diesel::{AsChangeset, Insertable};
use platform::{
    Problem,
    http::list::{Link, Listed, Tree, Vocabulary},
    zones::Tz,
};
use serde_json::{Value, json};

use super::api::WriteSegment;
use crate::{customers::api::CustomerView, schema::customer_segments};

/// What criteria may speak of.
const VOCABULARY: Vocabulary = Vocabulary::of(&CustomerView::LISTING).with_links(&[Link {
    name: "tags",
    sql: "SELECT l.customer_id FROM customer_tag_links l JOIN customer_tags t ON t.id = l.tag_id \
          WHERE t.deleted_at IS NULL AND ",
    id: "t.id",
    label: Some("lower(t.name)"),
}]);

/// The fields of a segment that people write, in the form in which they are stored.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = customer_segments, treat_none_as_null = true)]
pub struct SegmentFields {
    name: String,
    description: Option<String>,
    criteria: Value,
}

impl SegmentFields {
    /// The criteria must be understood.
    pub fn parse(write: WriteSegment) -> Result<Self, Problem> {
        let criteria = write.criteria.unwrap_or_else(|| json!({}));
        Tree::parse(&criteria, VOCABULARY, "criteria", Tz::UTC).map_err(Problem::invalid)?;
        Ok(Self { name: write.name.trim().to_owned(), description: write.description, criteria })
    }
}

/// Stored criteria as a condition on customers. Dates are days of `zone`.
pub fn condition(criteria: &Value, zone: Tz) -> Result<Tree, Problem> {
    Tree::parse_stored(criteria, VOCABULARY, zone)
        .map_err(|faults| Problem::internal(format!("stored criteria are not understood: {faults:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(criteria: &Value) -> Vec<(String, String)> {
        let faults = Tree::parse(criteria, VOCABULARY, "criteria", Tz::UTC).err().unwrap_or_default();
        faults.into_iter().map(|fault| (fault.field, fault.code)).collect()
    }

    #[test]
    fn criteria_over_known_fields_are_understood() {
        let criteria = json!({"and": [
            {"field": "lifetime_value", "op": "gte", "value": 1000},
            {"or": [{"field": "city", "op": "contains", "value": "ber"}, {"not": {"field": "verified", "value": true}}]},
            {"field": "custom_fields.tier", "op": "in", "value": ["gold", "silver"]},
            {"field": "last_order_date", "op": "isnull", "value": false},
            {"field": "tags", "op": "has_all", "value": ["VIP", "0190a0a0-0000-7000-8000-000000000000"]},
            {"field": "customer_since", "op": "within_days", "value": 30},
        ]});
        assert_eq!(faults(&criteria), []);
        assert_eq!(faults(&json!({})), []);
    }

    #[test]
    fn every_fault_is_named_by_its_place() {
        let criteria = json!({"or": [
            {"field": "password", "op": "eq", "value": "x"},
            {"field": "total_orders", "op": "like", "value": 1},
            {"field": "total_orders", "op": "gte", "value": "many"},
            {"field": "verified", "op": "gt", "value": true},
            {"nand": []},
            {"and": []},
        ]});
        let expected = [
            ("criteria.or.0.field", "unknown_field"),
            ("criteria.or.1.op", "not_allowed"),
            ("criteria.or.2.value", "wrong_type"),
            ("criteria.or.3.op", "not_allowed"),
            ("criteria.or.4.nand", "unknown_field"),
            ("criteria.or.5.and", "too_few"),
        ];
        assert_eq!(faults(&criteria), expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
    }

    #[test]
    fn nesting_and_size_are_bounded() {
        let leaf = json!({"field": "name", "value": "x"});
        let deep = (0..30).fold(leaf.clone(), |inner, _| json!({ "not": inner }));
        assert_eq!(faults(&deep).first().map(|(_, code)| code.as_str()), Some("nested_too_deep"));
        let wide = json!({ "or": vec![leaf; 300] });
        assert_eq!(faults(&wide).first().map(|(_, code)| code.as_str()), Some("too_many"));
    }
}
