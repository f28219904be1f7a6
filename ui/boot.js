// Starts the interface. A file of its own because the content security policy allows no inline script.
import init from "/custory-ui.js";

// The theme of the last start, so that the first frame is not of the wrong one; the interface
// itself decides as soon as it knows the preferences.
const theme = localStorage.getItem("theme");
if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;

// The map knows how high its cards are by asking the font; so the font has to be there first.
await Promise.all(['520 12px "Inter Custory"', '430 11.5px "Inter Custory"'].map((font) => document.fonts.load(font)));

await init({ module_or_path: "/custory-ui_bg.wasm" });
