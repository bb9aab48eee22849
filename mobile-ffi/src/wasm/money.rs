//! Money, numbers and photographs on the root object.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::error::{Thrown, told};
use super::object::{Courier, recorded};
use super::record::{Collected, Manner, NumbersLeft, Sums, Till, given, object, read_hat, word};
use crate::core::Sum;
use domain::money::{LedgerKind, Tender};

#[wasm_bindgen]
impl Courier {
    /// Keeps a photograph and gives its SHA-256, to be named as evidence of the act it belongs to.
    #[wasm_bindgen(js_name = keepPhotograph)]
    pub fn keep_photograph(&self, bytes: &[u8]) -> Result<Vec<u8>, Thrown> {
        Ok(told(self.core.keep_photograph(bytes))?.to_vec())
    }

    /// How many photographs named by events the server does not have yet.
    #[wasm_bindgen(js_name = photographsWaiting)]
    pub fn photographs_waiting(&self) -> Result<u32, Thrown> {
        Ok(told(self.core.photographs_waiting())?.try_into().unwrap_or(u32::MAX))
    }

    /// How many labels and receipt numbers this browser can give without the server.
    #[wasm_bindgen(js_name = numbersLeft, unchecked_return_type = "NumbersLeft")]
    pub fn numbers_left(&self) -> Result<JsValue, Thrown> {
        object(&NumbersLeft::from(told(self.core.numbers_left())?))
    }

    /// The next label for papers that have none; nobody gets it twice.
    #[wasm_bindgen(js_name = takeLabel)]
    pub fn take_label(&self) -> Result<String, Thrown> {
        told(self.core.take_label())
    }

    /// Collects a sum for an item; a State fee gets the next receipt number, if one is left.
    #[wasm_bindgen(unchecked_return_type = "Collected")]
    pub fn collect(
        &self,
        #[wasm_bindgen(js_name = itemCode)] item_code: &str,
        #[wasm_bindgen(unchecked_param_type = "Ledger")] ledger: JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] amount: JsValue,
        #[wasm_bindgen(unchecked_param_type = "Tender")] tender: JsValue,
        #[wasm_bindgen(unchecked_param_type = "Manner")] manner: JsValue,
    ) -> Result<JsValue, Thrown> {
        let sum = Sum {
            ledger: word(ledger, "ledger", LedgerKind::parse)?,
            amount: given(amount, "sum")?,
            tender: word(tender, "tender", Tender::parse)?,
        };
        object(&Collected::from(told(self.core.collect(
            item_code,
            sum,
            &Manner::read(manner)?,
        ))?))
    }

    /// What was collected in this hat and not handed over yet.
    #[wasm_bindgen(unchecked_return_type = "Till")]
    pub fn till(&self, #[wasm_bindgen(unchecked_param_type = "Hat")] hat: JsValue) -> Result<JsValue, Thrown> {
        object(&Till::from(told(self.core.till(read_hat(hat)?))?))
    }

    /// The keeper counts: show the envelope to whoever counts after them.
    #[wasm_bindgen(js_name = countTill, unchecked_return_type = "Recorded")]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "arguments arrive by value from the other language"
    )]
    pub fn count_till(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Hat")] hat: JsValue,
        #[wasm_bindgen(unchecked_param_type = "Sums")] counted: JsValue,
        explanation: Option<String>,
    ) -> Result<JsValue, Thrown> {
        let counted = given::<Sums>(counted, "sums")?.try_into()?;
        recorded(self.core.count_till(read_hat(hat)?, counted, explanation.as_deref()))
    }

    /// Another person counted the same and signs: show the envelope to the keeper.
    #[wasm_bindgen(js_name = signCount, unchecked_return_type = "Recorded")]
    pub fn sign_count(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Hat")] hat: JsValue,
        count: &[u8],
        #[wasm_bindgen(unchecked_param_type = "Sums")] counted: JsValue,
    ) -> Result<JsValue, Thrown> {
        let counted = given::<Sums>(counted, "sums")?.try_into()?;
        recorded(self.core.sign_count(read_hat(hat)?, count, counted))
    }

    /// The keeper keeps the second signature: the till is empty. Gives its event.
    pub fn settled(&self, signature: &[u8]) -> Result<String, Thrown> {
        Ok(told(self.core.settled(signature))?.to_string())
    }
}
