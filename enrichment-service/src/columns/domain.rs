//! Validation of custom columns.

use contracts::{
    permissions::{AccountsRead, ActivitiesRead, LeadsRead, ProductsRead},
    problem::FieldError,
};
use diesel::{AsChangeset, Insertable};
use platform::{Problem, http::access::TenantCaller, text_enum, values};
use serde_json::{Value, json};
use uuid::Uuid;

use super::api::{CustomColumnView, ResponseConfig, WriteColumn};
use crate::{
    money::{self, Amount},
    schema::custom_columns,
    waterfalls::domain::EntityType,
};

text_enum! {
    /// The type of an answer.
    ResponseType {
        /// A text.
        String = "string",
        /// A number.
        Number = "number",
        /// Yes or no.
        Boolean = "boolean",
        /// One of some words.
        Enum = "enum",
        /// An object by a schema of one's own.
        JsonObject = "json_object",
    }
}

text_enum! {
    /// Context of a model.
    ContextType {
        /// The account's fields.
        AccountProfile = "account_profile",
        /// The lead's fields.
        LeadProfile = "lead_profile",
        /// The product.
        Product = "product",
        /// Findings of enrichment about the record.
        EnrichmentData = "enrichment_data",
        /// The record's last activities.
        Activities = "activities",
        /// The account's pages as last read.
        Website = "website",
    }
}

/// Most bytes of a schema.
const MOST_SCHEMA: usize = 8 * 1024;
/// Words of a schema that are taken.
const SCHEMA_WORDS: &[&str] = &[
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "enum",
    "description",
    "maxLength",
    "minimum",
    "maximum",
    "maxItems",
];

/// The fields of a column that people write, in the form in which they are stored.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = custom_columns, treat_none_as_null = true)]
pub struct ColumnFields {
    /// The product that it is for.
    pub product_id: Uuid,
    /// Its subject.
    pub entity_type: EntityType,
    name: String,
    description: Option<String>,
    question: String,
    response_type: ResponseType,
    response_config: Value,
    ai_config: Value,
    context_type: Vec<String>,
    /// Only records that meet this condition are asked about.
    pub run_if: Option<Value>,
    max_cost_per_run: Option<Amount>,
    is_active: bool,
}

impl ContextType {
    /// Whether a caller may read it.
    pub fn is_readable(self, caller: &TenantCaller) -> bool {
        match self {
            Self::AccountProfile | Self::Website => caller.may::<AccountsRead>(),
            Self::LeadProfile => caller.may::<LeadsRead>(),
            Self::Product => caller.may::<ProductsRead>(),
            Self::Activities => caller.may::<ActivitiesRead>(),
            Self::EnrichmentData => caller.may::<LeadsRead>() || caller.may::<AccountsRead>(),
        }
    }
}

/// Whether a caller may see what is derived from the context of a column.
pub fn is_readable(column: &CustomColumnView, caller: &TenantCaller) -> bool {
    let reads_record = match column.entity_type {
        EntityType::Account => caller.may::<AccountsRead>(),
        EntityType::Lead => caller.may::<LeadsRead>(),
    };
    reads_record && column.contexts().into_iter().all(|context| context.is_readable(caller))
}

