//! Reports from facts: worked examples, and laws that hold for any facts.

#[path = "report/any.rs"]
mod any;
#[path = "report/build.rs"]
mod build;
#[path = "report/index.rs"]
mod index;
#[path = "report/laws.rs"]
mod laws;
#[path = "report/post.rs"]
mod post;
