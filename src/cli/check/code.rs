//! Where the code is that rules look at, and how its files are named.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::asks::Asks;
use crate::cli::{CliError, Setup};
use crate::engine::{EngineError, Looked};
use crate::evidence::{CodeAt, CodeSource, RepositoryAt, SpecsAt};
use crate::git::{Since, SourceConfig, SourceError, Standing, is_remote, work_tree};
use crate::model::{Answer, CodeQuestion, Kind, Name, NoAnswer, Revision, SpecId, Timestamp};

/// The code that rules look at.
pub(super) struct Code {
    /// The spec repository and all that have a URL.
    specs: CodeSource,
    at: CodeAt,
    /// The one repository that is asked about.
    about: Option<Name>,
    /// Its files, where they lie here and its URL is not asked.
    here: Option<CodeSource>,
    /// What stands before the paths of specs, so that they are told apart from those of the code.
    before_specs: String,
    /// Where repositories stand: finding out whether files differ from a commit takes a look at all of them.
    stood: BTreeMap<Option<Name>, Option<Standing>>,
    now: Timestamp,
}

impl Code {
    /// The code of one repository, or of all.
    pub(super) fn new(
        setup: &Setup,
        looked: &Looked,
        about: Option<Name>,
        folder: Option<&Path>,
        now: Timestamp,
    ) -> Result<Self, CliError> {
        let (config, at) = (setup.source(), looked.code_at());
        let root = about.as_ref().map(|_| folder_of_code(&config, folder)).transpose()?.flatten();
        let before_specs = match &root {
            Some(_) => format!("{}:", name_of(&config)?),
            None => within_work_tree(&config)?,
        };
        let here = root.map(|root| {
            let repository = root.to_str().unwrap_or(".").to_owned();
            let config = SourceConfig { repository, base: root, ..SourceConfig::default() };
            CodeSource::new(config, PathBuf::new(), SpecsAt::Working).telling_all()
        });
        let specs = CodeSource::new(config, setup.base.join(".abide/mirrors"), at.specs.clone()).telling_all();
        Ok(Self { specs, at, about, here, before_specs, stood: BTreeMap::new(), now })
    }

    /// The one repository that is asked about, if so.
    pub(super) const fn about(&self) -> Option<&Name> {
        self.about.as_ref()
    }

    /// As of when it is looked at.
    pub(super) const fn now(&self) -> Timestamp {
        self.now
    }

    /// How a file of a spec is named in reports.
    pub(super) fn spec_file(&self, file: &str) -> Arc<str> {
        format!("{}{file}", self.before_specs).into()
    }

    /// How a file of code is named in reports: by its path in the repository that somebody stands in, with the name of its
    /// repository before it where that is another one.
    pub(super) fn code_file(&self, repository: Option<&Name>, file: &Arc<str>) -> Arc<str> {
        match repository {
            Some(name) if self.here.is_none() => format!("{name}:{file}").into(),
            _ => file.clone(),
        }
    }

    /// What changed in the repository that is asked about, or in that of the specs.
    pub(super) fn since(&mut self, reference: &str) -> Result<Since, CliError> {
        let about = self.about.clone();
        let now = self.now;
        let since = self.open(about.as_ref()).map_err(|none| CliError::usage(none.reason.to_string()))?;
        since.source.since(reference, since.at.as_ref(), now).map_err(|error| {
            let missing = matches!(error, SourceError::NoRevision { .. });
            let error = CliError::from(EngineError::from(error));
            let hint =
                "in CI, fetch the whole history: `fetch-depth: 0` for actions/checkout, `GIT_DEPTH: 0` for GitLab";
            if missing { error.hint(hint) } else { error }
        })
    }

    /// Answers questions, each content read once.
    pub(super) fn answer(&mut self, questions: &[&CodeQuestion]) -> Vec<Result<Answer, NoAnswer>> {
        self.ask(questions, None)
    }

    /// Answers questions about the repository that changed, as of where the change began.
    pub(super) fn answer_before(
        &mut self,
        questions: &[&CodeQuestion],
        since: &Since,
    ) -> Vec<Result<Answer, NoAnswer>> {
        self.ask(questions, Some(&since.base))
    }

    fn ask(&mut self, questions: &[&CodeQuestion], base: Option<&Revision>) -> Vec<Result<Answer, NoAnswer>> {
        let now = self.now;
        let mut by_repository: BTreeMap<Option<&Name>, Vec<usize>> = BTreeMap::new();
        for (number, question) in questions.iter().enumerate() {
            by_repository.entry(question.repository.as_ref()).or_default().push(number);
        }
        let mut answers: BTreeMap<usize, Result<Answer, NoAnswer>> = BTreeMap::new();
        for (repository, numbers) in by_repository {
            let mut opened = match self.open(repository) {
                Ok(opened) => opened,
                Err(none) => {
                    answers.extend(numbers.into_iter().map(|number| (number, Err(none.clone()))));
                    continue;
                }
            };
            let asked: Vec<CodeQuestion> = numbers.iter().map(|&number| opened.put(questions[number])).collect();
            let before = base.map(|base| opened.go_to(base));
            opened.source.read_ahead(&asked.iter().collect::<Vec<_>>(), opened.at.as_ref(), now);
            for (number, question) in numbers.into_iter().zip(&asked) {
                answers.insert(number, opened.source.answer(question, opened.at.as_ref(), now));
            }
            if let Some(before) = before.flatten() {
                opened.source.specs_are_at(before);
            }
        }
        answers.into_values().collect()
    }

