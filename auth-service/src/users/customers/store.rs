//! Customers' profiles in the database.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::UserId;
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, Queryable, Selectable, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use platform::{db::GlobalTx, images::CleanImage};

use super::domain::Profile;
use crate::schema::{customer_profiles, customer_profiles::dsl, users};

/// A profile as it is stored, without the picture's bytes.
#[derive(Queryable, Selectable)]
#[diesel(table_name = customer_profiles, check_for_backend(diesel::pg::Pg))]
pub struct ProfileRow {
    /// Date of birth.
    pub date_of_birth: Option<NaiveDate>,
    /// Street and number.
    pub address: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// What kind of file the picture is, if there is one.
    pub picture_media_type: Option<String>,
    /// Grows with each change.
    pub version: i32,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// Reads a person's profile; an empty one is made where there is none.
pub async fn find_or_make(tx: &mut GlobalTx<'_>, user: UserId) -> QueryResult<ProfileRow> {
    diesel::insert_into(dsl::customer_profiles)
        .values(dsl::user_id.eq(user.0))
        .on_conflict_do_nothing()
        .execute(&mut **tx)
        .await?;
    let query = dsl::customer_profiles.filter(dsl::user_id.eq(user.0)).select(ProfileRow::as_select());
    query.for_update().first(&mut **tx).await
}

/// Writes a person's profile, names and phone number included.
pub async fn update(tx: &mut GlobalTx<'_>, user: UserId, profile: &Profile) -> QueryResult<ProfileRow> {
    let now = Utc::now();
    diesel::update(users::table.filter(users::id.eq(user.0)))
        .set((
            users::first_name.eq(&profile.first_name),
            users::last_name.eq(&profile.last_name),
            users::phone.eq(&profile.phone),
            users::version.eq(users::version + 1),
            users::updated_at.eq(now),
        ))
        .execute(&mut **tx)
        .await?;
    diesel::update(dsl::customer_profiles.filter(dsl::user_id.eq(user.0)))
        .set((
            dsl::date_of_birth.eq(profile.date_of_birth),
            dsl::address.eq(&profile.address),
            dsl::city.eq(&profile.city),
            dsl::country.eq(&profile.country),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(now),
        ))
        .returning(ProfileRow::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Sets or removes a person's picture.
pub async fn set_picture(
    tx: &mut GlobalTx<'_>,
    user: UserId,
    picture: Option<&CleanImage>,
) -> QueryResult<ProfileRow> {
    diesel::update(dsl::customer_profiles.filter(dsl::user_id.eq(user.0)))
        .set((
            dsl::picture.eq(picture.map(|picture| &picture.bytes)),
            dsl::picture_media_type.eq(picture.map(|picture| picture.media_type)),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(ProfileRow::as_returning())
        .get_result(&mut **tx)
        .await
}

/// A person's picture: what kind of file, and the file.
pub async fn picture(tx: &mut GlobalTx<'_>, user: UserId) -> QueryResult<Option<(String, Vec<u8>)>> {
    let found: Option<(Option<String>, Option<Vec<u8>>)> = dsl::customer_profiles
        .filter(dsl::user_id.eq(user.0))
        .select((dsl::picture_media_type, dsl::picture))
        .first(&mut **tx)
        .await
        .optional()?;
    Ok(found.and_then(|(media_type, file)| media_type.zip(file)))
}
