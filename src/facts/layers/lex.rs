//! Text of Rust, JavaScript and Go to words, texts and signs, without comments. Python has its own.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// A name or a number.
    Word(&'t str),
    /// What stands between quotes.
    Text(&'t str),
    /// Any other character.
    Sign(char),
}

/// A token with its line.
pub(super) type Placed<'t> = (u32, Token<'t>);

/// How the languages differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Raw strings, nested comments, lifetimes.
    Rust,
    /// Single quotes, templates, regular expressions.
    JavaScript,
    /// Raw strings between backticks.
    Go,
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    line: u32,
    dialect: Dialect,
    tokens: Vec<Placed<'t>>,
}

/// All tokens of a text. What is not closed ends with the text.
pub(super) fn tokens(text: &str, dialect: Dialect) -> Vec<Placed<'_>> {
    let mut lexer = Lexer { text, at: 0, line: 1, dialect, tokens: Vec::new() };
    while let Some(next) = lexer.rest().chars().next() {
        lexer.take(next);
    }
    lexer.tokens
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Goes on so many bytes and counts the lines.
    fn skip(&mut self, bytes: usize) -> &'t str {
        let part = self.rest().get(..bytes).unwrap_or_else(|| self.rest());
        self.at += part.len();
        self.line += part.matches('\n').count() as u32;
        part
    }

    fn take(&mut self, next: char) {
        let rest = self.rest();
        let is_rust = self.dialect == Dialect::Rust;
        if next.is_whitespace() {
            self.skip(next.len_utf8());
        } else if rest.starts_with("//") {
            self.skip(rest.find('\n').unwrap_or(rest.len()));
        } else if rest.starts_with("/*") {
            self.skip(comment(rest, is_rust));
        } else if let Some(hashes) = raw_string(rest).filter(|_| is_rust) {
            let end = format!("\"{}", "#".repeat(hashes));
            let begin = rest.find('"').unwrap_or(0) + 1;
            self.skip(rest[begin..].find(&end).map_or(rest.len(), |at| begin + at + end.len()));
        } else if next == '"' || (next == '\'' && self.dialect == Dialect::JavaScript) {
            self.quoted(next, !is_rust);
        } else if next == '`' && self.dialect != Dialect::Rust {
            self.quoted('`', false);
        } else if next == '\'' {
            self.skip(character(rest));
        } else if next == '/' && self.dialect == Dialect::JavaScript && self.may_begin_expression() {
            self.skip(regular_expression(rest));
        } else {
            self.word_or_sign(next);
        }
    }

    fn word_or_sign(&mut self, next: char) {
        let rest = self.rest();
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || (c == '$' && self.dialect == Dialect::JavaScript);
        let (line, length) = (self.line, rest.find(|c| !is_word(c)).unwrap_or(rest.len()));
        if length == 0 {
            self.skip(next.len_utf8());
            self.tokens.push((line, Token::Sign(next)));
        } else {
            let word = self.skip(length);
            self.tokens.push((line, Token::Word(word)));
        }
    }

    /// A text between quotes. One that must end on its line ends there, closed or not.
    fn quoted(&mut self, quote: char, one_line: bool) {
        let (rest, line) = (self.rest(), self.line);
        let raw = self.dialect == Dialect::Go && quote == '`';
        let mut escaped = false;
        let end = rest.char_indices().skip(1).find(|&(_, c)| {
            let ends = !escaped && (c == quote || (one_line && c == '\n'));
            escaped = !escaped && c == '\\' && !raw;
            ends
        });
        let end = end.map_or(rest.len(), |(at, _)| at);
        self.tokens.push((line, Token::Text(&rest[1..end.max(1)])));
        self.skip(end + 1);
    }

    /// Whether a `/` begins a regular expression here and divides nothing.
    fn may_begin_expression(&self) -> bool {
        match self.tokens.last() {
            None => true,
            Some((_, Token::Sign(sign))) => !matches!(sign, ')' | ']' | '}'),
            Some((_, Token::Word(word))) => matches!(*word, "return" | "typeof" | "case" | "in" | "of" | "void"),
            Some((_, Token::Text(_))) => false,
        }
    }
}

/// The length of a comment between `/*` and `*/`.
fn comment(rest: &str, nests: bool) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(found) = rest[at..].find(['/', '*']) {
        at += found;
        let (opens, closes) = (rest[at..].starts_with("/*"), rest[at..].starts_with("*/"));
        depth = if opens && (nests || depth == 0) { depth + 1 } else { depth - usize::from(closes && depth > 0) };
        at += if opens || closes { 2 } else { 1 };
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// The number of `#` of a raw string that begins here.
fn raw_string(rest: &str) -> Option<usize> {
    let raw = rest.strip_prefix('r').or_else(|| rest.strip_prefix("br")).or_else(|| rest.strip_prefix("cr"))?;
    let hashes = raw.len() - raw.trim_start_matches('#').len();
    raw[hashes..].starts_with('"').then_some(hashes)
}

/// The length of a character between quotes, or of the quote alone where a lifetime begins.
fn character(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => {
            let closed = rest.char_indices().skip(3).take(12).find(|&(_, c)| c == '\'');
            closed.map_or(1, |(at, _)| at + 1)
        }
        Some(_) => match chars.next() {
            Some((at, '\'')) => at + 1,
            _ => 1,
        },
        None => 1,
    }
}

/// Characters of a regular expression; what is longer is taken for none, or a line of many slashes would take forever.
const EXPRESSION: usize = 500;

/// The length of a regular expression, which ends on its line.
fn regular_expression(rest: &str) -> usize {
    let (mut escaped, mut in_class) = (false, false);
    for (at, c) in rest.char_indices().skip(1).take(EXPRESSION) {
        match c {
            '\n' => return 1,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '/' if !in_class => return at + 1,
            _ => {}
        }
    }
    1
}
