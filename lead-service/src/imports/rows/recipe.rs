//! Recipe for reading the rows of one file.

use std::{borrow::Cow, collections::HashMap, sync::Mutex};

use contracts::problem::FieldError;
use serde_json::Value;

use super::fields::Field;
use crate::{
    identity::SourceKey,
    imports::{
        api::ColumnView,
        files::{FileFormat, Layout},
        readers::objects::{self, NoRow},
        settings::{DatesBegin, ImportSettings},
    },
    recognition::{self, Column, DateOrder, Door, fold},
};

/// Most names beside those of the plan that are looked at.
const LATE_NAMES: usize = 2_000;
/// The confidence from which a guess about a name that was not seen before is believed.
const SURE: f32 = 0.5;

/// A column and what it feeds.
#[derive(Clone, Debug)]
pub struct Planned {
    /// Its name.
    pub name: String,
    /// The field that it feeds.
    pub field: Option<Field>,
    /// Whether a person asked for it.
    pub is_asked: bool,
}

/// The way in which the rows of one file are read.
pub struct Recipe {
    /// The columns, in their order.
    pub columns: Vec<Planned>,
    /// The order in which columns are asked: surer ones first.
    order: Vec<usize>,
    /// The place of each column in that order.
    ranks: Vec<usize>,
    by_name: HashMap<String, usize>,
    /// Members that objects have beside, and what they were taken for.
    late: Mutex<HashMap<String, Option<Field>>>,
    format: FileFormat,
    country_column: Option<usize>,
    /// The settings that were asked for.
    pub settings: ImportSettings,
    /// The source of the file's references.
    pub source: SourceKey,
    /// Words of the file, folded, and what they mean; by field or column, or for all under the empty name.
    words: HashMap<(String, String), String>,
    /// Whether the day or the month comes first.
    pub dates: DateOrder,
}

/// A cell with the column it is of.
pub struct Given<'a> {
    /// The column's name.
    pub column: Cow<'a, str>,
    /// The field that it feeds.
    pub field: Option<Cow<'a, Field>>,
    /// Whether a person asked for that.
    pub is_asked: bool,
    /// Its text.
    pub text: Cow<'a, str>,
    /// Its value, where it is more than a text.
    pub value: Option<Value>,
}

/// The cells of a row, and what is to be said of it as a whole: a code and a sentence.
pub struct Cells<'a> {
    /// Cells that are not blank, the surest for each field first.
    pub given: Vec<Given<'a>>,
    /// Warnings about it.
    pub notes: Vec<(&'static str, &'static str)>,
}

impl Recipe {
    /// The way to read a file with these columns.
    pub fn new(views: &[ColumnView], layout: &Layout, settings: ImportSettings, dates: DatesBegin) -> Self {
        let columns: Vec<Planned> = views
            .iter()
            .map(|view| Planned {
                name: view.name.clone(),
                field: view.field.as_deref().and_then(Field::parse),
                is_asked: settings.mapping.as_ref().is_some_and(|mapping| mapping.contains_key(&view.name)),
            })
            .collect();
        let mut order: Vec<usize> = (0..columns.len()).collect();
        let confidence = |index: usize| views.get(index).map_or(0.0, |view| view.confidence);
        order.sort_by(|one, other| confidence(*other).total_cmp(&confidence(*one)).then(one.cmp(other)));
        let mut ranks = vec![0; columns.len()];
        for (rank, index) in order.iter().enumerate() {
            if let Some(place) = ranks.get_mut(*index) {
                *place = rank;
            }
        }
        let by_name =
            columns.iter().enumerate().map(|(index, column)| (column.name.clone(), index)).collect();
        let looked_at: Vec<Column<'_>> = views
            .iter()
            .map(|view| Column {
                name: &view.name,
                samples: view.samples.iter().map(String::as_str).collect(),
            })
            .collect();
        let words = words(&settings);
        let dates = match settings.date_order.unwrap_or(dates) {
            DatesBegin::Day => DateOrder::DayFirst,
            DatesBegin::Month => DateOrder::MonthFirst,
        };
        Self {
            order,
            ranks,
            by_name,
            late: Mutex::default(),
            format: layout.format,
            country_column: recognition::country_column(&looked_at),
            columns,
            source: settings.references_from(),
            settings,
            words,
            dates,
        }
    }

    /// The cells of a row that are not blank, the surest for each field first; cells behind the last heading are named by
    /// their place.
    ///
    /// # Errors
    /// Why the row is none.
    pub fn given<'a>(&'a self, cells: &'a [String]) -> Result<Cells<'a>, FieldError> {
        if self.format.is_table() { Ok(self.of_table(cells)) } else { self.of_object(cells) }
    }

