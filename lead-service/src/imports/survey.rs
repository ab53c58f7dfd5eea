//! Looks at a file: how it is written, where its rows are, what its columns are for.

use contracts::{TenantId, problem::FieldError};
use platform::Problem;
use serde_json::Value;
use uuid::Uuid;

use super::{
    api::ColumnView,
    columns,
    files::{FileFormat, Layout, RawRow},
    headings, plans,
    readers::{Failure, List, RowStream, charset, delimiter, lists, objects, sniffing, stream},
    settings::{DatesBegin, ImportSettings},
};
use crate::{
    deps::Deps,
    recognition::{self, DateOrder},
};

/// Rows that are looked at.
const SAMPLE: usize = 500;
/// Bytes of rows that are looked at, but for the last ones.
const SAMPLE_WEIGHT: usize = 8 << 20;
/// Most columns of objects, which may each have other members.
const COLUMNS: usize = 2_000;
/// Lists of a document that are named as left out.
const NAMED: usize = 5;

/// A file as it was taken.
#[derive(Clone, Debug)]
pub struct Survey {
    /// The place and writing of its rows.
    pub layout: Layout,
    /// Its columns, in their order.
    pub columns: Vec<ColumnView>,
    /// Warnings about it.
    pub warnings: Vec<FieldError>,
    /// About how many rows it has.
    pub rows_estimate: Option<i64>,
    /// The digest of its headings.
    pub headings: String,
}

/// A stored file that is to be looked at.
pub struct File<'a> {
    /// Owner.
    pub tenant: TenantId,
    /// The import that it belongs to.
    pub import: Uuid,
    /// Its name.
    pub name: Option<&'a str>,
    /// Its size in bytes.
    pub size: i64,
    /// Its first bytes.
    pub head: &'a [u8],
    /// The character set that its bytes speak for.
    pub charset: &'a str,
    /// Whether parts of it are in UTF-8 and others are not.
    pub is_mixed: bool,
}

/// A fault of the file.
fn fault(code: &str, message: impl Into<String>) -> Problem {
    Problem::invalid(vec![FieldError::new("file", code, message)])
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Broken(broken) => fault(broken.code(), broken.sentence()),
            Failure::Away(problem) => problem,
        }
    }
}

