//! Effects of a route beyond its own permission, declared in the type of its caller.
//!
//! `Allowed<LeadsUpdate, (May<LeadsAssign>, Shows<LeadsRead>)>` reads: the route needs `leads:update`, may assign, and
//! shows leads. The declaration is in the OpenAPI document; the gateway signs along which of these permissions the
//! caller holds, so that asking costs no round trip. A permission that a route does not declare is never held there.

use std::marker::PhantomData;

use contracts::permissions::Permission;

use super::{
    access::{TenantCaller, denied},
    problem::Problem,
    rule::{Declared, Effect, When},
};

/// Further effects of a route: one, a tuple of them, or none as `()`.
pub trait Effects: 'static {
    /// Adds them to what the route declares.
    fn declare(declared: &mut Declared);

    /// 403 unless the caller may have what happens on every call. `permission` is the route's own.
    fn check(caller: &TenantCaller, permission: &'static str) -> Result<(), Problem>;
}

macro_rules! effect {
    ($(#[$doc:meta])* $name:ident, $when:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name<P>(PhantomData<P>);

        impl<P: Permission> Effects for $name<P> {
            fn declare(declared: &mut Declared) {
                declared.effects.push(Effect { when: When::$when, permission: P::CODE });
            }

            fn check(caller: &TenantCaller, _: &'static str) -> Result<(), Problem> {
                if When::$when == When::Always { caller.demand::<P>() } else { Ok(()) }
            }
        }
    };
}

effect!(
    /// Always has the effect that `P` is for.
    Needs, Always
);
effect!(
    /// Has the effect that `P` is for if it is asked to; the handler calls [`TenantCaller::demand`] or
    /// [`TenantCaller::may`].
    May, Asked
);
effect!(
    /// Shows what `P` lets people read; the handler answers with [`super::Shown`].
    Shows, Shown
);

/// Reads or returns records of the whole tenant: only for callers with data scope `all`.
#[derive(Clone, Copy, Debug)]
pub struct WholeTenant;

impl Effects for WholeTenant {
    fn declare(declared: &mut Declared) {
        declared.whole_tenant = true;
    }

    fn check(caller: &TenantCaller, permission: &'static str) -> Result<(), Problem> {
        if caller.sees_all() {
            return Ok(());
        }
        let detail = format!("The permission {permission} counts here only with the data scope all.");
        let denied = Problem::forbidden("permission_denied", detail);
        Err(denied.with("permission", permission).with("data_scope", "all"))
    }
}

macro_rules! several {
    ($($name:ident)*) => {
        impl<$($name: Effects),*> Effects for ($($name,)*) {
            fn declare(declared: &mut Declared) {
                $($name::declare(declared);)*
            }

            fn check(caller: &TenantCaller, permission: &'static str) -> Result<(), Problem> {
                $($name::check(caller, permission)?;)*
                Ok(())
            }
        }
    };
}

impl Effects for () {
    fn declare(_: &mut Declared) {}

    fn check(_: &TenantCaller, _: &'static str) -> Result<(), Problem> {
        Ok(())
    }
}

several!(A B);
several!(A B C);
several!(A B C D);
several!(A B C D F);
several!(A B C D F G);
several!(A B C D F G H);
several!(A B C D F G H I);

impl TenantCaller {
    /// Whether the caller may have the effect that `P` is for. False where the route does not declare it.
    pub fn may<P: Permission>(&self) -> bool {
        self.holds(P::CODE)
    }

    /// 403 naming the permission unless the caller may have the effect that `P` is for.
    pub fn demand<P: Permission>(&self) -> Result<(), Problem> {
        if self.may::<P>() { Ok(()) } else { Err(denied(P::CODE)) }
    }
}

#[cfg(test)]
mod tests {
    use contracts::permissions::{LeadsAssign, LeadsCreate, LeadsRead};

    use super::*;

    #[test]
    fn a_tuple_declares_what_its_parts_declare() {
        type All = (May<LeadsAssign>, (Needs<LeadsCreate>, Shows<LeadsRead>), WholeTenant);

        let declared = Declared::of::<All>();

        let effects: Vec<_> = declared.effects.iter().map(|one| (one.when.word(), one.permission)).collect();
        assert_eq!(effects, [("may", "leads:assign"), ("needs", "leads:create"), ("shows", "leads:read")]);
        assert!(declared.whole_tenant && !Declared::of::<()>().whole_tenant);
    }
}
