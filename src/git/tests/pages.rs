//! Decisions that are Markdown, among pages that are none, from every source.

use super::*;

const SPEC: &str = "---\napiVersion: abide.dev/v1\nkind: Decision\n---\n# A\n";
const PAGE: &str = "---\nstatus: accepted\n---\n# A\n";

fn records(base: &Path) -> Box<dyn SpecSource> {
    configured(base, |config| config.records = vec!["docs/adr".into(), "rfcs".into()])
}

fn dirty(tree: &SourceTree) -> bool {
    tree.revision.as_str().ends_with("-dirty")
}

#[test]
fn a_commit_the_disk_and_a_mirror_have_the_same_pages() {
    let fixture = Fixture::of(&[
        ("specs/a.yaml", "a"),
        ("specs/deep/b.md", SPEC),
        ("specs/README.md", PAGE),
        ("docs/adr/0001-a.md", SPEC),
        ("docs/adr/old/0002-b.md", SPEC),
        ("docs/adr/0003-c.md", PAGE),
        ("docs/adr/d.yaml", "d"),
        ("docs/adr/binary.md", "\u{0}\u{1}"),
        ("docs/x.md", SPEC),
        ("rfcs", "a file and no folder"),
    ]);
    let head = records(fixture.path()).head(None).unwrap();
    let expect = ["docs/adr/0001-a.md", "docs/adr/old/0002-b.md", "specs/a.yaml", "specs/deep/b.md"];
    assert_eq!(names(&head), expect);
    assert_eq!(records(fixture.path()).working().unwrap(), head);
    let place = tempfile::tempdir().unwrap();
    let mut mirror = configured(fixture.path(), |config| {
        config.repository = format!("file://{}", fixture.path().display());
        config.mirror = place.path().join("mirror");
        config.records = vec!["docs/adr".into()];
    });
    assert_eq!(mirror.head(None).unwrap(), head);
    fs::remove_dir_all(fixture.path().join(".git")).unwrap();
    assert_eq!(names(&records(fixture.path()).head(None).unwrap()), expect);
    assert_eq!(names(&source(fixture.path()).head(None).unwrap()), &expect[2..]);
}

#[test]
fn a_folder_inside_the_repository_has_records_of_its_own() {
    let fixture = Fixture::of(&[("team/docs/adr/1.md", SPEC), ("docs/adr/2.md", SPEC), ("team/specs/a.yaml", "a")]);
    let mut source = configured(&fixture.path().join("team"), |config| config.records = vec!["docs/adr".into()]);
    assert_eq!(names(&source.head(None).unwrap()), ["docs/adr/1.md", "specs/a.yaml"]);
    assert!(!dirty(&source.working().unwrap()));
    fixture.write("docs/adr/2.md", "x");
    assert!(!dirty(&source.working().unwrap()));
    fixture.write("team/docs/adr/1.md", "x");
    assert!(dirty(&source.working().unwrap()));
}

#[test]
fn only_a_change_of_a_spec_makes_the_working_tree_dirty() {
    let fixture = Fixture::of(&[("specs/a.yaml", "a"), ("docs/adr/1.md", SPEC), ("docs/adr/README.md", PAGE)]);
    let mut source = records(fixture.path());
    fixture.write("docs/adr/README.md", "other");
    fixture.write("docs/adr/new.md", PAGE);
    assert!(!dirty(&source.working().unwrap()));
    fixture.write("docs/adr/README.md", SPEC);
    assert!(dirty(&source.working().unwrap()));
    fixture.write("docs/adr/README.md", PAGE);
    fixture.write("docs/adr/1.md", PAGE);
    assert!(dirty(&source.working().unwrap()));
    fixture.write("docs/adr/1.md", SPEC);
    fixture.write("docs/adr/2.md", SPEC);
    assert!(dirty(&source.working().unwrap()));
}

