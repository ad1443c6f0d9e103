const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  // A parser would make a space of them in an attribute.
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

/** A text for an element or an attribute of XML 1.0, without the characters that it has no way to write. */
export function escapeXml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a program's output
      .replace(/\u001B\[[0-9;?]*[ -/]*[@-~]/g, "")
      // https://www.w3.org/TR/xml/#charsets, halves of characters included.
      .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
      .replace(/[&<>"'\t\n\r]/g, (character) => ENTITIES[character] ?? character)
  );
}
