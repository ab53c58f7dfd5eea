//! Validation of pipelines.

use diesel::{AsChangeset, Insertable};
use uuid::Uuid;

use super::api::WritePipeline;
use crate::schema::pipelines;

/// The fields of a pipeline that people write, in the form in which they are stored.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = pipelines, treat_none_as_null = true)]
pub struct PipelineFields {
    /// Name.
    pub name: String,
    description: Option<String>,
    /// Whether new deals go here by default.
    pub is_default: bool,
    /// Whether it is in use.
    pub is_active: bool,
}

impl From<WritePipeline> for PipelineFields {
    fn from(write: WritePipeline) -> Self {
        Self {
            name: write.name.trim().to_owned(),
            description: write.description,
            is_default: write.is_default,
            is_active: write.is_active.unwrap_or(true),
        }
    }
}

/// A pipeline about to be stored.
#[derive(Clone, Copy, Debug)]
pub struct NewPipeline<'a> {
    /// What people write.
    pub fields: &'a PipelineFields,
    /// Who adds it; none for the one that the tenant starts with.
    pub by: Option<Uuid>,
}
