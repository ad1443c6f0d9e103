/** What a condition is asked about. */
export interface ConditionFacts {
  readonly action: string;
  /** Values of `@Request[…]`, by attribute in lower case: `microsoft.containerregistry/registries/repositories:name`. */
  readonly request: Readonly<Record<string, string>>;
  /** The same of `@Resource[…]`: of what is there already. */
  readonly resource?: Readonly<Record<string, string>>;
}

type Expression = (facts: ConditionFacts) => boolean;

/**
 * Reads the condition of a role assignment, version 2.0. An operator or attribute that is not known here says no, so that a
 * condition never grants more than in Azure.
 *
 * @throws Error where it is no condition
 * @see https://learn.microsoft.com/azure/role-based-access-control/conditions-format
 */
export function parseCondition(text: string): Expression {
  const tokens = tokensOf(text);
  let at = 0;
  const next = () => tokens[at]?.text;
  const take = () => {
    const token = tokens[at];
    if (token === undefined) throw new Error(`The condition ends too early: ${text}`);
    at += 1;
    return token;
  };
  const expect = (wanted: string) => {
    const { text: found } = take();
    if (found !== wanted) throw new Error(`The condition has "${found}" where "${wanted}" belongs: ${text}`);
  };
  const among = (...words: readonly string[]) => words.includes((next() ?? "").toUpperCase());

  const or = (): Expression => {
    let left = and();
    while (among("OR", "||")) {
      take();
      const [before, right] = [left, and()];
      left = (facts) => before(facts) || right(facts);
    }
    return left;
  };
  const and = (): Expression => {
    let left = unary();
    while (among("AND", "&&")) {
      take();
      const [before, right] = [left, unary()];
      left = (facts) => before(facts) && right(facts);
    }
    return left;
  };
  const unary = (): Expression => {
    if (among("!", "NOT")) {
      take();
      const inner = unary();
      return (facts) => !inner(facts);
    }
    if (next() === "(") {
      take();
      const inner = or();
      expect(")");
      return inner;
    }
    return atom();
  };
  const atom = (): Expression => {
    const { text: word } = take();
    if (/^ActionMatches$/i.test(word)) {
      const [pattern = ""] = values();
      const matches = new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`, "i");
      return ({ action }) => matches.test(action);
    }
    if (/^SubOperationMatches$/i.test(word)) {
      values();
      return () => false;
    }
    const [, source, attribute] = /^@(Request|Resource)\[(.+)\]$/i.exec(word) ?? [];
    if (!word.startsWith("@")) throw new Error(`The condition has "${word}" where an attribute belongs: ${text}`);
    const { text: operator } = take();
    const wanted = values();
    return ({ request, resource = {} }) => {
      const facts = source?.toLowerCase() === "resource" ? resource : request;
      const value = attribute === undefined ? undefined : facts[attribute.toLowerCase()];
      return value !== undefined && compare(operator, value, wanted);
    };
  };
  /** `'a'`, `{'a', 'b'}`, or a bare word. */
  const values = (): readonly string[] => {
    if (next() !== "{") return [take().text];
    take();
    const found: string[] = [];
    while (next() !== "}") {
      const { text: value } = take();
      if (value !== ",") found.push(value);
    }
    take();
    return found;
  };

  const whole = or();
  if (at < tokens.length) throw new Error(`The condition goes on with "${next()}" after its end: ${text}`);
  return whole;
}

interface Token {
  readonly text: string;
}

function tokensOf(text: string): readonly Token[] {
  const pattern = /\s*(?:'((?:[^'\\]|\\.)*)'|(@\w+\[[^\]]*\])|(&&|\|\||[(){},!])|([\w:.\-/*]+))/gy;
  const tokens: Token[] = [];
  for (const match of text.trimEnd().matchAll(pattern)) {
    const [, quoted, attribute, sign, word] = match;
    tokens.push({ text: quoted ?? attribute ?? sign ?? word ?? "" });
  }
  const read = [...text.trimEnd().matchAll(pattern)].reduce((sum, [whole]) => sum + whole.length, 0);
  if (read < text.trimEnd().length) throw new Error(`The condition cannot be read from "${text.slice(read)}" on`);
  return tokens;
}

const OPERATORS: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  equals: (value, wanted) => value === wanted,
  startswith: (value, wanted) => value.startsWith(wanted),
  like: (value, wanted) =>
    new RegExp(
      `^${wanted
        .replace(/[.+^${}()|[\]\\]/g, "\\$&")
        .replaceAll("*", ".*")
        .replaceAll("?", ".")}$`,
      "s",
    ).test(value),
};

function compare(operator: string, value: string, wanted: readonly string[]): boolean {
  const [, quantifier = "ForAnyOfAnyValues", negated, kind = "", fold] =
    /^(?:(\w+):)?(?:String|Guid)(Not)?(Equals|StartsWith|Like)(IgnoreCase)?$/i.exec(operator) ?? [];
  const test = OPERATORS[kind.toLowerCase()];
  if (test === undefined) return false;
  const folds = fold !== undefined || /(^|:)Guid/i.test(operator);
  const folded = (text: string) => (folds ? text.toLowerCase() : text);
  const one = (each: string) => test(folded(value), folded(each)) === (negated === undefined);
  return /AllValues$/i.test(quantifier) ? wanted.every(one) : wanted.some(one);
}
