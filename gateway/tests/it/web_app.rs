//! The web app as browsers load it.

use std::{fs, path::PathBuf};

use reqwest::Method;

use crate::world::{Answer, World};

/// A build in a directory of its own, removed at the end.
struct Build(PathBuf);

impl Build {
    fn new() -> Self {
        let dir = std::env::temp_dir().join(format!("leadstream-app-{}", uuid::Uuid::now_v7()));
        fs::create_dir_all(dir.join("assets")).unwrap();
        fs::write(dir.join("index.html"), "<!doctype html><title>App</title>").unwrap();
        fs::write(dir.join("assets/app-1.js"), "let a").unwrap();
        Self(dir)
    }
}

impl Drop for Build {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

#[actix_web::test]
async fn every_address_below_app_is_the_page_and_the_api_stays_json() {
    let build = Build::new();
    let world = World::start_with(&[("WEB_DIR", build.0.to_str().unwrap())]).await;

    for path in ["/app", "/app/", "/app/t/demo/leads", "/app/sign-in?next=/app/"] {
        let answer = world.send(Method::GET, path).await;
        assert_eq!((answer.status.as_u16(), answer.text.contains("<title>App")), (200, true), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-cache"));
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
        assert_eq!(answer.header("cross-origin-opener-policy"), Some("same-origin"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    }
    assert_eq!(world.send(Method::GET, "/app/assets/app-1.js").await.text, "let a");
    assert_eq!(world.send(Method::GET, "/app/assets/app-2.js").await.problem(), (404, "not_found"));
    assert_eq!(world.send(Method::GET, "/apps").await.problem(), (404, "not_found"));
    assert_eq!(world.send(Method::GET, "/api/v2/nothing").await.problem(), (404, "not_found"));
    assert_eq!(world.send(Method::POST, "/app/").await.problem(), (405, "method_not_allowed"));
}

#[actix_web::test]
async fn the_bare_address_leads_a_browser_to_the_app_if_there_is_one() {
    let build = Build::new();
    let visit = async |world: &World| {
        Answer::read(world.request(Method::GET, "/").header("accept", "text/html,*/*;q=0.8")).await
    };

    let with = World::start_with(&[("WEB_DIR", build.0.to_str().unwrap())]).await;
    let answer = visit(&with).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (302, Some("/app/")));

    for without in [World::start().await, World::start_with(&[("WEB_DIR", "/nowhere/web")]).await] {
        assert_eq!(visit(&without).await.status, 200);
        assert_eq!(without.send(Method::GET, "/app/").await.problem(), (404, "not_found"));
    }
}
