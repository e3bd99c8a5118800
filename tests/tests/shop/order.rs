//! `/orders` and `/customers/{id}/orders` on every engine.

use underpin_tests::{TestDatabase, on_every_engine};

use super::{json, shop};

on_every_engine! {
    fn an_order_is_its_customer_s_and_the_newest_comes_first(engine) {
        let database = TestDatabase::create(engine);
        // The seeds are of the future, and this is about the order of times.
        let shop = shop(&database).serve().expect_serving();
        database.execute("UPDATE orders SET placed_at = 1000");
        let added =
            shop.post("/orders", r#"{"customer_id":1,"item":"ribbon; it's red","quantity":3,"unit_price_cents":250}"#);
        assert_eq!(added.status, 201, "{}", added.body);
        assert_eq!(json(&added)["total_cents"], 750);
        assert_eq!(json(&shop.get("/orders"))[0], json(&added));
        let of_ada = json(&shop.get("/customers/1/orders"));
        assert_eq!((of_ada.as_array().map(Vec::len), &of_ada[0]), (Some(2), &json(&added)));
        assert_eq!(json(&shop.get("/customers/3/orders")).as_array().map(Vec::len), Some(0));
    }

    fn what_is_no_order_is_refused_in_words(engine) {
        let database = TestDatabase::create(engine);
        let shop = shop(&database).serve().expect_serving();
        for (body, status) in [
            (r#"{"customer_id":99,"item":"wire","quantity":1,"unit_price_cents":1}"#, 422),
            (r#"{"customer_id":1,"item":"wire","quantity":0,"unit_price_cents":1}"#, 422),
            (r#"{"customer_id":1,"item":"wire","quantity":1,"unit_price_cents":-1}"#, 422),
            (r#"{"customer_id":1,"item":"wire","quantity":1.5,"unit_price_cents":1}"#, 422),
            (r#"{"customer_id":99999999999999999999,"item":"wire","quantity":1,"unit_price_cents":1}"#, 422),
            ("null", 422),
        ] {
            let answer = shop.post("/orders", body);
            assert_eq!(answer.status, status, "{body}: {}", answer.body);
            assert!(json(&answer)["error"].is_string(), "{body}: {}", answer.body);
        }
        assert_eq!(database.value("SELECT count(*) FROM orders"), "2");
        assert_eq!(shop.get("/customers/99/orders").status, 404);
        assert_eq!(shop.get("/customers/ada/orders").status, 400);
    }
}
