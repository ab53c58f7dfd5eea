//! The route table: a tree of segments, literals before parameters. Rebuilt when a document changes, never modified.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;
use contracts::Service;
use url::Url;

use super::{document::Document, merged, operation::Operation, owners, template::Segment};

/// All routes of all loaded documents.
#[derive(Default)]
pub struct Table {
    root: Node,
    documents: [Option<Arc<Document>>; 5],
    schema: OnceLock<Bytes>,
}

#[derive(Default)]
struct Node {
    literals: HashMap<Box<str>, Node>,
    parameters: Vec<(Segment, Node)>,
    operations: Vec<Arc<Operation>>,
}

/// What a method and path lead to.
#[derive(Debug)]
pub enum Found<'t> {
    /// No service has such a path.
    Nothing,
    /// The owning service's routes are not loaded yet.
    NotLoaded(Service),
    /// The path knows other methods only.
    Methods(&'t [Arc<Operation>]),
    /// This.
    Operation(&'t Arc<Operation>),
}

impl Table {
    /// A table of these documents.
    pub fn build(documents: [Option<Arc<Document>>; 5]) -> Self {
        let mut root = Node::default();
        for document in documents.iter().flatten() {
            for (segments, operation) in &document.operations {
                root.insert(segments, operation);
            }
        }
        Self { root, schema: OnceLock::new(), documents }
    }

    /// This table with another document in the place of the service's.
    pub fn with(&self, document: Arc<Document>) -> Self {
        let place = owners::place(document.service);
        let mut documents = self.documents.clone();
        if let Some(slot) = place.and_then(|place| documents.get_mut(place)) {
            *slot = Some(document);
        }
        Self::build(documents)
    }

    /// The document of a service.
    pub fn document(&self, service: Service) -> Option<&Arc<Document>> {
        self.documents.get(owners::place(service)?)?.as_ref()
    }

    /// Services without a loaded document.
    pub fn missing(&self) -> Vec<Service> {
        Service::OWNERS_OF_DATA.into_iter().filter(|service| self.document(*service).is_none()).collect()
    }

    /// The merged OpenAPI document of the platform at this address, which never changes while the process runs. Takes some
    /// tens of milliseconds when it is asked for the first time.
    pub fn schema(&self, public_url: &Url) -> &Bytes {
        self.schema.get_or_init(|| {
            let documents: Vec<_> =
                self.documents.iter().flatten().map(|document| document.opened()).collect();
            merged::schema(&documents, public_url).to_string().into()
        })
    }

    /// What answers this method on this canonical path. HEAD is answered by GET.
    pub fn find(&self, method: &str, path: &str) -> Found<'_> {
        let method = if method == "HEAD" { "GET" } else { method };
        match self.root.find(path.strip_prefix('/').unwrap_or(path)) {
            Some(operations) => match operations.iter().find(|operation| &*operation.method == method) {
                Some(operation) => Found::Operation(operation),
                None => Found::Methods(operations),
            },
            None => match owners::owner(path) {
                Some(service) if self.document(service).is_none() => Found::NotLoaded(service),
                _ => Found::Nothing,
            },
        }
    }
}

impl Node {
    fn insert(&mut self, segments: &[Segment], operation: &Arc<Operation>) {
        let Some((segment, rest)) = segments.split_first() else {
            self.operations.push(Arc::clone(operation));
            return;
        };
        let child = match segment {
            Segment::Literal(text) => self.literals.entry(text.clone()).or_default(),
            Segment::Parameter { .. } => self.parameter(segment),
        };
        child.insert(rest, operation);
    }

