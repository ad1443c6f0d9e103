// Draws the pictures, again when the colours change, and opens what a link points into.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const pictures = [...document.querySelectorAll("pre.mermaid")].map((element) => ({
    element,
    source: element.textContent,
  }));

  async function draw() {
    const { mermaid } = globalThis;
    const theme = dark.matches ? "dark" : "default";
    mermaid.initialize({ startOnLoad: false, securityLevel: "strict", theme, fontFamily: "inherit" });
    for (const [index, { element, source }] of pictures.entries()) {
      try {
        const { svg } = await mermaid.render(`picture-${index}`, source, element);
        element.innerHTML = svg;
        element.classList.add("drawn");
      } catch (error) {
        element.textContent = `Unable to render rich display\n\n${error.message}\n\n${source}`;
        element.classList.add("unreadable");
      }
    }
    document.body.dataset.drawn = String(document.querySelectorAll("pre.mermaid.drawn").length);
  }

  function openTarget() {
    let element = document.getElementById(location.hash.slice(1));
    if (element === null) return;
    const target = element;
    for (; element !== null; element = element.parentElement) {
      if (element.matches("details")) element.open = true;
    }
    target.scrollIntoView();
  }

  addEventListener("hashchange", openTarget);
  openTarget();
  dark.addEventListener("change", () => void draw());
  void draw();
})();
