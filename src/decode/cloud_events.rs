//! CloudEvents 1.0 on Kafka: binary (attributes in `ce_*` headers) and structured (one JSON document).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use khabar_enrich::{Article, DiagnosticCode};

use super::json::value::Value;
use super::moments;
use super::remarks::Remarks;
use crate::envelope::{Headers, Reason, Reject};

/// The attributes of an event that say something of the article in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    id: String,
    source: String,
    time: Option<String>,
    /// What the data are.
    pub content_type: Option<String>,
}

/// The data of a structured event.
#[derive(Debug, PartialEq)]
pub enum Data<'a> {
    /// JSON in the event itself.
    Json(Value<'a>),
    /// A string, of the event's content type.
    Text(String),
    /// Bytes that were in base64.
    Bytes(Vec<u8>),
}

/// The event of binary mode, when the headers say that there is one.
///
/// # Errors
/// A required attribute is absent.
pub fn binary(headers: &Headers) -> Result<Option<Event>, Reject> {
    let Some(version) = headers.get_str("ce_specversion") else { return Ok(None) };
    let attribute = |name: &str| headers.get_str(name).map(str::to_owned);
    let content_type = attribute("content-type").or_else(|| attribute("ce_datacontenttype"));
    checked(Some(version), attribute("ce_id"), attribute("ce_source"), attribute("ce_type"), |id, source| {
        Event { id, source, time: attribute("ce_time"), content_type }
    })
    .map(Some)
}

/// Splits a structured event into its attributes and its data.
///
/// # Errors
/// No event, a required attribute is absent, or no data.
pub fn structured(root: Value<'_>) -> Result<(Event, Data<'_>), Reject> {
    let text = |key: &str| root.get(key).and_then(Value::as_str).map(str::to_owned);
    let (time, content_type) = (text("time"), text("datacontenttype"));
    let version = text("specversion");
    let event = checked(version.as_deref(), text("id"), text("source"), text("type"), |id, source| Event {
        id,
        source,
        time,
        content_type,
    })?;
    let Value::Object(members) = root else { return Err(invalid("it is no JSON object")) };
    let mut data = None;
    for (key, value) in members {
        match (key.as_ref(), value) {
            ("data" | "data_base64", Value::Null) => {}
            ("data", Value::Str(text)) => data = Some(Data::Text(text.into_owned())),
            ("data", value) => data = Some(Data::Json(value)),
            ("data_base64", Value::Str(text)) => {
                let bytes =
                    STANDARD.decode(text.as_bytes()).map_err(|_| invalid("data_base64 is no base64"))?;
                data = Some(Data::Bytes(bytes));
            }
            ("data_base64", _) => return Err(invalid("data_base64 is no string")),
            _ => {}
        }
    }
    data.map(|data| (event, data)).ok_or_else(|| invalid("it has no data"))
}

fn checked(
    version: Option<&str>,
    id: Option<String>,
    source: Option<String>,
    kind: Option<String>,
    event: impl FnOnce(String, String) -> Event,
) -> Result<Event, Reject> {
    match version {
        Some("1.0" | "0.3") => {}
        Some(_) => return Err(invalid("its specversion is not 1.0")),
        None => return Err(invalid("specversion is absent")),
    }
    let present = |value: Option<String>, name: &str| {
        value.filter(|v| !v.is_empty()).ok_or_else(|| invalid(&format!("{name} is absent")))
    };
    let _ = present(kind, "type")?;
    Ok(event(present(id, "id")?, present(source, "source")?))
}

fn invalid(what: &str) -> Reject {
    Reject::new(Reason::InvalidCloudEvent, format!("no CloudEvent: {what}"))
}

impl Event {
    /// Gives an article what only its event knows: an identity (source and id together, as only both
    /// are unique) where it has neither id nor URL of its own, and a time at which it was fetched.
    pub fn complete(&self, article: &mut Article, remarks: &mut Remarks) {
        if article.id.is_none() && article.url.is_none() {
            article.id = Some(format!("{}#{}", self.source, self.id));
            remarks.add(DiagnosticCode::FieldAlias, "id from the event's source and id");
        }
        if let (None, Some(time)) = (&article.fetched, &self.time) {
            article.fetched = moments::parse(time);
            match article.fetched {
                Some(_) => remarks.add(DiagnosticCode::FieldAlias, "fetched from the event's time"),
                None => remarks
                    .add(DiagnosticCode::BadDate, "the event's time is no date that can be read: left out"),
            }
        }
    }
}
