use super::*;

/// The messages of a struct or enum that does not compile. Where they point, `tests/model` looks at.
fn errors(source: &str, expand: fn(&DeriveInput) -> syn::Result<TokenStream>) -> Vec<String> {
    let input: DeriveInput = syn::parse_str(source).unwrap();
    let Err(error) = expand(&input) else { return Vec::new() };
    error.into_iter().map(|error| error.to_string()).collect()
}

fn of_table(source: &str) -> Vec<String> {
    errors(source, write::table)
}

fn of_enum(source: &str) -> Vec<String> {
    errors(source, enumeration::expand)
}

#[test]
fn an_unknown_key_is_pointed_at_and_the_nearest_one_named() {
    assert_eq!(
        of_table("struct Order { #[column(primary_kye)] id: i64 }"),
        ["`primary_kye` is nothing that a column has; did you mean `primary_key`?"]
    );
    assert_eq!(
        of_table("#[table(nmae = \"orders\")] struct Order { id: i64 }"),
        ["`nmae` is nothing that a table has; did you mean `name`?"]
    );
    assert_eq!(
        of_table("#[table(mysql(enginee = \"InnoDB\"))] struct Order { id: i64 }"),
        ["`enginee` is nothing that a table on this engine has; did you mean `engine`?"]
    );
    assert_eq!(
        of_table("struct Order { #[column(type = decmal(12, 2))] total: i64 }"),
        ["`decmal` is no type; one of your engine's own is raw \"decmal\"; did you mean `decimal`?"]
    );
    assert_eq!(
        of_table("struct Order { #[column(references = Customer::id, on_delete = cascad)] customer: i64 }"),
        ["`cascad` is no action of a foreign key; did you mean `cascade`?"]
    );
    assert_eq!(
        of_table("#[table(index(columns(custmer_id)))] struct Order { customer_id: i64 }"),
        ["`custmer_id` is no field that is a column; did you mean `customer_id`?"]
    );
    assert_eq!(
        of_enum("enum Status { #[value(nam = \"x\")] Open }"),
        ["`nam` is nothing that a value has; did you mean `name`?"]
    );
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let errors = of_table(
        "#[table(nmae = \"orders\")] struct Order { #[column(uniqe)] id: i64, #[column(default = soon)] at: i64 }",
    );
    let found: Vec<bool> =
        ["nmae", "uniqe", "soon"].iter().zip(&errors).map(|(word, message)| message.contains(word)).collect();
    assert_eq!(found, [true, true, true], "{errors:?}");
}

#[test]
fn what_does_not_go_together_is_told() {
    assert_eq!(of_table("struct Order { #[column(unique, unique)] id: i64 }"), ["`unique` is said twice"]);
    assert_eq!(
        of_table("struct Order { #[column(on_delete = cascade)] customer: i64 }"),
        ["this is said of a foreign key: references = Customer::id"]
    );
    assert_eq!(
        of_table("struct Order { #[column(generated = \"a + 1\", default = 1)] b: i64 }"),
        ["a column that is computed has no default and does not count"]
    );
    assert_eq!(
        of_table("#[table(primary_key(a))] struct Order { #[column(primary_key)] a: i64 }"),
        ["the primary key is said beside the struct already"]
    );
    assert_eq!(
        of_table("struct Order { #[column(primary_key, type = text)] a: Option<Name> }"),
        ["a primary key is never null"]
    );
    assert_eq!(
        of_table("struct Order { a: i64, #[column(name = \"a\")] b: i64 }"),
        ["the field `a` is the column `a` already"]
    );
    assert_eq!(
        of_table("struct Order { #[column(comment)] a: i64 }"),
        ["there is no doc comment to take the comment from"]
    );
}

#[test]
fn only_structs_with_names_are_tables_and_only_plain_enums_are_enums() {
    assert_eq!(
        of_table("enum Order { A }"),
        ["a table is a struct; an enum is a type of a column: #[derive(underpin::Enum)]"]
    );
    assert_eq!(of_table("struct Order(i64);"), ["a table is a struct with named fields"]);
    assert_eq!(of_table("struct Order<T> { a: T }"), ["a table has no generic parameters"]);
    assert_eq!(
        of_enum("enum Status { Open(i64) }"),
        ["a variant with data is no value of a database's enum"]
    );
    assert_eq!(
        of_enum("#[enumeration(rename_all = \"snake\")] enum Status { Open }"),
        ["this is no case; there is snake_case, lowercase, UPPERCASE, camelCase, PascalCase, \
             SCREAMING_SNAKE_CASE, kebab-case"]
    );
}

#[test]
fn a_type_says_which_numbers_it_takes() {
    let message = |data_type: &str| {
        let source = format!("struct Order {{ #[column(type = {data_type})] a: i64 }}");
        of_table(&source).pop()
    };
    assert_eq!(message("varchar").as_deref(), Some("`varchar` takes a length: varchar(200)"));
    assert_eq!(message("text(3)").as_deref(), Some("`text` takes no number"));
    assert_eq!(message("raw \"citext\""), None);
    assert_eq!(message("raw(\"citext\")"), None);
    assert_eq!(message("\"citext\""), None);
    assert_eq!(message("decimal(12, 2)"), None);
}
