//! Records in answers, as far as the caller may read them.

use std::borrow::Cow;

use contracts::permissions::Permission;
use serde::{Serialize, Serializer};
use utoipa::{
    __dev::ComposeSchema,
    PartialSchema, ToSchema,
    openapi::{Ref, RefOr, Schema, schema::AnyOfBuilder},
};
use uuid::Uuid;

use super::{
    access::TenantCaller,
    reply::{Body, Created},
};

/// What an answer has of a record that its caller may not read.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Outline {
    /// Id.
    pub id: Uuid,
    /// Grows with each change; the ETag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i32>,
}

/// A record that takes a permission to be read.
pub trait Record: Serialize + ToSchema + 'static {
    /// Lets people read it.
    type Read: Permission;

    /// What an answer has of it for a caller without that permission.
    fn outline(&self) -> Outline;
}

/// Makes a wire type a [`Record`] by its members `id` and `version`: `record!(LeadView, LeadsRead)`. `record!(EventView,
/// EventsRead, no version)` is for one without a version.
#[macro_export]
macro_rules! record {
    ($view:ty, $read:ty) => {
        $crate::record!($view, $read, |record| Some(record.version));
    };
    ($view:ty, $read:ty, no version) => {
        $crate::record!($view, $read, |_record| None);
    };
    ($view:ty, $read:ty, |$record:ident| $version:expr) => {
        impl $crate::http::Record for $view {
            type Read = $read;

            fn outline(&self) -> $crate::http::Outline {
                let $record = self;
                $crate::http::Outline { id: self.id, version: $version }
            }
        }
    };
}

/// A record in an answer: whole for a caller who may read it, otherwise its outline.
#[derive(Clone, Debug)]
pub enum Shown<T> {
    /// The caller may read it.
    Whole(T),
    /// The caller may not.
    Outline(Outline),
}

impl<T: Record> Shown<T> {
    /// As far as the caller may read it. The route declares [`super::Shows`] of its read permission.
    pub fn to(caller: &TenantCaller, record: T) -> Self {
        if caller.may::<T::Read>() { Self::Whole(record) } else { Self::Outline(record.outline()) }
    }
}

impl<T: Serialize> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Whole(record) => record.serialize(serializer),
            Self::Outline(outline) => outline.serialize(serializer),
        }
    }
}

impl<T: ToSchema> ComposeSchema for Shown<T> {
    fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        // A whole record has the members of an outline, too: it is both.
        let either = AnyOfBuilder::new()
            .item(Ref::from_schema_name(T::name()))
            .item(Ref::from_schema_name(Outline::name()));
        RefOr::T(Schema::AnyOf(either.build()))
    }
}

impl<T: ToSchema> ToSchema for Shown<T> {
    fn name() -> Cow<'static, str> {
        "Shown".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
        schemas.push((T::name().into_owned(), T::schema()));
        schemas.push((Outline::name().into_owned(), Outline::schema()));
    }
}

impl<T: Record> Body<Shown<T>> {
    /// 200 with the record as far as the caller may read it, and its version as `ETag`.
    pub fn shown(caller: &TenantCaller, record: T) -> Self {
        match record.outline().version {
            Some(version) => Self::versioned(Shown::to(caller, record), version),
            None => Self::new(Shown::to(caller, record)),
        }
    }
}

impl<T: Record> Created<Shown<T>> {
    /// 201 with the record as far as the caller may read it, its place below `path`, and its version as `ETag`.
    pub fn shown(caller: &TenantCaller, path: &str, record: T) -> Self {
        let Outline { id, version } = record.outline();
        let created = Self::at(format!("{path}/{id}"), Shown::to(caller, record));
        match version {
            Some(version) => created.version(version),
            None => created,
        }
    }
}
