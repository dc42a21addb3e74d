//! What a visitor does: scrolls, types, chooses, presses.
//!
//! Keys and clicks are real input where Chrome has it, so that pages hear what they hear from people. The
//! few scripts run in a world of their own, whose functions the page cannot replace. It must not know why
//! anything is done.

use std::time::Duration;

use serde_json::{Value, json};

use super::session::{Session, lock};
use super::wire::WireError;
use crate::artifact::Dom;

/// An element, as Chrome finds it.
#[derive(Debug, Clone)]
pub struct Handle {
    session: String,
    frame: String,
    node: i64,
}

/// How a click went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clicked {
    /// Where a visitor would have clicked.
    Yes,
    /// Something lies over it, or it has no place; it was pressed as a keyboard would.
    Covered,
    /// It is not there any more.
    Gone,
}

/// One act may take this long; a page that is busy with it goes on by itself.
const ACT: Duration = Duration::from_secs(3);
/// A page is scrolled through for this long at most, in milliseconds.
const SCROLLING: u32 = 4_000;

impl Session {
    /// Where an element of the last snapshot lives.
    pub fn handle(&self, dom: &Dom, document: usize, node: i64) -> Option<Handle> {
        let document = dom.documents.get(document)?;
        Some(Handle {
            session: lock(&self.children).source(document.source)?,
            frame: document.frame.clone(),
            node,
        })
    }

    /// Scrolls down through the page and back to the top. Gives how far it went, in CSS pixels.
    ///
    /// # Errors
    /// Where the page does not answer.
    pub async fn scroll_through(&self) -> Result<f64, WireError> {
        let script = format!(
            "(async () => {{ \
             const root = document.scrollingElement || document.documentElement; \
             const end = Date.now() + {SCROLLING}; let y = 0; \
             const pause = () => new Promise(go => {{ const late = setTimeout(go, 60); \
               requestAnimationFrame(() => setTimeout(() => {{ clearTimeout(late); go(); }}, 10)); }}); \
             while (y < root.scrollHeight - innerHeight && Date.now() < end) {{ \
               y += innerHeight * 0.9; scrollTo({{ top: y, behavior: 'instant' }}); await pause(); }} \
             await pause(); scrollTo({{ top: 0, behavior: 'instant' }}); await pause(); return y; }})()"
        );
        let gone = self.evaluate(&script).await?;
        Ok(gone.as_f64().unwrap_or_default())
    }

    /// Types into a field as a visitor would: what stood there is replaced, the last key is a key.
    ///
    /// # Errors
    /// Where the element is gone or Chrome does not answer.
    pub async fn type_into(&self, field: &Handle, text: &str) -> Result<(), WireError> {
        self.focus(field).await?;
        let mut rest: Vec<char> = text.chars().collect();
        let last = rest.pop();
        let rest: String = rest.into_iter().collect();
        let select = json!({ "type": "rawKeyDown", "commands": ["selectAll"] });
        let mut calls = vec![("Input.dispatchKeyEvent", select)];
        if !rest.is_empty() {
            calls.push(("Input.insertText", json!({ "text": rest })));
        }
        if let Some(last) = last {
            let key = last.to_string();
            calls.push((
                "Input.dispatchKeyEvent",
                json!({ "type": "keyDown", "key": key, "text": key }),
            ));
            calls.push((
                "Input.dispatchKeyEvent",
                json!({ "type": "keyUp", "key": key }),
            ));
        }
        self.together(&field.session, &calls).await
    }

