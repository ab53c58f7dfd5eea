//! Custom columns: asked of a model, read strictly, kept per record, never led astray by what a record says.

use serde_json::{Value, json};
use uuid::Uuid;
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::method};

use crate::{
    stage::Stage,
    waterfalls::{calls, ended},
};

pub const PATH: &str = "/api/v2/custom_columns";

/// A model that answers with what this makes of all that it is asked.
pub async fn model(
    stage: &Stage,
    answer: impl Fn(&str) -> ResponseTemplate + Send + Sync + 'static,
) -> MockServer {
    let server = MockServer::start().await;
    let respond = move |request: &Request| {
        let body: Value = request.body_json().unwrap();
        let turns = body["messages"].as_array().unwrap().iter().filter(|turn| turn["role"] == "user");
        let asked: Vec<&str> = turns.map(|turn| turn["content"].as_str().unwrap()).collect();
        answer(&asked.join("\n"))
    };
    Mock::given(method("POST")).respond_with(respond).mount(&server).await;
    let body = json!({
        "kind": "model", "name": "Model", "base_url": format!("{}/v1", server.uri()), "timeout_ms": 1_000,
        "price_in": "10", "price_out": "100", "credentials": { "api_key": "sk-model-key" },
    });
    stage.app.user(stage.tenant).post("/api/v2/enrichment/providers", &body).await.expect(201);
    server
}

