//! A handler that panics answers like any other failure.

use crate::problem::{Kind, Problem};
use axum::response::{IntoResponse, Response};
use std::any::Any;

/// The answer after a panic; what it said goes to the log.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands over the box")]
pub(crate) fn on_panic(said: Box<dyn Any + Send + 'static>) -> Response {
    let said = said
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| said.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "something that is no text".to_owned());
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
            Box::new("a secret".to_owned()),
            Box::new(7),
        ] {
            let response = on_panic(said);
            assert_eq!(response.status(), 500);
            let problem = response.extensions().get::<Arc<Problem>>().expect("a problem");
            assert!(!problem.detail().contains("secret"));
            assert!(
                problem
                    .chain()
                    .is_some_and(|chain| chain.starts_with("a handler panicked"))
            );
        }
    }
}
