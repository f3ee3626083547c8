//! Edits of the layers of corrections that lie over hands.

use super::super::history::Splice;
use super::super::marks::HandLayer;
use super::change::Change;
use super::{Edit, EditError};

impl Change<'_> {
    pub(super) fn edit_hands(&mut self, edit: &Edit) -> Result<(), EditError> {
        let marks = &mut self.project.marks;
        let place = |hands: &[HandLayer], id| hands.iter().position(|h| h.id == id).ok_or(EditError::NoMark);
        match edit {
            Edit::AddHandLayer(what) => {
                if what.broken_invariant().is_some() {
                    return Err(EditError::BadHandLayer);
                }
                let layer = HandLayer { id: marks.new_id(), what: (**what).clone() };
                let at = marks.hands.len();
                marks.hands.push(layer.clone());
                self.step.hands.extend(Splice::replacing(at, Vec::new(), vec![layer]));
            }
            Edit::SetHandLayer(layer) => {
                let at = place(&marks.hands, layer.id)?;
                if layer.what.broken_invariant().is_some() {
                    return Err(EditError::BadHandLayer);
                }
                let old = std::mem::replace(&mut marks.hands[at], (**layer).clone());
                self.step.hands.extend(Splice::replacing(at, vec![old], vec![(**layer).clone()]));
            }
            Edit::MoveHandLayer { layer, to } => {
                let at = place(&marks.hands, *layer)?;
                let old = marks.hands.clone();
                let moved = marks.hands.remove(at);
                marks.hands.insert((*to).min(marks.hands.len()), moved);
                self.step.hands.extend(Splice::replacing(0, old, marks.hands.clone()));
            }
            Edit::RemoveHandLayers(ids) => {
                if ids.iter().any(|id| marks.hand_layer(*id).is_none()) {
                    return Err(EditError::NoMark);
                }
                let old = marks.hands.clone();
                marks.hands.retain(|h| !ids.contains(&h.id));
                self.step.hands.extend(Splice::replacing(0, old, marks.hands.clone()));
            }
            _ => {}
        }
        Ok(())
    }
}
