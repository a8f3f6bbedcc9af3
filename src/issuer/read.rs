//! Reading passes back.

use chrono::{DateTime, Utc};
use walletpass_core::{Pass, Serial};
use walletpass_webservice::store::{Cursor, Page, PassQuery, StoredPass, Tag, Task, TaskQuery, Write};

use super::record::Record;
use super::{Error, Issuer};

/// A pass as it is kept.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Held {
    /// What it says; pictures are named, not there.
    pub pass: Pass,
    /// The template that it was made from.
    pub template: Option<String>,
    /// The number of the version.
    pub version: Tag,
    /// When it was created.
    pub created: DateTime<Utc>,
    /// When it was last changed.
    pub updated: DateTime<Utc>,
}

/// A page of passes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PassList {
    /// The passes.
    pub passes: Vec<Held>,
    /// Where to go on, if there are more.
    pub next: Option<Cursor>,
}

impl Issuer {
    /// Gives a pass.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Stored`], [`Error::Store`].
    pub async fn pass(&self, serial: &Serial) -> Result<Held, Error> {
        held(&self.stored(serial).await?)
    }

    /// Lists passes, as `query` asks; its tenant is that of the issuer, whatever it says.
    ///
    /// # Errors
    ///
    /// [`Error::Stored`], [`Error::Store`].
    pub async fn passes(&self, query: PassQuery) -> Result<PassList, Error> {
        let query = PassQuery { tenant: self.inner.tenant.clone(), ..query };
        let Page { items, next } = self.inner.store.passes(&query).await?;
        Ok(PassList { passes: items.iter().map(held).collect::<Result<_, _>>()?, next })
    }

    /// Lists the errands that were given up.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub async fn dead(&self, cursor: Option<Cursor>) -> Result<Page<Task>, Error> {
        let query = TaskQuery { tenant: self.inner.tenant.clone(), dead_only: true, cursor, limit: 100 };
        Ok(self.inner.store.tasks(&query).await?)
    }

    /// Throws an errand away that was given up.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] with a conflict when there is no such errand.
    pub async fn discard(&self, task: u64) -> Result<(), Error> {
        let tenant = self.inner.tenant.clone();
        self.inner.store.commit(vec![Write::DiscardTask { tenant, task }]).await?;
        Ok(())
    }

    /// Has an errand run again that was given up.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] with a conflict when there is no such errand.
    pub async fn revive(&self, task: u64) -> Result<(), Error> {
        let (tenant, due) = (self.inner.tenant.clone(), self.inner.clock.now());
        self.inner.store.commit(vec![Write::ReviveTask { tenant, task, due }]).await?;
        Ok(())
    }
}

fn held(stored: &StoredPass) -> Result<Held, Error> {
    Ok(Held {
        pass: Record::read(stored)?.pass,
        template: stored.pass.template.clone(),
        version: stored.tag,
        created: stored.created,
        updated: stored.pass.at,
    })
}
