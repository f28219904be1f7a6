//! Something to do later: what a menu entry or a toast's button does.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

/// Something to do. Unlike a component's callback it outlives the component that thought of it.
#[derive(Clone)]
pub struct Run(Rc<RefCell<dyn FnMut()>>);

impl Run {
    /// Does `act` whenever it is called.
    pub fn new(act: impl FnMut() + 'static) -> Self {
        Self(Rc::new(RefCell::new(act)))
    }

    /// Does it. What it does must not do it again.
    pub fn call(&self) {
        (self.0.borrow_mut())();
    }
}

impl PartialEq for Run {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Run")
    }
}
