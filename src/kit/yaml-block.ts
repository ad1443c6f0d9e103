import { type Document, parseDocument, visit } from "yaml";
import { Expected, type Input, type InputOptions } from "./input.ts";

/**
 * A YAML mapping given as a block. It has a file of its own, so that only actions that take one load the parser.
 *
 * Errors carry the line and column inside the block.
 */
export function yamlBlock<const O extends InputOptions>(options: O): Input<Readonly<Record<string, unknown>>, true> {
  const read = (text: string): Readonly<Record<string, unknown>> => {
    const document = parseDocument(text, { uniqueKeys: true, prettyErrors: true });
    const [problem] = document.errors;
    if (problem !== undefined) {
      const at = problem.linePos?.[0];
      const place = at === undefined ? "" : ` at line ${at.line}, column ${at.col}`;
      throw new Expected(`YAML, but${place}: ${problem.message.split("\n")[0]}`);
    }
    const value = withoutAliases(document);
    if (value === null || value === undefined) return {};
    if (typeof value !== "object" || Array.isArray(value)) throw new Expected("a YAML mapping (key: value)");
    return value as Readonly<Record<string, unknown>>;
  };
  return { ...options, kind: "YAML", secret: false, emptyIsValue: true, read };
}

/** Aliases could blow a small text up to gigabytes, and nobody needs them in a block of inputs. */
function withoutAliases(document: Document): unknown {
  visit(document, {
    Alias: () => {
      throw new Expected("YAML without aliases (*name)");
    },
  });
  return document.toJS();
}
