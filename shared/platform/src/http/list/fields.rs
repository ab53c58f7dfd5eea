//! `?fields=` on the reading of a single entity.

use std::{
    future::{Ready, ready},
    marker::PhantomData,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use utoipa::ToSchema;

use super::{
    criteria::{fault, fields},
    parameters,
};
use crate::http::{body, openapi::Operation, problem::Problem, query, routes::Input};

/// The members that the reader of a single entity asks for by `fields`; all when none are named.
#[derive(Clone, Debug)]
pub struct Fields<V> {
    /// Names of the members.
    pub names: Option<Vec<String>>,
    shown: PhantomData<V>,
}

impl<V: ToSchema + 'static> FromRequest for Fields<V> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(asked_fields::<V>(request.query_string()).map(|names| Self { names, shown: PhantomData }))
    }
}

impl<V: ToSchema + 'static> Input for Fields<V> {
    fn describe(operation: &mut Operation) {
        let schema = body::compiled::<V>();
        let members: Vec<&str> = schema.members().collect();
        operation.parameters.push(parameters::fields(&members));
    }
}

fn asked_fields<V: ToSchema + 'static>(query: &str) -> Result<Option<Vec<String>>, Problem> {
    if query.is_empty() {
        return Ok(None);
    }
    let schema = body::compiled::<V>();
    let members: Vec<&str> = schema.members().collect();
    let (mut names, mut faults) = (None, Vec::new());
    for (name, text) in query::joined(query::pairs(query)?) {
        if name == "fields" && names.is_none() {
            names = Some(fields(&members, &text, &mut faults));
        } else {
            faults.push(fault(&name, "unknown_parameter", "is not known here; known is: fields"));
        }
    }
    if faults.is_empty() { Ok(names) } else { Err(Problem::invalid(faults)) }
}
