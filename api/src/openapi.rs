//! The OpenAPI 3.1 document, made from the handlers themselves and finished with the examples of `openapi/operations.json`.

mod finish;

use crate::policy::Policy;
use crate::problem::{Kind, ProblemView};
use crate::routes;
use axum::http::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{IntoResponses, Modify, OpenApi};

/// What the handlers cannot say: the title, and how callers prove who they are.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Trao Tay",
        description = "Custody of administrative dossiers carried by the public post. Refusals are application/problem+json; \
                       their types open as pages and are listed in docs/problems.md."
    ),
    components(schemas(ProblemView)),
    modifiers(&Proofs)
)]
pub(crate) struct Doc;

struct Proofs;

impl Modify for Proofs {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        let bearer = |what: &str| {
            SecurityScheme::Http(
                HttpBuilder::new()
                    .scheme(HttpAuthScheme::Bearer)
                    .description(Some(what))
                    .build(),
            )
        };
        components.add_security_scheme("staff", bearer("Access token of POST /api/v1/session"));
        components.add_security_scheme("lgsp", bearer("Opaque token of POST /lgsp/token"));
        let proof = ApiKeyValue::with_description(
            "DPoP",
            "A JWT signed by the device key over method, path and server nonce",
        );
        components.add_security_scheme("device", SecurityScheme::ApiKey(ApiKey::Header(proof)));
    }
}

/// The document, made once: it does not change while the program runs.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let mut document = serde_json::to_value(routes::document()).expect("plain data always serializes");
    finish::finish(&mut document);
    document
});

/// The document as pretty JSON with a line feed at its end.
static TEXT: LazyLock<String> =
    LazyLock::new(|| serde_json::to_string_pretty(&*DOCUMENT).expect("plain data always serializes") + "\n");

/// The document as pretty JSON with a line feed at its end.
pub fn openapi() -> &'static str {
    &TEXT
}

/// The document.
pub(crate) fn document() -> &'static Value {
    &DOCUMENT
}

/// Tells of each operation who may call it, from the policy: roles and how they must stand to the object.
pub(crate) fn tell_who_may(document: &mut utoipa::openapi::OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let methods = [
            (Method::GET, &mut item.get),
            (Method::POST, &mut item.post),
            (Method::PUT, &mut item.put),
            (Method::PATCH, &mut item.patch),
            (Method::DELETE, &mut item.delete),
        ];
        for (method, operation) in methods {
            let row = Policy::get().row(&method, path);
            if let (Some(operation), Some(row)) = (operation, row) {
                let who: BTreeMap<&str, String> = row
                    .subjects()
                    .filter_map(|subject| Some((subject.as_str(), row.grant(subject)?.to_string())))
                    .collect();
                let told = ExtensionsBuilder::new().add("x-who-may", json!(who)).build();
                operation.extensions.get_or_insert_default().merge(told);
            }
        }
    }
}

/// Shapes of messages whose types the pure crate keeps without OpenAPI, as the document shows them.
macro_rules! shapes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, utoipa::ToSchema)]
        #[expect(dead_code, reason = "only described, never made")]
        pub(crate) struct $name { $($(#[$field_doc])* $field: $type,)* }
    )*};
}
pub(crate) use shapes;

/// What the document says an object has.
#[cfg(test)]
pub(crate) fn fields_described<S: utoipa::PartialSchema>() -> std::collections::BTreeSet<String> {
    let RefOr::T(utoipa::openapi::schema::Schema::Object(shape)) = S::schema() else {
        panic!("an object")
    };
    shape.properties.keys().cloned().collect()
}

/// What a message has.
#[cfg(test)]
pub(crate) fn fields_sent(message: &serde_json::Value) -> std::collections::BTreeSet<String> {
    message.as_object().expect("an object").keys().cloned().collect()
}

