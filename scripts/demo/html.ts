const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** A text as HTML shows it, in an element or in an attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character);
}

/**
 * JavaScript that may stand in a `<script>` element: what would end the element, or open a comment in which its end is
 * not seen, is written with an escape that means the same in strings and regular expressions.
 */
export function inlineScript(source: string): string {
  return source.replace(/<(?=\/script|!--|script)/gi, "\\x3c");
}
