//! Something to do later: what a menu entry or a toast's button does.

use std::fmt;
use std::rc::Rc;

/// Something to do. Unlike a component's callback it outlives the component that thought of it.
#[derive(Clone)]
pub struct Run(Rc<dyn Fn()>);

impl Run {
    /// Does `act` whenever it is called.
    pub fn new(act: impl Fn() + 'static) -> Self {
        Self(Rc::new(act))
    }

    /// Does it.
    pub fn call(&self) {
        (self.0)();
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
