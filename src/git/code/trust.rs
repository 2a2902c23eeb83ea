//! Who may be shown the token: the hosts that the specs themselves come from.

use git2::Repository;

use super::super::SourceConfig;
use super::super::address::Address;

/// The token for a repository that a spec names, if it may have it.
pub(super) fn token_for(repository: &str, config: &SourceConfig) -> Option<String> {
    let address = Address::parse(repository)?;
    let token = config.token.clone()?;
    spec_addresses(config).iter().any(|trusted| address.may_share_secrets_of(trusted)).then_some(token)
}

/// The addresses of the spec repository: its own, or those of its remotes.
fn spec_addresses(config: &SourceConfig) -> Vec<Address> {
    if let Some(address) = Address::parse(&config.repository) {
        return vec![address];
    }
    let Ok(repository) = Repository::discover(config.base.join(&config.repository)) else { return Vec::new() };
    let Ok(names) = repository.remotes() else { return Vec::new() };
    let remotes = names.iter().flatten().flatten().filter_map(|name| repository.find_remote(name).ok());
    remotes.filter_map(|remote| Address::parse(remote.url().ok()?)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Fixture;
    use super::*;

    #[test]
    fn the_token_goes_only_where_the_specs_come_from() {
        let fixture = Fixture::new();
        fixture.repository.remote("origin", "git@host.example:team/specs.git").unwrap();
        let config = SourceConfig { repository: ".".into(), base: fixture.path().into(), ..SourceConfig::default() };
        let config = SourceConfig { token: Some("t0ken".into()), ..config };
        assert_eq!(token_for("https://host.example/team/app.git", &config).as_deref(), Some("t0ken"));
        for other in ["https://evil.example/team/app.git", "http://host.example/app", "../app"] {
            assert_eq!(token_for(other, &config), None, "{other}");
        }
    }
}
