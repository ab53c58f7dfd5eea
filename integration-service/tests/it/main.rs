//! integration-service as its callers, its producers and its receivers see it.

mod access;
mod deliveries;
mod events;
mod migrations;
mod notifications;
mod stage;
mod streams;
mod webhook_endpoints;
