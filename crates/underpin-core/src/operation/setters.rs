//! The setters that builders have in common, so that each is said once. What a setter means stands at its
//! name, in the builder.

/// Setters of a builder, within its `impl`: a `flag` that becomes true, the `namespace` of a name, `words` and a
/// `value` that may be there.
macro_rules! setters {
    ($($(#[$doc:meta])+ $kind:ident $name:ident $(of $field:ident)? $(: $type:ty)?;)+) => {
        $(setters! { @ $kind [$(#[$doc])+] $name $($field)? $($type)? })+
    };
    (@ flag [$(#[$doc:meta])+] $name:ident) => {
        $(#[$doc])+
        #[must_use]
        pub const fn $name(mut self) -> Self {
            self.$name = true;
            self
        }
    };
    (@ namespace [$(#[$doc:meta])+] $name:ident $field:ident) => {
        $(#[$doc])+
        #[must_use]
        pub fn $name(mut self, schema: &str) -> Self {
            self.$field = self.$field.within(schema);
            self
        }
    };
    (@ words [$(#[$doc:meta])+] $name:ident) => {
        $(#[$doc])+
        #[must_use]
        pub fn $name(mut self, words: &str) -> Self {
            self.$name = Some(words.to_owned());
            self
        }
    };
    (@ value [$(#[$doc:meta])+] $name:ident $type:ty) => {
        $(#[$doc])+
        #[must_use]
        pub fn $name(mut self, value: $type) -> Self {
            self.$name = Some(value);
            self
        }
    };
}

/// Setters of what counts: they fill a field `counter`.
macro_rules! counter_setters {
    () => {
        counter_setters! {
            /// The first number.
            start: i64;
            /// From one number to the next.
            increment: i64;
            /// The smallest number.
            minimum: i64;
            /// The largest number.
            maximum: i64;
            /// How many numbers a session takes at a time.
            cache: u64;
        }
    };
    ($($(#[$doc:meta])+ $name:ident: $type:ty;)+) => { $(
        $(#[$doc])+
        #[must_use]
        pub const fn $name(mut self, number: $type) -> Self {
            self.counter.$name = Some(number);
            self
        }
    )+ };
}
