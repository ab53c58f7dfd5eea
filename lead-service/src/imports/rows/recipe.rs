//! Recipe for reading the rows of one file.

use std::{collections::HashMap, sync::Mutex};

use serde_json::Value;

use super::fields::Field;
use crate::{
    imports::{
        api::ColumnView,
        files::Layout,
        readers::objects,
        settings::{DatesBegin, ImportSettings},
    },
    recognition::{self, Column, Door, fold, values::DateOrder},
};

/// Most names beside those of the plan that are looked at.
const LATE_NAMES: usize = 2_000;
/// What is surer than this is believed of a name that was not seen before.
const SURE: f32 = 0.5;

/// A column and what it feeds.
#[derive(Clone, Debug)]
pub struct Planned {
    /// Its name.
    pub name: String,
    /// What it feeds.
    pub field: Option<Field>,
    /// Whether a person asked for it.
    pub is_asked: bool,
}

/// How the rows of one file are read.
pub struct Recipe {
    /// The columns, in their order.
    pub columns: Vec<Planned>,
    /// The order in which columns are asked: surer ones first.
    order: Vec<usize>,
    by_name: HashMap<String, usize>,
    /// What objects have beside, and what it was taken for.
    late: Mutex<HashMap<String, Option<Field>>>,
    is_table: bool,
    country_column: Option<usize>,
    /// What was asked for.
    pub settings: ImportSettings,
    /// Words of the file, folded, and what they mean; by field or column, or for all under the empty name.
    words: HashMap<(String, String), String>,
    /// Whether the day or the month comes first.
    pub dates: DateOrder,
}

/// A cell with the column it is of.
pub struct Given<'a> {
    /// The column's name.
    pub column: String,
    /// What it feeds.
    pub field: Option<Field>,
    /// Whether a person asked for that.
    pub is_asked: bool,
    /// Its text.
    pub text: std::borrow::Cow<'a, str>,
    /// Its value, where it is more than a text.
    pub value: Option<Value>,
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
            by_name,
            late: Mutex::default(),
            is_table: layout.format.is_table(),
            country_column: recognition::country_column(&looked_at),
            columns,
            settings,
            words,
            dates,
        }
    }

    /// The cells of a row that are not blank, the surest for each field first; cells behind the last heading are named by
    /// their place. None when the row is no JSON object.
    pub fn given<'a>(&self, cells: &'a [String]) -> Option<Vec<Given<'a>>> {
        if self.is_table {
            return Some(self.of_table(cells));
        }
        let mut given: Vec<(usize, Given<'a>)> = Vec::new();
        for (name, value) in objects::pairs(cells.first()?)? {
            let text = objects::text(&value);
            if text.is_empty() {
                continue;
            }
            let known = self.by_name.get(&name).and_then(|index| Some((*index, self.columns.get(*index)?)));
            let (rank, field, is_asked) = match known {
                Some((index, column)) => {
                    let rank = self.order.iter().position(|place| *place == index).unwrap_or(index);
                    (rank, column.field.clone(), column.is_asked)
                }
                None => (usize::MAX, self.late_field(&name, &text), false),
            };
            let value = if value.is_string() { None } else { Some(value) };
            given.push((rank, Given { column: name, field, is_asked, text: text.into(), value }));
        }
        given.sort_by_key(|(rank, _)| *rank);
        Some(given.into_iter().map(|(_, given)| given).collect())
    }

    fn of_table<'a>(&self, cells: &'a [String]) -> Vec<Given<'a>> {
        let known = self.order.iter().filter_map(|index| {
            let (cell, column) = (cells.get(*index)?, self.columns.get(*index)?);
            let (name, field) = (column.name.clone(), column.field.clone());
            Some(Given { column: name, field, is_asked: column.is_asked, text: cell.into(), value: None })
        });
        let extra = cells.iter().enumerate().skip(self.columns.len()).map(|(index, cell)| Given {
            column: format!("Column {}", index + 1),
            field: None,
            is_asked: false,
            text: cell.into(),
            value: None,
        });
        known.chain(extra).filter(|given| !given.text.is_empty()).collect()
    }

    /// How many cells of a table's row stand behind the last heading and hold something.
    pub fn extra(&self, cells: &[String]) -> usize {
        let behind = cells.iter().skip(if self.is_table { self.columns.len() } else { usize::MAX });
        behind.filter(|cell| !cell.is_empty()).count()
    }

    /// What a member feeds that the first objects of the file did not have.
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

    /// What a word of the file means, where the person said so.
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
        let cell = self.country_column.filter(|_| self.is_table).and_then(|index| cells.get(index));
        let named = cell.and_then(|cell| recognition::values::country(cell)).map(str::to_owned);
        named.or_else(|| self.settings.country.as_ref().map(|code| code.to_ascii_uppercase()))
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
