//! Redirect for browsers that post a form themselves; other clients get JSON.

use actix_web::{HttpMessage, HttpRequest, http::header};
use platform::Problem;
use url::Url;

use crate::intake::{api_keys::cache::CachedKey, form_mappings::Form};

/// Where such a browser goes.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    /// When all went well.
    pub thanks: Option<String>,
    sorry: Option<String>,
}

impl Pages {
    /// The pages for this request; none for one that does not come from a form that a browser posts itself.
    pub fn of(request: &HttpRequest, known: &CachedKey) -> Self {
        let Some(form) = known.form.as_ref().filter(|form| has_pages(form)) else { return Self::default() };
        let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
        let is_navigation = accepts.is_some_and(|accepted| accepted.contains("text/html"));
        if !is_navigation || request.content_type().eq_ignore_ascii_case("application/json") {
            return Self::default();
        }
        Self { thanks: form.redirect_url.clone(), sorry: form.error_redirect_url.clone() }
    }

    /// Where to go when the submission is refused: the page learns the code and the faulty fields.
    pub fn sorry(&self, problem: &Problem) -> Option<String> {
        let mut url = Url::parse(self.sorry.as_deref()?).ok()?;
        let fields: Vec<&str> = problem.errors.iter().map(|fault| fault.field.as_str()).collect();
        url.query_pairs_mut().append_pair("error", problem.code).append_pair("fields", &fields.join(","));
        Some(url.into())
    }
}

fn has_pages(form: &Form) -> bool {
    form.redirect_url.is_some() || form.error_redirect_url.is_some()
}
