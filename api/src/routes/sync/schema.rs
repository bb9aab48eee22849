//! The messages of `domain::wire` as the API document shows them. The pure crate knows no OpenAPI, so their shapes are
//! repeated here; a test holds both together.

use crate::openapi::shapes;

shapes! {
    /// A device asks to act for a member of staff.
    EnrolRequest {
        /// The one-time code.
        code: String,
        /// The compressed P-256 key, 33 bytes, base64url.
        public_key: String,
        /// Signature over "traotay/enrol/v1" ‖ code ‖ key, 64 bytes, base64url.
        proof: String,
        /// The key is a browser's and not a key store's; `false` when absent.
        in_browser: Option<bool>,
    }
    /// What an enrolled device learns about itself.
    EnrolView {
        /// The device, in hex.
        device_id: String,
        /// The member of staff it acts for.
        staff_id: String,
        /// Their name.
        name: String,
        /// Their office.
        office_id: String,
        /// Its name.
        office_name: String,
        /// The hats the device may wear.
        hats: Vec<HatView>,
        /// The epoch of this store.
        epoch: u64,
        /// Until when new two-party handovers may begin.
        credential_until_ms: i64,
        /// For whom a phone seals a second copy of what it has not sent: an X25519 key, base64url.
        recovery_key: Option<String>,
        /// What this device shows another one: who its person is, signed by the server, base64url; absent when it is not renewed.
        credential: Option<String>,
        /// The Ed25519 keys under which the server signs credentials, base64url.
        issuers: Vec<String>,
    }
    /// One hat and the party it signs for.
    HatView {
        /// For example `carrier`.
        hat: String,
        /// For example `staff:<uuid>`.
        holder: String,
    }
    /// What a device says first.
    HelloRequest {
        /// The versions it speaks.
        protocol: ProtocolRange,
        /// Which build of the app.
        app_build: String,
        /// The number of its newest event.
        seq_head: u64,
        /// The epoch it knows.
        epoch: u64,
        /// Up to which number of the server's log it knows who was revoked; 0 for nothing yet.
        revoked_after: u64,
    }
    /// Versions of the sync protocol.
    ProtocolRange {
        /// The oldest.
        min: u32,
        /// The newest.
        max: u32,
    }
    /// The answer to a greeting.
    HelloView {
        /// The version both will speak.
        protocol: u32,
        /// The epoch of this store.
        epoch: u64,
        /// The server's hour.
        beacon: Beacon,
        /// For the next device proof.
        nonce: String,
        /// Ranges of the device's events to send again, both ends included.
        want: Vec<Vec<u64>>,
        /// How much one deposit may carry.
        limits: Limits,
        /// Until when hand-overs may be started without asking again; absent when the credential is not renewed.
        credential_until_ms: Option<i64>,
        /// For whom a phone seals a second copy of what it has not sent: an X25519 key, base64url.
        recovery_key: Option<String>,
        /// What this device shows another one: who its person is, signed by the server, base64url; absent when it is not renewed.
        credential: Option<String>,
        /// The Ed25519 keys under which the server signs credentials, base64url.
        issuers: Vec<String>,
        /// Devices revoked since the number the phone named, in hex; absent when there is none.
        revoked: Vec<String>,
        /// Up to which number of its log the server has told that.
        revoked_through: Option<u64>,
    }
    /// The server's hour, tied to the device.
    Beacon {
        /// Milliseconds UTC.
        server_ms: i64,
        /// Eight bytes, base64url.
        tag: String,
    }
    /// How much one deposit may carry.
    Limits {
        /// Events.
        batch_events: u32,
        /// Bytes.
        batch_bytes: u32,
    }
    /// One line per event, in the order sent.
    DepositView {
        /// The lines.
        results: Vec<Deposited>,
    }
    /// What became of one event.
    Deposited {
        /// The event, in hex.
        event_id: String,
        /// `stored`, `duplicate` or `retry`.
        result: String,
        /// Why it must be sent again.
        reason: Option<String>,
    }
    /// A page of changes.
    ChangesView {
        /// Tagged by `type`: `assignment`, `item` or `withdrawn`. Unknown types are to be skipped.
        changes: Vec<serde_json::Value>,
        /// The cursor of the next page.
        next: String,
        /// Whether there is more now.
        more: bool,
    }
    /// A device asks for numbers to give without a network.
    NumbersRequest {
        /// Sixteen random bytes in hex, new for each request: a repeat gets the same numbers.
        request: String,
        /// How many labels, at most 60.
        labels: u32,
        /// How many receipt numbers, at most 60.
        receipts: u32,
    }
    /// What is lent; less than asked for, or nothing, where the office has run out.
    NumbersView {
        /// Labels (S10) in the order to use them.
        labels: Vec<String>,
        /// Runs of receipt numbers in the order to use them.
        receipts: Vec<ReceiptRun>,
    }
    /// Receipt numbers one after the other, both ends included.
    ReceiptRun {
        /// The code of the service point.
        point: String,
        /// The series printed on the book.
        series: String,
        /// The first number.
        first: u32,
        /// The last one.
        last: u32,
    }
    /// What the server lacks of a device's chain.
    GapsView {
        /// The device, in hex.
        device_id: String,
        /// The newest event before the first gap.
        contiguous: u64,
        /// Missing ranges, both ends included.
        missing: Vec<Vec<u64>>,
        /// The number two events claim.
        fork_at: Option<u64>,
    }
}

