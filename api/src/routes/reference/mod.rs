//! What the installation was told before the first dossier: places, people, procedures, prices, days. To be read; changing it takes
//! two people ([`super::changes`]) or a folder that is loaded (`traotay import`).

pub(super) mod clients;
pub(super) mod law;
pub(super) mod people;
pub(super) mod places;
