//! The words that a schema allows a column: `CHECK (state IN ('open', 'done'))`.

use std::collections::BTreeMap;

/// A piece of SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Name(String),
    Text(String),
    Mark(char),
}

/// The words of each column, by its name in lower case. A condition of any other form says nothing.
pub(super) fn words(sql: &str) -> BTreeMap<String, Vec<String>> {
    let tokens = tokens(sql);
    let mut found = BTreeMap::new();
    for (at, pair) in tokens.windows(3).enumerate() {
        let [Token::Name(column), Token::Name(is_in), Token::Mark('(')] = pair else { continue };
        if !is_in.eq_ignore_ascii_case("in") {
            continue;
        }
        let listed = tokens[at + 3..].iter().take_while(|token| **token != Token::Mark(')'));
        let words: Option<Vec<String>> = listed
            .filter(|token| **token != Token::Mark(','))
            .map(|token| match token {
                Token::Text(word) | Token::Name(word) => Some(word.clone()),
                Token::Mark(_) => None,
            })
            .collect();
        if let Some(words) = words.filter(|words| !words.is_empty()) {
            found.insert(column.to_lowercase(), words);
        }
    }
    found
}

fn tokens(sql: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut chars = sql.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' => tokens.push(Token::Text(until(&mut chars, '\''))),
            '"' | '`' => tokens.push(Token::Name(until(&mut chars, c))),
            '[' => tokens.push(Token::Name(until(&mut chars, ']'))),
            '-' if chars.peek() == Some(&'-') => while chars.next().is_some_and(|c| c != '\n') {},
            c if c.is_whitespace() => {}
            c if c.is_alphanumeric() || c == '_' => {
                let mut name = c.to_string();
                while let Some(c) = chars.next_if(|c| c.is_alphanumeric() || *c == '_') {
                    name.push(c);
                }
                tokens.push(Token::Name(name));
            }
            c => tokens.push(Token::Mark(c)),
        }
    }
    tokens
}

/// What stands until a quote that is not doubled.
fn until(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, quote: char) -> String {
    let mut text = String::new();
    while let Some(c) = chars.next() {
        if c == quote && chars.next_if_eq(&quote).is_none() {
            break;
        }
        text.push(c);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_check_are_found_whatever_the_quotes() {
        let sql = "CREATE TABLE t (\"der Zustand\" TEXT -- IN ('no')
            CHECK (\"der Zustand\" IN ('offen', 'it''s')), n INT CHECK (n in (0, 1)), x CHECK (x IN (SELECT 1 + 2)))";
        let found = words(sql);
        assert_eq!(found["der zustand"], ["offen", "it's"]);
        assert_eq!(found["n"], ["0", "1"]);
        assert!(!found.contains_key("x"));
    }
}
