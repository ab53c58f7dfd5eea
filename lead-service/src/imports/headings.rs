//! Detection of a table's heading.

use super::{columns, files::RawRow, survey::is_address};

/// Rows among which it is looked for.
const CANDIDATES: usize = 40;
/// Rows below a candidate that are looked at.
const BELOW: usize = 20;

/// A heading: its line, its names, and the rows below it.
pub type Found = (u64, Vec<String>, Vec<RawRow>);

/// Finds the heading: the row on the line that is asked for; else the one that names most fields, of equally good ones the
/// first; else the first that is as wide as the table. A table with a person in its first row has none: its columns are
/// named by their places. None for a table without rows.
pub fn find(rows: Vec<RawRow>, asked: Option<u64>) -> Option<Found> {
    if rows.is_empty() {
        return None;
    }
    let index = match asked {
        Some(0) => None,
        Some(line) => Some(rows.iter().position(|row| row.place >= line)?),
        None => guess(&rows),
    };
    let Some(index) = index else {
        let width = rows.iter().map(|row| filled(&row.cells)).max().unwrap_or_default();
        return Some((0, columns::headings(&vec![String::new(); width]), rows));
    };
    let mut rows = rows.into_iter().skip(index);
    let heading = rows.next()?;
    let rows: Vec<RawRow> = rows.collect();
    let width = filled(&heading.cells);
    let cells: Vec<String> = heading.cells.into_iter().take(width).collect();
    Some((heading.place, columns::headings(&cells), rows))
}

/// The number of cells up to the last that holds something.
fn filled(cells: &[String]) -> usize {
    cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1)
}

fn guess(rows: &[RawRow]) -> Option<usize> {
    let width = |row: &RawRow| row.cells.iter().filter(|cell| !cell.is_empty()).count();
    let widest = rows.iter().take(CANDIDATES).map(width).max().unwrap_or_default();
    let wide = rows.iter().take(CANDIDATES).position(|row| width(row) * 2 >= widest.max(1));
    let mut best: Option<((usize, usize), usize)> = None;
    for (index, row) in rows.iter().enumerate().take(CANDIDATES) {
        if row.cells.iter().any(|cell| is_address(cell)) {
            continue;
        }
        let below: Vec<&RawRow> = rows.iter().skip(index + 1).take(BELOW).collect();
        let cells: Vec<Vec<String>> = (0..row.cells.len())
            .map(|column| {
                below.iter().map(|row| row.cells.get(column).cloned().unwrap_or_default()).collect()
            })
            .collect();
        let score = columns::named(&row.cells, &cells);
        if score > best.map_or((0, 0), |(score, _)| score) {
            best = Some((score, index));
        }
    }
    let first_tells_person = rows.first().is_some_and(|row| row.cells.iter().any(|cell| is_address(cell)));
    match best {
        // One word that is known may stand anywhere; the first wide row is as good then.
        Some(((_, fields), index)) if fields > 1 || Some(index) == wide || widest == 1 => Some(index),
        _ if first_tells_person => None,
        Some((_, index)) if wide.is_none_or(|wide| index < wide) => Some(index),
        _ => wide,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(lines: &[&str]) -> Vec<RawRow> {
        let row = |(place, line): (usize, &&str)| {
            let cells = line.split(',').map(str::to_owned).collect();
            RawRow::whole(u64::try_from(place).unwrap() + 1, cells)
        };
        lines.iter().enumerate().filter(|(_, line)| !line.is_empty()).map(row).collect()
    }

    fn found(lines: &[&str]) -> (u64, Vec<String>, usize) {
        let (place, names, rows) = find(rows(lines), None).unwrap();
        (place, names, rows.len())
    }

    #[test]
    fn lines_before_the_heading_are_passed_over() {
        let (place, names, below) = found(&[
            "Notes:",
            "When exporting your connection data",
            "",
            "First Name,Last Name,URL,Email Address,Company,Position,Connected On",
            "Ada,King,https://www.linkedin.com/in/ada,,Acme,CTO,01 Jan 2024",
        ]);
        assert_eq!((place, names[0].as_str(), below), (4, "First Name", 1));
    }

    #[test]
    fn of_several_tables_the_one_of_people_is_taken() {
        let (place, names, _) = found(&[
            "Attendee Report",
            "Topic,Webinar ID,Actual Start Time,Actual Duration (minutes)",
            "Demo,123,Jan 1,60",
            "Attendee Details",
            "Attended,First Name,Last Name,Email,Registration Time",
            "Yes,Ada,King,ada@example.com,Jan 1",
        ]);
        assert_eq!((place, names[1].as_str()), (5, "First Name"));
    }

    #[test]
    fn a_table_may_have_no_heading_and_a_line_may_be_asked_for() {
        let (place, names, below) = found(&["Ada King,ada@example.com", "Bob,bob@example.com"]);
        assert_eq!((place, names, below), (0, vec!["Column 1".into(), "Column 2".into()], 2));
        let asked = find(rows(&["a,b", "name,email", "Ada,x"]), Some(2)).unwrap();
        assert_eq!((asked.0, asked.2.len()), (2, 1));
        assert_eq!(found(&["name"]).0, 1);
        assert_eq!(found(&["who,mail,level", "Ada,ada@example.com,gold"]).0, 1);
    }
}