#[test]
fn a_page_may_become_a_spec_and_a_renamed_one_is_told() {
    let long = format!("{SPEC}{}", "text\n".repeat(40));
    let fixture = Fixture::of(&[("specs/a.yaml", "a"), ("docs/adr/0001-a.md", &long), ("docs/adr/2.md", PAGE)]);
    let mut source = records(fixture.path());
    let before = source.head(None).unwrap();
    fixture.branch("before", fixture.commit(&[("docs/adr/2.md", SPEC)]));
    assert_eq!(source.head(Some(&before)).unwrap().files.len(), 3);
    fs::create_dir(fixture.path().join("docs/adr/old")).unwrap();
    fs::rename(fixture.path().join("docs/adr/0001-a.md"), fixture.path().join("docs/adr/old/0001-a.md")).unwrap();
    fixture.commit(&[("docs/adr/2.md", PAGE)]);
    let after = source.head(Some(&before)).unwrap();
    assert_eq!(names(&after), ["docs/adr/old/0001-a.md", "specs/a.yaml"]);
    assert_eq!(after.renames, [("docs/adr/0001-a.md".into(), "docs/adr/old/0001-a.md".into())]);
    let earlier = source.earlier(&after.revision, "docs/adr/2.md", 9).unwrap();
    assert_eq!(earlier.iter().map(|(_, file)| &**file.text().unwrap()).collect::<Vec<_>>(), [SPEC, PAGE]);
}

#[test]
fn the_ignore_file_of_the_root_leaves_records_out() {
    let ignore = "docs/adr/drafts/\nx-*.md\n";
    let fixture = Fixture::of(&[
        (".abideignore", ignore),
        ("docs/adr/drafts/a.md", SPEC),
        ("docs/adr/x-a.md", SPEC),
        ("docs/adr/a.md", SPEC),
    ]);
    let mut source = records(fixture.path());
    assert_eq!(names(&source.head(None).unwrap()), ["docs/adr/a.md"]);
    assert_eq!(names(&source.working().unwrap()), ["docs/adr/a.md"]);
    fixture.write("docs/adr/drafts/a.md", "x");
    assert!(!dirty(&source.working().unwrap()));
}

#[test]
fn large_pages_are_told_only_where_they_are_meant_as_specs() {
    let huge = "text\n".repeat(crate::yaml::limits::FILE_BYTES / 4);
    let fixture = Fixture::of(&[("docs/adr/a.md", &format!("{SPEC}{huge}")), ("docs/adr/b.md", &huge)]);
    for tree in [records(fixture.path()).head(None).unwrap(), records(fixture.path()).working().unwrap()] {
        assert_eq!(names(&tree), ["docs/adr/a.md"]);
        assert!(matches!(tree.files["docs/adr/a.md"].content, Content::TooLarge(_)));
    }
}

#[test]
fn the_same_text_may_be_a_page_and_a_spec_of_another_ending() {
    let fixture = Fixture::of(&[("specs/a.yaml", PAGE), ("specs/a.md", PAGE)]);
    assert_eq!(names(&records(fixture.path()).head(None).unwrap()), ["specs/a.yaml"]);
    fixture.commit(&[("specs/b.yaml", SPEC), ("specs/b.md", SPEC)]);
    assert_eq!(names(&records(fixture.path()).head(None).unwrap()), ["specs/a.yaml", "specs/b.md", "specs/b.yaml"]);
}

#[cfg(unix)]
#[test]
fn links_and_other_repositories_among_records_are_left_alone() {
    let fixture = Fixture::of(&[("docs/adr/a.md", SPEC)]);
    std::os::unix::fs::symlink("a.md", fixture.path().join("docs/adr/link.md")).unwrap();
    fixture.commit_all();
    assert_eq!(names(&records(fixture.path()).head(None).unwrap()), ["docs/adr/a.md"]);
    fixture.write("docs/adr/sub/.git/HEAD", "x");
    fixture.write("docs/adr/sub/b.md", SPEC);
    assert_eq!(names(&records(fixture.path()).working().unwrap()), ["docs/adr/a.md"]);
}

#[test]
fn a_page_that_is_named_is_read_whatever_it_is() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "docs/adr/a.md", PAGE);
    write(folder.path(), "docs/adr/b.md", SPEC);
    let read = |path: &str| read_files(folder.path(), &[path.into()]).unwrap().into_keys().collect::<Vec<_>>();
    assert_eq!(read("docs/adr/a.md"), ["docs/adr/a.md".into()]);
    assert_eq!(read("docs/adr"), ["docs/adr/b.md".into()]);
    assert_eq!(read_specs(folder.path(), "specs", &["docs".into()]).unwrap().len(), 1);
}
