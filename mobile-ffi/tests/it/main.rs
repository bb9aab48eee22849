//! Stories of the courier core on a real store, against a server in memory that keeps the rules of the wire.

mod acts;
mod bag_contents;
mod bags;
mod before_signing;
mod corpus;
mod durability;
mod handover;
mod heads;
mod host;
mod money;
mod photographs;
mod retention;
mod salvage;
mod sealed;
mod server;
mod shared;
mod skin;
mod sync;
mod world;
