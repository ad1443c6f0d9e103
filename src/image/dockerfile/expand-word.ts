/** A word with its variables put in, or why that cannot be done without guessing. */
export type Expanded = { readonly text: string } | { readonly because: string };

/**
 * Puts variables into a word of a Dockerfile and takes its quotes away, as BuildKit does (frontend/dockerfile/shell). What
 * has no value there becomes nothing; here it is a doubt, since nobody means it.
 *
 * @param escapeSign the Dockerfile's escape character.
 */
export function expandWord(word: string, find: (name: string) => string | undefined, escapeSign: string): Expanded {
  let text = "";
  let quoted = false;
  for (let at = 0; at < word.length; at += 1) {
    const letter = word.charAt(at);
    if (letter === "'" && !quoted) {
      const end = word.indexOf("'", at + 1);
      if (end < 0) return { because: `${word} has a quote without its partner` };
      text += word.slice(at + 1, end);
      at = end;
    } else if (letter === '"') {
      quoted = !quoted;
    } else if (letter === escapeSign && (!quoted || /["$\\`]/.test(word.charAt(at + 1)))) {
      at += 1;
      text += word.charAt(at);
    } else if (letter === "$") {
      const found = readVariable(word.slice(at));
      if (found === undefined) return { because: `${word} has a variable in a form that is not known` };
      const value = replace(found, find, escapeSign);
      if ("because" in value) return value;
      text += value.text;
      at += found.length - 1;
    } else {
      text += letter;
    }
  }
  return quoted ? { because: `${word} has a quote without its partner` } : { text };
}

interface Variable {
  readonly name: string;
  /** `:-`, `-`, `:+` or `+`; empty without one. */
  readonly modifier: string;
  readonly word: string;
  /** Letters of the whole. */
  readonly length: number;
}

function readVariable(text: string): Variable | undefined {
  const plain = /^\$(\w+)/.exec(text);
  if (plain !== null) return { name: plain[1] ?? "", modifier: "", word: "", length: plain[0].length };
  if (!text.startsWith("${")) return { name: "", modifier: "", word: "", length: 1 };
  const [, name, modifier = "", rest = ""] = /^\$\{(\w+)(:?[-+])?(.*)$/s.exec(text) ?? [];
  if (name === undefined) return undefined;
  // The word may hold variables of its own.
  let depth = 1;
  const end = [...rest].findIndex((letter, index) => {
    if (letter === "{" && rest.charAt(index - 1) === "$") depth += 1;
    if (letter === "}") depth -= 1;
    return depth === 0;
  });
  if (end < 0 || (modifier === "" && end > 0)) return undefined;
  return { name, modifier, word: rest.slice(0, end), length: text.length - rest.length + end + 1 };
}

function replace(variable: Variable, find: (name: string) => string | undefined, escapeSign: string): Expanded {
  const { name, modifier, word } = variable;
  if (name === "") return { text: "$" };
  const value = find(name);
  // With a colon, an empty value is none.
  const given = value !== undefined && !(modifier.startsWith(":") && value === "");
  if (modifier.endsWith("+")) return given ? expandWord(word, find, escapeSign) : { text: "" };
  if (given) return { text: value };
  if (modifier.endsWith("-")) return expandWord(word, find, escapeSign);
  return {
    because: PLATFORM.test(name)
      ? `${name} is only known to the builder: name the platforms under "platforms"`
      : `${name} has no value: give it one under "build-args", or a default (ARG ${name}=…)`,
  };
}

const PLATFORM = /^(?:BUILD|TARGET)(?:PLATFORM|OS|ARCH|VARIANT)$/;
