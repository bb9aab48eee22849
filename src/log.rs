//! Where the program says what happens: standard error, one JSON object a line unless somebody watches.
//!
//! No personal data goes there, whatever the level. What a panic says is the one text we do not write ourselves: a message with
//! values in it, such as the text a slice was cut from, stays out, and the place in the program goes in.

use std::panic::PanicHookInfo;
use tracing_subscriber::{EnvFilter, fmt};

/// What is said when nobody asked for anything else.
const USUAL: &str = "info,sqlx=warn,sea_orm=warn";

/// Begins. `asked` is the filter of the configuration. A second call in one process (tests) changes nothing.
pub(crate) fn start(asked: Option<&str>) {
    let filter = asked.and_then(|text| EnvFilter::try_new(text).ok());
    let filter = filter.unwrap_or_else(|| EnvFilter::new(USUAL));
    let told = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = if std::io::IsTerminal::is_terminal(&std::io::stderr()) {
        told.try_init()
    } else {
        told.json().flatten_event(true).with_current_span(false).try_init()
    };
    if started.is_ok() {
        std::panic::set_hook(Box::new(on_panic));
    }
}

fn on_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!({ panic.place = place, panic.said = said(panic.payload()) }, "panicked");
}

/// What a panic said, when it is a text of the program and no value was put into it.
fn said(payload: &(dyn std::any::Any + Send)) -> &'static str {
    payload
        .downcast_ref::<&'static str>()
        .copied()
        .unwrap_or("(a message with values in it)")
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn a_message_with_values_in_it_is_not_repeated() {
        let name = "Nguyễn";
        let cut = std::panic::catch_unwind(|| name[..5].len()).expect_err("inside a letter");
        assert!(!said(cut.as_ref()).contains(name));
        let plain = std::panic::catch_unwind(|| -> usize { panic!("a text of ours") }).expect_err("it panics");
        assert_eq!(said(plain.as_ref()), "a text of ours");
    }
}
