//! Addresses, numbers and profiles in cells.

use super::*;

#[test]
fn the_first_usable_address_is_taken_and_the_others_are_the_rest() {
    for (cell, address, rest) in [
        (" A@Example.com ", "a@example.com", None),
        ("a@x.example ::: b@x.example", "a@x.example", Some("b@x.example")),
        ("a@x.example; b@x.example", "a@x.example", Some("b@x.example")),
        ("a@x.example, b@x.example,c@x.example", "a@x.example", Some("b@x.example; c@x.example")),
        ("a@x.example b@x.example", "a@x.example", Some("b@x.example")),
        ("Bob B <b@x.example>", "b@x.example", Some("Bob B")),
        ("<b@x.example>", "b@x.example", None),
        ("mailto:c@x.example?subject=Hi", "c@x.example", None),
        ("n/a; d@x.example", "d@x.example", Some("n/a")),
        (
            r#"[{"value":"e@x.example","label":"work"},{"value":"f@x.example"}]"#,
            "e@x.example",
            Some("f@x.example"),
        ),
        ("=\"g@x.example\"", "g@x.example", None),
    ] {
        let read = emails(cell);
        assert_eq!((read.value.as_deref(), read.rest.as_deref()), (Some(address), rest), "{cell}");
    }
    for cell in ["nope", "a b@x.example", "a@", "@x.example"] {
        let read = emails(cell);
        assert_eq!((read.value, read.warning), (None, Some("invalid_email")), "{cell}");
        assert_eq!(read.rest.as_deref(), Some(cell));
    }
    assert_eq!(emails("  "), Reading::BLANK);
}

#[test]
fn a_phone_number_is_found_in_what_people_write_around_it() {
    for (cell, country, number, rest) in [
        ("+44 20 7946 0958", None, "+442079460958", None),
        ("p:+442079460958", None, "+442079460958", None),
        ("=\"0170 1234567\"", Some("DE"), "+491701234567", None),
        ("(415) 555-0132 x12", Some("US"), "+14155550132;ext=12", None),
        ("(415) 555-0132 x12", None, "(415) 555-0132", Some("x12")),
        ("001-415-555-0132x123", None, "+14155550132;ext=123", None),
        ("+1 415 555 0133; +1 415 555 0134", None, "+14155550133", Some("+1 415 555 0134")),
        ("+1 415 555 0133 / +1 415 555 0134", None, "+14155550133", Some("+1 415 555 0134")),
        ("+1 415 555 0133 ::: +1 415 555 0134", None, "+14155550133", Some("+1 415 555 0134")),
        (" 1 202 555 0143", None, "+12025550143", None),
        ("030 901820", None, "030 901820", None),
        ("Mobile: 0170/1234567", Some("DE"), "+491701234567", None),
    ] {
        let read = phones(cell, country);
        assert_eq!((read.value.as_deref(), read.rest.as_deref()), (Some(number), rest), "{cell}");
    }
    for cell in ["n/a", "call me", "12", "4.9E+12"] {
        let read = phones(cell, None);
        assert_eq!((read.value, read.warning), (None, Some("invalid_phone")), "{cell}");
    }
    // Not every blank was a plus.
    assert_eq!(phones(" 030 901820", None).value.as_deref(), Some("030 901820"));
}

#[test]
fn a_cell_of_any_length_is_read_without_going_deeper() {
    let number = |n: usize| format!("+49 30 {:06}", 901_820 + n);
    let few = (0..10).map(number).collect::<Vec<_>>().join(" / ");
    let read = phones(&few, None);
    assert_eq!(read.value.as_deref(), Some("+4930901820"));
    assert_eq!(read.rest.unwrap().split("; ").count(), 9);
    // As many as fit: the first is used, the others are kept.
    let many = (0..180).map(number).collect::<Vec<_>>().join(" / ");
    assert!(many.len() <= LONGEST);
    let read = phones(&many, None);
    assert_eq!((read.value.as_deref(), read.warning), (Some("+4930901820"), Some(SEVERAL)));
    assert!(read.rest.unwrap().ends_with("901999"));
    assert_eq!(alternatives(&many).len(), MOST + 1);
    for between in BETWEEN {
        let endless = vec!["+49 30 901820"; 5_000].join(between);
        let read = phones(&endless, None);
        assert_eq!((read.value, read.warning), (None, Some("invalid_phone")), "{between}");
        assert_eq!(read.rest.as_deref(), Some(endless.as_str()), "it is kept whole");
        assert!(alternatives(&endless).len() <= MOST + 1);
    }
    let addresses = vec!["a@x.example"; 10_000].join(" ");
    assert_eq!(emails(&addresses).warning, Some("invalid_email"));
    let several = (0..100).map(|n| format!("a{n}@x.example")).collect::<Vec<_>>().join(";");
    let read = emails(&several);
    assert_eq!(read.value.as_deref(), Some("a0@x.example"));
    assert_eq!(read.rest.unwrap().split("; ").count(), 99, "none is lost");
    assert_eq!(linkedin(&format!("https://{}.linkedin.com/in/a", "ä".repeat(5_000))).value, None);
}

#[test]
fn a_list_in_a_cell_is_opened_no_deeper_than_documents_are() {
    let deep = format!("{}\"+49 30 901820\"{}", "[".repeat(60), "]".repeat(60));
    assert_eq!(phones(&deep, None).value.as_deref(), Some("+4930901820"));
    let deeper = format!("{}\"+49 30 901820\"{}", "[".repeat(70), "]".repeat(70));
    assert_eq!(phones(&deeper, None).value, None);
    let endless = format!("{}1{}", "[".repeat(1_000), "]".repeat(1_000));
    assert_eq!(phones(&endless, None).value, None);
    // PostgreSQL stores no NUL: a list with one stays the text that it is.
    let nul = phones(r#"["+49 30 901820","x\u0000y"]"#, None);
    assert!(!nul.rest.unwrap_or_default().contains('\0'));
}

#[test]
fn a_profile_is_at_linkedin() {
    for (cell, url) in [
        ("https://www.linkedin.com/in/ada", "https://www.linkedin.com/in/ada"),
        ("linkedin.com/in/ada", "https://linkedin.com/in/ada"),
        ("in/ada", "https://www.linkedin.com/in/ada"),
    ] {
        assert_eq!(linkedin(cell).value.as_deref(), Some(url), "{cell}");
    }
    for cell in ["@ada", "ada", "https://example.com/in/ada", "https://evil.example/linkedin.com"] {
        assert_eq!(linkedin(cell).warning, Some("invalid_url"), "{cell}");
    }
}

#[test]
fn what_facebook_puts_before_values_is_taken_off() {
    assert_eq!(reference("l:4281234"), "4281234");
    assert_eq!(reference("z:01960"), "01960");
    assert_eq!(reference("gid://shopify/Customer/1"), "gid://shopify/Customer/1");
    assert_eq!(reference("p://x"), "p://x");
    assert!(is_test("<test lead: dummy data for full_name>"));
    assert!(!is_test("a test lead"));
}
