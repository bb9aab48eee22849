//! A handler that panics answers like any other failure.

use crate::problem::{Kind, Problem};
use axum::response::{IntoResponse, Response};
use std::any::Any;

/// The answer after a panic; what it said goes to the log, unless it was made of values, which may be somebody's name.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands over the box")]
pub(crate) fn on_panic(said: Box<dyn Any + Send + 'static>) -> Response {
    let said = said.downcast_ref::<&'static str>().copied();
    let said = said.unwrap_or("(a message with values in it)");
    Problem::caused(Kind::Internal, format!("a handler panicked: {said}")).into_response()
}

#[cfg(test)]
mod tests {
    use super::on_panic;
    use crate::problem::Problem;
    use std::sync::Arc;

    #[test]
    fn what_a_panic_said_is_for_the_log_only() {
        for said in [
            Box::new("a secret") as Box<dyn std::any::Any + Send>,
            Box::new("a secret of Nguyễn".to_owned()),
            Box::new(7),
        ] {
            let response = on_panic(said);
            assert_eq!(response.status(), 500);
            let problem = response.extensions().get::<Arc<Problem>>().expect("a problem");
            assert!(!problem.detail().contains("secret"));
            assert!(!problem.chain().is_some_and(|chain| chain.contains("of Nguyễn")));
            assert!(
                problem
                    .chain()
                    .is_some_and(|chain| chain.starts_with("a handler panicked"))
            );
        }
    }
}
