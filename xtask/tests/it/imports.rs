//! Imports with killed processes: each row has one outcome, each person one lead.

use std::{fmt::Write, time::Duration};

use devstack::{engines::Engines, progress::Progress, sql::Sql};

use crate::browser::{Browser, eventually, pause, platform};

const ROWS: usize = 4_000;
const KILLS: u32 = 6;

#[test]
fn an_import_whose_process_is_killed_again_and_again_has_one_outcome_for_each_row() {
    let platform = platform();
    let admin = Browser::tenant_admin(&platform);
    let engines = Engines::find_or_install(None, &Progress::silent()).unwrap();
    let lead = Sql::at(&platform.postgres_url("lead"), &engines.postgres).unwrap();
    let mut file =
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"l.csv\"\r\n\r\nname,email\n"
            .to_owned();
    for n in 0..ROWS {
        // One in ten is no address; each person is in two rows.
        let email = if n % 10 == 9 { "nope".to_owned() } else { format!("p{}@example.com", n / 2) };
        writeln!(file, "N{n},{email}").unwrap();
    }
    file.push_str("\r\n--b--\r\n");
    let media_type = "multipart/form-data; boundary=b";
    let import = admin.post_raw("/api/v2/imports", media_type, file.as_bytes()).expect(202);
    let path = format!("/api/v2/imports/{}", import["id"].as_str().unwrap());

    for kill in 0..KILLS {
        // At a different moment each time: while rows are read, while they are written, between the two.
        pause(Duration::from_millis(150 + 170 * u64::from(kill)));
        platform.kill("lead-service").unwrap();
        // A killed worker keeps its lease for half a minute; this test does not wait for that.
        lead.rows("UPDATE imports SET leased_until = now() WHERE leased_until > now()").unwrap();
        eventually("lead-service is back", Duration::from_secs(30), || {
            platform.is_ready("lead-service").then_some(())
        });
    }

    let done = eventually("the import is over", Duration::from_secs(120), || {
        let import = admin.get(&path);
        (import.status == 200 && import.body["status"] == "completed_with_errors").then_some(import.body)
    });
    let count = |name: &str| done[name].as_u64().unwrap();
    assert!(platform.restarts("lead-service") >= KILLS);
    assert_eq!(count("total"), 4_000);
    assert_eq!(count("created") + count("duplicates") + count("errors"), 4_000, "{done}");
    assert_eq!(count("errors"), 400);
    let number = |sql: &str| lead.number(sql).unwrap();
    assert_eq!(number("SELECT count(*) FROM import_rows"), 4_000);
    assert_eq!(number("SELECT count(*) FROM leads"), count("created"));
    assert_eq!(number("SELECT count(DISTINCT email) FROM leads"), count("created"));
    assert_eq!(number("SELECT count(*) FROM events WHERE event_type = 'Lead.CREATE'"), count("created"));
    platform.stop();
}