impl File<'_> {
    /// Looks at the file. What the settings say prevails over what the file looks like.
    ///
    /// # Errors
    /// Why it cannot be imported; columns that it does not have.
    pub async fn survey(&self, deps: &Deps, settings: &ImportSettings) -> Result<Survey, Problem> {
        let mut warnings = Vec::new();
        let mut layout = self.layout(deps, settings, &mut warnings).await?;
        let asked = settings.heading_row.and_then(|line| u64::try_from(line).ok());
        let rows = self.sample(deps, &layout, asked, &mut warnings).await?;
        let (names, rows) = if layout.format.is_table() {
            let left_out: Vec<(u64, String)> =
                rows.iter().filter_map(|row| Some((row.place, row.left_out.clone()?))).collect();
            let (place, names, rows) = headings::find(rows, asked)
                .ok_or_else(|| fault("invalid_csv", "The file has no heading."))?;
            layout.heading_row = Some(place);
            // Rows above the heading are none of the import: what is said of them is said of the file.
            let above = left_out.into_iter().filter(|(line, _)| *line <= place);
            warnings.extend(above.map(|(_, sentence)| FieldError::new("file", "left_out", sentence)));
            (names, rows.into_iter().map(|row| row.cells).collect())
        } else {
            of_objects(layout.format, &rows)?
        };
        let rows_estimate = Some(self.estimate(layout.format, &names, &rows));
        let cells = transposed(&names, &rows);
        let digest = columns::digest(&names);
        let (settings, is_remembered) = self.remembered(deps, settings, &digest).await?;
        let columns = columns::plan(&names, &cells, &settings, is_remembered)?;
        layout.date_order = Some(dates_begin(&columns, &cells));
        if columns::feeds_nothing(&columns) || !columns::feeds_address(&columns) {
            warnings.push(FieldError::new("file", "no_address", columns::without_address(&columns)));
        }
        Ok(Survey { layout, columns, warnings, rows_estimate, headings: digest })
    }

    /// The first rows, and those up to the heading that is asked for.
    async fn sample(
        &self,
        deps: &Deps,
        layout: &Layout,
        heading: Option<u64>,
        warnings: &mut Vec<FieldError>,
    ) -> Result<Vec<RawRow>, Problem> {
        let most = SAMPLE + 1 + heading.and_then(|line| usize::try_from(line).ok()).unwrap_or(0);
        let mut stream = RowStream::open(self.tenant, self.import, layout);
        let (mut rows, mut weight) = (Vec::new(), 0);
        while rows.len() < most && weight < SAMPLE_WEIGHT {
            match stream.next(deps, most - rows.len()).await {
                Ok(more) if more.is_empty() => break,
                Ok(more) => {
                    weight += more.iter().map(RawRow::weight).sum::<usize>();
                    rows.extend(more);
                }
                // It shows in a preview; once started, the import fails before it writes anything.
                Err(Failure::Broken(broken)) if !rows.is_empty() => {
                    warnings.push(FieldError::new("file", broken.code(), broken.sentence()));
                    break;
                }
                Err(failure) => return Err(failure.into()),
            }
        }
        Ok(rows)
    }

    /// The mapping of the last file with these headings, where none is asked for.
    async fn remembered(
        &self,
        deps: &Deps,
        settings: &ImportSettings,
        digest: &str,
    ) -> Result<(ImportSettings, bool), Problem> {
        let mut settings = settings.clone();
        if settings.mapping.is_some() {
            return Ok((settings, false));
        }
        let last = deps
            .db
            .in_tenant(self.tenant, async |tx| plans::remembered(tx, digest).await.map_err(Problem::from))
            .await?;
        let is_remembered = last.is_some();
        settings.mapping = last.and_then(|last| last.mapping);
        Ok((settings, is_remembered))
    }

    async fn layout(
        &self,
        deps: &Deps,
        settings: &ImportSettings,
        warnings: &mut Vec<FieldError>,
    ) -> Result<Layout, Problem> {
        let asked = settings.charset.as_deref().and_then(|label| charset::of_file(label, self.charset));
        let charset = asked.unwrap_or(self.charset);
        let text = charset::beginning(self.head, charset);
        let format = match settings.format {
            Some(format) => format,
            None => sniffing::format(self.head, &text, self.name)
                .map_err(|sentence| fault("unsupported_format", sentence))?,
        };
        let mut layout = Layout::of(format);
        layout.sheet.clone_from(&settings.sheet);
        if format != FileFormat::Xlsx {
            layout.charset = Some(charset.to_owned());
            layout.is_mixed = self.is_mixed;
            warnings.extend(self.is_mixed.then(|| mixed(charset)));
        }
        if format == FileFormat::Csv {
            layout.delimiter = Some(settings.delimiter().unwrap_or_else(|| delimiter(&text)));
        }
        if format == FileFormat::Json {
            layout.path = self.path(deps, &layout, warnings).await?;
        }
        Ok(layout)
    }

    /// The names that lead to the list in a document with people as objects.
    async fn path(
        &self,
        deps: &Deps,
        layout: &Layout,
        warnings: &mut Vec<FieldError>,
    ) -> Result<Vec<String>, Problem> {
        let charset = layout.charset.clone();
        let found = stream::scan(deps, self.tenant, self.import, move |source| {
            lists(std::io::BufReader::new(charset::decoded(source, charset.as_deref())))
        });
        let mut lists = found.await?;
        let best = (0..lists.len()).max_by_key(|index| lists.get(*index).map(rank));
        let best = best.map(|index| lists.swap_remove(index));
        let best = best.ok_or_else(|| fault(self.json_code(), "The file has no objects."))?;
        if !best.path.is_empty() {
            warnings.extend(others(&best, &lists));
        }
        Ok(best.path)
    }

    /// Files that say of themselves that each line is an object are told of their lines.
    fn json_code(&self) -> &'static str {
        let name = self.name.unwrap_or_default().to_ascii_lowercase();
        let says_lines = [".ndjson", ".jsonl"].iter().any(|ending| name.ends_with(ending));
        if says_lines { "invalid_ndjson" } else { "invalid_json" }
    }

    fn estimate(&self, format: FileFormat, names: &[String], rows: &[Vec<String>]) -> i64 {
        let seen = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        if rows.len() < SAMPLE || format == FileFormat::Xlsx {
            return seen;
        }
        let length = |cells: &[String]| cells.iter().map(|cell| cell.len() + 1).sum::<usize>();
        let all = rows.iter().map(|cells| length(cells)).sum::<usize>();
        let head = i64::try_from(length(names)).unwrap_or(0);
        let mean = i64::try_from(all / rows.len().max(1)).unwrap_or(1).max(1);
        ((self.size - head) / mean).max(seen)
    }
}

