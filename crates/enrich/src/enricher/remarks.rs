//! Diagnostics: what is missing in a record, and why.

use crate::article::Article;
use crate::diagnostic::{Diagnostic, DiagnosticCode, DiagnosticStage};
use crate::doc::Doc;
use crate::enriched::{Enriched, QuoteKind, Span};

/// Languages that there are rules for.
const SUPPORTED: [&str; 4] = ["ar", "en", "fr", "ru"];

/// Cuts documents to `most` tokens and says so.
pub(super) fn cut(docs: &mut [Doc], most: usize, remarks: &mut Vec<Diagnostic>) {
    for doc in docs {
        if let Some(at) = doc.limit(most) {
            let message = format!("only the first {most} words and marks of this text were analysed");
            let span = doc.span(at..doc.text.normalised().len());
            remarks.push(at_span(remark(DiagnosticCode::TextCut, message), span));
        }
    }
}

/// Says what `out` lacks.
pub(super) fn about(article: &Article, docs: &[Doc], out: &mut Enriched) {
    let has_text = docs.iter().any(|doc| !doc.tokens.is_empty());
    if !has_text {
        out.diagnostics.push(remark(DiagnosticCode::NoText, "there is no text in title or body"));
        return;
    }
    let remarks: Vec<Diagnostic> =
        [language(article, out), entities(out), speakers(out), anchor(article, out)]
            .into_iter()
            .flatten()
            .collect();
    out.diagnostics.extend(remarks);
}

fn language(article: &Article, out: &Enriched) -> Option<Diagnostic> {
    let Some(detected) = out.language.detected.as_deref() else {
        return Some(remark(DiagnosticCode::LanguageUnknown, "the language of the text cannot be told"));
    };
    if let Some(declared) = article.language.as_deref().map(primary).filter(|declared| *declared != detected)
        && out.language.confidence >= 0.5
    {
        let message = format!("declared as {declared}, but the text reads as {detected}");
        return Some(remark(DiagnosticCode::LanguageMismatch, message));
    }
    let message =
        format!("no rules for the language {detected}; names and numbers are found as far as they go");
    (!SUPPORTED.contains(&detected)).then(|| remark(DiagnosticCode::LanguageUnsupported, message))
}

fn entities(out: &Enriched) -> Option<Diagnostic> {
    let message = "no known name and no pattern of one was found in the text";
    out.entities.is_empty().then(|| remark(DiagnosticCode::NoEntities, message))
}

fn speakers(out: &Enriched) -> Option<Diagnostic> {
    let unknown = |quote: &&crate::enriched::Quote| {
        quote.kind == QuoteKind::Direct && quote.speaker.is_none() && quote.speaker_text.is_none()
    };
    let first = out.quotes.iter().find(unknown)?;
    let count = out.quotes.iter().filter(unknown).count();
    let message = format!("direct quotes without a known speaker: {count}, the first one here");
    Some(at_span(remark(DiagnosticCode::SpeakerUnknown, message), first.span))
}

fn anchor(article: &Article, out: &Enriched) -> Option<Diagnostic> {
    let open = |time: &&crate::enriched::Time| time.value.contains('X');
    let first = out.times.iter().find(open).filter(|_| super::anchor(article).is_none())?;
    let count = out.times.iter().filter(open).count();
    let message =
        format!("dates left open because the day of publication is not known: {count}, the first one here");
    Some(at_span(remark(DiagnosticCode::NoAnchor, message), first.span))
}

/// `en` of `en-GB`.
fn primary(code: &str) -> &str {
    code.split(['-', '_']).next().unwrap_or(code)
}

fn remark(code: DiagnosticCode, message: impl Into<std::borrow::Cow<'static, str>>) -> Diagnostic {
    Diagnostic::new(DiagnosticStage::Extract, code, message)
}

fn at_span(remark: Diagnostic, span: Span) -> Diagnostic {
    Diagnostic { field: Some(span.field), char: Some(span.char), ..remark }
}
