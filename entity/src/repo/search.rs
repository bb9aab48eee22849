//! Finding dossiers by what people know of them: a label, a code, the number of an order, a telephone, words of a name.
//!
//! Words typed without accents find names with and without; words typed with accents find those alone. The last letters may be
//! missing.

use super::setting;
use crate::StoreError;
use crate::table::{dossier, dossier_state, postal_item, postal_order, result_receiver, search_word};
use domain::item_code::ItemCode;
use domain::phone::Phone;
use domain::place::{Word, words};
use sea_orm::sea_query::{Condition, OnConflict, Query, SelectStatement};
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Words looked for at once: no name has more.
pub const MOST_WORDS: usize = 12;

/// A telephone as a word.
fn phone_word(text: &str) -> Option<Word> {
    let phone = Phone::parse(text).ok()?;
    let word = phone.as_str().to_owned();
    Some(Word {
        plain: word.clone(),
        accented: word,
    })
}

/// Writes the words a dossier is found by.
pub(super) async fn index(tx: &DatabaseTransaction, dossier: Uuid, people: &[(&str, &str)]) -> Result<(), StoreError> {
    let mut all: BTreeSet<Word> = people
        .iter()
        .flat_map(|(name, phone)| words(name).into_iter().chain(phone_word(phone)))
        .collect();
    if all.is_empty() {
        // Nobody types it; it says that this dossier was looked at.
        all.insert(Word {
            plain: String::new(),
            accented: String::new(),
        });
    }
    let rows = all.into_iter().map(|word| search_word::ActiveModel {
        dossier_id: Set(dossier),
        accented: Set(word.accented.into_bytes()),
        plain: Set(word.plain.into_bytes()),
    });
    search_word::Entity::insert_many(rows)
        .on_conflict(
            OnConflict::columns([search_word::Column::DossierId, search_word::Column::Accented])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// The setting that says that every dossier has its words.
const WHOLE: &str = "search_words_whole";

/// Writes the words of dossiers that were made before there were any, at most so many; says of how many. Once all have theirs it looks
/// no more: new ones get them when they are made.
///
/// # Errors
/// When the database fails.
pub async fn index_missing(tx: &DatabaseTransaction, limit: u64) -> Result<usize, StoreError> {
    if setting::get(tx, WHOLE).await?.is_some() {
        return Ok(0);
    }
    let known = Query::select()
        .column(search_word::Column::DossierId)
        .from(search_word::Entity)
        .to_owned();
    let missing = dossier::Entity::find()
        .filter(dossier::Column::Id.not_in_subquery(known))
        .order_by_asc(dossier::Column::CreatedAt)
        .limit(limit)
        .all(tx)
        .await?;
    let ids: Vec<Uuid> = missing.iter().map(|one| one.id).collect();
    let receivers = result_receiver::Entity::find()
        .filter(result_receiver::Column::DossierId.is_in(ids))
        .all(tx)
        .await?;
    for one in &missing {
        let receiver = receivers.iter().filter(|to| to.dossier_id == one.id);
        let mut people = vec![(one.applicant_name.as_str(), one.applicant_phone.as_str())];
        people.extend(receiver.map(|to| (to.name.as_str(), to.phone.as_str())));
        index(tx, one.id, &people).await?;
    }
    if missing.is_empty() {
        setting::put(tx, WHOLE, "yes").await?;
    }
    Ok(missing.len())
}

/// Dossiers that something they alone are called by names: their id or code, the label of an item, the number of an order. To
/// be joined with a scope by the caller.
pub(super) fn named(typed: &str) -> Condition {
    let id = dossier::Column::Id;
    let typed = typed.trim();
    let mut any = Condition::any()
        .add_option(Uuid::parse_str(typed).ok().map(|one| id.eq(one)))
        .add(
            id.in_subquery(
                Query::select()
                    .column(dossier_state::Column::DossierId)
                    .from(dossier_state::Entity)
                    .and_where(dossier_state::Column::Code.eq(typed))
                    .to_owned(),
            ),
        )
        .add(
            id.in_subquery(
                Query::select()
                    .column(postal_order::Column::DossierId)
                    .from(postal_order::Entity)
                    .and_where(postal_order::Column::OrderNumber.eq(typed))
                    .to_owned(),
            ),
        );
    if let Ok(code) = ItemCode::parse(typed) {
        any = any.add(
            id.in_subquery(
                Query::select()
                    .column(postal_item::Column::DossierId)
                    .from(postal_item::Entity)
                    .and_where(postal_item::Column::ItemCode.eq(code.as_str()))
                    .to_owned(),
            ),
        );
    }
    any
}

/// Dossiers that what somebody typed may mean. To be joined with a scope by the caller.
pub(super) fn meant(typed: &str) -> Condition {
    let id = dossier::Column::Id;
    let typed = typed.trim();
    let mut any = named(typed);
    if let Some(phone) = phone_word(typed) {
        any = any.add(id.in_subquery(with_word(&phone)));
    }
    let wanted = words(typed);
    if (1..=MOST_WORDS).contains(&wanted.len()) {
        let all = wanted
            .iter()
            .fold(Condition::all(), |all, word| all.add(id.in_subquery(with_word(word))));
        any = any.add(all);
    }
    any
}

/// The dossiers with a word.
fn with_word(word: &Word) -> SelectStatement {
    let mut query = Query::select();
    query.column(search_word::Column::DossierId).from(search_word::Entity);
    if word.is_accented() {
        query.and_where(search_word::Column::Accented.eq(word.accented.as_bytes().to_vec()));
    } else {
        let from = word.plain.as_bytes().to_vec();
        // No byte of UTF-8 is 0xff: everything that begins so lies between.
        let to = [&from[..], &[0xff]].concat();
        query.and_where(search_word::Column::Plain.gte(from));
        query.and_where(search_word::Column::Plain.lt(to));
    }
    query.clone()
}
