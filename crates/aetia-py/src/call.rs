//! What a call of a model means: which case, which setting and which link.

use aetia::{Link, Options, Scratch};
use pyo3::prelude::*;

use crate::asking;
use crate::convert::{self, Contradictions};
use crate::errors;
use crate::guard::guarded;
use crate::model::Model;
use crate::result::Result;
use crate::text::Name;

impl Model {
    /// A case, assessed: of findings, or of a result, whose setting and link are used unless a call says otherwise.
    pub(crate) fn assessment(
        &self,
        findings: &Bound<'_, PyAny>,
        setting: Option<Name>,
        link: Option<Name>,
    ) -> PyResult<aetia::Assessment> {
        let result = findings.cast::<Result>().ok();
        let record = result.map(|result| result.get().record()).transpose()?;
        let own = record.map(|record| (record.setting.as_str(), asking::link(record.link)));
        let setting = setting.as_ref().map(Name::as_str).or(own.map(|(setting, _)| setting));
        let link = link.as_ref().map(Name::as_str).or(own.map(|(_, link)| link));
        let options = self.options(setting, link)?.unwrap_or_else(|| self.inner.options());
        let case = match record {
            Some(record) => {
                let case = guarded(|| self.inner.case_from_json(&record.case.to_string()))?;
                case.map_err(|error| errors::case(&error, ""))?
            }
            None => convert::case(&self.inner, findings, &[], Contradictions::Refuse)?,
        };
        let assessed = guarded(|| self.inner.assess_with(&case, &options, &mut Scratch::new()).cloned())?;
        assessed.map_err(|error| errors::unknown_name(&error))
    }

    /// The setting and link of a call; none where both are the knowledge base's own.
    pub(crate) fn options(&self, setting: Option<&str>, link: Option<&str>) -> PyResult<Option<Options>> {
        if setting.is_none() && link.is_none() {
            return Ok(None);
        }
        let mut options = self.inner.options();
        if let Some(setting) = setting {
            let known: Vec<&aetia::SettingId> =
                self.inner.knowledge_base().settings().map(aetia::Setting::id).collect();
            let found = known.iter().find(|id| id.as_str() == setting);
            options.setting = (*found.ok_or_else(|| {
                let words: Vec<&str> = known.iter().map(|id| id.as_str()).collect();
                errors::word("setting", setting, &words)
            })?)
            .clone();
        }
        options.link = match link {
            None => options.link,
            Some("exclusive") => Link::Exclusive,
            Some("independent") => Link::Independent,
            Some(link) => return Err(errors::word("link", link, &["exclusive", "independent"])),
        };
        Ok(Some(options))
    }
}
