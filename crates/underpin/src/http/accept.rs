//! Which of two forms whoever asks would rather have, by the header Accept. Not a whole content
//! negotiation: there are two forms, and plain JSON goes to everybody who does not name the other.

use axum::http::{HeaderMap, header};

/// The media type of the draft "Health Check Response Format for HTTP APIs" (inadarei-api-health-check).
pub(super) const HEALTH_JSON: &str = "application/health+json";

/// A form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Our own names, as `application/json`.
    Plain,
    /// [`HEALTH_JSON`].
    Standard,
}

impl Form {
    /// The form that a request asks for.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
        let (mut plain, mut standard) = (0, 0);
        for range in values.flat_map(|value| value.split(',')) {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let weight = weight(parts);
            if name.eq_ignore_ascii_case(HEALTH_JSON) {
                standard = weight;
            } else if name.eq_ignore_ascii_case("application/json") {
                plain = weight;
            }
        }
        if standard > 0 && standard >= plain { Self::Standard } else { Self::Plain }
    }
}

/// The weight of a media range in thousandths; what can't be read counts as not said.
fn weight<'a>(mut parameters: impl Iterator<Item = &'a str>) -> u16 {
    let value = parameters.find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then_some(value)
    });
    let weight: f32 = value.and_then(|value| value.trim().parse().ok()).unwrap_or(1.0);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it lies between 0 and 1000")]
    let thousandths = (weight.clamp(0.0, 1.0) * 1_000.0) as u16;
    thousandths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_form_is_for_those_who_name_it() {
        for (accept, form) in [
            (&[][..], Form::Plain),
            (&["*/*"], Form::Plain),
            (&["application/json"], Form::Plain),
            (&["application/health+json"], Form::Standard),
            (&["Application/Health+JSON; charset=utf-8"], Form::Standard),
            (&["application/health+json, application/json;q=0.9"], Form::Standard),
            (&["application/json", "application/health+json;q=0.5"], Form::Plain),
            (&["text/html, application/health+json; q=0.1, */*"], Form::Standard),
            (&["application/health+json;q=0"], Form::Plain),
            (&["application/health+json;q=nonsense"], Form::Standard),
        ] {
            let mut headers = HeaderMap::new();
            for value in accept {
                headers.append(header::ACCEPT, value.parse().expect("a header"));
            }
            assert_eq!(Form::of(&headers), form, "{accept:?}");
        }
    }
}