    /// Leaves the field that has the focus, as the tabulator does.
    ///
    /// # Errors
    /// Where Chrome does not answer.
    pub async fn leave_field(&self, field: &Handle) -> Result<(), WireError> {
        let key = |kind: &str| json!({ "type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9 });
        let calls = [
            ("Input.dispatchKeyEvent", key("rawKeyDown")),
            ("Input.dispatchKeyEvent", key("keyUp")),
        ];
        self.together(&field.session, &calls).await
    }

    /// Puts a value that is not typed letter by letter: a date, a colour, a place on a scale.
    ///
    /// # Errors
    /// Where the element is gone or Chrome does not answer.
    pub async fn set_value(&self, field: &Handle, value: &str) -> Result<(), WireError> {
        let script = "function (value) { this.focus(); this.value = value; \
            for (const name of ['input', 'change']) \
              this.dispatchEvent(new Event(name, { bubbles: true })); this.blur(); }";
        self.call_on(field, script, &json!([{ "value": value }]))
            .await
            .map(|_| ())
    }

    /// Chooses an option of a select, by its place.
    ///
    /// # Errors
    /// Where the element is gone or Chrome does not answer.
    pub async fn choose(&self, select: &Handle, option: usize) -> Result<(), WireError> {
        let script = "function (at) { this.focus(); this.selectedIndex = at; \
            for (const name of ['input', 'change']) \
              this.dispatchEvent(new Event(name, { bubbles: true })); this.blur(); }";
        self.call_on(select, script, &json!([{ "value": option }]))
            .await
            .map(|_| ())
    }

    /// Presses an element: at its middle where nothing lies over it, else as a keyboard would.
    ///
    /// # Errors
    /// Where Chrome does not answer.
    pub async fn click(&self, element: &Handle) -> Result<Clicked, WireError> {
        match self.place_to_click(element).await {
            Ok(Some((x, y))) => {
                let mouse = |kind: &str, button: &str| json!({ "type": kind, "x": x, "y": y, "button": button, "clickCount": 1 });
                let calls = [
                    ("Input.dispatchMouseEvent", mouse("mouseMoved", "none")),
                    ("Input.dispatchMouseEvent", mouse("mousePressed", "left")),
                    ("Input.dispatchMouseEvent", mouse("mouseReleased", "left")),
                ];
                // A page that waits for its own request does not answer, and has got the click.
                match self.together(&element.session, &calls).await {
                    Ok(()) | Err(WireError::Deadline(_)) => Ok(Clicked::Yes),
                    Err(e) => Err(e),
                }
            }
            Ok(None) => self.press_as_keyboard(element).await,
            Err(WireError::Refused(..)) => self.press_as_keyboard(element).await,
            Err(e) => Err(e),
        }
    }

    async fn press_as_keyboard(&self, element: &Handle) -> Result<Clicked, WireError> {
        let script = "function () { this.click(); }";
        match self.call_on(element, script, &json!([])).await {
            Ok(_) | Err(WireError::Deadline(_)) => Ok(Clicked::Covered),
            Err(WireError::Refused(..)) => Ok(Clicked::Gone),
            Err(e) => Err(e),
        }
    }

    /// The middle of an element in the window, where a click reaches it and nothing else.
    async fn place_to_click(&self, element: &Handle) -> Result<Option<(f64, f64)>, WireError> {
        // Places within a frame of another process are counted from its own corner.
        if element.session != self.id {
            return Ok(None);
        }
        let node = json!({ "backendNodeId": element.node });
        let session = Some(element.session.as_str());
        self.wire
            .call_raw(session, "DOM.scrollIntoViewIfNeeded", &node, ACT)
            .await?;
        let quads = self
            .wire
            .call_raw(session, "DOM.getContentQuads", &node, ACT)
            .await?;
        let quads: Value = serde_json::from_str(quads.get()).unwrap_or_default();
        let corners: Vec<f64> = quads
            .pointer("/quads/0")
            .and_then(Value::as_array)
            .map_or_else(Vec::new, |quad| {
                quad.iter().filter_map(Value::as_f64).collect()
            });
        let [x1, y1, _, _, x3, y3, _, _] = corners[..] else {
            return Ok(None);
        };
        let (x, y) = ((x1 + x3) / 2.0, (y1 + y3) / 2.0);
        let script = "function (x, y) { const own = [this]; \
            for (let root = this.getRootNode(); root && root.host; root = root.host.getRootNode()) \
              own.push(root.host); \
            const at = document.elementFromPoint(x, y); if (!at) return false; \
            if (own.some(e => e === at || e.contains(at))) return true; \
            const label = at.closest('label'); return !!label && label.control === this; }";
        // Inside a frame the point is another one; there the hit cannot be told this way.
        if element.frame != self.main_frame {
            return Ok(Some((x, y)));
        }
        let hit = self
            .call_on(element, script, &json!([{ "value": x }, { "value": y }]))
            .await?;
        Ok((hit != Value::Bool(false)).then_some((x, y)))
    }

    async fn focus(&self, element: &Handle) -> Result<(), WireError> {
        let node = json!({ "backendNodeId": element.node });
        self.wire
            .call_raw(Some(&element.session), "DOM.focus", &node, ACT)
            .await
            .map(|_| ())
    }

    /// The fields of a form that the browser itself calls invalid: name, id and its words.
    pub async fn invalid_fields(&self, form: &Handle) -> Vec<[String; 3]> {
        let script = "function () { return JSON.stringify([...this.querySelectorAll(':invalid')] \
            .filter(e => e.willValidate).slice(0, 50) \
            .map(e => [e.name || '', e.id || '', e.validationMessage || ''])); }";
        let told = self.call_on(form, script, &json!([])).await;
        told.ok()
            .and_then(|value| serde_json::from_str(value.as_str()?).ok())
            .unwrap_or_default()
    }

    /// A form that would open another window is sent in this one: a new window would be refused unseen.
    pub async fn keep_in_window(&self, form: &Handle) {
        let script = "function () { for (const at of [this, ...this.querySelectorAll('[formtarget]')]) { \
            at.removeAttribute('target'); at.removeAttribute('formtarget'); } }";
        let _ = self.call_on(form, script, &json!([])).await;
    }

    /// Evaluates an expression in our world of the main frame.
    ///
    /// # Errors
    /// Where there is no such world yet, or the page does not answer.
    pub(super) async fn evaluate(&self, expression: &str) -> Result<Value, WireError> {
        const METHOD: &str = "Runtime.evaluate";
        let world = lock(&self.children).world(&self.main_frame);
        let Some((session, context)) = world else {
            let why = "the page has no world of ours yet".to_string();
            return Err(WireError::Refused(METHOD, why));
        };
        let params = json!({ "expression": expression, "contextId": context,
            "returnByValue": true, "awaitPromise": true });
        let deadline = ACT + Duration::from_millis(u64::from(SCROLLING));
        let raw = self
            .wire
            .call_raw(Some(&session), METHOD, &params, deadline)
            .await?;
        let answer: Value = serde_json::from_str(raw.get()).unwrap_or_default();
        Ok(answer.pointer("/result/value").cloned().unwrap_or_default())
    }

    /// Calls a function of ours with an element as `this`, in our world of its frame.
    async fn call_on(
        &self,
        element: &Handle,
        script: &str,
        arguments: &Value,
    ) -> Result<Value, WireError> {
        let world = lock(&self.children).world(&element.frame);
        let mut node = json!({ "backendNodeId": element.node });
        if let Some((_, context)) = world.filter(|(session, _)| *session == element.session) {
            node["executionContextId"] = json!(context);
        }
        let session = Some(element.session.as_str());
        let object = self
            .wire
            .call_raw(session, "DOM.resolveNode", &node, ACT)
            .await?;
        let object: Value = serde_json::from_str(object.get()).unwrap_or_default();
        let params = json!({ "objectId": object.pointer("/object/objectId"),
            "functionDeclaration": script, "arguments": arguments, "returnByValue": true });
        let raw = self
            .wire
            .call_raw(session, "Runtime.callFunctionOn", &params, ACT)
            .await?;
        let answer: Value = serde_json::from_str(raw.get()).unwrap_or_default();
        Ok(answer.pointer("/result/value").cloned().unwrap_or_default())
    }

    /// Sends calls one behind the other without waiting in between.
    async fn together(
        &self,
        session: &str,
        calls: &[(&'static str, Value)],
    ) -> Result<(), WireError> {
        let sent = calls
            .iter()
            .map(|(method, params)| self.wire.call_raw(Some(session), method, params, ACT));
        let answers = futures_util::future::join_all(sent).await;
        answers
            .into_iter()
            .find_map(Result::err)
            .map_or(Ok(()), Err)
    }
}
