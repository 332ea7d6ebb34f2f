//! Markup to text, without building a tree: a tokeniser and a few rules, so that nesting costs nothing.

use std::cell::RefCell;

use html5ever::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::json::value::Limits;
use super::limits;
use crate::envelope::Reject;

/// Elements that begin and end a paragraph of their own.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "caption",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "tr",
    "ul",
    "br",
];
/// Elements whose text nobody reads.
const UNREAD: &[&str] = &[
    "script", "style", "template", "noscript", "iframe", "svg", "math", "object", "title", "select",
    "textarea", "button", "canvas", "audio", "video", "noframes", "noembed",
];

/// Whether a text has markup in it: a tag that occurs in articles, complete up to its `>`.
pub fn looks_like_markup(text: &str) -> bool {
    const TAGS: &[&str] = &[
        "p",
        "br",
        "div",
        "span",
        "a",
        "b",
        "i",
        "em",
        "strong",
        "ul",
        "ol",
        "li",
        "img",
        "h1",
        "h2",
        "h3",
        "h4",
        "blockquote",
        "figure",
        "section",
        "article",
        "table",
        "html",
        "body",
        "script",
        "iframe",
        "font",
        "u",
    ];
    let bytes = text.as_bytes();
    // Text about markup, or mathematics: what counts is how an article would be marked up.
    memchr::memchr_iter(b'<', bytes).take(64).any(|at| {
        let rest = bytes.get(at + 1..).unwrap_or_default();
        let rest = rest.strip_prefix(b"/").unwrap_or(rest);
        let length = rest.iter().take(12).take_while(|b| b.is_ascii_alphanumeric()).count();
        let (name, after) = rest.split_at(length);
        let ends = match after.first() {
            Some(b'>') => true,
            Some(b' ' | b'\n' | b'\t' | b'/') => memchr::memchr2(b'>', b'<', after)
                .and_then(|end| after.get(..=end))
                .and_then(|inside| inside.strip_suffix(b">"))
                .is_some_and(|inside| inside.contains(&b'=') || matches!(inside.trim_ascii(), b"" | b"/")),
            _ => false,
        };
        ends && TAGS.iter().any(|tag| name.eq_ignore_ascii_case(tag.as_bytes()))
    })
}

/// The text of markup. Paragraphs, line breaks and table rows become `\n`; white space is
/// collapsed as a browser does, except in `<pre>`; what is not shown is left out.
///
/// # Errors
/// More tags or attributes than the limits allow.
pub fn to_text(markup: &str, limits: Limits) -> Result<String, Reject> {
    limits::check_tags(markup, limits.max_nodes)?;
    let sink = Writer {
        state: RefCell::new(State { text: String::with_capacity(markup.len() / 2), ..State::default() }),
    };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(markup));
    while let TokenizerResult::Script(()) = tokenizer.feed(&input) {}
    tokenizer.end();
    let mut text = std::mem::take(&mut tokenizer.sink.state.borrow_mut().text);
    text.truncate(text.trim_end().len());
    Ok(text)
}

struct Writer {
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    text: String,
    /// A paragraph ended: the next character begins a new line.
    break_due: bool,
    /// White space was read: the next character is set off by a space.
    space_due: bool,
    /// Depth inside `<pre>`.
    preformatted: usize,
    /// The unread element that we are in, and how many of its kind.
    unread: Option<(String, usize)>,
}

impl TokenSink for Writer {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.state.borrow_mut();
        match token {
            Token::TagToken(tag) => return state.tag(&tag),
            Token::CharacterTokens(text) if state.unread.is_none() => state.characters(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State {
    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        let opens = tag.kind == TagKind::StartTag;
        if let Some((unread, depth)) = &mut self.unread {
            if unread == name {
                *depth = if opens { *depth + 1 } else { *depth - 1 };
            }
            if *depth == 0 {
                self.unread = None;
            }
            return TokenSinkResult::Continue;
        }
        if BLOCKS.contains(&name) {
            self.break_due = true;
            self.space_due = false;
        }
        match name {
            "pre" if opens => self.preformatted += 1,
            "pre" => self.preformatted = self.preformatted.saturating_sub(1),
            "td" | "th" => self.space_due = true,
            _ => {}
        }
        if !opens || tag.self_closing || !UNREAD.contains(&name) {
            return TokenSinkResult::Continue;
        }
        self.unread = Some((name.to_owned(), 1));
        match name {
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" | "iframe" | "noframes" | "noembed" => TokenSinkResult::RawData(RawKind::Rawtext),
            "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
            _ => TokenSinkResult::Continue,
        }
    }

    fn characters(&mut self, text: &str) {
        let space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}');
        if self.preformatted > 0 && !text.trim_matches(space).is_empty() {
            self.flush();
            self.text.push_str(text);
            return;
        }
        let mut words = text.split(space);
        // The first piece continues what stands before, unless the text begins with a space.
        if let Some(first) = words.next() {
            self.word(first);
        }
        for word in words {
            self.space_due = true;
            self.word(word);
        }
    }

    fn word(&mut self, word: &str) {
        if !word.is_empty() {
            self.flush();
            self.text.push_str(word);
        }
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            if self.break_due {
                self.text.push('\n');
            } else if self.space_due {
                self.text.push(' ');
            }
        }
        self.break_due = false;
        self.space_due = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(markup: &str) -> String {
        to_text(markup, Limits { max_depth: 256, max_nodes: 1000 }).unwrap()
    }

    #[test]
    fn paragraphs_survive_and_words_stay_apart() {
        for (markup, expected) in [
            ("<p>قال</p><p>وأضاف</p>", "قال\nوأضاف"),
            ("one<br>two<br/>three", "one\ntwo\nthree"),
            ("<p>a <b>b</b>c\n  d</p>\n\n<p>e</p>", "a bc d\ne"),
            ("<ul><li>x<li>y</ul>", "x\ny"),
            ("<table><tr><td>1<td>2<tr><td>3</table>", "1 2\n3"),
            ("<p>a<script>if (a<b) {}</script>b<style>p>x{}</style></p>", "ab"),
            ("<pre>  a\n   b</pre>", "  a\n   b"),
            ("a &amp; b&nbsp;c &lt;d&gt; &#1602;", "a & b\u{a0}c <d> ق"),
            ("<svg><svg><title>t</title></svg><text>x</text></svg>after", "after"),
            ("<!-- no --><p>yes", "yes"),
            ("a < b and c > d", "a < b and c > d"),
        ] {
            assert_eq!(text(markup), expected, "{markup}");
        }
    }

    #[test]
    fn knows_markup_from_prose() {
        assert!(
            looks_like_markup("<p>x</p>") && looks_like_markup("x<br />y") && looks_like_markup("</div>")
        );
        assert!(looks_like_markup("see <a href='x'>this</a>"));
        for prose in ["a < b > c", "<3", "<unknown>", "<p", "if a<b then c>d", "", "<<<>>>"] {
            assert!(!looks_like_markup(prose), "{prose}");
        }
    }
}
