//! What providers answered, as it came: kept to be looked at again when something read from it is doubted.

pub mod store;
