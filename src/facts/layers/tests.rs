use std::sync::Arc;

use super::*;

fn read(path: &str, text: &str) -> Vec<(u32, String)> {
    let imports = Language::of(path).unwrap().imports(text);
    imports.into_iter().map(|it| (it.line, it.text.to_string())).collect()
}

fn said(wanted: &[(u32, &str)]) -> Vec<(u32, String)> {
    wanted.iter().map(|(line, text)| (*line, (*text).to_owned())).collect()
}

/// What a file breaks of `model, plan, store, cli`.
fn broken(within: &str, path: &str, text: &str) -> Vec<(u32, String)> {
    let order: Vec<Arc<str>> = ["model", "plan", "store", "cli"].map(Arc::from).to_vec();
    let mut modules = Modules::default();
    modules.add("go/go.mod", Modules::path("module example.org/app // it\n").unwrap());
    let imports = Language::of(path).unwrap().imports(text);
    let (found, unread) = Order::new(within, &order).broken(path, &imports, &modules);
    let unread = unread.map(|unread| (unread.line.unwrap(), unread.reason));
    let found = found.into_iter().map(|it| (it.line.unwrap(), it.text));
    found.chain(unread).map(|(line, text)| (line, text.to_string())).collect()
}

#[test]
fn rust_imports_by_use_and_by_path() {
    let text = "//! use crate::no;\nuse crate::a::{self, b as c, d::{E, *}};\n/* /* use crate::no; */ */\n\
                pub(in crate::no::x) use super::super::f;\nlet s = \"crate::no\"; let r = r#\"crate::no\"#; let c = '\"';\n\
                fn g<'a>(x: &'a T) -> crate::h::I<'a> { self::j::k(); let y: crate::p::Q; ::std::mem::take(x); $crate::l::m() }\n\
                use serde::Serialize;\nmod tests { use super::*; use super::super::n; }\nuse super::o;\n";
    let wanted = [
        (2, "crate::a::self"),
        (2, "crate::a::b"),
        (2, "crate::a::d::E"),
        (2, "crate::a::d"),
        (4, "super::super::f"),
        (6, "crate::h::I"),
        (6, "self::j::k"),
        (6, "crate::p::Q"),
        (6, "crate::l::m"),
        (7, "serde::Serialize"),
        (8, "super"),
        (8, "super::super::n"),
        (9, "super::o"),
    ];
    assert_eq!(read("a.rs", text), said(&wanted));
    let from = |text: &str| Language::Rust.imports(text).last().unwrap().from;
    assert_eq!(
        (from("mod t { use super::super::n; }"), from("mod t {} use super::o;")),
        (From::Above(1), From::Above(1))
    );
}

#[test]
fn rust_layers_are_modules() {
    let at = |path: &str, text: &str| broken("src/**/*.rs", path, text);
    assert_eq!(
        at("src/plan/a.rs", "use crate::{model::A, plan::B, store};"),
        said(&[(1, "plan imports store: crate::store")])
    );
    assert_eq!(at("src/plan.rs", "use super::{cli, model};"), said(&[(1, "plan imports cli: super::cli")]));
    assert_eq!(at("src/plan/mod.rs", "use super::cli;\nuse super::super::cli;").len(), 1);
    assert_eq!(at("src/plan/a/b.rs", "fn f() {\n super::super::super::store::open() }").len(), 1);
    assert_eq!(at("src/plan/a/b.rs", "use super::store;"), []);
    assert_eq!(at("src/main.rs", "use crate::cli;"), []);
    assert_eq!(at("src/plan/a.rs", "use store::A; use other::store;"), []);
    let crates = |text: &str| broken("crates/**/*.rs", "crates/plan/src/lib.rs", text);
    assert_eq!(crates("use store::{A, B};\nuse crate::cli;"), said(&[(1, "plan imports store: store::A")]));
    let many = broken("services/*/src/**/*.rs", "services/a/src/model/b.rs", "use crate::plan::C;");
    assert_eq!(many, said(&[(1, "model imports plan: crate::plan::C")]));
}