    /// The node of a parameter. Names may differ between methods of one path; what surrounds the parameter may not.
    fn parameter(&mut self, segment: &Segment) -> &mut Self {
        let same = |other: &Segment| match (other, segment) {
            (
                Segment::Parameter { prefix, suffix, .. },
                Segment::Parameter { prefix: own_prefix, suffix: own_suffix, .. },
            ) => prefix == own_prefix && suffix == own_suffix,
            _ => false,
        };
        let place =
            self.parameters.iter().position(|(other, _)| same(other)).unwrap_or(self.parameters.len());
        if place == self.parameters.len() {
            self.parameters.push((segment.clone(), Self::default()));
        }
        #[expect(clippy::indexing_slicing, reason = "the place was found or made just above")]
        &mut self.parameters[place].1
    }

    fn find<'n>(&'n self, path: &str) -> Option<&'n [Arc<Operation>]> {
        let (segment, rest) = match path.split_once('/') {
            Some((segment, rest)) => (segment, Some(rest)),
            None => (path, None),
        };
        self.children(segment).find_map(|node| match rest {
            Some(rest) => node.find(rest),
            None => (!node.operations.is_empty()).then_some(node.operations.as_slice()),
        })
    }

    fn children<'n>(&'n self, segment: &str) -> impl Iterator<Item = &'n Self> {
        let literal = self.literals.get(segment);
        let parameters =
            self.parameters.iter().filter(move |(other, _)| other.fits(segment)).map(|(_, node)| node);
        literal.into_iter().chain(parameters)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::*;

    fn table(routes: &[(&str, &str)]) -> Table {
        let mut paths = Map::new();
        for (method, path) in routes {
            let item = paths.entry((*path).to_owned()).or_insert_with(|| json!({}));
            let described = json!({ "x-access": "public", "x-tenant": "none" });
            item.as_object_mut().unwrap().insert((*method).to_owned(), described);
        }
        let document =
            Document::read(Service::Lead, "b", json!({ "paths": Value::Object(paths) }).to_string().into())
                .unwrap();
        Table::default().with(Arc::new(document))
    }

    fn found(table: &Table, method: &str, path: &str) -> String {
        match table.find(method, path) {
            Found::Nothing => "nothing".into(),
            Found::NotLoaded(service) => format!("{service} not loaded"),
            Found::Methods(others) => others.iter().map(|other| &*other.method).collect::<Vec<_>>().join(","),
            Found::Operation(operation) => operation.template.to_string(),
        }
    }

    #[test]
    fn a_literal_goes_before_a_parameter() {
        let table = table(&[("get", "/api/v2/leads/{id}"), ("get", "/api/v2/leads/export")]);
        assert_eq!(found(&table, "GET", "/api/v2/leads/export"), "/api/v2/leads/export");
        assert_eq!(found(&table, "GET", "/api/v2/leads/7"), "/api/v2/leads/{id}");
        assert_eq!(found(&table, "HEAD", "/api/v2/leads/7"), "/api/v2/leads/{id}");
    }

    #[test]
    fn a_literal_that_leads_nowhere_gives_way_to_a_parameter() {
        let table = table(&[("get", "/api/v2/leads/export"), ("get", "/api/v2/leads/{id}/timeline")]);
        assert_eq!(found(&table, "GET", "/api/v2/leads/export/timeline"), "/api/v2/leads/{id}/timeline");
    }

    #[test]
    fn another_method_is_told_from_an_unknown_path() {
        let table = table(&[("get", "/api/v2/leads"), ("post", "/api/v2/leads")]);
        assert_eq!(found(&table, "DELETE", "/api/v2/leads"), "GET,POST");
        assert_eq!(found(&table, "GET", "/api/v2/leads/1"), "nothing");
        assert_eq!(found(&table, "GET", "/elsewhere"), "nothing");
        assert_eq!(found(&table, "GET", "/"), "nothing");
    }

    #[test]
    fn a_prefix_without_its_document_is_not_an_unknown_path() {
        let table = table(&[("get", "/api/v2/leads")]);
        assert_eq!(found(&table, "GET", "/api/v2/tenants/1"), "tenant not loaded");
        assert_eq!(table.missing().len(), 4);
    }
}
