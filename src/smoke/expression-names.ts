import { compile } from "@jmespath-community/jmespath";

type Node = Readonly<Record<string, unknown>>;

/** Which parts of a node are asked of the value that the node itself is asked of, by its type. */
const SAME_VALUE: Readonly<Record<string, readonly string[]>> = {
  AndExpression: ["left", "right"],
  Arithmetic: ["left", "right"],
  Binding: ["reference"],
  Comparator: ["left", "right"],
  FilterProjection: ["left"],
  Flatten: ["child"],
  Function: ["children"],
  IndexExpression: ["left"],
  KeyValuePair: ["value"],
  LetExpression: ["bindings", "expression"],
  MultiSelectHash: ["children"],
  MultiSelectList: ["children"],
  NotExpression: ["child"],
  OrExpression: ["left", "right"],
  Pipe: ["left"],
  Projection: ["left"],
  Subexpression: ["left"],
  Ternary: ["condition", "trueExpr", "falseExpr"],
  Unary: ["operand"],
  ValueProjection: ["left"],
};

/**
 * The names that an expression of JMESPath reads of the mapping that it is asked of, each once: of
 * `release.services[?port == web].name` only `release`, since `port` and `web` are asked of each service.
 *
 * @throws Error unless it is an expression
 */
export function listReadNames(expression: string): readonly string[] {
  const root = compile(expression) as unknown as Node;
  return [...new Set([...listOwn(root), ...listBelowRoot(root)])];
}

function listOwn(node: Node): readonly string[] {
  const { type, name, left, right } = node;
  if (type === "Field") return [String(name)];
  const parts = (SAME_VALUE[String(type)] ?? []).flatMap((key) => node[key]);
  // Right of `@` it is still the same value.
  const passed = isNode(left) && left["type"] === "Current" && isNode(right) ? [right] : [];
  return [...parts, ...passed].filter(isNode).flatMap(listOwn);
}

/** Names after `$`, which is the whole mapping wherever it stands. */
function listBelowRoot(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(listBelowRoot);
  if (!isNode(value)) return [];
  const { left, right } = value;
  const own = isNode(left) && left["type"] === "Root" && isNode(right) ? listOwn(right) : [];
  return [...own, ...Object.values(value).flatMap(listBelowRoot)];
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