    fn of_object<'a>(&'a self, cells: &'a [String]) -> Result<Cells<'a>, FieldError> {
        let text = cells.first().map(String::as_str).unwrap_or_default();
        let values = objects::read(text).map_err(NoRow::fault)?;
        let mut given: Vec<(usize, Given<'a>)> = Vec::with_capacity(values.pairs.len());
        for (name, value) in values.pairs {
            let text = objects::text(&value);
            if text.is_empty() {
                continue;
            }
            let known = self.by_name.get(&name).and_then(|index| Some((*index, self.columns.get(*index)?)));
            let (rank, field, is_asked) = match known {
                Some((index, column)) => {
                    let rank = self.ranks.get(index).copied().unwrap_or(usize::MAX);
                    (rank, column.field.as_ref().map(Cow::Borrowed), column.is_asked)
                }
                None => (usize::MAX, self.late_field(&name, &text).map(Cow::Owned), false),
            };
            let value = if value.is_string() { None } else { Some(value) };
            given.push((rank, Given { column: name.into(), field, is_asked, text: text.into(), value }));
        }
        given.sort_by_key(|(rank, _)| *rank);
        let mut notes = Vec::new();
        if values.is_cut {
            notes.push(("too_many", "has more than 2,000 values; the rest was left out"));
        }
        if values.had_nul {
            notes.push(("left_out", "NUL characters were left out"));
        }
        Ok(Cells { given: given.into_iter().map(|(_, given)| given).collect(), notes })
    }

    fn of_table<'a>(&'a self, cells: &'a [String]) -> Cells<'a> {
        let known = self.order.iter().filter_map(|index| {
            let (cell, column) = (cells.get(*index)?, self.columns.get(*index)?);
            let (name, field) = (column.name.as_str().into(), column.field.as_ref().map(Cow::Borrowed));
            Some(Given { column: name, field, is_asked: column.is_asked, text: cell.into(), value: None })
        });
        let extra = cells.iter().enumerate().skip(self.columns.len()).map(|(index, cell)| Given {
            column: format!("Column {}", index + 1).into(),
            field: None,
            is_asked: false,
            text: cell.into(),
            value: None,
        });
        let given = known.chain(extra).filter(|given| !given.text.is_empty()).collect();
        let is_wide = cells.iter().skip(self.columns.len()).any(|cell| !cell.is_empty());
        let notes = if is_wide { vec![("too_many", "has more cells than the heading")] } else { Vec::new() };
        Cells { given, notes }
    }

    /// The field of a member that the first objects of the file did not have.
    fn late_field(&self, name: &str, text: &str) -> Option<Field> {
        let Ok(mut late) = self.late.lock() else { return None };
        if let Some(known) = late.get(name) {
            return known.clone();
        }
        let guess = recognition::recognise(&[Column { name, samples: vec![text] }], Door::Import).pop();
        let guessed = guess.filter(|guess| guess.confidence >= SURE).and_then(|guess| guess.field);
        let guessed = guessed.filter(|_| fold(name) != "id").map(str::to_owned);
        let own = name.strip_prefix("custom_fields.").map(|_| name.to_owned());
        let field = guessed.or(own).as_deref().and_then(Field::parse);
        if late.len() < LATE_NAMES {
            late.insert(name.to_owned(), field.clone());
        }
        field
    }

    /// The meaning of a word of the file, where the person said so.
    pub fn meant(&self, field: &str, column: &str, text: &str) -> Option<&str> {
        if self.words.is_empty() {
            return None;
        }
        let word = fold(text);
        let of = |name: &str| self.words.get(&(name.to_owned(), word.clone()));
        of(column).or_else(|| of(field)).or_else(|| of("")).map(String::as_str)
    }

    /// The country of a row's national numbers.
    pub fn country(&self, cells: &[String]) -> Option<String> {
        let cell = self.country_column.filter(|_| self.format.is_table()).and_then(|index| cells.get(index));
        let named = cell.and_then(|cell| recognition::read_country(cell)).map(str::to_owned);
        named.or_else(|| self.settings.country.as_ref().map(|code| code.to_ascii_uppercase()))
    }

    /// Whether a cell is a number of the file's format, which has a point before its fraction whatever signs its texts have.
    /// In a workbook numbers and texts look alike; a number does not end in a zero behind the point.
    pub fn is_number(&self, given: &Given<'_>) -> bool {
        if given.value.as_ref().is_some_and(Value::is_number) {
            return true;
        }
        let (whole, fraction) = given.text.split_once('.').unwrap_or((&*given.text, "0"));
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        self.format == FileFormat::Xlsx
            && is_digits(whole.strip_prefix('-').unwrap_or(whole))
            && is_digits(fraction)
            && fraction.len() != 3
    }
}

fn words(settings: &ImportSettings) -> HashMap<(String, String), String> {
    let mut words = HashMap::new();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    for (name, value) in settings.value_map.iter().flatten() {
        match value {
            Value::Object(own) => {
                let own = own.iter().filter_map(|(word, meant)| Some((fold(word), text(meant)?)));
                words.extend(own.map(|(word, meant)| ((name.clone(), word), meant)));
            }
            value => words.extend(text(value).map(|meant| ((String::new(), fold(name)), meant))),
        }
    }
    words
}