#[test]
fn python_imports_absolutely_and_relatively() {
    let text = "\"\"\"import no\n\"\"\"\nimport a.b as c, d\nfrom . import (e,  # import no\n    f)\nif x: import g\n\
                from ..h.i import *\ns = 'import no'; import \\\n  j\nx = {'a': 1}\n";
    let wanted = [
        (3, "a.b"),
        (3, "d"),
        (4, "from . import e"),
        (4, "from . import f"),
        (6, "g"),
        (7, "from ..h.i import *"),
        (8, "j"),
    ];
    assert_eq!(read("a.py", text), said(&wanted));
    let at = |path: &str, text: &str| broken("src/app/**/*.py", path, text);
    assert_eq!(
        at("src/app/plan/a.py", "from app.store.db import X"),
        said(&[(1, "plan imports store: from app.store.db import X")])
    );
    assert_eq!(at("src/app/plan/a.py", "import src.app.cli, app.model").len(), 1);
    assert_eq!(at("src/app/plan/a.py", "from ..cli import X\nfrom .cli import X").len(), 1);
    assert_eq!(at("src/app/plan/__init__.py", "from .. import store, model").len(), 1);
    assert_eq!(at("src/app/plan/a.py", "from other.store import X\nimport os"), []);
    assert_eq!(broken("**/*.py", "x/app/plan/a.py", "import app.store\nimport google.store").len(), 1);
}

#[test]
fn javascript_imports_in_many_ways() {
    let text = "import a from './a';\nimport './b.css'\nexport * from \"../c\"; // from './no'\nconst d = require('./d'),\n\
                e = await import('./e');\nconst r = /from '.\\/no'/; const t = `import './no'`;\nimport type { F } from '@/f';\n\
                x.from('./no'); x.import('./no');\nimport {\n g\n} from 'g';\n";
    let wanted = [(1, "./a"), (2, "./b.css"), (3, "../c"), (4, "./d"), (5, "./e"), (7, "@/f"), (11, "g")];
    assert_eq!(read("a.ts", text), said(&wanted));
    let at = |path: &str, text: &str| broken("src/**/*.{ts,tsx}", path, text);
    assert_eq!(at("src/plan/a.ts", "import x from '../store'"), said(&[(1, "plan imports store: ../store")]));
    assert_eq!(at("src/plan/a/b.tsx", "import x from '../../store/index.js'\nimport y from '../store'").len(), 1);
    assert_eq!(at("src/plan/index.ts", "export * from './store'\nexport * from '../model'\nimport 'store'"), []);
    assert_eq!(at("src/model.ts", "import x from './plan.js'").len(), 1);
    assert_eq!(
        at("src/plan/a.ts", "import x from '@/store'"),
        said(&[(1, "`@/store` is an alias, and what it means is not known")])
    );
    assert_eq!(at("src/plan/a.ts", "import x from '@scope/store'"), []);
}

#[test]
fn go_imports_by_module() {
    let text = "package a\nimport \"b\"\nimport (\n\tc \"d/e\" // \"no\"\n\t_ `f`\n)\nfunc x() { y(\"no\") }\n";
    assert_eq!(read("a.go", text), said(&[(2, "b"), (4, "d/e"), (5, "f")]));
    let at = |text: &str| broken("go/internal/**/*.go", "go/internal/plan/a.go", text);
    let wanted = said(&[(1, "plan imports store: example.org/app/internal/store/db")]);
    assert_eq!(at("import \"example.org/app/internal/store/db\""), wanted);
    assert_eq!(at("import (\"example.org/app/internal/model\"; \"other.org/app/internal/store\"; \"fmt\")"), []);
    let elsewhere = broken("far/**/*.go", "far/plan/a.go", "import \"fmt\"");
    assert_eq!(elsewhere, said(&[(1, "no go.mod above it says what its module is called")]));
}

#[test]
fn what_is_not_closed_ends_with_the_text() {
    for text in [
        "\"",
        "'",
        "`",
        "/*",
        "r#\"",
        "use crate::{",
        "import (",
        "from a import (",
        "'''",
        "'\\",
        "/[",
        "ä'ö",
        &("use ".to_owned() + &"a::{".repeat(100)),
    ] {
        for path in ["a.rs", "a.py", "a.js", "a.go"] {
            read(path, text);
        }
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_read(text in "[a-z'\"`/*#(){}:.\\\\\nä ]{0,60}|(use|import|from) [a-z:{,.'\"]{0,20}") {
        for path in ["a.rs", "a.py", "a.js", "a.go"] {
            read(path, &text);
        }
    }
}