#[cfg(test)]
mod tests {
    use crate::openapi::{fields_described, fields_sent};
    use domain::wire::v1;
    use serde::Serialize;
    use utoipa::PartialSchema;

    fn same_fields<S: PartialSchema>(wire: &impl Serialize) {
        let value = serde_json::to_value(wire).expect("plain data");
        assert_eq!(fields_described::<S>(), fields_sent(&value));
    }

    #[test]
    fn the_document_shows_the_fields_that_are_sent() {
        let text = String::new;
        let range = v1::ProtocolRange { min: 1, max: 1 };
        let beacon = v1::Beacon {
            server_ms: 1,
            tag: text(),
        };
        let limits = v1::Limits::default();
        same_fields::<super::EnrolRequest>(&v1::EnrolRequest {
            code: text(),
            public_key: text(),
            proof: text(),
            in_browser: Some(true),
        });
        same_fields::<super::HatView>(&v1::HatView {
            hat: text(),
            holder: text(),
        });
        same_fields::<super::ProtocolRange>(&range);
        same_fields::<super::Beacon>(&beacon);
        same_fields::<super::Limits>(&limits);
        same_fields::<super::HelloRequest>(&v1::HelloRequest {
            protocol: range,
            app_build: text(),
            seq_head: 0,
            epoch: 0,
            revoked_after: 0,
        });
        let hello = v1::HelloView {
            protocol: 1,
            epoch: 1,
            beacon: beacon.clone(),
            nonce: text(),
            want: Vec::new(),
            limits,
            credential_until_ms: Some(1),
            recovery_key: Some(text()),
            credential: Some(text()),
            issuers: vec![text()],
            revoked: vec![text()],
            revoked_through: Some(1),
        };
        same_fields::<super::HelloView>(&hello);
        let deposited = v1::Deposited {
            event_id: text(),
            result: v1::DepositResult::Retry,
            reason: Some(text()),
        };
        same_fields::<super::Deposited>(&deposited);
        same_fields::<super::DepositView>(&v1::DepositView {
            results: vec![deposited],
        });
        same_fields::<super::ChangesView>(&v1::ChangesView {
            changes: Vec::new(),
            next: text(),
            more: false,
        });
        let gaps = v1::GapsView {
            device_id: text(),
            contiguous: 0,
            missing: Vec::new(),
            fork_at: None,
        };
        same_fields::<super::GapsView>(&gaps);
        let enrolled = v1::EnrolView {
            device_id: text(),
            staff_id: text(),
            name: text(),
            office_id: text(),
            office_name: text(),
            hats: Vec::new(),
            epoch: 1,
            credential_until_ms: 1,
            recovery_key: Some(text()),
            credential: Some(text()),
            issuers: vec![text()],
        };
        same_fields::<super::EnrolView>(&enrolled);
    }
}
