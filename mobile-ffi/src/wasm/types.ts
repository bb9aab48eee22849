/** In which capacity a person signs. */
export type Hat = 'post_agent' | 'desk_agent' | 'agency_receiver' | 'carrier';
/** Who received an item in person. */
export type Recipient = 'addressee' | 'household' | 'representative';

/** Clocks, key and randomness of the device. Methods answer at once and may throw: the act in progress then leaves no trace. */
export interface HostPlatform {
    /** The wall clock, UTC milliseconds. */
    nowMs(): number;
    /** The monotonic clock and the boot it counts from (16 bytes). */
    mono(): { bootId: Uint8Array; ms: number };
    /** The device's public key: 33 bytes, compressed P-256. */
    publicKey(): Uint8Array;
    /** ECDSA P-256 over the SHA-256 of the message: 64 bytes r‖s. Must not call back into the core. */
    sign(message: Uint8Array): Uint8Array;
    /** The key of the local store: 32 random bytes made once per person, the same at every start. */
    storeKey(): Uint8Array;
    /** Bytes free where the store lies; nothing if the host cannot tell. */
    freeBytes(): number | undefined;
    /** Random bytes fit for nonces. */
    random(len: number): Uint8Array;
}
export interface HttpHeader { name: string; value: string }
export interface HttpReply { status: number; headers: HttpHeader[]; body: Uint8Array }
/** One HTTP request and its whole answer; `path` starts with a slash and may carry a query. */
export interface HostTransport {
    send(method: string, path: string, headers: HttpHeader[], body: Uint8Array): HttpReply;
}

/** How an act is done: `force` where the papers have already moved; `evidence` are SHA-256 hashes. */
export interface Manner { hat: Hat; force?: boolean; details?: Record<string, string>; evidence?: Uint8Array[] }
/** `seal` is the number as it was read; `intact` where the seal was looked at and is whole. */
export interface Seen { itemCode: string; seal?: string; intact?: boolean }
/** 1 damaged, 2 missing, 3 seal. */
export interface NotTaken { itemCode: string; code: number }

/** `picture` is what to show to the other phone where the act is a step of a handover. */
export interface Recorded { eventId: string; seq: number; envelope: Uint8Array; picture: Uint8Array }
export interface EventCard { eventId: string; device: string; seq: number; prev: string; own: boolean; state: 'recorded' | 'sent' | 'durable' | 'receipted'; envelope: Uint8Array }
/** The other side of a handover, as the server vouches for them; `offered` is how many items they offer. */
export interface Peer { name: string; officeName: string; hat: Hat; party: string; untilMs: number; inBrowser: boolean; offered?: number }
export interface Finished { handoverId: string; acceptId: string; itemCodes: string[] }
export interface OpenHandover { handoverId: string; role: 'giver' | 'receiver'; picture: Uint8Array }
export interface Enrolment { deviceId: string; staffId: string; name: string; officeName: string; hats: Hat[]; untilMs: number }
export interface ItemCard { itemCode: string; itemKind?: string; state: string; holder?: string; head?: string; seal: string; paperCount?: number; provisional: boolean; offeredIn?: string; serverState?: string }
export interface Permitted { act: 'take_in' | 'offer' | 'deliver' | 'attempt_failed' | 'hold' | 'return' | 'refuse'; hat: Hat }
export interface Scanned { itemCode: string; item?: ItemCard; held: boolean; toFetch: boolean; may: Permitted[] }
export interface Stop { assignmentId: string; leg: 'pickup' | 'deliver'; itemCode: string; itemKind: string; dossierRef: string; name: string; phone: string; address: string; lat: number; lon: number; note: string; codAmount: number; paperCount: number; dueMs?: number; state: string; done: boolean; withdrawnReason?: string }
export interface SyncStatus { unsent: number; oldestAgeMs: number; banner: 'green' | 'amber' | 'red'; syncedMs?: number }
export interface SyncReport { sent: number; durable: number; retry: number; changes: number; unreadable: number; receipts: number; badReceipts: number; photographs: number }
export interface Slot { name: string; unsent: number; current: boolean }
export interface Salvage { file: string; events: number; withoutCopy: number }

/** Which sum a line is of; never two in one. */
export type Ledger = 'postage' | 'state_fee' | 'other';
/** How a sum is paid. */
export type Tender = 'cash' | 'qr' | 'national_portal' | 'own_gateway';
/** Sums of the three ledgers, whole đồng. */
export interface Sums { postage: number; stateFee: number; other: number }
/** `receipt` is the number to write out; none where none was left or none is due. */
export interface Collected { recorded: Recorded; receipt?: string }
export interface TillLine { eventId: string; itemCode: string; ledger: Ledger; amount: number; tender: Tender; receipt?: string; isCounted: boolean }
/** The money that was not handed over yet. */
export interface Till { cash: Sums; notCash: Sums; lines: TillLine[] }
export interface NumbersLeft { labels: number; receipts: number }

/** What every method throws. What the app does about each kind stands in docs/mobile.md. Nothing was recorded and nothing was lost. */
export interface CourierError extends Error {
    kind: 'NotEnrolled' | 'CredentialExpired' | 'Unreadable' | 'Refused' | 'Handover' | 'Unreachable' | 'Host' | 'Store';
    why: string;
    untilMs?: number;
    what?: string;
    canBeForced?: boolean;
    missing?: string[];
    unexpected?: string[];
    seals?: string[];
    retryAfterMs?: number;
}
