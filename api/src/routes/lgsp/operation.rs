//! Which operation is meant. The same body reaches us in five ways (`docs`: dispatch variants).

use super::fields::Fields;
use axum::http::HeaderMap;

/// What one-stop software asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Order,
    /// An order that names who sends papers and who receives the result.
    Document,
    Cancel,
    Tracking,
    Price,
}

impl Operation {
    /// The operation of a name in any of its spellings: `OrderPost`, `vnpost_post_order`, `lgsp_vnpost_orderpost`.
    pub(super) fn named(name: &str) -> Option<Self> {
        let plain: String = name
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        let plain = plain.strip_prefix("lgsp").unwrap_or(&plain);
        let plain = plain.strip_prefix("vnpost").unwrap_or(plain);
        match plain {
            "orderpost" | "postorder" => Some(Self::Order),
            "document" | "documentpost" | "postdocument" => Some(Self::Document),
            "price" | "getprice" | "pricehcc" | "hccprice" => Some(Self::Price),
            "ordercancel" | "cancelorder" => Some(Self::Cancel),
            "ordertracking" | "getordertracking" | "trackingorder" => Some(Self::Tracking),
            _ => None,
        }
    }

    /// From the path's end, else the header `service-code`, else the query's `serviceName`, else its `service`.
    pub(super) fn find(suffix: Option<&str>, headers: &HeaderMap, query: &Fields) -> Option<Self> {
        let header = headers.get("service-code").and_then(|value| value.to_str().ok());
        let named = suffix
            .or(header)
            .or(query.text("servicename"))
            .or(query.text("service"));
        named.and_then(Self::named)
    }

    /// Some clients send their cancellation to the name of the tracking service. A real tracking call has no order number.
    pub(super) fn corrected(self, fields: &Fields) -> Self {
        let names_an_order = fields.text("ordernumber").is_some() && fields.text("customercode").is_some();
        let pages = fields.text("lastid").is_some() || fields.text("pagesize").is_some();
        if self == Self::Tracking && names_an_order && !pages {
            Self::Cancel
        } else {
            self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Operation;

    #[test]
    fn every_spelling_of_an_operation_is_understood() {
        for name in ["OrderPost", "orderpost", "vnpost_post_order", "lgsp_vnpost_orderpost"] {
            assert_eq!(Operation::named(name), Some(Operation::Order), "{name}");
        }
        for name in ["OrderCancel", "vnpost_cancel_order", "lgsp_vnpost_ordercancel"] {
            assert_eq!(Operation::named(name), Some(Operation::Cancel), "{name}");
        }
        for name in ["OrderTracking", "vnpost_order_tracking", "lgsp_vnpost_ordertracking"] {
            assert_eq!(Operation::named(name), Some(Operation::Tracking), "{name}");
        }
        for name in [
            "Document",
            "postDocument",
            "vnpost_post_document",
            "lgsp_vnpost_document",
        ] {
            assert_eq!(Operation::named(name), Some(Operation::Document), "{name}");
        }
        for name in [
            "Price",
            "lgsp_vnpost_pricehcc",
            "lgsp_vnpost_getprice",
            "vnpost_price_hcc",
        ] {
            assert_eq!(Operation::named(name), Some(Operation::Price), "{name}");
        }
        assert_eq!(Operation::named("lgsp_vnpost_getinfomationpost"), None);
    }
}
