//! The one client for addresses that users gave.
