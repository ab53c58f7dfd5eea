//! Guards of identity: proof of address, invitations, handing accounts over, mails.

use super::table::Mutant;

const fn auth(filter: &'static str) -> [&'static str; 3] {
    ["auth-service", "--test=it", filter]
}

const fn tenant(filter: &'static str) -> [&'static str; 3] {
    ["tenant-service", "--test=it", filter]
}

/// All of them.
pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "identity: who invites accepts for the invited person",
        file: "tenant-service/src/people/invitations/handlers/accept.rs",
        guard: "(Presented::Answered | Presented::Replaced, None) => Err(sign_in_required()),",
        broken: "(Presented::Answered | Presented::Replaced, None) => {\n            \
                 claim(deps, body, invitation).await.map_err(|_| sign_in_required())\n        }",
        tests: tenant("links::"),
    },
    Mutant {
        name: "identity: an unproven account accepts by the link in the answer",
        file: "tenant-service/src/people/invitations/handlers/accept.rs",
        guard: "(Presented::Answered | Presented::Replaced, Some(_)) => Err(address_unproven()),",
        broken: "(Presented::Answered | Presented::Replaced, Some(user)) if user.0.is_nil() => Err(address_unproven()),\n        \
                 (Presented::Answered | Presented::Replaced, Some(user)) => Ok(user),",
        tests: tenant("links::"),
    },
    Mutant {
        name: "identity: a first admin is let in by an unproven address",
        file: "tenant-service/src/provisioning/founding.rs",
        guard: "match known.filter(|person| person.email_verified) {",
        broken: "match known {",
        tests: tenant("mails::"),
    },
    Mutant {
        name: "identity: a tenant of an unproven founder counts as proven",
        file: "tenant-service/src/provisioning/founding.rs",
        guard: "Founder::Known(user) => !people::is_proven(tx, UserId(user)).await?,",
        broken: "Founder::Known(user) => people::is_proven(tx, UserId(user)).await?,",
        tests: tenant("proven_people::"),
    },
    Mutant {
        name: "identity: an invitation outlives its giver's right",
        file: "tenant-service/src/people/invitations/authority.rs",
        guard: "if may { Ok(()) } else { Err(domain::ended()) }",
        broken: "if may || !role.is_nil() { Ok(()) } else { Err(domain::ended()) }",
        tests: tenant("authority::"),
    },
    Mutant {
        name: "identity: invitations are not withdrawn with their giver's right",
        file: "tenant-service/src/people/invitations/authority.rs",
        guard: "if member_may(tx, user, role).await? {",
        broken: "if member_may(tx, user, role).await? || !id.is_nil() {",
        tests: tenant("authority::"),
    },
    Mutant {
        name: "identity: an address that gets too many mails is invited",
        file: "tenant-service/src/people/mails/mod.rs",
        guard: "Some(wait_seconds) => Err(invitations::domain::limit_reached(wait_seconds)),",
        broken: "Some(wait_seconds) if wait_seconds == 0 => Err(invitations::domain::limit_reached(wait_seconds)),\n        \
                 Some(_) => Ok(()),",
        tests: tenant("mails::"),
    },
    Mutant {
        name: "identity: a tenant sees where its members sign in",
        file: "tenant-service/migrations/00000000000027_proof_of_address/up.sql",
        guard: "from audit_entries where source <> 'auth';",
        broken: "from audit_entries;",
        tests: tenant("audit::"),
    },
    Mutant {
        name: "identity: a second factor outlives the change of an account's owner",
        file: "auth-service/src/credentials/proofs/mod.rs",
        guard: "    second_factors::store::remove(tx, user).await?;\n",
        broken: "",
        tests: auth("proofs::"),
    },
    Mutant {
        name: "identity: links to issuers outlive the change of an account's owner",
        file: "auth-service/src/credentials/proofs/mod.rs",
        guard: "let unlinked = identities::store::remove_all(tx, user).await?;",
        broken: "let unlinked = identities::store::remove_all(tx, UserId(Uuid::nil())).await?;",
        tests: auth("proofs::"),
    },
    Mutant {
        name: "identity: sessions outlive the change of an account's owner",
        file: "auth-service/src/credentials/proofs/mod.rs",
        guard: "let ended = sessions::revoke_others(tx, user, Uuid::nil()).await?;",
        broken: "let ended = sessions::revoke_others(tx, UserId(Uuid::nil()), Uuid::nil()).await?;",
        tests: auth("proofs::"),
    },
    Mutant {
        name: "identity: a reset leaves an unproven account with what it had",
        file: "auth-service/src/credentials/passwords/handlers/reset.rs",
        guard: "let handed_over = if user.is_proven() {",
        broken: "let handed_over = if user.is_proven() || !hash.is_empty() {",
        tests: auth("proofs::"),
    },
    Mutant {
        name: "identity: an issuer's word leaves an unproven account with what it had",
        file: "auth-service/src/credentials/identities/resolve.rs",
        guard: "if !user.is_proven() {",
        broken: "if !user.is_proven() && user.email.is_empty() {",
        tests: auth("proofs::"),
    },
    Mutant {
        name: "identity: a claim changes an account that is switched off",
        file: "auth-service/src/registrations/claim.rs",
        guard: "if user.may_sign_in() { Ok(user) } else { Err(user_inactive()) }",
        broken: "if user.may_sign_in() || !user.email.is_empty() { Ok(user) } else { Err(user_inactive()) }",
        tests: auth("proofs::"),
    },
    Mutant {
        name: "identity: staff of the platform has an unproven address",
        file: "auth-service/src/administration/update_user.rs",
        guard: "unproven.filter(|_| !platform_role.is_none())",
        broken: "unproven.filter(|problem| problem.code.is_empty() && !platform_role.is_none())",
        tests: auth("users::"),
    },
    Mutant {
        name: "identity: an address gets any number of mails",
        file: "auth-service/src/mails/limits.rs",
        guard: ".bind::<BigInt, _>(sender.share(self.per_address_and_hour))",
        broken: ".bind::<BigInt, _>(sender.share(self.per_address_and_hour) + 1_000)",
        tests: auth("mail_limits::"),
    },
    Mutant {
        name: "identity: names in mails become links",
        file: "auth-service/src/mails/content.rs",
        guard: "if joins_an_address(character) && characters.peek().is_some() {",
        broken: "if joins_an_address(character) && characters.peek().is_none() {",
        tests: ["auth-service", "--lib", "mails::content"],
    },
    Mutant {
        name: "identity: names have line breaks",
        file: "shared/platform/src/http/schema.rs",
        guard: "Some(\"name\") if !values::is_name(text) => {",
        broken: "Some(\"name\") if text.is_empty() => {",
        tests: ["platform", "--lib", "http::schema"],
    },
    Mutant {
        name: "identity: an unproven person does what leaves the platform",
        file: "gateway/src/access/decide.rs",
        guard: "if !grant.address_proven && permissions::reaches_out(code) {",
        broken: "if !grant.address_proven && permissions::reaches_out(\"\") {",
        tests: ["gateway", "--lib", "access::decide"],
    },
    Mutant {
        name: "identity: whoever has just confirmed an address is refused",
        file: "gateway/src/edge/admission.rs",
        guard: "if problem.code == ADDRESS_UNPROVEN => {",
        broken: "if problem.code == ADDRESS_UNPROVEN && token.user.0.is_nil() => {",
        tests: ["gateway", "--test=it", "proof::"],
    },
    Mutant {
        name: "identity: somebody becomes a customer by an unproven address",
        file: "lead-service/src/customers/portal/companies.rs",
        guard: "if !user.email_verified {",
        broken: "if !user.email_verified && user.email.is_empty() {",
        tests: ["lead-service", "--test=it", "customer_side"],
    },
    Mutant {
        name: "identity: somebody is made a customer by an unproven address",
        file: "lead-service/src/entities/references.rs",
        guard: "if known.email_verified { Ok(()) } else { Err(unproven(field)) }",
        broken: "if known.email_verified || known.active { Ok(()) } else { Err(unproven(field)) }",
        tests: ["lead-service", "--test=it", "customers::a_customer_user"],
    },
    Mutant {
        name: "identity: enrichment works for a tenant that may send nothing",
        file: "enrichment-service/src/worker/mod.rs",
        guard: "turns: Some(Turns { tenant: \"tenant_id\", only: PROVEN_TENANTS }),",
        broken: "turns: Some(Turns { tenant: \"tenant_id\", only: platform::jobs::ACTIVE_TENANTS }),",
        tests: ["enrichment-service", "--test=it", "events::jobs_of_a_tenant"],
    },
    Mutant {
        name: "identity: webhooks of a tenant that may send nothing are sent",
        file: "integration-service/src/deliveries/queue.rs",
        guard: "AND s.status = 'active' AND NOT s.is_unproven",
        broken: "AND s.status = 'active'",
        tests: ["integration-service", "--test=it", "deliveries::standing"],
    },
    Mutant {
        name: "identity: an unproven account takes the address of a proven one",
        file: "auth-service/migrations/00000000000029_mail_domains/up.sql",
        guard: "array_agg(id order by email_verified_at is null, last_login_at",
        broken: "array_agg(id order by last_login_at",
        tests: auth("writings::"),
    },
    Mutant {
        name: "identity: invitations of before are not for the account of their address",
        file: "tenant-service/migrations/00000000000100_addresses/up.sql",
        guard: "alter table invitations no force row level security;\n",
        broken: "",
        tests: tenant("addresses::"),
    },
];
