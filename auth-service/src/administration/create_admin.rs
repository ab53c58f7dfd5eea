//! `create-admin`: the one account that no request can make.

use std::{
    io::{BufRead, Write},
    time::Duration,
};

use anyhow::{Context, bail};
use contracts::{UserId, identity::PlatformRole};
use platform::{
    Problem,
    command::{App, PLATFORM_MIGRATIONS},
    config::{DatabaseConfig, Settings},
    db::{Db, migrate},
    values,
};

use crate::{
    Auth,
    config::TokenLives,
    credentials::{self, Evidence, NewPassword, Passwords},
    users::{self, AccountType, NewUser, Standing, UserStatus},
};

const ADMIN: Standing = Standing { status: UserStatus::Active, platform_role: PlatformRole::InternalAdmin };

/// Creates a platform admin, or promotes an existing user. Reads the password from standard input.
#[derive(Clone, Debug, clap::Args)]
pub struct CreateAdmin {
    /// E-mail address.
    #[arg(long)]
    pub email: String,
    /// First name of a new one.
    #[arg(long)]
    pub first_name: String,
    /// Last name of a new one.
    #[arg(long)]
    pub last_name: String,
}

impl CreateAdmin {
    /// Needs the database's settings only. Migrates first where an owner role is configured. Prints the user's id.
    ///
    /// # Errors
    /// A sentence on what was wrong.
    pub async fn run(self) -> anyhow::Result<()> {
        let mut settings = Settings::from_env();
        let database = DatabaseConfig::read(&mut settings);
        let lives = TokenLives::read(&mut settings);
        let database = settings.finish(database)?;
        let mut password = String::new();
        std::io::stdin()
            .lock()
            .read_line(&mut password)
            .context("the password cannot be read from standard input")?;
        if let Some(owner) = &database.owner_url {
            for migrations in [PLATFORM_MIGRATIONS, Auth::MIGRATIONS] {
                migrate::run(Auth::SERVICE, owner, migrations).await?;
            }
        }
        let password = password.trim_end_matches(['\r', '\n']);
        let id = self.ensure(&Db::open(Auth::SERVICE, &database, 1), password, lives.revocable).await?;
        writeln!(std::io::stdout(), "{id}")?;
        Ok(())
    }

    /// Runs in `db`. An active admin with that password stays unchanged, sessions included. Any other existing
    /// account is handed over, because the operator vouches for the address. Access tokens live for
    /// at most `life`.
    ///
    /// # Errors
    /// A sentence on what was wrong.
    pub async fn ensure(&self, db: &Db, password: &str, life: Duration) -> anyhow::Result<UserId> {
        let email =
            values::email(&self.email).with_context(|| format!("{} is not an e-mail address", self.email))?;
        let new_password = NewPassword::parse(password, "password")
            .map_err(|fault| anyhow::anyhow!("the password {}", fault.message))?;
        let passwords = Passwords::new()?;
        let known = db.in_global(async |tx| users::find_by_email(tx, &email).await).await?;
        if let Some(user) = &known
            && user.may_sign_in()
            && user.platform_role == PlatformRole::InternalAdmin
            && passwords.verify(password, user.password_hash.as_deref()).await?
        {
            return Ok(user.id);
        }
        let hash = passwords.hash(&new_password).await?;
        let new = NewUser {
            email,
            password_hash: Some(hash.clone()),
            first_name: users::person_name(Some(self.first_name.clone())),
            last_name: users::person_name(Some(self.last_name.clone())),
            account_type: AccountType::Company,
            platform_role: PlatformRole::InternalAdmin,
            email_verified: true,
        };
        let made = db
            .in_global(async |tx| {
                if let Some(user) = users::insert(tx, &new).await? {
                    return Ok::<_, Problem>(Some(user));
                }
                let Some(found) = users::find_by_email(tx, &new.email).await? else { return Ok(None) };
                let Some(user) = users::lock(tx, found.id).await? else { return Ok(None) };
                if users::is_registering(tx, user.id).await? {
                    return Ok(None);
                }
                // All previous access ends. The gateway polls for revocations that were not published.
                let handed_over = credentials::hand_over(tx, user.id, Evidence::Operator, life).await?;
                users::set_password(tx, user.id, &hash).await?;
                let user = users::set_standing(tx, user.id, ADMIN).await?;
                handed_over.record(tx).await?;
                Ok(Some(user))
            })
            .await?;
        match made {
            Some(user) => Ok(user.id),
            None => bail!("{} is just being registered or deleted; try again", self.email),
        }
    }
}
