//! One field from the names that may hold it: the first that holds something usable counts.

use super::fields::{self, Read};
use super::*;

/// Fills an article field by field.
pub(super) struct Filler<'f, 'v, 'a> {
    pub(super) root: &'v Value<'a>,
    pub(super) article: &'f mut Article,
    pub(super) remarks: &'f mut Remarks,
}

impl<'v, 'a> Filler<'_, 'v, 'a> {
    pub(super) fn has(&self, field: FieldName) -> bool {
        match field {
            FieldName::Id => self.article.id.is_some(),
            FieldName::Url => self.article.url.is_some(),
            FieldName::Title => self.article.title.is_some(),
            FieldName::Authors => !self.article.authors.is_empty(),
            FieldName::Publisher => self.article.publisher.is_some(),
            FieldName::Published => self.article.published.is_some(),
            FieldName::Fetched => self.article.fetched.is_some(),
            FieldName::Section => self.article.section.is_some(),
            FieldName::Tags => !self.article.tags.is_empty(),
            FieldName::Language => self.article.language.is_some(),
            FieldName::Body => true,
        }
    }

    /// Fills one field from the first candidate that holds something.
    pub(super) fn field(&mut self, candidates: &[Candidate<'v, 'a>]) {
        for candidate in candidates {
            let found;
            let value = match candidate.found {
                Found::One(value) => value,
                Found::Many(path) => {
                    found = Value::List(path.follow_all(self.root).into_iter().cloned().collect());
                    &found
                }
            };
            if self.one(candidate, value) {
                return;
            }
        }
    }

    fn one(&mut self, candidate: &Candidate<'v, 'a>, value: &Value<'a>) -> bool {
        let article = &mut *self.article;
        let remarks = &mut *self.remarks;
        match candidate.field {
            FieldName::Id => set(&mut article.id, fields::id(value), candidate, remarks),
            FieldName::Url => {
                // `source` is an address in trafilatura and an outlet elsewhere.
                let read = fields::url(value);
                let outlet = candidate.name == "source" && matches!(read, Read::Wrong(_));
                set(&mut article.url, if outlet { Read::Nothing } else { read }, candidate, remarks)
            }
            FieldName::Title => set(&mut article.title, fields::text(value), candidate, remarks),
            FieldName::Publisher => {
                let read = match fields::text(value) {
                    Read::Value(text) if fields::is_url(&text) => Read::Nothing,
                    read => read,
                };
                set(&mut article.publisher, read, candidate, remarks)
            }
            FieldName::Section => {
                // One section; trafilatura joins several with `;`.
                let read = match fields::text(value) {
                    Read::Value(text) => Read::Value(text.split(';').next().unwrap_or("").trim().to_owned()),
                    read => read,
                };
                set(&mut article.section, read, candidate, remarks)
            }
            FieldName::Published => set(&mut article.published, fields::moment(value), candidate, remarks),
            FieldName::Fetched => set(&mut article.fetched, fields::moment(value), candidate, remarks),
            FieldName::Authors => set_list(&mut article.authors, fields::names(value), candidate, remarks),
            FieldName::Tags => set_list(&mut article.tags, fields::tags(value), candidate, remarks),
            FieldName::Language => {
                let read = match fields::text(value) {
                    Read::Value(text) => match languages::normalise(&text) {
                        Some(code) => Read::Value(code),
                        None => Read::Wrong("no language code"),
                    },
                    other => other,
                };
                set(&mut article.language, read, candidate, remarks)
            }
            FieldName::Body => false,
        }
    }

    /// Finds the body. When none of the candidates holds one, the first that is no text says why.
    pub(super) fn body(&mut self, candidates: &[Candidate<'v, 'a>]) -> Result<Source, Reject> {
        let mut wrong = None;
        for candidate in candidates {
            let (name, body, value) = match candidate.found {
                Found::One(value) => (candidate.name, bodies::read(candidate.name, value), Some(value)),
                Found::Many(path) => {
                    let parts = path.follow_all(self.root).into_iter().cloned().collect();
                    (candidate.name, bodies::read(candidate.name, &Value::List(parts)), None)
                }
            };
            let source = match body {
                Body::Nothing => continue,
                Body::Wrong(what) => {
                    wrong.get_or_insert((name, what));
                    continue;
                }
                Body::Joined(text) => Source::Text(text),
                Body::Markup(markup) => Source::Markup(markup),
                Body::AsItStands => match (candidate.member, value.and_then(Value::as_str)) {
                    (Some(member), _) => Source::Member(member),
                    (None, text) => Source::Text(text.unwrap_or("").to_owned()),
                },
            };
            self.matched(candidate);
            return Ok(source);
        }
        Err(match wrong {
            Some((name, what)) => {
                Reject::new(Reason::WrongShape, format!("the body ({}) is {what}", shown(name)))
            }
            None if candidates.is_empty() => Reject::new(
                Reason::EmptyBody,
                "no member is known as a body: name its path in decode.aliases, or publish one article a record",
            ),
            None => Reject::new(Reason::EmptyBody, "the body is empty"),
        })
    }

    fn matched(&mut self, candidate: &Candidate<'v, 'a>) {
        if (SUMMARY..SUMMARY + 500).contains(&candidate.rank) {
            let message = format!("there is no full text: {} stands in for it", shown(candidate.name));
            self.remarks.add(DiagnosticCode::BodyFromSummary, message);
        } else {
            matched(candidate, self.remarks);
        }
    }
}

fn matched(candidate: &Candidate<'_, '_>, remarks: &mut Remarks) {
    let own = own_name(candidate.field);
    if candidate.name != own {
        remarks.add(DiagnosticCode::FieldAlias, format!("{own} from {}", shown(candidate.name)));
    }
}

/// A name as it may stand in a message.
fn shown(name: &str) -> Cow<'_, str> {
    if name.len() <= 80 && name.bytes().all(|b| b.is_ascii_graphic()) {
        return Cow::Borrowed(name);
    }
    Cow::Owned(name.chars().filter(|c| !c.is_control()).take(80).collect())
}

fn set<T>(slot: &mut Option<T>, read: Read<T>, candidate: &Candidate<'_, '_>, remarks: &mut Remarks) -> bool {
    match read {
        Read::Value(value) => {
            *slot = Some(value);
            matched(candidate, remarks);
            true
        }
        other => {
            unusable(&other, candidate, remarks);
            false
        }
    }
}

fn set_list(
    slot: &mut Vec<String>,
    read: Read<Vec<String>>,
    candidate: &Candidate<'_, '_>,
    remarks: &mut Remarks,
) -> bool {
    let mut found = None;
    let done = set(&mut found, read, candidate, remarks);
    slot.extend(found.into_iter().flatten());
    done
}

fn unusable<T>(read: &Read<T>, candidate: &Candidate<'_, '_>, remarks: &mut Remarks) {
    let (own, name) = (own_name(candidate.field), shown(candidate.name));
    match read {
        Read::Value(_) | Read::Nothing => {}
        Read::Placeholder => {
            remarks.add(
                DiagnosticCode::Placeholder,
                format!("{own} ({name}) holds a word for nothing: left out"),
            );
        }
        Read::Wrong(what) => {
            let date = matches!(candidate.field, FieldName::Published | FieldName::Fetched);
            let code = if date { DiagnosticCode::BadDate } else { DiagnosticCode::WrongType };
            remarks.add(code, format!("{own} ({name}) is {what}: left out"));
        }
    }
}