/// A whole answer of a server, with this text as content.
pub fn said(content: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({
        "model": "tiny-1", "choices": [{ "message": { "content": content, "refusal": null }, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": 100, "completion_tokens": 10 },
    }))
}

pub fn answer(value: &Value) -> String {
    json!({ "value": value, "confidence": 0.9, "evidence": [{ "source": "lead_profile", "quote": "CTO of rockets" }, { "source": "x", "quote": "never written" }], "abstain": false }).to_string()
}

pub async fn column(stage: &Stage, more: Value) -> Value {
    let mut body = json!({
        "product_id": Uuid::now_v7(), "entity_type": "lead", "name": format!("C {}", Uuid::now_v7()),
        "question": "Is this person technical?", "response_type": "string", "context_type": ["lead_profile"],
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    stage.app.user(stage.tenant).post(PATH, &body).await.expect(201)
}

pub fn lead(stage: &Stage, role: &str) -> Uuid {
    let id = Uuid::now_v7();
    stage.records.put(id, &json!({ "id": id, "first_name": "Ada", "role_title": role }));
    id
}

pub async fn generate(stage: &Stage, column: &Value, verb: &str, ids: &[Uuid]) -> Value {
    let path = format!("{PATH}/{}/{verb}", column["id"].as_str().unwrap());
    let started = stage.app.user(stage.tenant).post(&path, &json!({ "entity_ids": ids })).await.expect(202);
    ended(stage, &started["id"]).await
}

pub async fn cells(stage: &Stage, query: &str) -> Vec<Value> {
    let page =
        stage.app.user(stage.tenant).get(&format!("/api/v2/lead_column_values?{query}")).await.expect(200);
    page["results"].as_array().unwrap().clone()
}

#[actix_web::test]
async fn a_cell_holds_value_confidence_tokens_cost_and_only_quotes_that_occur() {
    let stage = Stage::running().await;
    let server = model(&stage, |_| said(&answer(&json!("Yes")))).await;
    let column = column(&stage, json!({})).await;
    let lead = lead(&stage, "CTO of rockets");

    let run = generate(&stage, &column, "generate_values", &[lead]).await;

    assert_eq!(
        (&run["status"], &run["done"], &run["cost"]),
        (&json!("completed"), &json!(1), &json!("0.002"))
    );
    let found =
        cells(&stage, &format!("column_id={}&lead_id__in={lead}", column["id"].as_str().unwrap())).await;
    let [cell] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(
        (&cell["status"], &cell["value"], &cell["value_string"]),
        (&json!("completed"), &json!("Yes"), &json!("Yes"))
    );
    assert_eq!(
        (&cell["confidence_score"], &cell["model"], &cell["tokens_in"], &cell["tokens_out"]),
        (&json!(0.9), &json!("tiny-1"), &json!(100), &json!(10))
    );
    assert_eq!(cell["evidence"], json!([{ "source": "lead_profile", "quote": "CTO of rockets" }]));
    assert_eq!(
        (&cell["prompt_version"], &cell["stale"], &cell["cost"]),
        (&json!(1), &json!(false), &json!("0.002"))
    );
    let body: Value = server.received_requests().await.unwrap()[0].body_json().unwrap();
    assert!(body.get("tools").is_none());
    assert_eq!(
        body["response_format"]["json_schema"]["schema"]["required"],
        json!(["abstain", "confidence", "evidence", "value"])
    );
}

#[actix_web::test]
async fn unchanged_input_makes_no_call_and_another_question_makes_answers_stale() {
    let stage = Stage::running().await;
    let server = model(&stage, |_| said(&answer(&json!("Yes")))).await;
    let column = column(&stage, json!({})).await;
    let lead = lead(&stage, "CTO");
    generate(&stage, &column, "generate_values", &[lead]).await;

    generate(&stage, &column, "generate_values", &[lead]).await;
    assert_eq!(calls(&server).await, 1, "nothing has changed");
    stage.records.change(lead, |known| drop(known.record.insert("role_title".to_owned(), json!("Clerk"))));
    generate(&stage, &column, "generate_values", &[lead]).await;
    assert_eq!(calls(&server).await, 2, "the record has changed");
    generate(&stage, &column, "force_refresh", &[lead]).await;
    assert_eq!(calls(&server).await, 3, "it was forced");

    let path = format!("{PATH}/{}", column["id"].as_str().unwrap());
    let caller = stage.app.user(stage.tenant);
    let renamed = caller.patch(&path, &json!({ "name": "Other" })).await.expect(200);
    let asked = caller.patch(&path, &json!({ "question": "Is this person kind?" })).await.expect(200);
    assert_eq!((&renamed["prompt_version"], &asked["prompt_version"]), (&json!(1), &json!(2)));
    assert_eq!(cells(&stage, "").await[0]["stale"], true);
    generate(&stage, &column, "generate_values", &[lead]).await;
    assert_eq!((&cells(&stage, "").await[0]["stale"], calls(&server).await), (&json!(false), 4));
}

#[actix_web::test]
async fn what_does_not_fit_is_asked_for_once_more_paid_twice_and_never_written() {
    let stage = Stage::running().await;
    let lead = lead(&stage, "CTO");
    let whole = answer(&json!("Yes"));
    let cases = [
        format!("{whole}}}"),
        format!("Here you are: {whole}"),
        whole[..whole.len() - 3].to_owned(),
        answer(&json!(7)),
        answer(&json!(["Yes"])),
        json!({ "value": "Yes", "confidence": 7, "evidence": [], "abstain": false }).to_string(),
        json!({ "value": "Yes", "confidence": 0.5, "evidence": [], "abstain": false, "email": "x@y.example" }).to_string(),
        String::new(),
    ];
    let texts = cases.clone();
    let next = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = next.clone();
    let server =
        model(&stage, move |_| said(&texts[count.fetch_add(1, std::sync::atomic::Ordering::SeqCst) / 2]))
            .await;
    for (index, text) in cases.iter().enumerate() {
        let column = column(&stage, json!({})).await;
        let run = generate(&stage, &column, "generate_values", &[lead]).await;

        let found = cells(&stage, &format!("column_id={}", column["id"].as_str().unwrap())).await;
        assert_eq!(
            (&found[0]["status"], &found[0]["value"]),
            (&json!("invalid_output"), &Value::Null),
            "{text}"
        );
        assert_eq!((&run["cost"], calls(&server).await), (&json!("0.004"), 2 * (index + 1)), "{text}");
        assert_eq!(found[0]["error_details"]["code"], "invalid_output");
    }
}

#[actix_web::test]
async fn a_fence_is_taken_off_and_each_type_is_checked() {
    let stage = Stage::running().await;
    let lead = lead(&stage, "CTO");
    let schema = json!({ "type": "object", "properties": { "a": { "type": "integer" } }, "required": ["a"], "additionalProperties": false });
    let cases: [(Value, Value, &str, bool); 9] = [
        (json!({ "response_type": "string" }), json!("x"), "value_string", true),
        (
            json!({ "response_type": "string", "response_config": { "max_length": 2 } }),
            json!("xyz"),
            "value_string",
            false,
        ),
        (
            json!({ "response_type": "number", "response_config": { "min": 1, "max": 5 } }),
            json!(3),
            "value_number",
            true,
        ),
        (
            json!({ "response_type": "number", "response_config": { "min": 1, "max": 5 } }),
            json!(9),
            "value_number",
            false,
        ),
        (json!({ "response_type": "boolean" }), json!(true), "value_boolean", true),
        (
            json!({ "response_type": "enum", "response_config": { "choices": ["hot", "cold"] } }),
            json!("hot"),
            "value_string",
            true,
        ),
        (
            json!({ "response_type": "enum", "response_config": { "choices": ["hot", "cold"] } }),
            json!("Hot"),
            "value_string",
            false,
        ),
        (
            json!({ "response_type": "json_object", "response_config": { "schema": schema } }),
            json!({ "a": 1 }),
            "value_json",
            true,
        ),
        (
            json!({ "response_type": "json_object", "response_config": { "schema": schema } }),
            json!({ "a": "1" }),
            "value_json",
            false,
        ),
    ];
    let values: Vec<Value> =
        cases.iter().flat_map(|(_, value, _, fits)| vec![value.clone(); if *fits { 1 } else { 2 }]).collect();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let _server = model(&stage, move |_| {
        let value = &values[next.fetch_add(1, std::sync::atomic::Ordering::SeqCst)];
        said(&format!("```json\n{}\n```", answer(value)))
    })
    .await;
    for (config, value, place, fits) in cases {
        let column = column(&stage, config.clone()).await;
        generate(&stage, &column, "generate_values", &[lead]).await;

        let found = cells(&stage, &format!("column_id={}", column["id"].as_str().unwrap())).await;
        let (status, kept) = if fits { ("completed", &value) } else { ("invalid_output", &Value::Null) };
        assert_eq!((&found[0]["status"], &found[0]["value"]), (&json!(status), kept), "{config}");
        if fits && value.is_number() {
            assert_eq!(found[0][place].as_f64(), value.as_f64(), "{config}");
        } else if fits {
            assert_eq!(found[0][place], value, "{config}");
        }
    }
}

#[actix_web::test]
async fn a_refusal_is_not_asked_again_and_a_model_may_abstain() {
    let stage = Stage::running().await;
    let server = model(&stage, |text| {
        if text.contains("Refuse") {
            return ResponseTemplate::new(200).set_body_json(
                json!({ "choices": [{ "message": { "content": null, "refusal": "I cannot." } }] }),
            );
        }
        said(&json!({ "value": null, "confidence": 0.1, "evidence": [], "abstain": true }).to_string())
    })
    .await;
    let column = column(&stage, json!({})).await;
    let (refused, unknown) = (lead(&stage, "Refuse"), lead(&stage, "CTO"));
    for _ in 0..2 {
        generate(&stage, &column, "generate_values", &[refused, unknown]).await;
    }

    let of = async |id: Uuid| cells(&stage, &format!("lead_id={id}")).await[0].clone();
    assert_eq!(
        (&of(refused).await["status"], &of(unknown).await["status"]),
        (&json!("refused"), &json!("abstained"))
    );
    assert!(of(refused).await["tokens_in"].as_i64().unwrap() > 0, "tokens that are not told are estimated");
    assert_eq!(calls(&server).await, 2);
}

#[actix_web::test]
async fn a_failed_new_answer_keeps_the_last_good_value_and_says_so() {
    let stage = Stage::running().await;
    let server =
        model(
            &stage,
            |text| if text.contains("Clerk") { said("nonsense") } else { said(&answer(&json!("Yes"))) },
        )
        .await;
    let column = column(&stage, json!({})).await;
    let lead = lead(&stage, "CTO");
    generate(&stage, &column, "generate_values", &[lead]).await;
    stage.records.change(lead, |known| drop(known.record.insert("role_title".to_owned(), json!("Clerk"))));

    generate(&stage, &column, "generate_values", &[lead]).await;

    let cell = &cells(&stage, "").await[0];
    assert_eq!(
        (&cell["value"], &cell["status"], &cell["last_error"]["code"]),
        (&json!("Yes"), &json!("completed"), &json!("invalid_output"))
    );
    assert_eq!(calls(&server).await, 3);
}
