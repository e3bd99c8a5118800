//! What a statement does to whoever uses the database meanwhile: locks, rows that are written anew or
//! read, indexes that are built. Facts by server and version, measured; not whether that is dangerous,
//! which is `lint`, and not how long it takes.

pub mod postgres;
