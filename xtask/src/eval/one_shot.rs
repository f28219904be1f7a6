//! The baseline: the same model, asked once for the whole journey, and believed.
//!
//! It shows what the work of a draft by pieces, with proof, is worth. Nothing of it is in the product.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::Case;
use super::server::Server;

/// Longest material put into one question, in bytes: what fits a context of 8,192 tokens beside the answer.
const MATERIAL_BYTES_MAX: usize = 20_000;

/// A journey from one question, in the form that `custory draft --json` has.
pub fn draft(server: &Server, model: &str, chance: u32, case: &Case) -> Result<Value> {
    let mut names = Vec::new();
    let mut material = String::new();
    for path in case.files()? {
        let name = path.strip_prefix(&case.material)?.to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        material.push_str(&format!("\n=== {name}\n{text}\n"));
        names.push(name);
    }
    let end = (0..=MATERIAL_BYTES_MAX.min(material.len())).rfind(|it| material.is_char_boundary(*it));
    material.truncate(end.unwrap_or_default());
    let step = json!({
        "type": "object",
        "properties": {
            "source": { "type": "string", "enum": names },
            "quote": { "type": "string", "minLength": 1, "maxLength": 200 },
            "title": { "type": "string", "minLength": 1, "maxLength": 80 },
        },
        "required": ["source", "quote", "title"],
        "additionalProperties": false,
    });
    let schema = json!({
        "type": "object",
        "properties": { "steps": { "type": "array", "maxItems": 12, "items": step } },
        "required": ["steps"],
        "additionalProperties": false,
    });
    let prompt = format!(
        "List the steps that a customer takes with this product, in their order, as far as its material says so. \
         Each has the file that says it, a quote copied from that file letter for letter, and a title of a verb and \
         an object. Give none if the material says nothing of customers. Answer with JSON that follows {schema}\n\
         {material}"
    );
    let said = server.ask(model, chance, &prompt, &schema)?;
    let answer: Option<Value> = serde_json::from_str(&said.text).ok();
    let is_usable = said.is_whole && answer.is_some();
    let steps: Vec<Value> = answer
        .iter()
        .flat_map(|it| it["steps"].as_array().cloned().unwrap_or_default())
        .map(|it| {
            json!({
                "title": it["title"], "items": [], "from_model": true,
                "sources": [{ "source": it["source"], "quote": it["quote"] }],
            })
        })
        .collect();
    Ok(json!({
        "stages": [{ "steps": steps }],
        "notes": if is_usable { vec![] } else { vec!["The answer did not come to an end, or is not JSON."] },
        "model": {
            "name": model, "pieces": 1, "kept": 0, "unusable": usize::from(!is_usable), "mended": 0,
            "believed": steps.len(), "disbelieved": 0,
            "prompt_tokens": said.prompt_tokens, "answer_tokens": said.answer_tokens, "millis": 0,
        },
    }))
}
