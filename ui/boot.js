// Starts the interface. A file of its own because the content security policy allows no inline script.
import init from "/custory-ui.js";

// The theme of the last start, so that the first frame is not of the wrong one; the interface
// itself decides as soon as it knows the preferences.
const theme = localStorage.getItem("theme");
if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;

init({ module_or_path: "/custory-ui_bg.wasm" });
