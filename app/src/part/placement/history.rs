//! Steps that can be taken back: one for a drag, one for a key that is held, unlimited in number. Pure.

/// What made a step; strokes of one kind that follow each other quickly are one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stroke {
    /// A step of its own.
    Once,
    /// An arrow key moved the box with this number.
    Move(u32),
    /// An arrow key resized it.
    Resize(u32),
}

/// How soon the next stroke of the same kind must follow to belong to the same step, in milliseconds.
const SOON: f64 = 350.0;

/// States before and after the present one.
#[derive(Debug, Clone)]
pub struct History<T> {
    undo: Vec<T>,
    redo: Vec<T>,
    last: Option<(Stroke, f64)>,
}

impl<T> Default for History<T> {
    fn default() -> Self {
        Self {
            undo: Vec::new(),
            redo: Vec::new(),
            last: None,
        }
    }
}

impl<T: PartialEq> History<T> {
    /// Keeps the state before a change. `repeat` is true for a key that is held down, `now` in milliseconds.
    pub fn record(&mut self, before: T, stroke: Stroke, repeat: bool, now: f64) {
        let same = stroke != Stroke::Once
            && self
                .last
                .is_some_and(|(last, at)| last == stroke && (repeat || now - at < SOON));
        if !same && self.undo.last() != Some(&before) {
            self.undo.push(before);
        }
        self.redo.clear();
        self.last = Some((stroke, now));
    }

    /// The state before `present`.
    pub fn undo(&mut self, present: T) -> Option<T> {
        let before = self.undo.pop()?;
        self.redo.push(present);
        self.last = None;
        Some(before)
    }

    /// The state that was taken back.
    pub fn redo(&mut self, present: T) -> Option<T> {
        let after = self.redo.pop()?;
        self.undo.push(present);
        self.last = None;
        Some(after)
    }

    /// Forgets the last step, whose state is the present one again.
    pub fn forget_last(&mut self) {
        self.undo.pop();
        self.last = None;
    }

    /// Whether there is something to take back.
    pub const fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    /// Whether there is something to make again.
    pub const fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn steps_go_back_and_forth_and_a_new_one_forgets_what_was_taken_back() {
        let mut history = History::default();
        history.record(0, Stroke::Once, false, 0.0);
        history.record(1, Stroke::Once, false, 0.0);
        assert_eq!(history.undo(2), Some(1));
        assert_eq!(history.undo(1), Some(0));
        assert_eq!(history.undo(0), None);
        assert_eq!(history.redo(0), Some(1));
        history.record(1, Stroke::Once, false, 0.0);
        assert!(!history.can_redo());
        assert_eq!(history.undo(9), Some(1));
        assert_eq!(history.undo(1), Some(0));
    }

    #[wasm_bindgen_test]
    fn a_key_that_is_held_is_one_step() {
        let mut history = History::default();
        history.record(0, Stroke::Move(1), false, 0.0);
        for at in 1..50 {
            history.record(at, Stroke::Move(1), true, f64::from(at) * 400.0);
        }
        assert_eq!(history.undo(50), Some(0));
        assert!(!history.can_undo());
    }

    #[wasm_bindgen_test]
    fn quick_presses_are_one_step_slow_ones_several_and_another_kind_always_a_new_one() {
        let mut history = History::default();
        history.record(0, Stroke::Move(1), false, 0.0);
        history.record(1, Stroke::Move(1), false, 200.0);
        history.record(2, Stroke::Resize(1), false, 300.0);
        history.record(3, Stroke::Move(1), false, 350.0);
        history.record(4, Stroke::Move(1), false, 1_350.0);
        let mut seen = vec![5];
        while let Some(before) = history.undo(*seen.last().expect("one")) {
            seen.push(before);
        }
        assert_eq!(seen, [5, 4, 3, 2, 0]);
    }

    #[wasm_bindgen_test]
    fn a_change_that_changed_nothing_makes_no_second_step() {
        let mut history = History::default();
        history.record(7, Stroke::Once, false, 0.0);
        history.record(7, Stroke::Once, false, 0.0);
        assert_eq!(history.undo(7), Some(7));
        assert_eq!(history.undo(7), None);
    }
}
