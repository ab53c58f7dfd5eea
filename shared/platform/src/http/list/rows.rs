//! A list's answer.

use std::sync::Arc;

use actix_web::http::StatusCode;
use contracts::page::{CursorPage, Page};
use serde_json::{Value, json};

use super::{
    Listed,
    criteria::{Criteria, Window},
};
use crate::http::{
    openapi::Schemas,
    reply::{Parts, Reply, trimmed},
};

/// A list's answer: a page with its links, or a stretch with its cursor.
#[derive(Debug)]
pub struct Rows<V> {
    criteria: Arc<Criteria>,
    total: Option<i64>,
    rows: Vec<V>,
    extra: Vec<(&'static str, Value)>,
}

impl<V> Rows<V> {
    pub(super) fn new(criteria: Arc<Criteria>, total: Option<i64>, rows: Vec<V>) -> Self {
        Self { criteria, total, rows, extra: Vec::new() }
    }

    /// Adds a member beside `count`.
    pub fn with(mut self, member: &'static str, value: impl Into<Value>) -> Self {
        self.extra.push((member, value.into()));
        self
    }
}

impl<V: Listed> Rows<V> {
    fn next_cursor(&mut self) -> Option<String> {
        let size = usize::try_from(self.criteria.size).unwrap_or(usize::MAX);
        if self.rows.len() <= size {
            return None;
        }
        self.rows.truncate(size);
        let last = serde_json::to_value(self.rows.last()?).ok()?;
        Some(self.criteria.cursor_after(&last))
    }
}

impl<V: Listed> Reply for Rows<V> {
    const STATUS: u16 = 200;

    fn schema(schemas: &mut Schemas) -> Option<Value> {
        let row = schemas.add::<V>();
        let page = json!({
            "type": "object", "required": ["count", "next", "previous", "results"],
            "properties": {
                "count": { "type": ["integer", "null"] }, "next": { "type": ["string", "null"] },
                "previous": { "type": ["string", "null"] }, "results": { "type": "array", "items": row },
            },
        });
        if !V::LISTING.cursor {
            return Some(page);
        }
        let stretch = json!({
            "type": "object", "required": ["results", "next_cursor"],
            "properties": { "results": { "type": "array", "items": row }, "next_cursor": { "type": ["string", "null"] } },
        });
        Some(json!({ "oneOf": [page, stretch] }))
    }

    fn into_parts(mut self) -> Parts {
        let body = match self.criteria.window {
            Window::After(_) => {
                let next_cursor = self.next_cursor();
                match self.criteria.trimmed_fields() {
                    None => serde_json::to_vec(&CursorPage { results: self.rows, next_cursor }),
                    Some(fields) => {
                        let results = self.rows.iter().map(|row| trimmed(row, fields)).collect();
                        serde_json::to_vec(&CursorPage { results, next_cursor })
                    }
                }
            }
            Window::Page(number) => {
                let size = usize::try_from(self.criteria.size).unwrap_or(usize::MAX);
                let more = self.rows.len() > size;
                self.rows.truncate(size);
                let next = more.then(|| self.criteria.link(number + 1));
                let previous = (number > 1).then(|| self.criteria.link(number - 1));
                let count = self.total;
                if self.criteria.fields.is_none() && self.extra.is_empty() {
                    serde_json::to_vec(&Page { count, next, previous, results: self.rows })
                } else {
                    let row = |row: &V| match self.criteria.trimmed_fields() {
                        Some(fields) => trimmed(row, fields),
                        None => serde_json::to_value(row).unwrap_or_default(),
                    };
                    let results: Vec<Value> = self.rows.iter().map(row).collect();
                    let mut page = json!(Page { count, next, previous, results });
                    if let Some(members) = page.as_object_mut() {
                        members.extend(self.extra.into_iter().map(|(name, value)| (name.to_owned(), value)));
                    }
                    serde_json::to_vec(&page)
                }
            }
        };
        let body = body.unwrap_or_default();
        Parts { status: StatusCode::OK, headers: vec![], content_type: Some("application/json"), body }
    }
}
