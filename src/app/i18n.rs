//! Texts of the interface.
pub fn tr(text: &str) -> &str {
    text
}
pub fn tr_with(text: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text.to_owned(), |t, (k, v)| t.replace(&format!("{{{k}}}"), v))
}
pub const fn later(text: &'static str) -> &'static str {
    text
}
pub fn tr_message(message: &str) -> String {
    message.to_owned()
}
