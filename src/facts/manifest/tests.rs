use super::*;

fn names(path: &str, text: &str) -> Vec<(String, u32)> {
    let found = Manifest::of(path).unwrap().dependencies(text).unwrap();
    found.into_iter().map(|it| (it.name, it.line)).collect()
}

fn pairs(wanted: &[(&str, u32)]) -> Vec<(String, u32)> {
    wanted.iter().map(|(name, line)| ((*name).to_owned(), *line)).collect()
}

fn lines(path: &str, text: &str, name: &str) -> Vec<u32> {
    let found = Manifest::of(path).unwrap().mentions(text, name).unwrap();
    found.into_iter().filter_map(|it| it.line).collect()
}

#[test]
fn cargo_has_tables_for_everything() {
    let text = "[package]\nname = 'x'\n[dependencies]\nserde = '1'\nsms = { version = '5', package = 'twilio' }\n\
                [dev-dependencies]\ntempfile.workspace = true\n[build-dependencies.cc]\nversion = '1'\n\
                [target.'cfg(unix)'.dependencies]\nnix = '1'\n[workspace.dependencies]\ntokio = '1'\n[features]\nrand = []\n";
    let wanted = [("serde", 4), ("twilio", 5), ("tempfile", 7), ("cc", 8), ("tokio", 13), ("nix", 11)];
    let mut found = names("crates/a/Cargo.toml", text);
    let mut wanted = pairs(&wanted);
    found.sort();
    wanted.sort();
    assert_eq!(found, wanted);
    assert_eq!(lines("Cargo.toml", "[dependencies]\nserde_json = '1'\n", "serde-json"), [2]);
}

#[test]
fn npm_has_maps_lists_and_aliases() {
    let text = "{\n\"dependencies\": {\n\"a\": \"1\",\n\"sms\": \"npm:@t/twilio@^5\"\n},\n\"devDependencies\": {\"b\": \"2\"},\n\
                \"scripts\": {\"twilio\": \"x\"},\n\"bundledDependencies\": [\n\"c\"]}";
    assert_eq!(names("package.json", text), pairs(&[("a", 3), ("@t/twilio", 4), ("b", 6), ("c", 9)]));
    assert_eq!(lines("package.json", text, "twilio"), [0; 0]);
}

#[test]
fn go_requires_in_lines_and_blocks() {
    let text = "module example.org/app\ngo 1.22\nrequire a.org/x v1.0.0\nrequire (\n\tb.org/y/v2 v2.1.0 // indirect\n\
                \t// c.org/z v1.0.0\n)\nreplace (\n\td.org/w => ../w\n)\nexclude e.org/v v1.0.0\n";
    assert_eq!(names("go.mod", text), pairs(&[("a.org/x", 3), ("b.org/y/v2", 5)]));
    assert_eq!((lines("go.mod", text, "b.org/y"), lines("go.mod", text, "b.org")), (vec![5], vec![]));
    assert_eq!(go::module(text), Some("example.org/app"));
    assert_eq!(Manifest::Go.mentions("require (\n", "a").unwrap_err().line, Some(1));
}

#[test]
fn python_has_many_places_and_one_way_to_compare() {
    let text = "[project]\ndependencies = [\n 'Twilio[async]>=9; python_version > \"3.8\"',\n 'b @ https://x.org/b.zip']\n\
                [project.optional-dependencies]\ndev = ['c~=1']\n[dependency-groups]\ntest = ['d', {include-group = 'x'}]\n\
                [build-system]\nrequires = ['hatchling']\n[tool.poetry.dependencies]\npython = '^3'\ne = '1'\n\
                [tool.poetry.group.dev.dependencies]\nf = {version = '1'}\n";
    let wanted = [("Twilio", 3), ("b", 4), ("hatchling", 10), ("c", 6), ("d", 8), ("e", 13), ("f", 15)];
    assert_eq!(names("pyproject.toml", text), pairs(&wanted));
    let text = "# twilio\n-r base.txt\nTwi.lio[x]==9 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\n\
                -e git+https://x.org/y.git#egg=other\nhttps://x.org/z.whl\nlast>1 # why\n--index-url https://x\n";
    assert_eq!(names("requirements-dev.txt", text), pairs(&[("Twi.lio", 3), ("other", 6), ("last", 8)]));
    assert_eq!(lines("requirements/base.txt", text, "twi_LIO"), [3]);
    assert_eq!(Manifest::of("notes.txt"), None);
}

#[test]
fn maven_has_coordinates() {
    let text = "<?xml version=\"1.0\"?>\n<project>\n<groupId>org.own</groupId>\n<properties><g>com.twilio.sdk</g></properties>\n\
                <dependencies>\n<dependency>\n<groupId>${g}</groupId>\n<artifactId>twilio</artifactId>\n<exclusions><exclusion>\
                <groupId>x</groupId><artifactId>y</artifactId></exclusion></exclusions>\n</dependency>\n\
                <dependency><groupId>${project.groupId}</groupId><artifactId>core</artifactId></dependency>\n\
                <dependency><groupId>${far}</groupId><artifactId>odd</artifactId></dependency>\n</dependencies></project>\n";
    let wanted = [("com.twilio.sdk:twilio", 8), ("org.own:core", 11), ("${far}:odd", 12)];
    assert_eq!(names("pom.xml", text), pairs(&wanted));
    assert_eq!(lines("pom.xml", text, "twilio"), [8]);
    assert_eq!(lines("pom.xml", text, "x:y"), [0; 0]);
    assert_eq!(Manifest::Pom.mentions(text, "org.far:odd").unwrap_err().line, Some(12));
    assert_eq!(Manifest::Pom.mentions("<project>\n<a>", "x").unwrap_err().line, Some(2));
    assert_eq!(Manifest::Pom.mentions("<project>\n</a>", "x").unwrap_err().line, Some(2));
}

#[test]
fn a_line_is_found_as_it_stands() {
    let twice = "b\na\nb # b\n";
    assert_eq!(lines("requirements.txt", twice, "b"), [1, 3]);
    let found = Manifest::Cargo.mentions("[dependencies]\n  openssl = '1' # no\n", "openssl").unwrap();
    assert_eq!(found, [Found { line: Some(2), text: "openssl = '1' # no".into() }]);
    assert!(Manifest::of("app/build.gradle").unwrap().mentions("", "x").is_err());
}
