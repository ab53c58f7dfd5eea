//! Recipients and content of notifications.

use contracts::UserId;
use platform::text_enum;
use uuid::Uuid;

text_enum! {
    /// How much a notification matters.
    NotificationType {
        /// Good to know.
        Info = "info",
        /// Something went well.
        Success = "success",
        /// Something wants attention.
        Warning = "warning",
        /// Something went wrong.
        Error = "error",
    }
}

/// Recipients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// This person.
    Person(UserId),
    /// All who administer the tenant.
    Admins,
    /// All who administer the tenant, and these people.
    AdminsAnd(Vec<UserId>),
}

/// What to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNotification {
    /// A few words.
    pub title: String,
    /// A sentence.
    pub message: String,
    /// How much it matters.
    pub kind: NotificationType,
    /// What it is about, such as `Lead`.
    pub entity_type: String,
    /// Which one.
    pub entity_id: Uuid,
    /// The event that it tells of; a person is told of an event once.
    pub event_id: Option<Uuid>,
}

/// A notification for one user.
#[derive(Clone, Copy, Debug)]
pub struct Notice<'a> {
    /// Recipient.
    pub person: UserId,
    /// What.
    pub about: &'a NewNotification,
}