/// Describes refusals, one entry per status.
fn refusals(kinds: &[Kind]) -> BTreeMap<String, RefOr<Response>> {
    let mut by_status: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for kind in kinds {
        let face = kind.face();
        by_status
            .entry(face.status.as_u16().to_string())
            .or_default()
            .push(face.slug);
    }
    let described = by_status.into_iter().map(|(status, slugs)| {
        let content = ContentBuilder::new()
            .schema(Some(RefOr::Ref(Ref::from_schema_name("Problem"))))
            .build();
        let response = ResponseBuilder::new()
            .description(slugs.join(", "))
            .content("application/problem+json", content);
        (status, RefOr::T(response.build()))
    });
    described.collect()
}

macro_rules! refusal_sets {
    ($($(#[$doc:meta])* $name:ident = [$($kind:ident),* $(,)?];)*) => {$(
        $(#[$doc])*
        pub(crate) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                refusals(&[$(Kind::$kind),*, Kind::Internal, Kind::Busy, Kind::Unavailable, Kind::Timeout])
            }
        }
    )*};
}

refusal_sets! {
    /// Every operation.
    Always = [BodyIncomplete];
    /// A question that can be read and not answered.
    Judged = [InvalidRequest];
    /// A page about one thing that may not be there.
    Page = [BodyIncomplete, NotFound];
    /// A read by staff.
    StaffRead = [InvalidQuery, Unauthenticated, MissingRight, SecondFactorMissing, StepUpNeeded, NotFound];
    /// A write by staff.
    StaffWrite = [
        InvalidJson, BodyIncomplete, Unauthenticated, BadCredentials, MissingRight, SecondFactorMissing, StepUpNeeded, NotFound,
        TooManyAttempts, OrderExists, LabelTaken, BodyTooLarge,
        UnsupportedMediaType, InvalidRequest, KeyReused, StorageFull, LabelsUsedUp,
    ];
    /// A write that can be bound to what somebody has seen.
    Versioned = [Changed];
    /// A write on money or a matter beside the dossier.
    MatterWrite = [
        InvalidJson, BodyIncomplete, Unauthenticated, MissingRight, NotFound, NotNow, BodyTooLarge, UnsupportedMediaType,
        InvalidRequest, KeyReused, StorageFull,
    ];
    /// A change that takes two people.
    ChangeWrite = [
        InvalidJson, BodyIncomplete, Unauthenticated, MissingRight, SecondFactorMissing, StepUpNeeded, NotFound, NotNow, BodyTooLarge,
        UnsupportedMediaType, InvalidRequest, KeyReused, StorageFull,
    ];
    /// A sign-in.
    SignIn = [
        InvalidJson, BodyIncomplete, BadCredentials, SecondFactorNeeded, SessionEnded, MissingRight, UseNonce, BadProof, UnknownDevice,
        DeviceRevoked, BodyTooLarge, UnsupportedMediaType, TooManyAttempts, StorageFull,
    ];
    /// An enrolment.
    Enrolment = [InvalidJson, BodyIncomplete, DeviceTaken, BodyTooLarge, UnsupportedMediaType, CodeInvalid, StorageFull];
    /// A deposit or greeting of a device.
    DeviceWrite = [
        InvalidJson, UnreadableFrame, BodyIncomplete, UseNonce, BadProof, UnknownDevice, BodyTooLarge, TooManyEvents,
        UnsupportedMediaType, StorageFull,
    ];
    /// Bytes that a device brings.
    BlobWrite = [
        BodyIncomplete, UseNonce, BadProof, UnknownDevice, NotFound, NotNow, BodyTooLarge, InvalidRequest, StorageFull,
    ];
    /// A read by a device.
    DeviceRead = [InvalidQuery, UseNonce, BadProof, UnknownDevice, DeviceRevoked, Resync];
    /// A call of a one-stop system.
    OneStop = [BodyIncomplete, Unauthenticated, NotFound, BodyTooLarge, StorageFull];
}