    /// The texts of files of a repository.
    pub(super) fn texts(
        &mut self,
        repository: Option<&Name>,
        files: &BTreeSet<Arc<str>>,
    ) -> BTreeMap<Arc<str>, Arc<str>> {
        let now = self.now;
        let Ok(Opened { source, at }) = self.open(repository) else { return BTreeMap::new() };
        source.texts(files, at.as_ref(), now)
    }

    /// Where a repository stands.
    pub(super) fn standing(&mut self, repository: Option<&Name>) -> Option<Standing> {
        if let Some(stood) = self.stood.get(&repository.cloned()) {
            return stood.clone();
        }
        let now = self.now;
        let opened = self.open(repository).ok();
        let standing = opened.and_then(|Opened { source, at }| source.standing(at.as_ref(), now));
        self.stood.insert(repository.cloned(), standing.clone());
        standing
    }

    /// The revision of the code, where all rules look at one repository.
    pub(super) fn revision(&mut self, asks: &Asks<'_>) -> Option<Revision> {
        let repositories = asks.repositories();
        let only = repositories.first().filter(|_| repositories.len() == 1)?;
        let Standing { commit, dirty } = self.standing(*only)?;
        Some(if dirty { Revision::new(format!("{commit}-dirty")) } else { commit })
    }

    /// All files that may be looked at.
    pub(super) fn files(&mut self, asks: &Asks<'_>) -> Vec<Arc<str>> {
        let (now, mut files) = (self.now, Vec::new());
        for repository in asks.repositories() {
            if let Ok(Opened { source, at }) = self.open(repository) {
                let paths = source.paths(at.as_ref(), now);
                files.extend(paths.iter().map(|path| self.code_file(repository, path)));
            }
        }
        files
    }

    /// The source that answers for a repository, and as what.
    fn open(&mut self, repository: Option<&Name>) -> Result<Opened<'_>, NoAnswer> {
        if let (Some(_), Some(here)) = (repository, &mut self.here) {
            return Ok(Opened { source: here, at: None });
        }
        let at = repository.map(|name| match self.at.repositories.get(name) {
            Some(at) => Ok(at.clone()),
            // It is declared, or the decision that names it could not be read.
            None => {
                let reason = format!("{} cannot be read", SpecId::new(Kind::Repository, name.clone()));
                Err(NoAnswer { reason: reason.into(), since: self.now })
            }
        });
        Ok(Opened { source: &mut self.specs, at: at.transpose()? })
    }
}

/// A source and the repository that it is asked about; its own where there is none.
struct Opened<'a> {
    source: &'a mut CodeSource,
    at: Option<RepositoryAt>,
}

impl Opened<'_> {
    /// The question as that source takes it: what lies here is its own.
    fn put(&self, question: &CodeQuestion) -> CodeQuestion {
        let repository = question.repository.clone().filter(|_| self.at.is_some());
        CodeQuestion { repository, look: question.look.clone() }
    }

    /// Looks at another commit from now on. Gives the state that the source's own code was looked at in.
    fn go_to(&mut self, commit: &Revision) -> Option<SpecsAt> {
        match &mut self.at {
            Some(at) => {
                at.reference = Some(commit.as_str().into());
                None
            }
            None => Some(self.source.specs_are_at(SpecsAt::Commit(commit.clone()))),
        }
    }
}

/// The folder whose files are the code of the repository that is asked about; nothing where its URL counts.
fn folder_of_code(config: &SourceConfig, folder: Option<&Path>) -> Result<Option<PathBuf>, CliError> {
    let place = folder.unwrap_or(Path::new("."));
    let really = place.canonicalize().map_err(|error| CliError::usage(format!("{}: {error}", place.display())))?;
    if !really.is_dir() {
        return Err(CliError::usage(format!("{} is no folder", place.display())));
    }
    let tree = work_tree(&really).map_err(EngineError::from)?;
    // Where nobody named a folder, one that is in no repository is just where somebody happens to be.
    if tree.is_none() && folder.is_none() {
        return Ok(None);
    }
    let root = tree.unwrap_or(really);
    Ok((Some(&root) != root_of_specs(config)?.as_ref()).then_some(root))
}

/// The folder of the repository that the specs are in; nothing where that is on another machine.
fn root_of_specs(config: &SourceConfig) -> Result<Option<PathBuf>, CliError> {
    if is_remote(config) {
        return Ok(None);
    }
    let place = config.base.join(&config.repository);
    let tree = work_tree(&place).map_err(EngineError::from)?;
    Ok(tree.or_else(|| place.canonicalize().ok()))
}

/// What leads from the root of the spec repository to the folder that paths of specs are relative to.
fn within_work_tree(config: &SourceConfig) -> Result<String, CliError> {
    let Some(root) = root_of_specs(config)? else { return Ok(String::new()) };
    let places = [config.base.clone(), config.base.join(&config.repository)];
    let real = places.into_iter().filter_map(|place| place.canonicalize().ok());
    let below = real.filter_map(|place| place.strip_prefix(&root).ok().map(Path::to_path_buf)).next();
    Ok(match below.map(|path| path.to_string_lossy().replace('\\', "/")) {
        Some(path) if !path.is_empty() => format!("{path}/"),
        _ => String::new(),
    })
}

/// What the spec repository is called, seen from another one: the last part of where it is.
fn name_of(config: &SourceConfig) -> Result<String, CliError> {
    let place = root_of_specs(config)?.map_or_else(|| config.repository.clone(), |root| root.display().to_string());
    let last = place.trim_end_matches('/').rsplit(['/', ':']).next().unwrap_or_default();
    let name = last.trim_end_matches(".git");
    Ok(if name.is_empty() { "specs".into() } else { name.into() })
}