/// Likeness of a list to one of people: addresses and fields that its objects have.
fn rank(list: &List) -> (usize, usize, bool, usize) {
    let rows: Vec<Vec<(String, Value)>> =
        list.samples.iter().filter_map(|sample| objects::pairs(sample)).collect();
    let names = names_of(&rows);
    let cells = transposed_objects(&names, &rows);
    let (addresses, fields) = columns::guessed(&names, &cells);
    // A document is a row only where no list in it is one.
    (addresses, fields, !list.path.is_empty(), list.count)
}

/// Says which lists of a document are not imported.
fn others(best: &List, lists: &[List]) -> Option<FieldError> {
    let named = |list: &&List| !list.path.is_empty() && list.path != best.path;
    let mut named: Vec<String> = lists
        .iter()
        .filter(named)
        .map(|list| format!("{} ({})", list.path.join("."), list.count))
        .take(NAMED + 1)
        .collect();
    if named.len() > NAMED {
        named.truncate(NAMED);
        named.push("…".to_owned());
    }
    let message =
        format!("Only the list {} is imported. There are also: {}.", best.path.join("."), named.join(", "));
    (!named.is_empty()).then(|| FieldError::new("file", "left_out", message))
}

/// Says that a file is in two character sets.
fn mixed(charset: &str) -> FieldError {
    let message = match charset {
        "UTF-8" => "Parts of the file are not in UTF-8; they are read as Windows-1252.".to_owned(),
        other => format!(
            "Parts of the file look like UTF-8, and all of it is read as {other}. With the charset utf-8, both are read."
        ),
    };
    FieldError::new("file", "mixed_charsets", message)
}

/// The names of the members of objects, and their rows by these names.
fn of_objects(format: FileFormat, rows: &[RawRow]) -> Result<(Vec<String>, Vec<Vec<String>>), Problem> {
    let objects: Vec<Option<Vec<(String, Value)>>> =
        rows.iter().map(|row| row.cells.first().and_then(|text| objects::pairs(text))).collect();
    let is_first_broken = objects.first().is_none_or(Option::is_none);
    if is_first_broken && format == FileFormat::Ndjson {
        return Err(fault("invalid_ndjson", "The first line of the file is no JSON object."));
    }
    let objects: Vec<Vec<(String, Value)>> = objects.into_iter().flatten().collect();
    if objects.is_empty() {
        return Err(fault("invalid_json", "The file has no objects."));
    }
    let names = names_of(&objects);
    let cells = transposed_objects(&names, &objects);
    let count = objects.len();
    let row =
        |index: usize| cells.iter().map(|cells| cells.get(index).cloned().unwrap_or_default()).collect();
    Ok((names, (0..count).map(row).collect()))
}

fn names_of(objects: &[Vec<(String, Value)>]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for (name, _) in objects.iter().flatten() {
        if names.len() < COLUMNS && seen.insert(name.as_str()) {
            names.push(name.clone());
        }
    }
    names
}

/// The cells of each column of a table.
fn transposed(names: &[String], rows: &[Vec<String>]) -> Vec<Vec<String>> {
    let column =
        |index: usize| rows.iter().map(|cells| cells.get(index).cloned().unwrap_or_default()).collect();
    (0..names.len()).map(column).collect()
}

/// The cells of each column of objects.
fn transposed_objects(names: &[String], objects: &[Vec<(String, Value)>]) -> Vec<Vec<String>> {
    let places: std::collections::HashMap<&str, usize> =
        names.iter().enumerate().map(|(index, name)| (name.as_str(), index)).collect();
    let mut cells = vec![vec![String::new(); objects.len()]; names.len()];
    for (row, members) in objects.iter().enumerate() {
        for (name, value) in members {
            let cell = places.get(name.as_str()).and_then(|index| cells.get_mut(*index)?.get_mut(row));
            if let Some(cell) = cell {
                *cell = objects::text(value);
            }
        }
    }
    cells
}

/// Whether the day or the month comes first in the columns that say when.
fn dates_begin(columns: &[ColumnView], cells: &[Vec<String>]) -> DatesBegin {
    let dates =
        columns.iter().zip(cells).filter(|(column, _)| column.field.as_deref() == Some("submitted_at"));
    match DateOrder::of(dates.flat_map(|(_, cells)| cells.iter().map(String::as_str))) {
        DateOrder::DayFirst => DatesBegin::Day,
        DateOrder::MonthFirst => DatesBegin::Month,
    }
}

/// Whether a text is an e-mail address, and so no heading.
pub(super) fn is_address(cell: &str) -> bool {
    cell.contains('@') && recognition::read_emails(cell).value.is_some()
}
