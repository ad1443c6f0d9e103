/** One element with a text, or with elements that are XML already; empty ones are kept, as Azure does. */
export function element(name: string, content: string | readonly string[]): string {
  return `<${name}>${typeof content === "string" ? escapeXml(content) : content.join("")}</${name}>`;
}

/** A whole document, with the mark that Azure begins with. */
export function document(root: string): string {
  return `\uFEFF<?xml version="1.0" encoding="utf-8"?>${root}`;
}

export function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
