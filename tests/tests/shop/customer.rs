//! `/customers` on every engine.

use serde_json::json as form;
use underpin_tests::{Engine, TestDatabase, on_every_engine};

use super::{json, shop};

on_every_engine! {
    fn a_customer_who_was_added_is_there_after_the_next_start(engine) {
        let database = TestDatabase::create(engine);
        let first = shop(&database).serve().expect_serving();
        let added = first.post("/customers", r#"{"name":" Jürgen 🦀 ","email":"juergen@example.com"}"#);
        assert_eq!(added.status, 201, "{}", added.body);
        assert_eq!(json(&added)["name"], "Jürgen 🦀");
        first.stop().expect_success();
        let second = shop(&database).serve().expect_serving();
        let all = json(&second.get("/customers"));
        assert_eq!(all[3], json(&added), "{all}");
    }

    fn an_address_belongs_to_one_customer(engine) {
        let database = TestDatabase::create(engine);
        let shop = shop(&database).serve().expect_serving();
        let taken = shop.post("/customers", r#"{"name":"Another","email":"ada@example.com"}"#);
        assert_eq!((taken.status, json(&taken)), (409, form!({ "error": "email belongs to another customer" })));
    }
}

#[test]
fn what_is_no_customer_is_refused_in_words() {
    let database = TestDatabase::create(Engine::Sqlite);
    let shop = shop(&database).serve().expect_serving();
    for (body, status) in [
        ("", 400),
        ("{", 400),
        ("[]", 422),
        (r#"{"name":"A"}"#, 422),
        (r#"{"name":"A","email":"a@b","id":7}"#, 422),
        (r#"{"name":"","email":"a@b"}"#, 422),
        (r#"{"name":"A","email":"nobody"}"#, 422),
        (r#"{"name":"A\u0000B","email":"a@b"}"#, 422),
    ] {
        let answer = shop.post("/customers", body);
        assert_eq!(answer.status, status, "{body}: {}", answer.body);
        assert!(json(&answer)["error"].is_string(), "{body}: {}", answer.body);
    }
    assert_eq!(shop.get("/nowhere").status, 404);
    assert_eq!(shop.post("/nowhere", "{}").status, 404);
    assert_eq!(shop.post("/customers/1/orders", "{}").status, 405);
}
