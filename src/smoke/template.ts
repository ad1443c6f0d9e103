/** A piece of a text: as it stands, or an expression whose value belongs there. */
export type Part = { readonly text: string } | { readonly expression: string };

/**
 * The pieces of a text such as `http://${host}/healthz`.
 *
 * Of dollars before a brace two are one, so that `$${` is a literal `${` and `$$${price}` a dollar before a value. An
 * expression ends at the brace that closes its own, outside of the quotes of JMESPath.
 */
export function parseTemplate(text: string): { readonly parts: readonly Part[] } | { readonly fault: string } {
  const parts: Part[] = [];
  let literal = "";
  let from = 0;
  for (const found of text.matchAll(/(\$+)\{/g)) {
    if (found.index < from) continue;
    const [opening, dollars = ""] = found;
    literal += text.slice(from, found.index) + "$".repeat(Math.floor(dollars.length / 2));
    from = found.index + opening.length;
    if (dollars.length % 2 === 0) {
      literal += "{";
      continue;
    }
    if (text[from] === "{") return { fault: GITHUB };
    const end = findEnd(text, from);
    if (end === undefined) return { fault: "expected a } that closes ${, got none; a literal ${ is written $${" };
    const expression = text.slice(from, end).trim();
    if (expression === "") return { fault: "expected a name in ${}, got none; a literal ${ is written $${" };
    if (literal !== "") parts.push({ text: literal });
    parts.push({ expression });
    literal = "";
    from = end + 1;
  }
  literal += text.slice(from);
  return { parts: literal === "" ? parts : [...parts, { text: literal }] };
}

/** The text of which `parseTemplate` gives these pieces. */
export function renderTemplate(parts: readonly Part[]): string {
  return parts
    .map((part, index) => {
      if ("expression" in part) return `\${${part.expression}}`;
      const next = parts[index + 1];
      const doubled = part.text.replace(/\$+(?=\{)/g, "$&$&");
      return next !== undefined && "expression" in next ? doubled.replace(/\$+$/, "$&$&") : doubled;
    })
    .join("");
}

const GITHUB =
  "expected ${name}, got ${{ … }}, which GitHub fills in in workflows only: give the value by the input variables; a literal ${ is written $${";

/** Where the brace is that ends an expression. */
function findEnd(text: string, from: number): number | undefined {
  let depth = 0;
  let quote: string | undefined;
  for (let at = from; at < text.length; at += 1) {
    const letter = text[at];
    if (quote !== undefined) {
      if (letter === "\\") at += 1;
      else if (letter === quote) quote = undefined;
    } else if (letter === "'" || letter === '"' || letter === "`") quote = letter;
    else if (letter === "{") depth += 1;
    else if (letter === "}") {
      if (depth === 0) return at;
      depth -= 1;
    }
  }
  return undefined;
}
