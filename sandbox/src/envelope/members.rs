//! Writing an envelope's members in the order they are given.

/// A JSON object's text in the making.
#[derive(Debug, Default)]
pub struct Members(Vec<String>);

impl Members {
    /// Adds a string.
    pub fn string(&mut self, name: &str, text: &str) -> &mut Self {
        let text = serde_json::Value::from(text).to_string();
        self.raw(name, &text)
    }

    /// Adds a value that is JSON text. The name holds nothing to escape.
    pub fn raw(&mut self, name: &str, json: &str) -> &mut Self {
        self.0.push(format!("\"{name}\":{json}"));
        self
    }

    /// The object's text.
    pub fn text(&self) -> String {
        format!("{{{}}}", self.0.join(","))
    }
}