impl ColumnFields {
    /// Refuses what could not be asked.
    ///
    /// # Errors
    /// 400 with every fault.
    pub fn parse(write: WriteColumn) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        check_response(write.response_type, &write.response_config, &mut faults);
        if write.entity_type == EntityType::Account && write.context_type.contains(&ContextType::LeadProfile)
        {
            let message = "an account has no lead";
            faults.push(FieldError::new("context_type", "not_allowed", message));
        }
        let mut context_type: Vec<String> =
            write.context_type.iter().map(|context| context.word().to_owned()).collect();
        context_type.sort();
        context_type.dedup();
        let fields = Self {
            product_id: write.product_id,
            entity_type: write.entity_type,
            name: values::composed(write.name.trim()).into_owned(),
            description: write.description,
            question: write.question.trim().to_owned(),
            response_type: write.response_type,
            response_config: json!(write.response_config),
            ai_config: json!(write.ai_config),
            context_type,
            run_if: write.run_if,
            max_cost_per_run: money::read(write.max_cost_per_run.as_ref(), "max_cost_per_run", &mut faults),
            is_active: write.is_active,
        };
        if faults.is_empty() { Ok(fields) } else { Err(Problem::invalid(faults)) }
    }

    /// Whether the model sees something else than before.
    pub fn is_another_prompt(&self, before: &CustomColumnView) -> bool {
        self.question != before.question
            || self.response_type != before.response_type
            || self.response_config != before.response_config
            || self.ai_config != before.ai_config
            || self.context_type != before.context_type
            || self.product_id != before.product_id
    }

    /// The contexts that the saver may not read, as faults.
    ///
    /// # Errors
    /// 403 naming them.
    pub fn check_readable(&self, caller: &TenantCaller) -> Result<(), Problem> {
        let contexts = self.context_type.iter().filter_map(|word| ContextType::parse(word));
        let unread: Vec<&str> =
            contexts.filter(|context| !context.is_readable(caller)).map(ContextType::word).collect();
        if unread.is_empty() {
            return Ok(());
        }
        let detail = format!("You may not read what the column would show the model: {}.", unread.join(", "));
        Err(Problem::forbidden("permission_denied", detail))
    }
}

fn check_response(kind: ResponseType, config: &ResponseConfig, faults: &mut Vec<FieldError>) {
    let mut fault = |field: &str, message: &str| {
        faults.push(FieldError::new(format!("response_config.{field}"), "invalid_config", message));
    };
    match (kind, &config.choices) {
        (ResponseType::Enum, Some(choices)) if !choices.is_empty() => {
            let is_word = |word: &String| (1..=100).contains(&word.trim().chars().count());
            let mut sorted = choices.clone();
            sorted.sort();
            sorted.dedup();
            if !choices.iter().all(is_word) || sorted.len() != choices.len() {
                fault("choices", "must be different words of 1 to 100 characters");
            }
        }
        (ResponseType::Enum, _) => fault("choices", "is required for an enum"),
        (_, Some(_)) => fault("choices", "goes with an enum only"),
        (_, None) => {}
    }
    if kind != ResponseType::Number && (config.min.is_some() || config.max.is_some()) {
        fault("min", "goes with a number only");
    }
    if config.min.zip(config.max).is_some_and(|(min, max)| min > max) {
        fault("min", "is greater than max");
    }
    if kind != ResponseType::String && config.max_length.is_some() {
        fault("max_length", "goes with a string only");
    }
    match (kind, &config.schema) {
        (ResponseType::JsonObject, Some(schema)) => {
            if let Err(message) = check_schema(schema, 0) {
                fault("schema", &message);
            } else if schema.get("type") != Some(&json!("object")) || schema.to_string().len() > MOST_SCHEMA {
                fault("schema", "must be of type object and at most 8 KiB");
            }
        }
        (ResponseType::JsonObject, None) => fault("schema", "is required for a json_object"),
        (_, Some(_)) => fault("schema", "goes with a json_object only"),
        (_, None) => {}
    }
}

fn check_schema(schema: &Value, depth: usize) -> Result<(), String> {
    let Some(members) = schema.as_object() else { return Err("must be an object".to_owned()) };
    if depth > 3 {
        return Err("is deeper than 3".to_owned());
    }
    if let Some(word) = members.keys().find(|word| !SCHEMA_WORDS.contains(&word.as_str())) {
        return Err(format!("may not have {word}"));
    }
    let properties = members.get("properties").and_then(Value::as_object);
    for part in properties.into_iter().flat_map(serde_json::Map::values).chain(members.get("items")) {
        check_schema(part, depth + 1)?;
    }
    Ok(())
}
