//! Recipients and content of notifications.

use contracts::UserId;
use platform::text_enum;
use uuid::Uuid;

text_enum! {
    /// Importance of a notification.
    NotificationType {
        /// Information.
        Info = "info",
        /// Success.
        Success = "success",
        /// Warning.
        Warning = "warning",
        /// Error.
        Error = "error",
    }
}

/// Recipients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// This person.
    Person(UserId),
    /// The tenant's admins.
    Admins,
    /// The tenant's admins and these people.
    AdminsAnd(Vec<UserId>),
}

/// Content of a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNotification {
    /// Title.
    pub title: String,
    /// Message.
    pub message: String,
    /// Importance.
    pub kind: NotificationType,
    /// Type of the record, such as `Lead`.
    pub entity_type: String,
    /// Its id.
    pub entity_id: Uuid,
    /// The event; a user has at most one notification of it.
    pub event_id: Option<Uuid>,
}

/// A notification for one user.
#[derive(Clone, Copy, Debug)]
pub struct Notice<'a> {
    /// Recipient.
    pub person: UserId,
    /// Content.
    pub about: &'a NewNotification,
}
