import { data, Evaluator, Lexer, Parser } from "@actions/expressions";

type FunctionDefinition =
  NonNullable<ConstructorParameters<typeof Evaluator>[2]> extends Map<string, infer F> ? F : never;

/** Context name to plain value: what the expression may name. Any other name is an error, as on GitHub. */
export type Contexts = Readonly<Record<string, unknown>>;

/** The answers of the status functions in a condition. */
export interface StatusFunctions {
  readonly success: boolean;
  readonly failure: boolean;
  readonly cancelled: boolean;
}

/** Turns plain JSON-like data into the evaluator's own. */
export function toData(value: unknown): data.ExpressionData {
  return JSON.parse(JSON.stringify(value ?? null), data.reviver) as data.ExpressionData;
}

/** Turns the evaluator's data into plain values. */
export function fromData(value: data.ExpressionData): unknown {
  return JSON.parse(JSON.stringify(value, data.replacer));
}

const hashFiles: FunctionDefinition = {
  name: "hashFiles",
  minArgs: 1,
  maxArgs: 255,
  call: () => {
    throw new Error("hashFiles() is not supported by this runner harness");
  },
};

function statusDefinitions(status: StatusFunctions): FunctionDefinition[] {
  const define = (name: string, answer: boolean): FunctionDefinition => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(answer),
  });
  return [
    define("success", status.success),
    define("failure", status.failure),
    define("cancelled", status.cancelled),
    define("always", true),
  ];
}

/** Evaluates one expression (without `${{ }}`) with GitHub's own evaluator; throws its message and the expression. */
export function evaluate(expression: string, contexts: Contexts, status?: StatusFunctions): data.ExpressionData {
  try {
    const { tokens } = new Lexer(expression).lex();
    const functions = [hashFiles, ...(status === undefined ? [] : statusDefinitions(status))];
    const tree = new Parser(tokens, Object.keys(contexts), functions).parse();
    // Only the contexts that are named: an event payload can be large.
    const named = new Set(tokens.map((token) => token.lexeme.toLowerCase()));
    const values = new data.Dictionary();
    for (const [key, value] of Object.entries(contexts)) {
      if (named.has(key.toLowerCase())) values.add(key, toData(value ?? {}));
    }
    return new Evaluator(tree, values, new Map(functions.map((f) => [f.name.toLowerCase(), f]))).evaluate();
  } catch (error) {
    throw new Error(`Cannot evaluate "${expression.trim()}": ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}

interface TemplatePart {
  readonly expression: boolean;
  readonly text: string;
}

/** Cuts a text at its `${{ }}`; a `}}` inside a quoted string does not end an expression. */
function parseTemplate(template: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let at = 0;
  for (;;) {
    const start = template.indexOf("${{", at);
    if (start < 0) break;
    if (start > at) parts.push({ expression: false, text: template.slice(at, start) });
    let quoted = false;
    let end = start + 3;
    while (quoted || !template.startsWith("}}", end)) {
      if (end >= template.length) throw new Error(`The expression is not closed: ${template.slice(start)}`);
      if (template[end] === "'") quoted = !quoted;
      end += 1;
    }
    parts.push({ expression: true, text: template.slice(start + 3, end) });
    at = end + 2;
  }
  if (at < template.length) parts.push({ expression: false, text: template.slice(at) });
  return parts;
}

/** A template's value: of its one expression as it is, else the text with every expression as text. */
export function evaluateTemplate(template: string, contexts: Contexts, status?: StatusFunctions): data.ExpressionData {
  const parts = parseTemplate(template);
  const [only] = parts;
  if (parts.length === 1 && only?.expression === true) return evaluate(only.text, contexts, status);
  const texts = parts.map((part) =>
    part.expression ? evaluate(part.text, contexts, status).coerceString() : part.text,
  );
  return new data.StringData(texts.join(""));
}

/** A template as text. */
export function interpolate(template: string, contexts: Contexts): string {
  return evaluateTemplate(template, contexts).coerceString();
}

/** Evaluates every template in a tree of plain values, as GitHub does with `matrix`. */
export function evaluateTree(value: unknown, contexts: Contexts): unknown {
  if (typeof value === "string") return fromData(evaluateTemplate(value, contexts));
  if (Array.isArray(value)) return value.map((item) => evaluateTree(item, contexts));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, evaluateTree(item, contexts)]));
  }
  return value;
}

/** Whether an `if` holds. One that names no status function means `success() && (…)`. */
export function holds(condition: string | boolean, contexts: Contexts, status: StatusFunctions): boolean {
  const text = typeof condition === "boolean" ? String(condition) : condition.trim();
  const template = text.includes("${{") ? text : `\${{ ${text === "" ? "success()" : text} }}`;
  if (!namesStatus(template) && !status.success) return false;
  const value = evaluateTemplate(template, contexts, status);
  // The evaluator's own idea of truth, which a double negation asks for.
  return fromData(evaluate("!!value.it", { value: { it: fromData(value) } })) === true;
}

const statusNames = new Set(["success", "failure", "cancelled", "always"]);

function namesStatus(template: string): boolean {
  return parseTemplate(template)
    .filter((part) => part.expression)
    .some((part) => {
      const { tokens } = new Lexer(part.text).lex();
      return tokens.some(
        (token, at) => statusNames.has(token.lexeme.toLowerCase()) && tokens[at + 1]?.lexeme.startsWith("(") === true,
      );
    });
}
