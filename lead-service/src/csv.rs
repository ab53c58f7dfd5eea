//! Lines of CSV (RFC 4180) that a spreadsheet shows and does not run.

/// Characters that make a spreadsheet run a cell when they begin it (OWASP, CSV injection): with their full-width and small
/// forms, which spreadsheets of East Asian locales take for the same.
const RUNS: [char; 12] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫'];

/// Whether a spreadsheet would run the text, or take apart the cell it is in.
fn runs(text: &str) -> bool {
    let is_invisible = |c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
    };
    text.starts_with(['\t', '\r', '\n']) || text.trim_start_matches(is_invisible).starts_with(RUNS)
}

/// The byte order mark, by which spreadsheets know a file in UTF-8.
pub const MARK: &str = "\u{feff}";

/// Whether a text stands behind an apostrophe in a file, or would have to.
fn is_guarded(text: &str) -> bool {
    runs(text.trim_start_matches('\''))
}

/// A text from outside as a cell: behind an apostrophe if a spreadsheet would run it, or if it could be taken for one that
/// stands behind an apostrophe already.
pub fn text(text: &str) -> String {
    quoted(&if is_guarded(text) { format!("'{text}") } else { text.to_owned() })
}

/// The text of a cell without the apostrophe that [`text`] put before it; none where there is none.
pub fn unguarded(cell: &str) -> Option<&str> {
    cell.strip_prefix('\'').filter(|text| is_guarded(text))
}

/// A cell as it is, for what is known to be a number or a time.
pub fn quoted(cell: &str) -> String {
    if cell.contains([',', ';', '"', '\r', '\n', '\t']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// A line of finished cells.
pub fn line(cells: impl IntoIterator<Item = String>) -> String {
    let mut line = cells.into_iter().collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_behind_an_apostrophe() {
        for bad in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            " =1",
            "＝1+1",
            "＋1",
            "－1",
            "＠SUM(A1)",
            "﹦1",
            "\u{3000}＝1",
            "\u{feff}=1",
            "\u{200b}@A1",
            "\u{1}=1",
        ] {
            assert!(text(bad).starts_with('\''), "{bad:?}");
        }
        for bad in ["\t=1", "\tx", "\rx", "\nx"] {
            assert!(text(bad).starts_with("\"'"), "{bad:?}");
        }
        for good in ["1", "a=b", "Ada", "", "\u{200b}", "x@example.com"] {
            assert_eq!(text(good), good);
        }
    }

    #[test]
    fn what_stands_behind_an_apostrophe_comes_back_as_it_was() {
        for written in ["=1", "- bullet", "@x", "'=1", "''+1", "+49 30"] {
            assert_eq!(unguarded(&text(written)), Some(written), "{written}");
        }
        for plain in ["'Neill", "Ada", "'", ""] {
            assert_eq!((text(plain).as_str(), unguarded(plain)), (plain, None));
        }
    }

    #[test]
    fn cells_with_delimiters_quotes_and_lines_are_quoted() {
        assert_eq!(text("a, \"b\"\nc"), "\"a, \"\"b\"\"\nc\"");
        assert_eq!(
            line(["a", "b;c", "=1+1", "say \"x\""].map(text)),
            "a,\"b;c\",'=1+1,\"say \"\"x\"\"\"\r\n"
        );
    }
}
