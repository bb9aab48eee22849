//! Who stands opposite, before anything is signed.

use custody::credential::Credential;
use custody::envelope::Envelope;
use custody::handover::{Hello, Introduced, StrangerError, introduce};
use domain::hat::Hat;
use domain::holder::Holder;

use crate::core::Core;
use crate::core::error::CourierError;
use crate::core::record::{Recorded, Recorder};

/// The other side of a handover, as the server vouches for them. **App:** show name, office and hat before the next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// Their name.
    pub name: String,
    /// Their office's name.
    pub office_name: String,
    /// The hat they wear here.
    pub hat: Hat,
    /// The party they then are.
    pub party: Holder,
    /// Until when the server vouches for them, server time.
    pub until_ms: i64,
    /// Their key is a browser's and not a key store's.
    pub in_browser: bool,
    /// How many items they offer; nothing where they want to receive.
    pub offered: Option<usize>,
}

impl Core {
    /// Says who shows a HELLO or an OFFER. Records nothing.
    ///
    /// # Errors
    /// [`CourierError::Unreadable`] if it is neither, [`CourierError::Handover`] if the server does not vouch for them.
    pub fn who_is(&self, picture: &[u8]) -> Result<Peer, CourierError> {
        self.inside(|recorder| {
            // Either picture, or the reason why it is neither.
            let hello = match greeted(recorder, picture) {
                Err(CourierError::Unreadable { .. }) => None,
                read => Some(read?),
            };
            let Some((hello, who)) = hello else {
                let shown = introduced(recorder, picture)?;
                let items = Envelope::parse(&shown.offer).map(|offer| offer.event().items.len());
                return peer(shown.giver, shown.hat, items.ok());
            };
            peer(who, hello.acting_as, None)
        })
    }
}

/// Reads a HELLO of somebody the server vouches for, now.
pub(super) fn greeted(recorder: &Recorder<'_>, hello: &[u8]) -> Result<(Hello, Credential), CourierError> {
    let read = Hello::decode(hello, &recorder.credential.issuers(), recorder.server_ms()?)?;
    recorder.check_peer(read.0.device())?;
    Ok(read)
}

/// Reads an OFFER of somebody the server vouches for, now.
pub(super) fn introduced(recorder: &Recorder<'_>, offer: &[u8]) -> Result<Introduced, CourierError> {
    let read = Introduced::decode(offer, &recorder.credential.issuers(), recorder.server_ms()?)?;
    recorder.check_peer(read.giver.key.device_id())?;
    Ok(read)
}

/// An offer of this phone as it is shown: with its credential.
pub(super) fn shown(recorder: &Recorder<'_>, offer: Recorded) -> Recorded {
    Recorded {
        picture: introduce(&offer.envelope, &recorder.credential.signed),
        ..offer
    }
}

fn peer(who: Credential, hat: Hat, offered: Option<usize>) -> Result<Peer, CourierError> {
    Ok(Peer {
        party: who.party(hat).ok_or(StrangerError::NotTheirs)?,
        name: who.name,
        office_name: who.office,
        hat,
        until_ms: who.until_ms,
        in_browser: who.in_browser,
        offered,
    })
}
