//! Detection of a file's format from its first bytes and its name.

use serde_json::Value;

use crate::imports::files::FileFormat;

/// The format of a file, or what it is instead, in a sentence that says what to save it as.
///
/// # Errors
/// The sentence.
pub fn format(head: &[u8], text: &str, name: Option<&str>) -> Result<FileFormat, &'static str> {
    let name = name.unwrap_or_default().to_ascii_lowercase();
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return zipped(head, &name);
    }
    if let Some(foreign) = foreign(head) {
        return Err(foreign);
    }
    let start: String = text.trim_start().chars().take(200).collect::<String>().to_ascii_lowercase();
    if start.starts_with("begin:vcard") {
        return Ok(FileFormat::Vcard);
    }
    if start.starts_with("<!doctype html") || start.starts_with("<html") || start.starts_with("<table") {
        return Err(
            "The file is a web page, although its name may say otherwise. Open it in a spreadsheet program and save it as CSV UTF-8 or XLSX.",
        );
    }
    if start.starts_with("<?xml") || start.starts_with('<') && start.contains("xmlns") {
        return Err("The file is XML. Open it in a spreadsheet program and save it as CSV UTF-8 or XLSX.");
    }
    let controls = text.chars().filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\0')).count();
    if controls * 20 > text.chars().count() {
        return Err("The file is neither text nor a workbook. Save it as CSV UTF-8, XLSX, JSON or vCard.");
    }
    let says_lines = [".ndjson", ".jsonl"].iter().any(|ending| name.ends_with(ending));
    Ok(match text.trim_start().chars().next() {
        Some('{') => json(text, says_lines),
        Some('[') if is_list(text) => FileFormat::Json,
        _ if says_lines => FileFormat::Ndjson,
        _ if name.ends_with(".json") => FileFormat::Json,
        _ => FileFormat::Csv,
    })
}

/// A table may begin with a bracket, too.
fn is_list(text: &str) -> bool {
    let rest = text.trim_start().trim_start_matches('[').trim_start();
    rest.is_empty() || rest.starts_with(['{', ']', '[', '"']) && !rest.starts_with("\"]")
}

/// One object a line where the first line is an object and another line follows.
fn json(text: &str, says_lines: bool) -> FileFormat {
    let mut lines = text.trim_start().lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let is_object = matches!(serde_json::from_str(first), Ok(Value::Object(_)));
    // The first line may be longer than what is looked at.
    let is_one_line = lines.next().is_none();
    match (is_object, is_one_line) {
        (true, false) => FileFormat::Ndjson,
        _ if says_lines => FileFormat::Ndjson,
        _ => FileFormat::Json,
    }
}

fn zipped(head: &[u8], name: &str) -> Result<FileFormat, &'static str> {
    let has = |part: &[u8]| head.windows(part.len()).any(|window| window == part);
    if name.ends_with(".xlsx") || name.ends_with(".xlsm") || has(b"xl/") || has(b"[Content_Types].xml") {
        return Ok(FileFormat::Xlsx);
    }
    if has(b"opendocument.spreadsheet") || name.ends_with(".ods") {
        return Err("The file is an OpenDocument spreadsheet. Save it as XLSX or CSV UTF-8.");
    }
    if has(b"Index/Document.iwa") || name.ends_with(".numbers") {
        return Err("The file is a Numbers spreadsheet. Export it as CSV or Excel.");
    }
    Err("The file is a ZIP archive. Unpack it and import the file inside.")
}

fn foreign(head: &[u8]) -> Option<&'static str> {
    let known: [(&[u8], &str); 7] = [
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "The file is a workbook of an old Excel (.xls). Save it as XLSX or CSV UTF-8.",
        ),
        (b"%PDF", "The file is a PDF. Import the table it was made of, as CSV UTF-8 or XLSX."),
        (b"\x1f\x8b", "The file is packed with gzip. Unpack it and import the file inside."),
        (b"Rar!", "The file is a RAR archive. Unpack it and import the file inside."),
        (b"7z\xbc\xaf", "The file is a 7-Zip archive. Unpack it and import the file inside."),
        (b"\x89PNG", "The file is a picture. Import a table, as CSV UTF-8 or XLSX."),
        (b"\xff\xd8\xff", "The file is a picture. Import a table, as CSV UTF-8 or XLSX."),
    ];
    known.iter().find(|(start, _)| head.starts_with(start)).map(|(_, sentence)| *sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, name: &str) -> Result<FileFormat, &'static str> {
        format(text.as_bytes(), text, Some(name))
    }

    #[test]
    fn formats_are_known_by_their_content() {
        assert_eq!(of("name,email\n", "x.txt"), Ok(FileFormat::Csv));
        assert_eq!(of("{\"a\": 1}\n{\"a\": 2}\n", "x.json"), Ok(FileFormat::Ndjson));
        assert_eq!(of("{\"people\": [{\"a\": 1}]}", "x.json"), Ok(FileFormat::Json));
        assert_eq!(of("{\n  \"a\": 1\n}", "x.csv"), Ok(FileFormat::Json));
        assert_eq!(of("[{\"a\": 1}]", "x"), Ok(FileFormat::Json));
        assert_eq!(of("{\"a\": 1}", "x.jsonl"), Ok(FileFormat::Ndjson));
        assert_eq!(of("BEGIN:VCARD\nEND:VCARD\n", "x"), Ok(FileFormat::Vcard));
        assert_eq!(format(b"PK\x03\x04....xl/workbook.xml", "", Some("x")), Ok(FileFormat::Xlsx));
    }

    #[test]
    fn what_cannot_be_read_is_named_with_what_to_save_it_as() {
        assert!(of("<html><table>", "x.xls").unwrap_err().contains("web page"));
        assert!(format(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "", None).unwrap_err().contains(".xls"));
        assert!(of("\u{1}\u{2}\u{3}\u{4}abc", "x").unwrap_err().contains("CSV UTF-8"));
    }
}
