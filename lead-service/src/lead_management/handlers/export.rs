//! Leads as a file of any length, in constant memory.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use bytes::Bytes;
use contracts::{
    permissions::{LeadsExport, LeadsRead},
    problem::FieldError,
};
use futures::{Stream, stream};
use platform::{
    Problem,
    db::{Stored, Visibility},
    http::{
        Allowed, List, Listed, Needs, Streamed, body, context, list::parameters, openapi::Operation, query,
        routes::Input,
    },
    text_enum,
    zones::Tz,
};
use serde_json::{Value, json};

use crate::{
    deps::Deps,
    lead_management::csv,
    people::{LeadView, following_merges},
};

/// Leads read and sent at a time.
const STRETCH: i64 = 1_000;

text_enum!(
    /// How a file is written.
    Format {
        /// Comma-separated values with a first line of names.
        Csv = "csv",
        /// One JSON object per line.
        Ndjson = "ndjson",
    }
);

/// What to export, and how.
pub struct Asked {
    format: Format,
    list: List<LeadView>,
}

impl FromRequest for Asked {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(asked(request.query_string(), context::time_zone_of(request)))
    }
}

impl Input for Asked {
    fn describe(operation: &mut Operation) {
        operation.parameters.push(json!({
            "name": "format", "in": "query", "required": false,
            "schema": { "type": "string", "enum": Format::WORDS, "default": Format::Csv.word() },
            "description": "How the file is written.",
        }));
        let schema = body::compiled::<LeadView>();
        let members: Vec<&str> = schema.members().collect();
        operation.parameters.extend(parameters::of_file(&LeadView::LISTING, &members));
    }
}

/// `format` is csv (unless given otherwise) or ndjson; filters, `search`, `ordering` and `fields` are those of the list.
pub async fn export(
    caller: Allowed<LeadsExport, Needs<LeadsRead>>,
    asked: Asked,
    deps: Data<Deps>,
) -> Result<Streamed, Problem> {
    let Asked { format, list } = asked;
    let list = following_merges(&deps.db, caller.tenant(), list).await?;
    let (media, name) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "leads.csv"),
        Format::Ndjson => ("application/x-ndjson", "leads.ndjson"),
    };
    let export = Export { deps, tenant: caller.tenant(), visibility: caller.visibility(), format, list };
    Ok(Streamed::file(media, name, export.chunks()))
}

fn asked(text: &str, zone: Tz) -> Result<Asked, Problem> {
    let (own, others): (Vec<_>, Vec<_>) =
        query::pairs(text)?.into_iter().partition(|(name, _)| name == "format");
    let format = match own.as_slice() {
        [] => Some(Format::Csv),
        [(_, word)] => Format::parse(word),
        _ => None,
    };
    let mut faults = Vec::new();
    if format.is_none() {
        let message = format!("must be one of: {}", Format::WORDS.join(", "));
        faults.push(FieldError::new("format", "not_allowed", message));
    }
    for name in ["page", "page_size", "cursor", "count"] {
        if others.iter().any(|(given, _)| given == name) {
            faults.push(FieldError::new(name, "unknown_filter", "is not known here: a file has everything"));
        }
    }
    let others = serde_urlencoded::to_string(others).map_err(|fault| Problem::internal(fault.to_string()))?;
    match (List::parse_in(&others, "", zone), format) {
        (Ok(list), Some(format)) if faults.is_empty() => Ok(Asked { format, list }),
        (list, _) => {
            faults.extend(list.err().into_iter().flat_map(|problem| problem.errors));
            Err(Problem::invalid(faults))
        }
    }
}

struct Export {
    deps: Data<Deps>,
    tenant: contracts::TenantId,
    visibility: Visibility,
    format: Format,
    list: List<LeadView>,
}

/// What is to be sent next.
enum Next {
    Head,
    Behind(Option<Box<LeadView>>),
    Nothing,
}

impl Export {
    /// The file, a stretch of leads at a time; each is read when the one before was sent.
    fn chunks(self) -> impl Stream<Item = Result<Bytes, Problem>> + 'static {
        stream::unfold((self, Next::Head), |(export, next)| async move {
            match next {
                Next::Head if export.format == Format::Csv => {
                    let head = Bytes::from(csv::head(&export.columns()));
                    Some((Ok(head), (export, Next::Behind(None))))
                }
                Next::Head => export.send(None).await,
                Next::Behind(last) => export.send(last.as_deref()).await,
                Next::Nothing => None,
            }
        })
    }

    async fn send(self, last: Option<&LeadView>) -> Option<(Result<Bytes, Problem>, (Self, Next))> {
        let leads = match self.stretch(last).await {
            Ok(leads) => leads,
            Err(problem) => return Some((Err(problem), (self, Next::Nothing))),
        };
        let size = usize::try_from(STRETCH).unwrap_or(usize::MAX);
        let sent = leads.get(..size).unwrap_or(&leads);
        let lines: String = sent.iter().map(|lead| self.line(lead)).collect();
        let next = match sent.last() {
            Some(last) if leads.len() > size => Next::Behind(Some(Box::new(last.clone()))),
            _ if lines.is_empty() => return None,
            _ => Next::Nothing,
        };
        Some((Ok(Bytes::from(lines)), (self, next)))
    }

    async fn stretch(&self, last: Option<&LeadView>) -> Result<Vec<LeadView>, Problem> {
        let list =
            self.list.stretch(STRETCH, last).ok_or_else(|| Problem::internal("a lead has no place"))?;
        let read =
            self.deps.db.in_tenant(self.tenant, async |tx| LeadView::page(tx, &list, &self.visibility).await);
        Ok(read.await?.1)
    }

    fn columns(&self) -> Vec<&'static str> {
        let asked = self.list.trimmed_fields();
        let wanted = |name: &&str| asked.is_none_or(|asked| asked.iter().any(|field| field == name));
        csv::COLUMNS.iter().copied().filter(wanted).collect()
    }

    fn line(&self, lead: &LeadView) -> String {
        let Ok(Value::Object(mut members)) = serde_json::to_value(lead) else { return String::new() };
        if self.format == Format::Csv {
            return csv::line(&self.columns(), &members);
        }
        if let Some(asked) = self.list.trimmed_fields() {
            members.retain(|name, _| asked.contains(name));
        }
        format!("{}\n", Value::Object(members))
    }
}
